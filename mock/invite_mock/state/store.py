"""The values that a store holds, and the protocol of a store.

1. All state is here: worlds, their clocks and generators, entities and invites. No module global holds any.
2. Of two identical creates one succeeds: the store's unique key decides, in the statement that writes.
3. A transaction that is left by an exception leaves no trace.
4. Whatever a decision reads, it reads inside its transaction.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from invite_specs import Document, Json

from invite_mock.state.journal import Journal
from invite_mock.state.kind import Entity, Kind
from invite_mock.state.life_cycle import Status


class StoreError(Exception):
    """The store cannot be used, and nothing has been changed; the message says why."""


class StoreBusyError(StoreError):
    """Another program holds the store."""


class Scope(NamedTuple):
    """One contract's part of a world: kinds and ids belong to it."""

    world: str
    contract: str


class WorldRow(NamedTuple):
    """A world's own data. Instants are microseconds since 1970-01-01T00:00:00Z."""

    name: str
    seed: int | None
    """The source of its ids and tokens; None for unguessable ones."""
    document: Document
    """Its own world document, which a reset restores; None for the server's."""
    offset: int = 0
    """Microseconds by which a running clock is ahead of the machine's."""
    frozen_at: int | None = None
    """The instant at which a frozen clock stands; None while the clock runs."""
    requests: int = 0
    """How many requests to operations of contracts a seeded world has answered."""


class Invite(NamedTuple):
    """An invite of any contract. Instants are microseconds since 1970-01-01T00:00:00Z."""

    id: str
    contract: str
    subject: str
    """Who is invited to what: the same for two invites that must not both be outstanding."""
    email: str | None
    """None where a contract invites without one."""
    created_at: int
    expires_at: int
    data: Mapping[str, Json]
    """What only its contract knows."""
    token_hash: str | None = None
    """SHA-256 of the token, in hex; the token itself is not stored."""
    status: Status = Status.OUTSTANDING
    """As it is stored; `status_at` takes the clock into account."""

    def status_at(self, now: int) -> Status:
        """The status at an instant: an outstanding invite is expired from `expires_at` on."""
        return Status.EXPIRED if self.status is Status.OUTSTANDING and self.expires_at <= now else self.status


class Selection(NamedTuple):
    """Which invites are listed, in the order in which they were added."""

    prefix: str = ""
    """The subject begins with it."""
    status: Status | None = None
    """As it is at the instant `now`; None for any."""
    now: int = 0
    after: str | None = None
    """Only those that were added after the invite of this id; none if there is no such invite."""
    offset: int = 0
    """How many are left out at the beginning."""
    limit: int | None = None
    """The most that are listed; None for all."""


ALL = Selection()


class Store(Protocol):
    """Where state is stored."""

    journal: Journal

    def transaction(self) -> AbstractContextManager[None]:
        """A transaction that reads and writes: committed at its end, rolled back on an exception.

        Raises StoreBusyError where another program holds the store, and StoreError where the store fails.
        """
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """A part of a transaction that an exception undoes alone."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """A transaction that only reads: what it reads is of one moment. Raises as `transaction` does."""
        ...

    def never_wait(self) -> None:
        """From now on raise StoreBusyError at once: a server waits without blocking its other requests."""
        ...

    def world(self, name: str) -> WorldRow | None:
        """The world of that name."""
        ...

    def use_world(self, name: str) -> WorldRow | None:
        """The world of that name, which is now the most recently used one."""
        ...

    def worlds(self) -> Sequence[WorldRow]:
        """All worlds, by name."""
        ...

    def put_world(self, row: WorldRow) -> None:
        """Store a world's own data, new or changed."""
        ...

    def set_clock(self, name: str, offset: int, frozen_at: int | None) -> None:
        """Store a world's clock."""
        ...

    def count_request(self, name: str) -> int:
        """Count a request of a world; returns the new count."""
        ...

    def position(self, name: str, contract: str) -> int:
        """The position of a contract's generator in a seeded world; 0 if none is stored."""
        ...

    def set_position(self, name: str, contract: str, position: int) -> None:
        """Store the position of a contract's generator in a world."""
        ...

    def clear_world(self, name: str) -> None:
        """Delete all entities, invites and generators of a world."""
        ...

    def delete_world(self, name: str) -> None:
        """Delete a world and everything in it."""
        ...

    def delete_least_used(self, limit: int, spare: str) -> None:
        """Delete the least recently used worlds until `limit` are left; never the one called `spare`."""
        ...

    def get(self, scope: Scope, kind: Kind[Entity], key: str) -> Entity | None:
        """The entity of that kind and key, if there is one."""
        ...

    def find(self, scope: Scope, kind: Kind[Entity], field: str, value: str) -> Entity | None:
        """The entity of that kind that has the value in a unique field, if there is one."""
        ...

    def entities(self, scope: Scope, kind: Kind[Entity]) -> Sequence[Entity]:
        """All entities of a kind, in the order in which they were added."""
        ...

    def add(self, scope: Scope, kind: Kind[Entity], entity: Entity) -> bool:
        """Add an entity; returns False, and changes nothing, if its key or another unique value is in use."""
        ...

    def put(self, scope: Scope, kind: Kind[Entity], entity: Entity) -> None:
        """Store an entity, new or changed. Its unique values must not be another's."""
        ...

    def remove(self, scope: Scope, kind: Kind[Any], key: str) -> bool:
        """Remove an entity; returns False if there is none. What is within it stays, and is to be removed first."""
        ...

    def add_invite(self, world: str, invite: Invite, *, unless: Kind[Any] | None, replace: bool) -> bool:
        """Add an invite, in one statement; returns False, and changes nothing, where that is not allowed.

        It is not allowed if there is an entity of the kind `unless` whose key is the subject, or if the subject has an
        outstanding invite that is not expired at `invite.created_at`. An expired one is replaced, and with `replace`
        any.
        """
        ...

    def invite(self, scope: Scope, invite_id: str) -> Invite | None:
        """The contract's invite of that id."""
        ...

    def outstanding(self, scope: Scope, subject: str) -> Invite | None:
        """The subject's invite that is stored as outstanding, expired or not."""
        ...

    def invites(self, world: str, contract: str | None = None, selection: Selection = ALL) -> Sequence[Invite]:
        """Invites of a world, or of one contract in it, in the order in which they were added.

        A selection that has an `after` needs a contract, since ids belong to one.
        """
        ...

    def put_invite(self, world: str, invite: Invite) -> None:
        """Store an invite as it is given, new or changed: for world files and the life cycle."""
        ...

    def close(self) -> None:
        """Close files."""
        ...
