"""What came back, decoded from its transfer and content coding only."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Response:
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
