"""What an active check is handed while it runs: the target and its states, calls, and judgements.

1. What a check sends is fresh: an address is never used for two purposes, and each has the run's id in it.
2. Whatever is sent through it is known to belong to this run of this check.
"""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from invite_specs import Contract, Document, Operation

from invite_conformance.http.client import Client
from invite_conformance.http.exchange import Call, Exchange, Origin
from invite_conformance.judging.calls import build
from invite_conformance.judging.findings import Findings, Violation
from invite_conformance.plan import Plan
from invite_conformance.target.states import Blocked, States
from invite_conformance.target.target import Target

_Choice = TypeVar("_Choice")


@dataclass
class CheckContext:
    """One run of one active check."""

    contract: Contract
    """That the target is checked against."""
    target: Target
    plan: Plan
    states: States
    client: Client
    findings: Findings
    origin: Origin
    """The run of the check; its position is that of the first call."""
    _positions: Iterator[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._positions = itertools.count(self.origin.position)

    @property
    def run_id(self) -> str:
        """What every address that the run invites has in it."""
        return self.client.addresses.run

    @property
    def random(self) -> random.Random:
        """Repeatable choices of this run of the check."""
        return random.Random(f"{self.plan.seed} {self.origin.check} {self.origin.run}")  # noqa: S311  # no secrets

    def fresh_email(self, local: str = "invite") -> str:
        """An address of the target's domain that was never used before."""
        return self.client.addresses.fresh(local)

    def choose(self, choices: Sequence[_Choice]) -> _Choice:
        """One of the choices, the next in each run; where a run repeats a failure, the one that failed."""
        if self.origin.choice is None:
            self.origin = replace(self.origin, choice=self.origin.run % len(choices))
        return choices[self.origin.choice or 0]

    def unexpectedly_succeeded(self, state: str) -> bool:
        """Whether a call succeeded that the target, with the state that it is said to have, must refuse."""
        return self.client.log.unexpected.known(state)

    def operation(self, operation_id: str) -> Operation:
        """The operation of that id, of which `calls.build` makes calls."""
        return next(one for one in self.contract.operations if one.id == operation_id)

    def call(
        self,
        operation: str,
        *after: Exchange,
        path: Mapping[str, object],
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Document = None,
    ) -> Call:
        """A valid call of an operation, after the exchanges that made what it is about."""
        call = build(self.operation(operation), path=path, query=query, headers=headers, body=body)
        return replace(call, valid=True, after=after)

    def send(self, call: Call, *after: Exchange) -> Exchange:
        """Send a call and give the exchange, which every passive check has then judged.

        `after` are the exchanges without which it would show nothing. Raises Deselected if mode or budget do not allow
        it, TransportError if no response comes, Blocked if the target refuses more calls for now.
        """
        return self.client.send(call, self._next_origin(), after)

    def needed(self, call: Call, status: int, *after: Exchange) -> Exchange:
        """Send a call without whose answer nothing can be judged. Raises Blocked for another status, and as `send`."""
        exchange = self.send(call, *after)
        if exchange.status != status:
            raise Blocked(f"it needs a call that is answered with {status}, and got {exchange.response.status_line}")
        return exchange

    def member(self, exchange: Exchange, name: str) -> Document:
        """A member of a response, as it is documented, with all that it contains.

        Raises Blocked where it is not: the derived requirement on that member reports it.
        """
        call = exchange.call
        wrong = self.findings.violated_by(exchange, f"{self.target.contract}.{call.operation}.{exchange.status}.{name}")
        if wrong or name not in exchange.object:
            raise Blocked(f"it needs `{name}` of a response of `{call.operation}`, which is not as documented")
        return exchange.object[name]

    def send_together(self, calls: Sequence[Call]) -> list[Exchange]:
        """Send calls so that they arrive at the same instant; gives the exchanges in their order. Raises as `send`."""
        return self.client.send_together(calls, [self._next_origin() for _ in calls])

    def send_unusual(self, call: Call) -> Exchange | None:
        """Send a call on which a correct server may close the connection; None if it does. Raises as `send` else."""
        return self.client.send_unusual(call, self._next_origin())

    def expect(self, requirement: str, exchange: Exchange, *statuses: int, received: str = "") -> bool:
        """Judge a requirement by the status of a response; gives whether it is satisfied.

        For a 400 or 403 an undocumented status that the target file accepts will do.
        """
        if {400, 403}.intersection(statuses):
            statuses += tuple(status for status in self.target.accepted_statuses if status // 100 == 4)
        expected = " or ".join(str(status) for status in statuses)
        return self.judge(requirement, exchange.status in statuses, expected, exchange, received)

    def judge(
        self, requirement: str, satisfied: bool, expected: str, exchange: Exchange | None, received: str = ""
    ) -> bool:
        """Judge a requirement (its id without the contract's name); gives `satisfied` back.

        `received` is the response's status line unless it is given.
        """
        violation = None if satisfied else Violation(expected, received or (_received(exchange) if exchange else ""))
        self.findings.add(f"{self.target.contract}.{requirement}", violation, exchange)
        return satisfied

    def _next_origin(self) -> Origin:
        return replace(self.origin, position=next(self._positions))


def _received(exchange: Exchange) -> str:
    """The status line, with a doubt where the state of the target file may be why a call was not refused."""
    line, state = exchange.response.status_line, exchange.call.refused_for
    doubt = f"either the server does not check, or `{state}` is not what the target file says"
    return f"{line}: {doubt}" if state and exchange.succeeded else line
