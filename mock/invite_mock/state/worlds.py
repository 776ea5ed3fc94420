"""The worlds of a store: how one begins, is found, is reset, and how it is written out as a document.

1. A world holds at first what its world document says; a reset returns to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from invite_specs import Document

from invite_mock.state import clock
from invite_mock.state.contents import Contents
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.generator import first_position
from invite_mock.state.store import Store, WorldRow
from invite_mock.state.world import MAIN, World

SEEDED_START = clock.from_text("2026-01-01T09:00:00Z")
"""The instant at which a seeded world's clock is frozen at first."""
MOST_WORLDS = 10_000
"""Beyond that the least recently used world is deleted."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """All worlds of a store, and how a new one begins."""

    store: Store
    contents: Mapping[str, Contents]
    """By the contract's name."""
    document: Document
    """The world document of worlds that have none of their own."""
    seed: int | None
    """The seed of worlds that have none of their own."""
    most: int = MOST_WORLDS

    def find(self, name: str) -> World | None:
        """The world of that name, if there is one; inside a transaction or a snapshot."""
        row = self.store.world(name)
        return None if row is None else World(self.store, row)

    def use(self, name: str) -> World | None:
        """The same, inside a transaction; it is now the most recently used world."""
        row = self.store.use_world(name)
        return None if row is None else World(self.store, row)

    def open(self, name: str) -> World:
        """The same, created at its first use."""
        return self.use(name) or self._begin(name, None, None)

    def create(self, name: str, seed: int | None = None, document: Document = None) -> World | None:
        """A new world, inside a transaction; None if there is one of that name.

        Raises WorldDocumentError for a document that contradicts itself.
        """
        return self._begin(name, seed, document) if self.store.world(name) is None else None

    def reset(self, world: World) -> World:
        """The world as it was at first, with an empty journal; inside a transaction."""
        self.store.journal.clear(world.name)
        return self._begin(world.name, world.row.seed, world.row.document)

    def _begin(self, name: str, seed: int | None, own: Document) -> World:
        seed = self.seed if seed is None else seed
        document = self.document if own is None else own
        frozen_at = None if seed is None else SEEDED_START
        row = WorldRow(name, seed, own, frozen_at=frozen_at)
        self.store.clear_world(name)
        self.store.put_world(row)
        world = World(self.store, row)
        for contract, contents in self.contents.items():
            part = {member: document[member] for member in contents.schema if member in document}
            if seed is not None:
                self.store.set_position(name, contract, first_position(part))
            contents.populate(ContractWorld(world, contract), part)
        self.store.delete_least_used(self.most, MAIN)
        return world

    def export(self, world: World) -> Document:
        """The world document that makes a world such as this one is now."""
        return {
            name: member
            for contract, one in self.contents.items()
            for name, member in one.export(ContractWorld(world, contract)).items()
        }
