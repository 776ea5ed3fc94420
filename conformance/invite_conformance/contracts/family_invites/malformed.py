"""Requirement typed.changes-nothing: a body that is refused changes nothing."""

from invite_conformance.contracts.family_invites.calls import invite, invited
from invite_conformance.contracts.family_invites.contacts import contact, set_by_another_run
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_NAMED = {"name": "Harriet"}


@active("typed.changes-nothing")
def a_malformed_contact_between_two_invites(context: CheckContext) -> None:
    """Set a contact, send another one with a last name that is an object, and see the first one unchanged."""
    first, other = invited(context, contact(context)), contact(context)
    refused = context.send(invite(context, {**other, "lastname": _NAMED}, valid=False), first)
    if 200 <= refused.status < 300:
        status = refused.response.status_line
        raise Blocked(f"it needs a refusal, and a last name that is an object was answered with {status}")
    later = invited(context, {}, "", first, refused)
    if set_by_another_run(context, later):
        return
    stored = [f'`{name}`: "{value}"' for name, value in other.items() if later.object.get(name) == value]
    expected = "the contact that was set before"
    context.judge("typed.changes-nothing", not stored, expected, later, f"{', '.join(stored)}, refused before")
