"""A store: what can be put into it, found in it and added to it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from invite_mock.state.life_cycle import Status
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.store import Invite, Kind, Store, StoreError, WorldRow


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    note: str | None
    flag: bool


THINGS = Kind("thing", Thing)
OTHERS = Kind("other", Thing)
INVITE = Invite("i1", "c", "s", "a@b.example", 10, 20, {"x": None, "y": "z"}, "hash")


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store("memory:")) as found:
        yield found


def test_an_entity_is_found_by_world_kind_and_key(store: Store) -> None:
    thing = Thing("one", None, True)
    store.put("w", THINGS, "k", thing)
    assert store.get("w", THINGS, "k") == thing
    assert store.get("v", THINGS, "k") is None
    assert store.get("w", OTHERS, "k") is None
    assert store.get("w", THINGS, "other") is None


def test_an_entity_that_is_put_again_is_changed_and_keeps_its_place(store: Store) -> None:
    for key in ("a", "b"):
        store.put("w", THINGS, key, Thing(key, None, False))
    store.put("w", OTHERS, "c", Thing("c", None, False))
    store.put("w", THINGS, "a", Thing("changed", "note", True))
    assert store.entities("w", THINGS) == [Thing("changed", "note", True), Thing("b", None, False)]
    assert store.entities("v", THINGS) == []


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
        store.put(name, THINGS, "k", Thing("one", None, True))
        store.put_invite(name, INVITE)
        store.set_position(name, "c", 5)
    store.clear_world("w")
    assert (store.entities("w", THINGS), store.invites("w"), store.position("w", "c")) == ([], [], 0)
    assert store.world("w") is not None
    store.delete_world("w")
    assert store.world("w") is None
    assert (len(store.entities("v", THINGS)), len(store.invites("v")), store.position("v", "c")) == (1, 1, 5)


def test_an_invite_is_found_by_its_id_and_by_its_subject(store: Store) -> None:
    assert store.add_invite("w", INVITE, unless=None, replace=False)
    assert store.invite("w", "i1") == store.outstanding("w", "c", "s") == INVITE
    assert store.invite("v", "i1") is None
    assert store.invite("w", "i2") is None
    assert (
        store.outstanding("w", "d", "s") is store.outstanding("w", "c", "t") is store.outstanding("v", "c", "s") is None
    )


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
        ("w", INVITE._replace(id="i2", contract="d")),
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
    assert store.outstanding("w", "c", "s") == second
    assert [one.status for one in store.invites("w")] == [status, Status.OUTSTANDING]


def test_an_entity_prevents_an_invite(store: Store) -> None:
    store.put("w", THINGS, "k", Thing("one", None, True))
    assert not store.add_invite("w", INVITE, unless=(THINGS, "k"), replace=False)
    assert store.invites("w") == []
    assert store.add_invite("w", INVITE, unless=(OTHERS, "k"), replace=False)
    assert store.add_invite("v", INVITE, unless=(THINGS, "k"), replace=False)


def test_an_invite_that_is_put_again_changes_its_time_data_and_status_only(store: Store) -> None:
    store.put_invite("w", INVITE)
    store.put_invite("w", INVITE._replace(email="other", expires_at=5, data={"q": "r"}, status=Status.REVOKED))
    assert store.invite("w", "i1") == INVITE._replace(expires_at=5, data={"q": "r"}, status=Status.REVOKED)


def test_invites_are_listed_by_contract_in_their_order(store: Store) -> None:
    second, third = INVITE._replace(id="i2", contract="d"), INVITE._replace(id="i0", subject="t")
    for one in (INVITE, second, third):
        store.put_invite("w", one)
    assert store.invites("w") == [INVITE, second, third]
    assert store.invites("w", "c") == [INVITE, third]


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
    store.put("w", THINGS, key, Thing(key, None, True))
    raise ZeroDivisionError


def test_a_transaction_is_rolled_back_by_any_exception(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        put_and_fail(store, "k")
    assert store.get("w", THINGS, "k") is None
    with store.transaction():
        store.put("w", THINGS, "k", Thing("two", None, True))
    assert store.get("w", THINGS, "k") == Thing("two", None, True)


def test_a_savepoint_is_undone_alone(store: Store) -> None:
    with store.transaction():
        store.put("w", THINGS, "a", Thing("a", None, True))
        with pytest.raises(ZeroDivisionError), store.savepoint():
            put_and_fail(store, "b")
        with store.savepoint():
            store.put("w", THINGS, "c", Thing("c", None, True))
    assert [one.name for one in store.entities("w", THINGS)] == ["a", "c"]


@pytest.mark.parametrize("url", ["memory", "sqlite:///", "sqlite://x.db", "postgres://x"])
def test_an_unknown_url_is_refused_with_the_known_ones(url: str) -> None:
    with pytest.raises(StoreError, match=rf"--store {url}: give memory: or sqlite:///path\.db"):
        open_store(url)
