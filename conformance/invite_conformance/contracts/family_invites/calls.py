"""The calls of family-invites, and what a check needs before it can begin."""

import json
from urllib.parse import quote

from invite_specs import Document

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.target.states import Blocked

OPERATION = "POST /v1/families/{id}/invite"
JSON_TYPE = {"content-type": "application/json"}


def invite(
    context: CheckContext,
    body: Document | bytes = None,
    family: str = "",
    *,
    valid: bool | None = True,
    refused_for: str = "",
) -> Call:
    """An invite of the state `family`, or of the family with the id given.

    The body is sent as it is if it is bytes, not at all if it is None (which `body.absent` alone judges), else as JSON.
    Only what is `refused_for` a state is refused by the most lenient server, and sent in mode read-only.
    """
    family = family or context.states.get("family")
    content = body if body is None or isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Call(
        method="POST",
        path=f"/v1/families/{quote(family, safe='')}/invite",
        headers={} if content is None else JSON_TYPE,
        body=content,
        operation=OPERATION,
        params={"id": family},
        valid=None if body is None else valid,
        writes=not refused_for,
        refused_for=refused_for,
    )


def invited(context: CheckContext, body: Document = None, family: str = "", *after: Exchange) -> Exchange:
    """A valid invite that was answered with 200. Raises Blocked for another status: nothing can be judged then."""
    exchange = context.send(invite(context, body, family), *after)
    if exchange.status != 200:
        raise Blocked(f"it needs an invitation, and a valid invite was answered with {exchange.response.status_line}")
    return exchange


def unknown_family(context: CheckContext) -> str:
    """The state `unknown_family`, or else an id that nobody can have."""
    if context.states.offered("unknown_family"):
        family: str = context.states.get("unknown_family")
        return family
    context.findings.notice("The target file gives no `unknown_family`: an id with the run's own id in it was used.")
    return f"fml_unknown{context.run_id}"
