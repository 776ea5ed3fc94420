"""The calls of client-invites, and what is needed before a probe can begin."""

import json
from collections.abc import Mapping
from dataclasses import replace

from invite_specs import Json

from invite_conformance.exchange import Call, Seen
from invite_conformance.session import Session
from invite_conformance.states import Unmet

OPERATION = "POST /clients/{clientId}/invites"
ROLES = ("Member", "Developer", "Support", "Admin", "Owner")
JSON_TYPE = {"content-type": "application/json"}


def headers_of(session: Session, caller: str) -> Mapping[str, str]:
    """What a caller of the target file sends; an Admin without headers, those of the target itself. Raises Unmet."""
    if caller == "anonymous" and not session.target.headers and not session.states.offered(caller):
        return {}  # nobody in particular is what sends nothing
    headers: Mapping[str, str] = session.states.get(caller)["headers"]
    return headers or (session.states.credentials() if caller == "admin" else {})


def invite(  # noqa: PLR0913  # the parts of one call, of which most are rarely given
    session: Session,
    email: str,
    role: str = "Member",
    *,
    headers: Mapping[str, str] | None = None,
    client: str = "",
    refused_for: str = "",
) -> Call:
    """A valid create; as the Admin and to the client of the target file unless told otherwise."""
    body = {"email": email, "role": role}
    call = post(session, body, headers=headers, client=client, valid=True, writes=not refused_for)
    return replace(call, refused_for=refused_for)


def post(  # noqa: PLR0913  # as above
    session: Session,
    body: Json | bytes,
    *,
    headers: Mapping[str, str] | None = None,
    client: str = "",
    media_type: str = "application/json",
    valid: bool | None = False,
    writes: bool = False,
) -> Call:
    """A create with any body: sent as it is if it is bytes, not at all if it is None, else as JSON."""
    client = client or session.states.get("client")
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    given = headers_of(session, "admin") if headers is None else headers
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


def invited(session: Session, email: str = "", role: str = "Member") -> Seen:
    """An invite that was made. Raises Unmet if it was not, since nothing can be told then."""
    seen = session.send(invite(session, email or session.fresh_email(), role))
    if seen.status != 201:
        raise Unmet(f"it needs an invite, and a valid create was answered with {seen.answer.status_line}")
    return seen
