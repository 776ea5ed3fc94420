"""Requirements 201.*, owner.allowed and role.*: a create that succeeds."""

from collections.abc import Callable
from datetime import datetime
from unicodedata import normalize
from uuid import UUID

from invite_specs import Document

from invite_conformance.contracts.client_invites.calls import ROLES, headers_of, invite, post
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging import common_checks
from invite_conformance.judging.common_checks import answered_object
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import active, passive

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

common_checks.media_type("201.media-type", __name__, "application/json", 201)
for _requirement, _name in _MEMBERS.items():
    common_checks.member(_requirement, __name__, "ClientInviteWithTokenResponse", _name, 201)


@active("201.status", repeated=True)
def a_valid_create(context: CheckContext) -> None:
    """Invite a fresh address as the Admin."""
    context.expect("201.status", context.send(invite(context, context.fresh_email())), 201)


@active("role.accepted")
def each_role(context: CheckContext) -> None:
    """Invite a fresh address with each role."""
    for role in ROLES:
        _judge_accepted(context, "role.accepted", invite(context, context.fresh_email(), role))


@active("role.unknown-refused")
def an_unknown_role(context: CheckContext) -> None:
    """Ask for roles that the enum does not have."""
    for role in _NO_ROLES:
        body = {"email": context.fresh_email(), "role": role}
        context.expect("role.unknown-refused", context.send(post(context, body)), 400)


@active("owner.allowed")
def an_owner(context: CheckContext) -> None:
    """Invite a fresh address as an Owner."""
    call = invite(context, context.fresh_email(), headers=headers_of(context, "owner"))
    _judge_accepted(context, "owner.allowed", call)


def _judge_accepted(context: CheckContext, requirement: str, call: Call) -> None:
    # That a 200 or 202 should be a 201 is the business of `201.status`.
    exchange = context.send(call)
    context.judge(requirement, 200 <= exchange.status < 300, "201", exchange)


def _given(name: str) -> Callable[[Exchange], bool]:
    """Applies to a 201 whose member and whose request's member are both strings."""

    def applies(exchange: Exchange) -> bool:
        given = exchange.call.given
        both = (
            isinstance(given, dict) and isinstance(given.get(name), str) and isinstance(exchange.object.get(name), str)
        )
        return both and answered_object(201)(exchange)

    return applies


def same_email(one: str, other: str) -> bool:
    """Whether two addresses are the same but for the case and the composition of letters."""
    return normalize("NFC", one).casefold() == normalize("NFC", other).casefold()


@passive("201.email-as-given", _given("email"))
def _email_as_given(exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.given["email"], exchange.object["email"]
    return None if same_email(sent, answered) else Violation(f'`email`: "{sent}"', f'`email`: "{answered}"')


@passive("201.role-as-given", _given("role"))
def _role_as_given(exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.given["role"], exchange.object["role"]
    return None if sent == answered else Violation(f'`role`: "{sent}"', f'`role`: "{answered}"')


@passive(
    "201.client-as-given",
    lambda exchange: answered_object(201)(exchange) and _uuid(exchange.object.get("clientId")) is not None,
)
def _client_as_given(exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.params["clientId"], exchange.object["clientId"]
    return None if _uuid(sent) == _uuid(answered) else Violation(f'`clientId`: "{sent}"', f'`clientId`: "{answered}"')


@passive("201.expires-after-created", lambda exchange: answered_object(201)(exchange) and None not in _life(exchange))
def _expires_after_created(exchange: Exchange) -> Violation | None:
    created, expires = _life(exchange)
    if created and expires and created < expires:
        return None
    return Violation(
        "`createdAt` before `expiresAt`",
        f"`createdAt` {exchange.object['createdAt']}, `expiresAt` {exchange.object['expiresAt']}",
    )


def _life(exchange: Exchange) -> tuple[datetime | None, datetime | None]:
    """The moments between which an invite lives; None for what is no moment."""
    return _moment(exchange.object.get("createdAt")), _moment(exchange.object.get("expiresAt"))


def _uuid(text: Document) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _moment(text: Document) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.upper()) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
