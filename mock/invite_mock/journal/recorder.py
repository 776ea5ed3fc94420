"""The recorder: takes each request as it is answered, and writes it into the journal a moment later.

1. Recording costs a request an entry in a list. Lines are printed and events stored between requests.
2. Whoever reads the journal has what is waiting written first.
3. A request of a world that is gone by then is not written: the world was deleted.
4. Where requests come faster than they can be written, the oldest of a world beyond MOST are not written at all: they
   would be deleted at once.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

from starlette.types import Scope

from invite_mock.http.messages import Envelope
from invite_mock.journal.api import Api
from invite_mock.journal.entry import Entries, Exchange
from invite_mock.state import clock
from invite_mock.state.journal import MOST
from invite_mock.state.store import StoreBusyError, StoreError
from invite_mock.state.world import NAME, World
from invite_mock.state.worlds import Worlds

_PAUSE = 0.05
"""Seconds from the first request that waits until it is written, and between two writes."""
_AT_ONCE = 25
"""The most that are written in one transaction, so that no request waits for long. With the pause it bounds what the
journal costs: five hundred requests a second are written.
"""
_log = logging.getLogger(__name__)


class Recorder:
    """Writes requests into the journals of worlds, if it `keeps` them; `shown` gets them first, to print lines."""

    def __init__(
        self,
        worlds: Worlds,
        apis: Sequence[Api],
        shown: Callable[[Sequence[Exchange]], None] | None,
        *,
        keeps: bool = True,
    ) -> None:
        self._worlds = worlds
        self.keeps = keeps
        """Whether there is a journal."""
        self._entries = Entries(apis)
        self._shown = shown
        self._unshown: list[Exchange] = []
        self._waiting: dict[str, deque[Exchange]] = {}
        self._scheduled = False
        self.closed = False
        """Whether the mock stops: whoever waits for further events must end."""

    def close(self) -> None:
        """Write everything that waits, as far as the store can be written, and end what waits for events."""
        self.closed = True
        try:
            self.flush()
        except StoreBusyError:
            _log.warning("another program holds the store; the last requests are missing in the journal")

    def record(self, scope: Scope, envelope: Envelope, duration: int) -> None:
        """Take a request that was answered; `duration` is in nanoseconds."""
        if not (envelope.trace.status and (self.keeps or self._shown)) or _is_preflight(scope):
            return
        query = scope["query_string"].decode("latin-1")
        # Not the scope itself: it would keep what the layers put there.
        exchange = Exchange(
            scope["method"], scope["path"], query, scope["headers"], envelope, duration, clock.machine_now()
        )
        # A name that no world can have is that of no journal.
        if self.keeps and (envelope.trace.operation is not None or NAME.fullmatch(envelope.world)):
            waiting = self._waiting.get(envelope.world)
            if waiting is None:
                waiting = self._waiting[envelope.world] = deque(maxlen=MOST)
            waiting.append(exchange)
        if self._shown is not None:
            self._unshown.append(exchange)
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_later(_PAUSE, self._write_some)

    def flush(self) -> None:
        """Write everything that waits. Raises StoreBusyError, and keeps it, if another program holds the store."""
        self._show()
        while self._waiting:
            self._write()

    def _write_some(self) -> None:
        self._scheduled = False
        self._show()
        try:
            self._write()
        except StoreBusyError:
            _log.debug("the journal waits for the store")
        if self._waiting:
            self._scheduled = True
            asyncio.get_running_loop().call_later(_PAUSE, self._write_some)

    def _show(self) -> None:
        if self._shown is not None and self._unshown:
            exchanges, self._unshown = self._unshown, []
            self._shown(exchanges)

    def _write(self) -> None:
        """Write the oldest of one world."""
        name = next(iter(self._waiting), None)
        if name is None:
            return
        waiting = self._waiting[name]
        exchanges = [waiting[index] for index in range(min(_AT_ONCE, len(waiting)))]
        try:
            with self._worlds.store.transaction():
                world = self._world(name, exchanges)
                if world is not None:
                    world.store.journal.add(
                        name, [event for one in exchanges for event in self._entries.events(one, world)]
                    )
        except StoreBusyError:
            raise
        except StoreError as error:
            # The mock answers without its journal rather than not at all.
            _log.warning("%d requests are missing in the journal: %s", len(exchanges), error)
        for _ in exchanges:
            waiting.popleft()
        if not waiting:
            del self._waiting[name]

    def _world(self, name: str, exchanges: Sequence[Exchange]) -> World | None:
        """The world of some requests. One that matches no operation did not create it, and may be the first."""
        if any(one.envelope.trace.operation is None for one in exchanges):
            return self._worlds.open(name)
        return self._worlds.use(name)


def _is_preflight(scope: Scope) -> bool:
    """Whether a browser asks for what a page may send: nobody called an operation yet (Fetch standard, 4.8)."""
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" for name, _ in scope["headers"]
    )
