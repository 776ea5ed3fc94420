"""A request as its API sees it, and the answer to it, each as a value.

What every request needs is a named tuple: a frozen dataclass takes three times as long to create.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import orjson
from invite_specs import Json, Operation
from starlette.types import Send

from invite_mock.refusal import Refusal
from invite_mock.state.store import Invite

JSON = "application/json"
ENVELOPE = "invite_mock.envelope"
"""The key of a request's Envelope in its ASGI scope."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a request is not as documented."""

    pointer: str
    """JSON Pointer into the request's body; empty for the whole body and for anything else."""
    keyword: str
    """JSON Pointer into the assumed document, to the keyword that is violated."""
    assumption: str | None
    """The id of the assumption that says it; None where the published document does."""
    message: str
    received: str
    expected: str

    @property
    def source(self) -> tuple[str, str]:
        """`contract` and the JSON Pointer, or `assumption` and its id."""
        return ("contract", self.keyword) if self.assumption is None else ("assumption", self.assumption)


@dataclass(slots=True)
class Trace:
    """What the layers found and did, for the journal."""

    operation: Operation | None = None
    """None where the request matches none."""
    body: bytes | None = None
    """The request's body; None where it was not read, or is too large."""
    violations: Sequence[Violation] = ()
    refusal: Refusal | None = None
    reason: str = ""
    """Why the answer is this one; empty where only rules and state say it."""
    invites: Sequence[Invite] = ()
    """Those that were stored, each as it is then."""
    status: int = 0
    """Of the answer; 0 if there is none."""
    headers: Sequence[tuple[bytes, bytes]] = ()
    """Of the answer."""
    content: bytes = b""
    """The answer's body."""

    def refuse(self, refusal: Refusal, violations: Sequence[Violation]) -> None:
        """Note that the request is refused, and because of which violations."""
        self.refusal, self.violations = refusal, violations


@dataclass(slots=True)
class Envelope:
    """What accompanies a request through every layer: its world, its id, and the origin of its answer."""

    world: str
    request_id: str
    outcome: str = "natural"
    """`natural` (rules and state), `forced` (requested), `fault` (injected) or `unmatched` (refused, since there is no
    such operation or page).
    """
    trace: Trace = field(default_factory=Trace)


class Request(NamedTuple):
    """A request to one documented operation, parsed and validated."""

    path: str
    """The path without the world's prefix, decoded except for %2F and %25."""
    parameters: Mapping[str, str]
    """The path parameters, decoded."""
    headers: Mapping[str, str]
    """Field names in lower case; the values of a repeated field joined by commas."""
    query: str
    body: Json
    """The parsed body; None if there is none or it cannot be parsed."""
    violations: tuple[Violation, ...]
    envelope: Envelope
    arguments: Mapping[str, Json] = MappingProxyType({})
    """Every parameter by name, as a value of its documented type; the default where the request has none."""
    malformed_parameters: bool = False
    """Whether a violation is by a parameter."""


class Answer(NamedTuple):
    """A response before it is sent, with the reason for it."""

    status: int
    body: Json = None
    """A JSON value, or None for no body at all; of a media type that is not JSON, the text."""
    media_type: str = JSON
    headers: Mapping[str, str] = MappingProxyType({})
    reason: str = ""
    """Why this answer and no other, for a person; never contains a token."""

    async def send(self, send: Send) -> None:
        """Send it as ASGI messages, JSON as UTF-8."""
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        content = b""
        if self.body is not None:
            if isinstance(self.body, str) and not is_json(self.media_type):
                content = self.body.encode()
            else:
                # The line break is white space in JSON; in a terminal the next prompt begins on a new line.
                content = _json(self.body)
            headers.append((b"content-type", self.media_type.encode("latin-1")))
        # RFC 9110 section 8.6: none with 204; with 304 it would be the length of what is not sent.
        if self.status not in {204, 304}:
            headers.append((b"content-length", b"%d" % len(content)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def _json(value: Json) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # It writes integers of 64 bits only, and a parameter may be a larger one.
        return f"{json.dumps(value)}\n".encode()


def is_json(media_type: str) -> bool:
    """Whether content of a media type is JSON (RFC 6839 section 3.1: the suffix `+json`)."""
    subtype = media_type.partition(";")[0].strip().lower().rpartition("/")[2]
    return subtype == "json" or subtype.endswith("+json")


def header_fields(fields: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """The header fields of an ASGI scope by name; the values of a repeated one as a list (RFC 9110 section 5.3)."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in fields}
    if len(headers) < len(fields):
        for name in headers:
            headers[name] = ", ".join(value.decode("latin-1") for key, value in fields if key.decode("latin-1") == name)
    return headers
