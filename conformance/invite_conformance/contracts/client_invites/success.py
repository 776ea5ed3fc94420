"""Requirements 201.*: a create that succeeds."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from unicodedata import normalize
from uuid import UUID

from invite_conformance.contracts.client_invites.calls import ROLES, created, invite, post, succeeded
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.moments import moment
from invite_conformance.judging.registry import active, aggregate, passive


@active("201.status", repeated=True)
def a_valid_create(context: CheckContext) -> None:
    """Invite a fresh address as the Admin."""
    context.expect("201.status", context.send(invite(context, context.fresh_email())), 201)


def _given(name: str) -> Callable[[Exchange], bool]:
    """Applies to a 201 whose member and whose request's member are both strings."""

    def applies(exchange: Exchange) -> bool:
        both = exchange.call.given_text(name) is not None and exchange.text(name) is not None
        return both and created(exchange)

    return applies


def same_email(one: str, other: str) -> bool:
    """Whether two addresses are the same but for the case and the composition of letters."""
    return normalize("NFC", one).casefold() == normalize("NFC", other).casefold()


@passive("201.email-as-given", _given("email"))
def _email_as_given(exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.given_text("email") or "", exchange.text("email") or ""
    return None if same_email(sent, answered) else Violation(f'`email`: "{sent}"', f'`email`: "{answered}"')


# That a role outside the enum is accepted is a matter of createClientInvite.request.role.enum.
@passive("201.role-as-given", lambda exchange: _given("role")(exchange) and exchange.call.given_text("role") in ROLES)
def _role_as_given(exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.given_text("role"), exchange.text("role")
    return None if sent == answered else Violation(f'`role`: "{sent}"', f'`role`: "{answered}"')


@passive(
    "201.client-as-given",
    lambda exchange: created(exchange) and _uuid(exchange.text("clientId")) is not None,
)
def _client_as_given(exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.params["clientId"], exchange.text("clientId")
    return None if _uuid(sent) == _uuid(answered) else Violation(f'`clientId`: "{sent}"', f'`clientId`: "{answered}"')


@active("201.own-members")
def a_create_with_members_of_the_invite(context: CheckContext) -> None:
    """Send the members that only the server may decide, beside a valid email and role."""
    now, random = datetime.now(UTC).replace(microsecond=0), context.random
    ids = (str(UUID(int=random.getrandbits(128), version=4)) for _ in range(4))
    given = {
        "token": f"token-sent-by-the-client-{next(ids)}",
        "id": next(ids),
        "clientId": next(ids),
        # Near enough to the present to pass for what a server would answer.
        "createdAt": (now - timedelta(seconds=97)).isoformat(),
        "expiresAt": (now + timedelta(days=6, seconds=4321)).isoformat(),
        "invitedBy": next(ids),
    }
    body = {"email": context.fresh_email(), "role": "Member", **given}
    exchange = context.send(post(context, body, valid=True))
    taken = [name for name, value in given.items() if succeeded(exchange) and _same(value, exchange.text(name))]
    received = f"the value of the request in {', '.join(f'`{name}`' for name in taken)}"
    context.judge("201.own-members", not taken, "values of the server's own", exchange, received)


def _same(sent: str, answered: str | None) -> bool:
    """Whether two members say the same, as moments or as text in any case."""
    if answered is None:
        return False
    return moment(sent) == moment(answered) if moment(sent) else sent.casefold() == answered.casefold()


@aggregate("201.inviter")
def _an_inviter_for_each_caller(every: Sequence[Exchange]) -> tuple[Violation, Exchange | None] | bool:
    """Compare the inviters of two callers who are members of the client."""
    first: dict[str, Exchange] = {}
    for exchange in every:
        inviter = _uuid(exchange.text("invitedBy"))
        if created(exchange) and exchange.call.caller in {"admin", "owner"} and inviter:
            first.setdefault(exchange.call.caller, exchange)
    if len(first) < 2:
        return False
    admin, owner = ((first[name].text("invitedBy") or "").lower() for name in ("admin", "owner"))
    if admin != owner:
        return True
    return Violation("another `invitedBy` for the Owner than for the Admin", f"`invitedBy`: {admin}"), first["owner"]


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text is not None else None
    except ValueError:
        return None
