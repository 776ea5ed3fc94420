"""Calls that arrive together."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.bank import Bank
from conformance.listener import Answer, Listener, Request, listening
from conformance.offers import target_file
from invite_conformance.contracts.client_invites.calls import invite
from invite_conformance.engines.race import together
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.plan import Plan
from invite_conformance.run import context_for
from invite_conformance.target.states import Blocked
from invite_conformance.target.target_file import load_target

TOGETHER = 8


class Meeting:
    """Answers nobody until so many are there: a server in which only calls that arrive together get a 201."""

    def __init__(self) -> None:
        self._all_here = threading.Barrier(TOGETHER, timeout=5)

    def reply(self, request: Request) -> Answer:
        del request
        try:
            self._all_here.wait()
        except threading.BrokenBarrierError:
            return Answer(409, {})
        return Answer(201, {})


@pytest.fixture(scope="module")
def meeting() -> Iterator[Listener]:
    with listening({"meeting": Meeting}) as listener:
        yield listener


def session_with(url: str, folder: Path, **more: object) -> CheckContext:
    return context_for(
        load_target(target_file(folder / "target.yaml", "client-invites", url, **more), {}),
        Plan(),
        catalogue("client-invites"),
    )


def test_all_calls_are_under_way_at_once(meeting: Listener, tmp_path: Path) -> None:
    context = session_with(f"{meeting.url}/meeting", tmp_path)
    calls = [invite(context, context.fresh_email()) for _ in range(TOGETHER)]
    begun = time.monotonic()
    exchange = together(context, calls)
    assert [one.status for one in exchange] == [201] * TOGETHER
    assert [one.call.body for one in exchange] == [call.body for call in calls]
    assert time.monotonic() - begun < 5
    context.client.close()


def test_a_rate_limit_blocks_the_race(bank: Bank, tmp_path: Path) -> None:
    context = session_with(bank.fresh("correct-client-plain"), tmp_path, rate_limit=100)
    with pytest.raises(Blocked, match="rate_limit"):
        together(context, [invite(context, context.fresh_email())] * TOGETHER)
    assert context.client.log.exchanges == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_server_that_reads_before_it_writes_is_found(bank: Bank, seed: int) -> None:
    run = bank.judged("client-reads-then-writes", "client-invites", {"race"}, seed=seed)
    (result,) = [one for one in run.results if one.requirement.id.endswith("409.race")]
    assert result.verdict == "warn"
    assert result.failures[0].expected == "201 (1 of 8), 409 (7 of 8)"


def test_a_correct_server_wins_the_race(bank: Bank) -> None:
    run = bank.judged("correct-client-plain", "client-invites", {"race"})
    (result,) = [one for one in run.results if one.requirement.id.endswith("409.race")]
    assert result.verdict == "pass"


def test_what_goes_wrong_one_after_the_other_too_is_no_race(bank: Bank) -> None:
    run = bank.judged("client-forgets-on-conflict", "client-invites", {"race"})
    (result,) = [one for one in run.results if one.requirement.id.endswith("409.race")]
    assert result.verdict == "blocked"
