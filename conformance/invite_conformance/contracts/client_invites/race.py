"""Requirement 409.race: of identical creates at the same instant one succeeds."""

from collections import Counter

from invite_conformance.contracts.client_invites.calls import invite
from invite_conformance.engines.race import together
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_TOGETHER = 8
_ROUNDS = 4


@active("409.race", engine="race", heavy=True)
def creates_at_the_same_instant(context: CheckContext) -> None:
    """Invite an address eight times at the same instant, some rounds with a fresh one."""
    for _ in range(_ROUNDS):
        exchanges = together(context, _creates(context))
        satisfied = _one_succeeds(exchanges)
        if not satisfied and not _one_succeeds([context.send(call) for call in _creates(context)]):
            return  # one after the other goes wrong as well: that is no race, and another requirement's business
        # The second success, or else whatever is neither a success nor a conflict.
        telling = [one for one in exchanges if _succeeded(one)][1:] + [
            one for one in exchanges if one.status not in {201, 409}
        ]
        counts = sorted(Counter(one.status for one in exchanges).items())
        received = ", ".join(f"{status} ({count} of {_TOGETHER})" for status, count in counts)
        context.judge(
            "409.race",
            satisfied,
            f"201 (1 of {_TOGETHER}), 409 ({_TOGETHER - 1} of {_TOGETHER})",
            (telling or exchanges)[0],
            received,
        )


def _creates(context: CheckContext) -> list[Call]:
    return [invite(context, context.fresh_email("race"))] * _TOGETHER


def _succeeded(exchange: Exchange) -> bool:
    return 200 <= exchange.status < 300


def _one_succeeds(exchanges: list[Exchange]) -> bool:
    """Whether one call succeeded and all others were conflicts."""
    others = [one.status for one in exchanges if not _succeeded(one)]
    return others == [409] * (_TOGETHER - 1)
