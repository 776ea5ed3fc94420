"""Values that a schema forbids: none is valid, and each is classified by what common libraries make of it."""

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invite_conformance.judging.derived.invalid_values import Invalid, aspect_of, effective, invalid_values
from invite_conformance.judging.derived.schemas import Schemas
from invite_specs import Document, Json

TYPES = ("string", "integer", "number", "boolean", "array", "object")
FORMATS = ("uuid", "date-time", "date", "time", "email", "uri", "ipv4", "ipv6", "hostname", "int32", "private")
TEXT = {"type": "string"}


def invalid(schema: Document, *, as_text: bool = False) -> list[Invalid]:
    return invalid_values(Schemas({"schema": schema}), "/schema", as_text=as_text)


def aspects(schema: Document, *, as_text: bool = False) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for one in invalid(schema, as_text=as_text):
        found.setdefault(one.aspect, []).append(one.value)
    return found


def validator(schema: Document) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, ignore_unknown_formats=True)


_WORDS = st.text("abcXYZ05-", max_size=6)
_SIZES = {name: st.integers(0, 20) for name in ("minLength", "maxLength")}
_BOUNDS = {name: st.integers(-50, 50) for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")}
_KEYWORDS = {
    "type": st.one_of(st.sampled_from(TYPES), st.lists(st.sampled_from((*TYPES, "null")), min_size=1, unique=True)),
    "enum": st.lists(st.one_of(_WORDS, st.integers(), st.none(), st.booleans()), min_size=1, unique_by=repr),
    "format": st.sampled_from(FORMATS),
    "pattern": st.sampled_from(("^[a-z]+$", "^$", "x")),
    "items": st.just(TEXT),
    **_SIZES,
    **_BOUNDS,
}
_PLAIN: st.SearchStrategy[Document] = st.fixed_dictionaries({}, optional=_KEYWORDS)
_SCHEMAS = st.one_of(
    _PLAIN,
    st.builds(lambda one: {"anyOf": [one, {"type": "null"}]}, _PLAIN),
    st.builds(lambda one, other: {"allOf": [one, other]}, _PLAIN, _PLAIN),
    st.builds(lambda one, other: {"oneOf": [one, other]}, _PLAIN, _PLAIN),
)


@settings(max_examples=300, deadline=None)
@given(_SCHEMAS)
def test_no_value_is_one_that_the_schema_allows(schema: Document) -> None:
    independent = validator(schema)
    schemas = Schemas({"schema": schema})
    for one in invalid_values(schemas, "/schema"):
        assert not independent.is_valid(one.value)
        # What is generated later is judged by the same requirement.
        assert aspect_of(schemas, "/schema", one.value) == one.aspect


@settings(max_examples=200, deadline=None)
@given(_PLAIN)
def test_no_text_is_one_that_a_parameter_allows(schema: Document) -> None:
    independent = validator(schema)
    for one in invalid(schema, as_text=True):
        assert isinstance(one.value, str)
        assert not independent.is_valid(one.value)


@pytest.mark.parametrize(
    ("schema", "value", "aspect"),
    [
        (TEXT, None, "null"),
        (TEXT, 42, "coerced"),
        (TEXT, True, "coerced"),
        (TEXT, ["a"], "coerced"),
        (TEXT, ["a", "b"], "type"),
        (TEXT, {"a": 1}, "type"),
        # The text of a number is none of an enum's, but its place may be.
        ({"type": "string", "enum": ["a", "b"]}, True, "type"),
        ({"type": "string", "enum": ["a", "b"]}, 0, "coerced"),
        ({"type": "string", "enum": ["a", "b"]}, 42, "type"),
        ({"type": "string", "enum": ["a", "b"]}, "A", "enum"),
        ({"type": "string", "format": "uuid"}, {"a": 1}, "type"),
        ({"type": "string", "format": "uuid"}, "1", "format"),
        ({"type": "string", "maxLength": 3}, "four", "range"),
        ({"enum": ["a"]}, "b", "enum"),
        ({"enum": [1, 2]}, 3, "enum"),
        ({"type": "integer"}, "5", "coerced"),
        ({"type": "integer"}, "five", "type"),
        ({"type": "integer"}, "", "coerced"),
        ({"type": "integer"}, True, "coerced"),
        ({"type": "integer"}, 1.5, "coerced"),
        ({"type": "integer", "minimum": 1}, 0, "range"),
        ({"type": "boolean"}, 1, "coerced"),
        ({"type": "boolean"}, "yes", "coerced"),
        ({"type": "boolean"}, "perhaps", "type"),
        ({"type": "array", "items": TEXT}, "a", "coerced"),
        ({"type": "object"}, 42, "type"),
        ({"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}, "1", "format"),
        ({"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]}, "b", "enum"),
    ],
    ids=repr,
)
def test_a_value_is_classified_by_what_libraries_make_of_it(schema: Document, value: Json, aspect: str) -> None:
    assert aspect_of(Schemas({"schema": schema}), "/schema", value) == aspect


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (TEXT, ("type", "coerced", "null")),
        ({"type": "string", "enum": ["a"]}, ("type", "coerced", "null", "enum")),
        ({"type": ["string", "null"], "format": "email"}, ("type", "coerced", "format")),
        ({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}, ("type", "coerced", "range")),
        ({"allOf": [{"type": "integer"}, {"maximum": 9}]}, ("type", "coerced", "null", "range")),
        ({}, ()),
        (True, ()),
    ],
    ids=repr,
)
def test_each_kind_of_schema_has_values_of_each_aspect(schema: Document, expected: tuple[str, ...]) -> None:
    assert aspects(schema).keys() == set(expected)


def test_a_number_for_a_format_is_of_another_type() -> None:
    found = aspects({"type": "string", "format": "uuid"})
    assert 42 in found["type"]
    assert 42 in aspects(TEXT)["coerced"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (TEXT, {}),
        ({"type": "integer"}, {"type": ["abc"]}),
        ({"type": "integer", "minimum": 1, "maximum": 9}, {"type": ["abc"], "range": ["0", "10"]}),
        ({"type": "boolean"}, {"type": ["abc"]}),
        ({"type": "string", "enum": ["up", "down"]}, {"enum": ["Emperor", "UP", ""]}),
        ({"type": ["string", "integer"]}, {}),
    ],
    ids=repr,
)
def test_a_parameter_is_sent_as_text(schema: Document, expected: dict[str, list[Json]]) -> None:
    assert aspects(schema, as_text=True) == expected


def test_a_schema_that_contains_itself_is_read_once() -> None:
    schema: Document = {"type": "string", "allOf": [{"$ref": "#/schema"}, {"format": "uuid"}]}
    assert effective({"schema": schema}, "/schema")["format"] == "uuid"


def test_a_schema_that_cannot_be_compiled_forbids_nothing_and_is_named() -> None:
    schemas = Schemas({"schema": {"type": "string", "pattern": "(?<unclosed"}})
    assert schemas.allows("/schema", 5)
    assert "(?<unclosed" in schemas.unusable["/schema"]


def test_what_a_validator_cannot_read_is_not_allowed() -> None:
    assert not Schemas({"schema": {"type": "string"}}).allows("/schema", "\ud800")


def test_keywords_beside_a_reference_are_read() -> None:
    document: Document = {
        "schemas": {
            "Text": {"type": "string"},
            "Short": {"$ref": "#/schemas/Text", "maxLength": 2},
            "Said": {"$ref": "#/schemas/Maybe", "description": "A text"},
            "Maybe": {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]},
        }
    }
    schemas = Schemas(document)
    assert effective(document, "/schemas/Short") == {"$ref": "#/schemas/Text", "maxLength": 2, "type": "string"}
    assert Invalid("range", "xxx") in invalid_values(schemas, "/schemas/Short")
    assert aspect_of(schemas, "/schemas/Said", "b") == "enum"
