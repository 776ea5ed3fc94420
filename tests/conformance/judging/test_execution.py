"""Runs of active checks, without a server."""

from conformance.judging.in_process import active, call, context, response
from invite_conformance.http.errors import TransportError
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.execution import Execution
from invite_conformance.target.states import Blocked


def test_a_precondition_that_fails_only_sometimes_blocks_nothing() -> None:
    def blocked_later(check: CheckContext) -> None:
        if check.origin.run:
            raise Blocked("not again")

    check = active(blocked_later, "x")
    execution = Execution([check], context(lambda _: response(201)))
    for _ in range(2):
        execution.run(check)
        assert execution.able(check)
    assert execution.runs[check.name] == 2


def test_a_precondition_that_fails_at_first_blocks() -> None:
    def blocked(_check: CheckContext) -> None:
        raise Blocked("no state")

    check = active(blocked, "x")
    execution = Execution([check], context(lambda _: response(201)))
    execution.run_first(check)
    assert not execution.able(check)
    assert str(execution.blocked[check.name]) == "no state"
    execution.run_first(check)
    assert execution.runs[check.name] == 1


def test_an_error_of_a_later_run_prevents_more() -> None:
    def fails_later(check: CheckContext) -> None:
        if check.origin.run:
            raise TransportError("gone")

    check = active(fails_later, "x")
    execution = Execution([check], context(lambda _: response(201)))
    execution.run(check)
    assert execution.able(check)
    execution.run(check)
    assert (execution.able(check), execution.errors) == (False, {check.name: "gone"})


def test_a_target_without_a_documented_answer_yet_is_not_asked_often() -> None:
    def asks(check: CheckContext) -> None:
        check.send(call())

    check = active(asks, "x", repeated=True)
    for recognised, runs in ((False, 1), (True, 45)):
        of = context(lambda _: response(404))
        of.client.log.recognised = recognised
        execution = Execution([check], of)
        execution.run_first(check)
        assert execution.runs[check.name] == runs
