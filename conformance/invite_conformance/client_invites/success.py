"""Requirements 201.*, owner.allowed and role.*: a create that succeeds."""

from collections.abc import Callable
from datetime import datetime
from unicodedata import normalize
from uuid import UUID

from invite_specs import Json

from invite_conformance import answers
from invite_conformance.answers import answered_object
from invite_conformance.checks import Flaw, probe, rule
from invite_conformance.client_invites.calls import ROLES, headers_of, invite, post
from invite_conformance.exchange import Call, Seen
from invite_conformance.session import Session

_MEMBERS = {
    "201.token": "token",
    "201.id": "id",
    "201.client-id": "clientId",
    "201.email": "email",
    "201.role": "role",
    "201.created-at": "createdAt",
    "201.expires-at": "expiresAt",
    "201.invited-by": "invitedBy",
}
_NO_ROLES = ("Emperor", "member", "")

answers.media_type("201.media-type", __name__, "application/json", 201)
for _requirement, _name in _MEMBERS.items():
    answers.member(_requirement, __name__, "ClientInviteWithTokenResponse", _name, 201)


@probe("201.status", steady=True)
def a_valid_create(session: Session) -> None:
    """Invite a fresh address as the Admin."""
    session.expect("201.status", session.send(invite(session, session.fresh_email())), 201)


@probe("role.accepted")
def each_role(session: Session) -> None:
    """Invite a fresh address with each role."""
    for role in ROLES:
        _judge_accepted(session, "role.accepted", invite(session, session.fresh_email(), role))


@probe("role.unknown-refused")
def an_unknown_role(session: Session) -> None:
    """Ask for roles that the enum does not have."""
    for role in _NO_ROLES:
        body = {"email": session.fresh_email(), "role": role}
        session.expect("role.unknown-refused", session.send(post(session, body)), 400)


@probe("owner.allowed")
def an_owner(session: Session) -> None:
    """Invite a fresh address as an Owner."""
    call = invite(session, session.fresh_email(), headers=headers_of(session, "owner"))
    _judge_accepted(session, "owner.allowed", call)


def _judge_accepted(session: Session, requirement: str, call: Call) -> None:
    # That a 200 or 202 should be a 201 is the business of `201.status`.
    seen = session.send(call)
    session.judge(requirement, 200 <= seen.status < 300, "201", seen)


def _given(name: str) -> Callable[[Seen], bool]:
    """Applies to a 201 whose member and whose request's member are both strings."""

    def applies(seen: Seen) -> bool:
        given = seen.call.given
        both = isinstance(given, dict) and isinstance(given.get(name), str) and isinstance(seen.object.get(name), str)
        return both and answered_object(201)(seen)

    return applies


def same_email(one: str, other: str) -> bool:
    """Whether two addresses are the same but for the case and the composition of letters."""
    return normalize("NFC", one).casefold() == normalize("NFC", other).casefold()


@rule("201.email-as-given", _given("email"))
def _email_as_given(seen: Seen) -> Flaw | None:
    sent, answered = seen.call.given["email"], seen.object["email"]
    return None if same_email(sent, answered) else Flaw(f'`email`: "{sent}"', f'`email`: "{answered}"')


@rule("201.role-as-given", _given("role"))
def _role_as_given(seen: Seen) -> Flaw | None:
    sent, answered = seen.call.given["role"], seen.object["role"]
    return None if sent == answered else Flaw(f'`role`: "{sent}"', f'`role`: "{answered}"')


@rule(
    "201.client-as-given",
    lambda seen: answered_object(201)(seen) and _uuid(seen.object.get("clientId")) is not None,
)
def _client_as_given(seen: Seen) -> Flaw | None:
    sent, answered = seen.call.params["clientId"], seen.object["clientId"]
    return None if _uuid(sent) == _uuid(answered) else Flaw(f'`clientId`: "{sent}"', f'`clientId`: "{answered}"')


@rule("201.expires-after-created", lambda seen: answered_object(201)(seen) and None not in _life(seen))
def _expires_after_created(seen: Seen) -> Flaw | None:
    created, expires = _life(seen)
    if created and expires and created < expires:
        return None
    return Flaw(
        "`createdAt` before `expiresAt`",
        f"`createdAt` {seen.object['createdAt']}, `expiresAt` {seen.object['expiresAt']}",
    )


def _life(seen: Seen) -> tuple[datetime | None, datetime | None]:
    """The moments between which an invite lives; None for what is no moment."""
    return _moment(seen.object.get("createdAt")), _moment(seen.object.get("expiresAt"))


def _uuid(text: Json) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _moment(text: Json) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.upper()) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
