"""What the mock keeps, as values, and the protocol by which it is kept.

1. All state is here: worlds, their clocks and generators, entities and invites; nothing in a module's globals.
2. Of two identical creates one wins: the store's unique key decides, in the statement that writes.
3. A transaction that is left by an exception leaves no trace.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from invite_specs import Document

from invite_mock.life_cycle import Status


class WorldRow(NamedTuple):
    """A world's own data. Instants are microseconds since 1970-01-01T00:00:00Z."""

    name: str
    seed: int | None
    """What its ids and tokens come from; None for unguessable ones."""
    state: Document
    """Its own world document, which a reset restores; None for the server's."""
    offset: int = 0
    """Microseconds by which a running clock is ahead of the machine's."""
    frozen_at: int | None = None
    """The instant at which the clock stands; None while it runs."""
    created: int = 0
    """How many things a seeded world has made: the position of its generator."""
    requests: int = 0
    """How many requests a seeded world has answered."""


class Invite(NamedTuple):
    """An invite of any contract. Instants are microseconds since 1970-01-01T00:00:00Z."""

    id: str
    contract: str
    subject: str
    """Who is invited to what, the same for two invites that cannot both be outstanding."""
    email: str
    created_at: int
    expires_at: int
    data: Document
    """What only its contract knows of it."""
    token_hash: str | None = None
    """SHA-256 of the token, in hex: the token itself is not kept."""
    status: Status = Status.OUTSTANDING
    """As it is kept; `status_at` adds what the clock says."""

    def status_at(self, now: int) -> Status:
        """The status at an instant: an outstanding invite is expired once `expires_at` has come."""
        return Status.EXPIRED if self.status is Status.OUTSTANDING and self.expires_at <= now else self.status


class Store(Protocol):
    """Where state is kept."""

    def transaction(self) -> AbstractContextManager[None]:
        """A transaction; all of it is kept, or on an exception nothing."""
        ...

    def world(self, name: str) -> WorldRow | None:
        """The world of that name, which becomes the one used last."""
        ...

    def worlds(self) -> Sequence[WorldRow]:
        """All worlds, by name."""
        ...

    def put_world(self, row: WorldRow) -> None:
        """Keep a world's own data, new or changed."""
        ...

    def set_clock(self, name: str, offset: int, frozen_at: int | None) -> None:
        """Keep how a world's clock stands."""
        ...

    def count_request(self, name: str) -> int:
        """Count one more request of a world, and say how many there are; outside the transaction of the request."""
        ...

    def count_created(self, name: str) -> None:
        """Move a seeded world's generator on by one."""
        ...

    def clear_world(self, name: str) -> None:
        """Remove all entities and invites of a world."""
        ...

    def drop_world(self, name: str) -> None:
        """Remove a world with all that it holds."""
        ...

    def drop_least_used(self, keep: int, spare: str) -> None:
        """Remove the worlds used longest ago until `keep` are left; never the one called `spare`."""
        ...

    def get(self, world: str, kind: str, key: str) -> Document:
        """The entity of that kind and key; None if there is none."""
        ...

    def entities(self, world: str, kind: str) -> Sequence[Document]:
        """All entities of a kind, in the order in which they came."""
        ...

    def put(self, world: str, kind: str, key: str, entity: Document) -> None:
        """Keep an entity, new or changed."""
        ...

    def add_invite(self, world: str, invite: Invite, *, unless: tuple[str, str] | None, replace: bool) -> bool:
        """Add an invite, in one statement; False, and no change, if it may not be.

        It may not be if the entity `unless` (kind, key) exists, or if the subject has an outstanding invite that is
        not expired at `invite.created_at`; an expired one is replaced, and with `replace` any.
        """
        ...

    def invite(self, world: str, invite_id: str) -> Invite | None:
        """The invite of that id."""
        ...

    def outstanding(self, world: str, contract: str, subject: str) -> Invite | None:
        """The subject's invite that is kept as outstanding, expired or not."""
        ...

    def invites(self, world: str, contract: str | None = None) -> Sequence[Invite]:
        """All invites of a world, or of one contract in it, in the order in which they came."""
        ...

    def put_invite(self, world: str, invite: Invite) -> None:
        """Keep an invite as it is given, new or changed: for world files and the life cycle."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...
