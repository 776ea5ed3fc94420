"""The calls of client-invites, and who makes them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from invite_specs import Document

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.applicability import answered_object
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import valid_call
from invite_conformance.target.states import Blocked

OPERATION = "createClientInvite"
ROLES = ("Member", "Developer", "Support", "Admin", "Owner")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a call."""

    state: str
    """The state of the target file that gives the credentials; empty where no state does."""
    headers: Mapping[str, str]


def caller(context: CheckContext, state: str) -> Caller:
    """The caller of a state of the target file. Raises Blocked if the target does not offer the state.

    An Admin without headers sends those of the target itself.
    """
    if state == "anonymous" and not context.target.headers and not context.states.offered(state):
        return Caller(state, {})  # without headers a caller is anonymous
    headers: Mapping[str, str] = context.states.get(state)["headers"]
    return Caller(state, headers or (context.states.credentials() if state == "admin" else {}))


def invite(  # noqa: PLR0913  # the parts of one call, of which most are rarely given
    context: CheckContext,
    email: str,
    role: str = "Member",
    *,
    by: Caller | None = None,
    client: str = "",
    refused_for: str = "",
) -> Call:
    """A valid create: by the Admin, and to the client of the target file, unless others are given."""
    body = {"email": email, "role": role}
    call = post(context, body, by=by, client=client, valid=True, writes=not refused_for)
    return replace(call, refused_for=refused_for)


def post(  # noqa: PLR0913  # as above
    context: CheckContext,
    body: Document | bytes,
    *,
    by: Caller | None = None,
    client: str = "",
    valid: bool | None = False,
    writes: bool = True,
) -> Call:
    """A create with any body: sent as it is if it is bytes, not at all if it is None, else as JSON."""
    by = by or caller(context, "admin")
    path = {"clientId": client or context.states.get("client")}
    call = context.call(OPERATION, path=path, headers=by.headers, body=body)
    return replace(call, valid=valid, writes=writes, caller=by.state)


def elsewhere(context: CheckContext, client: str) -> Call:
    """A create by the Admin, with a client in the path that no answer is documented for."""
    return replace(post(context, {"email": context.fresh_email(), "role": "Member"}, client=client), elsewhere=True)


def _owner_by_admin(exchange: Exchange) -> bool:
    # An Admin need not be allowed to make an Owner.
    return exchange.status == 403 and exchange.call.given_text("role") == "Owner"


@valid_call(OPERATION, success="201.status", excused=_owner_by_admin)
def valid_create(context: CheckContext) -> Call:
    """An invite of a fresh address by the Admin."""
    return invite(context, context.fresh_email())


def invited(
    context: CheckContext,
    email: str = "",
    role: str = "Member",
    *,
    by: Caller | None = None,
    after: Exchange | None = None,
) -> Exchange:
    """A create that succeeded. Raises Blocked if it did not, since nothing can be concluded then."""
    call = invite(context, email or context.fresh_email(), role, by=by)
    exchange = context.send(call, *([after] if after else []))
    if exchange.status != 201:
        raise Blocked(f"it needs an invite, and a valid create was answered with {exchange.response.status_line}")
    return exchange


def succeeded(exchange: Exchange) -> bool:
    """Whether something was created, with whichever status."""
    return 200 <= exchange.status < 300


def created(exchange: Exchange) -> bool:
    """Whether a response is a 201 with JSON."""
    return answered_object(OPERATION, 201)(exchange)
