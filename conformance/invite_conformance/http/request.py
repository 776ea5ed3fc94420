"""One request, and what HTTP requires of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import h11

from invite_conformance.http.errors import TransportError

_WITH_CONTENT = {"PATCH", "POST", "PUT"}
"""Methods that anticipate content: a request without any says `Content-Length: 0` (RFC 9110 section 8.6)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to send."""

    method: str
    path: str
    """What follows the base URL, percent-encoded."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names and values are sent as given; `Host` and the framing are added where they are missing."""
    body: bytes | None = None

    @property
    def call(self) -> str:
        """Names the request in messages."""
        return f"{self.method} {self.path if len(self.path) <= 200 else self.path[:200] + '…'}"

    def event(self, authority: str, before_path: str, more: Mapping[str, str]) -> h11.Request:
        """The request line and headers; the request's own headers win over `more`.

        Raises TransportError for what cannot be sent, by the header's name: its value may be a secret.
        """
        given = {name.lower() for name in self.headers}
        framing = {}
        if not given & {"content-length", "transfer-encoding"}:
            if self.body is not None:
                framing = {"Content-Length": str(len(self.body))}
            elif self.method in _WITH_CONTENT:
                framing = {"Content-Length": "0"}
        added = {"Host": authority, **framing, **more}
        headers = [*self.headers.items(), *(item for item in added.items() if item[0].lower() not in given)]
        try:
            return h11.Request(method=self.method, target=before_path + self.path, headers=list(_encoded(headers)))
        except (h11.LocalProtocolError, UnicodeEncodeError):
            wrong = [f"the header {name[:100]!a}" for name, value in headers if not _sendable(name, value)]
            reason = f"{', '.join(wrong) or 'its method or path'} has characters that RFC 9110 does not allow"
            raise TransportError(f"the request was not sent: {reason}") from None


def _encoded(headers: list[tuple[str, str]]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers:
        yield name.encode("ascii"), value.encode("latin-1")


def _sendable(name: str, value: str) -> bool:
    host = [] if name.lower() == "host" else [(b"host", b"any")]
    try:
        h11.Request(method="GET", target="/", headers=[*host, *_encoded([(name, value)])])
    except (h11.LocalProtocolError, UnicodeEncodeError):
        return False
    return True
