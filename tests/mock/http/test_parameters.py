"""Parameters as typed values: every place, style and type that OpenAPI has."""

import pytest
from invite_mock.http.parameters import Sent
from invite_mock.http.schema import Schemas
from invite_mock.http.validation import OperationValidator
from invite_specs import Document, Json, operations

INTEGERS = {"type": "array", "items": {"type": "integer"}}
POINT = {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}}


def validator(*parameters: Document, shared: tuple[Document, ...] = ()) -> OperationValidator:
    document = {
        "openapi": "3.1.0",
        "paths": {
            "/a/{p}": {"parameters": list(shared), "get": {"parameters": list(parameters), "responses": {}}},
        },
        "components": {
            "parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"$ref": "#/components/schemas/Limit"}}},
            "schemas": {"Limit": {"type": "integer", "maximum": 9, "default": 5}},
        },
    }
    [operation] = operations(document)
    return OperationValidator(operation, Schemas(document))


def read(sent: str, schema: Document, place: str = "query", more: Document = None) -> tuple[Json | str, list[str]]:
    """The value of the parameter `p` sent as that text, and what is wrong with it."""
    parameter = {"name": "p", "in": place, "schema": schema, **(more or {})}
    headers = {"p": sent} if place == "header" else {"cookie": sent} if place == "cookie" else {}
    values, violations = validator(parameter).read_parameters(
        Sent({"p": sent} if place == "path" else {}, sent if place == "query" else "", headers)
    )
    return values.get("p", "absent"), [one.message for one in violations]


@pytest.mark.parametrize(
    ("sent", "schema", "more", "value"),
    [
        ("p=7", {"type": "integer"}, {}, 7),
        ("p=1.5", {"type": "number"}, {}, 1.5),
        ("p=true", {"type": "boolean"}, {}, True),
        ("p=7", {"type": "string"}, {}, "7"),
        ("p=7", {"type": ["string", "integer"]}, {}, "7"),
        ("p=7", {"anyOf": [{"type": "integer"}, {"enum": ["all"]}]}, {}, 7),
        ("p=all", {"anyOf": [{"type": "integer"}, {"enum": ["all"]}]}, {}, "all"),
        ("p=a%2Bb+c", {"type": "string"}, {}, "a+b c"),
        ("p=1&p=2", {"type": "string"}, {}, "2"),
        ("p=1&p=2", INTEGERS, {}, [1, 2]),
        ("p[]=1&p[]=2", INTEGERS, {}, [1, 2]),
        ("p=1,2", INTEGERS, {"explode": False}, [1, 2]),
        ("p=a%2Cb,c", {"type": "array", "items": {"type": "string"}}, {"explode": False}, ["a,b", "c"]),
        ("p=1%202", INTEGERS, {"style": "spaceDelimited", "explode": False}, [1, 2]),
        ("p=1|2", INTEGERS, {"style": "pipeDelimited", "explode": False}, [1, 2]),
        ("x=1&y=2", POINT, {}, {"x": 1, "y": 2}),
        ("p=x,1,y,2", POINT, {"explode": False}, {"x": 1, "y": 2}),
        ("p[x]=1&p[y]=2", POINT, {"style": "deepObject"}, {"x": 1, "y": 2}),
        ("q=1", INTEGERS, {}, "absent"),
        ("", {"type": "integer", "default": 3}, {}, 3),
    ],
)
def test_a_query_parameter_is_read_by_its_style_and_type(
    sent: str, schema: Document, more: dict[str, Json], value: Json
) -> None:
    assert read(sent, schema, more=more) == (value, [])


@pytest.mark.parametrize(
    ("sent", "schema", "more", "value"),
    [
        ("7", {"type": "integer"}, {}, 7),
        ("false", {"type": "boolean"}, {}, False),
        ("1,2", INTEGERS, {}, [1, 2]),
        ("x,1,y,2", POINT, {}, {"x": 1, "y": 2}),
        ("x=1,y=2", POINT, {"explode": True}, {"x": 1, "y": 2}),
        (".1.2", INTEGERS, {"style": "label", "explode": True}, [1, 2]),
        (";p=1,2", INTEGERS, {"style": "matrix"}, [1, 2]),
        (";p=1;p=2", INTEGERS, {"style": "matrix", "explode": True}, [1, 2]),
        (";x=1;y=2", POINT, {"style": "matrix", "explode": True}, {"x": 1, "y": 2}),
    ],
)
def test_a_path_parameter_is_read_by_its_style_and_type(
    sent: str, schema: Document, more: dict[str, Json], value: Json
) -> None:
    assert read(sent, schema, "path", more | {"required": True}) == (value, [])


def test_header_fields_and_cookies_are_read_too() -> None:
    assert read("1, 2", INTEGERS, "header") == ([1, 2], [])
    assert read("a=b; p=7", {"type": "integer"}, "cookie") == (7, [])
    assert read("q=1", {"type": "integer"}, "cookie") == ("absent", [])


def test_a_parameter_with_content_is_json() -> None:
    parameter = {"name": "p", "in": "query", "content": {"application/json": {"schema": POINT}}}
    for sent, value, wrong in (("p=%7B%22x%22%3A1%7D", {"x": 1}, 0), ("p=x", "x", 1)):
        values, violations = validator(parameter).read_parameters(Sent({}, sent, {}))
        assert (values, len(violations)) == ({"p": value}, wrong)


@pytest.mark.parametrize(
    ("sent", "schema", "said"),
    [
        ("p=x", {"type": "integer"}, 'the query parameter p: "x" is not of the type integer'),
        ("p=007", {"type": "integer"}, 'the query parameter p: "007" is not of the type integer'),
        ("p=1&p=x", INTEGERS, 'the query parameter p: "x" is not of the type integer'),
        ("p=99", {"type": "integer", "maximum": 9}, "the query parameter p: 99 is greater than the maximum of 9"),
    ],
)
def test_a_value_of_another_type_or_range_is_a_violation(sent: str, schema: Document, said: str) -> None:
    assert read(sent, schema)[1] == [said]


def test_what_the_path_says_holds_for_its_operations_and_a_reference_is_followed() -> None:
    limit = {"$ref": "#/components/parameters/Limit"}
    shared = {"name": "p", "in": "path", "required": True, "schema": {"type": "integer"}}
    one = validator(limit, shared=(shared,))
    values, violations = one.read_parameters(Sent({"p": "7"}, "", {}))
    assert (values, violations) == ({"p": 7, "limit": 5}, ())
    _, [violation] = one.read_parameters(Sent({"p": "7"}, "limit=10", {}))
    assert violation.keyword == "/components/schemas/Limit/maximum"
    _, violations = one.read_parameters(Sent({"p": "x"}, "limit=x", {}))
    assert len(violations) == 2


def test_header_parameters_that_other_parts_of_the_document_describe_are_ignored() -> None:
    one = validator({"name": "Authorization", "in": "header", "required": True, "schema": {"type": "integer"}})
    assert one.read_parameters(Sent({}, "", {})) == ({}, ())
