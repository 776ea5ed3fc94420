"""Readers of request bodies that are more lenient than the reference implementation, as those of frameworks are."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from conformance.listener import Request

MEMBERS = ("email", "firstname", "lastname")


def first_value(request: Request) -> Request:
    """The request without what follows the first JSON value of its body, as Go's json.Decoder and Jackson read it."""
    text = request.body.decode(errors="surrogateescape").lstrip()
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return request
    return replace(request, body=text[:end].encode(errors="surrogateescape"))


def readable(request: Request) -> Request:
    """The request with U+FFFD for each byte of its body that is not UTF-8, as Go's encoding/json reads it."""
    return replace(request, body=request.body.decode(errors="replace").encode())


def with_members(document: Any, change: Callable[[Any], Any]) -> Any:
    """The document with its documented members changed."""
    if not isinstance(document, dict):
        return document
    return {name: change(value) if name in MEMBERS else value for name, value in document.items()}


def without(document: Any, *unset: object) -> Any:
    """The document without the members that have one of those values."""
    if not isinstance(document, dict):
        return document
    return {name: value for name, value in document.items() if value not in unset}


def number_as_text(value: Any) -> Any:
    """A number as text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def scalar_as_text(value: Any) -> Any:
    """A number or a boolean as text."""
    return json.dumps(value) if isinstance(value, int | float) else value
