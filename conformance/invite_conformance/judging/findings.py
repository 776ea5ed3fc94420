"""What a run found: for each requirement the judgements on it, in the order of the exchanges.

1. Every text is redacted before it is kept.
2. A check that raises is an error of its own requirement and of no other.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from invite_conformance.http.exchange import Exchange
from invite_conformance.target.redaction import Redaction


@dataclass(frozen=True, slots=True)
class Violation:
    """In which way a requirement is not satisfied."""

    expected: str
    received: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement on one requirement."""

    requirement: str
    violation: Violation | None
    """None where the requirement is satisfied."""
    exchange: Exchange | None
    """What was judged; the exchanges that led to it are its `after`."""


@dataclass(frozen=True, slots=True)
class CheckError:
    """Why a check reached no judgement."""

    reason: str
    exchange: Exchange | None = None


@dataclass
class Findings:
    """The judgements of one run."""

    redaction: Redaction
    by_requirement: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, CheckError] = field(default_factory=dict)
    """By requirement: the first error of a check that judges it."""
    disagreements: dict[str, CheckError] = field(default_factory=dict)
    """By requirement: the first response about which the suite's checks and other validators disagree."""
    notices: list[str] = field(default_factory=list)
    """What the user should know beside the verdicts."""

    def add(self, requirement: str, violation: Violation | None, exchange: Exchange | None) -> None:
        """Record a judgement on the requirement of that full id; `violation` is None where it is satisfied."""
        if violation is not None:
            text = self.redaction.text
            violation = Violation(text(violation.expected), text(violation.received))
        self.by_requirement[requirement].append(Finding(requirement, violation, exchange))

    def add_error(self, requirement: str, reason: str, exchange: Exchange | None) -> None:
        """Record that a check of a requirement reached no judgement; the first error of a requirement is kept."""
        self.errors.setdefault(requirement, CheckError(self.redaction.text(reason), exchange))

    def add_disagreement(self, requirement: str, reason: str, exchange: Exchange) -> None:
        """Record that the suite and other validators disagree about an exchange; the first is kept."""
        self.disagreements.setdefault(requirement, CheckError(self.redaction.text(reason), exchange))

    def notice(self, text: str) -> None:
        """Record what the user should know, once."""
        text = self.redaction.text(text)
        if text not in self.notices:
            self.notices.append(text)

    def of(self, requirement: str) -> list[Finding]:
        """The judgements on a requirement, the first first."""
        return self.by_requirement[requirement]

    def violations_of(self, requirement: str) -> list[Finding]:
        """The judgements that a requirement is not satisfied."""
        return [finding for finding in self.by_requirement[requirement] if finding.violation is not None]

    def violated_by(self, exchange: Exchange, requirement: str) -> bool:
        """Whether an exchange violates a requirement, or one whose id continues its id."""
        judged = (found for id_, found in self.by_requirement.items() if f"{id_}.".startswith(f"{requirement}."))
        return any(one.violation for found in judged for one in found if one.exchange is exchange)

    def violated(self) -> set[str]:
        """The requirements that at least one judgement says are not satisfied."""
        return {requirement for requirement in [*self.by_requirement] if self.violations_of(requirement)}
