"""What a JSON Schema error says, for a person."""

from typing import Any

import orjson
from invite_specs import Json

LONGEST = 300
"""The most characters of a message, which may quote what was sent."""


def in_words(error: Any) -> str:
    """An error of jsonschema-rs, with every valid choice, in at most LONGEST characters."""
    kind = error.kind
    if hasattr(kind, "property"):
        text = f"the member {kind.property} is required"
    elif hasattr(kind, "format"):
        text = f"{quote(error.instance)} is not in the format {kind.format}"
    elif hasattr(kind, "types"):
        text = f"{quote(error.instance)} is not of the type {' or '.join(kind.types)}"
    elif hasattr(kind, "options"):
        text = f"{quote(error.instance)} is none of {', '.join(map(str, kind.options))}"
    else:
        text = error.message
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def quote(value: Json) -> str:
    """A value as JSON, in at most 80 characters."""
    text = orjson.dumps(value).decode()
    return text if len(text) <= 80 else text[:79] + "…"
