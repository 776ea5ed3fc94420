"""A module with one change."""

import difflib
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change."""

    module: str
    """Its path in the tree."""
    operator: str
    """What made the change."""
    line: int
    original: str
    """The source of the module."""
    mutated: str
    """The same with the change."""

    @property
    def key(self) -> str:
        """What the mutant is known by from one run to the next, as long as its module does not change."""
        return hashlib.sha256(f"{self.module}\n{self.mutated}".encode()).hexdigest()[:16]

    @property
    def changes(self) -> tuple[list[str], list[str]]:
        """The lines that the change removes, and those that it adds."""
        lines = list(difflib.ndiff(self.original.splitlines(), self.mutated.splitlines()))
        removed = [line[2:] for line in lines if line.startswith("- ")]
        return removed, [line[2:] for line in lines if line.startswith("+ ")]
