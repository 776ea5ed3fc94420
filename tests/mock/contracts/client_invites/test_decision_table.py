"""client-invites: what answers what, in the order of the decision table."""

import uuid
from datetime import datetime, timedelta

import pytest
from mock.conftest import ACME, ADMIN, GLOBEX, INVITES, Caller

JSON = {"Content-Type": "application/json"}
BODY = {"email": "new@acme.example", "role": "Developer"}


def key(name: str) -> dict[str, str]:
    return {"x-dolfin-api-key": name}


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "No key was sent"),
        (key(""), "No key was sent"),
        (key("nobody"), "No member has the key"),
        (key("acme-developer-key"), "has the role Developer"),
        (key("acme-support-key"), "has the role Support"),
        (key("acme-member-key"), "has the role Member"),
        (key("globex-owner-key"), "belongs to another client"),
    ],
)
def test_a_caller_who_is_no_admin_or_owner_of_the_client_is_forbidden(
    caller: Caller, headers: dict[str, str], why: str
) -> None:
    received = caller.send("POST", INVITES, BODY, headers)
    assert (received.status, received.code) == (403, "Member.Forbidden")
    assert why in received.json["detail"]


def test_an_unknown_client_is_forbidden(caller: Caller) -> None:
    received = caller.send("POST", f"/clients/{uuid.uuid4()}/invites", BODY, ADMIN)
    assert (received.status, received.code) == (403, "Member.Forbidden")


@pytest.mark.parametrize("headers", [{}, key("acme-member-key"), key("globex-owner-key")])
def test_forbidden_comes_before_malformed(caller: Caller, headers: dict[str, str]) -> None:
    assert caller.send("POST", INVITES, b"{", headers).status == 403


@pytest.mark.parametrize("name", ["acme-admin-key", "acme-owner-key"])
def test_an_admin_and_an_owner_may_invite(caller: Caller, name: str) -> None:
    assert caller.send("POST", INVITES, BODY, key(name)).status == 201


def test_the_answer_says_who_is_invited_by_whom_and_until_when(caller: Caller) -> None:
    received = caller.send("POST", INVITES, BODY, ADMIN)
    body = received.json
    assert received.headers["cache-control"] == "no-store"
    assert body | BODY | {"clientId": ACME} == body
    created, expires = (datetime.fromisoformat(body[name]) for name in ("createdAt", "expiresAt"))
    assert expires - created == timedelta(days=7)
    assert body["createdAt"] == caller.control("GET", "/clock").json["now"]
    admin = next(member for member in caller.state()["clients"][0]["members"] if member["role"] == "Admin")
    assert body["invitedBy"] == admin["id"]
    assert len(body["token"]) >= 43


def test_every_invite_has_an_id_and_a_token_of_its_own(caller: Caller) -> None:
    made = [caller.invite(f"person{number}@acme.example").json for number in range(20)]
    assert len({one["id"] for one in made}) == len({one["token"] for one in made}) == 20
    assert not {one["id"] for one in made} & {one["token"] for one in made}


@pytest.mark.parametrize("role", ["Member", "Developer", "Support", "Admin", "Owner"])
def test_every_role_can_be_invited(caller: Caller, role: str) -> None:
    assert caller.invite(role=role).json["role"] == role


def test_a_client_id_may_be_written_in_capitals(caller: Caller) -> None:
    received = caller.send("POST", f"/clients/{ACME.upper()}/invites", BODY, ADMIN)
    assert (received.status, received.json["clientId"]) == (201, ACME)
    assert caller.invite(BODY["email"]).status == 409


@pytest.mark.parametrize(
    ("body", "pointer", "source"),
    [
        ({"role": "Member"}, "/email", "/components/schemas/CreateClientInviteRequest/required"),
        ({}, "/email", "/components/schemas/CreateClientInviteRequest/required"),
        ({"email": None, "role": "Member"}, "/email", "…/properties/email/type"),
        ({"email": 7, "role": "Member"}, "/email", "…/properties/email/type"),
        ({"email": ["a@b.example"], "role": "Member"}, "/email", "…/properties/email/type"),
        ({"email": "", "role": "Member"}, "/email", "email-format"),
        ({"email": "no-at.example", "role": "Member"}, "/email", "email-format"),
        ({"email": "a@b@c.example", "role": "Member"}, "/email", "email-format"),
        ({"email": "a b@c.example", "role": "Member"}, "/email", "email-format"),
        ({"email": "no-at.example", "role": "Emperor"}, "/email", "email-format"),
    ],
)
def test_a_missing_or_malformed_email_is_an_invalid_email(
    caller: Caller, body: dict[str, object], pointer: str, source: str
) -> None:
    received = caller.send("POST", INVITES, body, ADMIN)
    assert (received.status, received.code) == (400, "ClientInvite.InvalidEmail")
    source = source.replace("…", "/components/schemas/CreateClientInviteRequest")
    kind = "contract" if source.startswith("/") else "assumption"
    assert (pointer, source) in [(one["pointer"], one.get(kind)) for one in received.json["errors"]]


@pytest.mark.parametrize(
    ("path", "headers", "body", "contract"),
    [
        (INVITES, {}, {"email": "a@b.example"}, "/components/schemas/CreateClientInviteRequest/required"),
        (INVITES, {}, {"email": "a@b.example", "role": "Emperor"}, "/components/schemas/ClientRole/enum"),
        (INVITES, {}, {"email": "a@b.example", "role": None}, "/components/schemas/ClientRole/enum"),
        (INVITES, {}, [], "/components/schemas/CreateClientInviteRequest/type"),
        (INVITES, {}, "text", "/components/schemas/CreateClientInviteRequest/type"),
        (INVITES, {"Content-Type": "application/json"}, b"null", "/components/schemas/CreateClientInviteRequest/type"),
        (INVITES, {"Content-Type": "application/json"}, b"", "…/requestBody/required"),
        (INVITES, {}, None, "…/requestBody/required"),
        (INVITES, {"Content-Type": "application/json"}, b"{", "…/requestBody/content"),
        (INVITES, {"Content-Type": "text/plain"}, b'{"email":"a@b.example","role":"Member"}', "…/requestBody/content"),
        (INVITES, {}, b'{"email":"a@b.example","role":"Member"}', "…/requestBody/content"),
        ("/clients/not-a-uuid/invites", {}, BODY, "…/parameters/0/schema/format"),
    ],
)
def test_whatever_else_is_not_as_documented_is_an_invalid_request(
    caller: Caller, path: str, headers: dict[str, str], body: object, contract: str
) -> None:
    received = caller.send("POST", path, body, ADMIN | headers)
    assert (received.status, received.code) == (400, "Request.Invalid")
    contract = contract.replace("…", "/paths/~1clients~1{clientId}~1invites/post")
    assert [one["contract"] for one in received.json["errors"]] == [contract]


@pytest.mark.parametrize(
    ("path", "headers", "body", "error"),
    [
        (INVITES, {}, {"email": "nobody", "role": "Member"}, ('"nobody"', "the format email")),
        (INVITES, {}, {"email": 7, "role": "Member"}, ("7", "the type string")),
        (INVITES, {}, {"role": "Member"}, ("nothing", "the member email")),
        (
            INVITES,
            {},
            {"email": "a@b.example", "role": "Emperor"},
            ('"Emperor"', "one of Member, Developer, Support, Admin, Owner"),
        ),
        ("/clients/x/invites", {}, BODY, ('"x"', "the format uuid")),
        (INVITES, {}, None, ("no body", "a body")),
        (INVITES, JSON, b"{", ('"{"', "one JSON value")),
        (INVITES, JSON, b'{"a": \xff', ('"{\\"a\\": �"', "one JSON value")),
        (INVITES, {"Content-Type": "text/plain"}, b"{}", ("the media type text/plain", "application/json")),
        (INVITES, {}, b"{}", ("a body without Content-Type", "application/json")),
        (INVITES, {"Content-Type": "application/json; charset=utf-16"}, b"{}", ("the charset utf-16", "UTF-8")),
        (INVITES, JSON | {"Content-Encoding": "gzip"}, b"{}", ("the Content-Encoding gzip", "the body as it is")),
    ],
)
def test_every_violation_names_what_was_received_and_what_is_expected(
    caller: Caller, path: str, headers: dict[str, str], body: object, error: tuple[str, str]
) -> None:
    [violation] = caller.send("POST", path, body, ADMIN | headers).json["errors"]
    assert (violation["received"], violation["expected"]) == error


def test_all_violations_are_reported_at_once_and_the_remedy_comes_last(caller: Caller) -> None:
    received = caller.send("POST", "/clients/x/invites", {"email": "nobody", "role": "Emperor"}, ADMIN)
    assert [one["pointer"] for one in received.json["errors"]] == ["", "/email", "/role"]
    assert received.json["detail"].endswith("Send an address such as name@company.example.")


def test_a_problem_names_type_title_status_detail_and_instance(caller: Caller) -> None:
    problem = caller.invite("owner@acme.example").json
    assert problem == {
        "type": "/docs/problems#ClientInvite.AlreadyMember",
        "title": "ClientInvite.AlreadyMember",
        "status": 409,
        "detail": "A user with the email owner@acme.example is already a member of this client."
        " Invite another address.",
        "instance": INVITES,
    }


@pytest.mark.parametrize(
    ("path", "instance"),
    [
        ("/clients/%C3%A4/invites", "/clients/%C3%A4/invites"),
        ("/clients/a%20b%22/invites", "/clients/a%20b%22/invites"),
        ("/clients/a%2Fb/invites", "/clients/a%2Fb/invites"),
        ("/clients/100%25/invites", "/clients/100%25/invites"),
        ("/clients/a:@!$&'()*+,;=-._~/invites", "/clients/a:@!$&'()*+,;=-._~/invites"),
        ("/clients/%41/invites", "/clients/A/invites"),
    ],
)
def test_an_instance_is_the_path_as_a_uri_reference(caller: Caller, path: str, instance: str) -> None:
    received = caller.send("POST", path, BODY, ADMIN)
    assert (received.status, received.json["instance"]) == (400, instance)
    assert caller.send("POST", path, BODY, {"Prefer": "code=403"}).json["instance"] == instance


@pytest.mark.parametrize("email", ["member@acme.example", "MEMBER@Acme.Example"])
def test_the_email_of_a_member_is_a_conflict_whatever_its_case(caller: Caller, email: str) -> None:
    received = caller.invite(email)
    assert (received.status, received.code) == (409, "ClientInvite.AlreadyMember")


@pytest.mark.parametrize("email", ["invited@acme.example", "Invited@ACME.example"])
def test_an_outstanding_invite_is_a_conflict_whatever_the_case(caller: Caller, email: str) -> None:
    received = caller.invite(email, "Owner")
    assert (received.status, received.code) == (409, "ClientInvite.AlreadyInvited")


def test_the_second_and_the_third_identical_invite_are_conflicts(caller: Caller) -> None:
    assert [caller.invite().status for _ in range(3)] == [201, 409, 409]


def test_an_expired_invite_may_be_sent_again(caller: Caller) -> None:
    assert [caller.invite("expired@acme.example").status for _ in range(2)] == [201, 409]


def test_an_invite_expires_when_its_time_has_come_and_not_before(caller: Caller) -> None:
    assert caller.invite().status == 201
    caller.control("POST", "/clock/advance", {"by": "P6DT23H59M59S"})
    assert caller.invite().status == 409
    caller.control("POST", "/clock/advance", {"by": "PT1S"})
    assert caller.invite().status == 201


def test_the_same_email_may_be_invited_to_two_clients(caller: Caller) -> None:
    assert caller.invite("both@people.example").status == 201
    body = {"email": "both@people.example", "role": "Member"}
    received = caller.send("POST", f"/clients/{GLOBEX}/invites", body, key("globex-owner-key"))
    assert received.status == 201


def test_the_email_is_answered_as_it_was_given(caller: Caller) -> None:
    assert caller.invite("Some.One+Tag@Acme.Example").json["email"] == "Some.One+Tag@Acme.Example"


def test_members_that_the_contract_does_not_know_are_ignored(caller: Caller) -> None:
    received = caller.send("POST", INVITES, BODY | {"note": {"deep": [1]}}, ADMIN)
    assert received.status == 201
    assert "note" not in received.json
