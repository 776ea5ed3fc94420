"""The control API's verification: whether the requests of a world are as a test expects, now or soon."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from datetime import timedelta
from typing import Any

from invite_specs import Document, json_pointer

from invite_mock.control.acts import InWorld, members
from invite_mock.http.messages import Answer, Request, Violation
from invite_mock.http.problems import Refused
from invite_mock.http.request_match import JsonPathError, compiled
from invite_mock.journal.api import Api
from invite_mock.journal.expectation import Expectation, InOrder, Often, bounds
from invite_mock.journal.recorder import Recorder
from invite_mock.refusal import Refusal
from invite_mock.schema_errors import quote, shorten
from invite_mock.state import clock
from invite_mock.state.journal import MOST, REQUEST, Wanted
from invite_mock.state.store import Store, StoreBusyError
from invite_mock.state.world import World

_PAUSE = 0.05
"""Seconds between two looks into the store."""
_LONGEST = timedelta(seconds=60)
"""The longest that a verification waits."""
_SCHEMA = "/components/schemas/Verification"


class VerificationActs:
    """Verifies expectations. It looks into the store, so that requests to other processes are seen too."""

    def __init__(self, recorder: Recorder, apis: Sequence[Api]) -> None:
        self._recorder = recorder
        self._apis = apis
        self.acts: InWorld = {"verifyRequests": self._verify}

    def _verify(self, request: Request, world: World) -> Coroutine[Any, Any, Answer]:
        asked = members(request)
        violations = [*self._violations(asked)]
        if violations:
            raise Refused(Refusal("Request.Invalid"), violations)
        if not self._recorder.keeps:
            raise Refused(Refusal("Journal.Off"))
        order = asked.get("inOrder")
        expectation = InOrder(order) if order else Often(asked, bounds(asked.get("times")))
        return self._answer(expectation, world.store, world.name, _seconds(asked.get("within", "PT0S")))

    async def _answer(self, expectation: Expectation, store: Store, world: str, seconds: float) -> Answer:
        """The verdict, as soon as it is settled or the time is over. No transaction is open while it waits."""
        now = asyncio.get_running_loop().time
        deadline = now() + seconds
        last, complete = 0, True
        while True:
            left = deadline - now()
            try:
                self._recorder.flush()
                with store.snapshot():
                    if store.world(world) is None:
                        raise Refused(Refusal("World.Unknown", f"The world {world} was deleted."))
                    complete = complete and store.journal.count(world, Wanted()) < MOST
                    events = store.journal.list(world, Wanted(REQUEST, after=last))
            except StoreBusyError:
                # What was not seen is no reason for a verdict.
                if left <= 0:
                    raise
                events = ()
            for event in events:
                expectation.add(event)
                last = event.number
            if expectation.settled or left <= 0 or self._recorder.closed:
                return Answer(200, {**expectation.verdict, "complete": complete})
            await asyncio.sleep(min(_PAUSE, left))

    def _violations(self, asked: Document) -> Iterator[Violation]:
        """Everything that is wrong with a verification that its schema allows."""
        found = [*self._about_step(asked, ""), *_about_times(asked), *_about_within(asked)]
        if "inOrder" in asked:
            found += (
                (f"/{name}", quote(asked[name]), "leave it out: with `inOrder` each step has its own, once")
                for name in ("operation", "contract", "match", "times")
                if name in asked
            )
        for number, step in enumerate(asked.get("inOrder", [])):
            found += self._about_step(step, f"/inOrder/{number}")
        for pointer, received, expected in found:
            first = pointer.split("/")[1]
            yield Violation(
                pointer,
                f"{_SCHEMA}/properties/{first}",
                None,
                shorten(f"{received}: {expected}"),
                received,
                shorten(expected),
            )

    def _about_step(self, step: Document, where: str) -> Iterator[tuple[str, str, str]]:
        contract, operation = step.get("contract"), step.get("operation")
        of_contract = [one for one in self._apis if contract in {None, one.name}]
        having = [one.name for one in of_contract if operation in {None, *(each.id for each in one.operations)}]
        if not of_contract:
            names = ", ".join(one.name for one in self._apis)
            yield f"{where}/contract", quote(contract), f"there is no such contract; there are {names}"
        elif not having:
            names = ", ".join(each.id for one in of_contract for each in one.operations)
            yield f"{where}/operation", quote(operation), f"there is no such operation; there are {names}"
        elif operation is not None and len(having) > 1:
            names = " and ".join(having)
            yield f"{where}/operation", quote(operation), f"{names} each have that operation; name one as `contract`"
        for path in step.get("match", {}).get("body", {}):
            try:
                compiled(path)
            except JsonPathError as error:
                yield f"{where}/match/body{json_pointer([path])}", quote(path), f"it is no JSONPath (RFC 9535): {error}"


def _about_times(asked: Document) -> Iterator[tuple[str, str, str]]:
    times = asked.get("times")
    least, most = bounds(times)
    if most is not None and least > most:
        yield "/times", quote(times), "no number is all of this; give `exactly`, `atLeast` or `atMost`"


def _about_within(asked: Document) -> Iterator[tuple[str, str, str]]:
    if "within" in asked:
        try:
            if 0 <= _seconds(asked["within"]) <= _LONGEST.total_seconds():
                return
        except ValueError:
            pass
        yield "/within", quote(asked["within"]), "an ISO 8601 duration of at most 60 seconds, such as PT2S"


def _seconds(duration: str) -> float:
    """Raises ValueError for what is no duration."""
    return clock.add(0, duration) / 1_000_000
