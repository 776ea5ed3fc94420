"""Replaces secrets in everything that is written, shown or logged.

1. A secret of the target file is replaced by `$NAME`, or `${NAME}` before a letter, wherever it stands and however it
   is encoded; one so short that it may stand there by chance, only as a whole word of a header.
2. A secret that a response carries, and every member or header that the target file names, is replaced by
   `[redacted]`; once seen it is replaced wherever it occurs again.
3. Where a text already has `$NAME`, its `$` is written `\u0024`: a command would expand it.
4. What the run itself sent, and null, a boolean or an empty text, is no secret: hiding it would hide a failure.
"""

import re
from collections.abc import Iterable, Mapping

from invite_specs import Document

from invite_conformance.target.carried_secrets import SECRET_NAME, CarriedSecrets
from invite_conformance.target.encodings import hide, readings

REDACTED = "[redacted]"
_SHORTEST = 5
"""Characters; what is shorter stands in every text by chance, and is replaced only where it is named."""
_LONGEST_ENCODING = 12
"""Characters that one character of a secret takes at most in a text that is cut."""
_CREDENTIALS = re.compile(r"[\w-]+ +(\S+)", re.ASCII)
"""An authentication scheme and what follows it (RFC 9110 section 11.4)."""
_HEADERS = ("authorization", "proxy-authorization", "cookie", "set-cookie")


_MARK = re.compile("\ue000([A-Za-z_][A-Za-z0-9_]*)\ue001(?=([A-Za-z0-9_])?)")
"""Stands for a variable while a text is redacted, so that it is not confused with what the text already has."""


class Redaction:
    """Knows the secrets of one run."""

    def __init__(self, secrets: Mapping[str, str], fields: Iterable[str] = ()) -> None:
        fields = tuple(fields)
        self._carried = CarriedSecrets(fields)
        names = "|".join([*map(re.escape, fields), SECRET_NAME])
        # In JSON inside a string each quotation mark has a backslash before it.
        self._member = re.compile(
            rf"""(?P<start>(?P<quote>\\*["'])(?:{names})(?P=quote)\s*:\s*)"""
            r"""(?:(?P<open>(?P=quote))(?:(?!(?P=quote))(?:\\.|[^\\]))+(?P<close>(?P=quote)|\Z)"""
            r"""|(?P<word>[^\s,}\]\[{"'\\]+))""",
            re.IGNORECASE | re.DOTALL,
        )
        variables = "|".join(map(re.escape, secrets)) or r"(?!)"
        self._lookalike = re.compile(rf"\$(?=(?:{variables})(?!\w)|{{(?:{variables})}})", re.ASCII)
        self._words = {value: _marked(name) for name, value in secrets.items()}
        self._known: dict[str, str] = {}
        self._longest_first: list[str] = []
        for name, value in secrets.items():
            self._add(value, _marked(name))
        for value in secrets.values():
            if credentials := _CREDENTIALS.fullmatch(value):
                self._add(credentials[1], REDACTED)

    def _add(self, value: str, shown: str) -> None:
        if len(value) >= _SHORTEST and value not in self._known:
            self._known[value] = shown
            self._longest_first = sorted(self._known, key=len, reverse=True)

    def learn(self, headers: Iterable[tuple[str, str]], body: bytes, sent: str = "") -> None:
        """Remember the secrets that a response carries; what `sent`, the request's path and body, has is none."""
        for value in self._carried.of(headers, body):
            if value not in sent:
                self._add(value, REDACTED)

    def learn_secret(self, value: str) -> None:
        """Remember a value that is as secret as those of the target file, such as one that is made from them."""
        self._add(value, REDACTED)

    def learn_headers(self, state: Document) -> None:
        """Remember the headers of a state that the setup hook made."""
        if isinstance(state, list):
            for member in state:
                self.learn_headers(member)
        elif isinstance(state, dict):
            for name, member in state.items():
                if name == "headers" and isinstance(member, dict):
                    for value in member.values():
                        self._add(str(value), REDACTED)
                else:
                    self.learn_headers(member)

    def known(self, text: str) -> str:
        """The text without the secrets that are known; what it says under a secret's name stays."""
        return _MARK.sub(_variable, self._hidden(self._lookalike.sub(r"\\u0024", text)))

    def _hidden(self, text: str) -> str:
        seen = readings(text)
        for value in self._longest_first:
            if value in seen:
                text = hide(text, value, self._known[value])
        return text

    def text(self, text: str) -> str:
        """The text without what is secret."""
        return self._member.sub(_without_value, self.known(text))

    def excerpt(self, text: str, limit: int) -> str:
        """The text without what is secret, and of a long one the beginning; no part of a secret is left at the cut."""
        longest = len(self._longest_first[0]) if self._longest_first else 0
        margin = _LONGEST_ENCODING * longest
        whole = len(text) <= limit + 2 * margin
        shown = self.text(text if whole else text[: limit + 2 * margin])
        if whole and len(shown) <= limit:
            return shown
        # What is left of a secret that was cut is within the margin.
        return f"{(shown if whole else shown[: len(shown) - margin])[:limit]} … ({len(text)} characters)"

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        """The headers, by their names in small letters, without what is secret."""
        shown: dict[str, str] = {}
        for name, value in headers:
            words = self._lookalike.sub(r"\\u0024", value).split(" ")
            marked = self._hidden(" ".join(self._words.get(word, word) for word in words))
            plain = self._member.sub(_without_value, _MARK.sub(_variable, marked))
            # A header of the target file says by `$NAME` which secret stood there; any other is hidden whole.
            hidden = (name in _HEADERS or self._carried.named(name)) and plain == value
            shown[name] = ", ".join(filter(None, (shown.get(name), REDACTED if hidden else plain)))
        return shown


def _marked(name: str) -> str:
    return f"\ue000{name}\ue001"


def _variable(mark: re.Match[str]) -> str:
    return f"${{{mark[1]}}}" if mark[2] else f"${mark[1]}"


def _without_value(found: re.Match[str]) -> str:
    """A member whose value is hidden, with the quotation marks that it had: a number is seen to be no string."""
    if found["word"] is None:
        return f"{found['start']}{found['open']}{REDACTED}{found['close'] or found['open']}"
    if found["word"] in {"null", "true", "false"}:
        return found[0]
    return f"{found['start']}{REDACTED}"
