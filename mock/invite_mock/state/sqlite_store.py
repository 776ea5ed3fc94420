"""The store in SQLite: in memory, or in a file that survives a restart."""

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import orjson

from invite_mock.state.journal import Journal
from invite_mock.state.kind import Entity, Kind
from invite_mock.state.life_cycle import Status
from invite_mock.state.sqlite_file import Savepoint, Transaction, open_database
from invite_mock.state.sqlite_journal import SqliteJournal
from invite_mock.state.store import ALL, Invite, Scope, Selection, Store, StoreError, WorldRow

_WORLD = "name, seed, document, clock_offset, frozen_at, requests"
_SELECT_WORLD = f"SELECT {_WORLD}, used = (SELECT max(used) FROM world) FROM world WHERE name = ?"  # noqa: S608  # constants
_INVITE = "id, contract, subject, email, created_at, expires_at, data, token_hash, status"

_ADD_INVITE = (
    f"INSERT INTO invite (world, {_INVITE})"  # noqa: S608  # constants
    " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
    " WHERE NOT EXISTS (SELECT 1 FROM entity WHERE world = ? AND contract = ? AND kind = ? AND key = ?)"
    " ON CONFLICT (world, contract, subject) WHERE status = 'outstanding'"
    " DO UPDATE SET id = excluded.id, email = excluded.email, created_at = excluded.created_at,"
    " expires_at = excluded.expires_at, data = excluded.data, token_hash = excluded.token_hash"
    " WHERE invite.expires_at <= excluded.created_at OR ?"
)
_ADD_ENTITY = "INSERT INTO entity (world, contract, kind, key, body) VALUES (?, ?, ?, ?, ?)"
_SELECT_INVITES = (
    f"SELECT {_INVITE} FROM invite WHERE world = :world AND contract = coalesce(:contract, contract)"  # noqa: S608  # constants
    " AND substr(subject, 1, length(:prefix)) = :prefix"
    " AND (:status IS NULL OR :status ="
    " CASE WHEN status = 'outstanding' AND expires_at <= :now THEN 'expired' ELSE status END)"
    " AND (:after IS NULL OR number >"
    " (SELECT number FROM invite WHERE world = :world AND contract = :contract AND id = :after))"
    " ORDER BY number LIMIT coalesce(:limit, -1) OFFSET :offset"
)


def open_store(url: str) -> Store:
    """The store at a URL: `memory:` or `sqlite:///path.db`.

    Raises StoreError, whose message names the URL and says what to give instead.
    """
    if sqlite3.sqlite_version_info < (3, 35):
        raise StoreError(f"SQLite 3.35 or newer is needed; this Python has {sqlite3.sqlite_version}")
    if url == "memory:":
        return SqliteStore(":memory:")
    if not url.startswith("sqlite:///") or url == "sqlite:///":
        raise StoreError(f"--store {url}: give memory: or sqlite:///path.db")
    path = Path(url.removeprefix("sqlite:///"))
    try:
        return SqliteStore(str(path))
    except (sqlite3.Error, StoreError) as error:
        raise StoreError(f"--store {url}: {path} cannot be used: {error}; free it, or give another path") from error


class SqliteStore:
    """A Store on one SQLite connection, for one thread. Raises sqlite3.Error or StoreError if it cannot be opened."""

    def __init__(self, database: str) -> None:
        self._db = open_database(database)
        self._run = self._db.execute
        # IMMEDIATE: with several processes on one file, a writer waits at the start instead of failing in the middle.
        self._transaction = Transaction(self._db, "BEGIN IMMEDIATE")
        self._snapshot = Transaction(self._db, "BEGIN")
        self._savepoint = Savepoint(self._db)
        self.journal: Journal = SqliteJournal(self._db)

    def transaction(self) -> AbstractContextManager[None]:
        return self._transaction

    def savepoint(self) -> AbstractContextManager[None]:
        return self._savepoint

    def snapshot(self) -> AbstractContextManager[None]:
        return self._snapshot

    def never_wait(self) -> None:
        self._run("PRAGMA busy_timeout = 0")

    def world(self, name: str) -> WorldRow | None:
        row = self._run(f"SELECT {_WORLD} FROM world WHERE name = ?", (name,)).fetchone()  # noqa: S608  # constants
        return None if row is None else _world(row)

    def use_world(self, name: str) -> WorldRow | None:
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
            f"INSERT INTO world ({_WORLD}, used) VALUES (?, ?, ?, ?, ?, ?,"  # noqa: S608  # constants
            " (SELECT coalesce(max(used), 0) + 1 FROM world))"
            " ON CONFLICT (name) DO UPDATE SET seed = excluded.seed, document = excluded.document,"
            " clock_offset = excluded.clock_offset, frozen_at = excluded.frozen_at,"
            " requests = excluded.requests, used = excluded.used",
            (
                row.name,
                row.seed,
                _dump(row.document),
                row.offset,
                row.frozen_at,
                row.requests,
            ),
        )

    def set_clock(self, name: str, offset: int, frozen_at: int | None) -> None:
        self._run("UPDATE world SET clock_offset = ?, frozen_at = ? WHERE name = ?", (offset, frozen_at, name))

    def count_request(self, name: str) -> int:
        cursor = self._run("UPDATE world SET requests = requests + 1 WHERE name = ? RETURNING requests", (name,))
        return int(cursor.fetchone()[0])

    def position(self, name: str, contract: str) -> int:
        row = self._run("SELECT position FROM generator WHERE world = ? AND contract = ?", (name, contract)).fetchone()
        return 0 if row is None else int(row[0])

    def set_position(self, name: str, contract: str, position: int) -> None:
        self._run(
            "INSERT INTO generator (world, contract, position) VALUES (?, ?, ?)"
            " ON CONFLICT (world, contract) DO UPDATE SET position = excluded.position",
            (name, contract, position),
        )

    def clear_world(self, name: str) -> None:
        for table in ("entity", "entity_value", "invite", "generator"):
            self._run(f"DELETE FROM {table} WHERE world = ?", (name,))  # noqa: S608  # constants

    def delete_world(self, name: str) -> None:
        self.clear_world(name)
        self.journal.clear(name)
        self._run("DELETE FROM world WHERE name = ?", (name,))

    def delete_least_used(self, limit: int, spare: str) -> None:
        surplus = self._run("SELECT count(*) FROM world").fetchone()[0] - limit
        if surplus > 0:
            names = self._run(
                "SELECT name FROM world WHERE name <> ? ORDER BY used LIMIT ?", (spare, surplus)
            ).fetchall()
            for (name,) in names:
                self.delete_world(name)

    def get(self, scope: Scope, kind: Kind[Entity], key: str) -> Entity | None:
        row = self._run(
            "SELECT body FROM entity WHERE world = ? AND contract = ? AND kind = ? AND key = ?",
            (*scope, kind.name, key),
        ).fetchone()
        return None if row is None else kind.load(row[0])

    def find(self, scope: Scope, kind: Kind[Entity], field: str, value: str) -> Entity | None:
        # The body is stored with each unique value, so that one lookup finds it.
        row = self._run(
            "SELECT body FROM entity_value WHERE world = ? AND contract = ? AND kind = ? AND field = ? AND value = ?",
            (*scope, kind.name, field, value),
        ).fetchone()
        return None if row is None else kind.load(row[0])

    def entities(self, scope: Scope, kind: Kind[Entity]) -> Sequence[Entity]:
        rows = self._run(
            "SELECT body FROM entity WHERE world = ? AND contract = ? AND kind = ? ORDER BY number",
            (*scope, kind.name),
        )
        return [kind.load(row[0]) for row in rows]

    def add(self, scope: Scope, kind: Kind[Entity], entity: Entity) -> bool:
        try:
            with self._savepoint:
                self._store_entity(f"{_ADD_ENTITY} RETURNING number", scope, kind, entity)
        except sqlite3.IntegrityError:
            return False
        return True

    def put(self, scope: Scope, kind: Kind[Entity], entity: Entity) -> None:
        changed = " ON CONFLICT (world, contract, kind, key) DO UPDATE SET body = excluded.body RETURNING number"
        self._store_entity(_ADD_ENTITY + changed, scope, kind, entity)

    def _store_entity(self, statement: str, scope: Scope, kind: Kind[Entity], entity: Entity) -> None:
        body = _dump(entity)
        number = self._run(statement, (*scope, kind.name, kind.key(entity), body)).fetchone()[0]
        self._run("DELETE FROM entity_value WHERE entity = ?", (number,))
        for field, value in kind.unique_values(entity).items():
            values = (*scope, kind.name, field, value, number, body)
            self._run("INSERT INTO entity_value VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def remove(self, scope: Scope, kind: Kind[Any], key: str) -> bool:
        statement = "DELETE FROM entity WHERE world = ? AND contract = ? AND kind = ? AND key = ? RETURNING number"
        removed = self._run(statement, (*scope, kind.name, key)).fetchall()
        self._db.executemany("DELETE FROM entity_value WHERE entity = ?", removed)
        return bool(removed)

    def add_invite(self, world: str, invite: Invite, *, unless: Kind[Any] | None, replace: bool) -> bool:
        hindrance = (world, invite.contract, unless.name if unless else None, invite.subject)
        return self._run(_ADD_INVITE, (world, *_invite_row(invite), *hindrance, replace)).rowcount == 1

    def invite(self, scope: Scope, invite_id: str) -> Invite | None:
        return self._invite("id = ?", *scope, invite_id)

    def outstanding(self, scope: Scope, subject: str) -> Invite | None:
        return self._invite("subject = ? AND status = 'outstanding'", *scope, subject)

    def _invite(self, condition: str, *values: str) -> Invite | None:
        row = self._run(
            f"SELECT {_INVITE} FROM invite WHERE world = ? AND contract = ? AND {condition}",  # noqa: S608  # constants
            values,
        ).fetchone()
        return None if row is None else _invite(row)

    def invites(self, world: str, contract: str | None = None, selection: Selection = ALL) -> Sequence[Invite]:
        chosen = {"world": world, "contract": contract, **selection._asdict()}
        return [_invite(row) for row in self._run(_SELECT_INVITES, chosen)]

    def put_invite(self, world: str, invite: Invite) -> None:
        self._run(
            f"INSERT INTO invite (world, {_INVITE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # constants
            " ON CONFLICT (world, contract, id) DO UPDATE SET expires_at = excluded.expires_at, data = excluded.data,"
            " status = excluded.status",
            (world, *_invite_row(invite)),
        )

    def close(self) -> None:
        self._db.close()


def _dump(value: object) -> str:
    return orjson.dumps(value).decode()


def _world(row: Sequence[Any]) -> WorldRow:
    name, seed, document, offset, frozen_at, requests = row
    return WorldRow(name, seed, orjson.loads(document), offset, frozen_at, requests)


def _invite_row(invite: Invite) -> tuple[str | int | None, ...]:
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


def _invite(row: Sequence[Any]) -> Invite:
    invite_id, contract, subject, email, created_at, expires_at, data, token_hash, status = row
    return Invite(
        invite_id, contract, subject, email, created_at, expires_at, orjson.loads(data), token_hash, Status(status)
    )
