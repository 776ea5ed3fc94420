"""A requirement that a document says, with the checks that judge it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import ActiveCheck, PassiveCheck
from invite_conformance.result import Level, Requirement


@dataclass(frozen=True, slots=True)
class Derived:
    """One derived requirement."""

    requirement: Requirement
    passive: PassiveCheck | None = None
    active: ActiveCheck | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Makes the derived requirements of one operation: their ids begin with the operation's."""

    contract: str
    operation: str
    states: Sequence[str] = ()
    """The states that a valid call of the operation needs."""
    of_status: dict[str, Sequence[str]] = field(default_factory=dict)
    """The states that it takes to see a status, where those are others."""

    def requirement(  # noqa: PLR0913  # what a requirement has
        self, slug: str, level: Level, *, citation: str, sentence: str, quoted: str, method: str, remedy: str
    ) -> Requirement:
        """The requirement whose id ends with the slug."""
        return Requirement(
            id=f"{self.contract}.{self.operation}.{slug}",
            contract=self.contract,
            level=level,
            sentence=sentence,
            citation=citation,
            source=quoted,
            method=method,
            remedy=remedy,
            states=tuple(self.of_status.get(slug.partition(".")[0], self.states)),
        )

    def passive(
        self,
        slug: str,
        level: Level,
        *,
        applies: Callable[[Exchange], bool],
        judge: Callable[[Exchange], Violation | None],
        **said: str,
    ) -> Derived:
        """A requirement that every exchange of the operation can show."""
        found = self.requirement(slug, level, **said)
        return Derived(found, PassiveCheck(found.id, applies, judge, self.operation))

    def active(
        self,
        slug: str,
        level: Level,
        *,
        make: Callable[[CheckContext], None],
        heavy: bool = False,
        repeated: bool = False,
        **said: str,
    ) -> Derived:
        """A requirement that takes calls of its own; `make` sends and judges them, and is run often if `repeated`."""
        found = self.requirement(slug, level, **said)
        return Derived(
            found,
            active=ActiveCheck(
                f"{self.operation}.{slug}", (found.id,), make, "directed", repeated, heavy, self.operation
            ),
        )
