"""Causes and doubts, from exchanges and verdicts alone."""

from collections.abc import Mapping, Sequence

import pytest
from conformance.judging.in_process import call, context, requirement, response
from invite_conformance.http.errors import TimedOutError
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.diagnosis import causes, doubtful_states, unsent_headers
from invite_conformance.result import Result, Verdict

ADMIN = {"x-key": "the-key-of-the-admin"}


def seen(*calls: tuple[int, Mapping[str, object]], **target: object) -> CheckContext:
    """A run that sent the calls, each answered with its status."""
    statuses = [status for status, _ in calls]
    of = context(lambda _: response(statuses.pop(0)), None, **target)
    of.client.log.recognised = True
    for _, more in calls:
        of.send(call(**more))
    return of


def texts(of: CheckContext, results: Sequence[Result] = ()) -> list[str]:
    """The causes of a run."""
    return [one.text for one in causes(of.target, of.client.log, of.findings, results)]


def doubts(of: CheckContext) -> list[str]:
    """The states that are doubted."""
    return [one.partition("`states.")[2].partition("`")[0] for one in doubtful_states(of.target, of.client.log)]


def test_a_state_whose_calls_must_be_refused_and_all_succeed_is_doubted() -> None:
    refused: Mapping[str, object] = {"refused_for": "foreign_family"}
    assert doubts(seen((200, refused), (200, refused))) == ["foreign_family"]
    assert doubts(seen((200, refused), (403, refused))) == []
    assert doubts(seen((200, {}), (200, {}))) == []
    # It makes calls of its own that need not be refused.
    assert doubts(seen((200, refused), (201, {"caller": "foreign_family", "valid": True}))) == []


@pytest.mark.parametrize(("times", "doubted"), [(1, ["owner"]), (2, ["owner"]), (3, [])])
def test_a_caller_that_is_refused_once_or_twice_is_doubted_and_more_often_a_cause(
    times: int, doubted: list[str]
) -> None:
    of = seen(*[(403, {"caller": "owner", "valid": True, "headers": ADMIN})] * times)
    assert doubts(of) == doubted
    assert bool(texts(of)) is not bool(doubted)


def test_a_caller_without_a_name_or_with_a_success_is_not_doubted() -> None:
    assert doubts(seen((403, {"valid": True}))) == []
    owner: Mapping[str, object] = {"caller": "owner", "valid": True}
    assert doubts(seen((403, owner), (201, owner))) == []
    assert doubts(seen((403, {"caller": "owner", "valid": False}))) == []


def test_a_caller_whose_calls_succeed_now_and_then_is_no_cause() -> None:
    admin: Mapping[str, object] = {"caller": "admin", "valid": True, "headers": ADMIN}
    assert texts(seen(*[(403, admin)] * 3)) == [
        "every valid call as `admin` was answered 403 Forbidden: are the headers of `states.admin` right?"
    ]
    assert len(texts(seen(*[(401, admin)] * 3, (404, admin)))) == 1
    assert texts(seen(*[(403, admin)] * 3, (409, admin))) == []
    assert texts(seen(*[(403, {**admin, "valid": False})] * 3)) == []
    assert texts(seen(*[(403, {**admin, "refused_for": "not_admin"})] * 3)) == []


def test_callers_with_different_ids_are_causes_of_their_own() -> None:
    calls: list[tuple[int, dict[str, object]]] = [
        (403, {"caller": caller, "valid": True, "headers": {"x-key": caller}, "params": {"id": of}})
        for caller, of in (("admin", "one"), ("owner", "one"), ("other", "two"))
        for _ in range(3)
    ]
    assert texts(seen(*calls, states={"client": "one", "second": "two"})) == [
        "every valid call as `admin` and as `owner` was answered 403 Forbidden: are the headers of `states.admin`, the "
        "headers of `states.owner` and `states.client` right?",
        "every valid call as `other` was answered 403 Forbidden: are the headers of `states.other` right?",
    ]


def test_valid_calls_that_are_all_refused_for_what_they_say_are_a_cause() -> None:
    addressed: Mapping[str, object] = {"valid": True, "body": b'{"email": "a@invite-conformance.example"}'}
    assert texts(seen(*[(400, addressed)] * 3))[0].startswith("every valid call with an address @invite-conformance.")
    assert texts(seen(*[(400, addressed)] * 3, (201, addressed))) == []
    assert texts(seen(*[(400, {"valid": True})] * 3)) == []
    assert texts(seen(*[(400, {**addressed, "refused_for": "not_admin"})] * 3)) == []
    assert texts(seen(*[(404, {"valid": True})] * 3))[0].startswith("every valid call was answered 404 Not Found: are ")
    assert texts(seen(*[(404, {"valid": True})] * 3, (201, {"valid": True, "refused_for": "x"})))


def test_three_errors_of_one_reason_are_one_cause() -> None:
    results = [Result(requirement(f"x{number}"), Verdict.ERROR, "the check raised KeyError") for number in range(3)]
    assert texts(seen(), results[:2]) == []
    [cause] = causes((of := seen()).target, of.client.log, of.findings, results)
    assert (cause.text, len(cause.requirements)) == ("the check raised KeyError", 3)
    blocked = [Result(requirement(f"x{number}"), Verdict.BLOCKED, "no state") for number in range(3)]
    assert texts(seen(), blocked) == []


def test_a_target_that_was_given_up_is_the_cause_of_each_call_without_a_response() -> None:
    def hangs(_request: Request) -> Response:
        raise TimedOutError("late", "POST /x")

    of = context(hangs)
    reasons = []
    for _ in range(4):
        try:
            of.send(call())
        except Exception as error:  # noqa: BLE001  # what the check would end with
            reasons.append(str(error))
    results = [Result(requirement(f"x{at}"), Verdict.ERROR, reason) for at, reason in enumerate(reasons)]
    [cause] = causes(of.target, of.client.log, of.findings, results)
    assert cause.text == "late (no response to 3 calls in a row, the last one POST /x)"
    assert len(cause.requirements) == 4


def test_headers_are_unsent_only_where_calls_were_made_without_them() -> None:
    sent = seen((201, {"headers": {"X-Key": "one"}}))
    assert list(unsent_headers(sent.target, {"x-key": "one"}, sent.client.log)) == []
    [notice] = unsent_headers(sent.target, {"x-key": "two"}, sent.client.log)
    assert notice.startswith("`headers.x-key` of target.yaml was not sent: ")
    assert list(unsent_headers(sent.target, {"x-key": "two"}, context(lambda _: response(201)).client.log)) == []
