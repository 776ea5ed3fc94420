"""The requirements as pytest's tests: `pytest --pyargs invite_conformance --invite-target target.yaml`."""

from collections.abc import Callable, Iterator

import pytest

from invite_conformance.catalogue import line
from invite_conformance.plugin import UNTOLD, Running
from invite_conformance.result import Failure, Result, Verdict


def test_requirement(result: Result, running: Running, record_property: Callable[[str, object], None]) -> None:
    """The requirement is kept."""
    session = running.verdicts.session
    match result.verdict:
        case Verdict.FAIL:
            pytest.fail("\n".join(_told(result, str(session.contract.published_path))), pytrace=False)
        case Verdict.WARN:
            pytest.xfail(f"{result.requirement.sentence} Received: {result.failures[0].received}")
        case Verdict.WAIVED:
            pytest.xfail(result.reason)
        case Verdict.BLOCKED | Verdict.SKIP:
            record_property(UNTOLD, session.plan.decides(result.requirement.level))
            pytest.skip(f"{result.verdict}: {result.reason}")


def _told(result: Result, published: str) -> Iterator[str]:
    requirement = result.requirement
    at = line(requirement)
    yield requirement.sentence
    yield f"  {requirement.citation}" + (f" ({published}:{at})" if at else "")
    for failure in result.failures:
        yield from _failure(failure)
    yield f"  remedy:   {requirement.remedy}"


def _failure(failure: Failure) -> Iterator[str]:
    yield f"  expected: {failure.expected}"
    yield f"  received: {failure.received}" + (f" (in {failure.rate:.0%} of the tries)" if failure.rate else "")
    if failure.exchange:
        yield f"  {failure.exchange.curl}"
