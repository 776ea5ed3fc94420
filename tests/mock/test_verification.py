"""Verification: what a test expects of the requests to a world, now or soon."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from invite_specs import Document
from mock.conftest import ADMIN, INVITES, Caller, calling
from mock.oracle import Oracle

CREATED: Document = {"operation": "createClientInvite", "match": {"status": 201}}
Start = Callable[..., AbstractContextManager[Caller]]


def verify(caller: Caller, **verification: Any) -> Document:
    received = caller.control("POST", "/requests/verify", verification)
    assert received.status == 200, received.content
    return received.json


@contextmanager
def soon(caller: Caller, base_url: str, oracle: Oracle, email: str = "later@acme.example") -> Iterator[None]:
    """Invite by another connection, once the caller's next request is under way."""

    def invite() -> None:
        with calling(base_url, oracle) as main:
            other = main.in_world(caller.world)
            # The clock is read by the store: a verification that held a transaction would delay it.
            assert other.control("GET", "/clock").status == 200
            assert other.invite(email).status == 201

    timer = threading.Timer(0.2, invite)
    timer.start()
    yield
    timer.join()


@pytest.mark.parametrize(
    ("times", "holds"),
    [
        (None, True),
        ({"exactly": 2}, True),
        ({"exactly": 1}, False),
        ({"exactly": 3}, False),
        ({"atLeast": 2}, True),
        ({"atLeast": 3}, False),
        ({"atMost": 2}, True),
        ({"atMost": 1}, False),
        ({"atLeast": 1, "atMost": 3}, True),
        ("never", False),
        ({"exactly": 0}, False),
    ],
)
def test_how_often_a_request_is_expected(caller: Caller, times: Document, holds: bool) -> None:
    for email in ("a@acme.example", "b@acme.example", "admin@acme.example"):
        caller.invite(email)
    asked = CREATED if times is None else CREATED | {"times": times}
    verdict = verify(caller, **asked)
    assert (verdict["holds"], verdict["count"], verdict["complete"]) == (holds, 2, True)
    ids = [one["id"] for one in caller.control("GET", "/requests?status=201").json["requests"]]
    assert verdict["matched"] == ids[::-1]
    # Misses say why too few match; they do not say why too many do.
    assert bool(verdict["misses"]) == (times in ({"exactly": 3}, {"atLeast": 3}))


def test_never_holds_of_what_did_not_happen(caller: Caller) -> None:
    assert verify(caller, match={"outcome": "unmatched"}, times="never")["holds"]
    caller.send("GET", "/nowhere")
    assert not verify(caller, match={"outcome": "unmatched"}, times="never")["holds"]


@pytest.mark.parametrize(
    ("match", "difference"),
    [
        ({"body": {"$.email": "new@acme.example"}}, None),
        ({"body": {"$.email": "old@acme.example"}}, ("$.email", "old@acme.example", "new@acme.example")),
        ({"body": {"$.nickname": None}}, ("$.nickname", None, ...)),
        ({"body": {"$.*": "Member"}}, None),
        ({"body": {"$.*": "Owner"}}, ("$.*", "Owner", ["new@acme.example", "Member"])),
        ({"headers": {"X-Shown": "yes"}}, None),
        ({"headers": {"X-Shown": "no"}}, ("header X-Shown", "no", "yes")),
        ({"headers": {"X-Absent": "yes"}}, ("header X-Absent", "yes", ...)),
        ({"email": "NEW@acme.example"}, None),
        ({"email": "old@acme.example"}, ("email", "old@acme.example", "new@acme.example")),
        ({"status": 409}, ("status", 409, 201)),
        ({"outcome": "forced"}, ("outcome", "forced", "natural")),
    ],
)
def test_what_is_matched_and_how_a_request_differs(
    caller: Caller, match: Document, difference: tuple[str, Any, Any] | None
) -> None:
    request_id = caller.invite(**{"X-Shown": "yes"}).headers["mock-request-id"]
    verdict = verify(caller, match=match)
    assert verdict["holds"] == (difference is None)
    if difference is not None:
        member, expected, received = difference
        shown = {"member": member, "expected": expected} | ({} if received is ... else {"received": received})
        assert verdict["misses"] == [
            {"id": request_id, "operation": "createClientInvite", "status": 201, "differences": [shown]}
        ]


def test_an_email_matches_the_invite_where_the_request_has_none(caller: Caller) -> None:
    assert caller.invite_family("fml_complete").status == 200
    email = caller.control("GET", "/invites").json["invites"][-1]["email"]
    assert verify(caller, operation="inviteFamily", match={"email": email.upper()}, times={"exactly": 1})["holds"]


def test_the_nearest_misses_come_first(caller: Caller) -> None:
    caller.send("GET", "/nowhere")
    caller.invite("a@acme.example")
    caller.invite("b@acme.example", "Owner")
    caller.invite_family("fml_nocontact", {"email": "c@x.example"})
    verdict = verify(
        caller,
        operation="createClientInvite",
        match={"body": {"$.email": "b@acme.example", "$.role": "Admin"}},
        times={"atLeast": 1},
    )
    assert verdict["reason"] == "0 requests match; expected: at least 1."
    nearest, second, third = verdict["misses"]
    assert [one["member"] for one in nearest["differences"]] == ["$.role"]
    assert [one["member"] for one in second["differences"]] == ["$.email", "$.role"]
    assert third["differences"][0] == {
        "member": "operation",
        "expected": "createClientInvite",
        "received": "inviteFamily",
    }


def test_a_request_that_matches_no_operation_is_a_miss_with_its_path(caller: Caller) -> None:
    caller.send("GET", "/nowhere?a=b")
    [miss] = verify(caller, operation="inviteFamily")["misses"]
    assert miss["differences"][0]["received"] == "none: GET /nowhere?a=b"


CONFLICT = {"operation": "createClientInvite", "match": {"status": 409}}


def test_requests_in_order(caller: Caller) -> None:
    for email in ("a@acme.example", "a@acme.example", "b@acme.example"):
        caller.invite(email)
    verdict = verify(caller, inOrder=[CREATED, CONFLICT, CREATED])
    assert (verdict["holds"], verdict["count"], len(verdict["matched"])) == (True, 3, 3)
    assert verify(caller, inOrder=[CREATED, CREATED])["holds"], "others may come between"


def test_what_came_too_early_is_named(caller: Caller) -> None:
    early = caller.invite_family("fml_complete").headers["mock-request-id"]
    first = caller.invite().headers["mock-request-id"]
    verdict = verify(caller, inOrder=[CREATED, {"operation": "inviteFamily"}])
    assert (verdict["holds"], verdict["count"]) == (False, 1)
    assert verdict["reason"] == f"1 of 2 steps match in this order; no request after {first} matches step 2."
    [miss] = verdict["misses"]
    assert miss["id"] == early
    assert miss["differences"] == [{"member": "order", "expected": f"after {first}", "received": "before it"}]


@pytest.mark.parametrize(
    "verification",
    [
        CREATED,
        CREATED | {"times": {"atLeast": 1}},
        CREATED | {"times": "never"},
        CREATED | {"times": {"atMost": 0}},
        {"inOrder": [CREATED]},
    ],
    ids=str,
)
def test_a_verification_that_is_settled_does_not_wait(
    caller: Caller, base_url: str, oracle: Oracle, verification: Document
) -> None:
    began = time.monotonic()
    with soon(caller, base_url, oracle):
        verdict = verify(caller, **verification, within="PT20S")
    assert verdict["count"] == 1
    assert verdict["holds"] == ("times" not in verification or verification["times"] == {"atLeast": 1})
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("times", ["never", {"atMost": 1}, {"exactly": 0}])
def test_what_may_still_be_violated_is_waited_for_to_the_end(caller: Caller, times: Document) -> None:
    began = time.monotonic()
    assert verify(caller, times=times, within="PT0.3S")["holds"]
    assert time.monotonic() - began >= 0.3


def test_exactly_one_is_violated_by_the_second_that_comes_in_time(
    caller: Caller, base_url: str, oracle: Oracle
) -> None:
    caller.invite("first@acme.example")
    with soon(caller, base_url, oracle):
        verdict = verify(caller, **CREATED, times={"exactly": 1}, within="PT20S")
    assert (verdict["holds"], verdict["count"]) == (False, 2)


def test_requests_to_another_process_are_seen(mock_with: Start, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'shared.db'}"
    with mock_with("--store", store) as one, mock_with("--store", store) as other:
        assert other.invite().status == 201
        assert verify(one, **CREATED, within="PT20S")["holds"]


def test_every_violation_is_listed_and_nothing_changes(caller: Caller) -> None:
    before = caller.control("GET", "/requests").json
    received = caller.control(
        "POST",
        "/requests/verify",
        {
            "operation": "createInvite",
            "match": {"body": {"$.[": 1}},
            "times": {"atLeast": 2, "atMost": 1},
            "within": "PT61S",
            "inOrder": [{"contract": "no-contract"}],
        },
    )
    assert (received.status, received.code) == (400, "Request.Invalid")
    assert [one["pointer"] for one in received.json["errors"]] == [
        "/operation",
        "/match/body/$.[",
        "/times",
        "/within",
        "/operation",
        "/match",
        "/times",
        "/inOrder/0/contract",
    ]
    assert "createClientInvite" in received.json["errors"][0]["message"]
    assert caller.control("GET", "/requests").json == before


@pytest.mark.parametrize(
    ("verification", "pointer"),
    [
        ({"times": "often"}, "/times"),
        ({"times": {}}, "/times"),
        ({"times": {"exactly": -1}}, "/times/exactly"),
        ({"match": {"colour": "red"}}, "/match"),
        ({"within": "two seconds"}, "/within"),
        ({"within": "-PT1S"}, "/within"),
        ({"within": "P"}, "/within"),
        ({"inOrder": []}, "/inOrder"),
        ({"inOrder": [{"operation": "inviteFamily", "contract": "client-invites"}]}, "/inOrder/0/operation"),
    ],
)
def test_what_is_no_verification_is_refused(caller: Caller, verification: Document, pointer: str) -> None:
    received = caller.control("POST", "/requests/verify", verification)
    assert received.status == 400
    assert [one["pointer"] for one in received.json["errors"]] == [pointer]


def test_an_operation_of_several_contracts_needs_the_contract(mock_with: Start, tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(
        "openapi: 3.1.0\ninfo: {title: Other, version: '1'}\n"
        "paths: {/others: {get: {operationId: createClientInvite, responses: {'204': {description: Done.}}}}}\n"
    )
    with mock_with("--contract", "client-invites", "--openapi", str(path)) as caller:
        received = caller.control("POST", "/requests/verify", {"operation": "createClientInvite"})
        assert [one["pointer"] for one in received.json["errors"]] == ["/operation"]
        assert "name one as `contract`" in received.json["errors"][0]["message"]
        caller.invite()
        asked = {"operation": "createClientInvite", "contract": "client-invites"}
        assert verify(caller, **asked)["holds"]
        assert verify(caller, **asked | {"contract": "other"}, times="never")["holds"]


def test_a_journal_that_is_full_may_not_have_all(caller: Caller) -> None:
    for _ in range(1001):
        caller.send("OPTIONS", INVITES)
    verdict = verify(caller, match={"status": 201}, times="never")
    assert (verdict["holds"], verdict["complete"]) == (True, False)


def test_a_body_that_was_cut_is_a_miss_that_says_so(caller: Caller) -> None:
    caller.send("POST", INVITES, {"email": "a@acme.example", "role": "Member", "x": "y" * 70_000}, ADMIN)
    [miss] = verify(caller, match={"body": {"$.email": "a@acme.example"}})["misses"]
    assert miss["differences"][0]["member"] == "body"


def test_without_a_journal_nothing_is_verified(mock_with: Start) -> None:
    with mock_with("--no-journal") as caller:
        received = caller.control("POST", "/requests/verify", {"times": "never"})
        assert (received.status, received.code) == (409, "Journal.Off")


def test_a_world_that_is_deleted_meanwhile_is_not_waited_for(caller: Caller, base_url: str, oracle: Oracle) -> None:
    def delete() -> None:
        with calling(base_url, oracle) as main:
            assert main.in_world(caller.world).control("DELETE", "").status == 204

    timer = threading.Timer(0.2, delete)
    timer.start()
    received = caller.control("POST", "/requests/verify", {"times": "never", "within": "PT20S"})
    timer.join()
    assert (received.status, received.code) == (404, "World.Unknown")
