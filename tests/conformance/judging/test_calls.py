"""Calls that are built from what a document says of an operation."""

import pytest
from conformance.judging.derived.documents import OPERATION, body, document, operation_of
from invite_conformance.judging import calls
from invite_conformance.judging.calls import build, json_body, with_body, with_parameter
from invite_specs import Document, Operation, operations


def operation(*parameters: tuple[str, str], path: str = "/things/{id}", **more: Document) -> Operation:
    described = [{"name": name, "in": place, "required": True, "schema": {}} for place, name in parameters]
    return operation_of(document(path=path, parameters=described, **more))


THING = operation(("path", "id"), ("query", "size"), ("header", "X-Key"), requestBody=body({"type": "object"}))


def test_a_call_has_the_parts_of_its_operation() -> None:
    call = build(THING, path={"id": 5}, query={"size": 1}, headers={"x-key": "k"}, body={"name": "Łucja"})
    assert (call.method, call.path, call.operation) == ("POST", "/things/5?size=1", OPERATION)
    assert call.headers == {"x-key": "k", "content-type": "application/json"}
    assert call.body == '{"name": "Łucja"}'.encode()
    assert call.params == {"id": "5"}


def test_what_stands_in_a_path_or_a_query_is_percent_encoded() -> None:
    call = build(THING, path={"id": "a/b ł{id}"}, query={"size": "1&2"})
    assert call.path == "/things/a%2Fb%20%C5%82%7Bid%7D?size=1%262"
    assert call.params == {"id": "a/b ł{id}"}


@pytest.mark.parametrize(("method", "writes"), [("get", False), ("head", False), ("post", True), ("delete", True)])
def test_only_methods_that_change_something_write(method: str, writes: bool) -> None:
    assert build(operation_of(document(method=method)), path={}).writes is writes


def test_an_operation_without_a_body_is_called_without_one() -> None:
    call = build(operation(path="/things"), path={})
    assert (call.body, call.headers) == (None, {})


def test_bytes_are_sent_as_they_are() -> None:
    assert build(THING, path={"id": 1}, body=b"{").body == b"{"
    assert build(THING, path={"id": 1}, body=b"{", media_type="text/plain").headers == {"content-type": "text/plain"}


def test_the_media_type_is_a_documented_one() -> None:
    described = body({}, "application/merge-patch+json")
    assert build(operation(requestBody=described), path={"id": 1}, body={}).headers == {
        "content-type": "application/merge-patch+json"
    }


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json", True),
        ("application/problem+json", True),
        ("application/json; charset=utf-8", True),
        ("Application/JSON", True),
        ("text/json-seq", False),
        ("application/jsonlines", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_a_media_type_is_json_by_its_name_or_its_suffix(media_type: str, expected: bool) -> None:
    assert calls.is_json(media_type) is expected


@pytest.mark.parametrize("media_type", ["application/json", "*/*", "application/*", "Application/JSON; v=1"])
def test_a_body_is_json_where_its_media_type_is_or_contains_json(media_type: str) -> None:
    described: Document = {"content": {"text/plain": {}, media_type: {"schema": {}}}}
    assert json_body(operation(requestBody=described)) is not None
    assert calls.is_json(calls.body_type(operation(requestBody=described)))


def test_another_body_keeps_the_rest_and_none_has_no_media_type() -> None:
    call = build(THING, path={"id": 1}, headers={"x-key": "k"}, body={})
    assert with_body(call, {"a": 1}).headers == call.headers
    assert with_body(call, {"a": 1}).body == b'{"a": 1}'
    assert with_body(call, None).headers == {"x-key": "k"}


def test_a_parameter_has_another_text_and_the_others_stay() -> None:
    place, query, header = THING.parameters
    call = build(THING, path={"id": 5}, query={"size": 1, "all": "yes"}, headers={"x-key": "k"})
    assert with_parameter(THING, call, place, "a/b").path == "/things/a%2Fb?size=1&all=yes"
    assert with_parameter(THING, call, place, "a/b").params == {"id": "a/b"}
    assert with_parameter(THING, call, query, "ł").path == "/things/5?all=yes&size=%C5%82"
    assert with_parameter(THING, call, header, "other").headers == {"X-Key": "other"}


def test_a_parameter_is_left_out() -> None:
    _, query, header = THING.parameters
    call = build(THING, path={"id": 5}, query={"size": 1}, headers={"x-key": "k"})
    assert with_parameter(THING, call, query, None).path == "/things/5"
    assert with_parameter(THING, call, header, None).headers == {}


def test_a_cookie_parameter_is_sent_as_a_cookie() -> None:
    parameter = {"name": "session", "in": "cookie", "required": True, "schema": {"type": "string"}}
    item = {"get": {"operationId": "read", "parameters": [parameter], "responses": {}}}
    (operation,) = operations({"openapi": "3.1.0", "paths": {"/things": item}})
    call = with_parameter(operation, build(operation, path={}), operation.parameters[0], "abc")
    assert call.headers == {"cookie": "session=abc"}
