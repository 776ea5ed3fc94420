"""Takes secrets out of whatever is written down.

1. A secret of the target file is replaced by `$NAME`, wherever it stands and however it is encoded; one that is too
   short to be told from chance, where it is a whole word of a header.
2. A token that an answer carries, and every member or header that the target file names, is replaced by `[redacted]`;
   once seen it is replaced wherever it turns up again.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

from invite_specs import Document

from invite_conformance.http.json_text import read_json

REDACTED = "[redacted]"
_SHORTEST = 5
"""Characters; what is shorter stands in every text by chance, and is replaced only where it is named."""
_PLAIN = re.compile(r"[\w.~-]*", re.ASCII)
"""What nobody escapes in JSON."""
_FIELDS = ("token",)
_HEADERS = ("authorization", "proxy-authorization", "cookie", "set-cookie")


class Redaction:
    """Knows the secrets of one run."""

    def __init__(self, secrets: Mapping[str, str], fields: Iterable[str] = ()) -> None:
        self._fields = {name.lower() for name in (*_FIELDS, *fields)}
        names = "|".join(re.escape(name) for name in sorted(self._fields))
        self._member = re.compile(
            rf'("(?:{names})"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}}\]\[{{"]+)', re.IGNORECASE | re.DOTALL
        )
        self._words = {value: f"${name}" for name, value in secrets.items()}
        self._known: dict[str, str] = {}
        self._escaped: dict[str, tuple[re.Pattern[str], str]] = {}
        self._longest_first: list[str] = []
        for name, value in secrets.items():
            self._add(value, f"${name}")

    def _add(self, value: str, shown: str) -> None:
        if len(value) >= _SHORTEST:
            for form in _forms(value):
                self._known.setdefault(form, shown)
            if not _PLAIN.fullmatch(value):
                self._escaped.setdefault(value, (_escapes(value), shown))
            self._longest_first = sorted(self._known, key=len, reverse=True)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the target file's secrets, as they stand in texts after `$`."""
        return tuple(word.removeprefix("$") for word in self._words.values())

    def learn(self, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        """Remember the secrets that a response carries."""
        self._learn(_named(read_json(body).value, self._fields))

    def learn_headers(self, state: Document) -> None:
        """Remember the headers of a state that the setup hook made."""
        self._learn(_named(state, {"headers"}))

    def _learn(self, values: Iterable[str]) -> None:
        for value in values:
            if value not in self._known:
                self._add(value, REDACTED)

    def text(self, text: str) -> str:
        """The text without what is secret."""
        for form in self._longest_first:
            if form in text:
                text = text.replace(form, self._known[form])
        if "\\" in text:
            for pattern, shown in list(self._escaped.values()):
                text = pattern.sub(lambda _, shown=shown: shown, text)  # type: ignore[misc]  # mypy cannot type its default
        return self._member.sub(rf'\1"{REDACTED}"', text)

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        """The headers, by their names in small letters, without what is secret."""
        shown: dict[str, str] = {}
        for name, value in headers:
            plain = self.text(" ".join(self._words.get(word, word) for word in value.split(" ")))
            # A header of the target file says by `$NAME` which secret stood there; any other is hidden whole.
            hidden = (name in _HEADERS or name in self._fields) and plain == value
            shown[name] = ", ".join(filter(None, (shown.get(name), REDACTED if hidden else plain)))
        return shown


def _forms(value: str) -> Iterator[str]:
    """The ways in which a value is written into headers, URLs, JSON and Basic credentials."""
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(value, safe="")
    yield quote_plus(value)
    yield base64.b64encode(value.encode()).decode()


def _escapes(value: str) -> re.Pattern[str]:
    r"""The value in JSON, whichever of its characters are escaped: as `\/`, or as `\u002F` (RFC 8259 section 7)."""
    return re.compile(
        "".join(rf"(?:{re.escape(one)}|\\{re.escape(one)}|\\u{ord(one):04x})" for one in value), re.IGNORECASE
    )


def _named(value: Document, names: set[str], named: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _named(member, names, named or key.lower() in names)
    elif isinstance(value, list):
        for member in value:
            yield from _named(member, names, named)
    elif named and value is not None and not isinstance(value, bool):
        yield str(value)
