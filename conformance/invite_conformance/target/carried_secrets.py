"""What in a response is a secret: values under names that say so, wherever they stand, and opaque parts of URLs.

1. A name says so if the target file lists it, or if it ends in token, secret, password or API key.
2. A name has its value in JSON, in JSON inside a string, in a form or a query, in an XML element, in an HTML field.
3. A URL may carry a token without a name: a path segment that is long, has letters and digits, and is not a UUID.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from invite_specs import Json

from invite_conformance.http.json_text import read_json
from invite_conformance.target.encodings import readings

SECRET_NAME = r"[\w.-]*(?:token|secret|password|api[-_]?key)s?"  # noqa: S105  # a pattern of names
"""A pattern of names whose values are secrets in every contract."""
_PAIRS = tuple(
    re.compile(pattern, re.DOTALL | re.IGNORECASE)
    for pattern in (
        # a query, a form, a cookie
        r"""(?<![\w.-])(?P<name>[\w.-]+)=(?P<value>[^\s&;?,"'<>#\\]+)""",
        # JSON that is cut short, or another language's notation
        r"""(["'])(?P<name>[\w.-]+)\1\s*(?::|=>?)\s*(["'])(?P<value>(?:\\.|(?!\3)[^\\])+)\3""",
        r"""<(?:\w+:)?(?P<name>[\w.-]+)(?:\s[^<>]*)?>(?P<value>[^<>]+)</""",
        r"""<\w+[^<>]{0,200}?\bname=["']?(?P<name>[\w.-]+)["']?[^<>]{0,200}?\b(?:value|content)=["']?(?P<value>[^"'<>\s]+)""",
    )
)
_URL = re.compile(r"(?:(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}:/)?/\S+", re.IGNORECASE)
_NO_SECRETS = {"null", "true", "false", "undefined", "None"}
_URL_HEADERS = ("location", "content-location", "link", "refresh")
_OPAQUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w~.-]{16,}", re.ASCII)
_SENTENCE = re.compile(r"[^\d_+/=&%]+")
"""Characters of words and punctuation, without digits."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class CarriedSecrets:
    """Finds the secrets in responses."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._fields = {name.lower() for name in fields}
        self._name = re.compile(SECRET_NAME, re.IGNORECASE)

    def named(self, name: str) -> bool:
        """Whether the value of a member, parameter or header of that name is a secret."""
        return name.lower() in self._fields or self._name.fullmatch(name) is not None

    def of(self, headers: Iterable[tuple[str, str]], body: bytes) -> Iterator[str]:
        """The secrets of a response, in no order; some may be given twice."""
        text = body.decode(errors="replace")
        yield from self._in_text(text)
        found = list(self._leaves(read_json(body).value))
        # An id is not a secret because a URL has it too.
        ids = {value for name, value in found if not name}
        for name, value in found:
            if name and self._secret(name, value):
                yield value
            if _URL.fullmatch(value):
                yield from (one for one in _opaque(value) if one not in ids)
        for name, content in headers:
            if self.named(name):
                yield content
            yield from self._in_text(content)
            if name in _URL_HEADERS:
                yield from (one for one in _opaque(content) if one not in ids)

    def _leaves(self, value: Json) -> Iterator[tuple[str, str]]:
        """Each text and number of a JSON value, and of JSON in its texts.

        With each comes the name that says it is secret; empty if none does.
        """
        left: list[tuple[str, Json]] = [("", value)]
        while left:
            name, value = left.pop()
            if isinstance(value, dict):
                left += [(key if self.named(key) else name, member) for key, member in value.items()]
            elif isinstance(value, list):
                left += [(name, member) for member in value]
            elif value is not None and not isinstance(value, bool):
                yield name, str(value)
            if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
                left.append((name, read_json(value.encode(errors="replace")).value))

    def _in_text(self, text: str) -> Iterator[str]:
        seen = readings(text)
        for pattern in _PAIRS:
            for found in pattern.finditer(seen):
                name, value = found["name"], found["value"]
                if self.named(name) and value not in _NO_SECRETS and self._secret(name, value):
                    yield value

    def _secret(self, name: str, value: str) -> bool:
        """Whether a value under a name that says so is one; what a refusal says about a token is not."""
        return name.lower() in self._fields or not (" " in value and _SENTENCE.fullmatch(value))


def _opaque(urls: str) -> Iterator[str]:
    """The parts of URLs that may be tokens."""
    for url in _URL.findall(urls):
        try:
            path = urlsplit(url.strip("<>;,")).path
        except ValueError:
            path = url
        for segment in path.split("/"):
            if _OPAQUE.fullmatch(segment) and not _UUID.fullmatch(segment):
                yield segment
