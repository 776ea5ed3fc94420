"""What a JSON Schema error says, for a person."""

from typing import Any, NamedTuple

import orjson
from invite_specs import Document, Json, json_pointer, resolve

LONGEST = 300
"""The most characters of a text that quotes what was sent."""


class Explanation(NamedTuple):
    """A schema error in words, each text at most LONGEST characters long."""

    message: str
    received: str
    expected: str


def explain(error: Any, document: Document) -> Explanation:
    """An error of jsonschema-rs about a schema in the document, with every valid choice.

    A value that is `writeOnly`, such as a key, or may contain one, is not quoted.
    """
    kind = error.kind
    *schema, _ = error.schema_path
    # An error about an unexpected member quotes the member's name only.
    secret = kind.name != "additionalProperties" and _is_secret(resolve(document, json_pointer(schema)))
    received = "the value" if secret else quote(error.instance)
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
        expected = f"{kind.name} {quote(resolve(document, json_pointer(error.schema_path)))}"
        message = f"{received} violates {expected}" if secret else error.message
    return Explanation(shorten(message), received, shorten(expected))


def _is_secret(schema: Json) -> bool:
    """Whether the schema, or one inside it, is `writeOnly`."""
    if isinstance(schema, dict):
        return schema.get("writeOnly") is True or any(map(_is_secret, schema.values()))
    return isinstance(schema, list) and any(map(_is_secret, schema))


def quote(value: Json) -> str:
    """A value as JSON, in at most 80 characters."""
    return shorten(orjson.dumps(value).decode(), 80)


def shorten(text: str, longest: int = LONGEST) -> str:
    """The text in at most so many characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
