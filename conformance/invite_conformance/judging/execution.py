"""Runs the active checks of a contract: each once, the repeated ones often, and again what failed.

Nothing that a check raises leaves this module: it blocks the check, or is an error of the requirements that it judges.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from invite_conformance.http.errors import TransportError
from invite_conformance.http.exchange import Exchange, Origin
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.judge import crashed
from invite_conformance.judging.registry import ActiveCheck
from invite_conformance.target.setup_hook import SetupError
from invite_conformance.target.states import Blocked

_REPETITIONS = 45
"""Runs of a repeated check by the engine `repetition`: a fault in 1 of 10 responses escapes once in 100 runs."""


@dataclass
class Execution:
    """The runs of the active checks of one run of the suite."""

    checks: Sequence[ActiveCheck]
    """All that the contract registers."""
    context: CheckContext
    """That of no check, from which each run gets its own."""
    runs: dict[str, int] = field(default_factory=lambda: defaultdict(int), init=False)
    """By name of the check: how often it ran."""
    blocked: dict[str, Blocked] = field(default_factory=dict, init=False)
    """By name of the check: why its first run did not come to its end."""
    errors: dict[str, str] = field(default_factory=dict, init=False)
    """By name of the check: what the network, the setup hook or the check itself raised."""

    def chosen(self, check: ActiveCheck) -> bool:
        """Whether engines and mode of the plan include the check."""
        plan = self.context.plan
        return check.engine in plan.engines and not (check.heavy and plan.mode != "full")

    def able(self, check: ActiveCheck) -> bool:
        """Whether nothing prevents the check from running again."""
        return check.name not in self.blocked and check.name not in self.errors

    def run_first(self, check: ActiveCheck) -> None:
        """Run a check unless it ran already, and often if it is a repeated one."""
        if self.runs[check.name]:
            return
        if check.engine in {"generation", "histories"}:
            # Generators skip what directed checks already violated, so directed checks run first.
            for other in self.checks:
                if other.engine == "directed" and self.chosen(other):
                    self.run_first(other)
        self.run(check)
        plan, log = self.context.plan, self.context.client.log
        # A target that has not answered as documented yet may be given up soon: it is not asked 45 times first.
        if check.repeated and log.recognised and plan.mode == "full" and "repetition" in plan.engines:
            while self.runs[check.name] < _REPETITIONS and self.able(check):
                self.run(check)

    def run(self, check: ActiveCheck, choice: int | None = None) -> None:
        """Run a check once more; with `choice`, that one of several choices is tried."""
        run = self.runs[check.name]
        self.runs[check.name] += 1
        try:
            check.make(self._context(Origin(check.name, run, choice=choice)))
        except Blocked as blocked:
            # A precondition that fails only sometimes is not unmet; the findings report it.
            if run == 0:
                self.blocked[check.name] = blocked
        except (TransportError, SetupError) as error:
            # The message may quote the server, such as the address of a redirect.
            self.errors[check.name] = self.context.findings.redaction.text(str(error))
        except Exception as error:  # noqa: BLE001  # whatever a response makes a check raise, the run goes on
            self.errors[check.name] = crashed(error)

    def send_again(self, exchange: Exchange) -> bool:
        """Send a call again with fresh data; gives whether that is possible."""
        if exchange.call.renew is None:
            return False
        origin = exchange.origin
        self.runs[origin.check] += 1
        try:
            self._context(replace(origin, run=self.runs[origin.check])).send(exchange.call.renew())
        except (Blocked, TransportError):
            return False
        return True

    def _context(self, origin: Origin) -> CheckContext:
        return replace(self.context, origin=origin)
