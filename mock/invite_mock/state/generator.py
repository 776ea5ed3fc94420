"""The generator of one contract in one world: the source of its ids and tokens.

1. In a world without a seed they cannot be guessed.
2. In a world with a seed they follow from the seed, the contract, its part of the world document and how much it has
   created since: whatever other worlds do and whatever other contracts are installed.
"""

import hashlib
import os

import orjson
from invite_specs import Document

from invite_mock.state.store import Store, WorldRow


class Generator:
    """Draws for one contract, in one transaction."""

    def __init__(self, store: Store, row: WorldRow, contract: str) -> None:
        self._store = store
        self._row = row
        self._contract = contract
        self._position = None if row.seed is None else store.position(row.name, contract)
        self._drawn = False

    def draw(self, label: str, size: int) -> bytes:
        """`size` bytes, at most 64; in a seeded world the same for the same label until `advance`."""
        if self._position is None:
            return os.urandom(size)
        self._drawn = True
        return seeded_bytes(f"{self._row.seed}/{self._contract}/{self._position}/{label}", size)

    def advance(self) -> None:
        """Go on to the next position, once what was drawn is stored; if nothing was drawn, do nothing."""
        if self._drawn and self._position is not None:
            self._position += 1
            self._drawn = False
            self._store.set_position(self._row.name, self._contract, self._position)


def seeded_bytes(material: str, size: int) -> bytes:
    """`size` bytes, at most 64, that follow from the material."""
    return hashlib.blake2b(material.encode(), digest_size=size).digest()


def first_position(document: Document) -> int:
    """Where a generator begins: elsewhere for each document.

    Otherwise a world that begins as another one ended would draw the ids again that the other has drawn.
    """
    digest = hashlib.blake2b(orjson.dumps(document, option=orjson.OPT_SORT_KEYS), digest_size=6).digest()
    return int.from_bytes(digest)
