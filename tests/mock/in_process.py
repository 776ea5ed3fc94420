"""A mock in this process, called as a server would call it: for what no real client or file does on request."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from invite_mock.app import Mock
from invite_mock.settings import Settings
from invite_specs import Json
from mock.oracle import Oracle, Received

Message = dict[str, Any]
DISCONNECT: Message = {"type": "http.disconnect"}


def piece(body: bytes, *, last: bool = False) -> Message:
    """A part of a request's body."""
    return {"type": "http.request", "body": body, "more_body": not last}


class InProcess:
    """Calls one mock; the oracle validates every answer."""

    def __init__(self, mock: Mock, oracle: Oracle) -> None:
        self.served = mock
        self._oracle = oracle

    def send(
        self,
        method: str,
        path: str,
        body: Json | bytes = None,
        headers: Mapping[str, str] | None = None,
        *,
        documented: bool = True,
    ) -> Received:
        """One exchange; `body` is sent as it is if it is bytes, otherwise as JSON.

        `documented` says whether a document has the answer, so that the oracle validates it.
        """
        received = asyncio.run(self.exchange(method, path, body, headers, documented=documented))
        assert received is not None
        return received

    def send_pieces(
        self, method: str, path: str, pieces: Sequence[Message], headers: Mapping[str, str] | None = None
    ) -> Received | None:
        """One exchange whose body arrives as those messages; None if there is no answer."""
        return asyncio.run(self.exchange_pieces(method, path, pieces, headers))

    async def exchange(
        self,
        method: str,
        path: str,
        body: Json | bytes = None,
        headers: Mapping[str, str] | None = None,
        *,
        documented: bool = True,
    ) -> Received | None:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **(headers or {})} if content else headers
        return await self.exchange_pieces(method, path, [piece(content, last=True)], given, documented=documented)

    async def exchange_pieces(
        self,
        method: str,
        path: str,
        pieces: Sequence[Message],
        headers: Mapping[str, str] | None = None,
        *,
        documented: bool = True,
    ) -> Received | None:
        messages = iter([*pieces, DISCONNECT])
        sent: list[Message] = []

        async def receive() -> Message:
            return next(messages)

        async def send(message: Any) -> None:
            sent.append(message)

        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in _headers(headers).items()],
            "scheme": "http",
            "root_path": "",
            "server": ("127.0.0.1", 4010),
        }
        await self.served.app(scope, receive, send)
        if not sent:
            return None
        received = Received(
            sent[0]["status"],
            {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]},
            # A server sends no body in answer to HEAD, whatever the application gives it.
            b"".join(message.get("body", b"") for message in sent[1:] if method != "HEAD"),
        )
        if documented:
            self._oracle.check(method, _without_world(path), received)
        return received

    def state(self) -> Json:
        """The contents of the world main."""
        state: Json = self.send("GET", "/_mock/worlds/main").json["state"]
        return state


def _headers(given: Mapping[str, str] | None) -> dict[str, str]:
    return {"host": "127.0.0.1:4010", **(given or {})}


@contextmanager
def mock_in_process(oracle: Oracle, settings: Settings | None = None) -> Iterator[InProcess]:
    """A mock with those settings; its store is closed at the end."""
    mock = Mock(settings or Settings())
    try:
        yield InProcess(mock, oracle)
    finally:
        mock.store.close()


def _without_world(path: str) -> str:
    return "/" + path.split("/", 2)[2] if path.startswith("/@") else path
