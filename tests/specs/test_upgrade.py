"""Schemas of OpenAPI 3.0 and of old drafts mean the same in 3.1."""

from pathlib import Path

import pytest
from invite_specs import (
    Document,
)
from openapi_spec_validator import OpenAPIV31SpecValidator
from specs.documents import HEAD, at, loaded, schema_of

OLD = """openapi: 3.0.3
info: {title: Pets, version: v1}
paths: {}
components:
  schemas:
    Text: {type: string, nullable: true, example: a}
    Choice: {type: string, nullable: true, enum: [a, b]}
    Some: {nullable: true, anyOf: [{type: string}, {type: integer}]}
    One: {nullable: true, oneOf: [{$ref: '#/components/schemas/Choice'}, {type: integer}]}
    Other: {nullable: true, oneOf: [{type: string}, {type: integer}]}
    Every: {nullable: true, allOf: [{$ref: '#/components/schemas/Plain'}, {type: string, oneOf: [{minLength: 2}]}]}
    Beside: {$ref: '#/components/schemas/Plain', nullable: true, maxLength: 1, description: Beside}
    Plain: {type: string, nullable: false}
    Between: {type: integer, minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}
    Open: {type: integer, exclusiveMinimum: true}
    File: {type: string, format: binary}
    Bytes: {type: string, format: byte}
    Named: {type: object, properties: {nullable: {type: boolean}, example: {type: string, nullable: true}}}
"""


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("Text", [None, "a"], [1]),
        ("Choice", [None, "a"], ["c"]),
        ("Some", [None, "a", 1], [1.5]),
        ("One", [None, "a", 1], ["c"]),
        ("Other", [None, "a", 1], [1.5]),
        ("Every", [None, "ab"], ["a", 1]),
        ("Beside", ["ab"], [None]),
        ("Plain", ["a"], [None]),
        ("Between", [2, 9], [1, 10]),
        ("Open", [1], []),
        ("Named", [{"nullable": True, "example": None}], [{"nullable": None}]),
    ],
)
def test_a_schema_of_3_0_means_the_same_in_3_1(
    tmp_path: Path, name: str, valid: list[Document], invalid: list[Document]
) -> None:
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    document = loaded(tmp_path, pets=OLD).published
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    validator = jsonschema_rs.Draft202012Validator({**document, "$ref": f"#/components/schemas/{name}"})
    assert [validator.is_valid(value) for value in valid] == [True] * len(valid)
    assert [validator.is_valid(value) for value in invalid] == [False] * len(invalid)


def test_examples_and_files_of_3_0_are_said_as_in_3_1(tmp_path: Path) -> None:
    found = loaded(tmp_path, pets=OLD)
    assert found.published["openapi"] == "3.1.0"
    assert schema_of(found, "Text")["examples"] == ["a"]
    assert schema_of(found, "File")["contentMediaType"] == "application/octet-stream"
    assert schema_of(found, "Bytes")["contentEncoding"] == "base64"
    assert schema_of(found, "Beside") == {"$ref": "#/components/schemas/Plain", "description": "Beside"}


def test_schemas_of_a_3_0_document_s_other_files_are_upgraded_too(tmp_path: Path) -> None:
    text = OLD.replace("    Plain: {type: string", "    Far: {$ref: 'pet.yaml'}\n    Plain: {type: string")
    found = loaded(tmp_path, pets=text, pet="type: string\nnullable: true\n")
    assert at(found.published, "components", "schemas", "Far")["type"] == ["string", "null"]


def test_old_drafts_in_a_3_1_document_are_corrected_and_no_dialect_is_fetched(tmp_path: Path) -> None:
    schema = "{$schema: 'http://json-schema.org/draft-04/schema#', maximum: 9, exclusiveMaximum: true, nullable: true}"
    found = loaded(tmp_path, pets=HEAD + f"paths: {{}}\ncomponents: {{schemas: {{Pet: {schema}}}}}\n")
    assert schema_of(found) == {"maximum": 9, "exclusiveMaximum": 9, "nullable": True}


def test_a_document_of_3_1_stays_as_it_is(tmp_path: Path) -> None:
    text = "paths: {}\ncomponents: {schemas: {Pet: {$ref: '#/components/schemas/Pet', example: 1, maxLength: 2}}}\n"
    found = loaded(tmp_path, pets=HEAD + text)
    assert schema_of(found) == {"$ref": "#/components/schemas/Pet", "example": 1, "maxLength": 2}


@pytest.mark.parametrize(
    "alternatives",
    [
        # One admits null by itself.
        "{type: string, nullable: true}",
        "{type: string, enum: [a], nullable: true}",
        "{title: Anything}",
        "{anyOf: [{type: string}, {type: boolean, nullable: true}]}",
        "{oneOf: [{type: string, nullable: true}]}",
        "{$ref: '#/components/schemas/Or%20null'}",
        # None does.
        "{type: string}",
        "{enum: [a]}",
        "{allOf: [{type: string, nullable: true}, {type: string}]}",
        "{anyOf: [{type: string}]}",
        "{$ref: '#/components/schemas/Text'}",
    ],
)
def test_exactly_one_alternative_of_a_nullable_one_of_admits_null(tmp_path: Path, alternatives: str) -> None:
    text = f"""openapi: 3.0.3
info: {{title: Pets, version: v1}}
paths: {{}}
components:
  schemas:
    Pet: {{nullable: true, oneOf: [{alternatives}, {{type: integer}}]}}
    Or null: {{type: string, nullable: true}}
    Text: {{type: string}}
"""
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    document = loaded(tmp_path, pets=text).published
    assert jsonschema_rs.Draft202012Validator({**document, "$ref": "#/components/schemas/Pet"}).is_valid(None)


def test_what_3_0_ignores_beside_a_reference_is_removed_where_a_reference_may_stand(tmp_path: Path) -> None:
    text = """openapi: 3.0.3
info: {title: Pets, version: v1}
paths:
  /pets:
    $ref: gone.yaml
    get: {responses: {'200': {$ref: '#/components/responses/Ok', summary: S, description: D, headers: {}}}}
  /pet: {put: {$ref: gone.yaml, operationId: put}}
components:
  responses: {Ok: {description: Ok}}
"""
    paths = loaded(tmp_path, pets=text).published["paths"]
    answer = {"$ref": "#/components/responses/Ok", "summary": "S", "description": "D"}
    assert paths["/pets"] == {"$ref": "gone.yaml", "get": {"responses": {"200": answer}}}
    assert paths["/pet"] == {"put": {"$ref": "gone.yaml", "operationId": "put"}}
