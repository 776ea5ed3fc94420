"""From findings to a verdict: has the active checks run that a requirement needs, what failed repeated, and concludes.

1. A violation found is a failure whatever else happened, unless other validators disagree; an error comes before
   silence; silence is never a pass, nor is a check that was cut short.
2. A failure is repeated with fresh data: where some runs satisfy the requirement it is intermittent, and its rate is
   reported.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from invite_conformance.http.commands import Commands
from invite_conformance.http.exchange import Exchange, Origin
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.execution import Execution
from invite_conformance.judging.findings import CheckError, Finding
from invite_conformance.judging.judge import crashed
from invite_conformance.judging.registry import ActiveCheck, Checks
from invite_conformance.result import Failure, Requirement, Result, Verdict
from invite_conformance.target.states import Blocked, Deselected, NotInMode

_CONFIRM = 3
"""Runs of a check that found a violation, before the fault is taken for permanent."""
_ESTIMATE = 20
"""Runs of a check whose violation came and went, for an estimate of its rate."""
_SHOWN = 3
"""Failures of one requirement that are shown."""


@dataclass
class Verdicts:
    """Gives the verdict on one requirement after the other; no check runs twice for two requirements."""

    checks: Checks
    context: CheckContext
    """That of no check."""
    execution: Execution = field(init=False)
    commands: Commands = field(init=False)

    def __post_init__(self) -> None:
        self.execution = Execution(self.checks.active, self.context)
        client = self.context.client
        self.commands = Commands(client.target, client.redaction, client.addresses, client.plan.bodies)

    def verdict(self, requirement: Requirement) -> Result:
        """The verdict, with regard to the target file's waivers."""
        begun = time.monotonic()
        checks = [check for check in self.checks.active_for(requirement.id) if self.execution.chosen(check)]
        for check in checks:
            self.execution.run_first(check)
        self._judge_aggregates(requirement)
        self._confirm(requirement.id, checks)
        return self._waived(replace(self._conclude(requirement, checks), seconds=time.monotonic() - begun))

    def _judge_aggregates(self, requirement: Requirement) -> None:
        findings = self.context.findings
        for check in self.checks.aggregate:
            if check.requirement == requirement.id and not findings.of(requirement.id):
                try:
                    judged = check.judge(tuple(self.context.client.log.exchanges))
                except Exception as error:  # noqa: BLE001  # as for the other checks
                    findings.add_error(requirement.id, crashed(error), None)
                    continue
                if judged is True:
                    findings.add(requirement.id, None, None)
                elif judged:
                    findings.add(requirement.id, *judged)

    def _confirm(self, requirement: str, checks: list[ActiveCheck]) -> None:
        """Repeat a call that violated the requirement, unless it was made often enough to estimate the rate."""
        violating = self._violating(requirement)
        if violating is None:
            return
        origin = violating.origin
        check = next((one for one in checks if one.name == origin.check and one.engine == "directed"), None)
        for enough in (_CONFIRM, _ESTIMATE):
            while self.execution.runs[origin.check] < enough and self._again(violating, check):
                pass
            if self._share(requirement, origin) == 1:
                return

    def _again(self, violating: Exchange, check: ActiveCheck | None) -> bool:
        """Make a call again with fresh data, by itself or with the whole check; gives whether that is possible."""
        if check is None:
            return self.execution.send_again(violating)
        self.execution.run(check, violating.origin.choice)
        return self.execution.able(check)

    def _violating(self, requirement: str) -> Exchange | None:
        """The exchange that violated a requirement: of several, one of the check that ran most often."""
        found = [finding.exchange for finding in self.context.findings.violations_of(requirement) if finding.exchange]
        return max(found, key=lambda one: self.execution.runs[one.origin.check], default=None)

    def _share(self, requirement: str, origin: Origin) -> float:
        """The share of a check's runs in which the call at that position violated the requirement."""
        runs: dict[int, bool] = {}
        for finding in self.context.findings.of(requirement):
            exchange = finding.exchange
            if exchange and _place(exchange) == _place_of(origin):
                run = exchange.origin.run
                runs[run] = runs.get(run, False) or finding.violation is not None
        return sum(runs.values()) / len(runs)

    def _conclude(self, requirement: Requirement, checks: list[ActiveCheck]) -> Result:
        findings = self.context.findings.of(requirement.id)
        if doubted := self.context.findings.disagreements.get(requirement.id):
            return self._error(requirement, doubted)
        failures = tuple(self._failures(requirement.id, findings))
        if failures:
            decides = self.context.plan.decides(requirement.level)
            return Result(requirement, Verdict.FAIL if decides else Verdict.WARN, failures=failures)
        if crash := self.context.findings.errors.get(requirement.id):
            return self._error(requirement, crash)
        return self._conclude_without_violation(requirement, checks)

    def _conclude_without_violation(self, requirement: Requirement, checks: list[ActiveCheck]) -> Result:
        findings, blocked_checks = self.context.findings.of(requirement.id), self.execution.blocked
        errors = [self.execution.errors[check.name] for check in checks if check.name in self.execution.errors]
        by_name = any(requirement.id in check.requirements for check in checks if check.name in self.execution.errors)
        if errors and (by_name or not findings):
            return Result(requirement, Verdict.ERROR, errors[0])
        cut_short = self._cut_short(requirement.id, checks)
        if findings and not cut_short:
            return Result(requirement, Verdict.PASS)
        blocked = cut_short or [blocked_checks[check.name] for check in checks if check.name in blocked_checks]
        if not checks or (blocked and all(isinstance(one, Deselected) for one in blocked)):
            reason = str(blocked[0]) if blocked else f"nothing checks it in mode {self.context.plan.mode}"
            return Result(requirement, Verdict.SKIP, reason)
        missing = [str(one) for one in blocked if not isinstance(one, Deselected)]
        return Result(requirement, Verdict.BLOCKED, (missing or ["no response was seen to which it applies"])[0])

    def _cut_short(self, requirement: str, checks: list[ActiveCheck]) -> list[Blocked]:
        """Why checks that name a requirement did not come to the end of their first run.

        What the mode leaves out does not count where another such check came to its end, or any call can show it.
        """
        naming = [check.name for check in checks if requirement in check.requirements]
        blocked = [self.execution.blocked[name] for name in naming if name in self.execution.blocked]
        enough = self.checks.any_call_shows(requirement) or len(blocked) < len(naming)
        return [one for one in blocked if not (enough and isinstance(one, NotInMode))]

    def _failures(self, requirement: str, findings: list[Finding]) -> Iterator[Failure]:
        """An intermittent violation with its rate over all findings, or else the smallest of each call."""
        violating = self._violating(requirement)
        shown: set[tuple[str, int, int | None]] = set()
        for finding in sorted(self.context.findings.violations_of(requirement), key=_size):
            violation, exchange = finding.violation, finding.exchange
            key = _place(exchange) if exchange else ("", len(shown), None)
            if violation is None or key in shown or len(shown) == _SHOWN:
                continue
            shown.add(key)
            failure = Failure(
                requirement,
                violation.expected,
                violation.received,
                exchange.records if exchange else (),
                command=self.commands.of(exchange.steps if exchange else ()),
            )
            if violating and self._share(requirement, violating.origin) < 1:
                # Where several choices were tried, what the others got says nothing about the one that failed.
                alike = [
                    one
                    for one in findings
                    if violating.origin.choice is None or (one.exchange and _same_choice(one.exchange, violating))
                ]
                yield replace(failure, rate=sum(one.violation is not None for one in alike) / len(alike))
                return
            yield failure

    def _error(self, requirement: Requirement, error: CheckError) -> Result:
        steps = error.exchange.steps if error.exchange else ()
        return Result(
            requirement,
            Verdict.ERROR,
            error.reason,
            exchanges=tuple(one.record for one in steps),
            command=self.commands.of(steps),
        )

    def _waived(self, result: Result) -> Result:
        """The result with regard to the target file's waivers."""
        target, notice = self.context.target, self.context.findings.notice
        for waiver in target.waivers:
            if waiver.requirement != result.requirement.id:
                continue
            place = f"{target.path}:{waiver.line}"
            if result.verdict is Verdict.PASS:
                notice(f"{place}: remove the waiver of {waiver.requirement}: the requirement is satisfied now.")
            elif result.verdict in {Verdict.FAIL, Verdict.WARN}:
                if waiver.expires >= datetime.now(UTC).date():
                    reason = f"waived until {waiver.expires}: {waiver.reason}"
                    return replace(result, verdict=Verdict.WAIVED, reason=reason)
                notice(
                    f"{place}: the waiver of {waiver.requirement} expired on {waiver.expires}: fix the server, or set "
                    "another date."
                )
        return result


def _place(exchange: Exchange) -> tuple[str, int, int | None]:
    """Which call of which check it was, whatever the run."""
    return _place_of(exchange.origin)


def _place_of(origin: Origin) -> tuple[str, int, int | None]:
    return origin.check, origin.position, origin.choice


def _same_choice(one: Exchange, other: Exchange) -> bool:
    return (one.origin.check, one.origin.choice) == (other.origin.check, other.origin.choice)


def _size(finding: Finding) -> int:
    """The length of the request's body."""
    return len(finding.exchange.call.body or b"") if finding.exchange else 0
