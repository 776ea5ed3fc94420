"""Puts a response together from bytes as they arrive.

1. 1xx responses before the final one are skipped (RFC 9110 section 15.2); 101 is an error, as no upgrade is asked for.
2. Nothing is repaired: what is not HTTP/1 is an error that quotes its first bytes.
3. Body, headers and chunk framing together are at most `LARGEST` bytes.
"""

import re
import time

import h11

from invite_conformance.http.content_coding import decoded
from invite_conformance.http.errors import CutShortError, HungUpError, TlsError, TransportError
from invite_conformance.http.response import Response

LARGEST = 16 * 1024 * 1024
"""Bytes of one response that are read, and that its body may have when decompressed."""
_LARGEST_HEAD = 128 * 1024
_QUOTED = 100
"""Bytes of a response in a message."""
_SWITCHED = "the server answers 101 and switches to another protocol, which was not asked for"
_TLS_RECORD = re.compile(rb"[\x14-\x17]\x03")
_HEAD_END = re.compile(rb"\n\r?\n")
_FOLDED = re.compile(rb"\n[ \t]")


def new_http() -> h11.Connection:
    """The HTTP state of a new connection."""
    return h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)


class ResponseReader:
    """Reads the response to the one request that was given to `http`."""

    def __init__(self, http: h11.Connection) -> None:
        self._http = http
        self.begun = time.monotonic()
        """When the request was sent, on the monotonic clock."""
        self._received = 0
        self._first = b""
        """The first bytes, for messages."""
        self._head = bytearray()
        """Bytes since the last 1xx response, until the final response's headers are whole."""
        self._final: h11.Response | None = None
        self._body = bytearray()

    @property
    def nothing_arrived(self) -> bool:
        """Whether not one byte has arrived."""
        return not self._first

    @property
    def arrived(self) -> str:
        """What has arrived so far, for messages."""
        if self._final is not None:
            return f"the status {self._final.status_code} and {len(self._body)} bytes of the body had arrived"
        if self.nothing_arrived:
            return "nothing had arrived"
        line, newline, _ = self._first.partition(b"\n")
        what = "the status line" if newline else "only"
        return f"{what} {_quoted(line)} had arrived"

    def feed(self, data: bytes) -> Response | None:
        """Take bytes in; gives the response when it is whole. Raises TransportError."""
        self._received += len(data)
        if self._received > LARGEST:
            raise TransportError(f"the response has more than {LARGEST} bytes")
        self._first += data[: _QUOTED - len(self._first)]
        if self._final is None:
            self._head += data
            self._reject_other_protocols()
        self._http.receive_data(data)
        return self._advance()

    def end(self, how: str) -> Response | None:
        """Take note that the connection `how`, such as `closed`; gives a response that ends with its connection.

        Raises HungUpError or CutShortError.
        """
        if self.nothing_arrived:
            raise HungUpError(f"the server {how} the connection before any byte of a response")
        if self._final is None or how != "closed":
            raise CutShortError(f"the response is cut short: the server {how} the connection, and {self.arrived}")
        self._http.receive_data(b"")
        return self._advance()

    def _advance(self) -> Response | None:
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise self._explained(error) from error
            match event:
                case h11.InformationalResponse() | h11.Response():
                    self._take_head(event)
                case h11.Data():
                    self._body += event.data
                case h11.EndOfMessage() | h11.PAUSED:  # paused: the tunnel of a CONNECT is open
                    return self._whole()
                case _:
                    return None

    def _take_head(self, event: h11.InformationalResponse | h11.Response) -> None:
        if event.status_code == 101:
            raise TransportError(_SWITCHED)
        end = _HEAD_END.search(self._head)
        # RFC 9112 section 5.2 forbids servers to fold lines; h11 unfolds them.
        if end and _FOLDED.search(self._head, 0, end.start()):
            raise TransportError(
                "a header of the response is folded over two lines, which RFC 9112 section 5.2 forbids"
            )
        if isinstance(event, h11.Response):
            self._final = event
        elif end:
            del self._head[: end.end()]

    def _whole(self) -> Response | None:
        if self._final is None:
            return None
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in self._final.headers)
        response = Response(self._final.status_code, headers, bytes(self._body), time.monotonic() - self.begun)
        body = decoded(response.body, response.header("content-encoding"), LARGEST)
        return Response(response.status, headers, body, response.elapsed)

    def _reject_other_protocols(self) -> None:
        """Say so at once: what is not HTTP need not hold the blank line that a parser waits for."""
        if _TLS_RECORD.match(self._head):
            raise TlsError("https/http mix-up: base_url says http, the server speaks TLS; begin base_url with https")
        if not b"HTTP/1.".startswith(self._head[:7]):
            raise TransportError(f"the response is not HTTP/1.1; it begins with {_quoted(self._first)}")

    def _explained(self, error: h11.RemoteProtocolError) -> TransportError:
        if self._final is not None and self._http.trailing_data[1]:
            return CutShortError(f"the response is cut short: {self.arrived}, and {error}")
        if self._final is None and re.match(rb"HTTP/1\.[01] 101\b", self._head):
            return TransportError(_SWITCHED)  # h11 raises where the request has no Upgrade header
        if self._final is None and len(self._head) > _LARGEST_HEAD:
            return TransportError(f"the response's headers have more than {_LARGEST_HEAD} bytes")
        # h11 quotes bytes in its messages as Python literals, of any length.
        reason = ascii(str(error))[1:-1][: 2 * _QUOTED]
        return TransportError(f"the response is not valid HTTP/1.1: {reason}; it begins with {_quoted(self._first)}")


def _quoted(data: bytes) -> str:
    """A bounded Python literal: printable ASCII whatever the bytes are."""
    return repr(bytes(data[:_QUOTED]))[1:]
