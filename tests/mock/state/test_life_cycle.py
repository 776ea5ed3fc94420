"""The life cycle of an invite: every status with every action, against the transitions as they are written here."""

import pytest
from invite_mock.state.life_cycle import Action, Status
from mock.conftest import Caller

AFTER = {
    ("outstanding", "accept"): "accepted",
    ("outstanding", "revoke"): "revoked",
    ("outstanding", "expire"): "expired",
}
"""What follows from an action; every other pair is refused."""
ACTION_BEFORE = {Status.ACCEPTED: Action.ACCEPT, Status.REVOKED: Action.REVOKE}


def invite_that_is(caller: Caller, status: Status) -> str:
    """The id of a new invite of client-invites that is in that status."""
    invite_id = str(caller.invite("walker@acme.example").json["id"])
    if status is Status.EXPIRED:
        caller.control("POST", "/clock/advance", {"by": "P7D"})
    elif status is not Status.OUTSTANDING:
        caller.control("POST", f"/invites/{invite_id}/{ACTION_BEFORE[status]}")
    assert status_of(caller, invite_id) == status
    return invite_id


def status_of(caller: Caller, invite_id: str) -> str:
    invites = caller.control("GET", "/invites").json["invites"]
    return str(next(one["status"] for one in invites if one["id"] == invite_id))


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", Status)
def test_an_action_is_carried_out_if_it_is_in_the_table_and_otherwise_refused_without_a_trace(
    caller: Caller, status: Status, action: Action
) -> None:
    invite_id = invite_that_is(caller, status)
    before = caller.state()
    received = caller.control("POST", f"/invites/{invite_id}/{action}")
    if (status, action) in AFTER:
        assert (received.status, received.json["status"]) == (200, AFTER[status, action])
        assert status_of(caller, invite_id) == AFTER[status, action]
    else:
        assert (received.status, received.code) == (409, "Invite.IllegalMove")
        assert f"The invite is {status}," in received.json["detail"]
        assert caller.state() == before


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (Status.OUTSTANDING, (409, "ClientInvite.AlreadyInvited")),
        (Status.ACCEPTED, (409, "ClientInvite.AlreadyMember")),
        (Status.REVOKED, (201, None)),
        (Status.EXPIRED, (201, None)),
    ],
)
def test_whether_an_email_can_be_invited_again_follows_from_the_status(
    caller: Caller, status: Status, answer: tuple[int, str | None]
) -> None:
    invite_that_is(caller, status)
    received = caller.invite("Walker@acme.example")
    assert (received.status, received.json.get("title")) == answer


def test_accepting_makes_a_member_with_the_role_of_the_invite(caller: Caller) -> None:
    invite_id = caller.invite("walker@acme.example", "Support").json["id"]
    caller.control("POST", f"/invites/{invite_id}/accept")
    member = caller.state()["clients"][0]["members"][-1]
    assert (member["email"], member["role"]) == ("walker@acme.example", "Support")


def test_an_invite_that_is_expired_by_hand_is_expired_by_its_time(caller: Caller) -> None:
    invite_id = caller.invite("walker@acme.example").json["id"]
    moved = caller.control("POST", f"/invites/{invite_id}/expire").json
    assert moved["expiresAt"] == caller.control("GET", "/clock").json["now"]


def test_a_family_s_invitation_has_the_same_life_cycle(caller: Caller) -> None:
    invite_id = caller.invite_family("fml_complete").json["id"]
    assert caller.control("POST", f"/invites/{invite_id}/accept").json["status"] == "accepted"
    assert caller.control("POST", f"/invites/{invite_id}/revoke").status == 409


def test_the_invites_of_both_contracts_are_listed_without_any_token(caller: Caller) -> None:
    token = caller.invite().json["token"]
    family = caller.invite_family("fml_complete").json
    received = caller.control("GET", "/invites")
    assert token.encode() not in received.content
    assert b"token" not in received.content
    listed = {one["id"]: one for one in received.json["invites"]}
    assert listed[family["id"]]["data"] == family
    named = [one["contract"] for one in listed.values() if one["contract"] in {"client-invites", "family-invites"}]
    assert named == ["client-invites"] * 3 + ["family-invites"]


def test_an_unknown_invite_is_not_found(caller: Caller) -> None:
    received = caller.control("POST", "/invites/unknown/accept")
    assert (received.status, received.code) == (404, "Invite.Unknown")
