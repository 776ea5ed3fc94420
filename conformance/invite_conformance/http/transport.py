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
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from invite_conformance.http.response import Response

_LARGEST = 16 * 1024 * 1024
"""Bytes of one answer that are read."""


class TransportError(Exception):
    """No answer came, or only a part of one; says nothing about the contract."""


class ConnectError(TransportError):
    """No connection."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None


class Transport:
    """Connections to one target; threads may share it."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 10,
        connect_retries: int = 0,
        ca_file: Path | None = None,
        client_cert: Path | None = None,
        client_key: Path | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        self._base_url, self._timeout, self._retries = base_url, timeout, connect_retries
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._prefix = parts.path.rstrip("/")
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()
        self._tls = ssl.create_default_context(cafile=ca_file) if self._secure else None

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        """One exchange; `path` follows the base URL and is percent-encoded. Raises WireError."""
        begun = time.monotonic()
        connection, satisfied = self._take()
        try:
            connection.request(method, self._prefix + path, body, dict(headers))
            raw = connection.getresponse()
            content = self._read(raw, begun)
        except TimeoutError as error:
            connection.close()
            raise TransportError(f"no whole answer within {self._timeout:g} s") from error
        except http.client.IncompleteRead as error:
            connection.close()
            raise TransportError("the answer's body was cut short") from error
        except (http.client.HTTPException, OSError, ValueError) as error:
            connection.close()
            if satisfied and isinstance(error, (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)):
                self.close()
                return self.send(method, path, headers, body)
            raise TransportError(f"no answer: {str(error) or type(error).__name__}") from error
        received = tuple((name.lower(), value) for name, value in raw.getheaders())
        if raw.will_close:
            connection.close()
        else:
            with self._lock:
                self._idle.append(connection)
        response = Response(raw.status, received, content, time.monotonic() - begun)
        return Response(
            response.status, received, _decoded(content, response.header("content-encoding")), response.elapsed
        )

    def send_together(self, requests: Sequence[Request]) -> list[Response | TransportError]:
        self.warm(len(requests))
        start = threading.Barrier(len(requests))

        def one(r: Request) -> Response | TransportError:
            start.wait()
            try:
                return self.send(r.method, r.path, dict(r.headers), r.body)
            except TransportError as error:
                return error

        with ThreadPoolExecutor(len(requests)) as threads:
            return list(threads.map(one, requests))

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
        for attempt in range(self._retries + 1):
            connection = (
                http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._tls)
                if self._secure
                else http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
            )
            try:
                connection.connect()
            except OSError as error:
                connection.close()
                if attempt == self._retries:
                    raise ConnectError(f"no connection to {self._base_url}: {error}") from error
                time.sleep(min(0.2 * 2**attempt, 5))
            else:
                return connection
        raise TransportError("no connection")  # pragma: no cover  # retries are 0 or more

    def _read(self, response: http.client.HTTPResponse, begun: float) -> bytes:
        content = bytearray()
        while part := response.read1(65536):
            content += part
            if time.monotonic() - begun > self._timeout:
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
                raise TransportError(f"the content coding {other!r} was not asked for")
    except (OSError, EOFError, zlib.error) as error:
        raise TransportError(f"the body is no {coding}: {error}") from error
