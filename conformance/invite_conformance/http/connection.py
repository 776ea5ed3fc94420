"""A connection to the server, and the request that is in flight on it.

1. Sockets do not block; one loop (`drive`) serves any number of requests until one deadline.
2. Reading goes on while a request is being sent: a server may answer before it has read all of it.
3. A request is written once. Whoever wants to write it again needs to know that nothing was written: `nothing_sent`.
"""

import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import h11

from invite_conformance.http.deadline import Deadline
from invite_conformance.http.errors import HungUpError, TimedOutError, TransportError
from invite_conformance.http.response import Response
from invite_conformance.http.response_reader import ResponseReader, new_http
from invite_conformance.http.tls import refused_by_server

_BLOCKED = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


@dataclass(frozen=True, slots=True)
class Connection:
    """A socket that does not block, with the state of HTTP on it."""

    sock: socket.socket
    http: h11.Connection

    @classmethod
    def on(cls, sock: socket.socket) -> "Connection":
        """A new connection on a connected socket, which it makes non-blocking."""
        sock.setblocking(False)
        return cls(sock, new_http())

    def silent(self, seconds: float) -> bool:
        """Whether nothing is received for so long: before a request, that is the end, or bytes after a response."""
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self.sock, selectors.EVENT_READ)
                selector.select(seconds)
            self.sock.recv(1)
        except _BLOCKED:  # TLS may have received what is not for us
            return True
        except OSError:
            return False
        return False

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()


class InFlightRequest:
    """A request being sent, and what has arrived of its response.

    With `hold_last`, the last byte is sent by `release` and not before. Raises TransportError and closes the connection
    for a body that does not fit the request's own framing headers.
    """

    def __init__(self, connection: Connection, event: h11.Request, body: bytes, *, hold_last: bool = False) -> None:
        self.connection = connection
        self.result: Response | TransportError | None = None
        """None as long as it is in flight."""
        try:
            parts = [connection.http.send(one) for one in (event, h11.Data(data=body), h11.EndOfMessage())]
        except h11.LocalProtocolError as error:
            connection.close()
            raise TransportError(f"the request was not sent: {error}") from error
        octets = b"".join(part for part in parts if part)
        self._size = len(octets)
        self.unsent = memoryview(octets[:-1] if hold_last else octets)
        self._held = octets[-1:] if hold_last else b""
        self.interest = selectors.EVENT_READ | selectors.EVENT_WRITE
        """What the socket has to be ready for before `advance` can do more."""
        self._reader = ResponseReader(connection.http)

    @property
    def nothing_sent(self) -> bool:
        """Whether not one byte was written."""
        return len(self.unsent) + len(self._held) == self._size

    @property
    def reusable(self) -> bool:
        """Whether the connection can take another request."""
        http = self.connection.http
        done = http.our_state is h11.DONE and http.their_state is h11.DONE
        return done and isinstance(self.result, Response) and not (self.unsent or self._held or http.trailing_data[0])

    def advance(self) -> None:
        """Write and read what is possible at once."""
        self.interest = selectors.EVENT_READ
        try:
            self._write()
            self._read()
        except TransportError as error:
            self.result = error

    def release(self) -> None:
        """Send the last byte that was held back."""
        self._reader.begun = time.monotonic()
        self.unsent, self._held = memoryview(self._held), b""
        self._write()

    def time_out(self, deadline: Deadline) -> None:
        """Give up: the deadline has passed."""
        unsent = len(self.unsent) + len(self._held)
        sent = f", {self._size - unsent} of {self._size} bytes of the request were sent" if unsent else ""
        where = "are host and port of base_url right, and " if self._reader.nothing_arrived else ""
        self.result = TimedOutError(
            f"no whole response within {deadline.seconds:g} s ({self._reader.arrived}{sent}); {where}is `timeout` long"
            " enough?"
        )

    def _write(self) -> None:
        while self.unsent:
            try:
                self.unsent = self.unsent[self.connection.sock.send(self.unsent) :]
            except ssl.SSLWantReadError:
                return
            except (BlockingIOError, ssl.SSLWantWriteError):
                self.interest |= selectors.EVENT_WRITE
                return
            except OSError:
                return  # what the server said before it hung up can still be read

    def _read(self) -> None:
        try:
            # Once: the deadline is looked at between two reads. Nothing stays behind in TLS, whose records are smaller.
            data = self.connection.sock.recv(65536)
        except _BLOCKED:
            return
        except ssl.SSLError as error:
            raise refused_by_server(error) from error
        except OSError:
            self._end("reset")
            return
        if data:
            self.result = self._reader.feed(data)
        else:
            self._end("closed")

    def _end(self, how: str) -> None:
        if self.nothing_sent:
            raise HungUpError(f"the server {how} the connection before the request was sent")
        self.result = self._reader.end(how)


def finished(request: InFlightRequest) -> bool:
    """Whether there is a response or an error."""
    return request.result is not None


def drive(
    requests: Iterable[InFlightRequest],
    deadline: Deadline,
    until: Callable[[InFlightRequest], bool] = finished,
) -> None:
    """Send and receive until each request is as far as `until` says, has failed or has timed out."""
    with selectors.DefaultSelector() as selector:
        for request in requests:
            request.advance()
            if not (until(request) or finished(request)):
                selector.register(request.connection.sock, request.interest, request)
        while keys := list(selector.get_map().values()):
            try:
                ready = selector.select(deadline.left())
            except TimeoutError:
                for key in keys:
                    key.data.time_out(deadline)
                return
            for key, _ in ready:
                request = key.data
                request.advance()
                if until(request) or finished(request):
                    selector.unregister(key.fileobj)
                elif request.interest != key.events:
                    selector.modify(key.fileobj, request.interest, request)
