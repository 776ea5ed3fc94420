"""A whole run: a plain loop over the requirements, and everything that it found as one value.

1. A run is incomplete in which a deciding requirement is blocked, a documented status was never seen, or no chosen
   requirement decides.
2. A failure takes precedence over an error, and an error over incomplete.
3. A target that never answered as the contract documents is no implementation of it: the run is an error, with one
   cause and no verdict.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from invite_specs import Contract

from invite_conformance.http.client import Client
from invite_conformance.http.exchange import Exchange, Origin
from invite_conformance.http.log import Log
from invite_conformance.http.shell import lines, quoted
from invite_conformance.http.tls import TlsFiles
from invite_conformance.http.transport import Transport
from invite_conformance.judging.catalogue import Catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.diagnosis import causes, doubtful_states, unsent_headers
from invite_conformance.judging.findings import Findings
from invite_conformance.judging.judge import Judge, crashed
from invite_conformance.judging.second_opinions import SecondOpinions
from invite_conformance.judging.verdicts import Verdicts
from invite_conformance.plan import ENGINES, TIME_BOX, Plan
from invite_conformance.result import Conformance, Level, Requirement, Result, Run, Verdict
from invite_conformance.target.addresses import Addresses
from invite_conformance.target.redaction import Redaction
from invite_conformance.target.setup_hook import SetupError
from invite_conformance.target.states import States
from invite_conformance.target.target import Target, TargetError
from invite_conformance.target.target_file import catalogue_of

Progress = Callable[[int, int, str], None]
"""Called with how many requirements are done, of how many, and the id of the next one; at the end with an empty id."""


def run(  # noqa: PLR0913  # the options of the command, which all have defaults
    target: Target,
    *,
    only: Collection[str] = (),
    level: Level = Level.MUST,
    mode: str = "full",
    seed: int | None = None,
    time_box: float | None = None,
    engines: Collection[str] = ENGINES,
    progress: Progress | None = None,
) -> Run:
    """Check a target. Raises as `check`."""
    plan = Plan.chosen(level=level, mode=mode, seed=seed, only=only, engines=engines, time_box=time_box)
    return check(target, plan, progress)


def check(target: Target, plan: Plan, progress: Progress | None = None) -> Run:
    """Check a target as planned.

    Raises LookupError for a contract that the suite does not know, TargetError for a file or proxy that cannot be used.
    """
    runner = Runner(target, plan)
    total = len(runner.requirements)
    try:
        for done, requirement in enumerate(runner.requirements):
            if progress is not None:
                progress(done, total, requirement.id)
            runner.verdict(requirement)
    except BaseException:
        runner.close()
        raise
    if progress is not None:
        progress(total, total, "")
    return runner.finish()


class Runner:
    """One run against one target: gives verdicts one by one, for whichever front end asks, and then the whole."""

    def __init__(self, target: Target, plan: Plan) -> None:
        self.target = target
        self.plan = plan
        self._begun, self._started = time.monotonic(), datetime.now(UTC)
        self._results: dict[str, Result] = {}
        self._catalogue = catalogue_of(target)
        self._verdicts = Verdicts(self._catalogue.checks, context_for(target, plan, self._catalogue))

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """Those of the target's contract, without the ones that --only leaves out; the quickest to check first."""
        chosen = [one for one in self._catalogue.requirements if not self.plan.only or one.id in self.plan.only]
        return tuple(sorted(chosen, key=lambda one: self._verdicts.checks.any_call_shows(one.id)))

    def verdict(self, requirement: Requirement) -> Result:
        """The verdict on a requirement."""
        self._results[requirement.id] = found = self._verdicts.verdict(requirement)
        return found

    def finish(self) -> Run:
        """Restore and take down what the states need, and give everything that was found."""
        context = self._verdicts.context
        self.close()
        log, text = context.client.log, context.findings.redaction.text
        results = tuple(self._result(one, text(log.foreign())) for one in self._catalogue.requirements)
        matrix, undocumented = _coverage(self._catalogue.contract, log.exchanges)
        notices = [*context.findings.notices, *map(text, (*log.notices, *self._doubts()))]
        notices += [_extent(self.target, self._catalogue, matrix)] if self.target.openapi else []
        return Run(
            id=context.run_id,
            seed=self.plan.seed,
            contract=self.target.contract,
            target=self.target.base_url,
            mode=self.plan.mode,
            level=self.plan.level,
            started=self._started.isoformat(timespec="seconds").replace("+00:00", "Z"),
            seconds=time.monotonic() - self._begun,
            requests=log.calls,
            results=results,
            matrix=matrix,
            undocumented=undocumented,
            notices=tuple(dict.fromkeys(notices)),
            causes=causes(self.target, log, context.findings, results),
            conformance=conformance_of(self.plan, results, matrix),
            reproduce=_command(self.target, self.plan),
            only=tuple(self.plan.only),
            bodies=self._verdicts.commands.files,
        )

    def close(self) -> None:
        """Restore what the run changed for good where the target file says so, and take down the states."""
        context = self._verdicts.context
        for restore in self._verdicts.checks.restore:
            try:
                restore(context)
            except Exception as error:  # noqa: BLE001  # the report is written even if restoring fails
                context.findings.notice(f"What the run changed was not put back: {crashed(error)}")
        context.client.close()
        try:
            context.states.close()
        except SetupError as error:
            context.findings.notice(str(error))

    def _doubts(self) -> Iterator[str]:
        context = self._verdicts.context
        yield from unsent_headers(self.target, context.states.credentials(), context.client.log)
        # In mode read-only the client says so as soon as it happens.
        if self.plan.mode != "read-only":
            yield from doubtful_states(self.target, context.client.log)

    def _result(self, requirement: Requirement, foreign: str) -> Result:
        """The verdict, or why there is none; `foreign` says what the target is if it is no implementation."""
        if requirement.id in self._results:
            found = self._results[requirement.id]
            reached = found.verdict is not Verdict.SKIP
            return Result(requirement, Verdict.ERROR, foreign, seconds=found.seconds) if foreign and reached else found
        if self.plan.only and requirement.id not in self.plan.only:
            return Result(requirement, Verdict.SKIP, "not among --only")
        return Result(requirement, Verdict.SKIP, "deselected")


def context_for(target: Target, plan: Plan, catalogue: Catalogue) -> CheckContext:
    """What the checks of a run share. Raises TargetError for a file or proxy that cannot be used."""
    redaction = Redaction(target.secrets, target.redact)
    findings = Findings(redaction)
    states = States(target, redaction)
    opinions = SecondOpinions(catalogue.contract, catalogue.documented)
    judge = Judge(catalogue.checks, opinions, findings)
    documented = {status for one in catalogue.contract.published_operations for status in one.statuses}
    files = TlsFiles(target.ca_file, target.client_cert, target.client_key)
    try:
        transport = Transport(target.base_url, timeout=target.timeout, connect_retries=target.retries, tls_files=files)
    except ValueError as error:
        raise TargetError(f"{target.path}: {error}") from error
    addresses = Addresses(target.email_domain)
    client = Client(target, plan, states, transport, redaction, addresses, Log(documented), judge.observe)
    return CheckContext(catalogue.contract, target, plan, states, client, findings, Origin())


def _coverage(contract: Contract, exchanges: Collection[Exchange]) -> tuple[dict[str, dict[str, int]], tuple[str, ...]]:
    """How often each status of each operation was seen, and those among them that the document does not list."""
    matrix: dict[str, dict[str, int]] = {}
    undocumented: set[int] = set()
    seen: dict[str, Counter[int]] = defaultdict(Counter)
    for one in exchanges:
        if not one.elsewhere:
            seen[one.call.operation][one.status] += 1
    for operation in contract.published_operations:
        counts = seen[operation.id]
        statuses = sorted({*operation.statuses, *counts})
        matrix[f"{operation.method} {operation.path}"] = {str(status): counts[status] for status in statuses}
        undocumented |= {status for status in counts if operation.response(status) is None}
    return matrix, tuple(str(status) for status in sorted(undocumented))


def _extent(target: Target, catalogue: Catalogue, matrix: Mapping[str, Mapping[str, int]]) -> str:
    """How much of a document a run against it alone covers."""
    counts = [count for one in matrix.values() for count in one.values()]
    skipped = catalogue.contract.unusable
    left_out = f", without {len(skipped)} operations that cannot be used" if skipped else ""
    return (
        f"Only what {target.openapi and target.openapi.name} says by itself was checked: {len(catalogue.requirements)} "
        f"requirements of {len(matrix)} operations{left_out}; {sum(map(bool, counts))} of {len(counts)} documented "
        "statuses were answered."
    )


def conformance_of(plan: Plan, results: Sequence[Result], matrix: Mapping[str, Mapping[str, int]]) -> Conformance:
    """What the results of a plan, and how often each documented status was seen, say together."""
    verdicts = [one.verdict for one in results]
    chosen = [one for one in results if not plan.only or one.requirement.id in plan.only]
    deciding = {one.verdict for one in chosen if plan.decides(one.requirement.level)}
    if Verdict.FAIL in verdicts:
        return Conformance.NOT_CONFORMANT
    if Verdict.ERROR in verdicts:
        return Conformance.ERROR
    uncovered = not plan.only and any(0 in counts.values() for counts in matrix.values())
    undecided = not deciding.isdisjoint({Verdict.BLOCKED, Verdict.SKIP})
    nothing = deciding.isdisjoint({Verdict.PASS, Verdict.WAIVED})
    return Conformance.INCOMPLETE if uncovered or undecided or nothing else Conformance.CONFORMANT


def _command(target: Target, plan: Plan) -> str:
    """The command that repeats the run."""
    options = {
        "--target": str(target.path),
        "--base-url": target.base_url,
        "--seed": str(plan.seed),
        "--mode": plan.mode,
        "--level": str(plan.level),
    }
    options |= {"--time-box": f"{plan.time_box:g}s"} if plan.time_box != TIME_BOX else {}
    chunks = ["invite-conformance run", *(f"{name} {quoted(value)}" for name, value in options.items())]
    chunks += ["--i-may-write-to-this-target"] if not target.loopback and plan.mode != "read-only" else []
    chunks += ["--only", *map(quoted, plan.only)] if plan.only else []
    return lines(chunks)
