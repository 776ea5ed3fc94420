"""Requirements 201.*, role.* and owner.allowed: a create that succeeds, by whom, and with which role."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from unicodedata import normalize
from uuid import UUID

from invite_conformance.contracts.client_invites.calls import ROLES, caller, invite, is_invite
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.comparisons import dated, differs, judge_own_members, passed, shown
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.moments import NEAR, moment, since_date
from invite_conformance.judging.registry import active, aggregate, passive
from invite_conformance.target.states import Blocked


def _given(name: str) -> Callable[[Exchange], bool]:
    """Applies to a 201 whose member and whose request's member are both strings."""
    return lambda one: is_invite(one) and one.call.given_text(name) is not None and one.text(name) is not None


@passive("201.email-as-given", _given("email"))
def _email_as_given(exchange: Exchange) -> Violation | None:
    """Compare the `email` of each 201 with the one sent, without case."""
    return differs(exchange, "email", exchange.call.given_text("email"), same_email)


def same_email(one: str, other: str) -> bool:
    """Whether two addresses are the same but for the case and the composition of letters."""
    return normalize("NFC", one).casefold() == normalize("NFC", other).casefold()


# That a role outside the enum is accepted is a matter of createClientInvite.request.role.enum.
@passive("201.role-as-given", lambda exchange: _given("role")(exchange) and exchange.call.given_text("role") in ROLES)
def _role_as_given(exchange: Exchange) -> Violation | None:
    """Compare the `role` of each 201 with the one sent, where that is one of the enum."""
    return differs(exchange, "role", exchange.call.given_text("role"))


@passive("201.client-as-given", lambda exchange: is_invite(exchange) and _uuid(exchange.text("clientId")) is not None)
def _client_as_given(exchange: Exchange) -> Violation | None:
    """Compare the `clientId` of each 201 with the one in the path, as UUIDs."""
    return differs(exchange, "clientId", exchange.call.params["clientId"], lambda *ids: _uuid(ids[0]) == _uuid(ids[1]))


def lifetime(exchange: Exchange) -> tuple[datetime | None, datetime | None]:
    """When an invite is created and when it expires; None for what is no moment."""
    return moment(exchange.text("createdAt")), moment(exchange.text("expiresAt"))


@passive("201.expires-after-created", lambda exchange: is_invite(exchange) and None not in lifetime(exchange))
def _expires_after_created(exchange: Exchange) -> Violation | None:
    """Compare the two date-times of each 201."""
    created, expires = lifetime(exchange)
    if created and expires and created < expires:
        return None
    said = [f"`{name}` {exchange.object[name]}" for name in ("createdAt", "expiresAt")]
    return Violation("`createdAt` before `expiresAt`", ", ".join(said))


@passive("201.created-now", dated("createdAt", is_invite))
def _created_now(exchange: Exchange) -> Violation | None:
    """Compare `createdAt` of each 201 with the response's `Date`; five minutes between them are accepted."""
    since = since_date(exchange, "createdAt")
    if since is not None and abs(since) <= NEAR:
        return None
    return Violation("`createdAt` within minutes of `Date`", shown(exchange, "createdAt"))


@passive("201.not-expired", dated("expiresAt", is_invite))
def _not_expired(exchange: Exchange) -> Violation | None:
    """Compare `expiresAt` of each 201 with the response's `Date`; five minutes between the clocks are accepted."""
    return passed(exchange, "expiresAt")


@active("201.own-members")
def members_of_the_invite(context: CheckContext) -> None:
    """Invite with `token`, `id`, `clientId`, `createdAt`, `expiresAt` and `invitedBy` beside email and role."""
    now, random = datetime.now(UTC).replace(microsecond=0), context.random
    ids = (str(UUID(int=random.getrandbits(128), version=4)) for _ in range(4))
    sent = {
        "token": f"token-sent-by-the-client-{next(ids)}",
        "id": next(ids),
        "clientId": next(ids),
        # Near enough to the present to pass for what a server would answer.
        "createdAt": (now - timedelta(seconds=97)).isoformat(),
        "expiresAt": (now + timedelta(days=6, seconds=4321)).isoformat(),
        "invitedBy": next(ids),
    }
    judge_own_members(context, "201.own-members", invite(context), sent)


@aggregate("201.inviter")
def _an_inviter_for_each_caller(every: Sequence[Exchange]) -> tuple[Violation, Exchange | None] | bool:
    """Compare `invitedBy` of an invite by the Admin with that of one by the Owner; null is accepted."""
    first: dict[str, Exchange] = {}
    for exchange in every:
        if is_invite(exchange) and exchange.call.caller in {"admin", "owner"} and _uuid(exchange.text("invitedBy")):
            first.setdefault(exchange.call.caller, exchange)
    if len(first) < 2:
        return False
    admin, owner = ((first[name].text("invitedBy") or "").lower() for name in ("admin", "owner"))
    if admin != owner:
        return True
    return Violation("another `invitedBy` for the Owner than for the Admin", f"`invitedBy`: {admin}"), first["owner"]


@active("role.accepted", "role.owner-by-admin")
def each_role(context: CheckContext) -> None:
    """Invite a fresh address with each role: with that of Owner as an Owner, where the Admin may not."""
    for role in ROLES:  # Owner is the last one
        exchange = context.send(invite(context, role=role))
        if role == "Owner":
            context.judge("role.owner-by-admin", exchange.status != 403, "201", exchange)
        if role == "Owner" and exchange.status == 403:
            if not context.states.offered("owner"):
                raise Blocked("the Admin may not invite an Owner: give `states.owner`")
            exchange = context.send(invite(context, role=role, by=caller(context, "owner")), exchange)
        # That a 200 or 202 should be a 201 is a matter of 201.status.
        context.judge("role.accepted", exchange.succeeded, "201", exchange)


@active("owner.allowed")
def an_owner(context: CheckContext) -> None:
    """Invite a fresh address as an Owner."""
    exchange = context.send(invite(context, by=caller(context, "owner")))
    context.judge("owner.allowed", exchange.succeeded, "201", exchange)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text is not None else None
    except ValueError:
        return None
