"""What a run shall do: the user's choices, apart from the target."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from invite_conformance.result import Level

MODES = ("read-only", "safe", "full")
ENGINES = ("directed", "repetition", "race", "generation", "histories")
"""What makes calls: each directed check once, the repeated ones often, the rest as their modules say."""

TIME_BOX = 20.0
"""Seconds that generation and histories may each take unless the user says otherwise.

Their number is what bounds them, so that a seed repeats a run on any machine; this is for targets that are very slow.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """The choices of one run."""

    level: Level = Level.MUST
    """The least binding level that decides conformance."""
    mode: str = "full"
    seed: int = 0
    """Repeats every choice that the run makes, but for addresses, which are always new."""
    only: Collection[str] = ()
    """Ids of requirements; none for all."""
    engines: Collection[str] = ENGINES
    time_box: float = TIME_BOX
    """Seconds that generation and histories may each take."""
    bodies: PurePath | None = None
    """Where the reports have bodies that are too long for a command, as a user's shell can name it; None if nowhere."""

    @classmethod
    def chosen(cls, *, seed: int | None, time_box: float | None, **choices: Any) -> "Plan":
        """A plan in which a seed that was not given is random, and the time box has its default."""
        return cls(
            seed=secrets.randbelow(2**32) if seed is None else seed,
            time_box=TIME_BOX if time_box is None else time_box,
            **choices,
        )

    def decides(self, level: Level) -> bool:
        """Whether a requirement of that level decides conformance."""
        order = list(Level)
        return order.index(level) <= order.index(self.level)
