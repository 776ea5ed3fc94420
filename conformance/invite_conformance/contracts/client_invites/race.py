"""Creates at the same instant: of identical ones one succeeds, and different ones do not mix."""

from collections import Counter
from dataclasses import replace

from invite_conformance.contracts.client_invites.calls import invite, succeeded
from invite_conformance.engines.race import together
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_TOGETHER = 8
_ROUNDS = 4


@active(engine="race", heavy=True)
def different_creates_at_the_same_instant(context: CheckContext) -> None:
    """Invite eight addresses at the same instant, some rounds: passive checks find a response that is another's."""
    for _ in range(_ROUNDS):
        together(context, [invite(context, context.fresh_email("race")) for _ in range(_TOGETHER)])


@active("409.race", engine="race", heavy=True)
def identical_creates_at_the_same_instant(context: CheckContext) -> None:
    """Invite an address eight times at the same instant, some rounds with a fresh one."""
    for _ in range(_ROUNDS):
        exchanges = _not_limited(together(context, _creates(context)))
        satisfied = _one_succeeds(exchanges)
        if not satisfied and not _one_succeeds([context.send(call) for call in _creates(context)]):
            return  # sequential calls fail as well: that is no race, and a matter of another requirement
        # The second success, or else what is neither a success nor a conflict.
        unexpected = [one for one in exchanges if succeeded(one)][1:] + [
            one for one in exchanges if one.status not in {201, 409}
        ]
        counts = sorted(Counter(one.status for one in exchanges).items())
        received = ", ".join(f"{status} ({count} of {len(exchanges)})" for status, count in counts)
        expected = f"201 (1 of {len(exchanges)}), 409 ({len(exchanges) - 1} of {len(exchanges)})"
        shown = (unexpected or exchanges)[0]
        first = tuple(one for one in exchanges if succeeded(one) and one is not shown)[:1]
        context.judge("409.race", satisfied, expected, replace(shown, after=first), received)


def _not_limited(exchanges: list[Exchange]) -> list[Exchange]:
    """Those that no rate limit refused. Raises Blocked if fewer than two are left, which are no race."""
    found = [one for one in exchanges if one.status != 429]
    if len(found) < 2:
        limited = len(exchanges) - len(found)
        raise Blocked(
            f"the target answered 429 to {limited} of {len(exchanges)} calls at the same instant: raise its limit"
        )
    return found


def _creates(context: CheckContext) -> list[Call]:
    return [invite(context, context.fresh_email("race"))] * _TOGETHER


def _one_succeeds(exchanges: list[Exchange]) -> bool:
    """Whether one call succeeded and all others were conflicts."""
    others = [one.status for one in exchanges if not succeeded(one)]
    return others == [409] * (len(exchanges) - 1)
