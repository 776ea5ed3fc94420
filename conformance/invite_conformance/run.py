"""A whole run: the requirements as pytest's tests, in this process, and everything they found out as one value.

1. The tests are those of `pytest --pyargs invite_conformance`; neither the user's pytest configuration nor plugins nor
   conftest files have a say in them.
2. Nothing passes by not happening: a run in which a deciding requirement is blocked, or a documented status was never
   seen, is incomplete.
3. A failure that was shown stands, whatever else went wrong: it comes before an error, and an error before incomplete.
"""

import contextlib
import io
import os
import shlex
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from invite_specs import operations

from invite_conformance.catalogue import catalogue
from invite_conformance.plan import ENGINES, TIME_BOX, Plan
from invite_conformance.plugin import Running
from invite_conformance.result import Conformance, Level, Requirement, Result, Run, Verdict
from invite_conformance.session import Session
from invite_conformance.states import SetupError
from invite_conformance.target import Target
from invite_conformance.verdicts import Verdicts

_HERE = Path(__file__).parent
_TOLD = 2000
"""Characters of pytest's output that are told if the suite failed; the error stands at its end."""


def run(  # noqa: PLR0913  # the options of the command, which all have defaults
    target: Target,
    *,
    only: Collection[str] = (),
    level: Level = Level.MUST,
    mode: str = "full",
    seed: int | None = None,
    time_box: float | None = None,
    engines: Collection[str] = ENGINES,
    progress: Callable[[int, int, str], None] | None = None,
) -> Run:
    """Check a target; `progress` is called with how many requirements are done, of how many, and the next one's id."""
    plan = Plan.chosen(level=level, mode=mode, seed=seed, only=only, engines=engines, time_box=time_box)
    begun, started = time.monotonic(), datetime.now(UTC)
    session = Session(target, plan)
    running = Running(Verdicts(session), progress)
    output = _pytest(running)
    if any(one.id not in running.results for one in running.requirements):
        session.notices.append(f"The suite failed; pytest said: {output[-_TOLD:]}")
    try:
        session.close()
    except SetupError as error:
        session.notices.append(str(error))
    results = tuple(_result(one, plan, running.results) for one in catalogue(target.contract))
    matrix, undocumented = _coverage(session)
    return Run(
        id=session.id,
        seed=plan.seed,
        contract=target.contract,
        target=target.base_url,
        mode=mode,
        level=level,
        started=started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        seconds=time.monotonic() - begun,
        requests=len(session.journal),
        results=results,
        matrix=matrix,
        undocumented=undocumented,
        notices=tuple(dict.fromkeys(session.redaction.text(notice) for notice in session.notices)),
        conformance=_conformance(plan, results, matrix),
        reproduce=_command(target, plan),
    )


def _pytest(running: Running) -> str:
    """Run the tests of this package by themselves; what pytest printed. Raises RuntimeError if it could not."""
    arguments = [
        str(_HERE / "test_requirements.py"),
        f"--config-file={_HERE / 'pytest.ini'}",
        f"--rootdir={_HERE}",
        "--noconftest",
        "--import-mode=importlib",
        "--capture=no",
        "-pno:cacheprovider",
        # They collect garbage five times at the end, which takes longer than a whole quick run.
        "-pno:unraisableexception",
        "-pno:threadexception",
        "-q",
        "-Wignore",
    ]
    output = io.StringIO()
    with _alone(), contextlib.redirect_stdout(output):
        code = pytest.main(arguments, plugins=[running])
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, *{item.exit_code for item in Conformance}}:
        raise RuntimeError(f"pytest ended with {code!r}:\n{output.getvalue()}")
    return output.getvalue()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Without what the environment tells pytest."""
    kept = {name: os.environ.pop(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if name in os.environ}
    autoload = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.update(kept)
        if autoload is None:
            del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        else:
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = autoload


def _result(requirement: Requirement, plan: Plan, results: dict[str, Result]) -> Result:
    if requirement.id in results:
        return results[requirement.id]
    if plan.only and requirement.id not in plan.only:
        return Result(requirement, Verdict.SKIP, "not among --only")
    return Result(requirement, Verdict.ERROR, "the suite failed before it could tell; see the notices")


def _coverage(session: Session) -> tuple[dict[str, dict[str, int]], tuple[str, ...]]:
    """How often each status of each operation was seen, and those among them that the document does not list."""
    matrix: dict[str, dict[str, int]] = {}
    strange: set[int] = set()
    for operation in operations(session.contract.published):
        name = f"{operation.method} {operation.path}"
        seen = Counter(one.status for one in session.journal if one.call.operation == name)
        matrix[name] = {str(status): seen[status] for status in sorted({*operation.statuses, *seen})}
        strange |= seen.keys() - set(operation.statuses)
    return matrix, tuple(str(status) for status in sorted(strange))


def _conformance(plan: Plan, results: tuple[Result, ...], matrix: dict[str, dict[str, int]]) -> Conformance:
    verdicts = [one.verdict for one in results]
    chosen = [one for one in results if not plan.only or one.requirement.id in plan.only]
    deciding = {one.verdict for one in chosen if plan.decides(one.requirement.level)}
    if Verdict.FAIL in verdicts:
        return Conformance.NOT_CONFORMANT
    if Verdict.ERROR in verdicts:
        return Conformance.ERROR
    uncovered = not plan.only and any(0 in counts.values() for counts in matrix.values())
    untold = not deciding.isdisjoint({Verdict.BLOCKED, Verdict.SKIP})
    nothing = not {Verdict.PASS, Verdict.WARN, Verdict.WAIVED}.intersection(verdicts)
    return Conformance.INCOMPLETE if uncovered or untold or nothing else Conformance.CONFORMANT


def _command(target: Target, plan: Plan) -> str:
    """The command that repeats the run."""
    words = ["invite-conformance", "run", "--target", str(target.path), "--base-url", target.base_url]
    words += ["--seed", str(plan.seed), "--mode", plan.mode, "--level", plan.level]
    words += ["--time-box", f"{plan.time_box:g}s"] if plan.time_box != TIME_BOX else []
    words += ["--i-may-write-to-this-target"] if not target.loopback and plan.mode != "read-only" else []
    words += ["--only", *plan.only] if plan.only else []
    return shlex.join(words)
