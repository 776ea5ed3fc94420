"""Calls that arrive together: as many threads as calls, each with its connection opened beforehand."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from invite_conformance.exchange import Call, Seen
from invite_conformance.session import Session
from invite_conformance.states import Unmet


def together(session: Session, calls: Sequence[Call]) -> list[Seen]:
    """Send all calls at the same instant; gives what was seen in the order of the calls.

    Raises Unmet where the target's rate limit would pull them apart, and what `Session.send` raises.
    """
    if session.target.rate_limit:
        raise Unmet(f"calls at the same instant break the `rate_limit` in {session.target.path}: take it out")
    session.wire.warm(len(calls))
    start = threading.Barrier(len(calls))

    def send(call: Call) -> Seen:
        start.wait()
        return session.send(call)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(send, calls))
