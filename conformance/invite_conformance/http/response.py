"""One response, as it was received."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Response:
    """The final response to a request, decoded from its transfer and content coding only."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, in their order; the trailers of a chunked body are not among them."""
    body: bytes
    elapsed: float
    """Seconds from the first byte sent to the last byte received."""

    def header(self, name: str) -> str:
        """The values of a header (its name in lower case), joined as RFC 9110 section 5.3 says; empty if absent."""
        return ", ".join(value for key, value in self.headers if key == name)

    @property
    def media_type(self) -> str:
        """The media type in lower case, without parameters; empty if none is given."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def status_line(self) -> str:
        """The status and its usual phrase, such as `201 Created`."""
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status)
