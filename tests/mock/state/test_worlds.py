"""Worlds: how one begins, is reset and exported, and which one is deleted when there are too many."""

import pytest
from invite_mock.contracts.client_invites import rules
from invite_mock.contracts.client_invites.world import MEMBERS, Member
from invite_mock.contracts.family_invites import rules as family_rules
from invite_mock.state import clock
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.store import Invite, Scope
from invite_mock.state.world import MAIN, World
from invite_mock.state.worlds import SEEDED_START, Worlds
from mock.state.conftest import NewWorlds

ACME = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def names(found: Worlds) -> set[str]:
    return {row.name for row in found.store.worlds()}


def invite(world: World, email: str) -> Invite:
    """Invite somebody to Acme, as its Admin."""
    part = ContractWorld(world, "client-invites")
    caller = rules.authorize(part, "acme-admin-key", ACME)
    assert isinstance(caller, Member)
    invited = rules.create_client_invite(part, caller, email, "Member")
    assert isinstance(invited, rules.Invited)
    return invited.invite


def test_the_least_recently_used_world_is_deleted(new_worlds: NewWorlds) -> None:
    found = new_worlds(most=3)
    for name in (MAIN, "a", "b", "a", "c"):
        found.open(name)
    assert names(found) == {MAIN, "a", "c"}


def test_looking_at_a_world_is_not_using_it(new_worlds: NewWorlds) -> None:
    found = new_worlds(most=3)
    for name in (MAIN, "a", "b"):
        found.open(name)
    assert found.find("a") is not None
    found.open("c")
    assert names(found) == {MAIN, "b", "c"}


def test_main_stays_though_it_is_the_least_recently_used(new_worlds: NewWorlds) -> None:
    found = new_worlds(most=2)
    for name in (MAIN, "a", "b", "c"):
        found.open(name)
    assert names(found) == {MAIN, "c"}


def test_a_deleted_world_is_deleted_with_its_contents(new_worlds: NewWorlds) -> None:
    found = new_worlds(most=2)
    for name in (MAIN, "a", "b"):
        found.open(name)
    assert found.store.entities(Scope("a", "client-invites"), MEMBERS) == []
    assert found.store.invites("a") == []
    assert found.find("a") is None


def test_a_world_is_created_once(new_worlds: NewWorlds) -> None:
    found = new_worlds()
    assert found.use("a") is None
    assert found.create("a") is not None
    assert found.create("a") is None
    assert found.use("a") is not None


def test_a_world_begins_with_its_own_document_and_seed_or_else_with_the_server_s(new_worlds: NewWorlds) -> None:
    found = new_worlds(seed=7)
    plain, own = found.create("plain"), found.create("own", 8, {"companies": [{"id": "co"}]})
    assert plain is not None
    assert own is not None
    assert (plain.row.seed, own.row.seed) == (7, 8)
    assert {"id": ACME} in [{"id": one["id"]} for one in found.export(plain)["clients"]]
    assert found.export(own)["clients"] == []
    assert found.export(own)["companies"] == [{"id": "co", "anonymous": False}]


def test_a_seeded_world_s_clock_is_frozen_and_another_one_runs(new_worlds: NewWorlds) -> None:
    seeded, running = new_worlds(seed=7).open("a"), new_worlds().open("a")
    assert seeded.now() == seeded.row.frozen_at == SEEDED_START == clock.from_text("2026-01-01T09:00:00Z")
    assert running.row.frozen_at is None
    before = clock.machine_now()
    assert before <= running.now() <= clock.machine_now()


def test_a_clock_that_is_set_runs_on_or_stands(new_worlds: NewWorlds) -> None:
    found = new_worlds()
    world = found.open("a")
    world.set_clock(1000, frozen=True)
    assert world.now() == 1000
    stored = found.find("a")
    assert stored is not None
    assert stored.now() == 1000
    world.set_clock(5_000_000, frozen=False)
    assert 5_000_000 <= world.now() < 5_000_000 + 60 * 1_000_000
    stored = found.find("a")
    assert stored is not None
    assert 5_000_000 <= stored.now() < 5_000_000 + 60 * 1_000_000


def test_a_reset_restores_the_document_the_clock_and_the_generators(new_worlds: NewWorlds) -> None:
    found = new_worlds(seed=7)
    world = found.open("a")
    before = found.export(world)
    first = [invite(world, "one@acme.example").id, invite(world, "two@acme.example").id]
    request = world.count_request()
    world.set_clock(0, frozen=True)
    world = found.reset(world)
    assert found.export(world) == before
    assert world.now() == SEEDED_START
    assert [invite(world, "one@acme.example").id, invite(world, "two@acme.example").id] == first
    assert world.count_request() == request


def test_a_request_is_counted_in_a_seeded_world_only(new_worlds: NewWorlds) -> None:
    assert new_worlds().open("a").count_request() is None
    world = new_worlds(seed=7).open("a")
    ids = [world.count_request() for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(one is not None and len(one) == 16 for one in ids)


def test_worlds_of_one_store_do_not_share_a_generator(new_worlds: NewWorlds) -> None:
    found = new_worlds(seed=7)
    one, two = found.open("one"), found.open("two")
    drawn = [invite(one, f"{number}@acme.example").id for number in range(3)]
    assert invite(two, "0@acme.example").id == drawn[0]


def test_contracts_of_one_world_do_not_share_a_generator(new_worlds: NewWorlds) -> None:
    world = new_worlds(seed=7).open("a")
    family = family_rules.invite_family(ContractWorld(world, "family-invites"), "fml_complete", None, None, None)
    assert isinstance(family, Invite)
    assert invite(world, "0@acme.example").id == invite(new_worlds(seed=7).open("a"), "0@acme.example").id


@pytest.mark.parametrize("seed", [7, None])
def test_an_id_is_a_uuid_of_version_4_and_another_each_time(new_worlds: NewWorlds, seed: int | None) -> None:
    world = new_worlds(seed=seed).open("a")
    ids = [invite(world, f"{number}@acme.example").id for number in range(5)]
    assert len(set(ids)) == 5
    assert {one[14] for one in ids} == {"4"}
    assert {one[19] for one in ids} <= set("89ab")
