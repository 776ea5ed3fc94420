"""From what was found to a verdict: runs the probes that a requirement needs, repeats what failed, and concludes.

1. A flaw found is a failure whatever else happened, unless the oracles doubt it; an error comes before silence; silence
   is never a pass, nor is a probe that was cut short.
2. A failure is repeated with fresh data: where some tries keep the requirement it is intermittent, and its rate is
   told.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from invite_conformance.checks import Probe
from invite_conformance.exchange import Seen
from invite_conformance.result import Failure, Requirement, Result, Verdict
from invite_conformance.session import Finding, Session, flaws
from invite_conformance.states import Deselected, NotInMode, SetupError, Unmet
from invite_conformance.wire import WireError

_STEADY = 45
"""Runs of a steady probe by the engine `repetition`: one fault in ten answers escapes once in a hundred times."""
_CONFIRM = 3
"""Runs of a probe that found a flaw, before the flaw is taken for steady."""
_ESTIMATE = 20
"""Runs of a probe whose flaw came and went, for an estimate of its rate."""
_TOLD = 3
"""Failures of one requirement that are told."""


class Verdicts:
    """Gives the verdict on one requirement after the other; what was asked of the target once is not asked again."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._runs: dict[str, int] = defaultdict(int)
        self._unmet: dict[str, Unmet] = {}
        self._errors: dict[str, Exception] = {}

    def verdict(self, requirement: Requirement) -> Result:
        """The verdict, with regard to the target file's waivers."""
        begun = time.monotonic()
        probes = [probe for probe in self.session.suite.probes_for(requirement.id) if self._chosen(probe)]
        for probe in probes:
            self._run_first(probe)
        self._survey(requirement)
        self._confirm(requirement.id, probes)
        verdict, reason, failures = self._conclude(requirement, probes)
        return self._waived(Result(requirement, verdict, reason, failures, time.monotonic() - begun))

    def _chosen(self, probe: Probe) -> bool:
        plan = self.session.plan
        return probe.engine in plan.engines and not (probe.heavy and plan.mode != "full")

    def _run_first(self, probe: Probe) -> None:
        if self._runs[probe.name]:
            return
        if probe.engine in {"generation", "histories"}:
            # They seek what the directed probes do not show, so they must know what those do.
            for other in self.session.suite.probes:
                if other.engine == "directed" and self._chosen(other):
                    self._run_first(other)
        self._run(probe)
        plan = self.session.plan
        if probe.steady and plan.mode == "full" and "repetition" in plan.engines:
            while self._runs[probe.name] < _STEADY and self._able(probe):
                self._run(probe)

    def _able(self, probe: Probe) -> bool:
        return probe.name not in self._unmet and probe.name not in self._errors

    def _run(self, probe: Probe, turn: int | None = None) -> None:
        run = self._runs[probe.name]
        self._runs[probe.name] += 1
        try:
            with self.session.running(probe.name, run, turn=turn):
                probe.make(self.session)
        except Unmet as unmet:
            # What can be had now and then, because the target fails now and then, is told by what was found.
            if run == 0:
                self._unmet[probe.name] = unmet
        except (WireError, SetupError) as error:
            self._errors[probe.name] = error

    def _survey(self, requirement: Requirement) -> None:
        for survey in self.session.suite.surveys:
            if survey.requirement == requirement.id and not self.session.findings[requirement.id]:
                told = survey.flaw(tuple(self.session.journal))
                if told is True:
                    self.session.find(requirement.id, None, None)
                elif told:
                    self.session.find(requirement.id, *told)

    def _confirm(self, requirement: str, probes: list[Probe]) -> None:
        """Repeat a call that broke the requirement, unless it was made often enough to tell how steadily it does."""
        broken = self._broken(requirement)
        if broken is None:
            return
        probe = next((one for one in probes if one.name == broken.probe and one.engine == "directed"), None)
        for enough in (_CONFIRM, _ESTIMATE):
            while self._runs[broken.probe] < enough and self._again(broken, probe):
                pass
            if self._share(requirement, broken) == 1:
                return

    def _again(self, broken: Seen, probe: Probe | None) -> bool:
        """Make a call again with fresh data, by itself or with the whole probe; gives whether that is possible."""
        if probe is not None:
            self._run(probe, broken.turn)
            return self._able(probe)
        if broken.call.renew is None:
            return False
        self._runs[broken.probe] += 1
        try:
            with self.session.running(broken.probe, self._runs[broken.probe], broken.position, broken.turn):
                self.session.send(broken.call.renew())
        except (Unmet, WireError):
            return False
        return True

    def _broken(self, requirement: str) -> Seen | None:
        """The call that broke a requirement: of several, one of the probe that ran most often."""
        seen = [finding.seen for finding in flaws(self.session.findings[requirement]) if finding.seen]
        return max(seen, key=lambda one: self._runs[one.probe], default=None)

    def _share(self, requirement: str, broken: Seen) -> float:
        """The share of its probe's runs in which a call broke the requirement."""
        runs: dict[int, bool] = {}
        for finding in self.session.findings[requirement]:
            seen = finding.seen
            if seen and _place(seen) == _place(broken):
                runs[seen.run] = runs.get(seen.run, False) or finding.flaw is not None
        return sum(runs.values()) / len(runs)

    def _conclude(self, requirement: Requirement, probes: list[Probe]) -> tuple[Verdict, str, tuple[Failure, ...]]:
        findings = self.session.findings[requirement.id]
        if requirement.id in self.session.doubts:
            return Verdict.ERROR, f"the oracles disagree {self.session.doubts[requirement.id]}", ()
        failures = tuple(self._failures(requirement.id, findings))
        if failures:
            decides = self.session.plan.decides(requirement.level)
            return (Verdict.FAIL if decides else Verdict.WARN), "", failures
        errors = [self._errors[probe.name] for probe in probes if probe.name in self._errors]
        by_name = any(requirement.id in probe.requirements for probe in probes if probe.name in self._errors)
        if errors and (by_name or not findings):
            return Verdict.ERROR, str(errors[0]), ()
        cut_short = self._cut_short(requirement.id, probes)
        if findings and not cut_short:
            return Verdict.PASS, "", ()
        unmet = cut_short or [self._unmet[probe.name] for probe in probes if probe.name in self._unmet]
        if not probes or (unmet and all(isinstance(one, Deselected) for one in unmet)):
            reason = str(unmet[0]) if unmet else f"nothing checks it in mode {self.session.plan.mode}"
            return Verdict.SKIP, reason, ()
        missing = [str(one) for one in unmet if not isinstance(one, Deselected)]
        return Verdict.BLOCKED, (missing or ["no answer was seen that it speaks of"])[0], ()

    def _cut_short(self, requirement: str, probes: list[Probe]) -> list[Unmet]:
        """Why probes that name a requirement did not come to the end of their first run.

        What the mode leaves out does not count where another such probe came to its end, or any call can tell.
        """
        naming = [probe.name for probe in probes if requirement in probe.requirements]
        unmet = [self._unmet[name] for name in naming if name in self._unmet]
        enough = self.session.suite.is_by_sight(requirement) or len(unmet) < len(naming)
        return [one for one in unmet if not (enough and isinstance(one, NotInMode))]

    def _failures(self, requirement: str, findings: list[Finding]) -> Iterator[Failure]:
        """An intermittent flaw with its rate over everything that was seen, or else the smallest of each kind."""
        broken = self._broken(requirement)
        told: set[tuple[str, int, int | None]] = set()
        for finding in sorted(flaws(findings), key=_size):
            flaw, seen = finding.flaw, finding.seen
            key = _place(seen) if seen else ("", len(told), None)
            if flaw is None or key in told or len(told) == _TOLD:
                continue
            told.add(key)
            failure = Failure(requirement, flaw.expected, flaw.received, seen.exchange if seen else None)
            if broken and self._share(requirement, broken) < 1:
                # Where several had their turn, what others got says nothing of the one that failed.
                alike = [one for one in findings if broken.turn is None or (one.seen and _same_turn(one.seen, broken))]
                yield replace(failure, rate=len(flaws(alike)) / len(alike))
                return
            yield failure

    def _waived(self, result: Result) -> Result:
        """The result with regard to the target file's waivers."""
        for waiver in self.session.target.waivers:
            if waiver.requirement != result.requirement.id:
                continue
            place = f"{self.session.target.path}:{waiver.line}"
            if result.verdict is Verdict.PASS:
                self.session.notices.append(f"{place}: the waiver of {waiver.requirement} can go: it is kept now.")
            elif result.verdict in {Verdict.FAIL, Verdict.WARN}:
                if waiver.expires >= datetime.now(UTC).date():
                    return replace(
                        result, verdict=Verdict.WAIVED, reason=f"waived until {waiver.expires}: {waiver.reason}"
                    )
                self.session.notices.append(
                    f"{place}: the waiver of {waiver.requirement} expired on {waiver.expires}: mend the server, or "
                    "decide anew."
                )
        return result


def _place(seen: Seen) -> tuple[str, int, int | None]:
    """Which call of which probe it was, whatever the run."""
    return seen.probe, seen.position, seen.turn


def _same_turn(one: Seen, other: Seen) -> bool:
    return (one.probe, one.turn) == (other.probe, other.turn)


def _size(finding: Finding) -> int:
    """The length of the request's body."""
    return len(finding.seen.call.body or b"") if finding.seen else 0
