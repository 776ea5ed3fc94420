"""Sequences of calls that hypothesis generates, each compared with what a small model expects.

1. Every history begins with data of its own, so that none depends on another.
2. The first that deviates from its model is repeated with fewer and fewer steps, and the shortest is reported.
3. One seed makes the same histories; their number, length, requests and time are bounded.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, ClassVar

import hypothesis
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from invite_conformance.engines.hypothesis_search import Over, bounds, prepare, search, too_late
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext

_HISTORIES = 10
_STEPS = 12
_SHORTENING = 150
"""Calls that make a deviating history shorter."""
Script = tuple[tuple[str, tuple[Any, ...]], ...]
"""The steps of a history: methods of its model, and what they were called with."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """A history that deviates from its model."""

    requirement: str
    expected: str
    exchange: Exchange
    script: Script
    steps: str
    """Each step and the status of its response."""


@dataclass
class HistoryRun:
    """What the histories of one run have found so far."""

    context: CheckContext
    known: Collection[str]
    """Requirements that are violated without any history: no history that violates them is searched."""
    until: float
    """The monotonic time at which to stop."""
    deviation: Deviation | None = field(default=None, init=False)
    cut_short: bool = field(default=False, init=False)
    """Whether the time was up before all histories were run."""

    def knows(self, requirement: str) -> bool:
        """Whether a requirement (its id without the contract's name) is violated without any history."""
        return f"{self.context.target.contract}.{requirement}" in self.known


class History(RuleBasedStateMachine):
    """One history; a contract's model is a subclass, whose rules only `take` steps."""

    history_run: ClassVar[HistoryRun]

    def __init__(self) -> None:
        super().__init__()
        self.over = False
        """Whether the model does not know any more what the target must do."""
        self._script: Script = ()
        self._exchanges: list[Exchange] = []
        self._steps: list[str] = []
        """Each step and the status of its response."""
        self.begin()
        self._script = ()

    @property
    def context(self) -> CheckContext:
        """That of the check which the histories belong to."""
        return self.history_run.context

    def begin(self) -> None:
        """Make the data of the history; what is sent for it belongs to no step."""

    def end(self) -> None:
        """Take the steps that show what became of the data."""

    def teardown(self) -> None:
        """End the history, if it went as the model says."""
        if self.history_run.deviation is None:
            self.end()

    def take(self, step: str, *arguments: Any) -> None:
        """Take a step: the method of that name, which sends one call."""
        if not self.over:
            self._script += ((step, arguments),)
            getattr(self, step)(*arguments)

    def send(self, words: str, call: Call) -> Exchange:
        """Send the call of a step that reads as `words`."""
        if time.monotonic() > self.history_run.until:
            self.history_run.cut_short = True
            raise Over
        try:
            exchange = self.context.send(call, *self._exchanges)
        except Exception as error:
            raise Over from error  # hypothesis would take it for a deviation, and try it again and again
        self._exchanges.append(exchange)
        self._steps.append(f"{words}: {exchange.status}")
        return exchange

    def check(self, requirement: str, satisfied: bool, expected: str, exchange: Exchange) -> None:
        """Compare a response with the model."""
        if satisfied:
            self.context.judge(requirement, True, expected, exchange)
            return
        self.over = True
        if not self.history_run.knows(requirement):
            self.history_run.deviation = Deviation(
                requirement, expected, exchange, self._script, "; ".join(self._steps)
            )
            raise Over


def run_histories(context: CheckContext, model: type[History]) -> None:
    """Generate histories for a model, and judge the first that deviates from it, made as short as possible.

    Made short, it may show a violation that is known without it.
    """
    known = context.findings.violated()
    prepare()
    history_run = HistoryRun(context, known, time.monotonic() + context.plan.time_box)
    machine = hypothesis.seed(context.plan.seed)(type(model.__name__, (model,), {"history_run": history_run}))
    search(lambda: run_state_machine_as_test(machine, settings=bounds(_HISTORIES, shrink=False, steps=_STEPS)))
    if history_run.cut_short:
        context.findings.notice(too_late(context.plan.time_box))
    if history_run.deviation is None:
        return
    history_run.known = ()
    found = _shortest(machine, history_run.deviation)
    if f"{context.target.contract}.{found.requirement}" in known:
        return
    received = f"{found.exchange.response.status_line}, at the end of: {found.steps}"
    context.judge(found.requirement, False, found.expected, found.exchange, received)


def _shortest(model: type[History], found: Deviation) -> Deviation:
    """The deviation without the steps that it does not need, as far as the calls allow.

    Larger parts are left out first, from the end; the last step is the one that deviates.
    """
    left, size = _SHORTENING, len(found.script) // 2
    while size > 0:
        end = len(found.script) - 1
        while end > 0 and left > 0:
            start = max(end - size, 0)
            without = found.script[:start] + found.script[end:]
            left -= len(without)
            found = _played(model, without) or found
            end = min(start, len(found.script) - 1)
        size //= 2
    return found


def _played(model: type[History], script: Script) -> Deviation | None:
    """The deviation that a script ends with now; None if it goes as the model says."""
    model.history_run.deviation = None

    def play() -> None:
        history = model()
        for step, arguments in script:
            history.take(step, *arguments)

    search(play)
    return model.history_run.deviation
