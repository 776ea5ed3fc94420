"""How a request differs from what is to match: members of its body, header fields, an email address in the body."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import jsonpath
import jsonschema_rs
from invite_specs import Document, Json

_PATHS = jsonpath.JSONPathEnvironment(strict=True)


class JsonPathError(ValueError):
    """A text that is not a JSONPath; the message says why."""


class Difference(NamedTuple):
    """What does not match."""

    member: str
    """A JSONPath into the body, `header NAME`, or what it is called in `match`."""
    expected: Json
    received: Sequence[Json]
    """The values that are there instead."""


@lru_cache(maxsize=256)
def compiled(path: str) -> jsonpath.CompoundJSONPath | jsonpath.JSONPath:
    """The JSONPath (RFC 9535) of a text. Raises JsonPathError."""
    try:
        return _PATHS.compile(path)
    except jsonpath.JSONPathError as error:
        # The text of an error about an empty path cannot be made.
        raise JsonPathError(str(error.args[0])) from error


def differences(match: Document, body: Json, headers: Mapping[str, str]) -> Iterator[Difference]:
    """Where a request is not as `match` says; `headers` are by name in lower case."""
    for path, value in match.get("body", {}).items():
        found: Any = compiled(path).findall(body) if isinstance(body, (dict, list)) else []
        if not any(map(_equal(value), found)):
            yield Difference(path, value, found)
    for name, value in match.get("headers", {}).items():
        sent = headers.get(name.lower())
        if sent != value:
            yield Difference(f"header {name}", value, [] if sent is None else [sent])
    if "email" in match:
        emails = [*_emails(body)]
        if match["email"].casefold() not in map(str.casefold, emails):
            yield Difference("email", match["email"], [*emails])


def _equal(value: Json) -> Callable[[Json], bool]:
    """What compares with a value as JSON Schema does: 1 is 1.0, and not true."""
    return jsonschema_rs.validator_for({"const": value}).is_valid


def _emails(body: Json) -> Iterator[str]:
    """The values of all members named `email`, whatever their case."""
    if isinstance(body, dict):
        for name, value in body.items():
            if isinstance(value, str) and name.lower() == "email":
                yield value
            yield from _emails(value)
    elif isinstance(body, list):
        for one in body:
            yield from _emails(one)
