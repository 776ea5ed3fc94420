"""The calls of client-invites, and what is needed before a probe can begin."""

import json
from collections.abc import Mapping
from dataclasses import replace

from invite_specs import Document

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.target.states import Blocked

OPERATION = "POST /clients/{clientId}/invites"
ROLES = ("Member", "Developer", "Support", "Admin", "Owner")
JSON_TYPE = {"content-type": "application/json"}


def headers_of(context: CheckContext, caller: str) -> Mapping[str, str]:
    """What a caller of the target file sends; an Admin without headers, those of the target itself. Raises Unmet."""
    if caller == "anonymous" and not context.target.headers and not context.states.offered(caller):
        return {}  # nobody in particular is what sends nothing
    headers: Mapping[str, str] = context.states.get(caller)["headers"]
    return headers or (context.states.credentials() if caller == "admin" else {})


def invite(  # noqa: PLR0913  # the parts of one call, of which most are rarely given
    context: CheckContext,
    email: str,
    role: str = "Member",
    *,
    headers: Mapping[str, str] | None = None,
    client: str = "",
    refused_for: str = "",
) -> Call:
    """A valid create; as the Admin and to the client of the target file unless told otherwise."""
    body = {"email": email, "role": role}
    call = post(context, body, headers=headers, client=client, valid=True, writes=not refused_for)
    return replace(call, refused_for=refused_for)


def post(  # noqa: PLR0913  # as above
    context: CheckContext,
    body: Document | bytes,
    *,
    headers: Mapping[str, str] | None = None,
    client: str = "",
    media_type: str = "application/json",
    valid: bool | None = False,
    writes: bool = False,
) -> Call:
    """A create with any body: sent as it is if it is bytes, not at all if it is None, else as JSON."""
    client = client or context.states.get("client")
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    given = headers_of(context, "admin") if headers is None else headers
    return Call(
        method="POST",
        path=f"/clients/{client}/invites",
        headers={**given, **({"content-type": media_type} if media_type else {})},
        body=content,
        operation=OPERATION,
        params={"clientId": client},
        valid=valid,
        writes=writes,
    )


def invited(context: CheckContext, email: str = "", role: str = "Member") -> Exchange:
    """An invite that was made. Raises Unmet if it was not, since nothing can be told then."""
    exchange = context.send(invite(context, email or context.fresh_email(), role))
    if exchange.status != 201:
        raise Blocked(f"it needs an invite, and a valid create was answered with {exchange.response.status_line}")
    return exchange
