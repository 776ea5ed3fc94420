"""The requirements as pytest's tests: `pytest --pyargs invite_conformance --invite-target target.yaml`."""

from collections.abc import Callable, Iterator

import pytest

from invite_conformance.pytest.plugin import UNDECIDED, runner_of
from invite_conformance.report.words import cited
from invite_conformance.result import Requirement, Result, Verdict
from invite_conformance.run import Runner


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each requirement."""
    requirements = runner_of(metafunc.config).requirements
    metafunc.parametrize("requirement", requirements, ids=[one.id for one in requirements])


@pytest.fixture(scope="session")
def runner(pytestconfig: pytest.Config) -> Runner:
    """The run of this process."""
    return runner_of(pytestconfig)


@pytest.fixture
def result(runner: Runner, requirement: Requirement) -> Result:
    """The verdict; raised as an error where it is the suite's or the network's."""
    found = runner.verdict(requirement)
    if found.verdict is Verdict.ERROR:
        raise RuntimeError(found.reason)
    return found


def test_requirement(result: Result, runner: Runner, record_property: Callable[[str, object], None]) -> None:
    """The requirement is satisfied."""
    match result.verdict:
        case Verdict.FAIL:
            pytest.fail("\n".join(_described(result)), pytrace=False)
        case Verdict.WARN:
            pytest.xfail(f"{result.requirement.sentence} Received: {result.failures[0].received}")
        case Verdict.WAIVED:
            pytest.xfail(result.reason)
        case Verdict.BLOCKED | Verdict.SKIP:
            record_property(UNDECIDED, runner.plan.decides(result.requirement.level))
            pytest.skip(f"{result.verdict}: {result.reason}")


def _described(result: Result) -> Iterator[str]:
    requirement = result.requirement
    yield requirement.sentence
    yield f"  source:   {cited(requirement)}"
    for failure in result.failures:
        yield f"  expected: {failure.expected}"
        yield f"  received: {failure.received}" + (f" (in {failure.rate:.0%} of the runs)" if failure.rate else "")
        yield from (f"  {exchange.curl}" for exchange in failure.exchanges)
    yield f"  remedy:   {requirement.remedy}"
