"""What a whole run says, from its verdicts."""

from collections.abc import Mapping

import pytest
from conformance.judging.in_process import requirement
from invite_conformance.plan import Plan
from invite_conformance.result import Conformance, Level, Result, Verdict
from invite_conformance.run import conformance_of

SEEN = {"POST /x": {"201": 3, "400": 1}}
UNSEEN = {"POST /x": {"201": 3, "400": 0}}


def said(
    *verdicts: Verdict,
    level: Level = Level.MUST,
    plan: Plan | None = None,
    matrix: Mapping[str, Mapping[str, int]] = SEEN,
) -> Conformance:
    results = [Result(requirement(f"x{number}", level), verdict) for number, verdict in enumerate(verdicts)]
    return conformance_of(plan or Plan(), results, matrix)


def test_all_that_decides_passed() -> None:
    assert said(Verdict.PASS, Verdict.PASS) is Conformance.CONFORMANT


def test_a_failure_comes_before_an_error() -> None:
    assert said(Verdict.PASS, Verdict.ERROR, Verdict.FAIL) is Conformance.NOT_CONFORMANT


def test_an_error_comes_before_incomplete() -> None:
    assert said(Verdict.PASS, Verdict.BLOCKED, Verdict.ERROR) is Conformance.ERROR


@pytest.mark.parametrize("verdict", [Verdict.BLOCKED, Verdict.SKIP])
def test_what_decides_and_was_not_checked_is_incomplete(verdict: Verdict) -> None:
    assert said(Verdict.PASS, verdict) is Conformance.INCOMPLETE


@pytest.mark.parametrize("verdict", [Verdict.BLOCKED, Verdict.SKIP])
def test_what_does_not_decide_may_be_unchecked(verdict: Verdict) -> None:
    results = [Result(requirement("a"), Verdict.PASS), Result(requirement("b", Level.NOTE), verdict)]
    assert conformance_of(Plan(), results, SEEN) is Conformance.CONFORMANT
    assert conformance_of(Plan(level=Level.NOTE), results, SEEN) is Conformance.INCOMPLETE


def test_a_documented_status_that_was_never_seen_is_incomplete() -> None:
    assert said(Verdict.PASS, matrix=UNSEEN) is Conformance.INCOMPLETE


def test_under_only_a_status_need_not_be_seen_and_the_rest_need_not_be_checked() -> None:
    only = Plan(only=("client-invites.x0",))
    assert said(Verdict.PASS, Verdict.SKIP, plan=only, matrix=UNSEEN) is Conformance.CONFORMANT


def test_a_run_that_checked_nothing_is_incomplete() -> None:
    assert said() is Conformance.INCOMPLETE
    assert said(Verdict.SKIP, level=Level.NOTE) is Conformance.INCOMPLETE


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.WARN, Verdict.WAIVED])
def test_a_run_in_which_nothing_decides_is_incomplete(verdict: Verdict) -> None:
    for only in ((), ("client-invites.x0",)):
        assert said(verdict, level=Level.NOTE, plan=Plan(only=only)) is Conformance.INCOMPLETE
        assert said(Verdict.PASS, level=Level.NOTE, plan=Plan(only=only, level=Level.NOTE)) is Conformance.CONFORMANT


def test_a_waived_failure_does_not_decide() -> None:
    assert said(Verdict.PASS, Verdict.WAIVED) is Conformance.CONFORMANT
