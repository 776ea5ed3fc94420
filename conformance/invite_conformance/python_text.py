"""Names and values as Python and YAML write them, for files that are written for a new contract."""

import json
import keyword
import re

from invite_specs import Document

WIDTH = 120
"""Columns of a line."""


def snake(name: str) -> str:
    """`team_id` for `teamId`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"\W+", "_", words).strip("_").lower() or "value"


def identifier(name: str, taken: set[str]) -> str:
    """A name of a function that is not taken, and takes it."""
    found = base = re.sub(r"^(?=\d)", "call_", snake(name))
    number = 1
    while keyword.iskeyword(found) or found in taken:
        number += 1
        found = f"{base}_{number}"
    taken.add(found)
    return found


def yaml_key(name: str) -> str:
    """A name as YAML writes it as a key."""
    return (
        name
        if re.fullmatch(r"[A-Za-z][\w-]*", name) and name.lower() not in {"true", "false", "yes", "no"}
        else json.dumps(name)
    )


def yaml_value(value: Document) -> str:
    """A JSON value as YAML writes it, a word or a description without quotation marks."""
    plain = isinstance(value, str) and re.fullmatch(r"[a-z]+( [a-z`][\w` ]*)?", value)
    return value if plain and value not in {"true", "false", "yes", "no", "null", "on", "off"} else json.dumps(value)


def literal(value: Document, depth: int = 0) -> str:
    """A JSON value in Python, on one line where it fits; `depth` is how far the lines before it are indented."""
    if isinstance(value, str):
        # As ruff writes it: quotation marks are escaped only where the text has both kinds.
        escaped = json.dumps(value)
        return escaped if '"' not in value or "'" in value else "'" + escaped[1:-1].replace('\\"', '"') + "'"
    if not isinstance(value, dict | list):
        return repr(value)
    items = [f"{json.dumps(name)}: " for name in value] if isinstance(value, dict) else [""] * len(value)
    values = list(value.values()) if isinstance(value, dict) else value
    first, last = "{}" if isinstance(value, dict) else "[]"
    line = first + ", ".join(key + literal(one) for key, one in zip(items, values, strict=True)) + last
    if depth == 0 or len(line) + 2 * depth < WIDTH - 10:
        return line
    inner = " " * (depth + 8)
    lines = "".join(f"{inner}{key}{literal(one, depth + 4)},\n" for key, one in zip(items, values, strict=True))
    return f"{first}\n{lines}{' ' * (depth + 4)}{last}"
