"""A world: one isolated universe of state, with its own clock and its own generator.

1. Every timestamp comes from the world's clock, every id and token from its generator.
2. A world with a seed gives the same answers to the same requests, whatever other worlds do.
"""

import hashlib
import os
import re
import uuid

from invite_mock.state import clock
from invite_mock.state.store import Store, WorldRow

MAIN = "main"
"""The world of requests without a prefix."""
NAME = re.compile(r"[a-z0-9-]{1,40}")


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

        Without a seed they cannot be guessed; with one they follow from it, the label and how much was created before.
        """
        if self.row.seed is None:
            return os.urandom(size)
        material = f"{self.row.seed}/{self.row.created}/{label}".encode()
        return hashlib.blake2b(material, digest_size=size).digest()

    def new_uuid(self, label: str) -> str:
        """A new UUID of version 4 (RFC 9562 section 5.4)."""
        return str(uuid.UUID(bytes=self.draw(label, 16), version=4))

    def count_created(self) -> None:
        """Advance the generator, once what was drawn is stored."""
        if self.row.seed is not None:
            self.store.count_created(self.name)

    def set_clock(self, instant: int, *, frozen: bool) -> None:
        """Set the clock, frozen or running from there."""
        if frozen:
            self.row = self.row._replace(frozen_at=instant)
        else:
            self.row = self.row._replace(frozen_at=None, offset=instant - clock.machine_now())
        self.store.set_clock(self.name, self.row.offset, self.row.frozen_at)
