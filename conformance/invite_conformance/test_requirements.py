"""The requirements as pytest's tests: `pytest --pyargs invite_conformance --invite-target target.yaml`."""

from collections.abc import Callable, Iterator

import pytest

from invite_conformance.catalogue import line
from invite_conformance.plugin import UNTOLD, Running, running_of
from invite_conformance.result import Failure, Requirement, Result, Verdict


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each requirement."""
    requirements = running_of(metafunc.config).requirements
    metafunc.parametrize("requirement", requirements, ids=[one.id for one in requirements])


@pytest.fixture(scope="session")
def running(pytestconfig: pytest.Config) -> Running:
    """The run of this process."""
    return running_of(pytestconfig)


@pytest.fixture
def result(running: Running, requirement: Requirement) -> Result:
    """The verdict; raised as an error where it is the suite's or the network's."""
    found = running.result(requirement)
    if found.verdict is Verdict.ERROR:
        raise RuntimeError(found.reason)
    return found


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
