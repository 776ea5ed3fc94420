"""Forced answers: any documented answer on request; it echoes the request and changes nothing."""

import json

import pytest
from invite_specs import contract
from mock.conftest import INVITES, Caller

FAMILY = "/v1/families/fml_complete/invite"
DOCUMENTED = [
    (INVITES if name == "client-invites" else FAMILY, status)
    for name in ("client-invites", "family-invites")
    for status in contract(name).operations[0].statuses
]
EXAMPLES = [
    (INVITES if name == "client-invites" else FAMILY, status, example)
    for name in ("client-invites", "family-invites")
    for status, response in contract(name).operations[0].definition["responses"].items()
    for media in response["content"].values()
    for example in media["examples"]
]


@pytest.mark.parametrize(("path", "status"), DOCUMENTED)
def test_every_documented_status_can_be_asked_for(caller: Caller, path: str, status: int) -> None:
    before = caller.state()
    received = caller.send("POST", path, {"email": "x@acme.example", "role": "Member"}, {"Prefer": f"code={status}"})
    assert (received.status, received.outcome) == (status, "forced")
    assert received.headers["preference-applied"] == f"code={status}"
    assert caller.state() == before


@pytest.mark.parametrize(("path", "status", "example"), EXAMPLES)
def test_every_documented_example_can_be_asked_for(caller: Caller, path: str, status: str, example: str) -> None:
    received = caller.send("POST", path, None, {"Prefer": f"code={status}, example={example}"})
    assert (received.status, received.outcome) == (int(status), "forced")


def test_an_example_names_its_status(caller: Caller) -> None:
    received = caller.send("POST", INVITES, None, {"Prefer": "example=already-member"})
    assert (received.status, received.code) == (409, "ClientInvite.AlreadyMember")


def test_a_forced_201_echoes_what_the_natural_one_would(caller: Caller) -> None:
    body = {"email": "Echo@acme.example", "role": "Owner"}
    other = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    received = caller.send("POST", f"/clients/{other}/invites", body, {"Prefer": "code=201"})
    assert received.json | body | {"clientId": other} == received.json


def test_a_forced_200_echoes_what_the_natural_one_would(caller: Caller) -> None:
    body = {"firstname": "Zoë", "email": "zoe@family.example"}
    received = caller.send("POST", "/v1/families/fml_any/invite", body, {"Prefer": "code=200"})
    assert received.json | body | {"entityId": "fml_any", "type": "family_invitation"} == received.json


def test_a_forced_error_names_its_status_and_the_request(caller: Caller) -> None:
    received = caller.send("POST", INVITES, None, {"Prefer": "code=403"})
    assert (received.json["status"], received.json["instance"]) == (403, INVITES)
    received = caller.send("POST", FAMILY, None, {"Prefer": "code=404, example=published"})
    assert received.json == {"statusCode": 404, "messages": ["string"], "exception": {}}


def test_a_malformed_request_is_answered_as_asked_but_not_echoed(caller: Caller) -> None:
    received = caller.send("POST", INVITES, {"email": 7, "role": "Emperor"}, {"Prefer": "code=201"})
    assert (received.status, received.json["role"]) == (201, "Developer")


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_link_can_ask_in_its_query(caller: Caller, method: str) -> None:
    received = caller.send(method, f"{INVITES}?__code=409")
    assert (received.status, received.outcome) == (409, "forced")


@pytest.mark.parametrize(
    "prefer", ['code="409"', "respond-async, code=409", "code=409; foo=bar", "CODE = 409", "wait=10,code=409"]
)
def test_the_header_is_parsed_by_rfc_7240(caller: Caller, prefer: str) -> None:
    assert caller.send("POST", INVITES, None, {"Prefer": prefer}).status == 409


def test_other_preferences_are_ignored(caller: Caller) -> None:
    received = caller.invite(Prefer="respond-async, return=minimal, xcode=409")
    assert (received.status, received.outcome) == (201, "natural")


@pytest.mark.parametrize("wanted", ["code=418", "code=abc", "code=201, example=already-member", "example=nonsense"])
def test_what_is_not_documented_is_refused_with_a_list_of_what_is(caller: Caller, wanted: str) -> None:
    received = caller.send("POST", INVITES, None, {"Prefer": wanted})
    assert (received.status, received.code, received.outcome) == (400, "Preference.Unknown", "natural")
    for status in (201, 400, 403, 405, 409, 413):
        assert f"{status}: " in received.json["detail"]
    family = caller.send("POST", FAMILY, None, {"Prefer": wanted})
    assert family.status == 400
    assert "404: published, unknown-family" in json.dumps(family.json["messages"])


def test_a_forced_answer_needs_no_key_and_changes_no_state(caller: Caller) -> None:
    before = caller.state()
    for _ in range(2):
        forced = caller.send("POST", INVITES, {"email": "new@acme.example", "role": "Member"}, {"Prefer": "code=201"})
        assert (forced.status, forced.outcome) == (201, "forced")
    assert caller.state() == before
    assert caller.invite("new@acme.example").status == 201


def test_a_forced_answer_has_the_headers_that_are_documented(caller: Caller) -> None:
    forced = caller.send("POST", INVITES, {"email": "new@acme.example", "role": "Member"}, {"Prefer": "code=201"})
    assert forced.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("query", ["x=__code", "a__code=409", "x__code=409&y=__code"])
def test_a_query_that_only_contains_the_name_asks_for_nothing(caller: Caller, query: str) -> None:
    before = caller.state()
    assert caller.send("GET", f"{FAMILY}?{query}").status == 405
    assert caller.state() == before


@pytest.mark.parametrize("query", ["__code=", "__code", "__code=200&__code=x"])
def test_a_link_that_asks_for_no_code_changes_nothing(caller: Caller, query: str) -> None:
    before = caller.state()
    assert caller.send("GET", f"{FAMILY}?{query}").status == 400
    assert caller.state() == before


def test_a_preference_inside_a_quoted_string_is_none(caller: Caller) -> None:
    assert caller.invite(Prefer='foo="a, code=409"').outcome == "natural"
