"""The calls of client-invites, and who makes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from invite_specs import Document

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.target.states import Blocked

OPERATION = "POST /clients/{clientId}/invites"
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
    media_type: str = "application/json",
    valid: bool | None = False,
    writes: bool = True,
) -> Call:
    """A create with any body: sent as it is if it is bytes, not at all if it is None, else as JSON."""
    client = client or context.states.get("client")
    call = elsewhere(context, client, body=body, by=by, media_type=media_type)
    return replace(call, operation=OPERATION, params={"clientId": client}, valid=valid, writes=writes)


def elsewhere(  # noqa: PLR0913  # as above
    context: CheckContext,
    client: str,
    method: str = "POST",
    *,
    body: Document | bytes = None,
    by: Caller | None = None,
    media_type: str = "application/json",
) -> Call:
    """A call that is not meant for the operation as documented; `client` is percent-encoded."""
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    by = by or caller(context, "admin")
    return Call(
        method=method,
        path=f"/clients/{client}/invites",
        headers={**by.headers, **({"content-type": media_type} if media_type and content is not None else {})},
        body=content,
        valid=False,
        writes=method != "GET",
        caller=by.state,
    )


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
