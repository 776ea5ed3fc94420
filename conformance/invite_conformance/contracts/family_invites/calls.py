"""The calls of family-invites, and what a check needs before it can begin."""

from dataclasses import replace

from invite_specs import Document

from invite_conformance.contracts.family_invites.contacts import contact
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.applicability import answered_object
from invite_conformance.judging.calls import build
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import valid_call

OPERATION = "inviteFamily"
is_invite = answered_object(OPERATION, 200)
"""Whether a response is a 200 with JSON."""


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
    path = {"id": family or context.states.get("family")}
    call = build(context.operation(OPERATION), path=path, body=body)
    valid = None if body is None else valid
    return replace(call, valid=valid, writes=not refused_for, refused_for=refused_for)


@valid_call(OPERATION, success="body.subsets")
def valid_invite(context: CheckContext) -> Call:
    """An invite of the family with a new contact."""
    return invite(context, contact(context))


def invited(context: CheckContext, body: Document, family: str = "", *after: Exchange) -> Exchange:
    """A valid invite that was answered with 200. Raises Blocked for another status: nothing can be judged then."""
    return context.needed(invite(context, body, family), 200, *after)


def unknown_family(context: CheckContext) -> str:
    """The state `unknown_family`, or else an id that nobody can have."""
    if context.states.offered("unknown_family"):
        family: str = context.states.get("unknown_family")
        return family
    context.findings.notice("The target file gives no `unknown_family`: an id with the run's own id in it was used.")
    return f"fml_unknown{context.run_id}"
