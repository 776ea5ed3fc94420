"""Two families at the same instant."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from conformance.contracts.family_invites.serving import FAMILIES
from conformance.judging.in_process import FunctionTransport
from conformance.offers import STATES
from invite_conformance.contracts.family_invites.families import two_families_at_once
from invite_conformance.http.request import Request as WireRequest
from invite_conformance.http.response import Response
from invite_conformance.http.transport import Transport
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.plan import Plan
from invite_conformance.run import context_for
from invite_conformance.target.states import Blocked
from invite_conformance.target.target import Target


def at_once(serve: Callable[[WireRequest], Response]) -> CheckContext:
    """What the check of two families is handed, where a function answers its calls."""
    target = Target(FAMILIES, "http://127.0.0.1:1", path=Path("target.yaml"), states=STATES[FAMILIES])
    context = context_for(target, Plan(), catalogue(FAMILIES))
    context.client.transport = cast("Transport", FunctionTransport(serve))
    context.client.log.documented = range(100, 600)
    return context


def test_a_429_at_the_same_instant_violates_nothing() -> None:
    bodies: list[bytes] = []

    def serve(request: WireRequest) -> Response:
        """One call in four is answered with 429 and what the call before it, for the other family, sent."""
        bodies.append(request.body or b"")
        limited = len(bodies) % 4 == 0
        return Response(429 if limited else 200, (), bodies[-2] if limited else bodies[-1], 0.0)

    context = at_once(serve)
    two_families_at_once(context)
    judged = context.findings.of(f"{FAMILIES}.contact.own")
    assert len(judged) == 12
    assert not [finding for finding in judged if finding.violation]


@pytest.mark.parametrize("accepted", [0, 1])
def test_too_few_answers_at_the_same_instant_judge_nothing(accepted: int) -> None:
    numbers = itertools.count()
    context = at_once(lambda _: Response(200 if next(numbers) < accepted else 429, (), b"{}", 0.0))
    with pytest.raises(Blocked, match="429"):
        two_families_at_once(context)
    assert not context.findings.of(f"{FAMILIES}.contact.own")
