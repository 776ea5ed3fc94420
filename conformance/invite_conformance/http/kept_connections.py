"""The connections that are kept open for the next request.

A request that is sent just as the server closes its connection is lost, and must not be sent again if it is a POST. So:

1. A connection is used again only within `_IDLE_SECONDS`, and if nothing can be read from it.
2. A server may close connections after each response without saying so. Before the first connection is used again, it
   is given `_TRIAL_SECONDS` to do that; as soon as one is found closed, no more are kept.
"""

import threading
import time

from invite_conformance.http.connection import Connection

_IDLE_SECONDS = 1.0
"""Servers close idle connections, some after 2 s."""
_TRIAL_SECONDS = 0.02


class KeptConnections:
    """Open connections to one server, each between two requests; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[tuple[Connection, float]] = []
        """With the time, on the monotonic clock, until which each may be used."""
        self._keeping = True
        self._tried = False

    def put(self, connection: Connection) -> None:
        """Keep a connection whose response is whole."""
        with self._lock:
            if self._keeping:
                self._idle.append((connection, time.monotonic() + _IDLE_SECONDS))
                return
        connection.close()

    def take(self) -> Connection | None:
        """A connection that is still open; None if there is none."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection, until = self._idle.pop()
            if time.monotonic() < until:
                if connection.silent(0 if self._tried else _TRIAL_SECONDS):
                    self._tried = True
                    return connection
                self._keeping = False
            connection.close()

    def distrust(self) -> None:
        """Keep no more connections: the server closed one that was in use."""
        self._keeping = False
        self.close()

    def close(self) -> None:
        """Close all."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()
