"""A world: one isolated universe of state, with its own clock and its own generator.

1. Every timestamp comes from the world's clock, every id and token from its generator.
2. A world with a seed gives the same answers to the same requests, whatever other worlds do.
3. What a world holds at first is its world document; a reset goes back to it.
"""

import hashlib
import os
import re
import uuid
from dataclasses import dataclass

import orjson
from invite_specs import Document

from invite_mock import clock
from invite_mock.service import Service
from invite_mock.store import Store, WorldRow

MAIN = "main"
"""The world of requests without a prefix."""
NAME = re.compile(r"[a-z0-9-]{1,40}")
SEEDED_START = clock.from_text("2026-01-01T09:00:00Z")
"""Where a seeded world's clock stands at first; it stands still until it is told to run."""
MOST_WORLDS = 10_000
"""Beyond that the world used longest ago is dropped."""


class World:
    """One world, as one request sees it."""

    def __init__(self, store: Store, row: WorldRow) -> None:
        self.store = store
        self.row = row
        self.name = row.name

    def now(self) -> int:
        """The world's clock, in microseconds since 1970-01-01T00:00:00Z."""
        if self.row.frozen_at is not None:
            return self.row.frozen_at
        return clock.machine_now() + self.row.offset

    def draw(self, label: str, size: int) -> bytes:
        """`size` bytes, at most 64.

        Without a seed nobody can guess them; with one they follow from it, the label and how much was made before.
        """
        if self.row.seed is None:
            return os.urandom(size)
        material = f"{self.row.seed}/{self.row.created}/{label}".encode()
        return hashlib.blake2b(material, digest_size=size).digest()

    def new_uuid(self, label: str) -> str:
        """A new UUID of version 4 (RFC 9562 section 5.4)."""
        return str(uuid.UUID(bytes=self.draw(label, 16), version=4))

    def made_one(self) -> None:
        """Move the generator on, once what was drawn is kept."""
        if self.row.seed is not None:
            self.store.count_created(self.name)

    def set_clock(self, instant: int, *, frozen: bool) -> None:
        """Set the clock, and let it stand or run from there."""
        if frozen:
            self.row = self.row._replace(frozen_at=instant)
        else:
            self.row = self.row._replace(frozen_at=None, offset=instant - clock.machine_now())
        self.store.set_clock(self.name, self.row.offset, self.row.frozen_at)


@dataclass(frozen=True, slots=True)
class Worlds:
    """All worlds of a store, and how a new one begins."""

    store: Store
    services: tuple[Service, ...]
    document: Document
    """The world document of worlds that bring none of their own."""
    seed: int | None
    """The seed of worlds that bring none of their own."""
    most: int = MOST_WORLDS

    def open(self, name: str) -> World:
        """The world of that name, made at its first use."""
        return self.find(name) or self.create(name) or self.open(name)

    def find(self, name: str) -> World | None:
        """The world of that name, if there is one."""
        row = self.store.world(name)
        return None if row is None else World(self.store, row)

    def create(self, name: str, seed: int | None = None, state: Document = None) -> World | None:
        """A new world; None if there is one of that name.

        Raises WorldDocumentError, and changes nothing, for a state that contradicts itself.
        """
        with self.store.transaction():
            # Looked up once more, in the transaction: of two processes one makes it.
            return self._begin(name, seed, state) if self.store.world(name) is None else None

    def reset(self, world: World) -> World:
        """The world as it was at first."""
        with self.store.transaction():
            return self._begin(world.name, world.row.seed, world.row.state)

    def _begin(self, name: str, seed: int | None, state: Document) -> World:
        seed = self.seed if seed is None else seed
        document = self.document if state is None else state
        frozen_at = None if seed is None else SEEDED_START
        row = WorldRow(name, seed, state, frozen_at=frozen_at, created=_position(document))
        self.store.clear_world(name)
        self.store.put_world(row)
        world = World(self.store, row)
        for service in self.services:
            service.populate(world, document)
        self.store.drop_least_used(self.most, MAIN)
        return world

    def export(self, world: World) -> Document:
        """The world document that makes a world such as this one is now."""
        document: dict[str, Document] = {}
        for service in self.services:
            document |= service.export(world)
        return document


def _position(document: Document) -> int:
    """Where the generator of a seeded world begins: elsewhere for each document.

    A world that begins as another one was left would else draw the ids again that the other has drawn.
    """
    digest = hashlib.blake2b(orjson.dumps(document, option=orjson.OPT_SORT_KEYS), digest_size=6).digest()
    return int.from_bytes(digest)
