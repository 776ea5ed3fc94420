"""Transactions: a decision reads inside its own, and an error of the store is a 503 that changes nothing."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path

import pytest
from invite_mock.app import Mock
from invite_mock.contracts.client_invites import rules
from invite_mock.contracts.client_invites.world import MEMBERS, Member, Role
from invite_mock.http import connexion_adapter
from invite_mock.refusal import Refusal
from invite_mock.settings import Settings
from invite_mock.state import clock, sqlite_file
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.store import Scope, StoreError
from invite_mock.state.world import World
from invite_specs import Json, contract
from mock.conftest import ACME, ADMIN, INVITES
from mock.in_process import InProcess, mock_in_process
from mock.oracle import Oracle

FAMILY = "/v1/families/fml_complete/invite"
NEW: dict[str, Json] = {"email": "new@acme.example", "role": "Member"}
NAMES: dict[str, Json] = {"firstname": "Zoë"}
Call = tuple[str, str, Json]
MAIN = "/_mock/worlds/main"
HOUR = 3_600_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


@pytest.fixture
def mock(oracle: Oracle, path: Path) -> Iterator[InProcess]:
    """A mock on a file."""
    with mock_in_process(oracle, Settings(store=f"sqlite:///{path}")) as found:
        yield found


@pytest.fixture
def pair(oracle: Oracle, path: Path) -> Iterator[tuple[InProcess, InProcess]]:
    """Two seeded mocks on one file, as in two processes."""
    settings = Settings(store=f"sqlite:///{path}", rng_seed=7)
    with ExitStack() as stack:
        one, two = (stack.enter_context(mock_in_process(oracle, settings)) for _ in range(2))
        yield one, two


def other_program(path: Path) -> "closing[sqlite3.Connection]":
    """A connection of another program to the file; it does not wait."""
    return closing(sqlite3.connect(path, timeout=0, isolation_level=None))


def connection(mock: InProcess) -> sqlite3.Connection:
    """The connection of a mock's store, to make it fail."""
    found: sqlite3.Connection = mock.served.store._db  # type: ignore[attr-defined]  # noqa: SLF001  # SQLite's store
    return found


def create_in(mock: InProcess, email: str) -> None:
    """Invite somebody as the request of another process would, while a request of this one is under way."""
    store = mock.served.store
    with store.transaction():
        row = store.world("main")
        assert row is not None
        world = ContractWorld(World(store, row), "client-invites")
        caller = rules.authorize(world, "acme-owner-key", ACME)
        assert isinstance(caller, Member)
        assert isinstance(rules.create_client_invite(world, caller, email, "Member"), rules.Invited)


def test_a_create_draws_after_what_another_process_has_drawn(
    pair: tuple[InProcess, InProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    transaction: Callable[[], AbstractContextManager[None]] = one.served.store.transaction

    def after_a_create_of_the_other() -> AbstractContextManager[None]:
        monkeypatch.undo()
        create_in(two, "other@acme.example")
        return transaction()

    monkeypatch.setattr(one.served.store, "transaction", after_a_create_of_the_other)
    assert one.send("POST", INVITES, NEW, ADMIN).status == 201
    invites = one.send("GET", f"{MAIN}/invites").json["invites"]
    assert [invite["email"] for invite in invites[2:]] == ["other@acme.example", "new@acme.example"]


def test_no_advance_of_a_clock_is_lost(oracle: Oracle, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add = clock.add
    advanced_by_the_other: list[bool] = []

    def while_another_program_advances_too(instant: int, duration: str) -> int:
        with other_program(path) as other:
            try:
                other.execute("UPDATE world SET frozen_at = frozen_at + ?", (HOUR,))
                advanced_by_the_other.append(True)
            except sqlite3.OperationalError:
                advanced_by_the_other.append(False)
        return add(instant, duration)

    with mock_in_process(oracle, Settings(store=f"sqlite:///{path}", rng_seed=7)) as mock:
        start = clock.from_text(mock.send("GET", f"{MAIN}/clock").json["now"])
        monkeypatch.setattr(clock, "add", while_another_program_advances_too)
        assert mock.send("POST", f"{MAIN}/clock/advance", {"by": "PT1H"}).status == 200
        hours = 1 + sum(advanced_by_the_other)
        assert mock.send("GET", f"{MAIN}/clock").json["now"] == clock.to_text(start + hours * HOUR)


@pytest.mark.parametrize("call", [("POST", INVITES, NEW), ("POST", FAMILY, NAMES), ("POST", f"{MAIN}/reset", None)])
def test_while_another_program_holds_the_file_a_request_is_answered_by_503_and_changes_nothing(
    mock: InProcess, path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.setattr(connexion_adapter, "PAUSES", (0.001, 0.001))
    before = mock.state()
    with other_program(path) as other:
        other.execute("BEGIN IMMEDIATE")
        received = mock.send(*call, ADMIN)
        assert received.status == 503
        assert "Close the program that has the file of --store open, or send the request again." in str(received.json)
        other.execute("ROLLBACK")
    assert mock.state() == before
    assert mock.send(*call, ADMIN).status in {200, 201}


@pytest.mark.parametrize(("name", "path_"), [("client-invites", INVITES), ("family-invites", FAMILY)])
def test_the_documented_example_of_a_503_is_what_the_mock_answers(
    mock: InProcess, path: Path, monkeypatch: pytest.MonkeyPatch, name: str, path_: str
) -> None:
    monkeypatch.setattr(connexion_adapter, "PAUSES", ())
    [operation] = contract(name).operations
    [media] = operation.definition["responses"]["503"]["content"].values()
    with other_program(path) as other:
        other.execute("BEGIN IMMEDIATE")
        assert mock.send("POST", path_, None, ADMIN).json == media["examples"]["store-busy"]["value"]


def test_a_request_waits_for_the_file_and_others_are_answered_meanwhile(mock: InProcess, path: Path) -> None:
    async def exchanges(other: sqlite3.Connection) -> list[int]:
        waiting = asyncio.create_task(mock.exchange("POST", INVITES, NEW, ADMIN))
        await asyncio.sleep(0)  # until the request waits
        answered = [
            await mock.exchange("GET", one) for one in ("/", "/_mock/health", "/docs/problems", "/_mock/worlds")
        ]
        assert not waiting.done()
        other.execute("ROLLBACK")
        return [received.status for received in (*answered, await waiting) if received]

    with other_program(path) as other:
        other.execute("BEGIN IMMEDIATE")
        assert asyncio.run(exchanges(other)) == [200, 200, 200, 200, 201]


def test_on_a_full_disk_a_request_is_answered_by_503_and_changes_nothing(mock: InProcess) -> None:
    [pages] = connection(mock).execute("PRAGMA page_count").fetchone()
    connection(mock).execute(f"PRAGMA max_page_count = {pages}")
    before = mock.state()
    long_name: dict[str, Json] = {"firstname": "x" * 10_000}
    for path_, body in ((FAMILY, long_name), (INVITES, NEW | {"email": f"{'x' * 60}@acme.example"})):
        received = mock.send("POST", path_, body, ADMIN)
        for number in range(100):
            if received.status == 503:
                break
            before = mock.state()
            received = mock.send("POST", path_, body | {"email": f"{number}{'x' * 60}@acme.example"}, ADMIN)
        assert received.status == 503, "the limit was not reached"
        assert "The store failed: database or disk is full." in str(received.json)
        assert mock.state() == before
    connection(mock).execute(f"PRAGMA max_page_count = {2**30}")
    assert mock.send("POST", FAMILY, long_name).status == 200
    assert mock.send("POST", INVITES, NEW, ADMIN).status == 201


@pytest.mark.parametrize(("path_", "body"), [(INVITES, NEW), (FAMILY, NAMES), (f"{MAIN}/reset", None)])
def test_a_failing_commit_is_answered_by_503_and_changes_nothing(mock: InProcess, path_: str, body: Json) -> None:
    def no_commit(action: int, argument: str | None, *_: str | None) -> int:
        is_commit = action == sqlite3.SQLITE_TRANSACTION and argument == "COMMIT"
        return sqlite3.SQLITE_DENY if is_commit else sqlite3.SQLITE_OK

    before = mock.state()
    connection(mock).set_authorizer(no_commit)
    received = mock.send("POST", path_, body, ADMIN)
    assert received.status == 503
    assert "Check the disk and the file of --store" in str(received.json)
    connection(mock).set_authorizer(None)
    assert mock.state() == before
    assert mock.send("POST", path_, body, ADMIN).status in {200, 201}


def test_the_store_recovers_from_a_failing_commit_whose_rollback_fails_too(mock: InProcess) -> None:
    def no_end(action: int, argument: str | None, *_: str | None) -> int:
        is_end = action == sqlite3.SQLITE_TRANSACTION and argument != "BEGIN"
        return sqlite3.SQLITE_DENY if is_end else sqlite3.SQLITE_OK

    before = mock.state()
    connection(mock).set_authorizer(no_end)
    for _ in range(2):
        received = mock.send("POST", INVITES, NEW, ADMIN)
        assert (received.status, received.code) == (503, "Store.Failed")
    connection(mock).set_authorizer(None)
    assert mock.state() == before
    assert mock.send("POST", INVITES, NEW, ADMIN).status == 201


def test_a_failing_commit_of_a_forced_answer_is_not_forced_and_has_an_id_of_its_own(oracle: Oracle) -> None:
    def no_commit(action: int, argument: str | None, *_: str | None) -> int:
        is_commit = action == sqlite3.SQLITE_TRANSACTION and argument == "COMMIT"
        return sqlite3.SQLITE_DENY if is_commit else sqlite3.SQLITE_OK

    with mock_in_process(oracle, Settings(rng_seed=7)) as mock:
        connection(mock).set_authorizer(no_commit)
        failed = mock.send("POST", INVITES, NEW, ADMIN | {"Prefer": "code=403"})
        connection(mock).set_authorizer(None)
        succeeded = mock.send("POST", INVITES, NEW, ADMIN | {"Prefer": "code=403"})
    assert [(one.status, one.outcome) for one in (failed, succeeded)] == [(503, "natural"), (403, "forced")]
    assert failed.headers["mock-request-id"] != succeeded.headers["mock-request-id"]


def test_only_a_failure_of_the_database_is_a_store_error() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        transaction = sqlite_file.Transaction(database, "BEGIN")
        for raised, expected in (
            (sqlite3.OperationalError, StoreError),
            (sqlite3.DatabaseError, StoreError),
            (sqlite3.ProgrammingError, sqlite3.ProgrammingError),
            (sqlite3.IntegrityError, sqlite3.IntegrityError),
        ):
            with pytest.raises(expected), transaction:
                raise raised("reason")


def test_a_refusal_undoes_what_its_rule_has_written(oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    decide = rules.create_client_invite
    half_done = Member(ACME, "1", "half-done@acme.example", "Member", "half-done-key")

    def write_and_refuse_the_first(world: ContractWorld, caller: Member, email: str, role: Role) -> object:
        if email == "refused@acme.example":
            world.draw("invite", 16)
            world.put(MEMBERS, half_done)
            return Refusal("ClientInvite.AlreadyMember")
        return decide(world, caller, email, role)

    with mock_in_process(oracle, Settings(rng_seed=7)) as mock:
        natural = mock.send("POST", INVITES, NEW, ADMIN)
    monkeypatch.setattr(rules, "create_client_invite", write_and_refuse_the_first)
    with mock_in_process(oracle, Settings(rng_seed=7)) as mock:
        refused = mock.send("POST", INVITES, NEW | {"email": "refused@acme.example"}, ADMIN)
        assert (refused.status, refused.code) == (409, "ClientInvite.AlreadyMember")
        scope = Scope("main", "client-invites")
        assert mock.served.store.get(scope, MEMBERS, MEMBERS.key(half_done)) is None
        assert mock.served.store.find(scope, MEMBERS, "key", "half-done-key") is None
        second = mock.send("POST", INVITES, NEW, ADMIN)
    assert second.json["id"] == natural.json["id"]
    # The refused request was counted.
    assert refused.headers["mock-request-id"] == natural.headers["mock-request-id"]
    assert second.headers["mock-request-id"] != natural.headers["mock-request-id"]


def test_an_accept_that_fails_half_way_changes_nothing(
    oracle: Oracle, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with mock_in_process(oracle) as mock:
        invite_id = mock.send("POST", INVITES, NEW, ADMIN).json["id"]
        before = mock.state()
        monkeypatch.setattr(ContractWorld, "put", lambda *_: 1 / 0)
        with pytest.raises(AssertionError, match="answered with 500"):
            mock.send("POST", f"{MAIN}/invites/{invite_id}/accept")
        assert "ZeroDivisionError" in caplog.text
        assert mock.state() == before
        monkeypatch.undo()
        assert mock.send("POST", f"{MAIN}/invites/{invite_id}/accept").status == 200


def test_a_file_that_another_program_holds_at_the_start_is_reported(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mock(Settings(store=f"sqlite:///{path}")).store.close()
    monkeypatch.setattr(sqlite_file, "_TIMEOUT", 0.01)
    with other_program(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(
            StoreError, match=r"--store sqlite:///.*mock.db cannot be used: database is locked; free it"
        ):
            Mock(Settings(store=f"sqlite:///{path}"))


def test_a_failing_commit_leaves_no_transaction_open() -> None:
    def no_commit(action: int, argument: str | None, *_: str | None) -> int:
        return (
            sqlite3.SQLITE_DENY if (action, argument) == (sqlite3.SQLITE_TRANSACTION, "COMMIT") else sqlite3.SQLITE_OK
        )

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("CREATE TABLE t (x)")
        database.set_authorizer(no_commit)
        with pytest.raises(StoreError), sqlite_file.Transaction(database, "BEGIN"):
            database.execute("INSERT INTO t VALUES (1)")
        assert not database.in_transaction
        database.set_authorizer(None)
        assert database.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_a_file_of_another_program_is_left_as_it_is(path: Path) -> None:
    with other_program(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="it is not a database of this version"):
        sqlite_file.open_database(str(path))
    assert path.read_bytes() == before


def test_a_database_in_a_file_is_read_while_it_is_written(path: Path) -> None:
    with closing(sqlite_file.open_database(str(path))) as one, closing(sqlite_file.open_database(str(path))) as two:
        with sqlite_file.Transaction(one, "BEGIN IMMEDIATE"):
            one.execute("INSERT INTO generator VALUES ('main', 'x', 1)")
            assert two.execute("SELECT count(*) FROM generator").fetchone() == (0,)
        assert two.execute("SELECT count(*) FROM generator").fetchone() == (1,)


def test_a_store_that_is_closed_leaves_only_the_file(path: Path) -> None:
    mock = Mock(Settings(store=f"sqlite:///{path}"))
    assert {one.name for one in path.parent.iterdir()} == {"mock.db", "mock.db-wal", "mock.db-shm"}
    mock.store.close()
    assert [one.name for one in path.parent.iterdir()] == ["mock.db"]
