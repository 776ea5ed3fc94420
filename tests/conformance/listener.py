"""One HTTP/1.1 server for every implementation of the tests: a path's first segment names who answers.

`/NAME/...` speaks to the implementation of that name; `/NAME~ANYTHING/...` to another instance of it, with a state of
its own, so that each run begins fresh and many can go on at once.
"""

import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

LIMIT = 1 << 20
"""The largest request body that is read, in bytes."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    """Without the name in front; percent-decoded."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    too_large: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    """The last value of each name, decoded."""


@dataclass(frozen=True)
class Answer:
    status: int
    document: Any = None
    """The body as JSON; no body at all if it is None."""
    media_type: str | None = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    """The body as bytes, in place of the document."""
    chunked: bool = False
    close: bool = False
    cut: int = 0
    """So many bytes at the body's end are announced and never sent."""

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.document is None else json.dumps(self.document, ensure_ascii=False).encode()


class Implementation(Protocol):
    def reply(self, request: Request) -> Answer: ...


class Listener(socketserver.ThreadingTCPServer):
    """Listens on a free loopback port; `makers` gives an implementation for a name."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, makers: Mapping[str, Callable[[], Implementation]]) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self._makers = makers
        self._instances: dict[str, Implementation] = {}
        self._lock = threading.Lock()
        self.requests = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, request: Request) -> Answer:
        instance, _, path = request.path.removeprefix("/").partition("/")
        name = instance.partition("~")[0]
        if name not in self._makers:
            return Answer(404, {"unknown": name})
        with self._lock:
            self.requests += 1
            if instance not in self._instances:
                self._instances[instance] = self._makers[name]()
        return self._instances[instance].reply(replace(request, path=f"/{path}"))

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away; any other error shows as a connection closed without an answer."""


@contextmanager
def listening(makers: Mapping[str, Callable[[], Implementation]]) -> Iterator[Listener]:
    with Listener(makers) as listener:
        threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        yield listener
        listener.shutdown()


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    timeout = 30
    server: Listener

    def handle(self) -> None:
        while (request := self._read()) is not None:
            answer = self.server.answer(request)
            self._write(request, answer)
            if answer.close or request.too_large or request.headers.get("connection", "").lower() == "close":
                return

    def _read(self) -> Request | None:
        line = self.rfile.readline(1 << 17).decode("latin-1").split()
        if len(line) != 3:
            return None
        headers: dict[str, str] = {}
        while (header := self.rfile.readline(1 << 17).decode("latin-1").strip("\r\n")) != "":
            name, _, value = header.partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self._chunks() if "chunked" in headers.get("transfer-encoding", "") else self._sized(headers)
        path, _, query = line[1].partition("?")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        return Request(line[0], unquote(path, errors="replace"), headers, body[:LIMIT], len(body) > LIMIT, asked)

    def _sized(self, headers: Mapping[str, str]) -> bytes:
        length = headers.get("content-length", "0")
        # A body is read to its end even if it is too large: closing on unread bytes resets the connection under the
        # answer.
        return self.rfile.read(int(length)) if length.isdecimal() else b""

    def _chunks(self) -> bytes:
        body = b""
        while (size := int(self.rfile.readline().split(b";")[0], 16)) > 0:
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def _write(self, request: Request, answer: Answer) -> None:
        body = answer.body()
        lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        if answer.media_type is not None:
            lines.append(f"Content-Type: {answer.media_type}")
        lines.append(f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S GMT', time.gmtime())}")
        lines.append("Transfer-Encoding: chunked" if answer.chunked else f"Content-Length: {len(body)}")
        if answer.close:
            lines.append("Connection: close")
        if answer.chunked:
            halves = [half for half in (body[: len(body) // 2], body[len(body) // 2 :]) if half]
            body = b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in halves) + b"0\r\n\r\n"
        if request.method == "HEAD":
            body = b""
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        self.wfile.write(head + body[: len(body) - answer.cut])


_REASONS = {status.value: status.phrase for status in HTTPStatus}
