"""What is changed in a valid call, so that it is not as documented any more."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from invite_specs import Document, Json

from invite_conformance.http.exchange import Call
from invite_conformance.judging.calls import with_body
from invite_conformance.target.states import Blocked


@dataclass(frozen=True)
class Change:
    """What is changed in a valid call, so that it is not as documented any more."""

    change: Callable[[Call], Call]
    refused_by_all: bool = False
    """Whether even the most lenient server refuses it, so that mode read-only sends it."""
    also: tuple[int, ...] = ()
    """Further statuses that will do."""
    elsewhere: bool = False
    """Whether the path is none of the operation's any more, so that any answer but 2xx will do."""
    by_schema: bool = False
    """Whether the schema of the body alone says that it is invalid, so that this is validated before it is sent."""


def malformed(body: bytes) -> str:
    """The requirement that a body which is no JSON is refused for."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "request.not-utf-8"
    try:
        json.JSONDecoder().raw_decode(text.lstrip())
    except ValueError:
        return "request.malformed-json"
    return "request.trailing-bytes"


def of_body(change: Callable[[bytes], bytes | None]) -> Callable[[Call], Call]:
    """A change of the body's bytes; a call without a body has an empty object."""
    return lambda call: with_body(call, change(call.body or b"{}"))


def always(body: bytes | None) -> Callable[[bytes], bytes | None]:
    """The same body, whatever the valid one is."""
    return lambda _: body


def not_utf_8(whole: bytes) -> bytes:
    """A valid object with another member, of which two bytes are not UTF-8."""
    return whole.rstrip()[:-1] + (b", " if len(whole) > len(b"{}") else b"") + b'"note": "\xff\xfe"}'


def as_text(call: Call) -> Call:
    """The same body as text/plain."""
    return _of_type(call, "text/plain")


def as_form(call: Call) -> Call:
    """The texts and numbers of the body as a form."""
    fields = {name: one for name, one in call.given_object.items() if isinstance(one, str | int)}
    return _of_type(with_body(call, urlencode(fields).encode()), "application/x-www-form-urlencoded")


def _of_type(call: Call, media_type: str) -> Call:
    headers = {name: one for name, one in call.headers.items() if name.lower() != "content-type"}
    return replace(call, headers=headers | {"content-type": media_type})


def _object(value: Document) -> Document:
    """The object, or the first one of a list. Raises Blocked where a valid call has none there."""
    while isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, dict):
        raise Blocked("a valid call has no object there to change: give the document an example that has one")
    return value


def with_member(path: tuple[str, ...], call: Call, value: Json = None, *, leave_out: bool = False) -> Call:
    """The call with another value for a member of its body; through lists, in their first element."""
    body = json.loads(call.body or b"{}")
    place = _object(body)
    for name in path[:-1]:
        place = _object(place.get(name))
    if leave_out:
        place.pop(path[-1], None)
    else:
        given = place.get(path[-1])
        # What takes an array of one for its element accepts it where that element is valid.
        one = isinstance(value, list) and len(value) == 1 and isinstance(given, str)
        place[path[-1]] = [given] if one else value
    return with_body(call, body)
