"""Which members a schema describes, and which of them are required."""

import pytest
from invite_conformance.judging.derived.members import members, slug, words
from invite_specs import Document

TEXT = {"type": "string"}


def found(schema: Document, **schemas: Document) -> dict[str, bool]:
    """The members of a schema by their name, each with whether it is required."""
    document = {"schema": schema, "schemas": schemas}
    return {one.name: one.required for one in members(document, "/schema").values()}


def of(*names: str, required: tuple[str, ...] = ()) -> Document:
    return {"type": "object", "required": list(required), "properties": dict.fromkeys(names, TEXT)}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, {}),
        (True, {}),
        (of("id", "note", required=("id",)), {"id": True, "note": False}),
        ({"$ref": "#/schemas/Thing"}, {"id": True, "note": False}),
        (
            {"properties": {"thing": {"$ref": "#/schemas/Thing"}}},
            {"thing": False, "thing.id": True, "thing.note": False},
        ),
        # OpenAPI 3.1 section 4.8.24: other keywords may stand beside a reference.
        (
            {"$ref": "#/schemas/Thing", "required": ["note"], "properties": {"size": TEXT}},
            {"id": True, "note": True, "size": False},
        ),
        ({"type": "array", "items": {"$ref": "#/schemas/Thing"}}, {"id": True, "note": False}),
        ({"properties": {"all": {"type": "array", "items": of("id")}}}, {"all": False, "all.id": False}),
        ({"allOf": [{"$ref": "#/schemas/Thing"}, of("size")]}, {"id": True, "note": False, "size": False}),
        # One part names the member, another one requires it.
        ({"allOf": [of("id"), {"required": ["id"]}]}, {"id": True}),
        ({"required": ["id"], "allOf": [of("id")]}, {"id": True}),
        # A value of the other branch may lack it.
        ({"oneOf": [of("id", required=("id",)), of("url")]}, {"id": False, "url": False}),
        ({"anyOf": [of("id", required=("id",))], "required": ["id"]}, {"id": True}),
        ({"oneOf": [{"properties": {"a": of("b", required=("b",))}}]}, {"a": False, "a.b": True}),
        ({"properties": {"a/b~c": TEXT}}, {"a/b~c": False}),
    ],
    ids=repr,
)
def test_members_are_found_wherever_a_schema_describes_them(schema: Document, expected: dict[str, bool]) -> None:
    assert found(schema, Thing=of("id", "note", required=("id",))) == expected


def test_a_schema_in_itself_ends() -> None:
    tree = {
        "type": "object",
        "properties": {"id": TEXT, "children": {"type": "array", "items": {"$ref": "#/schemas/T"}}},
    }
    assert found({"$ref": "#/schemas/T"}, T=tree) == {"id": False, "children": False}
    assert found({"$ref": "#/schemas/T"}, T={"allOf": [{"$ref": "#/schemas/T"}, of("id")]}) == {"id": False}


def test_a_member_is_cited_where_the_document_names_it() -> None:
    document = {"schema": {"properties": {"a/b": {"$ref": "#/text"}}}, "text": TEXT}
    (member,) = members(document, "/schema").values()
    assert member.pointer == "/schema/properties/a~1b"
    assert member.definition == TEXT


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ({"type": ["null", "string"], "format": "uuid"}, "a string (uuid) or null"),
        ({"type": "integer"}, "an integer"),
        ({"enum": ["a", None]}, "one of a, null"),
        ({"const": 5}, "the value 5"),
        ({"oneOf": []}, "as oneOf says"),
        ({"$ref": "#/text"}, "a string"),
        (True, "any value"),
        (False, "no value"),
        ({}, "any value"),
    ],
    ids=repr,
)
def test_a_schema_is_said_in_words(definition: Document, expected: str) -> None:
    assert words({"text": TEXT}, definition) == expected


def test_no_two_members_have_one_slug() -> None:
    both = {"properties": {"a": of("b"), "a.b": TEXT, "a~1b": TEXT, "plain-name_1": TEXT}}
    slugs = [slug(path) for path in members({"schema": both}, "/schema")]
    assert slugs == ["a", "a.b", "a~1b", "a~01b", "plain-name_1"]


def test_what_stands_beside_a_reference_is_said_and_takes_precedence() -> None:
    schema = {"properties": {"a": {"$ref": "#/schemas/Text", "format": "uuid", "readOnly": True}}}
    document = {"schema": schema, "schemas": {"Text": {"type": "string", "format": "uri", "readOnly": False}}}
    [member] = members(document, "/schema").values()
    assert words(document, member.definition) == "a string (uuid)"
    assert member.marked("readOnly")
