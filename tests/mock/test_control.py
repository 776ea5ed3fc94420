"""The control API: worlds, their clocks and their invites."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from invite_mock.control.control import Control, control_document
from invite_mock.http.messages import Answer, Envelope, Request
from invite_mock.http.problems import Refused
from invite_mock.journal.recorder import Recorder
from invite_mock.refusal import Refusal
from invite_mock.state import clock
from invite_mock.state.contents import Contents
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.world import MAIN
from invite_mock.state.worlds import Worlds
from invite_specs import Json, YamlFile, contract_names, operations
from mock.conftest import ACME, INVITES, Caller
from mock.in_process import mock_in_process
from mock.offers import DEFAULT, OFFERED, OFFERS, TEAMS
from mock.oracle import Oracle
from starlette.types import ASGIApp


def test_worlds_are_isolated(caller: Caller) -> None:
    other = caller.in_world(f"{caller.world}-b")
    assert caller.invite().status == 201
    assert other.invite().status == 201
    assert caller.invite().status == 409
    caller.control("DELETE", "")
    assert other.invite().status == 409


def test_a_world_is_created_from_the_default_document_at_its_first_use(caller: Caller) -> None:
    other = caller.in_world(f"{caller.world}-b")
    assert other.control("GET", "").status == 404
    assert other.invite("invited@acme.example").status == 409
    emails = [one["email"] for one in other.state()["clients"][0]["members"]]
    assert emails == [f"{name}@acme.example" for name in ("owner", "admin", "developer", "support", "member")]


@pytest.mark.parametrize("name", ["", "UPPER", "a" * 41, "a_b", "%C3%A4", "a.b", "a%2Fb"])
def test_an_invalid_name_is_refused(caller: Caller, name: str) -> None:
    received = caller.in_world("").send("POST", f"/@{name}{INVITES}")
    assert (received.status, received.outcome, received.code) == (400, "unmatched", "World.InvalidName")


def test_without_a_prefix_the_world_is_main(caller: Caller) -> None:
    plain, named = caller.in_world(""), caller.in_world("main")
    assert plain.invite_family("fml_nocontact", {"email": "a@b.example"}).status == 200
    assert named.invite_family("fml_nocontact").json["email"] == "a@b.example"
    assert plain.control("GET", "").json["path"] == ""


def test_a_seed_is_a_whole_number_however_it_is_written(caller: Caller) -> None:
    body = f'{{"name": "{caller.world}-seeded", "seed": 7.0}}'.encode()
    received = caller.send("POST", "/_mock/worlds", body, {"Content-Type": "application/json"})
    assert received.status == 201
    assert b'"seed":7,' in received.content


def test_worlds_are_listed_by_name(caller: Caller) -> None:
    listed = caller.send("GET", "/_mock/worlds").json["worlds"]
    assert {caller.world, "main"} <= {one["name"] for one in listed}
    assert [one["name"] for one in listed] == sorted(one["name"] for one in listed)
    mine = next(one for one in listed if one["name"] == caller.world)
    assert (mine["path"], mine["seed"], mine["clock"]["frozen"]) == (f"/@{caller.world}", None, True)


def test_a_world_can_be_created_only_once(caller: Caller) -> None:
    received = caller.send("POST", "/_mock/worlds", {"name": caller.world})
    assert (received.status, received.code) == (409, "World.Exists")
    received = caller.send("POST", "/_mock/worlds", {"name": "main"})
    assert (received.status, received.code) == (409, "World.Exists")


def test_a_world_can_be_created_with_a_state_of_its_own(caller: Caller) -> None:
    name = f"{caller.world}-own"
    state = {"companies": [{"id": "co_1", "anonymous": True}], "families": [{"id": "fml_1", "company": "co_1"}]}
    assert caller.send("POST", "/_mock/worlds", {"name": name, "state": state}).status == 201
    own = caller.in_world(name)
    assert own.invite_family("fml_1", {"email": "a@b.example"}).json["companyId"] == "co_1"
    assert own.invite_family("fml_complete").status == 404
    assert own.invite().status == 403
    assert own.control("POST", "/reset").json["state"]["families"] == [
        {"id": "fml_1", "company": "co_1", "contact": {}, "invites": []}
    ]


def test_an_exported_state_creates_an_equal_world(caller: Caller) -> None:
    accepted, revoked = (caller.invite(f"{name}@acme.example").json["id"] for name in ("accepted", "revoked"))
    caller.control("POST", f"/invites/{accepted}/accept")
    caller.control("POST", f"/invites/{revoked}/revoke")
    caller.invite("waiting@acme.example")
    caller.invite_family("fml_nocontact", {"email": "a@b.example", "firstname": "Zoë"})
    name = f"{caller.world}-copy"
    assert caller.send("POST", "/_mock/worlds", {"name": name, "state": caller.state()}).status == 201
    copy = caller.in_world(name)
    assert copy.state() == caller.state()
    assert copy.invite("accepted@acme.example").code == "ClientInvite.AlreadyMember"
    assert copy.invite("waiting@acme.example").code == "ClientInvite.AlreadyInvited"
    assert copy.invite("revoked@acme.example").status == 201


@pytest.mark.parametrize(
    ("state", "detail"),
    [
        ({"clients": [{"id": "nonsense"}]}, "/state/clients/0/id: "),
        ({"families": [{"id": "f", "company": "c"}]}, "/state/families/0: there is no company c"),
        ({"planets": []}, "/state: "),
        (
            {"clients": [{"id": ACME, "members": [{"email": "a@b.example", "role": "Owner"}] * 2}]},
            "/state/clients/0/members/1: the member a@b.example is given twice",
        ),
    ],
)
def test_an_inconsistent_state_is_refused_with_its_place_and_creates_no_world(
    caller: Caller, state: object, detail: str
) -> None:
    name = f"{caller.world}-bad"
    received = caller.send("POST", "/_mock/worlds", {"name": name, "state": state})
    assert (received.status, received.code) == (400, "World.InvalidDocument")
    assert received.json["detail"].startswith(detail)
    assert caller.in_world(name).control("GET", "").status == 404


MEMBERS = [{"email": f"{name}@b.example", "role": "Owner", "key": "sekret-1"} for name in "ac"]


@pytest.mark.parametrize(
    ("state", "detail"),
    [
        ({"clients": [{"id": ACME, "members": MEMBERS}]}, "members a@b.example and c@b.example have the same key"),
        ({"clients": [{"id": ACME, "members": [MEMBERS[0] | {"key": "sekret 1"}]}]}, 'violates pattern "^[!-~]+$"'),
        ({"clients": [{"id": ACME, "members": [MEMBERS[0] | {"key": ["sekret-1"]}]}]}, "is not of the type string"),
        ({"clients": [{"id": ACME, "members": {"key": "sekret-1"}}]}, "is not of the type array"),
        ([{"key": "sekret-1"}], "is not of the type object"),
    ],
)
def test_no_error_about_a_state_quotes_a_key(oracle: Oracle, state: Any, detail: str) -> None:
    with mock_in_process(oracle) as mock:
        received = mock.send("POST", "/_mock/worlds", {"name": "bad", "state": state})
    assert received.status == 400
    assert detail in str(received.json)
    assert "sekret" not in str(received.json)


def with_invite(**members: str) -> dict[str, Any]:
    """A world document with one invite."""
    invite = {"email": "a@b.example", "role": "Member", **members}
    return {"clients": [{"id": ACME, "members": [], "invites": [invite]}]}


@pytest.mark.parametrize(
    ("invite", "detail"),
    [
        ({"createdAt": "0000-01-01T00:00:00Z"}, "createdAt: '0000-01-01T00:00:00Z' is not an instant; write it like "),
        (
            {"createdAt": "0001-01-01T00:00:00+01:00"},
            "createdAt: an instant must be between 0001-01-01T00:00:00.000Z and",
        ),
        ({"createdAt": "9999-12-31T00:00:00Z"}, "createdAt: an instant must be between "),
        ({"createdAt": "2016-12-31T23:59:60Z"}, "createdAt: '2016-12-31T23:59:60Z' is not an instant; write it like "),
        ({"expiresAt": "9999-12-31T23:59:59-01:00"}, "expiresAt: an instant must be between "),
        ({"sentAgo": "P9999Y"}, "sentAgo: 'P9999Y' is not an ISO 8601 duration that leads to a date"),
        ({"sentAgo": "P2500Y"}, "sentAgo: 'P2500Y' is not an ISO 8601 duration that leads to a date"),
    ],
)
def test_an_invite_whose_instant_has_no_date_is_refused_with_its_place_and_creates_no_world(
    caller: Caller, invite: dict[str, str], detail: str
) -> None:
    name = f"{caller.world}-bad"
    received = caller.send("POST", "/_mock/worlds", {"name": name, "state": with_invite(**invite)})
    assert (received.status, received.code) == (400, "World.InvalidDocument")
    assert received.json["detail"].startswith(f"/state/clients/0/invites/0/{detail}")
    assert caller.in_world(name).control("GET", "").status == 404


@pytest.mark.parametrize(
    "invite",
    [
        {"sentAgo": "P100Y"},
        {"sentAgo": "P1M"},
        {"createdAt": "0001-01-01T00:00:00Z"},
        {"expiresAt": "9999-12-31T23:59:59.999Z"},
    ],
)
def test_an_invite_of_any_date_survives_an_export(caller: Caller, invite: dict[str, str]) -> None:
    first = caller.send("POST", "/_mock/worlds", {"name": f"{caller.world}-1", "state": with_invite(**invite)})
    assert first.status == 201
    second = caller.send("POST", "/_mock/worlds", {"name": f"{caller.world}-2", "state": first.json["state"]})
    assert (second.status, second.json["state"]) == (201, first.json["state"])


def test_what_is_created_at_the_last_instant_of_a_clock_survives_an_export(caller: Caller) -> None:
    caller.control("PATCH", "/clock", {"now": clock.to_text(clock.LATEST)})
    assert caller.invite().status == 201
    assert caller.invite_family("fml_complete").status == 200
    state = caller.state()
    assert caller.send("POST", "/_mock/worlds", {"name": f"{caller.world}-copy", "state": state}).status == 201


TWICE = "5d2f3d0c-6d1c-4a38-9c57-0b5d5c1a7e11"


@pytest.mark.parametrize(
    ("client", "place"),
    [
        ({"invites": [{"email": f"{name}@b.example", "role": "Member", "id": TWICE} for name in "ab"]}, "invites/1"),
        (
            {
                "invites": [
                    {"email": "a@b.example", "role": "Member", "id": TWICE},
                    {"email": "b@b.example", "role": "Member", "id": TWICE.upper(), "status": "revoked"},
                ]
            },
            "invites/1",
        ),
        ({"members": [{"email": f"{name}@b.example", "role": "Owner", "id": TWICE} for name in "ab"]}, "members/1"),
    ],
)
def test_an_id_that_is_given_twice_is_refused_with_its_place(
    caller: Caller, client: dict[str, Any], place: str
) -> None:
    state = {"clients": [{"id": ACME, **client}]}
    received = caller.send("POST", "/_mock/worlds", {"name": f"{caller.world}-bad", "state": state})
    assert (received.status, received.code) == (400, "World.InvalidDocument")
    kind = place.partition("s")[0]
    expected = f"/state/clients/0/{place}: another {kind} has the id {TWICE}; give this one an id of its own."
    assert received.json["detail"].startswith(expected)


def test_families_cannot_share_an_invite_s_id_either(caller: Caller) -> None:
    families = [
        {"id": f"fml_{n}", "company": "co", "invites": [{"id": "lnk_1", "email": "a@b.example"}]} for n in (1, 2)
    ]
    state = {"companies": [{"id": "co"}], "families": families}
    received = caller.send("POST", "/_mock/worlds", {"name": f"{caller.world}-bad", "state": state})
    assert received.json["detail"].startswith("/state/families/1/invites/0: another invite has the id lnk_1")


def test_a_reset_restores_the_initial_world(caller: Caller) -> None:
    untouched = caller.in_world(f"{caller.world}-b")
    untouched.invite_family("fml_unknown")
    caller.invite()
    caller.invite_family("fml_nocontact", {"email": "a@b.example"})
    caller.control("POST", "/clock/advance", {"by": "P30D"})
    assert caller.control("POST", "/reset").status == 200
    assert caller.control("GET", "/clock").json["frozen"] is False
    assert names(caller) == names(untouched)
    assert caller.invite().status == 201


def names(caller: Caller) -> object:
    """What a world holds, without instants."""
    return re.sub(r"\d{4}-\d\d-\d\dT[^\"']*", "", str(caller.state()))


def test_a_deleted_world_is_gone_and_main_cannot_be_deleted(caller: Caller) -> None:
    assert caller.control("DELETE", "").status == 204
    assert caller.control("GET", "").status == 404
    main = caller.in_world("")
    received = main.control("DELETE", "")
    assert (received.status, received.code) == (409, "World.Undeletable")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/reset"),
        ("GET", "/clock"),
        ("GET", "/invites"),
        ("POST", "/invites/x/accept"),
    ],
)
def test_an_unknown_world_is_not_found(caller: Caller, method: str, path: str) -> None:
    received = caller.in_world("nobody").control(method, path)
    assert (received.status, received.code) == (404, "World.Unknown")
    assert "/@nobody/" in received.json["detail"]


def test_health_says_what_is_served(caller: Caller) -> None:
    health = caller.send("GET", "/_mock/health").json
    assert health["status"] == "ok"
    assert health["contracts"] == list(contract_names())


def test_the_clock_can_be_set_frozen_and_advanced(caller: Caller) -> None:
    clock = caller.control("PATCH", "/clock", {"now": "2030-02-03T04:05:06.789+02:00", "frozen": True}).json
    assert clock == {"now": "2030-02-03T02:05:06.789Z", "frozen": True}
    assert caller.control("POST", "/clock/advance", {"by": "P1DT1.5S"}).json["now"] == "2030-02-04T02:05:08.289Z"
    assert caller.control("POST", "/clock/advance", {"by": "-P1D"}).json["now"] == "2030-02-03T02:05:08.289Z"
    assert caller.control("POST", "/clock/advance", {"by": "P1M"}).json["now"] == "2030-03-03T02:05:08.289Z"
    assert caller.invite().json["createdAt"] == "2030-03-03T02:05:08.289Z"
    running = caller.control("PATCH", "/clock", {"frozen": False}).json
    assert running["now"].startswith("2030-03-03T02:0")
    assert running["frozen"] is False


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/clock", {"now": "1969-12-31T23:59:59Z"}),
        ("PATCH", "/clock", {"now": "9999-01-01T00:00:00Z"}),
        ("POST", "/clock/advance", {"by": "P9000Y"}),
        ("POST", "/clock/advance", {"by": "P12000Y"}),
        ("POST", "/clock/advance", {"by": "-P1000Y"}),
        ("POST", "/clock/advance", {"by": f"P{'9' * 5000}D"}),
        ("POST", "/clock/advance", {"by": "P99999999999999999999D"}),
        ("POST", "/clock/advance", {"by": "Psoon"}),
        ("POST", "/clock/advance", {"by": "P"}),
    ],
)
def test_a_clock_is_unchanged_by_an_instant_out_of_range(caller: Caller, method: str, path: str, body: object) -> None:
    before = caller.control("GET", "/clock").json
    received = caller.control(method, path, body)
    assert (received.status, received.code) == (400, "Clock.OutOfRange")
    assert "out of range" not in received.json["detail"]
    assert len(received.json["detail"]) < 200
    assert caller.control("GET", "/clock").json == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/clock", {}),
        ("PATCH", "/clock", {"now": "yesterday"}),
        ("PATCH", "/clock", {"frozen": "yes"}),
        ("PATCH", "/clock", {"speed": 2}),
        ("POST", "/clock/advance", {}),
        ("POST", "/clock/advance", {"by": 7}),
        ("POST", "/invites/x/explode", None),
    ],
)
def test_a_control_call_that_is_not_as_documented_is_refused(
    caller: Caller, method: str, path: str, body: object
) -> None:
    received = caller.control(method, path, body)
    assert (received.status, received.code) == (400, "Request.Invalid")
    assert received.json["errors"]


@pytest.fixture
def two_contracts(tmp_path: Path) -> Iterator[Control]:
    """The control API of two contracts that call their kinds alike, and have invites of the same id."""
    path = tmp_path / "world.yaml"
    path.write_text(DEFAULT, "utf-8")
    contents = Contents((TEAMS,), OFFERS, YamlFile(path), lambda _world, invite: {"held": invite.data["held_by"]})
    both = {"one": contents, "two": replace(contents, invites=replace(OFFERS, moves={}))}
    with closing(open_store("memory:")) as store:
        with store.transaction():
            assert Worlds(store, both, YamlFile(path).data, None).create(MAIN) is not None
        worlds = Worlds(store, both, {}, None)
        yield Control(worlds, [], Recorder(worlds, [], None), nobody)


def nobody() -> ASGIApp:
    raise AssertionError("nothing is replayed")


def move(control: Control, action: str, contract: str | None) -> Answer:
    parameters = {"world": MAIN, "invite": OFFERED, "action": action}
    arguments: dict[str, Json] = {} if contract is None else {"contract": contract}
    return answered(control, "moveInvite", parameters, arguments)


def answered(control: Control, operation: str, parameters: dict[str, str], arguments: dict[str, Json]) -> Answer:
    request = Request("/x", parameters, {}, "", None, (), Envelope(MAIN, "x"), arguments)
    answer = control.respond(operation)(request)
    assert isinstance(answer, Answer)
    return answer


def statuses(control: Control) -> dict[tuple[str, str], str]:
    body: Any = answered(control, "listInvites", {"world": MAIN}, {}).body
    return {(one["contract"], one["data"]["held"]): one["status"] for one in body["invites"]}


def test_an_invite_whose_id_several_contracts_have_is_named_by_its_contract(two_contracts: Control) -> None:
    with pytest.raises(Refused) as raised:
        move(two_contracts, "revoke", None)
    assert raised.value.refusal == Refusal("Invite.Ambiguous", f"one and two each have an invite {OFFERED}.")
    moved = move(two_contracts, "revoke", "two").body
    assert isinstance(moved, dict)
    assert (moved["contract"], moved["status"], moved["email"]) == ("two", "revoked", None)
    assert statuses(two_contracts) == {
        ("one", "eve"): "outstanding",
        ("one", "old"): "expired",
        ("two", "eve"): "revoked",
        ("two", "old"): "expired",
    }
    with pytest.raises(Refused) as raised:
        move(two_contracts, "revoke", "three")
    assert raised.value.refusal.code == "Invite.Unknown"


def test_an_invite_is_moved_by_what_its_own_contract_calls_the_action(two_contracts: Control) -> None:
    with pytest.raises(Refused) as raised:
        move(two_contracts, "cancel", "two")
    assert raised.value.refusal.code == "Invite.IllegalMove"
    assert "allowed is accept, revoke, expire." in raised.value.refusal.reason
    assert statuses(two_contracts)["two", "eve"] == "outstanding"
    move(two_contracts, "cancel", "one")
    assert statuses(two_contracts)["one", "eve"] == "revoked"


def test_the_document_lists_what_the_contracts_call_the_actions(tmp_path: Path) -> None:
    path = tmp_path / "world.yaml"
    path.write_text(DEFAULT, "utf-8")
    contents = Contents((TEAMS,), OFFERS, YamlFile(path), lambda _world, invite: {"id": invite.id})
    [operation] = [one for one in operations(control_document([contents])) if one.id == "moveInvite"]
    [action] = [one for one in operation.parameters if one.name == "action"]
    assert action.definition["schema"] == {"enum": ["accept", "revoke", "expire", "cancel", "take"]}
