"""What is derived of the responses of an operation, and what a response violates."""

import json
from collections.abc import Iterable

import pytest
from conformance.judging.derived.documents import OPERATION, document, operation_of
from invite_conformance.http.exchange import Call, Exchange, Origin
from invite_conformance.http.response import Response
from invite_conformance.judging.derived.derived import Derived, Source
from invite_conformance.judging.derived.responses import Documented, response_requirements
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.result import ExchangeRecord, Level
from invite_specs import Document, Json

TEXT = {"type": "string"}
THING: Document = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string", "format": "uuid"}, "note": {"type": ["string", "null"]}},
}
UUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
JSON, PROBLEM = "application/json", "application/problem+json"


def response(schema: Document, *media_types: str) -> Document:
    return {"description": "It", "content": {name: {"schema": schema} for name in media_types or (JSON,)}}


def derived(responses: Document) -> dict[str, Derived]:
    """What is derived of the responses, by how the ids end."""
    of = document(responses=responses)
    operation = operation_of(of)
    return {
        one.requirement.id.removeprefix(f"x.{OPERATION}."): one
        for each in operation.responses
        for one in response_requirements(Documented(operation, each, Schemas(of)), Source("x", OPERATION))
    }


def exchange(status: int, body: Json | bytes, media_type: str = JSON, **call: bool | tuple[int, ...]) -> Exchange:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    record = ExchangeRecord("POST", "", {}, None, status, {}, "", 0.0)
    made = Call("POST", "/things", operation=OPERATION, **call)  # type: ignore[arg-type]  # `elsewhere`
    return Exchange(made, Response(status, (("content-type", media_type),), content, 0.0), record, Origin())


def violated(of: dict[str, Derived], one: Exchange) -> set[str]:
    """How the ids of the requirements end that a response violates."""
    checks = {slug: found.passive for slug, found in of.items() if found.passive}
    return {slug for slug, check in checks.items() if check.applies(one) and check.judge(one)}


def applying(of: dict[str, Derived], one: Exchange) -> Iterable[str]:
    return {slug for slug, found in of.items() if found.passive and found.passive.applies(one)}


def test_each_member_has_a_requirement() -> None:
    found = derived({"201": response(THING)})
    assert [*found] == ["201.media-type", "201.body", "201.id", "201.note"]
    assert {one.requirement.level for one in found.values()} == {Level.MUST}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"id": UUID}, []),
        ({"id": UUID, "note": None, "extra": [1]}, []),
        ({"id": "one"}, ["201.id"]),
        ({}, ["201.id"]),
        ({"id": UUID, "note": 5}, ["201.note"]),
        ({"note": 5}, ["201.id", "201.note"]),
        ([], ["201.body"]),
        (None, ["201.body"]),
        # What is no JSON violates another requirement.
        (b"{", []),
    ],
    ids=repr,
)
def test_one_fault_violates_one_requirement(body: Json | bytes, expected: list[str]) -> None:
    assert violated(derived({"201": response(THING)}), exchange(201, body)) == {*expected}


def test_members_in_lists_and_references_are_judged_by_themselves() -> None:
    page = {"type": "object", "properties": {"all": {"type": "array", "items": THING}, "first": THING}}
    found = derived({"201": response(page)})
    assert {"201.all", "201.all.id", "201.first.id"} <= found.keys()
    assert violated(found, exchange(201, {"all": [{"id": UUID}, {"id": "one"}]})) == {"201.all.id"}
    assert violated(found, exchange(201, {"first": {}})) == {"201.first.id"}
    assert violated(found, exchange(201, {"all": {}})) == {"201.all"}
    assert "201.first.id" not in applying(found, exchange(201, {"first": None}))


def test_what_is_only_written_is_in_no_response() -> None:
    secret = {
        "type": "object",
        "required": ["key", "id"],
        "properties": {"key": TEXT | {"writeOnly": True}, "id": TEXT},
    }
    found = derived({"201": response(secret)})
    assert "201.key" not in found
    assert violated(found, exchange(201, {"id": "x"})) == set()
    assert violated(found, exchange(201, {})) == {"201.id"}


@pytest.mark.parametrize(("status", "other"), [("default", 418), ("4XX", 418)])
def test_a_class_of_statuses_is_every_one_that_is_not_documented_by_itself(status: str, other: int) -> None:
    found = derived({"201": response(THING), "404": {"description": "None"}, status: response({"type": "array"})})
    assert violated(found, exchange(other, {})) == {f"{status}.body"}
    assert violated(found, exchange(404, b"")) == set()
    assert violated(found, exchange(201, [])) == {"201.body"}


def test_default_is_said_as_what_it_is() -> None:
    found = derived({"201": response(THING), "default": response(THING)})
    sentence = "An answer with another status of `makeThing` is `application/json`."
    assert found["default.media-type"].requirement.sentence == sentence


def test_a_status_without_content_should_have_no_body() -> None:
    found = derived({"202": {"description": "Taken"}})
    assert {slug: one.requirement.level for slug, one in found.items()} == {"202.no-body": Level.SHOULD}
    assert violated(found, exchange(202, b"", "")) == set()
    assert violated(found, exchange(202, {})) == {"202.no-body"}


@pytest.mark.parametrize("status", ["204", "304"])
def test_what_http_lets_have_no_body_is_no_requirement(status: str) -> None:
    assert derived({status: {"description": "Nothing"}}) == {}


def test_the_documented_refusal_of_an_invalid_path_parameter_is_judged() -> None:
    found = derived({"201": response(THING), "400": response(THING)})
    assert "400.media-type" in applying(found, exchange(400, {}, elsewhere=True, refusals=(400,)))
    assert applying(found, exchange(201, {}, elsewhere=True, refusals=(400,))) == set()


def test_each_of_two_media_types_has_its_schema() -> None:
    both = {"description": "It", "content": {JSON: {"schema": THING}, PROBLEM: {"schema": {"type": "object"}}}}
    found = derived({"201": both})
    assert violated(found, exchange(201, {}, PROBLEM)) == set()
    assert violated(found, exchange(201, {}, JSON)) == {"201.id"}
    assert violated(found, exchange(201, {"id": UUID}, "text/plain")) == {"201.media-type"}


def test_a_documented_text_is_not_read_as_json() -> None:
    found = derived(
        {"201": {"description": "It", "content": {JSON: {"schema": THING}, "text/plain": {"schema": TEXT}}}}
    )
    assert violated(found, exchange(201, b"42", "text/plain")) == set()


@pytest.mark.parametrize("documented", ["application/*", "*/*", "application/json; charset=utf-8", "Application/JSON"])
def test_a_media_type_may_be_documented_as_a_range_or_with_a_parameter(documented: str) -> None:
    found = derived({"201": response(THING, documented)})
    assert violated(found, exchange(201, {"id": UUID}, "application/json; charset=utf-8")) == set()
    assert violated(found, exchange(201, {"id": "5"}, "application/json; charset=utf-8")) == {"201.id"}


def test_what_a_range_contains_and_is_no_json_is_not_read_as_json() -> None:
    found = derived({"201": response(THING, "*/*")})
    assert violated(found, exchange(201, b"5", "text/plain")) == set()


def test_the_status_of_a_problem_is_that_of_the_response() -> None:
    found = derived({"400": response({"type": "object", "properties": {"status": {"type": "integer"}}}, PROBLEM)})
    assert found["400.problem-status"].requirement.level is Level.SHOULD
    assert violated(found, exchange(400, {"status": 400}, PROBLEM)) == set()
    assert violated(found, exchange(400, {"status": 404}, PROBLEM)) == {"400.problem-status"}
    assert violated(found, exchange(400, {}, PROBLEM)) == set()


def test_a_member_may_have_the_name_of_an_aspect() -> None:
    found = derived({"201": response({"type": "object", "properties": {"body": TEXT, "media-type": TEXT}})})
    assert [*found] == ["201.media-type", "201.body", "201.body-member", "201.media-type-member"]
    assert violated(found, exchange(201, {"body": 5})) == {"201.body-member"}


def test_a_call_of_another_path_is_not_judged() -> None:
    assert applying(derived({"201": response(THING)}), exchange(201, {}, elsewhere=True)) == set()


def test_a_schema_in_itself_is_judged_at_every_depth() -> None:
    tree = {
        "type": "object",
        "properties": {"id": TEXT, "all": {"type": "array", "items": {"$ref": "#/components/schemas/T"}}},
    }
    of = document(responses={"201": response({"$ref": "#/components/schemas/T"})}, schemas={"T": tree})
    operation = operation_of(of)
    (each,) = operation.responses
    found = {
        one.requirement.id.removeprefix(f"x.{OPERATION}."): one
        for one in response_requirements(Documented(operation, each, Schemas(of)), Source("x", OPERATION))
    }
    assert violated(found, exchange(201, {"all": [{"all": [{"id": 5}]}]})) == {"201.all"}
