"""State: one create of many succeeds, a refusal leaves no trace, tokens are not stored, a file survives a restart."""

import hashlib
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from invite_mock.http.service import load_service
from invite_mock.state import world_file
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.worlds import Worlds
from invite_specs import contract_names
from mock.conftest import ADMIN, INVITES, Caller, calling
from mock.oracle import Oracle

CONTENTS = {name: load_service(name).contents for name in contract_names()}
Start = Callable[..., AbstractContextManager[Caller]]


def simultaneous(base_url: str, oracle: Oracle, world: str, count: int) -> Counter[int]:
    """The statuses of identical creates that all start at one moment, each on a connection of its own."""
    barrier = threading.Barrier(count)
    statuses: list[int] = []

    def create() -> None:
        with calling(base_url, oracle) as main:
            caller = main.in_world(world)
            caller.send("OPTIONS", INVITES)  # the connection is open before the race begins
            barrier.wait()
            statuses.append(caller.invite("race@acme.example").status)

    threads = [threading.Thread(target=create) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses)


def test_of_64_simultaneous_identical_creates_one_succeeds_in_each_of_20_rounds(
    base_url: str, oracle: Oracle, caller: Caller
) -> None:
    for number in range(20):
        assert simultaneous(base_url, oracle, f"{caller.world}-{number}", 64) == {201: 1, 409: 63}


REFUSED: list[tuple[str, object, dict[str, str], int]] = [
    (INVITES, {"email": "new@acme.example", "role": "Member"}, {}, 403),
    (INVITES, {"email": "new@acme.example", "role": "Emperor"}, ADMIN, 400),
    (INVITES, {"email": "new@acme.example"}, ADMIN, 400),
    (INVITES, {"email": "owner@acme.example", "role": "Member"}, ADMIN, 409),
    (INVITES, {"email": "invited@acme.example", "role": "Owner"}, ADMIN, 409),
    (INVITES, {"email": "new@acme.example", "role": "Member", "x": "y" * 1024 * 1024}, ADMIN, 413),
    (INVITES, {"email": "new@acme.example", "role": "Member"}, ADMIN | {"Prefer": "code=418"}, 400),
    ("/v1/families/fml_nocontact/invite", {"firstname": "Ann"}, {}, 400),
    ("/v1/families/fml_complete/invite", {"firstname": "Ann", "email": "nobody"}, {}, 400),
    ("/v1/families/fml_foreign/invite", {"firstname": "Ann", "email": "a@b.example"}, {}, 403),
    ("/v1/families/fml_unknown/invite", {"firstname": "Ann", "email": "a@b.example"}, {}, 404),
]


@pytest.mark.parametrize(("path", "body", "headers", "status"), REFUSED)
def test_a_refused_request_leaves_no_trace(
    caller: Caller, path: str, body: object, headers: dict[str, str], status: int
) -> None:
    before = caller.state()
    assert caller.send("POST", path, body, headers).status == status
    assert caller.state() == before


@pytest.mark.parametrize(("path", "body", "headers", "status"), REFUSED)
def test_a_refused_request_does_not_advance_a_seeded_generator(
    caller: Caller, path: str, body: object, headers: dict[str, str], status: int
) -> None:
    tokens = []
    for name, refused in ((f"{caller.world}-1", False), (f"{caller.world}-2", True)):
        caller.send("POST", "/_mock/worlds", {"name": name, "seed": 7})
        world = caller.in_world(name)
        if refused:
            assert world.send("POST", path, body, headers).status == status
        tokens.append(world.invite("other@acme.example").json["token"])
    assert tokens[0] == tokens[1]


def test_a_token_is_shown_once_and_stored_as_a_hash(mock_with: Start, tmp_path: Path) -> None:
    database = tmp_path / "mock.db"
    with mock_with("--store", f"sqlite:///{database}") as caller:
        token = caller.invite().json["token"]
        assert token.encode() not in caller.send("GET", "/_mock/worlds/main").content
        assert token.encode() not in caller.send("GET", "/_mock/worlds/main/invites").content
        assert token.encode() not in caller.invite().content
    assert all(token.encode() not in path.read_bytes() for path in tmp_path.iterdir())
    with closing(sqlite3.connect(database)) as connection:
        hashes = {row[0] for row in connection.execute("SELECT token_hash FROM invite")}
    assert hashlib.sha256(token.encode()).hexdigest() in hashes


def test_a_file_survives_a_restart(mock_with: Start, tmp_path: Path) -> None:
    options = ("--store", f"sqlite:///{tmp_path / 'mock.db'}")
    with mock_with(*options) as caller:
        caller.invite()
        other = caller.in_world("other")
        other.invite("else@acme.example")
        other.control("PATCH", "/clock", {"now": "2030-01-01T00:00:00Z", "frozen": True})
        before = [caller.state(), other.state()]
    with mock_with(*options) as caller:
        other = caller.in_world("other")
        assert [caller.state(), other.state()] == before
        assert caller.invite().status == 409
        assert other.invite("else@acme.example").status == 201
        assert other.control("GET", "/clock").json == {"now": "2030-01-01T00:00:00.000Z", "frozen": True}


def test_a_memory_store_does_not(mock_with: Start) -> None:
    for _ in range(2):
        with mock_with() as caller:
            assert caller.invite().status == 201


def test_two_processes_on_one_file_share_their_worlds(mock_with: Start, tmp_path: Path) -> None:
    options = ("--store", f"sqlite:///{tmp_path / 'mock.db'}")
    with mock_with(*options) as one, mock_with(*options) as two:
        assert one.invite().status == 201
        assert two.invite().status == 409
        two.control("POST", "/clock/advance", {"by": "P7D"})
        assert one.invite().status == 201


def test_of_two_processes_that_use_a_new_world_at_once_one_creates_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mock.db'}"
    with closing(open_store(url)) as one, closing(open_store(url)) as two:
        first, second = (
            Worlds(store, CONTENTS, world_file.default(CONTENTS.values()), seed=None) for store in (one, two)
        )
        with two.snapshot():
            assert second.find("shared") is None
        with one.transaction():
            first.open("shared").set_clock(0, frozen=True)
        with two.transaction():
            assert second.create("shared") is None
            assert second.open("shared").now() == 0
