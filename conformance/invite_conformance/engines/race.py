"""Calls that arrive together."""

from collections.abc import Sequence

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.target.states import Blocked


def together(context: CheckContext, calls: Sequence[Call]) -> list[Exchange]:
    """Send all calls at the same instant; gives the exchanges in the order of the calls.

    Raises Blocked where the target's rate limit would separate them, and what `CheckContext.send` raises.
    """
    if context.target.rate_limit:
        raise Blocked(f"calls at the same instant exceed the `rate_limit` in {context.target.path}: remove it")
    return context.send_together(calls)
