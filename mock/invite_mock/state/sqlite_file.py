"""SQLite as the store uses it: the tables, how a database is opened, and transactions."""

import sqlite3
from contextlib import suppress
from types import TracebackType

from invite_mock.state.sqlite_journal import JOURNAL_TABLES
from invite_mock.state.store import StoreBusyError, StoreError

# Version 4 of the tables. A file of another version is refused.
_VERSION = 4
_TIMEOUT = 5
"""Seconds for which another program may hold the file while it is opened."""
_TABLES = """
CREATE TABLE world (
    name TEXT PRIMARY KEY, seed INTEGER, document TEXT NOT NULL, clock_offset INTEGER NOT NULL, frozen_at INTEGER,
    requests INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX world_used ON world (used);
CREATE TABLE generator (
    world TEXT NOT NULL, contract TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (world, contract)
) WITHOUT ROWID;
CREATE TABLE entity (
    number INTEGER PRIMARY KEY, world TEXT NOT NULL, contract TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (world, contract, kind, key)
);
CREATE TABLE entity_value (
    world TEXT NOT NULL, contract TEXT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    entity INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (world, contract, kind, field, value)
) WITHOUT ROWID;
CREATE INDEX entity_value_entity ON entity_value (entity);
CREATE TABLE invite (
    number INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL, contract TEXT NOT NULL, subject TEXT NOT NULL,
    email TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, data TEXT NOT NULL,
    token_hash TEXT, status TEXT NOT NULL,
    UNIQUE (world, contract, id)
);
CREATE UNIQUE INDEX invite_outstanding ON invite (world, contract, subject) WHERE status = 'outstanding';
"""


class Transaction:
    """From the statement `begin` to a commit, or to a rollback on an exception.

    An error of the database or its file is raised as StoreError, with everything rolled back. It is a class because
    `contextlib.contextmanager` takes twice the time.
    """

    def __init__(self, connection: sqlite3.Connection, begin: str) -> None:
        self._connection = connection
        self._run = connection.execute
        self._begin = begin

    def __enter__(self) -> None:
        try:
            if self._connection.in_transaction:
                # The rollback of the previous transaction failed.
                self._run("ROLLBACK")
            self._run(self._begin)
        except sqlite3.Error as error:
            raise _store_error(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self._run("COMMIT")
            except sqlite3.Error as failure:
                self._roll_back()
                raise _store_error(failure) from failure
            return
        self._roll_back()
        # The other subclasses, such as IntegrityError and ProgrammingError, are bugs of the mock.
        if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
            raise _store_error(error) from error

    def _roll_back(self) -> None:
        # SQLite itself rolls back after some errors, such as a full disk.
        if self._connection.in_transaction:
            # The caller raises the first error; the next transaction rolls back what a failing rollback leaves.
            with suppress(sqlite3.Error):
                self._run("ROLLBACK")


class Savepoint:
    """A part of a transaction that an exception undoes alone."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._run = connection.execute

    def __enter__(self) -> None:
        self._run("SAVEPOINT part")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._connection.in_transaction:
            self._run("ROLLBACK TO part")
        if self._connection.in_transaction:
            self._run("RELEASE part")


def open_database(database: str) -> sqlite3.Connection:
    """A connection, for one thread, to a database that has the tables. Raises sqlite3.Error or StoreError."""
    connection = sqlite3.connect(database, isolation_level=None, timeout=_TIMEOUT)
    try:
        # Before any setting is changed: a file of another program stays as it is.
        _is_new(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        # In WAL mode NORMAL loses no consistency, and no commit unless the machine itself fails.
        connection.execute("PRAGMA synchronous = NORMAL")
        # IMMEDIATE: of two programs that open a new file at once, one creates the tables.
        with Transaction(connection, "BEGIN IMMEDIATE"):
            if _is_new(connection):
                for statement in (_TABLES + JOURNAL_TABLES).split(";"):
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
        raise StoreError("it is not a database of this version of invite-mock")
    return False


def _store_error(error: sqlite3.Error) -> StoreError:
    # The low byte of an extended result code is the primary one.
    busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return StoreBusyError(str(error)) if busy else StoreError(str(error))
