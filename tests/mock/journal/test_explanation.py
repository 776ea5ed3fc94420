"""Why the mock answered as it did: what decided, what it saw, what the contract says, and what would change it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from invite_specs import Document, contract
from mock.conftest import ACME, ADMIN, INVITES, Caller
from mock.oracle import Received

FAMILY = "/v1/families/fml_complete/invite"
RULE = "the rule create_client_invite of client-invites"
FAMILY_RULE = "the rule invite_family of family-invites"
VALIDATION = "validation against the document"


def entry(caller: Caller, received: Received) -> Document:
    return caller.control("GET", f"/requests/{received.headers['mock-request-id']}").json


def decision(caller: Caller, received: Received) -> Document:
    return entry(caller, received)["decision"]


def _invite(email: Any, role: str = "Member", **headers: str) -> Callable[[Caller], Received]:
    return lambda caller: caller.send("POST", INVITES, {"email": email, "role": role}, ADMIN | headers)


def _with(key: str | None, path: str = INVITES) -> Callable[[Caller], Received]:
    headers = {} if key is None else {"x-dolfin-api-key": key}
    return lambda caller: caller.send("POST", path, {"email": "new@acme.example", "role": "Member"}, headers)


def _family(name: str, body: Any = None) -> Callable[[Caller], Received]:
    return lambda caller: caller.invite_family(name, body)


FORBIDDEN = "Member.Forbidden — caller is not an Admin or Owner of this Client"


@pytest.mark.parametrize(
    ("send", "by", "code", "texts"),
    [
        (_with(None), RULE, "Member.Forbidden", ("No key was sent.", FORBIDDEN)),
        (_with("nobody"), RULE, "Member.Forbidden", ("No member has the key that was sent.", FORBIDDEN)),
        (_with("acme-member-key"), RULE, "Member.Forbidden", ("member@acme.example, has the role Member.", FORBIDDEN)),
        (_with("globex-owner-key"), RULE, "Member.Forbidden", ("belongs to another client", FORBIDDEN)),
        (
            _with("acme-admin-key", f"/clients/{uuid.UUID(int=4)}/invites"),
            RULE,
            "Member.Forbidden",
            ("There is no client", FORBIDDEN),
        ),
        (
            _invite("nobody"),
            VALIDATION,
            "ClientInvite.InvalidEmail",
            ("The email is missing or malformed.", "ClientInvite.InvalidEmail — email is missing or malformed"),
        ),
        (
            _invite("a@b.example", "Emperor"),
            VALIDATION,
            "Request.Invalid",
            (
                "The request is not as documented.",  # The document names no such code, so that all of it is said.
                "ClientInvite.InvalidEmail — email is missing or malformed",
            ),
        ),
        (
            _invite("owner@acme.example"),
            RULE,
            "ClientInvite.AlreadyMember",
            (
                "A user with the email owner@acme.example is already a member of this client.",
                "ClientInvite.AlreadyMember — a user with this email is already a member",
            ),
        ),
        (
            _invite("invited@acme.example"),
            RULE,
            "ClientInvite.AlreadyInvited",
            (
                "An outstanding invite already exists for the email invited@acme.example, until",
                "ClientInvite.AlreadyInvited — an outstanding invite already exists for this email",
            ),
        ),
        (
            _invite("a@b.example", Prefer="code=499"),
            "the request's preference",
            "Preference.Unknown",
            ("documents no answer or example for 'code=499'", "ClientInvite.InvalidEmail"),
        ),
        (
            lambda caller: caller.send("POST", INVITES, {"email": "a@b.example", "x": "y" * 2**20}, ADMIN),
            "the mock",
            "Request.TooLarge",
            ("The body is larger than 1,048,576 bytes.", "Content Too Large"),
        ),
        (_family("fml_none"), FAMILY_RULE, "Family.NotFound", ("Not found: there is no such family.", "Not found")),
        (
            _family("fml_foreign"),
            FAMILY_RULE,
            "Family.Forbidden",
            ("the family belongs to another company than the caller, who acts for co_123123123123.", "Not authorized"),
        ),
        (
            _family("fml_nocontact"),
            FAMILY_RULE,
            "Family.NoEmail",
            (
                "No email is given, and none is known for the primary contact of this family.",
                "no email is given and none is known",
            ),
        ),
        (
            _family("fml_complete", {"email": "nobody"}),
            VALIDATION,
            "Request.Invalid",
            ("not as documented", "Malformed"),
        ),
    ],
)
def test_each_refusal_is_explained(
    caller: Caller, send: Callable[[Caller], Received], by: str, code: str, texts: tuple[str, str]
) -> None:
    received = send(caller)
    found = decision(caller, received)
    assert (found["by"], found["code"]) == (by, code)
    reason, sentence = texts
    assert reason in found["reason"]
    assert sentence in found["contract"]["text"]
    assert found["contract"]["pointer"].endswith(f"/responses/{received.status}")
    assert found["remedy"]
    assert bool(found.get("violations")) == (by == VALIDATION)


@pytest.mark.parametrize(
    ("send", "name"),
    [
        (_with(None), "client-invites"),
        (_invite("invited@acme.example"), "client-invites"),
        (_family("x"), "family-invites"),
    ],
)
def test_the_sentence_stands_in_the_line_that_is_named(
    caller: Caller, send: Callable[[Caller], Received], name: str
) -> None:
    said = decision(caller, send(caller))["contract"]
    file, _, line = said["source"].rpartition(":")
    path = contract(name).published_path
    assert file == f"{path.parent.name}/{path.name}"
    assert said["text"].partition(" ")[0] in path.read_text("utf-8").splitlines()[int(line) - 1]


def test_what_we_assume_is_named_by_its_assumption(caller: Caller) -> None:
    found = decision(caller, caller.invite_family("fml_nocontact"))
    assert found["contract"]["source"] == "assumption malformed-is-400"


def test_the_violations_are_those_of_the_answer(caller: Caller) -> None:
    received = caller.send("POST", "/clients/x/invites", {"email": "nobody", "role": "Emperor"}, ADMIN)
    assert len(received.json["errors"]) == 3
    assert decision(caller, received)["violations"] == received.json["errors"]


def test_a_conflict_says_which_invite_it_saw_who_sent_it_when_and_until_when(caller: Caller) -> None:
    created = caller.invite("ann@acme.example").json
    caller.control("POST", "/clock/advance", {"by": "PT2M"})
    found = decision(caller, caller.invite("ANN@acme.example"))
    assert found["saw"] == (
        f"invite {created['id']} for ann@acme.example, sent 2 minutes ago by admin@acme.example,"
        f" is outstanding until {created['expiresAt']}"
    )


def test_the_sender_is_left_out_where_the_world_does_not_know_one(caller: Caller) -> None:
    found = decision(caller, caller.invite("invited@acme.example"))
    assert " by " not in found["saw"]
    assert "for invited@acme.example, sent " in found["saw"]


@pytest.mark.parametrize(
    ("by", "ago"),
    [
        ("PT0S", "less than a second ago"),
        ("PT1S", "1 second ago"),
        ("PT59M", "59 minutes ago"),
        ("PT1H", "1 hour ago"),
        ("P6D", "6 days ago"),
    ],
)
def test_the_time_since_an_invite_was_sent(caller: Caller, by: str, ago: str) -> None:
    caller.invite("ann@acme.example")
    caller.control("POST", "/clock/advance", {"by": by})
    assert f", sent {ago} by " in decision(caller, caller.invite("ann@acme.example"))["saw"]


def test_each_call_that_is_named_changes_the_outcome(caller: Caller) -> None:
    caller.invite("ann@acme.example")
    effects = []
    for number in range(4):
        refused = caller.invite("ann@acme.example")
        calls = decision(caller, refused)["changes"]
        assert len(calls) == 4
        call = calls[number]
        effects.append(call["effect"])
        assert caller.send(call["method"], call["path"], call.get("body")).status == 200
        again = caller.control("POST", f"/requests/{refused.headers['mock-request-id']}/replay").json
        if call["path"].endswith("/accept"):
            assert (again["status"], again["decision"]["code"]) == (409, "ClientInvite.AlreadyMember")
            caller.control("POST", "/reset")
            caller.control("PATCH", "/clock", {"frozen": True})
            assert caller.invite("ann@acme.example").status == 201
        else:
            assert again["status"] == 201
    assert effects == [f"the invite is then {status}" for status in ("accepted", "revoked", "expired", "expired")]


@pytest.mark.parametrize("send", [_with(None), _invite("owner@acme.example"), _invite("nobody"), _family("fml_none")])
def test_no_call_is_named_where_none_of_the_control_api_helps(
    caller: Caller, send: Callable[[Caller], Received]
) -> None:
    assert "changes" not in decision(caller, send(caller))


def test_a_success_says_what_was_stored(caller: Caller) -> None:
    received = caller.invite("ann@acme.example")
    found = decision(caller, received)
    assert found["reason"] == (
        f"The invite {received.json['id']} for ann@acme.example was stored,"
        f" outstanding until {received.json['expiresAt']}."
    )
    assert found["contract"]["text"] == "Created"
    received = caller.invite_family("fml_complete")
    assert f"The invite {received.json['id']} for pat@family.example" in decision(caller, received)["reason"]


def test_a_forced_answer_says_who_asked_for_it(caller: Caller) -> None:
    found = decision(caller, caller.invite(Prefer="code=409"))
    assert (found["by"], found["reason"]) == ("the request's preference", "The request asks for code=409.")


@pytest.mark.parametrize(
    ("method", "path", "operation", "differences"),
    [
        (
            "POST",
            f"/client/{ACME}/invites",
            "createClientInvite",
            ["'client' stands where the path has 'clients'"],
        ),
        ("POST", f"/clients/{ACME}", "createClientInvite", ["'invites' is missing"]),
        (
            "POST",
            f"/clients/{ACME}/invites/1",
            "createClientInvite",
            ["'1' stands where the path ends"],
        ),
        ("POST", f"{INVITES}/", "createClientInvite", ["'' stands where the path ends"]),
        ("POST", "/clients//invites", "createClientInvite", ["'{clientId}' is missing"]),
        ("GET", FAMILY, "inviteFamily", ["the method is GET, not POST"]),
        (
            "PUT",
            "/v2/families/1/invite",
            "inviteFamily",
            ["'v2' stands where the path has 'v1'", "the method is PUT, not POST"],
        ),
    ],
)
def test_what_matches_no_operation_is_kept_with_the_nearest_one(
    caller: Caller, method: str, path: str, operation: str, differences: list[str]
) -> None:
    found = entry(caller, caller.send(method, path))
    assert (found["outcome"], found["operation"], found["contract"]) == ("unmatched", None, None)
    nearest = found["decision"]["nearest"]
    assert (nearest["operation"], nearest["differences"]) == (operation, differences)
    assert found["decision"]["by"] == "the paths of the mock"


def test_nothing_is_near_to_a_path_that_has_nothing_in_common(caller: Caller) -> None:
    assert "nearest" not in decision(caller, caller.send("GET", "/favicon.ico"))
