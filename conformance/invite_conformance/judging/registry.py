"""The checks of a contract, as its folder registers them.

1. A **passive** check is a pure function of one exchange; it judges every exchange to which it applies, whichever check
   made it.
2. An **aggregate** check is a pure function of all exchanges, for what only several together show.
3. An **active** check makes calls through its context and judges requirements by name. Each run of it uses fresh data,
   so that it can be repeated to distinguish a permanent fault from an intermittent one.
4. The contract is the package in which a function stands; ids are written without its name.
5. The docstring of a check says what it does: the reports show it for the requirements that it judges.
"""

import importlib
import inspect
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TypeVar

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation

_CONTRACTS = "invite_conformance.contracts"
SUCCESS = "success"
"""How the id of the derived requirement ends that a valid call succeeds."""

Aggregate = Callable[[Sequence[Exchange]], tuple[Violation, Exchange | None] | bool]
"""Gives False where there are too few exchanges to judge, True where the requirement is satisfied."""


@dataclass(frozen=True, slots=True)
class PassiveCheck:
    """Judges one exchange; `judge` gives None where the requirement is satisfied."""

    requirement: str
    applies: Callable[[Exchange], bool]
    judge: Callable[[Exchange], Violation | None]
    operation: str = ""
    """The operation whose exchanges it may apply to; empty for those of all."""


@dataclass(frozen=True, slots=True)
class AggregateCheck:
    """Judges all exchanges together."""

    requirement: str
    judge: Aggregate


@dataclass(frozen=True, slots=True)
class ActiveCheck:
    """Makes calls; the requirements that it judges by name are declared, so that one requirement can be run alone."""

    name: str
    requirements: tuple[str, ...]
    make: Callable[[CheckContext], None]
    engine: str
    """One of plan.ENGINES, but for `repetition`."""
    repeated: bool
    """Run often by the engine `repetition`: the commonest calls, where an intermittent fault is worth finding."""
    heavy: bool
    """Left out in mode safe: unusual, large or many requests."""
    operation: str = ""
    """The operation that it calls; empty where it may call any."""


def _conflicts(exchange: Exchange) -> bool:
    return exchange.status == 409


@dataclass(frozen=True, slots=True)
class ValidCall:
    """How a valid call of one operation is made; derived checks change one thing in it."""

    make: Callable[[CheckContext], Call]
    """Makes a call with fresh data. Raises Blocked where the target does not offer what it needs."""
    success: str = ""
    """The requirement that a valid call succeeds; empty where nothing says so."""
    excused: Callable[[Exchange], bool] = _conflicts
    """Whether a call that is valid by its schema may be refused all the same; by default for the state (409)."""
    sure: bool = True
    """Whether a correct server accepts it: not if it is only made from the document."""


@dataclass
class Checks:
    """Everything that one contract's folder registers, and what is derived from its document."""

    contract: str
    passive: list[PassiveCheck] = field(default_factory=list)
    aggregate: list[AggregateCheck] = field(default_factory=list)
    active: list[ActiveCheck] = field(default_factory=list)
    calls: dict[str, ValidCall] = field(default_factory=dict)
    """By operation."""
    restore: list[Callable[[CheckContext], None]] = field(default_factory=list)
    """Called at the end of a run: puts back, or names in a notice, what the run changed for good."""

    @cached_property
    def _naming(self) -> dict[str, list[ActiveCheck]]:
        """By requirement: the active checks that judge it by name."""
        found: dict[str, list[ActiveCheck]] = defaultdict(list)
        for check in self.active:
            for requirement in check.requirements:
                found[requirement].append(check)
        return found

    @cached_property
    def _calling(self) -> dict[str, list[ActiveCheck]]:
        """By operation: the active checks that may call it; under an empty name all of them."""
        named = {one.operation for one in self.active}
        return {"": self.active} | {
            name: [one for one in self.active if one.operation in {"", name}] for name in named if name
        }

    @cached_property
    def _shown_by(self) -> dict[str, str]:
        """By requirement that a passive or an aggregate check judges: the operation whose calls can show it."""
        return {one.requirement: "" for one in self.aggregate} | {
            one.requirement: one.operation for one in self.passive
        }

    def active_for(self, requirement: str) -> Sequence[ActiveCheck]:
        """The active checks whose calls can show a requirement: any of its operation where any call does."""
        if requirement in self._shown_by:
            return self._calling.get(self._shown_by[requirement], self._calling[""])
        return self._naming[requirement]

    def method(self, requirement: str) -> str:
        """How a requirement is checked, by its checks: the first paragraph of each docstring."""
        judging: list[object] = [one.judge for one in self.passive if one.requirement == requirement]
        judging += [one.judge for one in self.aggregate if one.requirement == requirement]
        docs = [inspect.getdoc(one) or "" for one in (*judging, *(one.make for one in self._naming[requirement]))]
        return " ".join(" ".join(one.partition("\n\n")[0].split()) for one in docs)

    def any_call_shows(self, requirement: str) -> bool:
        """Whether a passive or an aggregate check judges the requirement."""
        return requirement in self._shown_by


_registered: dict[str, Checks] = {}


def contract_of(module: str) -> str:
    """The name of the contract in whose package a module stands."""
    return module.removeprefix(f"{_CONTRACTS}.").partition(".")[0].replace("_", "-")


def _checks_of_module(module: str) -> Checks:
    name = contract_of(module)
    return _registered.setdefault(name, Checks(name))


@cache
def registered(contract: str) -> Checks:
    """What the contract's folder registers; its modules are imported in the order of their names."""
    package = importlib.import_module(f"{_CONTRACTS}.{contract.replace('-', '_')}")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _registered.setdefault(contract, Checks(contract))


_Passive = TypeVar("_Passive", bound=Callable[[Exchange], Violation | None])
_Aggregate = TypeVar("_Aggregate", bound=Aggregate)
_Active = TypeVar("_Active", bound=Callable[[CheckContext], None])
_Call = TypeVar("_Call", bound=Callable[..., Call])


def passive(requirement: str, applies: Callable[[Exchange], bool]) -> Callable[[_Passive], _Passive]:
    """Register a passive check."""

    def register(judge: _Passive) -> _Passive:
        into = _checks_of_module(judge.__module__)
        into.passive.append(PassiveCheck(f"{into.contract}.{requirement}", applies, judge))
        return judge

    return register


def aggregate(requirement: str) -> Callable[[_Aggregate], _Aggregate]:
    """Register an aggregate check."""

    def register(judge: _Aggregate) -> _Aggregate:
        into = _checks_of_module(judge.__module__)
        into.aggregate.append(AggregateCheck(f"{into.contract}.{requirement}", judge))
        return judge

    return register


def active(
    *requirements: str, engine: str = "directed", repeated: bool = False, heavy: bool = False
) -> Callable[[_Active], _Active]:
    """Register an active check with the requirements that it judges by name."""

    def register(make: _Active) -> _Active:
        into = _checks_of_module(make.__module__)
        ids = tuple(f"{into.contract}.{one}" for one in requirements)
        into.active.append(ActiveCheck(make.__name__, ids, make, engine, repeated, heavy))
        return make

    return register


def valid_call(
    operation: str, success: str = "", excused: Callable[[Exchange], bool] = _conflicts, *, sure: bool = True
) -> Callable[[_Call], _Call]:
    """Register how a valid call of an operation is made, for derived checks (see `ValidCall`).

    Unless a requirement of the contract says that such a call succeeds (`success`), one is derived.
    """

    def register(make: _Call) -> _Call:
        into = _checks_of_module(make.__module__)
        says = success or (f"{operation}.{SUCCESS}" if sure else "")
        into.calls[operation] = ValidCall(make, says, excused, sure)
        return make

    return register


def restores(function: Callable[[CheckContext], None]) -> Callable[[CheckContext], None]:
    """Register what is called at the end of a run to put back, or to name, what the run changed for good."""
    _checks_of_module(function.__module__).restore.append(function)
    return function
