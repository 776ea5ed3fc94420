"""The suite's checks, schemathesis and openapi-core agree about what fits a schema and what does not.

Each case is a small document with what they once differed about.
"""

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from invite_conformance.http.exchange import Call, Exchange, Origin
from invite_conformance.http.response import Response
from invite_conformance.judging.catalogue import Catalogue, document_catalogue
from invite_conformance.judging.second_opinions import SecondOpinions
from invite_conformance.result import ExchangeRecord
from invite_specs import Document, Json

JSON = "application/json"
CALL = Call("GET", "/thing", operation="read")
WRITTEN: Document = {
    "type": "object",
    "required": ["secret"],
    "properties": {"secret": {"type": "string", "writeOnly": True}},
}
UNION: Document = {
    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
    "discriminator": {"propertyName": "kind"},
}
COMPONENTS: Document = {
    "Text": {"type": "string"},
    "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
    "Dog": {"type": "object", "required": ["kind", "bark"], "properties": {"bark": {"type": "string"}}},
}


class Case(NamedTuple):
    schema: Document
    fits: list[Json]
    unfit: list[Json]
    documented: str = JSON
    given: str = JSON
    version: str = "3.1.0"


def text(form: str, fits: list[Json], unfit: list[Json]) -> Case:
    return Case({"type": "string", "format": form}, fits, unfit)


def nullable(schema: Document, fits: list[Json], unfit: list[Json]) -> Case:
    return Case(schema | {"nullable": True}, fits, unfit, version="3.0.3")


CASES = {
    "time": text("time", ["09:00:00Z"], ["09:00:00", "noon"]),
    "duration": text("duration", ["P1D"], ["a day"]),
    "hostname": text("hostname", ["a.example"], ["-a-"]),
    "uri": text("uri", ["https://a.example/"], ["a b", "a"]),
    "uri-reference": text("uri-reference", ["/a"], ["\\\\a b"]),
    "iri": text("iri", ["https://ä.example/"], ["a b"]),
    "uri-template": text("uri-template", ["/{a}"], ["{"]),
    "json-pointer": text("json-pointer", ["/a"], ["a"]),
    "byte": text("byte", ["YQ==", "?!"], [1]),
    "unknown format": text("colour", ["red"], [1]),
    "int32": Case({"type": "integer", "format": "int32"}, [2**31 - 1, -(2**31), 1.0], [2**31, -(2**31) - 1, 1.5]),
    "int64": Case({"type": "integer", "format": "int64"}, [2**63 - 1], [2**63, -(2**63) - 1]),
    "int32 in a branch": Case(
        {"anyOf": [{"type": "integer", "format": "int32"}, {"type": "string", "format": "uri"}]},
        [1, "https://a.example/"],
        [2**31, "a b"],
    ),
    "an integer of any size": Case({"type": "integer"}, [10**40, 1e30], [0.5]),
    "decimal fractions": Case({"type": "number", "multipleOf": 0.01}, [0.3, 19.99], [0.305]),
    "digits of ECMA-262": Case({"type": "string", "pattern": r"^\d+$"}, ["12"], ["\uff11", "1\n"]),
    "properties of Unicode": Case({"type": "string", "pattern": r"^\p{L}+$"}, ["ä"], ["1"]),
    "null in 3.0": nullable({"type": "string"}, [None, "a"], [1]),
    "null of a reference in 3.0": nullable({"allOf": [{"$ref": "#/components/schemas/Text"}]}, [None, "a"], [1]),
    "null beside an enum in 3.0": nullable({"type": "string", "enum": ["a"]}, [None, "a"], ["b"]),
    "keywords beside a reference": Case({"$ref": "#/components/schemas/Text", "minLength": 2}, ["ab"], ["a", 1]),
    "what is only written": Case(WRITTEN, [{}, {"secret": "x"}], [1]),
    "one schema by its discriminator": Case(
        UNION, [{"kind": "Cat"}, {"kind": "Zebra"}], [{"kind": "Dog", "bark": "x"}]
    ),
    "any media type": Case({"type": "string"}, ["a"], [1], documented="*/*"),
    "any media type, and a text": Case({"type": "string"}, ["a", 1], [], documented="*/*", given="text/plain"),
    "any application": Case({"type": "string"}, ["a"], [1], "application/*", "application/vnd.thing+json"),
    "any application, and a text": Case({"type": "string"}, [], ["a", 1], "application/*", "text/plain"),
    "a documented text": Case({"type": "string"}, ["a", 1], [], "text/plain", "text/plain"),
    "a documented parameter": Case({"type": "string"}, ["a"], [1], documented="application/json; charset=utf-8"),
    "an array by place": Case({"prefixItems": [{"type": "string"}], "items": False}, [["a"]], [[1], ["a", 1]]),
}


def operation(name: str, media_type: str, schema: Document) -> Document:
    answer = {"description": "It", "content": {media_type: {"schema": schema}}}
    return {"operationId": name, "responses": {"200": answer}}


def thing(case: Case) -> Document:
    read = operation("read", case.documented, case.schema)
    return {
        "openapi": case.version,
        "info": {"title": "Things", "version": "1"},
        "paths": {"/thing": {"get": read, "put": operation("write", JSON, {"type": "object"})}},
        "components": {"schemas": COMPONENTS},
    }


def judges(folder: Path, case: Case) -> tuple[Catalogue, SecondOpinions]:
    path = folder / "thing.json"
    path.write_text(json.dumps(thing(case)))
    catalogue = document_catalogue(path)
    return catalogue, SecondOpinions(catalogue.contract, catalogue.documented)


@pytest.mark.parametrize("name", CASES)
def test_the_three_validators_agree(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    catalogue, second = judges(tmp_path, case)
    checks = [one for one in catalogue.checks.passive if ".200." in one.requirement]
    unfit, differences = list[Json](), list[str]()
    for value in (*case.fits, *case.unfit):
        response = Response(200, (("content-type", case.given),), json.dumps(value).encode(), elapsed=0)
        exchange = Exchange(CALL, response, ExchangeRecord("GET", "", {}, None, 200, {}, "", 0), Origin())
        violated = [one.requirement for one in checks if one.applies(exchange) and one.judge(exchange)]
        unfit += [value] if violated else []
        differences += (f"{value!r}: {said}" for _, said in second.disagreements(CALL, response, violated))
    assert unfit == case.unfit
    assert differences == []


def test_an_operation_without_a_body_is_judged_by_all(tmp_path: Path) -> None:
    _, second = judges(tmp_path, Case({"type": "string"}, [], []))
    response = Response(200, (("content-type", JSON),), b"1", elapsed=0)
    complaints = second.complaints(CALL, response)
    assert {name: len(found) for name, found in complaints.items()} == {"schemathesis": 1, "openapi-core": 1}


def test_operations_on_one_path_have_schemas_of_their_own(tmp_path: Path) -> None:
    _, second = judges(tmp_path, Case({"type": "string"}, [], []))
    for call, body in ((CALL, b'"a"'), (Call("PUT", "/thing", operation="write"), b"{}")):
        response = Response(200, (("content-type", JSON),), body, elapsed=0)
        assert second.complaints(call, response) == {"schemathesis": (), "openapi-core": ()}
