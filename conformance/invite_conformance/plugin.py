"""pytest's side of the suite: each requirement is a test, and the target file is an option.

1. A requirement below the deciding level that is not kept is an expected failure (xfail), one whose state is missing is
   skipped with its reason, the network's or the suite's fault is an error.
2. A run in which a deciding requirement was skipped does not end with 0: it ends with 3, as the command does.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from invite_conformance.catalogue import catalogue
from invite_conformance.plan import Plan
from invite_conformance.result import Conformance, Level, Requirement, Result
from invite_conformance.session import Session
from invite_conformance.states import SetupError
from invite_conformance.target import Target, TargetError, load_target
from invite_conformance.verdicts import Verdicts

UNTOLD = "invite-untold"
"""The property of a test whose requirement decides conformance and could not be told."""


class Running:
    """The run that pytest's tests belong to."""

    def __init__(self, verdicts: Verdicts, progress: Callable[[int, int, str], None] | None = None) -> None:
        self.verdicts = verdicts
        self.results: dict[str, Result] = {}
        self._progress = progress
        self._total = 0

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """Those of the target's contract, without the ones that --only leaves out; the quickest to tell first."""
        session = self.verdicts.session
        only = session.plan.only
        chosen = [one for one in catalogue(session.target.contract) if not only or one.id in only]
        self._total = len(chosen)
        return tuple(sorted(chosen, key=lambda one: session.suite.is_by_sight(one.id)))

    def result(self, requirement: Requirement) -> Result:
        """The verdict on a requirement."""
        if self._progress:
            self._progress(len(self.results), self._total, requirement.id)
        self.results[requirement.id] = found = self.verdicts.verdict(requirement)
        if self._progress and len(self.results) == self._total:
            self._progress(self._total, self._total, requirement.id)
        return found


def pytest_configure(config: pytest.Config) -> None:
    """Let the exit code say what could not be told, and keep the requirements in one process (pytest-xdist).

    A rule looks at all that was asked, and one family's contact is what the last call made it: several processes would
    ask everything several times, and disturb each other.
    """
    config.pluginmanager.register(_ExitCode())
    if getattr(config.option, "dist", "no") in {"load", "worksteal"}:
        config.option.dist = "loadfile"
    if _given(config) is None:
        # A target file that is no good is told before anything is collected.
        _target(config)


class _ExitCode:
    """Remembers, in the process that ends the run, that something could not be told."""

    def __init__(self) -> None:
        self._untold = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._untold = self._untold or (UNTOLD, True) in map(tuple, report.user_properties)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self._untold and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = Conformance.INCOMPLETE.exit_code


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take down what the target's states needed."""
    found = config.stash.get(_RUNNING, None)
    if found is not None:
        try:
            found.verdicts.session.close()
        except SetupError as error:
            raise pytest.UsageError(str(error)) from error


_RUNNING: pytest.StashKey[Running] = pytest.StashKey()


def running_of(config: pytest.Config) -> Running:
    """The run that `invite-conformance run` gives, or else the one that the options ask for."""
    given = _given(config)
    if given is not None:
        return given
    if _RUNNING not in config.stash:
        config.stash[_RUNNING] = Running(Verdicts(_session(config)))
    return config.stash[_RUNNING]


def _given(config: pytest.Config) -> Running | None:
    return next((one for one in config.pluginmanager.get_plugins() if isinstance(one, Running)), None)


def _target(config: pytest.Config) -> Target:
    path: Path | None = config.getoption("--invite-target", None)
    if path is None:
        raise pytest.UsageError("--invite-target FILE is needed; `invite-conformance init` prints one to fill in")
    try:
        target = load_target(path, os.environ, config.getoption("--invite-base-url"))
        target.permit(config.getoption("--invite-mode"), bool(config.getoption("--i-may-write-to-this-target")))
    except TargetError as error:
        raise pytest.UsageError(str(error)) from error
    return target


def _session(config: pytest.Config) -> Session:
    target = _target(config)
    plan = Plan.chosen(
        level=Level(config.getoption("--invite-level")),
        mode=config.getoption("--invite-mode"),
        seed=config.getoption("--invite-seed"),
        time_box=config.getoption("--invite-time-box"),
    )
    return Session(target, plan)
