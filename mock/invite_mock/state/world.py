"""A world: one isolated universe of state, with its own clock and its own generators.

1. Every timestamp comes from the world's clock, every id and token from its generators.
2. In a world with a seed the operations of contracts give the same answers to the same requests, whatever other worlds
   do. Other answers, such as a 404 for an unknown path, differ in their Mock-Request-Id.
"""

import re

from invite_mock.state import clock
from invite_mock.state.generator import Generator, seeded_bytes
from invite_mock.state.store import Store, WorldRow

MAIN = "main"
"""The world of requests without a prefix."""
NAME = re.compile(r"[a-z0-9-]{1,40}")


class World:
    """One world, as one transaction sees it."""

    def __init__(self, store: Store, row: WorldRow) -> None:
        self.store = store
        self.row = row
        self.name = row.name

    @property
    def prefix(self) -> str:
        """What its paths begin with."""
        return "" if self.name == MAIN else f"/@{self.name}"

    def now(self) -> int:
        """The world's clock, in microseconds since 1970-01-01T00:00:00Z."""
        return self.at(clock.machine_now())

    def at(self, machine_at: int) -> int:
        """What the world's clock says when the machine's says that, as it is set now."""
        return machine_at + self.row.offset if self.row.frozen_at is None else self.row.frozen_at

    def generator(self, contract: str) -> Generator:
        """The source of a contract's ids and tokens."""
        return Generator(self.store, self.row, contract)

    def count_request(self) -> str | None:
        """Count a request to an operation, and give its id; None in a world without a seed."""
        if self.row.seed is None:
            return None
        number = self.store.count_request(self.name)
        return seeded_bytes(f"{self.row.seed}/requests/{number}", 8).hex()

    def set_clock(self, instant: int, *, frozen: bool) -> None:
        """Set the clock, frozen or running from there."""
        if frozen:
            self.row = self.row._replace(frozen_at=instant)
        else:
            self.row = self.row._replace(frozen_at=None, offset=instant - clock.machine_now())
        self.store.set_clock(self.name, self.row.offset, self.row.frozen_at)
