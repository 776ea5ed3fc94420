"""The store in SQLite: in memory, or in a file that survives a restart."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import orjson
from invite_specs import Document

from invite_mock.life_cycle import Status
from invite_mock.store import Invite, Store, WorldRow

# Version 1 of the tables. A file of another version is refused, not guessed at.
_VERSION = 1
_PATIENCE = 5
"""Seconds for which another process may hold the file."""
_TABLES = """
CREATE TABLE world (
    name TEXT PRIMARY KEY, seed INTEGER, state TEXT NOT NULL, clock_offset INTEGER NOT NULL, frozen_at INTEGER,
    created INTEGER NOT NULL, requests INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX world_used ON world (used);
CREATE TABLE entity (
    number INTEGER PRIMARY KEY, world TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (world, kind, key)
);
CREATE TABLE invite (
    number INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL, contract TEXT NOT NULL, subject TEXT NOT NULL,
    email TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, data TEXT NOT NULL,
    token_hash TEXT, status TEXT NOT NULL,
    UNIQUE (world, id)
);
CREATE UNIQUE INDEX invite_outstanding ON invite (world, contract, subject) WHERE status = 'outstanding';
"""
_WORLD = "name, seed, state, clock_offset, frozen_at, created, requests"
_SELECT_WORLD = f"SELECT {_WORLD}, used = (SELECT max(used) FROM world) FROM world WHERE name = ?"  # noqa: S608  # constants
_INVITE = "id, contract, subject, email, created_at, expires_at, data, token_hash, status"

_ADD_INVITE = (
    f"INSERT INTO invite (world, {_INVITE})"  # noqa: S608  # constants
    " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
    " WHERE NOT EXISTS (SELECT 1 FROM entity WHERE world = ? AND kind = ? AND key = ?)"
    " ON CONFLICT (world, contract, subject) WHERE status = 'outstanding'"
    " DO UPDATE SET id = excluded.id, email = excluded.email, created_at = excluded.created_at,"
    " expires_at = excluded.expires_at, data = excluded.data, token_hash = excluded.token_hash"
    " WHERE invite.expires_at <= excluded.created_at OR ?"
)


class StoreError(ValueError):
    """A store that cannot be opened; the message names the URL and says what to give instead."""


def open_store(url: str) -> Store:
    """The store at a URL: `memory:` or `sqlite:///path.db`. Raises StoreError."""
    if sqlite3.sqlite_version_info < (3, 35):
        raise StoreError(f"SQLite 3.35 or newer is needed; this Python has {sqlite3.sqlite_version}")
    if url == "memory:":
        return SqliteStore(":memory:")
    if not url.startswith("sqlite:///") or url == "sqlite:///":
        raise StoreError(f"--store {url}: give memory: or sqlite:///path.db")
    path = Path(url.removeprefix("sqlite:///"))
    try:
        return SqliteStore(str(path))
    except sqlite3.Error as error:
        raise StoreError(f"--store {url}: {path} cannot be used: {error}") from error


class _Transaction:
    """As `contextlib.contextmanager` would make it, in half the time."""

    def __init__(self, run: Callable[[str], object]) -> None:
        self._run = run

    def __enter__(self) -> None:
        # IMMEDIATE: with several processes on one file, a writer waits at the start instead of failing in the middle.
        self._run("BEGIN IMMEDIATE")

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        self._run("COMMIT" if error is None else "ROLLBACK")


class SqliteStore:
    """A Store on one SQLite connection, for one thread. Raises sqlite3.Error if the database cannot be opened."""

    def __init__(self, database: str) -> None:
        self._db = sqlite3.connect(database, isolation_level=None, timeout=_PATIENCE)
        run = self._run = self._db.execute
        self._transaction = _Transaction(run)
        try:
            # Before anything is set: a file of another program stays as it is.
            self._is_new()
            run("PRAGMA journal_mode = WAL")
            # In WAL mode NORMAL loses no consistency, and no commit unless the machine itself fails.
            run("PRAGMA synchronous = NORMAL")
            with self.transaction():
                if self._is_new():
                    for statement in _TABLES.split(";"):
                        run(statement)
                    run(f"PRAGMA user_version = {_VERSION}")
        except BaseException:
            self._db.close()
            raise

    def _is_new(self) -> bool:
        version = self._run("PRAGMA user_version").fetchone()[0]
        if version == 0 and not self._run("SELECT 1 FROM sqlite_master").fetchone():
            return True
        if version != _VERSION:
            raise sqlite3.DatabaseError("it is no database of this version of invite-mock; give a new file's path")
        return False

    def transaction(self) -> AbstractContextManager[None]:
        return self._transaction

    def world(self, name: str) -> WorldRow | None:
        row = self._run(_SELECT_WORLD, (name,)).fetchone()
        if row is None:
            return None
        *columns, used_last = row
        if not used_last:
            self._run("UPDATE world SET used = (SELECT max(used) + 1 FROM world) WHERE name = ?", (name,))
        return _world(columns)

    def worlds(self) -> Sequence[WorldRow]:
        return [_world(row) for row in self._run(f"SELECT {_WORLD} FROM world ORDER BY name")]  # noqa: S608  # constants

    def put_world(self, row: WorldRow) -> None:
        self._run(
            f"INSERT INTO world ({_WORLD}, used) VALUES (?, ?, ?, ?, ?, ?, ?,"  # noqa: S608  # constants
            " (SELECT coalesce(max(used), 0) + 1 FROM world))"
            " ON CONFLICT (name) DO UPDATE SET seed = excluded.seed, state = excluded.state,"
            " clock_offset = excluded.clock_offset, frozen_at = excluded.frozen_at, created = excluded.created,"
            " requests = excluded.requests, used = excluded.used",
            (
                row.name,
                row.seed,
                _dump(row.state),
                row.offset,
                row.frozen_at,
                row.created,
                row.requests,
            ),
        )

    def set_clock(self, name: str, offset: int, frozen_at: int | None) -> None:
        self._run("UPDATE world SET clock_offset = ?, frozen_at = ? WHERE name = ?", (offset, frozen_at, name))

    def count_request(self, name: str) -> int:
        cursor = self._run("UPDATE world SET requests = requests + 1 WHERE name = ? RETURNING requests", (name,))
        return int(cursor.fetchone()[0])

    def count_created(self, name: str) -> None:
        self._run("UPDATE world SET created = created + 1 WHERE name = ?", (name,))

    def clear_world(self, name: str) -> None:
        self._run("DELETE FROM entity WHERE world = ?", (name,))
        self._run("DELETE FROM invite WHERE world = ?", (name,))

    def drop_world(self, name: str) -> None:
        self.clear_world(name)
        self._run("DELETE FROM world WHERE name = ?", (name,))

    def drop_least_used(self, keep: int, spare: str) -> None:
        surplus = self._run("SELECT count(*) FROM world").fetchone()[0] - keep
        if surplus > 0:
            names = self._run(
                "SELECT name FROM world WHERE name <> ? ORDER BY used LIMIT ?", (spare, surplus)
            ).fetchall()
            for (name,) in names:
                self.drop_world(name)

    def get(self, world: str, kind: str, key: str) -> Document:
        row = self._run(
            "SELECT body FROM entity WHERE world = ? AND kind = ? AND key = ?", (world, kind, key)
        ).fetchone()
        return None if row is None else orjson.loads(row[0])

    def entities(self, world: str, kind: str) -> Sequence[Document]:
        rows = self._run("SELECT body FROM entity WHERE world = ? AND kind = ? ORDER BY number", (world, kind))
        return [orjson.loads(row[0]) for row in rows]

    def put(self, world: str, kind: str, key: str, entity: Document) -> None:
        self._run(
            "INSERT INTO entity (world, kind, key, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (world, kind, key) DO UPDATE SET body = excluded.body",
            (world, kind, key, _dump(entity)),
        )

    def add_invite(self, world: str, invite: Invite, *, unless: tuple[str, str] | None, replace: bool) -> bool:
        kind, key = unless or (None, None)
        cursor = self._run(_ADD_INVITE, (world, *_invite_row(invite), world, kind, key, replace))
        return cursor.rowcount == 1

    def invite(self, world: str, invite_id: str) -> Invite | None:
        return self._invite("id = ?", world, invite_id)

    def outstanding(self, world: str, contract: str, subject: str) -> Invite | None:
        return self._invite("contract = ? AND subject = ? AND status = 'outstanding'", world, contract, subject)

    def _invite(self, condition: str, *values: str) -> Invite | None:
        row = self._run(f"SELECT {_INVITE} FROM invite WHERE world = ? AND {condition}", values).fetchone()  # noqa: S608  # constants
        return None if row is None else _invite(row)

    def invites(self, world: str, contract: str | None = None) -> Sequence[Invite]:
        rows = self._run(
            f"SELECT {_INVITE} FROM invite WHERE world = ? AND contract = coalesce(?, contract) ORDER BY number",  # noqa: S608  # constants
            (world, contract),
        )
        return [_invite(row) for row in rows]

    def put_invite(self, world: str, invite: Invite) -> None:
        self._run(
            f"INSERT INTO invite (world, {_INVITE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # constants
            " ON CONFLICT (world, id) DO UPDATE SET expires_at = excluded.expires_at, data = excluded.data,"
            " status = excluded.status",
            (world, *_invite_row(invite)),
        )

    def close(self) -> None:
        self._db.close()


def _dump(value: Document) -> str:
    return orjson.dumps(value).decode()


def _world(row: Sequence[Document]) -> WorldRow:
    name, seed, state, offset, frozen_at, created, requests = row
    return WorldRow(name, seed, orjson.loads(state), offset, frozen_at, created, requests)


def _invite_row(invite: Invite) -> tuple[Document, ...]:
    return (
        invite.id,
        invite.contract,
        invite.subject,
        invite.email,
        invite.created_at,
        invite.expires_at,
        _dump(invite.data),
        invite.token_hash,
        invite.status.value,
    )


def _invite(row: tuple[Document, ...]) -> Invite:
    invite_id, contract, subject, email, created_at, expires_at, data, token_hash, status = row
    return Invite(
        invite_id, contract, subject, email, created_at, expires_at, orjson.loads(data), token_hash, Status(status)
    )
