"""What a contract's folder registers: probes that make calls, and rules that judge what was seen.

1. A **rule** is a pure function of one exchange; it judges every exchange to which it applies, whoever made it.
2. A **survey** is a pure function of all exchanges, for what only several together show.
3. A **probe** makes calls through the session and judges requirements by name. Each run of it uses fresh data, so that
   it can be repeated to tell a steady fault from an intermittent one.
4. The contract is the package that a function stands in; ids are written without it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from invite_conformance.exchange import Seen

if TYPE_CHECKING:
    from invite_conformance.session import Session


@dataclass(frozen=True, slots=True)
class Flaw:
    """In which way a requirement was not kept."""

    expected: str
    received: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Judges one exchange; `flaw` gives None where the requirement is kept."""

    requirement: str
    applies: Callable[[Seen], bool]
    flaw: Callable[[Seen], Flaw | None]


@dataclass(frozen=True, slots=True)
class Survey:
    """Judges all exchanges together; `flaw` gives False where there are too few of them to tell."""

    requirement: str
    flaw: Callable[[Sequence[Seen]], "tuple[Flaw, Seen | None] | bool"]


@dataclass(frozen=True, slots=True)
class Probe:
    """Makes calls; what it judges beside the rules is told beforehand, so that one requirement can be run alone."""

    name: str
    requirements: tuple[str, ...]
    make: Callable[["Session"], None]
    engine: str
    """One of plan.ENGINES, but for `repetition`."""
    steady: bool
    """Run often by the engine `repetition`: the commonest calls, where an intermittent fault is worth finding."""
    heavy: bool
    """Left out in mode safe: odd, large or many requests."""


@dataclass(slots=True)
class Suite:
    """Everything that one contract's folder registers."""

    contract: str
    rules: list[Rule] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)

    def probes_for(self, requirement: str) -> Iterator[Probe]:
        """The probes that may judge a requirement: for a rule's or a survey's, all of them."""
        by_sight = self.is_by_sight(requirement)
        for probe in self.probes:
            if by_sight or requirement in probe.requirements:
                yield probe

    def is_by_sight(self, requirement: str) -> bool:
        """Whether a rule or a survey judges the requirement."""
        return requirement in {one.requirement for one in self.rules} | {one.requirement for one in self.surveys}


_suites: dict[str, Suite] = {}


def _suite(module: str) -> Suite:
    name = module.split(".")[1].replace("_", "-")
    return _suites.setdefault(name, Suite(name))


@cache
def suite(contract: str) -> Suite:
    """What the contract's folder registers; its modules are imported, in the order of their names."""
    package = importlib.import_module(f"invite_conformance.{contract.replace('-', '_')}")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _suites[contract]


_RuleBody = TypeVar("_RuleBody", bound=Callable[[Seen], Flaw | None])
_SurveyBody = TypeVar("_SurveyBody", bound=Callable[[Sequence[Seen]], "tuple[Flaw, Seen | None] | bool"])
_ProbeBody = TypeVar("_ProbeBody", bound=Callable[["Session"], None])


def rule(requirement: str, applies: Callable[[Seen], bool], module: str = "") -> Callable[[_RuleBody], _RuleBody]:
    """Register a rule for a requirement; `module` stands for the contract if the function is not in its package."""

    def register(flaw: _RuleBody) -> _RuleBody:
        into = _suite(module or flaw.__module__)
        into.rules.append(Rule(f"{into.contract}.{requirement}", applies, flaw))
        return flaw

    return register


def survey(requirement: str) -> Callable[[_SurveyBody], _SurveyBody]:
    """Register a survey for a requirement."""

    def register(flaw: _SurveyBody) -> _SurveyBody:
        into = _suite(flaw.__module__)
        into.surveys.append(Survey(f"{into.contract}.{requirement}", flaw))
        return flaw

    return register


def probe(
    *requirements: str, engine: str = "directed", steady: bool = False, heavy: bool = False
) -> Callable[[_ProbeBody], _ProbeBody]:
    """Register a probe with the requirements that it judges by name; the rules judge its exchanges in any case."""

    def register(make: _ProbeBody) -> _ProbeBody:
        into = _suite(make.__module__)
        ids = tuple(f"{into.contract}.{one}" for one in requirements)
        into.probes.append(Probe(make.__name__, ids, make, engine, steady, heavy))
        return make

    return register
