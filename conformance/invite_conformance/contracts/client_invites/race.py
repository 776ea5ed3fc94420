"""Creates at the same instant: of identical ones one succeeds, and different ones do not mix."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from invite_conformance.contracts.client_invites.calls import invite
from invite_conformance.engines.race import together
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_TOGETHER = 8
_ROUNDS = 4


@active(engine="race", heavy=True)
def different_invites_at_the_same_instant(context: CheckContext) -> None:
    """Invite eight addresses at the same instant, some rounds: passive checks find a response that is another's."""
    for _ in range(_ROUNDS):
        together(context, [invite(context) for _ in range(_TOGETHER)])


@active("409.race", engine="race", heavy=True)
def identical_invites_at_the_same_instant(context: CheckContext) -> None:
    """Invite an address eight times at the same instant, some rounds with a fresh one."""
    for _ in range(_ROUNDS):
        exchanges = together(context, [invite(context)] * _TOGETHER)
        satisfied = _one_succeeds(exchanges)
        if not satisfied and not _one_succeeds([context.send(call) for call in [invite(context)] * _TOGETHER]):
            return  # sequential calls fail as well: that is no race, and a matter of another requirement
        succeeded = [one for one in exchanges if one.succeeded]
        # The second success, or else what is neither a success nor a conflict.
        shown = next(iter((*succeeded[1:], *(one for one in exchanges if one.status not in {201, 409}), *exchanges)))
        counts = sorted(Counter(one.status for one in exchanges).items())
        received = ", ".join(f"{status} ({count} of {len(exchanges)})" for status, count in counts)
        expected = f"201 (1 of {len(exchanges)}), 409 ({len(exchanges) - 1} of {len(exchanges)})"
        first = tuple(one for one in succeeded if one is not shown)[:1]
        context.judge("409.race", satisfied, expected, replace(shown, after=first), received)


def _one_succeeds(exchanges: Sequence[Exchange]) -> bool:
    """Whether one call succeeded and all others were conflicts."""
    others = [one.status for one in exchanges if not one.succeeded]
    return others == [409] * (len(exchanges) - 1)
