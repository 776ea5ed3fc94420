"""Bodies: reading one from the connection, and parsing it.

1. JSON is as strict as RFC 8259 and I-JSON (RFC 7493): one value, valid Unicode, no key twice, no NaN, bounded depth.
2. orjson parses; what it accepts (a key given twice) and what it does not limit (depth) is checked here.
"""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from invite_specs import Json
from starlette.requests import ClientDisconnect
from starlette.types import Receive

MAX_BODY = 1024 * 1024
"""The most bytes of a request's body."""
_MAX_DRAINED = 16 * MAX_BODY
MAX_DEPTH = 100
"""The most levels of nested arrays and objects."""


class JsonBodyError(ValueError):
    """Why a body is not accepted as JSON, as the end of a sentence that begins with "the body"."""


async def read(headers: Mapping[str, str], receive: Receive) -> bytes | None:
    """The whole body, in however many pieces it arrives; None if it is larger than MAX_BODY.

    A body that is too large is read on up to a limit and discarded, so that the client gets to read the answer. Raises
    ClientDisconnect if the client hangs up before the body's end.
    """
    length = headers.get("content-length", "")
    size = 0
    too_large = length.isdecimal() and int(length) > MAX_BODY
    chunks: list[bytes] = []
    while size <= _MAX_DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        too_large = too_large or size > MAX_BODY
        if too_large:
            chunks.clear()
        else:
            chunks.append(chunk)
        if not message.get("more_body", False):
            break
    return None if too_large else b"".join(chunks)


def parse(body: bytes) -> Json:
    """The value of a JSON text. Raises JsonBodyError, which says what is wrong and where."""
    # Nesting is at most the number of opening brackets; most bodies need no closer look.
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _depth(body) > MAX_DEPTH:
        raise JsonBodyError(f"is nested deeper than {MAX_DEPTH} levels")
    try:
        value: Json = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise JsonBodyError(f"is not JSON: {error}") from error
    # As many colons as different keys: no key is given twice. Any other body gets a closer look.
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
