"""What a JSON Schema error says, for a person."""

from typing import Any, NamedTuple

import orjson
from invite_specs import Json

LONGEST = 300
"""The most characters of a text that quotes what was sent."""


class Explanation(NamedTuple):
    """A schema error in words, each text at most LONGEST characters long."""

    message: str
    received: str
    expected: str


def explain(error: Any, keyword_value: Json = None) -> Explanation:
    """An error of jsonschema-rs, with every valid choice; `keyword_value` is the value of the violated keyword."""
    kind = error.kind
    received = quote(error.instance)
    if hasattr(kind, "property"):
        received, expected = "nothing", f"the member {kind.property}"
        message = f"{expected} is required"
    elif hasattr(kind, "format"):
        expected = f"the format {kind.format}"
        message = f"{received} is not in {expected}"
    elif hasattr(kind, "types"):
        expected = f"the type {' or '.join(kind.types)}"
        message = f"{received} is not of {expected}"
    elif hasattr(kind, "options"):
        choices = ", ".join(map(str, kind.options))
        expected = f"one of {choices}"
        message = f"{received} is none of {choices}"
    elif kind.name == "falseSchema":
        expected = "no such member"
        message = f"{received} is not allowed here"
    else:
        expected = f"{kind.name} {quote(keyword_value)}"
        message = error.message
    return Explanation(shorten(message), received, shorten(expected))


def quote(value: Json) -> str:
    """A value as JSON, in at most 80 characters."""
    return shorten(orjson.dumps(value).decode(), 80)


def shorten(text: str, longest: int = LONGEST) -> str:
    """The text in at most so many characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
