"""At most so many worlds are kept: the one used longest ago goes, and never main."""

from invite_mock import world_document
from invite_mock.client_invites import service as client_invites
from invite_mock.family_invites import service as family_invites
from invite_mock.sqlite import open_store
from invite_mock.world import MAIN, Worlds

SERVICES = (client_invites, family_invites)


def worlds(most: int) -> Worlds:
    found = Worlds(open_store("memory:"), SERVICES, world_document.default(SERVICES), seed=None, most=most)
    found.open(MAIN)
    return found


def names(found: Worlds) -> set[str]:
    return {row.name for row in found.store.worlds()}


def test_the_world_used_longest_ago_is_dropped() -> None:
    found = worlds(most=3)
    for name in ("a", "b"):
        found.open(name)
    found.open("a")
    found.open("c")
    assert names(found) == {MAIN, "a", "c"}
    found.store.close()


def test_main_is_kept_though_it_was_used_longest_ago() -> None:
    found = worlds(most=2)
    for name in ("a", "b", "c"):
        found.open(name)
    assert names(found) == {MAIN, "c"}
    found.store.close()


def test_a_dropped_world_is_gone_with_all_that_it_held() -> None:
    found = worlds(most=2)
    found.open("a")
    found.open("b")
    assert found.store.entities("a", "member") == []
    assert found.store.invites("a") == []
    found.store.close()
