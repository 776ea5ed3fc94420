"""The calls of family-invites, and what is needed before a probe can begin."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from invite_specs import Json

from invite_conformance.exchange import Call, Seen
from invite_conformance.session import Session
from invite_conformance.states import Unmet

OPERATION = "POST /v1/families/{id}/invite"
JSON_TYPE = {"content-type": "application/json"}


def invite(  # noqa: PLR0913  # the parts of one call, of which most are rarely given
    session: Session,
    body: Json | bytes = None,
    family: str = "",
    *,
    valid: bool | None = True,
    writes: bool = True,
    refused_for: str = "",
    headers: Mapping[str, str] = JSON_TYPE,
) -> Call:
    """An invite of the target's own family unless told otherwise.

    The body is sent as it is if it is bytes, not at all if it is None, else as JSON.
    """
    family = family or session.states.get("family")
    content = body if body is None or isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Call(
        method="POST",
        path=f"/v1/families/{quote(family, safe='')}/invite",
        headers={} if content is None else headers,
        body=content,
        operation=OPERATION,
        params={"id": family},
        valid=valid,
        writes=writes and not refused_for,
        refused_for=refused_for,
    )


def contact(session: Session, first: str = "Harriet", last: str = "Porter") -> dict[str, str]:
    """A contact with a fresh email and with names that no other probe gives."""
    email = session.fresh_email("family")
    number = email.partition("@")[0].rpartition("-")[2]
    return {"email": email, "firstname": f"{first}-{number}", "lastname": f"{last}-{number}"}


def invited(session: Session, body: Json = None, family: str = "") -> Seen:
    """An invite that was accepted. Raises Unmet if it was not, since nothing can be told then."""
    seen = session.send(invite(session, body, family))
    if seen.status != 200:
        raise Unmet(f"it needs an invitation, and a valid invite was answered with {seen.answer.status_line}")
    return seen


def unknown_family(session: Session) -> str:
    """The target file's, or else one that nobody can have."""
    if session.states.offered("unknown_family"):
        family: str = session.states.get("unknown_family")
        return family
    notice = "The target file names no `unknown_family`: ids with the run's own id in them were made up."
    if notice not in session.notices:
        session.notices.append(notice)
    return f"fml_unknown{session.id}"
