"""A world with a seed gives the same answers to the same requests, whatever other worlds do."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invite_specs import Json
from mock.conftest import INVITES, Caller
from mock.oracle import Received

Start = Callable[..., AbstractContextManager[Caller]]
STEPS = st.lists(
    st.sampled_from(["create", "again", "family", "malformed", "accept", "advance", "forced"]), min_size=1, max_size=12
)


def perform(caller: Caller, steps: list[str]) -> list[tuple[int, bytes, str]]:
    """Answers as bytes, with their request ids."""
    answers: list[Received] = []
    for number, step in enumerate(steps):
        if step == "create":
            answers.append(caller.invite(f"person{number}@acme.example"))
        elif step == "again":
            answers.append(caller.invite("again@acme.example"))
        elif step == "family":
            answers.append(caller.invite_family("fml_nocontact", {"email": f"p{number}@family.example"}))
        elif step == "malformed":
            answers.append(caller.invite("nobody"))
        elif step == "forced":
            answers.append(caller.invite(Prefer="code=201"))
        elif step == "advance":
            caller.control("POST", "/clock/advance", {"by": "P4D"})
        else:
            waiting = [i for i in caller.control("GET", "/invites").json["invites"] if i["status"] == "outstanding"]
            if waiting:
                caller.control("POST", f"/invites/{waiting[0]['id']}/accept")
    return [(one.status, one.content, one.headers["mock-request-id"]) for one in answers]


def seeded(caller: Caller, name: str, seed: int) -> Caller:
    caller.in_world(name).control("DELETE", "")
    assert caller.send("POST", "/_mock/worlds", {"name": name, "seed": seed}).status == 201
    return caller.in_world(name)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, noise=STEPS, seed=st.integers(0, 2**53 - 1))
def test_the_same_seed_and_requests_give_the_same_bytes(
    caller: Caller, steps: list[str], noise: list[str], seed: int
) -> None:
    first = seeded(caller, f"{caller.world}-1", seed)
    alone = perform(first, steps)
    perform(caller, noise)
    second = seeded(caller, f"{caller.world}-2", seed)
    assert perform(second, steps) == alone
    assert second.state() == first.state()


def test_other_seeds_give_other_ids_and_tokens(caller: Caller) -> None:
    bodies = [seeded(caller, f"{caller.world}-{seed}", seed).invite().json for seed in (1, 2)]
    assert bodies[0]["id"] != bodies[1]["id"]
    assert bodies[0]["token"] != bodies[1]["token"]


def test_a_reset_of_a_seeded_world_begins_again(caller: Caller) -> None:
    world = seeded(caller, f"{caller.world}-1", 7)
    before = world.invite().content
    world.control("POST", "/reset")
    assert world.invite().content == before


def test_a_seeded_server_gives_the_same_answers_in_every_world(mock_with: Start) -> None:
    answers = []
    for _ in range(2):
        with mock_with("--rng-seed", "7") as main:
            answers += [
                (caller.invite().content, caller.invite_family("fml_complete").content)
                for caller in (main, main.in_world("a"), main.in_world("b"))
            ]
    assert len(set(answers)) == 1
    assert b'"createdAt":"2026-01-01T09:00:00.000Z"' in answers[0][0]


def test_a_seeded_world_created_from_an_export_draws_new_ids(caller: Caller) -> None:
    first = seeded(caller, f"{caller.world}-1", 7)
    old = first.invite("first@acme.example").json["id"]
    name = f"{caller.world}-2"
    document = {"name": name, "seed": 7, "state": first.state()}
    assert caller.send("POST", "/_mock/worlds", document).status == 201
    received = caller.in_world(name).invite("second@acme.example")
    assert received.status == 201
    assert received.json["id"] != old


@pytest.mark.parametrize("families", [[], [{"id": "fml_1", "company": "co_1", "invites": [{"email": "a@b.example"}]}]])
def test_ids_of_a_seeded_world_do_not_depend_on_other_contracts(caller: Caller, families: list[Json]) -> None:
    alone, beside = (f"{caller.world}-{name}" for name in ("alone", "beside"))
    clients = caller.state()["clients"]
    others = {"companies": [{"id": "co_1", "anonymous": True}], "families": families}
    for name, state in ((alone, {"clients": clients}), (beside, {"clients": clients, **others})):
        assert caller.send("POST", "/_mock/worlds", {"name": name, "seed": 7, "state": state}).status == 201
    if families:
        assert caller.in_world(beside).invite_family("fml_1", {"email": "a@b.example"}).status == 200
    assert caller.in_world(alone).invite().content == caller.in_world(beside).invite().content


def test_every_request_of_a_seeded_world_has_an_id_of_its_own_whatever_its_answer(caller: Caller) -> None:
    def ids(name: str) -> list[str]:
        world = seeded(caller, f"{caller.world}-{name}", 7)
        answers = [
            world.invite(),
            world.invite(),
            world.invite("nobody"),
            world.invite(Prefer="code=201"),
            world.invite(Prefer="code=418"),
            world.send("POST", INVITES, {}),
            world.invite_family("fml_unknown"),
            world.invite_family("fml_nocontact"),
            world.invite_family("fml_complete"),
        ]
        assert [one.status for one in answers] == [201, 409, 400, 201, 400, 403, 404, 400, 200]
        return [one.headers["mock-request-id"] for one in answers]

    first = ids("1")
    assert len(set(first)) == len(first)
    assert ids("2") == first
