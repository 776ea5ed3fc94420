"""How the strings of a generated body are written: as they were generated, or as people write.

1. A closed value (an enum's) and a member that the document does not name stay as they are.
2. A well-formed email stays well-formed, and can be made fresh: one of the target's domain that nobody used before.
"""

import re
import unicodedata
from collections.abc import Callable

import jsonschema_rs
from invite_specs import Document, resolve

MANNERS = ("plain", "plain", "long", "long", "spaced", "empty", "tagged", "visible", "as-generated")
"""`visible` is without what cannot be seen; the others but `as-generated` are what people write.

Only what is `plain` must be accepted by every server. `bare`, for invalid bodies, drops undocumented members.
"""
_LONGEST = 60
"""Characters of a name that is long."""
_LOCAL = 64
"""Characters of an email before its @ (RFC 5321 section 4.5.3.1.1)."""
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9]([._-]?[A-Za-z0-9]){0,9}")
_PLAIN_NAME = re.compile(r"[A-Za-z]{1,20}")
"""A correct server may refuse digits and marks in a name."""


class Wording:
    """The strings of bodies of one schema of a document."""

    def __init__(self, document: Document, schema: Document) -> None:
        self._members: dict[str, Document] = {
            name: resolve(document, one["$ref"].removeprefix("#")) if "$ref" in one else one
            for name, one in schema.get("properties", {}).items()
        }

    def written(self, body: Document, manner: str) -> Document:
        """The body with its documented strings written in a manner."""
        if not isinstance(body, dict) or manner == "as-generated":
            return body
        return {
            name: self._rewritten(name, value, manner) if self._is_free(name, value) else value
            for name, value in body.items()
            if name in self._members or manner != "bare"
        }

    def is_documented(self, body: Document) -> bool:
        """Whether the document names every member."""
        return not isinstance(body, dict) or body.keys() <= self._members.keys()

    def is_plain(self, body: Document) -> bool:
        """Whether every documented string is plain, so that a correct server must accept it."""
        return isinstance(body, dict) and all(
            not self._is_free(name, value) or self._is_plain(name, value) for name, value in body.items()
        )

    def fresh(self, body: Document, fresh_email: Callable[[], str]) -> Document:
        """The body with its well-formed emails made fresh; the part before the @ is retained as far as it fits."""
        if not isinstance(body, dict):
            return body
        return {
            name: self._freshened(value, fresh_email()) if self.is_email(name, value) else value
            for name, value in body.items()
        }

    def is_email(self, name: str, value: Document) -> bool:
        """Whether a member is a well-formed email, by the document and in fact."""
        return (
            self._members.get(name, {}).get("format") == "email"
            and isinstance(value, str)
            and value.count("@") == 1
            and jsonschema_rs.is_valid({"format": "email"}, value, validate_formats=True)
        )

    def _is_free(self, name: str, value: Document) -> bool:
        return isinstance(value, str) and name in self._members and "enum" not in self._members[name]

    def _is_plain(self, name: str, value: str) -> bool:
        if self.is_email(name, value):
            return _PLAIN_LOCAL.fullmatch(value.partition("@")[0]) is not None
        return _PLAIN_NAME.fullmatch(value) is not None

    def _rewritten(self, name: str, value: str, manner: str) -> str:
        local, _, domain = value.partition("@")
        # Requirements of their own judge the letters outside ASCII.
        if self.is_email(name, value):
            word = re.sub(r"[^A-Za-z0-9]", "", local) or "x"
            # The longest is cut to what is allowed when it is made fresh.
            return {"long": (word * _LOCAL)[:_LOCAL], "tagged": f"{word}+tag"}.get(manner, word[:10]) + f"@{domain}"
        if manner == "visible":
            return _visible(value)
        word = ("N" + re.sub(r"[^A-Za-z]", "", local))[:20]
        words = {"long": (word * _LONGEST)[:_LONGEST], "spaced": f" {word} {word} ", "empty": ""}
        return words.get(manner, word)

    @staticmethod
    def _freshened(value: str, fresh: str) -> str:
        name, _, domain = fresh.partition("@")
        local = f"{name}-{value.partition('@')[0]}"
        return f"{local[:_LOCAL].rstrip('.')}@{domain}"


def _visible(value: str) -> str:
    """The visible, assigned characters of a text in their composed form, no more than a long name has."""
    visible = "".join(letter for letter in value if letter == " " or unicodedata.category(letter)[0] in "LNPS")
    return unicodedata.normalize("NFC", visible)[:_LONGEST]
