"""A request of the journal, sent again: with the key of the member whose key it had."""

import base64
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from starlette.types import ASGIApp, Message, Scope

from invite_mock.http.problems import reference
from invite_mock.journal.api import Api
from invite_mock.journal.masking import MASK
from invite_mock.state.journal import Event
from invite_mock.state.store import Scope as Part
from invite_mock.state.store import Store
from invite_mock.state.world import MAIN

_OF_CONNECTION = {"connection", "content-length", "keep-alive", "transfer-encoding"}


class UnrepeatableError(Exception):
    """A request that cannot be sent again as it was; the message says why, as the end of a sentence."""


class Replay:
    """Sends requests again, to the application that `mock` gives."""

    def __init__(self, apis: Sequence[Api], store: Store, mock: Callable[[], ASGIApp]) -> None:
        self._apis = apis
        self._store = store
        self._mock = mock

    def prepare(self, event: Event, world: str) -> tuple[Scope, bytes]:
        """The ASGI scope and the body of a request that is sent again; inside a transaction.

        Raises UnrepeatableError where something was not kept.
        """
        data: Any = event.data
        sent = data["request"]
        names = {field["name"].lower() for field in sent["headers"]}
        if sent.get("cut") or sent.get("masked"):
            raise UnrepeatableError("its body was not kept whole")
        if MASK in data["path"]:
            raise UnrepeatableError("its path or query was masked")
        if sent["body"] is None and (sent["size"] or "transfer-encoding" in names):
            raise UnrepeatableError("its body was not read")
        body = sent["body"] or ""
        content = base64.b64decode(body) if sent.get("encoding") == "base64" else body.encode()
        headers = [*self._headers(data, event.operation, world)]
        path, _, query = data["path"].partition("?")
        prefix = "" if world == MAIN else f"/@{world}"
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": data["method"],
            "scheme": "http",
            "path": prefix + path,
            # The path of an entry is decoded but for %2F, %25 and %3F.
            "raw_path": reference(prefix + path).encode(),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            "server": None,
            "client": None,
        }
        return scope, content

    def _headers(self, data: Any, operation: str | None, world: str) -> Iterator[tuple[str, str]]:
        """The header fields, with the key; what was masked is left out where the operation does not document it."""
        api = next((one for one in self._apis if one.name == data["contract"]), None)
        documented = api.header_fields(operation) if api else frozenset()
        for field in data["request"]["headers"]:
            name, value = field["name"].lower(), field["value"]
            if MASK not in value:
                if name not in _OF_CONNECTION:
                    yield name, value
            elif name in documented:
                yield name, self._key(data, name, world)

    def _key(self, data: Any, header: str, world: str) -> str:
        """The present key of the member whose key the header field had."""
        caller, contract = data["caller"], data["contract"]
        if caller is None or caller["header"] != header:
            raise UnrepeatableError(f"the value of its header {header} was masked, and is no key of this world")
        fields = (one for api in self._apis if api.name == contract for one in api.keys)
        for name, kind, member in fields:
            if name == header and kind.name == caller["kind"]:
                found = self._store.get(Part(world, contract), kind, caller["key"])
                value = getattr(found, member, None)
                if value is not None:
                    return str(value)
        raise UnrepeatableError(f"the {caller['kind']} {caller['name']} has no key any more")

    async def send(self, scope: Scope, body: bytes) -> str:
        """Send it to the mock; returns the Mock-Request-Id of the answer."""
        request_id = ""
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return messages.pop() if messages else {"type": "http.disconnect"}

        async def sent(message: Message) -> None:
            nonlocal request_id
            if message["type"] == "http.response.start":
                request_id = dict(message["headers"])[b"mock-request-id"].decode()

        await self._mock()(scope, receive, sent)
        return request_id
