"""Calls that arrive together."""

from collections.abc import Sequence

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.target.states import Blocked

_TOO_MANY = 429


def together(context: CheckContext, calls: Sequence[Call]) -> list[Exchange]:
    """Send all calls at the same instant; gives the exchanges in the order of the calls, without those answered 429.

    Raises Blocked where the target's rate limit would separate them, or leaves fewer than two, and what
    `CheckContext.send` raises.
    """
    if context.target.rate_limit:
        raise Blocked(f"calls at the same instant exceed the `rate_limit` in {context.target.path}: remove it")
    exchanges = context.send_together(calls)
    answered = [one for one in exchanges if one.status != _TOO_MANY]
    if len(answered) < 2:
        limited = f"429 to {len(exchanges) - len(answered)} of {len(exchanges)} calls"
        raise Blocked(f"the target answered {limited} at the same instant: raise its limit")
    return answered
