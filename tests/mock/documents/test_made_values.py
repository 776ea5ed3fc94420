"""Values made from schemas: they fit, they are the same for the same seed, and they read like data."""

import json
import os
import subprocess
import sys

import jsonschema
import pytest
from invite_mock.documents.made_values import CannotMakeError, ValueMaker
from invite_mock.http.schema import Schemas
from invite_specs import Document, Json

NOW = 1_767_258_000_000_000
"""2026-01-01T09:00:00Z"""
SCHEMAS: Document = {
    "object": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}},
    "map": {"type": "object", "additionalProperties": {"type": "number"}, "minProperties": 2},
    "array": {"type": "array", "items": {"type": "integer", "maximum": 3}, "minItems": 3, "uniqueItems": True},
    "tuple": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False, "minItems": 2},
    "contains": {"type": "array", "contains": {"const": 7}},
    "bounds": {"type": "integer", "exclusiveMinimum": 4, "maximum": 5},
    "step": {"type": "number", "multipleOf": 0.5, "minimum": 10, "maximum": 11},
    "negative": {"type": "number", "maximum": -5},
    "pattern": {"type": "string", "pattern": "^[A-Z]{3}-[^a-z]+$", "minLength": 6},
    "length": {"type": "string", "minLength": 40, "maxLength": 41},
    "short": {"type": "string", "maxLength": 2},
    "nullable": {"type": ["string", "null"]},
    "all": {"allOf": [{"required": ["a"]}, {"properties": {"a": {"allOf": [{"type": "number"}, {"minimum": 4}]}}}]},
    "one": {"oneOf": [{"type": "string"}, {"type": "object", "required": ["x"], "properties": {"x": {"enum": [1]}}}]},
    "exclusive": {
        "properties": {"k": {"type": "string"}, "v": {"type": "string"}},
        "oneOf": [{"required": ["k"]}, {"required": ["v"]}],
    },
    "overlapping": {
        "oneOf": [
            {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
            {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
            },
            {"allOf": [{"properties": {"size": {"type": "string"}}}]},
        ]
    },
    "if": {
        "required": ["kind"],
        "properties": {"kind": {"enum": ["a", "b"]}},
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["a"]},
        "else": {"required": ["b"]},
    },
    "recursive": {"properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/recursive"}}}},
    "example": {
        "type": "object",
        "properties": {"name": {"type": "string", "examples": ["Rex"]}},
        "required": ["name"],
    },
    "misfit": {"required": ["age"], "properties": {"age": {"type": "integer", "examples": [-1], "minimum": 0}}},
    "empty": {},
}
FORMATS = ("date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uri-reference", "uuid")


def maker(schemas: Document) -> ValueMaker:
    return ValueMaker(Schemas({"openapi": "3.1.0", "components": {"schemas": schemas}}))


def made(name: str, seed: str = "1", schemas: Document = None) -> Json:
    return maker(schemas or SCHEMAS).make(f"/components/schemas/{name}", seed, NOW)


def validate(value: Json, schema: Document, whole: Document) -> None:
    """Raise ValidationError by a validator that the mock does not use."""
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    whole = {**schema, "components": {"schemas": whole}}
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(value)


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_what_is_made_fits_its_schema(name: str, seed: str) -> None:
    validate(made(name, seed), SCHEMAS[name], SCHEMAS)


@pytest.mark.parametrize("form", FORMATS)
def test_a_format_is_respected(form: str) -> None:
    schema = {"type": "string", "format": form}
    value = made("It", schemas={"It": schema})
    validate(value, schema, {})
    assert value


def test_the_same_seed_gives_the_same_value_in_every_process() -> None:
    schema = {"type": "array", "minItems": 3, "items": {"type": "string", "pattern": "[^a]{20}"}}
    script = (
        "import json, sys\n"
        "from invite_mock.documents.made_values import ValueMaker\n"
        "from invite_mock.http.schema import Schemas\n"
        "document = json.loads(sys.argv[1])\n"
        f"print(json.dumps(ValueMaker(Schemas(document)).make('/components/schemas/It', '1', {NOW})))\n"
    )
    document = json.dumps({"components": {"schemas": {"It": schema}}})
    texts = {
        subprocess.run(
            [sys.executable, "-c", script, document],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1
    assert json.loads(texts.pop()) == made("It", schemas={"It": schema})
    assert made("It", "1", {"It": schema}) != made("It", "2", {"It": schema})


def test_members_are_made_by_their_names_and_instants_lie_before_the_clock() -> None:
    members = {"email": "@", "firstName": "", "id": "-", "homepage_url": "http"}
    schema = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in members}
        | {"at": {"type": "string", "format": "date-time"}},
    }
    value = made("It", schemas={"It": schema})
    assert isinstance(value, dict)
    assert all(part in str(value[name]) for name, part in members.items())
    assert "2025-12-01" < str(value["at"]) < "2026-01-01"
    assert "string" not in value.values()


def test_a_password_is_not_answered_and_what_only_answers_have_is() -> None:
    properties = {"password": {"type": "string", "writeOnly": True}, "id": {"type": "integer", "readOnly": True}}
    value = made("It", schemas={"It": {"type": "object", "properties": properties}})
    assert isinstance(value, dict)
    assert list(value) == ["id"]


def test_a_discriminator_names_the_schema_that_was_chosen() -> None:
    pet = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    pets = {"Cat": pet, "Dog": pet}
    either: Document = {
        "anyOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"dog": "#/components/schemas/Dog"}},
    }
    assert made("It", schemas=pets | {"It": either}) == {"kind": "Cat"}
    either["anyOf"].reverse()
    assert made("It", schemas=pets | {"It": either}) == {"kind": "dog"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "required": ["it"], "properties": {"it": {"$ref": "#/components/schemas/It"}}},
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {"oneOf": [{"type": "integer"}, {"type": "number", "multipleOf": 1}]},
        False,
    ],
)
def test_a_schema_for_which_nothing_is_found_is_named(schema: Document) -> None:
    with pytest.raises(CannotMakeError, match="no value was found that fits the schema at /components/schemas/It"):
        made("It", schemas={"It": schema})
