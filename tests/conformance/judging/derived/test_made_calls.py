"""Calls that are made from a document alone: which body they have, and why none can be made."""

from pathlib import Path

import pytest
from conformance.judging.derived.documents import CONTRACT, body, document, operation_of
from invite_conformance.http.exchange import Call
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.derived.made_calls import MadeCall
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.plan import Plan
from invite_conformance.run import context_for
from invite_conformance.target.states import Blocked
from invite_conformance.target.target import Target
from invite_specs import Document

FORM = "application/x-www-form-urlencoded"
THING: Document = {
    "type": "object",
    "required": ["name", "sizes", "is_big"],
    "additionalProperties": False,
    "properties": {
        "name": {"const": "a & b"},
        "sizes": {"type": "array", "items": {"const": 5}, "minItems": 2, "maxItems": 2},
        "is_big": {"const": True},
    },
}


def made(described: Document) -> Call:
    of = document(requestBody=described)
    target = Target(CONTRACT, "http://127.0.0.1:1", path=Path("target.yaml"))
    return MadeCall(operation_of(of), Schemas(of))(context_for(target, Plan(), catalogue(CONTRACT)))


def test_a_form_is_made_from_its_schema() -> None:
    call = made(body(THING, FORM))
    assert call.headers == {"content-type": FORM}
    assert call.body is not None
    assert set(call.body.split(b"&")) == {b"name=a+%26+b", b"sizes=5", b"is_big=true"}
    assert call.body.count(b"sizes=5") == 2


@pytest.mark.parametrize(("media", "expected"), [({}, b"example"), ({"example": "Hill"}, b"Hill")])
def test_a_text_is_its_example_or_any(media: Document, expected: bytes) -> None:
    call = made({"required": True, "content": {"text/plain": media}})
    assert (call.headers, call.body) == ({"content-type": "text/plain"}, expected)


@pytest.mark.parametrize("media_type", ["*/*", "application/*"])
def test_a_range_that_json_is_in_gets_json(media_type: str) -> None:
    call = made(body({"const": {"a": 1}}, media_type))
    assert (call.headers, call.body) == ({"content-type": "application/json"}, b'{"a": 1}')


def test_a_body_that_cannot_be_made_blocks_where_it_is_required() -> None:
    with pytest.raises(Blocked, match="is multipart/form-data or application/xml, and only JSON, forms without files"):
        made({"required": True, "content": {"multipart/form-data": {}, "application/xml": {}}})
    assert made({"content": {"multipart/form-data": {"schema": {}}}}).body is None


def test_what_is_only_read_need_not_be_sent() -> None:
    schema: Document = {
        "type": "object",
        "required": ["id", "name"],
        "additionalProperties": False,
        "properties": {"id": {"type": "integer", "readOnly": True}, "name": {"const": "Hill"}},
    }
    assert made(body(schema)).body == b'{"name": "Hill"}'
    assert made(body(schema | {"example": {"name": "Hill"}})).body == b'{"name": "Hill"}'
