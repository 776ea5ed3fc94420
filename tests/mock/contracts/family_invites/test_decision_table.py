"""family-invites: what answers what, in the order of the decision table."""

from datetime import datetime, timedelta

import pytest
from mock.conftest import Caller

JSON = {"Content-Type": "application/json"}


def contact(caller: Caller, family: str) -> object:
    return next(one["contact"] for one in caller.state()["families"] if one["id"] == family)


@pytest.mark.parametrize("body", [None, {}])
def test_the_body_may_be_absent_or_empty(caller: Caller, body: object) -> None:
    received = caller.invite_family("fml_complete", body)
    assert received.status == 200
    assert (
        received.json
        | {
            "type": "family_invitation",
            "companyId": "co_123123123123",
            "entityId": "fml_complete",
            "email": "pat@family.example",
            "firstname": "Pat",
            "lastname": "Parent",
        }
        == received.json
    )
    assert received.json["id"].startswith("lnk_")


def test_an_empty_body_with_a_media_type_is_no_body(caller: Caller) -> None:
    assert caller.send("POST", "/v1/families/fml_complete/invite", b"", JSON).status == 200


def test_the_invitation_expires_after_fourteen_days(caller: Caller) -> None:
    received = caller.invite_family("fml_complete")
    now = datetime.fromisoformat(caller.control("GET", "/clock").json["now"])
    assert datetime.fromisoformat(received.json["expiresAt"]) == now + timedelta(days=14)


@pytest.mark.parametrize(
    "given",
    [
        {"email": "new@family.example"},
        {"email": "new@family.example", "firstname": "Zoë"},
        {"email": "new@family.example", "lastname": "Ōkami-O'Neill"},
        {"email": "new@family.example", "firstname": "", "lastname": "李"},
    ],
)
def test_what_is_given_is_answered_and_set_on_the_primary_contact(caller: Caller, given: dict[str, str]) -> None:
    names: dict[str, str | None] = {"firstname": None, "lastname": None}
    received = caller.invite_family("fml_nocontact", given)
    assert received.status == 200
    assert received.json | names | given == received.json
    assert contact(caller, "fml_nocontact") == given
    again = caller.invite_family("fml_nocontact")
    assert again.json | names | given == again.json


def test_a_new_invitation_replaces_the_outstanding_one(caller: Caller) -> None:
    first, second = (caller.invite_family("fml_complete").json["id"] for _ in range(2))
    assert first != second
    listed = [one["id"] for one in caller.control("GET", "/invites").json["invites"]]
    assert second in listed
    assert first not in listed


@pytest.mark.parametrize("given", [None, {}, {"firstname": "Ann", "lastname": "Other"}])
def test_with_no_email_given_and_none_known_the_request_is_refused_and_nothing_is_set(
    caller: Caller, given: object
) -> None:
    received = caller.invite_family("fml_nocontact", given)
    assert received.status == 400
    assert received.json == {
        "statusCode": 400,
        "messages": [
            "No email is given, and none is known for the primary contact of this family.",
            "Send one as `email`.",
        ],
    }
    assert contact(caller, "fml_nocontact") == {}


def test_an_unknown_family_is_not_found(caller: Caller) -> None:
    received = caller.invite_family("fml_unknown", {"email": "a@b.example"})
    assert (received.status, received.json["statusCode"]) == (404, 404)
    assert received.json["messages"][-1] == "Use the id of one that exists."


def test_a_family_of_another_company_is_forbidden_and_stays_as_it_is(caller: Caller) -> None:
    received = caller.invite_family("fml_foreign", {"email": "a@b.example", "firstname": "Eve"})
    assert (received.status, received.json["statusCode"]) == (403, 403)
    assert "another company than the caller, who acts for co_123123123123." in str(received.json["messages"])
    assert contact(caller, "fml_foreign") == {}


@pytest.mark.parametrize("family", ["fml_complete", "fml_unknown", "fml_foreign"])
@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"email": 7}, ["/email"]),
        ({"email": "nobody"}, ["/email"]),
        ({"email": None}, ["/email"]),
        ({"firstname": None, "lastname": ["x"]}, ["/firstname", "/lastname"]),
        ([], ["request"]),
        (b"null", ["request"]),
        (b"{", ["request"]),
    ],
)
def test_a_malformed_body_comes_first_and_every_violation_has_its_line(
    caller: Caller, family: str, body: object, pointers: list[str]
) -> None:
    received = caller.send("POST", f"/v1/families/{family}/invite", body, JSON)
    assert received.status == 400
    first, *violations, remedy = received.json["messages"]
    assert first == "The request is not as documented."
    assert [line.split(":")[0] for line in violations] == pointers
    expected = "(assumption: email-format)" if body == {"email": "nobody"} else "(contract: /"
    assert all(expected in line for line in violations)
    assert remedy == "Correct each violation and send the request again."


def test_a_family_id_may_hold_any_character(caller: Caller) -> None:
    for family in ("a%2Fb", "%E2%82%AC", "a%20b", "%00", "%FF", "..;x", "%25"):
        received = caller.invite_family(family)
        assert (received.status, received.outcome) == (404, "natural")
