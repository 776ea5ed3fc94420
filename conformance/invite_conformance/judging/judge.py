"""Judges every exchange as it comes: by the contract's passive checks, and by two independent validators."""

from collections import defaultdict

from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.findings import Findings
from invite_conformance.judging.registry import Checks, PassiveCheck
from invite_conformance.judging.second_opinions import SecondOpinions


class Judge:
    """Applies passive checks; a check that raises is an error of its requirement alone."""

    def __init__(self, checks: Checks, second_opinions: SecondOpinions, findings: Findings) -> None:
        self._checks = checks
        self._second_opinions = second_opinions
        self._findings = findings
        self._passive: dict[str, list[PassiveCheck]] = defaultdict(list)
        """By operation."""
        for check in checks.passive:
            self._passive[check.operation].append(check)

    def observe(self, exchange: Exchange) -> None:
        """Judge one exchange."""
        violated = []
        for check in (*self._passive[exchange.call.operation], *self._passive[""]):
            try:
                if not check.applies(exchange):
                    continue
                violation = check.judge(exchange)
            except Exception as error:  # noqa: BLE001  # whatever a response makes a check raise, the run goes on
                self._findings.add_error(check.requirement, crashed(error), exchange)
                continue
            self._findings.add(check.requirement, violation, exchange)
            if violation is not None:
                violated.append(check.requirement)
        call, response = exchange.call, exchange.response
        for requirement, reason in self._second_opinions.disagreements(call, response, violated):
            self._findings.add_disagreement(requirement, reason, exchange)


def crashed(error: Exception) -> str:
    """What is said of a check that raised: no text of the exception, which may quote the response."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"the check raised {type(error).__name__} at {frames[-1] if frames else '?'}; please report it"
