"""The requirements as pytest's tests: `pytest --pyargs invite_conformance --invite-target target.yaml`."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from invite_conformance.pytest.plugin import UNDECIDED, runner_of
from invite_conformance.report.text import flat, inert, printable, short
from invite_conformance.report.words import calls, cited, rate
from invite_conformance.result import Requirement, Result, Verdict
from invite_conformance.run import Runner

_TEXT = 600
"""The most characters of a text that are shown."""


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
    """The verdict; where the suite or the network failed, the test is an error."""
    found = runner.verdict(requirement)
    if found.verdict is Verdict.ERROR:
        evidence = [*map(flat, calls(found.exchanges)), printable(found.command)]
        pytest.fail(_safe([flat(found.reason), *filter(None, evidence)]), pytrace=False)
    return found


def test_requirement(result: Result, runner: Runner, record_property: Callable[[str, object], None]) -> None:
    """The requirement is satisfied."""
    match result.verdict:
        case Verdict.FAIL:
            pytest.fail(_safe(_described(result)), pytrace=False)
        case Verdict.WARN:
            received = short(flat(result.failures[0].received), _TEXT)
            pytest.xfail(_safe([f"{result.requirement.sentence} Received: {received}"]))
        case Verdict.WAIVED:
            pytest.xfail(_safe([flat(result.reason)]))
        case Verdict.BLOCKED | Verdict.SKIP:
            record_property(UNDECIDED, runner.plan.decides(result.requirement.level))
            pytest.skip(_safe([f"{result.verdict}: {short(flat(result.reason), _TEXT)}"]))


def _described(result: Result) -> Iterator[str]:
    requirement = result.requirement
    yield requirement.sentence
    yield f"  source:   {cited(requirement)}"
    for failure in result.failures:
        yield f"  expected: {short(flat(failure.expected), _TEXT)}"
        intermittent = f" ({rate(failure)})" if rate(failure) else ""
        yield f"  received: {short(flat(failure.received), _TEXT)}{intermittent}"
        yield from (f"  call {number}:   {flat(call)}" for number, call in enumerate(calls(failure.exchanges), 1))
        if failure.command:
            yield printable(failure.command)
    yield f"  remedy:   {requirement.remedy}"


def _safe(lines: Iterable[str]) -> str:
    """What pytest prints: a CI runner reads its output as it reads the command's."""
    return inert("\n".join(lines))
