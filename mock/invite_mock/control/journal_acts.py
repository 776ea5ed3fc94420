"""The control API's operations on the journal of a world."""

from collections.abc import Coroutine
from typing import Any

from invite_specs import Json

from invite_mock.control.acts import InWorld
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.journal.entry import view
from invite_mock.journal.har import archive
from invite_mock.journal.recorder import Recorder
from invite_mock.journal.replay import Replay, UnrepeatableError
from invite_mock.journal.stream import Stream
from invite_mock.refusal import Refusal
from invite_mock.state import clock
from invite_mock.state.journal import MOST, REQUEST, Event, Wanted
from invite_mock.state.world import World

_REQUESTS = Wanted(REQUEST)


class JournalActs:
    """Lists, exports, clears, streams and repeats requests."""

    def __init__(self, recorder: Recorder, replay: Replay) -> None:
        self._recorder = recorder
        self._again = replay
        self.acts: InWorld = {
            "listRequests": self._list,
            "clearRequests": self._clear,
            "readRequest": self._read,
            "replayRequest": self._replay,
            "exportRequests": self._export,
            "streamEvents": self._stream,
        }

    def _list(self, request: Request, world: World) -> Answer:
        given: Any = request.arguments
        wanted = Wanted(
            REQUEST,
            given.get("operation"),
            given.get("status"),
            given.get("outcome"),
            given["email"].lower() if "email" in given else None,
            _instant(given["since"]) if "since" in given else None,
            before=given.get("before"),
            # One more than the page has: whether another page follows.
            limit=int(given.get("limit", 100)) + 1,
            newest_first=True,
        )
        journal = world.store.journal
        events = journal.list(world.name, wanted)
        page = events[: wanted.limit - 1]
        found: dict[str, Json] = {
            "requests": [view(one) for one in page],
            "total": journal.count(world.name, wanted),
            "next": page[-1].number if len(events) > len(page) else None,
        }
        return Answer(200, found)

    def _clear(self, _request: Request, world: World) -> Answer:
        world.store.journal.clear(world.name)
        return Answer(204)

    def _read(self, request: Request, world: World) -> Answer:
        return Answer(200, view(_named(request, world)))

    def _replay(self, request: Request, world: World) -> Coroutine[Any, Any, Answer]:
        event = _named(request, world)
        if not self._recorder.keeps:
            raise Refused(Refusal("Journal.Off"))
        try:
            scope, body = self._again.prepare(event, world.name)
        except UnrepeatableError as error:
            reason = f"The request {event.request_id} cannot be sent again: {error}."
            raise Refused(Refusal("Request.Unrepeatable", reason)) from error

        async def answer() -> Answer:
            # The transaction in which the request was read is over by now.
            again = await self._again.send(scope, body)
            self._recorder.flush()
            with world.store.snapshot():
                events = world.store.journal.list(world.name, _REQUESTS._replace(request_id=again))
            if not events:
                reason = f"The request was sent again as {again}; the journal was cleared meanwhile."
                raise Refused(Refusal("Request.Unknown", reason))
            return Answer(200, view(events[-1]))

        return answer()

    def _export(self, _request: Request, world: World) -> Answer:
        events = world.store.journal.list(world.name, _REQUESTS)
        headers = {"Content-Disposition": f'attachment; filename="{world.name}.har"'}
        return Answer(200, archive(world.name, events), headers=headers)

    def _stream(self, request: Request, world: World) -> Coroutine[Any, Any, Stream]:
        last = request.headers.get("last-event-id", "")
        after = int(last) if last.isdecimal() and len(last) < 19 else world.store.journal.last(world.name)
        stream = Stream(world.name, world.store, self._recorder, after)

        async def answer() -> Stream:
            return stream

        return answer()


def _named(request: Request, world: World) -> Event:
    """The request that is named by its Mock-Request-Id. Raises Refused."""
    name = request.parameters["request"]
    found = world.store.journal.list(world.name, _REQUESTS._replace(request_id=name))
    if not found:
        reason = f"The journal of the world {world.name} has no request {name}; it keeps the last {MOST}."
        raise Refused(Refusal("Request.Unknown", reason))
    return found[-1]


def _instant(text: str) -> int:
    try:
        return clock.check(clock.from_text(text))
    except ValueError as error:
        raise Refused(Refusal("Clock.OutOfRange", f"{error}.")) from error
