"""Request bodies of every media type."""

import pytest
from invite_mock.http.schema import Schemas
from invite_mock.http.validation import OperationValidator
from invite_specs import Document, Json, operations

FORM_TYPE = "application/x-www-form-urlencoded"
FORM = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "tags": {"type": "array", "items": {}}},
}


def read(body: bytes, content_type: str, content: Document) -> tuple[Json, list[str]]:
    document = {
        "openapi": "3.1.0",
        "paths": {"/a": {"post": {"requestBody": {"$ref": "#/components/requestBodies/It"}, "responses": {}}}},
        "components": {"requestBodies": {"It": {"required": True, "content": content}}},
    }
    [operation] = operations(document)
    value, violations = OperationValidator(operation, Schemas(document)).read_body(body, {"content-type": content_type})
    return value, [one.message for one in violations]


@pytest.mark.parametrize(
    ("body", "content_type", "content", "value"),
    [
        (b'{"a": 1}', "application/json", {"application/json": {}}, {"a": 1}),
        (b'{"a": 1}', "application/vnd.x+json", {"application/vnd.x+json": {"schema": True}}, {"a": 1}),
        (b'{"a": 1}', "application/json", {"application/*": {}}, {"a": 1}),
        (b"[1]", "application/json; charset=utf-8", {"*/*": {}}, [1]),
        (b"name=Ada+L&age=36", "application/x-www-form-urlencoded", {}, {"name": "Ada L", "age": 36}),
        (b"name=A&tags=x&tags=y", "application/x-www-form-urlencoded", {}, {"name": "A", "tags": ["x", "y"]}),
        ("Zoë".encode(), "text/plain", {"text/plain": {"schema": {"type": "string"}}}, "Zoë"),
        (b"\x00\xff", "application/octet-stream", {"application/octet-stream": {}}, None),
        (b"--x--\r\n", "multipart/form-data; boundary=x", {"multipart/form-data": {"schema": FORM}}, None),
    ],
)
def test_a_body_of_a_documented_media_type_is_read(
    body: bytes, content_type: str, content: Document, value: Json
) -> None:
    assert read(body, content_type, content or {"application/x-www-form-urlencoded": {"schema": FORM}}) == (value, [])


@pytest.mark.parametrize(
    ("body", "content_type", "said"),
    [
        (
            b"age=x",
            "application/x-www-form-urlencoded",
            ["the member name is required", '"x" is not of the type integer'],
        ),
        (b"{}", "application/json", ["the media type application/json is not documented; send"]),
        (b"x", "", ["a body without Content-Type is not documented; send"]),
        (b"", "", ["a body is required; send application/x-www-form-urlencoded"]),
    ],
)
def test_what_is_wrong_with_a_form_is_said(body: bytes, content_type: str, said: list[str]) -> None:
    _, found = read(body, content_type, {"application/x-www-form-urlencoded": {"schema": FORM}})
    assert len(found) == len(said)
    for expected in said:
        assert any(one.startswith(expected) for one in found)


def test_a_member_that_only_answers_have_is_not_required_of_a_request() -> None:
    schema = {"required": ["id", "name"], "properties": {"id": {"$ref": "#/components/schemas/Id"}, "name": {}}}
    document = {
        "openapi": "3.1.0",
        "paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}},
        "components": {"schemas": {"Id": {"readOnly": True, "type": "integer"}}},
    }
    [operation] = operations(document)
    validator = OperationValidator(operation, Schemas(document))
    headers = {"content-type": "application/json"}
    assert [one.pointer for one in validator.read_body(b"{}", headers)[1]] == ["/name"]
    assert validator.read_body(b'{"name": 1}', headers) == ({"name": 1}, ())
