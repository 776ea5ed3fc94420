"""HTTP as it comes: one request, one answer, nothing followed, nothing mended.

1. No redirect is followed, no cookie kept, no answer repaired; a body cut short is an error, not an answer.
2. An answer is there within the time-out or not at all, however slowly its bytes drip.
3. A request is sent again if the connection could not be made, as often as the target allows; and once if a connection
   that was kept open turns out to be closed before a byte came back: servers may close what is idle without a word.
"""

import gzip
import http.client
import select
import ssl
import threading
import time
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from invite_conformance.target import Target

_LARGEST = 16 * 1024 * 1024
"""Bytes of one answer that are read."""


class WireError(Exception):
    """No answer came, or only a part of one; says nothing about the contract."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, decoded from its transfer and content coding only."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Names in small letters, in their order."""
    body: bytes
    elapsed: float
    """Seconds from sending to the last byte."""

    def header(self, name: str) -> str:
        """The values of a header, joined as RFC 9110 section 5.3 says; empty if it is not there."""
        return ", ".join(value for key, value in self.headers if key == name)

    @property
    def media_type(self) -> str:
        """The media type in small letters, without parameters; empty if none is given."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def status_line(self) -> str:
        """The status and its usual phrase, such as `201 Created`."""
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status)


class Wire:
    """Connections to one target; threads may share it."""

    def __init__(self, target: Target) -> None:
        parts = urlsplit(target.base_url)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._prefix = parts.path.rstrip("/")
        self._target = target
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()
        self._tls = ssl.create_default_context(cafile=target.ca_file) if self._secure else None

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        """One exchange; `path` follows the base URL and is percent-encoded. Raises WireError."""
        begun = time.monotonic()
        connection, kept = self._take()
        try:
            connection.request(method, self._prefix + path, body, headers)
            response = connection.getresponse()
            content = self._read(response, begun)
        except TimeoutError as error:
            connection.close()
            raise WireError(f"no whole answer within {self._target.timeout:g} s") from error
        except http.client.IncompleteRead as error:
            connection.close()
            raise WireError("the answer's body was cut short") from error
        except (http.client.HTTPException, OSError, ValueError) as error:
            connection.close()
            if kept and isinstance(error, (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)):
                self.close()
                return self.send(method, path, headers, body)
            raise WireError(f"no answer: {str(error) or type(error).__name__}") from error
        received = tuple((name.lower(), value) for name, value in response.getheaders())
        if response.will_close:
            connection.close()
        else:
            with self._lock:
                self._idle.append(connection)
        answer = Answer(response.status, received, content, time.monotonic() - begun)
        return Answer(answer.status, received, _decoded(content, answer.header("content-encoding")), answer.elapsed)

    def warm(self, count: int) -> None:
        """Have that many connections open, so that requests of as many threads start together. Raises WireError."""
        connections = [self._take()[0] for _ in range(count)]
        with self._lock:
            self._idle.extend(connections)

    def close(self) -> None:
        """Close what is open; the wire can be used again."""
        with self._lock:
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def _take(self) -> tuple[http.client.HTTPConnection, bool]:
        """A connection, and whether it was used before."""
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._open(), False
            # What can be read before anything was asked is the end of the connection, or bytes after an answer's end.
            if connection.sock is not None and not select.select([connection.sock], [], [], 0)[0]:
                return connection, True
            connection.close()

    def _open(self) -> http.client.HTTPConnection:
        for attempt in range(self._target.retries + 1):
            connection = (
                http.client.HTTPSConnection(self._host, self._port, timeout=self._target.timeout, context=self._tls)
                if self._secure
                else http.client.HTTPConnection(self._host, self._port, timeout=self._target.timeout)
            )
            try:
                connection.connect()
            except OSError as error:
                connection.close()
                if attempt == self._target.retries:
                    raise WireError(f"no connection to {self._target.base_url}: {error}") from error
                time.sleep(min(0.2 * 2**attempt, 5))
            else:
                return connection
        raise WireError("no connection")  # pragma: no cover  # retries are 0 or more

    def _read(self, response: http.client.HTTPResponse, begun: float) -> bytes:
        content = bytearray()
        while part := response.read1(65536):
            content += part
            if time.monotonic() - begun > self._target.timeout:
                raise TimeoutError
            if len(content) > _LARGEST:
                raise ValueError(f"a body of more than {_LARGEST} bytes")
        # read1 takes the end of the connection for the end of the body; what is still owed is known to the response.
        if response.length:
            raise http.client.IncompleteRead(bytes(content), response.length)
        response.read()
        return bytes(content)


def _decoded(content: bytes, coding: str) -> bytes:
    """The content without its coding (RFC 9110 section 8.4.1). Raises WireError if it is not what it says."""
    try:
        match coding.strip().lower():
            case "" | "identity":
                return content
            case "gzip" | "x-gzip":
                return gzip.decompress(content) if content else b""
            case "deflate":
                return zlib.decompress(content) if content else b""
            case other:
                raise WireError(f"the content coding {other!r} was not asked for")
    except (OSError, EOFError, zlib.error) as error:
        raise WireError(f"the body is no {coding}: {error}") from error
