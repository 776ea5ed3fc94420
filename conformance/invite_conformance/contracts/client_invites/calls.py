"""The calls of client-invites, and who makes them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from invite_specs import Document

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.applicability import answered_object
from invite_conformance.judging.calls import build
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import valid_call
from invite_conformance.judging.stack_traces import texts

OPERATION = "createClientInvite"
ROLES = ("Member", "Developer", "Support", "Admin", "Owner")
is_invite = answered_object(OPERATION, 201)
"""Whether a response is a 201 with JSON."""


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
    email: str = "",
    role: str = "Member",
    *,
    by: Caller | None = None,
    client: str = "",
    refused_for: str = "",
) -> Call:
    """A valid create: of a fresh address, by the Admin, and to the client of the target file, unless others are given.

    Only what is `refused_for` a state is refused by the most lenient server, and sent in mode read-only.
    """
    body = {"email": email or context.fresh_email(), "role": role}
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
    call = build(context.operation(OPERATION), path=path, headers=by.headers, body=body)
    return replace(call, valid=valid, writes=writes, caller=by.state)


def _owner_by_admin(exchange: Exchange) -> bool:
    # An Admin need not be allowed to make an Owner.
    return exchange.status == 403 and exchange.call.given_text("role") == "Owner"


@valid_call(OPERATION, success="201.status", excused=_owner_by_admin)
def valid_invite(context: CheckContext) -> Call:
    """An invite of a fresh address by the Admin."""
    return invite(context)


def invited(context: CheckContext, email: str = "", role: str = "Member", *, by: Caller | None = None) -> Exchange:
    """A create that was answered with 201. Raises Blocked for another status: nothing can be judged then."""
    return context.needed(invite(context, email, role, by=by), 201)


def judge_code(context: CheckContext, requirement: str, exchange: Exchange, code: str) -> None:
    """Judge that a problem names a code somewhere, as the document does in the description of its status."""
    body = exchange.response.body.decode(errors="replace")
    said = list(texts(exchange.json.value)) if exchange.json.well_formed else [body]
    title = exchange.object.get("title")
    received = f"a problem with the title {title!r}" if title else "a problem without a title"
    context.judge(requirement, any(code in text for text in said), f"`{code}` in the problem", exchange, received)
