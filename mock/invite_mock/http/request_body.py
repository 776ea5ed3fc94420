"""The body of a request: read by its media type and validated against the schema that is documented for it.

JSON, forms (`application/x-www-form-urlencoded`) and text are parsed; of others only the media type is validated.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qs

from invite_specs import Document, Json, Part

from invite_mock.http import bodies
from invite_mock.http.messages import Violation, is_json
from invite_mock.http.schema import Schema, Schemas
from invite_mock.http.wire_text import Reading
from invite_mock.schema_errors import quote, shorten

_CHARSET = re.compile(r'\bcharset\s*=\s*"?([^\s";]+)', re.IGNORECASE)
_FORM = "application/x-www-form-urlencoded"
_NO_VALUE = (None, ())


class _Media(NamedTuple):
    """One documented media type."""

    name: str
    schema: Schema | None
    reading: Reading


class RequestBody:
    """The request body that an operation documents, compiled. Raises UnsupportedError."""

    def __init__(self, part: Part, schemas: Schemas) -> None:
        self._pointer = part.pointer
        self._required = bool(part.definition.get("required", False))
        self._assumption_at = schemas.assumption_at
        self._media = {
            _bare(name): _Media(_bare(name), schemas.at(pointer) if pointer else None, _reading(schemas, name, pointer))
            for name, pointer in part.content.items()
        }

    def read(self, body: bytes, headers: Mapping[str, str]) -> tuple[Json, tuple[Violation, ...]]:
        """The parsed body (None for none, and for what is not parsed) and its violations."""
        if not self._media or not (body or self._required):
            return _NO_VALUE
        if not body:
            expected = f"send {'JSON' if all(map(is_json, self._media)) else self._expected}"
            return None, (self._violation("required", f"a body is required; {expected}", "no body", "a body"),)
        content_type = headers.get("content-type", "")
        media = self._media.get(content_type) or self._find(_bare(content_type))
        received, expected = "", self._expected
        if media is None:
            received = f"the media type {shorten(content_type)}" if content_type else "a body without Content-Type"
        elif is_json(media.name) and content_type != media.name:
            charset = _CHARSET.search(content_type.partition(";")[2])
            # RFC 8259 section 8.1: "JSON text exchanged between systems ... MUST be encoded using UTF-8"
            if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
                received, expected = f"the charset {shorten(charset[1])}", "UTF-8"
        encoding = headers.get("content-encoding", "identity").lower()
        if encoding != "identity":
            received, expected = f"the Content-Encoding {shorten(encoding)}", "the body as it is"
        if media is None or received:
            message = f"{received} is not documented; send {expected}"
            return None, (self._violation("content", message, received, expected),)
        return self._parse(body, media, _bare(content_type))

    def _parse(self, body: bytes, media: _Media, content_type: str) -> tuple[Json, tuple[Violation, ...]]:
        value: Json
        if is_json(media.name) or is_json(content_type):
            try:
                value = bodies.parse(body)
            except bodies.JsonBodyError as error:
                received = quote(body[:80].decode("utf-8", "replace"))
                return None, (self._violation("content", f"the body {error}", received, "one JSON value"),)
        elif content_type == _FORM:
            value = _form(body, media.reading)
        elif content_type.startswith("text/") and "string" in media.reading.kinds:
            value = body.decode("utf-8", "replace")
        else:
            return _NO_VALUE
        if media.schema is None or media.schema.is_valid(value):
            return value, ()
        return value, tuple(media.schema.violations(value))

    def _find(self, content_type: str) -> _Media | None:
        """The most specific documented media type, or range of them, that contains one (OpenAPI 3.1.1, 4.8.13.1)."""
        kind = content_type.partition("/")[0]
        return self._media.get(content_type) or self._media.get(f"{kind}/*") or self._media.get("*/*")

    @property
    def _expected(self) -> str:
        return " or ".join(self._media)

    def _violation(self, member: str, message: str, received: str, expected: str) -> Violation:
        """A violation by something other than a value in the body."""
        keyword = f"{self._pointer}/{member}"
        return Violation("", keyword, self._assumption_at(keyword, None), message, received, expected)


def _bare(content_type: str) -> str:
    """A media type without parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def _reading(schemas: Schemas, media_type: str, pointer: str | None) -> Reading:
    """How the text of a media type is read; JSON needs no reading."""
    document: Document = schemas.document
    return Reading(document, None if is_json(media_type) else pointer)


def _form(body: bytes, reading: Reading) -> dict[str, Json]:
    """A form as an object; a field that is given several times is an array."""
    members = reading.members
    found: dict[str, Json] = {}
    for name, texts in parse_qs(body.decode("latin-1"), keep_blank_values=True).items():
        key = name if name in members else name.removesuffix("[]")
        member = members.get(key, Reading(None, None))
        if "array" in member.kinds:
            found[key] = [member.items.scalar(one) for one in texts]
        else:
            found[key] = member.scalar(texts[-1])
    return found
