"""The addresses that a run invites: each in the target's domain, with the run's id, and new."""

import re
import threading


class Addresses:
    """Makes addresses, and knows which were sent; threads may share it."""

    def __init__(self, run: str, domain: str) -> None:
        self._run = run
        self._domain = domain
        self._count = 0
        self._sent: set[str] = set()
        """Their numbers."""
        self._lock = threading.Lock()

    def fresh(self, local: str) -> str:
        """An address that was never used before."""
        with self._lock:
            self._count += 1
            return f"{local}-{self._run}-{self._count}@{self._domain}"

    def sent(self, body: bytes) -> re.Pattern[str] | None:
        """Finds the run's id in those addresses of a body that are sent for the first time; None if there are none."""
        numbers = set(re.findall(f"{self._run}-([0-9]+)", body.decode("latin-1")))
        with self._lock:
            fresh, self._sent = numbers - self._sent, self._sent | numbers
        return re.compile(f"{self._run}(?=-(?:{'|'.join(sorted(fresh))})(?![0-9]))") if fresh else None
