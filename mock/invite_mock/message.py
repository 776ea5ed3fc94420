"""A request as the contract sees it, and the answer to it, each as a value.

What every request makes is a named tuple: a frozen data class takes three times as long to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

import orjson
from invite_specs import Document
from starlette.types import Send

PROBLEM = "application/problem+json"
JSON = "application/json"
# RFC 3986 section 3.3: what stands in a path as it is.
_PATH = "/:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a request is not as documented."""

    pointer: str
    """JSON Pointer into the request's body; empty for the whole body and for what is no body."""
    contract: str
    """JSON Pointer into the assumed document, to the keyword that is violated."""
    message: str


@dataclass(slots=True)
class Envelope:
    """What travels beside a request through every layer: which world, which id, and how the answer came about."""

    world: str
    request_id: str
    outcome: str = "natural"
    """`natural` (rules and state), `forced` (asked for), `fault` (injected) or `unmatched` (no such operation)."""


class Request(NamedTuple):
    """A request to one documented operation, parsed and measured against it."""

    path: str
    """The path without the world's prefix."""
    parameters: Mapping[str, str]
    """The path parameters, decoded."""
    headers: Mapping[str, str]
    """Field names in lower case; the values of a repeated field joined by commas."""
    query: str
    body: Document
    """The parsed body; None if there is none or it cannot be parsed."""
    violations: tuple[Violation, ...]
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: what a rule returns instead of a result. The wire shape is the contract's."""

    status: int
    code: str
    """The stable name of the reason, such as `ClientInvite.AlreadyInvited`."""
    why: str
    """What is wrong, as a sentence."""
    remedy: str
    """What to do instead, as a sentence."""
    violations: tuple[Violation, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


class Answer(NamedTuple):
    """A response before it is sent, with the reason for it."""

    status: int
    body: Document = None
    """A JSON value, or None for no body at all."""
    media_type: str = JSON
    headers: Mapping[str, str] = MappingProxyType({})
    why: str = ""
    """Why this answer and no other, for a person; never holds a token."""

    async def send(self, send: Send) -> None:
        """Send it as ASGI messages, JSON as UTF-8."""
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        content = b""
        if self.body is not None:
            # The line break is white space to JSON, and keeps a shell's prompt off the answer.
            content = orjson.dumps(self.body, option=orjson.OPT_APPEND_NEWLINE)
            headers.append((b"content-type", self.media_type.encode("latin-1")))
        if self.status != 204:
            headers.append((b"content-length", b"%d" % len(content)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def problem(refusal: Refusal, path: str) -> Answer:
    """A refusal as problem details (RFC 9457 section 3); every violation in the extension member `errors`.

    `path` is the request's, decoded and without the world's prefix, for `instance`. The type leads to the mock's own
    page of problems (RFC 9457 section 3.1.1).
    """
    body: dict[str, Document] = {
        "type": f"/docs/problems#{refusal.code}",
        "title": refusal.code,
        "status": refusal.status,
        "detail": f"{refusal.why} {refusal.remedy}",
        "instance": reference(path),
    }
    if refusal.violations:
        body["errors"] = [
            {"pointer": one.pointer, "contract": one.contract, "message": one.message} for one in refusal.violations
        ]
    return Answer(refusal.status, body, PROBLEM, refusal.headers, refusal.why)


def reference(path: str) -> str:
    """A decoded path as a URI reference, such as `instance` must be (RFC 9457 section 3.1.5)."""
    return quote(path, safe=_PATH)
