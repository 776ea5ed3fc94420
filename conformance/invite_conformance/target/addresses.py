"""The addresses that a run invites: each in the target's domain, with the run's id, and new."""

import re
import secrets
from collections.abc import Collection


class Addresses:
    """Makes the addresses of one run, and knows which were sent."""

    def __init__(self, domain: str) -> None:
        self.run = secrets.token_hex(4)
        """The run's id, in every address that it invites."""
        self._domain = domain
        self._count = 0
        self._sent: set[str] = set()
        """Their numbers."""

    def fresh(self, local: str) -> str:
        """An address that was never used before."""
        self._count += 1
        return f"{local}-{self.run}-{self._count}@{self._domain}"

    def sent(self, body: bytes) -> frozenset[str]:
        """The numbers of those addresses in a body that are sent for the first time."""
        numbers = set(re.findall(f"{self.run}-([0-9]+)", body.decode("latin-1")))
        fresh, self._sent = numbers - self._sent, self._sent | numbers
        return frozenset(fresh)

    def pattern(self, numbers: Collection[str]) -> re.Pattern[str] | None:
        """Finds the run's id in the addresses of those numbers; None for no number."""
        return re.compile(f"{self.run}(?=-(?:{'|'.join(sorted(numbers))})(?![0-9]))") if numbers else None
