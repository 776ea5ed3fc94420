"""The journal over HTTP: listed, filtered, cleared and sent again. The oracle validates each entry."""

import base64
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import pytest
from invite_mock.state.clock import machine_now, to_text
from invite_specs import Document
from mock.conftest import ACME, ADMIN, INVITES, PAGE, PREFLIGHT, Caller
from mock.oracle import Received

Start = Callable[..., AbstractContextManager[Caller]]


def entries(caller: Caller, query: str = "") -> list[Document]:
    """The journal of the caller's world, oldest first."""
    found: list[Document] = caller.control("GET", f"/requests{query}").json["requests"]
    return found[::-1]


def entry(caller: Caller, received: Received) -> Document:
    return caller.control("GET", f"/requests/{received.headers['mock-request-id']}").json


def replay(caller: Caller, received: Received) -> Received:
    return caller.control("POST", f"/requests/{received.headers['mock-request-id']}/replay")


def test_an_entry_has_request_answer_and_times(caller: Caller) -> None:
    caller.control("PATCH", "/clock", {"now": "2030-01-01T00:00:00Z", "frozen": True})
    before = to_text(machine_now())
    received = caller.invite("ann@acme.example")
    found = entry(caller, received)
    assert found["id"] == received.headers["mock-request-id"]
    assert found["at"] == "2030-01-01T00:00:00.000Z"
    assert before <= found["machineAt"] <= to_text(machine_now())
    assert 0 < found["duration"] < 60_000
    assert (found["method"], found["path"], found["contract"]) == ("POST", INVITES, "client-invites")
    assert (found["operation"], found["status"], found["outcome"]) == ("createClientInvite", 201, "natural")
    assert json.loads(found["request"]["body"]) == {"email": "ann@acme.example", "role": "Member"}
    assert {"name": "content-type", "value": "application/json"} in found["request"]["headers"]
    assert found["request"]["size"] == len(found["request"]["body"])
    assert json.loads(found["response"]["body"]) == received.json | {"token": "***"}
    assert found["response"]["size"] == len(received.content)
    shown = {one["name"].lower(): one["value"] for one in found["response"]["headers"]}
    assert shown.items() <= received.headers.items()


def test_the_member_whose_key_was_used_is_kept(caller: Caller) -> None:
    found = entry(caller, caller.invite())
    assert (found["caller"]["kind"], found["caller"]["name"]) == ("member", "admin@acme.example")
    unknown = caller.send("POST", INVITES, {"email": "a@b.example", "role": "Member"}, {"x-dolfin-api-key": "nobody"})
    assert entry(caller, unknown)["caller"] is None


def test_the_clock_of_an_entry_is_that_of_its_answer(caller: Caller) -> None:
    first = caller.invite()
    caller.control("POST", "/clock/advance", {"by": "P1D"})
    second = caller.invite()
    at, later = (datetime.fromisoformat(entry(caller, one)["at"]) for one in (first, second))
    assert (later - at).days == 1


def test_every_request_to_a_contract_is_kept_and_none_to_the_mock_itself(caller: Caller) -> None:
    caller.invite()
    caller.invite()
    caller.send("GET", "/nowhere")
    caller.send("DELETE", INVITES)
    caller.send("OPTIONS", INVITES)
    caller.send("OPTIONS", INVITES, headers=PREFLIGHT)
    caller.send("POST", INVITES, {"email": "a@b.example"}, ADMIN | PAGE)
    caller.send("GET", "/docs")
    caller.state()
    found = [(one["method"], one["status"], one["outcome"]) for one in entries(caller)]
    assert found == [
        ("POST", 201, "natural"),
        ("POST", 409, "natural"),
        ("GET", 404, "unmatched"),
        ("DELETE", 405, "unmatched"),
        ("OPTIONS", 204, "natural"),
        ("POST", 400, "natural"),
    ]


def test_the_first_request_of_a_world_is_kept_though_it_matches_nothing(caller: Caller) -> None:
    other = caller.in_world(f"{caller.world}-b")
    other.send("GET", "/nowhere")
    assert [one["path"] for one in entries(other)] == ["/nowhere"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [201, 409, 200, 404, 403]),
        ("?operation=createClientInvite", [201, 409, 403]),
        ("?operation=inviteFamily", [200]),
        ("?status=409", [409]),
        ("?outcome=unmatched", [404]),
        ("?outcome=forced", [403]),
        ("?email=ANN@acme.example", [201, 409]),
        ("?email=pat@family.example", [200]),
        ("?operation=createClientInvite&status=201", [201]),
        ("?since=2030-01-03T00:00:00Z", [200, 404, 403]),
        ("?since=2030-01-03T01:00:00%2B01:00", [200, 404, 403]),
        ("?since=2031-01-01T00:00:00Z", []),
        ("?operation=nothing", []),
    ],
)
def test_requests_are_filtered(caller: Caller, query: str, expected: list[int]) -> None:
    caller.control("PATCH", "/clock", {"now": "2030-01-01T00:00:00Z"})
    caller.invite("ann@acme.example")
    caller.invite("ann@acme.example")
    caller.control("POST", "/clock/advance", {"by": "P2D"})
    # Its email is the family's: the request has none.
    caller.invite_family("fml_complete")
    caller.send("GET", "/nowhere")
    caller.invite("ben@acme.example", Prefer="code=403")
    assert [one["status"] for one in entries(caller, query)] == expected


def test_pages_have_every_request_once(caller: Caller) -> None:
    sent = [caller.invite(f"p{number}@acme.example").headers["mock-request-id"] for number in range(6)]
    seen: list[str] = []
    query = "?limit=2"
    for _ in range(3):
        page = caller.control("GET", f"/requests{query}").json
        assert page["total"] == 6
        seen += [one["id"] for one in page["requests"]]
        # What comes meanwhile is not on a later page.
        caller.send("GET", "/nowhere")
        query = f"?limit=2&operation=createClientInvite&before={page['next']}"
    assert page["next"] is None, "the last page is full"
    assert seen == sent[::-1]


@pytest.mark.parametrize(
    "query", ["?status=9", "?outcome=good", "?since=today", "?before=0", "?limit=0", "?limit=1001", "?since=0000-01-01"]
)
def test_a_filter_that_is_none_is_refused(caller: Caller, query: str) -> None:
    assert caller.control("GET", f"/requests{query}").status == 400


def test_every_violation_of_a_filter_is_listed(caller: Caller) -> None:
    received = caller.control("GET", "/requests?status=9&outcome=good&limit=0")
    assert len(received.json["errors"]) == 3


def test_an_unknown_request_is_refused(caller: Caller) -> None:
    for method, more in (("GET", ""), ("POST", "/replay")):
        received = caller.control(method, f"/requests/0123456789abcdef{more}")
        assert (received.status, received.code) == (404, "Request.Unknown")
    request_id = caller.invite().headers["mock-request-id"]
    other = caller.in_world(f"{caller.world}-b")
    other.invite()
    assert other.control("GET", f"/requests/{request_id}").status == 404


def test_clearing_leaves_the_state_as_it_is(caller: Caller) -> None:
    caller.invite()
    before = caller.state()
    assert caller.control("DELETE", "/requests").status == 204
    assert caller.control("GET", "/requests").json == {"requests": [], "total": 0, "next": None}
    assert caller.state() == before


def test_a_reset_world_has_an_empty_journal(caller: Caller) -> None:
    caller.invite()
    caller.control("POST", "/reset")
    assert entries(caller) == []


def test_the_last_thousand_are_kept(caller: Caller) -> None:
    first = caller.send("OPTIONS", INVITES)
    # A change counts as a request does.
    caller.control("PATCH", "/clock", {"frozen": True})
    for _ in range(999):
        last = caller.send("OPTIONS", INVITES)
    page = caller.control("GET", "/requests?limit=1000").json
    assert page["total"] == 999
    assert page["requests"][0]["id"] == last.headers["mock-request-id"]
    received = caller.control("GET", f"/requests/{first.headers['mock-request-id']}")
    assert received.status == 404
    assert "it keeps the last 1000" in received.json["detail"]


@pytest.mark.parametrize(
    ("size", "cut"), [(64 * 1024, False), (64 * 1024 + 1, True)], ids=["as long as is kept", "longer"]
)
def test_a_body_is_kept_up_to_64_kib(caller: Caller, size: int, cut: bool) -> None:
    start = b'{"email": "a@acme.example", "role": "Member", "x": "'
    body = start + b"y" * (size - len(start) - 2) + b'"}'
    message = entry(caller, caller.send("POST", INVITES, body, ADMIN))["request"]
    assert (message["size"], len(message["body"]), message.get("cut", False)) == (size, 64 * 1024, cut)


def test_a_body_is_not_cut_inside_a_character(caller: Caller) -> None:
    start = b'{"email": "a@acme.example", "role": "Member", "x": "'
    body = start + b"y" * (64 * 1024 - 1 - len(start)) + "ä".encode() + b'"}'
    message = entry(caller, caller.send("POST", INVITES, body, ADMIN))["request"]
    assert message["body"].endswith("y")
    assert "encoding" not in message


@pytest.mark.parametrize("size", [10, 70_000])
def test_a_body_that_is_no_text_is_kept_as_base64(caller: Caller, size: int) -> None:
    body = bytes([0xFF, 0xFE]) * (size // 2)
    message = entry(caller, caller.send("POST", INVITES, body, ADMIN))["request"]
    assert message["encoding"] == "base64"
    assert base64.b64decode(message["body"]) == body[: 64 * 1024]


def test_a_body_that_was_not_read_is_none(caller: Caller) -> None:
    message = entry(caller, caller.send("POST", INVITES, b"x" * (2**20 + 1), ADMIN))["request"]
    assert (message["body"], message["size"]) == (None, 2**20 + 1)


def test_a_request_is_sent_again_with_the_key_of_its_member(caller: Caller) -> None:
    refused = caller.invite("invited@acme.example")
    invite = next(
        one for one in caller.control("GET", "/invites").json["invites"] if one["email"] == "invited@acme.example"
    )
    assert caller.control("POST", f"/invites/{invite['id']}/revoke").status == 200
    again = replay(caller, refused)
    assert again.status == 200
    assert (again.json["status"], again.json["caller"]["name"]) == (201, "admin@acme.example")
    assert again.json["id"] != refused.headers["mock-request-id"]
    assert [one["status"] for one in entries(caller)] == [409, 201]


def test_a_request_is_sent_again_as_it_was(caller: Caller) -> None:
    sent = [
        caller.send("POST", "/clients/a%2Fb%3Fc%20d%C3%A4%25/invites?x=%C3%A4&y=%2B", {"email": "é@b.example"}, ADMIN),
        caller.send("POST", INVITES, b"\xff", ADMIN | {"Content-Type": "text/plain", "X-Shown": "one"}),
        caller.send("GET", f"{INVITES}?__code=409"),
        caller.send("DELETE", "/nowhere?a=b"),
        caller.invite_family("fml_nocontact"),
        caller.invite(Prefer="code=403"),
    ]
    for received in sent:
        before, after = entry(caller, received), replay(caller, received).json
        for name in ("method", "path", "status", "outcome", "operation", "caller", "decision"):
            assert before[name] == after[name], name
        assert before["request"]["body"] == after["request"]["body"]


@pytest.mark.parametrize(
    ("path", "body", "headers", "why"),
    [
        (INVITES, {"email": "a@b.example", "x": "y" * 70_000}, ADMIN, "its body was not kept whole"),
        (INVITES, {"email": "a@b.example", "x": "y" * 2**20}, ADMIN, "its body was not read"),
        (INVITES, {"email": "a@b.example", "apiToken": "abcdef"}, ADMIN, "its body was not kept whole"),
        (INVITES, {"email": "acme-admin-key"}, ADMIN, "its body was not kept whole"),
        (INVITES, b"token=abcdef", ADMIN, "its body was not kept whole"),
        (f"{INVITES}?token=abcdef", {"email": "a@b.example"}, ADMIN, "its path or query was masked"),
        ("/clients/acme-admin-key/invites", {"email": "a@b.example"}, ADMIN, "its path or query was masked"),
        (INVITES, {"email": "a@b.example"}, {"x-dolfin-api-key": "nobody"}, "the value of its header x-dolfin-api-key"),
    ],
)
def test_what_was_not_kept_as_it_was_sent_is_not_sent_again(
    caller: Caller, path: str, body: Document | bytes, headers: dict[str, str], why: str
) -> None:
    received = caller.send("POST", path, body, headers)
    before = entries(caller)
    again = replay(caller, received)
    assert (again.status, again.code) == (409, "Request.Unrepeatable")
    assert why in again.json["detail"]
    assert entries(caller) == before


def test_a_secret_that_the_operation_does_not_document_is_left_out_of_a_replay(caller: Caller) -> None:
    # What a browser sends by itself: cookies of whatever else runs on this machine.
    received = caller.invite("a@acme.example", Cookie="session=abcdef", Authorization="Basic YWJjOmRlZg==")
    again = replay(caller, received).json
    assert again["status"] == 409
    assert not {"cookie", "authorization"} & {one["name"] for one in again["request"]["headers"]}


def test_an_entry_of_a_page_on_another_origin_is_kept(caller: Caller) -> None:
    found = entry(caller, caller.send("POST", INVITES, {"email": "a@b.example", "role": "Member"}, ADMIN | PAGE))
    assert {"name": "origin", "value": PAGE["Origin"]} in found["request"]["headers"]
    assert "access-control-allow-origin" in {one["name"] for one in found["response"]["headers"]}


def test_without_a_journal_nothing_is_kept(mock_with: Start) -> None:
    with mock_with("--no-journal") as caller:
        received = caller.invite()
        assert entries(caller) == []
        assert caller.control("GET", f"/requests/{received.headers['mock-request-id']}").status == 404


def test_a_journal_survives_a_restart_and_cannot_be_replayed_without_one(mock_with: Start, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'kept.db'}"
    with mock_with("--store", store) as caller:
        received = caller.invite()
        # No control request follows: the mock writes what waits when it stops.
    with mock_with("--store", store, "--no-journal") as caller:
        assert entry(caller, received)["status"] == 201
        again = replay(caller, received)
        assert (again.status, again.code) == (409, "Journal.Off")


def test_ids_of_a_seeded_world_are_those_of_the_answers(mock_with: Start) -> None:
    with mock_with("--rng-seed", "7") as caller:
        sent = [caller.invite(f"p{number}@acme.example").headers["mock-request-id"] for number in range(3)]
        assert [one["id"] for one in entries(caller)] == sent
        assert all(re.fullmatch("[0-9a-f]{16}", one) for one in sent)
        assert ACME in entries(caller)[0]["path"]
