"""What is derived of the requests of an operation, what is sent for it, and how the answers are judged."""

import contextlib
import json
from collections.abc import Callable

import pytest
from conformance.judging.derived.documents import body, document, requests_of, sent, violations
from invite_conformance.http.request import Request
from invite_conformance.judging.derived.changes import malformed
from invite_conformance.plan import Plan
from invite_conformance.result import Level
from invite_conformance.target.states import Blocked, Deselected
from invite_specs import Document

TEXT = {"type": "string"}
THING: Document = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": TEXT, "note": TEXT, "kind": {"type": "string", "enum": ["big", "small"]}},
}
VALID = {"name": "Harriet", "note": "x", "kind": "big"}
NO_REFUSALS = {"201": {"description": "Made"}, "404": {"description": "No such thing"}}


def thing(**more: Document) -> Document:
    return document(requestBody=body(THING), **more)


def with_parameter(place: str, schema: Document, *, required: bool = True, name: str = "size") -> Document:
    path = f"/things/{{{name}}}" if place == "path" else "/things"
    parameter = {"name": name, "in": place, "required": required, "schema": schema}
    return document(path=path, method="get", parameters=[parameter])


def always(status: int) -> Callable[[Request], int]:
    return lambda _: status


# Levels (law 6.11)


@pytest.mark.parametrize(
    ("slug", "level"),
    [
        ("request.absent", Level.MUST),
        ("request.empty", Level.MUST),
        ("request.type", Level.MUST),
        ("request.null", Level.MUST),
        ("request.malformed-json", Level.MUST),
        ("request.trailing-bytes", Level.SHOULD),
        ("request.not-utf-8", Level.NOTE),
        ("request.media-type", Level.NOTE),
        ("request.name.missing", Level.MUST),
        ("request.name.type", Level.MUST),
        ("request.name.coerced", Level.SHOULD),
        ("request.name.null", Level.MUST),
        # Null for an optional member is as good as none.
        ("request.note.null", Level.NOTE),
        ("request.kind.enum", Level.MUST),
    ],
)
def test_what_libraries_do_by_default_is_no_must(slug: str, level: Level) -> None:
    assert requests_of(thing())[slug].requirement.level is level


def test_a_number_is_text_where_any_text_is_allowed_and_no_member_of_an_enum() -> None:
    derived = requests_of(thing(), VALID)
    assert 42 in [json.loads(one.body or b"")["note"] for one in sent(derived["request.note.coerced"])]
    assert 42 in [json.loads(one.body or b"")["kind"] for one in sent(derived["request.kind.type"])]


def test_an_optional_member_may_be_left_out() -> None:
    assert "request.note.missing" not in requests_of(thing())


# What is sent


def test_one_thing_is_changed_in_a_valid_call() -> None:
    (request,) = sent(requests_of(thing(), VALID)["request.name.missing"])
    assert json.loads(request.body or b"") == {name: value for name, value in VALID.items() if name != "name"}


def test_a_nested_member_is_changed_also_in_a_list() -> None:
    schema = {"type": "object", "required": ["all"], "properties": {"all": {"type": "array", "items": THING}}}
    derived = requests_of(document(requestBody=body(schema)), {"all": [VALID, VALID]})
    (request,) = sent(derived["request.all.name.missing"])
    assert json.loads(request.body or b"") == {"all": [{"note": "x", "kind": "big"}, VALID]}


def test_a_valid_call_without_what_a_member_stands_in_blocks_its_requirement() -> None:
    schema = {"type": "object", "required": ["all"], "properties": {"all": {"type": "array", "items": THING}}}
    derived = requests_of(document(requestBody=body(schema)), {"all": []})
    with pytest.raises(Blocked, match="has no object there"):
        sent(derived["request.all.name.missing"])


def test_the_members_of_an_optional_member_are_left_alone() -> None:
    derived = requests_of(document(requestBody=body({"type": "object", "properties": {"thing": THING}})))
    assert "request.thing.type" in derived
    assert not [one for one in derived if one.startswith("request.thing.name")]


def test_what_another_branch_allows_is_not_sent() -> None:
    url = {"type": "object", "required": ["url"], "properties": {"url": TEXT}}
    derived = requests_of(document(requestBody=body({"anyOf": [THING, url]})), VALID | {"url": "x"})
    # Without a name it is a value of the other branch.
    with pytest.raises(Blocked, match="allowed by another part of the schema"):
        sent(derived["request.name.type"])


def test_what_is_only_read_is_not_asked_for() -> None:
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "readOnly": True}}}
    assert not [one for one in requests_of(document(requestBody=body(schema))) if one.startswith("request.id")]


def test_an_operation_without_a_body_has_no_requirement_on_one() -> None:
    assert requests_of(document()) == {}
    assert requests_of(document(requestBody=body(THING, "text/csv"))) == {}


def test_a_body_whose_media_type_has_a_parameter_is_json_too() -> None:
    assert "request.name.type" in requests_of(document(requestBody=body(THING, "application/json; charset=utf-8")))


@pytest.mark.parametrize("required", [True, False])
def test_read_only_sends_only_what_no_server_can_accept(required: bool) -> None:
    schema = THING if required else {**THING, "required": []}
    derived = requests_of(document(requestBody=body(schema)), VALID)
    bodies: list[bytes | None] = []

    def refuse(request: Request) -> int:
        bodies.append(request.body)
        return 400

    for one in derived.values():
        with contextlib.suppress(Deselected):
            sent(one, refuse, Plan(mode="read-only"))
    assert bodies == ([None, b"", b"{}", b"invite"] if required else [])


# Parameters


def test_an_integer_in_a_path_may_not_be_a_word() -> None:
    one = requests_of(with_parameter("path", {"type": "integer", "minimum": 1}), path={"size": 5})
    assert one.keys() == {"path.size.type", "path.size.range"}
    assert [request.path for request in sent(one["path.size.type"])] == ["/things/abc"]
    # Another path is another resource: any refusal will do.
    assert violations(one["path.size.type"], lambda _: 404) == []
    assert violations(one["path.size.type"], lambda _: 200) == ["200 OK"]


def test_a_query_parameter_is_left_out_and_given_another_value() -> None:
    derived = requests_of(with_parameter("query", {"type": "string", "enum": ["up", "down"]}))
    assert [request.path for request in sent(derived["query.size.missing"])] == ["/things"]
    assert [request.path for request in sent(derived["query.size.enum"])] == ["/things?size=Emperor", "/things?size=UP"]
    levels = {slug: one.requirement.level for slug, one in derived.items()}
    assert levels == {"query.size.missing": Level.MUST, "query.size.enum": Level.SHOULD}


def test_an_optional_parameter_may_be_left_out() -> None:
    assert requests_of(with_parameter("query", TEXT, required=False)) == {}


@pytest.mark.parametrize(("place", "name"), [("header", "Authorization"), ("header", "accept"), ("cookie", "session")])
def test_a_parameter_that_cannot_be_left_out_has_no_requirement(place: str, name: str) -> None:
    assert requests_of(with_parameter(place, {"type": "integer"}, name=name)) == {}


def test_a_caller_without_a_header_may_be_refused_as_unknown() -> None:
    (one,) = requests_of(with_parameter("header", TEXT, name="X-Key")).values()
    for status in (400, 401, 403):
        assert violations(one, always(status)) == []
    assert violations(one, lambda _: 404) == ["404 Not Found"]


# How an answer is judged


@pytest.mark.parametrize("status", [200, 204, 404, 500])
def test_a_refusal_is_the_documented_one(status: int) -> None:
    one = requests_of(thing(), VALID)["request.name.missing"]
    assert len(violations(one, always(status))) == 1
    assert violations(one, lambda _: 400) == []
    assert one.requirement.sentence == "A request to `makeThing` without `name` is refused with 400."


def test_where_no_refusal_is_documented_any_will_do() -> None:
    one = requests_of(thing(responses=NO_REFUSALS), VALID)["request.name.missing"]
    assert violations(one, lambda _: 404) == []
    assert violations(one, lambda _: 201) == ["201 Created"]
    assert one.requirement.sentence == "A request to `makeThing` without `name` is not answered with 2xx."


def test_where_no_refusal_at_all_is_documented_nothing_has_to_be_refused() -> None:
    assert requests_of(thing(responses={"201": {"description": "Made"}})) == {}
    assert "request.name.type" in requests_of(thing(responses={"default": {"description": "Whatever"}}))


def test_another_media_type_may_be_refused_as_such() -> None:
    assert violations(requests_of(thing(), VALID)["request.media-type"], lambda _: 415) == []


@pytest.mark.parametrize(
    ("given", "slug"),
    [
        (b'{"a":', "request.malformed-json"),
        (b"invite", "request.malformed-json"),
        (b"", "request.malformed-json"),
        (b' {"a": 1} }', "request.trailing-bytes"),
        (b'{"a": "\xff"}', "request.not-utf-8"),
    ],
)
def test_a_body_that_is_no_json_is_judged_by_what_is_wrong_with_it(given: bytes, slug: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        json.loads(given.decode())
    assert malformed(given) == slug


def test_every_derived_refusal_is_checked_by_calls() -> None:
    for slug, one in requests_of(thing(), VALID).items():
        assert sent(one), slug
