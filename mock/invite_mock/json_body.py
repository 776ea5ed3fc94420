"""JSON as strict as RFC 8259 and I-JSON (RFC 7493) ask: one value, valid Unicode, no key twice, no NaN, bounded depth.

orjson parses; what it lets pass (a key given twice) and what it does not bound as we want (depth) is added here.
"""

import json
from typing import Any

import orjson
from invite_specs import Document

MAX_DEPTH = 100
"""The most levels of arrays and objects inside each other."""


class JsonBodyError(ValueError):
    """Why a body is no JSON that we accept, as the end of a sentence."""


def parse(body: bytes) -> Document:
    """The value of a JSON text. Raises JsonBodyError, saying what is wrong and where."""
    # Only so many brackets can be nested as there are; most bodies need no closer look.
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _depth(body) > MAX_DEPTH:
        raise JsonBodyError(f"is nested deeper than {MAX_DEPTH} levels")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise JsonBodyError(f"is not JSON: {error}") from error
    # As many colons as different keys: none was given twice. Anything less flat gets a closer look.
    if body.count(b":") > 1 and not (isinstance(value, dict) and body.count(b":") == len(value)):
        _UNIQUE_KEYS.decode(body.decode())
    return value


def _depth(body: bytes) -> int:
    """The deepest nesting of a text that may or may not be JSON, in levels."""
    deepest = depth = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        # RFC 7493 section 2.3: "Objects in I-JSON messages MUST NOT have members with duplicate names."
        raise JsonBodyError(f"gives the key {json.dumps(twice[:100])} twice")


_UNIQUE_KEYS = json.JSONDecoder(object_pairs_hook=_unique)
