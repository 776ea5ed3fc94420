"""The number of worlds is limited: the least recently used one is deleted, and never main."""

from invite_mock.contracts.client_invites.entities import MEMBERS
from invite_mock.http.service import load_service
from invite_mock.state import world_file
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.world import MAIN
from invite_mock.state.worlds import Worlds
from invite_specs import contract_names

CONTENTS = {name: load_service(name).contents for name in contract_names()}


def worlds(most: int) -> Worlds:
    found = Worlds(open_store("memory:"), CONTENTS, world_file.default(CONTENTS.values()), seed=None, most=most)
    found.open(MAIN)
    return found


def names(found: Worlds) -> set[str]:
    return {row.name for row in found.store.worlds()}


def test_the_least_recently_used_world_is_deleted() -> None:
    found = worlds(most=3)
    for name in ("a", "b"):
        found.open(name)
    found.open("a")
    found.open("c")
    assert names(found) == {MAIN, "a", "c"}
    found.store.close()


def test_main_stays_though_it_is_the_least_recently_used() -> None:
    found = worlds(most=2)
    for name in ("a", "b", "c"):
        found.open(name)
    assert names(found) == {MAIN, "c"}
    found.store.close()


def test_a_deleted_world_is_deleted_with_its_contents() -> None:
    found = worlds(most=2)
    found.open("a")
    found.open("b")
    assert found.store.entities("a", MEMBERS) == []
    assert found.store.invites("a") == []
    found.store.close()
