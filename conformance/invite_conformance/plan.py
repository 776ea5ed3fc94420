"""What a run shall do: the user's choices, apart from the target."""

from collections.abc import Collection
from dataclasses import dataclass

from invite_conformance.result import Level

MODES = ("read-only", "safe", "full")
ENGINES = ("directed", "repetition", "race", "generation", "histories")
"""Who makes calls: each probe once; the steady probes often; the rest as their modules say."""


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
    time_box: float = 4.0
    """Seconds that generation and histories may each take."""

    def decides(self, level: Level) -> bool:
        """Whether a requirement of that level decides conformance."""
        order = list(Level)
        return order.index(level) <= order.index(self.level)
