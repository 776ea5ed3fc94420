"""The journal as it grows: server-sent events (HTML standard, 9.2).

1. Each event has its number as id, so that a client that was cut off goes on after `Last-Event-ID`.
2. The store is asked, not this process: events of other processes on the same store are seen too.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import orjson
from starlette.types import Send

from invite_mock.journal.entry import view
from invite_mock.journal.recorder import Recorder
from invite_mock.state.journal import Event, Wanted
from invite_mock.state.store import Store, StoreError

_PAUSE = 0.1
"""Seconds between two looks into the store."""
_SILENCE = 15
"""Seconds after which a comment is sent, so that nothing between takes the connection for dead."""
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Stream:
    """The events of a world after the number `after`, until the world is deleted or the mock stops."""

    world: str
    store: Store
    recorder: Recorder
    after: int

    async def send(self, send: Send) -> None:
        """Send them as they come."""
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for text in self._texts():
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _texts(self) -> AsyncIterator[str]:
        number, silent = self.after, 0.0
        # What comes at once lets a client know that it is connected.
        yield ": connected\n\n"
        while not self.recorder.closed:
            events = self._events(number)
            if events is None:
                return
            if events:
                number, silent = events[-1].number, 0.0
                yield "".join(map(_text, events))
            elif silent >= _SILENCE:
                silent = 0.0
                yield ":\n\n"
            if len(events) < _AT_ONCE:
                await asyncio.sleep(_PAUSE)
                silent += _PAUSE

    def _events(self, after: int) -> Sequence[Event] | None:
        """Those after a number; None if there is no such world any more."""
        try:
            self.recorder.flush()
            with self.store.snapshot():
                if self.store.world(self.world) is None:
                    return None
                return self.store.journal.list(self.world, Wanted(after=after, limit=_AT_ONCE))
        except StoreError:
            # Another program holds the store; the next look may find it free.
            return ()


def _text(event: Event) -> str:
    data = orjson.dumps(view(event)).decode()
    return f"id: {event.number}\nevent: {event.kind}\ndata: {data}\n\n"
