"""From findings to a verdict."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from conformance.judging.in_process import active, call, context, requirement, response, verdicts
from invite_conformance.http.errors import TransportError
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.judge import Judge
from invite_conformance.judging.registry import AggregateCheck, Checks, PassiveCheck
from invite_conformance.plan import Plan
from invite_conformance.result import Level, Verdict
from invite_conformance.target.states import Blocked
from invite_conformance.target.target import Waiver


def expects_201(check: CheckContext) -> None:
    check.expect("x", check.send(call()), 201)


def expects_201_for_y(check: CheckContext) -> None:
    check.expect("y", check.send(call()), 201)


def always(status: int) -> Callable[[Request], Response]:
    return lambda _request: response(status)


def in_turn(*statuses: int) -> Callable[[Request], Response]:
    remaining = itertools.cycle(statuses)
    return lambda _request: response(next(remaining))


def test_what_is_satisfied_in_one_run_passes_and_is_asked_once() -> None:
    of = context(always(201))
    assert verdicts(of, active(expects_201, "x")).verdict(requirement("x")).verdict is Verdict.PASS
    assert len(of.client.log.exchanges) == 1


def test_a_violation_is_repeated_and_a_permanent_one_has_no_rate() -> None:
    of = context(always(500))
    found = verdicts(of, active(expects_201, "x")).verdict(requirement("x"))
    assert found.verdict is Verdict.FAIL
    assert [(one.expected, one.received, one.rate) for one in found.failures] == [
        ("201", "500 Internal Server Error", None)
    ]
    assert len(of.client.log.exchanges) == 3


def test_a_violation_that_comes_and_goes_is_repeated_twenty_times_and_has_its_rate() -> None:
    of = context(in_turn(500, 201, 201, 201))
    found = verdicts(of, active(expects_201, "x")).verdict(requirement("x"))
    assert [one.rate for one in found.failures] == [0.25]
    assert len(of.client.log.exchanges) == 20


def test_a_repeated_check_runs_45_times() -> None:
    of = context(always(201))
    verdicts(of, active(expects_201, "x", repeated=True)).verdict(requirement("x"))
    assert len(of.client.log.exchanges) == 45


@pytest.mark.parametrize("plan", [Plan(mode="safe"), Plan(engines=("directed",))], ids=["mode safe", "no repetition"])
def test_a_repeated_check_runs_once_where_repetition_is_not_wanted(plan: Plan) -> None:
    of = context(always(201), plan)
    verdicts(of, active(expects_201, "x", repeated=True)).verdict(requirement("x"))
    assert len(of.client.log.exchanges) == 1


def test_mode_safe_runs_no_heavy_check() -> None:
    of = context(always(201), Plan(mode="safe"))
    found = verdicts(of, active(expects_201, "x", heavy=True)).verdict(requirement("x"))
    assert (found.verdict, found.reason) == (Verdict.SKIP, "nothing checks it in mode safe")
    assert of.client.log.exchanges == []


def test_below_the_deciding_level_a_violation_is_a_warning() -> None:
    found = verdicts(context(always(500)), active(expects_201, "x")).verdict(requirement("x", Level.SHOULD))
    assert found.verdict is Verdict.WARN


def blocked_after_a_call(check: CheckContext) -> None:
    expects_201(check)
    raise Blocked("it needs a state")


def test_a_check_that_was_cut_short_is_no_pass() -> None:
    found = verdicts(context(always(201)), active(blocked_after_a_call, "x")).verdict(requirement("x"))
    assert (found.verdict, found.reason) == (Verdict.BLOCKED, "it needs a state")


def test_a_violation_found_before_a_check_was_cut_short_is_a_failure() -> None:
    found = verdicts(context(always(500)), active(blocked_after_a_call, "x")).verdict(requirement("x"))
    assert found.verdict is Verdict.FAIL


def loses_the_connection(check: CheckContext) -> None:
    expects_201(check)
    raise TransportError("no whole response")


def test_an_error_comes_before_a_pass_and_after_a_failure() -> None:
    passing = verdicts(context(always(201)), active(loses_the_connection, "x")).verdict(requirement("x"))
    failing = verdicts(context(always(500)), active(loses_the_connection, "x")).verdict(requirement("x"))
    assert (passing.verdict, passing.reason) == (Verdict.ERROR, "no whole response")
    assert failing.verdict is Verdict.FAIL


def test_nothing_seen_is_blocked_and_no_pass() -> None:
    def sends_nothing(_check: CheckContext) -> None: ...

    found = verdicts(context(always(201)), active(sends_nothing, "x")).verdict(requirement("x"))
    assert (found.verdict, found.reason) == (Verdict.BLOCKED, "no response was seen to which it applies")


def raises(*_: object) -> None:
    raise UnicodeEncodeError("utf-8", "secret", 0, 1, "no")


def test_an_active_check_that_raises_is_an_error_of_its_requirements_alone() -> None:
    of = verdicts(context(always(201)), active(raises, "x"), active(expects_201, "x", "y"))
    found = of.verdict(requirement("x"))
    assert found.verdict is Verdict.ERROR
    assert "raised UnicodeEncodeError at " in found.reason
    assert "secret" not in found.reason
    assert "test_verdicts" in found.reason


def test_an_aggregate_check_that_raises_is_an_error_of_its_requirement_alone() -> None:
    check = AggregateCheck("client-invites.x", raises)  # type: ignore[arg-type]  # it never gives anything
    of = verdicts(context(always(201)), active(expects_201_for_y, "y"), aggregate=[check])
    assert of.verdict(requirement("x")).verdict is Verdict.ERROR


def test_a_passive_check_that_raises_is_an_error_of_its_requirement_with_the_exchange() -> None:
    of = context(always(201))
    raising = PassiveCheck("client-invites.x", lambda _: True, raises)
    passing = PassiveCheck("client-invites.z", lambda _: True, lambda _: None)

    class Agreeing:
        def disagreements(self, *_: object) -> Iterator[tuple[str, str]]:
            return iter(())

    checks = Checks("client-invites", [raising, passing])
    of.client.observe = Judge(checks, Agreeing(), of.findings).observe  # type: ignore[arg-type]  # all that it is asked for
    found = verdicts(of, active(expects_201_for_y, "y"), passive=[raising, passing])
    error = found.verdict(requirement("x"))
    assert error.verdict is Verdict.ERROR
    assert [one.status for one in error.exchanges] == [201]
    assert found.verdict(requirement("z")).verdict is Verdict.PASS
    assert found.verdict(requirement("y")).verdict is Verdict.PASS


def test_where_other_validators_disagree_a_violation_is_an_error() -> None:
    of = context(always(201))
    exchange = of.send(call())
    of.findings.add("client-invites.x", Violation("this", "that"), exchange)
    of.findings.add_disagreement("client-invites.x", "they disagree", exchange)
    found = verdicts(of, active(expects_201_for_y, "y")).verdict(requirement("x"))
    assert (found.verdict, found.reason) == (Verdict.ERROR, "they disagree")


def test_a_failure_shows_every_call_that_led_to_it() -> None:
    def invites_twice(check: CheckContext) -> None:
        first = check.send(call())
        check.expect("x", check.send(call(), first), 409)

    found = verdicts(context(always(201)), active(invites_twice, "x")).verdict(requirement("x"))
    assert [one.status for one in found.failures[0].exchanges] == [201, 201]


@pytest.mark.parametrize(("days", "verdict"), [(0, Verdict.WAIVED), (1, Verdict.WAIVED), (-1, Verdict.FAIL)])
def test_a_waiver_holds_through_its_last_day(days: int, verdict: Verdict) -> None:
    last_day = datetime.now(UTC).date() + timedelta(days=days)
    waiver = Waiver("client-invites.x", "it is known", last_day, 7)
    of = context(always(500), waivers=(waiver,))
    assert verdicts(of, active(expects_201, "x")).verdict(requirement("x")).verdict is verdict
    assert ("target.yaml:7" in "".join(of.findings.notices)) is (verdict is Verdict.FAIL)


def test_a_waiver_of_what_is_satisfied_can_be_removed() -> None:
    waiver = Waiver("client-invites.x", "it is known", datetime.now(UTC).date(), 7)
    of = context(always(201), waivers=(waiver,))
    assert verdicts(of, active(expects_201, "x")).verdict(requirement("x")).verdict is Verdict.PASS
    assert "remove the waiver of client-invites.x" in of.findings.notices[0]


def blocked_before_a_call(_check: CheckContext) -> None:
    raise Blocked("it needs another state")


def test_of_several_states_that_are_missing_the_first_is_named() -> None:
    of = verdicts(context(always(201)), active(blocked_before_a_call, "x"), active(blocked_after_a_call, "y", "x"))
    found = of.verdict(requirement("x"))
    assert (found.verdict, found.reason) == (Verdict.BLOCKED, "it needs another state")


@pytest.mark.parametrize(
    ("status", "expected", "satisfied"),
    [(401, 403, True), (401, 400, True), (401, 409, False), (202, 403, False), (404, 403, False), (403, 403, True)],
)
def test_an_undocumented_status_that_the_target_file_accepts_will_do_for_a_400_or_403(
    status: int, expected: int, satisfied: bool
) -> None:
    of = context(always(status), accepted_statuses=(401, 202))
    assert of.expect("x", of.send(call()), expected) is satisfied
    assert [one.violation is None for one in of.findings.of("client-invites.x")] == [satisfied]
