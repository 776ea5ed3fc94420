"""The instant at which an exchange must be over."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """`seconds` from when it was made with `within`; every step of an exchange shares it."""

    seconds: float
    end: float
    """On the monotonic clock."""

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        """A deadline that many seconds from now."""
        return cls(seconds, time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds until then, more than 0. Raises TimeoutError if it has passed."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left
