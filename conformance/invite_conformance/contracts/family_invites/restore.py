"""What a run changes for good: the contacts of families. They are named in the report, and put back on request."""

from collections.abc import Mapping
from dataclasses import replace

from invite_specs import Json

from invite_conformance.contracts.family_invites.calls import OPERATION, invite
from invite_conformance.contracts.family_invites.contacts import MEMBERS, is_answered
from invite_conformance.http.errors import TransportError
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import restores
from invite_conformance.target.states import Blocked

_FAMILIES = ("family", "second_family", "family_without_contact")


@restores
def put_the_contact_back(context: CheckContext) -> None:
    """Put back the contact of `family` if the target file gives it, and name the families whose contact is changed."""
    changed = _changed(context)
    if context.plan.mode == "read-only" or not changed:
        return
    path, restore = context.target.path, context.target.restore
    family = context.states.get("family") if "family" in changed.values() else ""
    if family and restore:
        problem = _put_back(context, family, restore)
        if problem:
            context.findings.notice(f"The contact of `family` ({family}) was {problem}.")
        else:
            context.findings.notice(f"The contact of `family` ({family}) is what `restore` in {path} says again.")
            del changed[family]
    if changed:
        named = ", ".join(f"`{state}` ({one})" if state else one for one, state in changed.items())
        hint = "" if restore else f" Give `restore` in {path}, and the next run puts back that of `family`."
        context.findings.notice(f"The run changed the contact of these families for good: {named}.{hint}")


def _changed(context: CheckContext) -> dict[str, str]:
    """The families whose contact was set, each with the name of its state or an empty text."""
    changed: dict[str, str] = {}
    for exchange in context.client.log.exchanges:
        call = exchange.call
        if call.operation == OPERATION and exchange.succeeded and call.given:
            changed.setdefault(call.params["id"], "")
    for state in _FAMILIES if changed else ():
        if context.states.offered(state) and context.states.get(state) in changed:
            changed[context.states.get(state)] = state
    return changed


def _put_back(context: CheckContext, family: str, restore: Mapping[str, str]) -> str:
    """Set the contact; gives how far that failed, or an empty text."""
    set_before = {name: _answered(context, family, name) for name in MEMBERS}
    try:
        # Not counted: a run that has spent its write budget still puts back what it changed.
        exchange = context.send(replace(invite(context, dict(restore), family), writes=False))
    except (Blocked, TransportError) as error:
        return f"not put back: {error}"
    if exchange.status != 200:
        return f"not put back: the invite was answered with {exchange.response.status_line}"
    remaining = []
    for name in MEMBERS:
        value = exchange.object.get(name)
        restored = name in restore and is_answered(exchange, name, restore[name])
        if value and value in set_before[name] and not restored:
            hint = "which `restore` did not change" if name in restore else "give it under `restore`"
            remaining.append(f'`{name}` still is "{value}": {hint}')
    return f"put back in part: {'; '.join(remaining)}" if remaining else ""


def _answered(context: CheckContext, family: str, name: str) -> list[Json]:
    """The values of a member in the responses to those invites of the family that set it."""
    return [
        one.object.get(name)
        for one in context.client.log.exchanges
        if one.call.operation == OPERATION
        and one.call.params["id"] == family
        and one.succeeded
        and name in one.call.given_object
    ]
