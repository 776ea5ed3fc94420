"""SQLite as the store uses it: the tables, how a database is opened, and transactions."""

import sqlite3
from collections.abc import Callable

# Version 1 of the tables. A file of another version is refused.
_VERSION = 1
_TIMEOUT = 5
"""Seconds for which another process may hold the file."""
_TABLES = """
CREATE TABLE world (
    name TEXT PRIMARY KEY, seed INTEGER, document TEXT NOT NULL, clock_offset INTEGER NOT NULL, frozen_at INTEGER,
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


class Transaction:
    """What `contextlib.contextmanager` would make, in half the time."""

    def __init__(self, run: Callable[[str], object]) -> None:
        self._run = run

    def __enter__(self) -> None:
        # IMMEDIATE: with several processes on one file, a writer waits at the start instead of failing in the middle.
        self._run("BEGIN IMMEDIATE")

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        self._run("COMMIT" if error is None else "ROLLBACK")


def open_database(database: str) -> sqlite3.Connection:
    """A connection, for one thread, to a database that has the tables. Raises sqlite3.Error."""
    connection = sqlite3.connect(database, isolation_level=None, timeout=_TIMEOUT)
    try:
        # Before any setting is changed: a file of another program stays as it is.
        _is_new(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        # In WAL mode NORMAL loses no consistency, and no commit unless the machine itself fails.
        connection.execute("PRAGMA synchronous = NORMAL")
        with Transaction(connection.execute):
            if _is_new(connection):
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_new(connection: sqlite3.Connection) -> bool:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        return True
    if version != _VERSION:
        raise sqlite3.DatabaseError("it is not a database of this version of invite-mock; give the path of a new file")
    return False
