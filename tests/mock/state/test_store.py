"""A store: what can be put into it, found in it and added to it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from invite_mock.state.kind import Kind
from invite_mock.state.life_cycle import Status
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.store import Invite, Scope, Selection, Store, StoreError, WorldRow


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    note: str | None
    flag: bool


def name(thing: Thing) -> str:
    return thing.name


THINGS = Kind("things", "thing", Thing, key=name)
OTHERS = Kind("others", "other", Thing, key=name)
NOTED = Kind("noted", "noted", Thing, key=name, unique={"note": "{old.name} has the note of {new.name}"})
V, W = Scope("v", "c"), Scope("w", "c")
INVITE = Invite("i1", "c", "s", "a@b.example", 10, 20, {"x": None, "y": "z"}, "hash")


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("memory:")) as found:
        yield found


def test_an_entity_is_found_by_world_contract_kind_and_key(store: Store) -> None:
    thing = Thing("k", None, True)
    store.put(W, THINGS, thing)
    assert store.get(W, THINGS, "k") == thing
    assert store.get(V, THINGS, "k") is None
    assert store.get(Scope("w", "d"), THINGS, "k") is None
    assert store.get(W, OTHERS, "k") is None
    assert store.get(W, THINGS, "other") is None


def test_two_contracts_have_entities_of_the_same_kind_and_key(store: Store) -> None:
    other = Scope("w", "d")
    for scope, flag in ((W, True), (other, False)):
        assert store.add(scope, NOTED, Thing("k", "note", flag))
    assert store.get(W, NOTED, "k") == store.find(W, NOTED, "note", "note") == Thing("k", "note", True)
    assert store.get(other, NOTED, "k") == store.find(other, NOTED, "note", "note") == Thing("k", "note", False)
    assert store.entities(other, NOTED) == [Thing("k", "note", False)]


def test_an_entity_that_is_put_again_is_changed_and_keeps_its_place(store: Store) -> None:
    for key in ("a", "b"):
        store.put(W, THINGS, Thing(key, None, False))
    store.put(W, OTHERS, Thing("c", None, False))
    store.put(W, THINGS, Thing("a", "note", True))
    assert store.entities(W, THINGS) == [Thing("a", "note", True), Thing("b", None, False)]
    assert store.entities(V, THINGS) == []


@pytest.mark.parametrize("second", [Thing("a", "other", False), Thing("b", "note", False)])
def test_an_entity_whose_key_or_unique_value_is_in_use_is_not_added(store: Store, second: Thing) -> None:
    first = Thing("a", "note", True)
    assert store.add(W, NOTED, first)
    assert not store.add(W, NOTED, second)
    assert store.entities(W, NOTED) == [first]
    assert store.find(W, NOTED, "note", "note") == first
    assert store.find(W, NOTED, "note", "other") is None
    assert store.add(V, NOTED, second)


def test_an_empty_value_is_not_unique(store: Store) -> None:
    assert all(store.add(W, NOTED, Thing(key, None, False)) for key in "ab")


def test_an_entity_that_is_removed_leaves_its_key_and_its_unique_value_free(store: Store) -> None:
    for key in ("a", "b"):
        store.add(W, NOTED, Thing(key, f"note of {key}", False))
    assert store.remove(W, NOTED, "a")
    assert not store.remove(W, NOTED, "a")
    assert not store.remove(V, NOTED, "b")
    assert not store.remove(W, THINGS, "b")
    assert (store.get(W, NOTED, "a"), store.find(W, NOTED, "note", "note of a")) == (None, None)
    assert store.entities(W, NOTED) == [Thing("b", "note of b", False)]
    assert store.add(W, NOTED, Thing("a", "note of a", True))


def test_an_entity_is_found_by_its_unique_value_as_it_is_now(store: Store) -> None:
    store.add(W, NOTED, Thing("a", "old", True))
    store.put(W, NOTED, Thing("a", "new", True))
    assert store.find(W, NOTED, "note", "old") is None
    assert store.find(W, NOTED, "note", "new") == Thing("a", "new", True)
    assert store.add(W, NOTED, Thing("b", "old", True))


def test_a_world_s_row_is_stored_and_changed(store: Store) -> None:
    row = WorldRow("w", 7, {"a": [1]}, offset=3, frozen_at=4, requests=5)
    store.put_world(row)
    assert store.world("w") == row
    assert store.world("v") is None
    changed = WorldRow("w", None, None)
    store.put_world(changed)
    assert store.world("w") == changed
    store.set_clock("w", 8, None)
    assert store.world("w") == changed._replace(offset=8)
    store.put_world(WorldRow("a", None, None))
    assert [one.name for one in store.worlds()] == ["a", "w"]


def test_requests_are_counted_by_world(store: Store) -> None:
    for name in ("v", "w"):
        store.put_world(WorldRow(name, 7, None))
    assert [store.count_request("w"), store.count_request("w"), store.count_request("v")] == [1, 2, 1]


def test_a_position_belongs_to_a_world_and_a_contract(store: Store) -> None:
    store.set_position("w", "c", 5)
    store.set_position("w", "c", 6)
    assert store.position("w", "c") == 6
    assert store.position("w", "d") == store.position("v", "c") == 0


def test_a_world_is_cleared_and_deleted_alone(store: Store) -> None:
    for name in ("v", "w"):
        store.put_world(WorldRow(name, 7, None))
        store.add(Scope(name, "c"), NOTED, Thing("k", "note", True))
        store.put_invite(name, INVITE)
        store.set_position(name, "c", 5)
    store.clear_world("w")
    assert (store.entities(W, NOTED), store.invites("w"), store.position("w", "c")) == ([], [], 0)
    assert store.find(W, NOTED, "note", "note") is None
    assert store.world("w") is not None
    store.delete_world("w")
    assert store.world("w") is None
    assert (len(store.entities(V, NOTED)), len(store.invites("v")), store.position("v", "c")) == (1, 1, 5)


def test_an_invite_is_found_by_its_id_and_by_its_subject(store: Store) -> None:
    assert store.add_invite("w", INVITE, unless=None, replace=False)
    other = Scope("w", "d")
    assert store.invite(W, "i1") == store.outstanding(W, "s") == INVITE
    assert store.invite(V, "i1") is store.invite(other, "i1") is store.invite(W, "i2") is None
    assert store.outstanding(other, "s") is store.outstanding(W, "t") is store.outstanding(V, "s") is None


@pytest.mark.parametrize(("created_at", "added"), [(19, False), (20, True), (21, True)])
def test_a_subject_has_one_outstanding_invite_unless_it_is_expired(store: Store, created_at: int, added: bool) -> None:
    store.add_invite("w", INVITE, unless=None, replace=False)
    second = INVITE._replace(id="i2", created_at=created_at, expires_at=99, email="B@b.example", data={})
    assert store.add_invite("w", second, unless=None, replace=False) is added
    assert store.invites("w") == [second if added else INVITE]


def test_with_replace_an_outstanding_invite_is_replaced(store: Store) -> None:
    store.add_invite("w", INVITE, unless=None, replace=False)
    second = INVITE._replace(id="i2", created_at=11)
    assert store.add_invite("w", second, unless=None, replace=True)
    assert store.invites("w") == [second]


@pytest.mark.parametrize(
    "other",
    [
        ("w", INVITE._replace(id="i2", subject="t")),
        ("w", INVITE._replace(contract="d")),
        ("v", INVITE),
    ],
)
def test_another_subject_contract_or_world_is_another_invite(store: Store, other: tuple[str, Invite]) -> None:
    store.add_invite("w", INVITE, unless=None, replace=False)
    assert store.add_invite(*other, unless=None, replace=False)


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.REVOKED])
def test_an_invite_that_is_not_outstanding_hinders_none(store: Store, status: Status) -> None:
    store.put_invite("w", INVITE._replace(status=status))
    second = INVITE._replace(id="i2")
    assert store.add_invite("w", second, unless=None, replace=False)
    assert store.outstanding(W, "s") == second
    assert [one.status for one in store.invites("w")] == [status, Status.OUTSTANDING]


def test_an_entity_prevents_an_invite(store: Store) -> None:
    store.put(W, THINGS, Thing("s", None, True))
    assert not store.add_invite("w", INVITE, unless=THINGS, replace=False)
    assert store.invites("w") == []
    assert store.add_invite("w", INVITE, unless=OTHERS, replace=False)
    assert store.add_invite("w", INVITE._replace(contract="d"), unless=THINGS, replace=False)
    assert store.add_invite("v", INVITE, unless=THINGS, replace=False)


def test_an_invite_that_is_put_again_changes_its_time_data_and_status_only(store: Store) -> None:
    store.put_invite("w", INVITE)
    store.put_invite("w", INVITE._replace(email="other", expires_at=5, data={"q": "r"}, status=Status.REVOKED))
    assert store.invite(W, "i1") == INVITE._replace(expires_at=5, data={"q": "r"}, status=Status.REVOKED)


def test_invites_are_listed_by_contract_in_their_order(store: Store) -> None:
    second, third = INVITE._replace(id="i2", contract="d"), INVITE._replace(id="i0", subject="t")
    for one in (INVITE, second, third):
        store.put_invite("w", one)
    assert store.invites("w") == [INVITE, second, third]
    assert store.invites("w", "c") == [INVITE, third]


def test_an_invite_needs_no_email(store: Store) -> None:
    invite = INVITE._replace(email=None)
    assert store.add_invite("w", invite, unless=None, replace=False)
    assert store.invite(W, "i1") == invite
    assert not store.add_invite("w", invite._replace(id="i2"), unless=None, replace=False)


def test_two_contracts_have_invites_of_the_same_id_and_subject(store: Store) -> None:
    other = INVITE._replace(contract="d", data={"x": 7})
    for one in (INVITE, other):
        assert store.add_invite("w", one, unless=None, replace=False)
    store.put_invite("w", other._replace(status=Status.REVOKED))
    assert store.invite(W, "i1") == INVITE
    assert store.invite(Scope("w", "d"), "i1") == other._replace(status=Status.REVOKED)


def listed(store: Store, **chosen: Any) -> list[str]:
    return [one.id for one in store.invites("w", "c", Selection(**chosen))]


@pytest.fixture
def five(store: Store) -> Store:
    """Five invites of the contract c, among those of another contract and another world."""
    subjects = {"i1": "team/a", "i2": "team/b", "i3": "teams/a", "i4": "team_x", "i5": "Team/a"}
    for number, (invite_id, subject) in enumerate(subjects.items()):
        one = INVITE._replace(id=invite_id, subject=subject, expires_at=20 + number)
        for world, invite in (("w", one), ("w", one._replace(contract="d")), ("v", one)):
            assert store.add_invite(world, invite, unless=None, replace=False)
    store.put_invite("w", INVITE._replace(id="i3", status=Status.ACCEPTED))
    return store


@pytest.mark.parametrize(
    ("prefix", "ids"),
    [
        ("", ["i1", "i2", "i3", "i4", "i5"]),
        ("team", ["i1", "i2", "i3", "i4"]),
        ("team/", ["i1", "i2"]),
        ("team_", ["i4"]),
        ("team/a", ["i1"]),
        ("%", []),
    ],
)
def test_invites_are_listed_by_the_beginning_of_their_subject(five: Store, prefix: str, ids: list[str]) -> None:
    assert listed(five, prefix=prefix) == ids


@pytest.mark.parametrize(
    ("now", "status", "ids"),
    [
        (19, Status.OUTSTANDING, ["i1", "i2", "i4", "i5"]),
        (19, Status.EXPIRED, []),
        (21, Status.OUTSTANDING, ["i4", "i5"]),
        (21, Status.EXPIRED, ["i1", "i2"]),
        (99, Status.OUTSTANDING, []),
        (99, Status.EXPIRED, ["i1", "i2", "i4", "i5"]),
        (99, Status.ACCEPTED, ["i3"]),
        (99, Status.REVOKED, []),
        (99, None, ["i1", "i2", "i3", "i4", "i5"]),
    ],
)
def test_invites_are_listed_by_the_status_that_they_have_at_an_instant(
    five: Store, now: int, status: Status | None, ids: list[str]
) -> None:
    assert listed(five, now=now, status=status) == ids


@pytest.mark.parametrize(
    ("page", "ids"),
    [
        ({"limit": 2}, ["i1", "i2"]),
        ({"limit": 2, "offset": 4}, ["i5"]),
        ({"offset": 3}, ["i4", "i5"]),
        ({"limit": 0}, []),
        ({"after": "i2", "limit": 2}, ["i3", "i4"]),
        ({"after": "i5"}, []),
        ({"after": "unknown"}, []),
        ({"after": "i1", "prefix": "team/"}, ["i2"]),
        ({"status": Status.OUTSTANDING, "now": 20, "limit": 1, "offset": 1}, ["i4"]),
    ],
)
def test_invites_are_listed_in_pages(five: Store, page: dict[str, Any], ids: list[str]) -> None:
    assert listed(five, **page) == ids


@pytest.mark.parametrize(
    ("now", "status", "seen"),
    [
        (19, Status.OUTSTANDING, Status.OUTSTANDING),
        (20, Status.OUTSTANDING, Status.EXPIRED),
        (21, Status.OUTSTANDING, Status.EXPIRED),
        (21, Status.ACCEPTED, Status.ACCEPTED),
        (21, Status.REVOKED, Status.REVOKED),
    ],
)
def test_an_outstanding_invite_is_expired_from_its_expires_at_on(now: int, status: Status, seen: Status) -> None:
    assert INVITE._replace(status=status).status_at(now) is seen


def put_and_fail(store: Store, key: str) -> None:
    store.put(W, THINGS, Thing(key, None, True))
    raise ZeroDivisionError


def test_a_transaction_is_rolled_back_by_any_exception(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        put_and_fail(store, "k")
    assert store.get(W, THINGS, "k") is None
    with store.transaction():
        store.put(W, THINGS, Thing("k", "two", True))
    assert store.get(W, THINGS, "k") == Thing("k", "two", True)


def test_a_savepoint_is_undone_alone(store: Store) -> None:
    with store.transaction():
        store.put(W, THINGS, Thing("a", None, True))
        with pytest.raises(ZeroDivisionError), store.savepoint():
            put_and_fail(store, "b")
        with store.savepoint():
            store.put(W, THINGS, Thing("c", None, True))
    assert [one.name for one in store.entities(W, THINGS)] == ["a", "c"]


@pytest.mark.parametrize("url", ["memory", "sqlite:///", "sqlite://x.db", "postgres://x"])
def test_an_unknown_url_is_refused_with_the_known_ones(url: str) -> None:
    with pytest.raises(StoreError, match=rf"--store {url}: give memory: or sqlite:///path\.db"):
        open_store(url)
