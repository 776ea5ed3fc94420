"""Rules: what a request says becomes typed arguments, and what a rule returns becomes the documented answer."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from invite_mock.http.echo import Echo
from invite_mock.http.messages import Answer, Envelope, Request
from invite_mock.http.problems import Problem, Refusals, Refused, problem_details
from invite_mock.http.rule import Rule, UnservedOperationError
from invite_mock.http.samples import samples
from invite_mock.http.service import Service, load_service
from invite_mock.refusal import AS_DOCUMENTED, Refusal
from invite_mock.state.clock import DAY
from invite_mock.state.contents import Contents
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.life_cycle import Status
from invite_mock.state.members import Uuid
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.store import Invite, WorldRow
from invite_mock.state.world import World
from invite_specs import Contract, Document, Json, Operation, YamlFile, contract, contract_names, operations
from mock.offers import DEFAULT, OFFERED, OFFERS, TEAMS, Terms

DOCUMENT = """
openapi: 3.1.1
info: {title: Seats, version: v1}
paths:
  /teams/{team}/seats:
    parameters: [{name: team, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: listSeats
      parameters:
        - {name: state, in: query, schema: {enum: [outstanding, expired, revoked]}}
        - {name: pageSize, in: query, schema: {type: integer, default: 2}}
        - {name: page-number, in: query, schema: {type: integer, default: 1}}
      responses: {'200': {description: d, content: {application/json: {schema: {type: array}}}}}
    post:
      operationId: offerSeat
      requestBody:
        content:
          application/json:
            schema: {allOf: [{$ref: '#/components/schemas/Seat'}]}
            examples: {one: {value: {heldBy: ann}}}
      responses:
        '201':
          description: d
          headers: {X-Kind: {schema: {const: seat}}}
          content: {application/json: {schema: {type: object}}}
        '409': {description: d, content: {application/problem+json: {schema: {type: object}}}}
  /teams/{team}/seats/{id}:
    delete:
      operationId: cancelSeat
      parameters:
        - {name: team, in: path, required: true, schema: {type: integer}}
        - {name: id, in: path, required: true, schema: {type: string}}
      responses: {'204': {description: d}, '409': {description: d}}
components:
  schemas:
    Seat: {type: object, properties: {heldBy: {type: string}, row: {type: integer}}}
"""


def list_seats(
    world: ContractWorld,
    team: int,
    page_size: int,
    page_number: int,
    state: Literal["outstanding", "expired", "revoked"] | None,
) -> list[Invite]:
    offset = (page_number - 1) * page_size
    status = None if state is None else Status(state)
    return list(world.invites(f"{team}/", status, offset=offset, limit=page_size))


def offer_seat(world: ContractWorld, team: int, held_by: str, row: int = 3) -> Invite | Refusal:
    seat = OFFERS.new(world, Terms(str(team), held_by, row))
    return seat if OFFERS.add(world, seat) else Refusal("Seat.Offered")


def cancel_seat(world: ContractWorld, team: int, id_: Uuid) -> Invite | Refusal:
    seat = world.invite(id_)
    if seat is None or seat.data["team"] != str(team):
        return Refusal("Seat.Unknown")
    return OFFERS.move(world, seat, "cancel") or Refusal("Seat.Gone", f"The seat is {world.status(seat)}.")


def wire_seat(_world: ContractWorld, seat: Invite) -> dict[str, Json]:
    return {"id": seat.id, **seat.data}


PROBLEMS = {
    "Seat.Offered": Problem(409, "It is offered.", "Offer another."),
    "Seat.Gone": Problem(409, "It is not outstanding.", "Cancel another."),
    "Seat.Unknown": Problem(404, "There is none.", "List them."),
}


@pytest.fixture
def service(tmp_path: Path) -> Service:
    path = tmp_path / "world.yaml"
    path.write_text(DEFAULT, "utf-8")
    return Service(
        rules=SimpleNamespace(list_seats=list_seats, offer_seat=offer_seat, cancel_seat=cancel_seat),
        wire=SimpleNamespace(
            list_seats=lambda world, seats: [wire_seat(world, one) for one in seats], offer_seat=wire_seat
        ),
        refusals=Refusals(PROBLEMS, problem_details),
        contents=Contents((TEAMS,), OFFERS, YamlFile(path), wire_seat),
    )


@pytest.fixture
def document(tmp_path: Path) -> Document:
    path = tmp_path / "seats.yaml"
    path.write_text(DOCUMENT, "utf-8")
    return YamlFile(path).data


@pytest.fixture
def world(service: Service) -> Iterator[World]:
    """A world with the default contents, at a frozen instant."""
    with closing(open_store("memory:")) as store, store.transaction():
        row = WorldRow("main", 7, None, frozen_at=100 * DAY)
        store.put_world(row)
        found = World(store, row)
        service.contents.populate(ContractWorld(found, "seats"), service.contents.default.data)
        yield found


def operation(document: Document, operation_id: str) -> Operation:
    return next(one for one in operations(document) if one.id == operation_id)


class Asked:
    """Asks the rules of the seats as the endpoint would."""

    def __init__(self, document: Document, service: Service, world: World) -> None:
        self._document = document
        self._service = service
        self._world = world

    def __call__(self, operation_id: str, body: Json = None, **arguments: Json) -> Answer:
        rule = Rule("seats", operation(self._document, operation_id), self._service)
        answer = rule.answer(request(arguments, body), ContractWorld(self._world, "seats"))
        assert isinstance(answer, Answer)
        return answer

    def refused(self, operation_id: str, body: Json = None, **arguments: Json) -> Refused:
        with pytest.raises(Refused) as raised:
            self(operation_id, body, **arguments)
        return raised.value


def request(arguments: Mapping[str, Json], body: Json = None, headers: Mapping[str, str] | None = None) -> Request:
    return Request("/x", {}, headers or {}, "", body, (), Envelope("main", "x"), arguments)


@pytest.fixture
def ask(document: Document, service: Service, world: World) -> Asked:
    return Asked(document, service, world)


def names(answer: Answer) -> list[Json]:
    assert isinstance(answer.body, list)
    return [one["held_by"] for one in answer.body if isinstance(one, dict)]


def test_parameters_are_typed_arguments_by_their_names_in_snake_case(ask: Asked) -> None:
    for name in ("ann", "bob"):
        ask("offerSeat", {"heldBy": name}, team=7)
    pages = [ask("listSeats", None, team=7, pageSize=2, **{"page-number": number}) for number in (1, 2, 3)]
    assert [names(one) for one in pages] == [["eve", "old"], ["ann", "bob"], []]
    assert {one.status for one in pages} == {200}


def test_an_integer_that_is_written_with_a_fraction_of_zero_is_an_integer(ask: Asked) -> None:
    assert names(ask("listSeats", None, team=7.0, pageSize=1.0, **{"page-number": 2})) == ["old"]


@pytest.mark.parametrize(("state", "found"), [("outstanding", ["eve"]), ("expired", ["old"]), ("revoked", [])])
def test_an_argument_that_may_be_none_is_none_where_it_is_absent(ask: Asked, state: str, found: list[str]) -> None:
    pages = {"pageSize": 9, "page-number": 1}
    assert names(ask("listSeats", None, team=7, state=state, **pages)) == found
    assert names(ask("listSeats", None, team=7, **pages)) == ["eve", "old"]


def test_a_member_of_the_body_is_an_argument_also_below_allof_and_a_reference(ask: Asked) -> None:
    answer = ask("offerSeat", {"heldBy": "ann", "row": 5, "more": 1}, team=7)
    assert isinstance(answer.body, dict)
    assert answer.body | {"team": "7", "held_by": "ann", "row": 5} == answer.body
    assert (answer.status, answer.headers) == (201, {"X-Kind": "seat"})


def test_an_absent_member_has_the_default_of_its_argument(ask: Asked) -> None:
    body = ask("offerSeat", {"heldBy": "ann"}, team=7).body
    assert isinstance(body, dict)
    assert body["row"] == 3


@pytest.mark.parametrize(
    ("body", "pointer", "message"),
    [
        ({}, "/heldBy", "the mock needs the member heldBy, as a string"),
        ({"heldBy": None}, "/heldBy", "the mock needs the member heldBy, as a string"),
        ({"heldBy": "ann", "row": "x"}, "/row", "the mock needs the member row, as an integer"),
        ([], "/heldBy", "the mock needs the member heldBy, as a string"),
    ],
)
def test_what_a_rule_cannot_take_is_a_violation(ask: Asked, body: Json, pointer: str, message: str) -> None:
    refused = ask.refused("offerSeat", body, team=7)
    assert refused.refusal.code == "Request.Invalid"
    [violation] = refused.violations
    assert (violation.pointer, violation.message) == (pointer, message)
    assert violation.keyword == f"/components/schemas/Seat/properties{pointer}"


def test_a_parameter_that_a_rule_cannot_take_is_a_violation(ask: Asked) -> None:
    [violation] = ask.refused("offerSeat", {"heldBy": "ann"}, team="seven").violations
    assert (violation.pointer, violation.message) == ("", "the mock needs the parameter team, as an integer")


def test_an_operation_that_documents_no_body_answers_without_one(ask: Asked) -> None:
    answer = ask("cancelSeat", None, team=7, id=OFFERED.upper())
    assert (answer.status, answer.body) == (204, None)


def test_without_a_wire_shape_a_rule_returns_the_body_itself(
    document: Document, service: Service, world: World
) -> None:
    def offer(_world: ContractWorld, team: int) -> dict[str, int]:
        return {"team": team}

    rules = SimpleNamespace(offer_seat=offer)
    answer = Asked(document, replace(service, rules=rules, wire=None), world)("offerSeat", {}, team=7)
    assert (answer.status, answer.body, answer.headers) == (201, {"team": 7}, {"X-Kind": "seat"})


def test_a_wire_shape_may_be_a_whole_answer_with_header_fields(
    document: Document, service: Service, world: World
) -> None:
    wire = SimpleNamespace(offer_seat=lambda _world, seat: Answer(201, {}, headers={"Location": f"/seats/{seat.id}"}))
    answer = Asked(document, replace(service, wire=wire), world)("offerSeat", {"heldBy": "ann"}, team=7)
    assert set(answer.headers) == {"Location", "X-Kind"}


def test_a_rule_may_leave_the_answer_to_the_document(document: Document, service: Service, world: World) -> None:
    rules = SimpleNamespace(offer_seat=lambda _world: AS_DOCUMENTED)
    rule = Rule("seats", operation(document, "offerSeat"), replace(service, rules=rules))
    assert rule.answer(request({}), ContractWorld(world, "seats")) is AS_DOCUMENTED


def test_a_contract_names_a_move_of_the_life_cycle(ask: Asked, world: World) -> None:
    part = ContractWorld(world, "seats")
    eve, old = part.invites()
    ask("cancelSeat", None, team=7, id=eve.id)
    assert part.invite(eve.id) == eve._replace(status=Status.REVOKED)
    for seat, status in ((eve, "revoked"), (old, "expired")):
        refused = ask.refused("cancelSeat", None, team=7, id=seat.id)
        assert refused.refusal == Refusal("Seat.Gone", f"The seat is {status}.")
    assert part.invite(old.id) == old


def test_an_invite_without_email_has_one_outstanding_per_subject(ask: Asked) -> None:
    assert ask.refused("offerSeat", {"heldBy": "eve"}, team=7).refusal.code == "Seat.Offered"
    assert ask("offerSeat", {"heldBy": "old"}, team=7).status == 201
    assert ask("offerSeat", {"heldBy": "eve"}, team=8).status == 201


def test_a_sample_succeeds_for_each_operation(document: Document, service: Service, world: World) -> None:
    published = SimpleNamespace(name="seats", operations=operations(document), assumed=document)
    state = service.contents.export(ContractWorld(world, "seats"))
    found = samples(published, service, state, world.now())  # type: ignore[arg-type]  # as much of a Contract as it takes
    assert [(one.operation, one.parameters, one.body) for one in found] == [
        ("listSeats", {"team": 7}, None),
        ("offerSeat", {"team": 7}, {"heldBy": "ann"}),
        ("cancelSeat", {"team": 7, "id": OFFERED}, None),
    ]


def test_an_operation_without_a_rule_is_reported(document: Document, service: Service) -> None:
    lacking = Service(SimpleNamespace(), service.refusals, service.contents)
    with pytest.raises(UnservedOperationError, match=r"seats: the mock has no rule offer_seat\(\) for POST /teams"):
        Rule("seats", operation(document, "offerSeat"), lacking)


def test_a_forced_error_repeats_what_depends_on_status_and_request_only(document: Document, service: Service) -> None:
    echo = Echo(operation(document, "offerSeat"), service)
    assert echo(request({}), 409, {}) == {"status": 409, "instance": "/x"}


def test_an_operation_that_documents_no_success_is_reported(document: Document, service: Service) -> None:
    del document["paths"]["/teams/{team}/seats/{id}"]["delete"]["responses"]["204"]
    with pytest.raises(UnservedOperationError, match=r"seats: DELETE /teams/.* documents no success"):
        Rule("seats", operation(document, "cancelSeat"), service)


def test_a_sample_has_another_email_where_that_of_the_example_is_in_use() -> None:
    client = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
    invites = [{"email": f"new.developer{n or ''}@acme.example", "role": "Owner"} for n in range(150)]
    members = [{"email": f"{role}@acme.example", "role": role, "key": role} for role in ("Member", "Owner")]
    state = {"clients": [{"id": client, "members": members, "invites": invites}]}
    [sample] = samples(contract("client-invites"), load_service("client-invites"), state, 100 * DAY)
    assert sample.body == {"email": "new.developer150@acme.example", "role": "Developer"}
    assert sample.credentials == {"dolfinApiKey": "Owner"}


CONTRACTS = [contract(name) for name in contract_names()]


@pytest.mark.parametrize("served", CONTRACTS, ids=lambda one: one.name)
def test_every_operation_of_a_contract_has_a_sample_in_the_default_world(served: Contract) -> None:
    service = load_service(served.name)
    found = samples(served, service, service.contents.default.data, 100 * DAY)
    assert [one.operation for one in found] == [one.id for one in served.operations]


@pytest.mark.parametrize("served", CONTRACTS, ids=lambda one: one.name)
def test_every_argument_of_a_rule_is_documented(served: Contract) -> None:
    service = load_service(served.name)
    for one in served.operations:
        arguments: Any = Rule(served.name, one, service)._arguments  # noqa: SLF001  # what it was compiled to
        keywords = [argument.keyword for argument in arguments._taken if argument.pointer]  # noqa: SLF001  # as above
        assert all("/properties/" in keyword for keyword in keywords)
