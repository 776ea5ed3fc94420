"""What a run changes for good: the contacts of families. They are named in the report, and put back on request."""

from collections.abc import Mapping

from invite_conformance.contracts.family_invites.calls import OPERATION, invite
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
            context.findings.notice(f"The contact of `family` ({family}) was not put back: {problem}.")
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
        if call.operation == OPERATION and 200 <= exchange.status < 300 and call.given:
            changed.setdefault(call.params["id"], "")
    for state in _FAMILIES if changed else ():
        if context.states.offered(state) and context.states.get(state) in changed:
            changed[context.states.get(state)] = state
    return changed


def _put_back(context: CheckContext, family: str, restore: Mapping[str, str]) -> str:
    """Set the contact; gives why that failed, or an empty text."""
    try:
        exchange = context.send(invite(context, dict(restore), family))
    except (Blocked, TransportError) as error:
        return str(error)
    return "" if exchange.status == 200 else f"the invite was answered with {exchange.response.status_line}"
