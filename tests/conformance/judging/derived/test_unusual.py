"""Unusual requests: of every kind that an operation can take, and of no other."""

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from conformance.judging.derived.documents import CONTRACT, OPERATION, body, document, operation_of
from conformance.judging.in_process import FunctionTransport
from invite_conformance.http.exchange import Call
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.http.transport import Transport
from invite_conformance.judging.calls import build
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.derived.derived import Source
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.judging.derived.unusual import Unusual
from invite_conformance.plan import Plan
from invite_conformance.run import context_for
from invite_conformance.target.target import Target
from invite_specs import Document

NAMED: Document = {"type": "object", "properties": {"name": {"type": "string"}, "size": {"type": "integer"}}}
IDS: Document = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]


def unusual(of: Document, methods: frozenset[str] = frozenset({"POST"}), given: Document = None) -> Unusual:
    operation = operation_of(of)

    def valid(_: CheckContext) -> Call:
        path = {one.name: 5 for one in operation.parameters if one.place == "path"}
        return replace(build(operation, path=path, body=given), valid=True)

    return Unusual(operation, methods, valid, Schemas(of))


def context(status: int = 405, *headers: tuple[str, str]) -> tuple[CheckContext, list[Request]]:
    found = context_for(Target(CONTRACT, "http://127.0.0.1:1", path=Path("t.yaml")), Plan(), catalogue(CONTRACT))
    transport = FunctionTransport(lambda _: Response(status, headers, b"", 0.0))
    found.client.transport = cast("Transport", transport)
    return found, transport.requests


def sent(of: Unusual, name: str) -> list[Request]:
    """The requests of one of the checks."""
    (check,) = [one for one in of.checks("x.server-error") if one.name == f"{OPERATION}: {name}"]
    found, requests = context(400)
    check.make(found)
    return requests


def names(of: Unusual) -> list[str]:
    return [one.name.removeprefix(f"{OPERATION}: ") for one in of.checks("x.server-error")]


def test_an_operation_gets_what_it_can_take() -> None:
    bodies = ["unusual members", "unusual JSON", "a large body"]
    assert names(unusual(document())) == []
    assert names(unusual(document(requestBody=body(NAMED)))) == bodies
    assert names(unusual(document(path="/things/{id}", parameters=IDS, requestBody=body(NAMED)))) == [
        "unusual ids",
        *bodies,
    ]


def test_all_of_them_are_heavy_and_show_server_errors() -> None:
    for one in unusual(document(requestBody=body(NAMED))).checks("x.server-error"):
        assert one.heavy
        assert one.requirements == ("x.server-error",)


def test_each_unusual_id_is_sent_as_it_is() -> None:
    paths = [one.path for one in sent(unusual(document(path="/things/{id}", parameters=IDS)), "unusual ids")]
    assert "/things/%00" in paths
    assert "/things/..%2F.." in paths
    assert len({*paths}) == len(paths) > 5


@pytest.mark.parametrize("given", [None, {"name": "Harriet", "size": 5}])
def test_each_member_gets_the_longest_text_and_a_control_character(given: Document) -> None:
    found = [
        json.loads(one.body or b"")
        for one in sent(unusual(document(requestBody=body(NAMED)), given=given), "unusual members")
    ]
    for name in ("name", "size"):
        values = [str(one.get(name)) for one in found]
        assert [one for one in values if len(one) >= 10_000]
        assert [one for one in values if "\x00" in one]
    assert [one for one in found if "extra" in one]


def test_a_body_without_documented_members_is_sent_unusual_ones_too() -> None:
    assert sent(unusual(document(requestBody=body(True))), "unusual members")


@pytest.mark.parametrize("given", [None, {}, {"name": "Harriet"}])
def test_unusual_json_in_a_body_is_well_formed_but_for_what_is_unusual(given: Document) -> None:
    found = [one.body or b"" for one in sent(unusual(document(requestBody=body(NAMED)), given=given), "unusual JSON")]
    assert [one for one in found if one.endswith(b'"extra": 1e999}')]
    json.loads(next(one for one in found if b"-0}" in one))


def test_a_large_body_is_larger_than_most_servers_read() -> None:
    (one,) = sent(unusual(document(requestBody=body(NAMED))), "a large body")
    assert len(one.body or b"") > 1_000_000


def other_methods(of: Unusual, status: int, *headers: tuple[str, str]) -> tuple[list[str], list[str]]:
    """The methods and paths that were sent, and what was found wrong."""
    found, requests = context(status, *headers)
    derived = of.other_methods(Source(CONTRACT, OPERATION))
    assert derived.active is not None
    derived.active.make(found)
    judged = found.findings.of(derived.requirement.id)
    return (
        [f"{one.method} {one.path}" for one in requests],
        [one.violation.received for one in judged if one.violation],
    )


def test_a_documented_method_of_the_path_is_no_other_one() -> None:
    made, _ = other_methods(unusual(document(), frozenset({"POST", "GET"})), 404)
    assert made == []


def test_what_changes_something_is_sent_to_what_nobody_has() -> None:
    of = unusual(document(path="/things/{id}", parameters=IDS), frozenset({"POST", "DELETE"}))
    made, wrong = other_methods(of, 404)
    assert made == ["GET /things/5", "PATCH /things/999999999", "PUT /things/999999999"]
    assert wrong == []


def test_a_405_names_the_documented_method() -> None:
    of = unusual(document())
    assert other_methods(of, 405, ("allow", "POST, OPTIONS"))[1] == []
    assert other_methods(of, 405)[1] == ["405 Method Not Allowed, Allow: (none)"]
    assert other_methods(of, 200)[1] == ["200 OK"]
