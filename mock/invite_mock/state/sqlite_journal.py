"""The journal in SQLite."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from invite_mock.state.journal import MOST, Event, Wanted

JOURNAL_TABLES = """
CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, world TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
    machine_at INTEGER NOT NULL, data TEXT NOT NULL, request_id TEXT, operation TEXT, status INTEGER, outcome TEXT,
    email TEXT
);
CREATE INDEX event_world ON event (world, number);
"""
_COLUMNS = "kind, at, machine_at, data, request_id, operation, status, outcome, email"
_EQUAL = ("kind", "operation", "status", "outcome", "email", "request_id")


class SqliteJournal:
    """A Journal on a connection to a database that has JOURNAL_TABLES."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._run = connection.execute

    def add(self, world: str, events: Sequence[Event]) -> None:
        self._connection.executemany(
            f"INSERT INTO event (world, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # constants
            [(world, *event[:3], orjson.dumps(event.data).decode(), *event[4:9]) for event in events],
        )
        self._run(
            "DELETE FROM event WHERE world = ? AND number <="
            " (SELECT number FROM event WHERE world = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
            (world, world, MOST),
        )

    def list(self, world: str, wanted: Wanted) -> Sequence[Event]:
        condition, values = _condition(world, wanted)
        if wanted.after:
            condition += " AND number > :after"
        if wanted.before is not None:
            condition += " AND number < :before"
        order = "DESC" if wanted.newest_first else "ASC"
        rows = self._run(
            f"SELECT {_COLUMNS}, number FROM event WHERE {condition} ORDER BY number {order} LIMIT :limit",  # noqa: S608  # constants
            values,
        )
        return [Event(kind, at, machine_at, orjson.loads(data), *more) for kind, at, machine_at, data, *more in rows]

    def count(self, world: str, wanted: Wanted) -> int:
        condition, values = _condition(world, wanted)
        return int(self._run(f"SELECT count(*) FROM event WHERE {condition}", values).fetchone()[0])  # noqa: S608  # constants

    def last(self, world: str) -> int:
        return int(self._run("SELECT coalesce(max(number), 0) FROM event WHERE world = ?", (world,)).fetchone()[0])

    def clear(self, world: str) -> int:
        return self._run("DELETE FROM event WHERE world = ?", (world,)).rowcount


def _condition(world: str, wanted: Wanted) -> tuple[str, Mapping[str, Any]]:
    """What is true of the wanted events in SQL, and the values of its parameters."""
    equal = [name for name in _EQUAL if getattr(wanted, name) is not None]
    condition = " AND ".join(["world = :world", *(f"{name} = :{name}" for name in equal)])
    if wanted.since is not None:
        condition += " AND at >= :since"
    return condition, {"world": world, **wanted._asdict()}
