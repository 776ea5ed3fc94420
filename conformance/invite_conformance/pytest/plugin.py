"""pytest's side of the suite: each requirement is a test, and the target file is an option.

1. A requirement below the deciding level that is not satisfied is an expected failure (xfail), one whose state is
   missing is skipped with its reason, the network's or the suite's fault is an error.
2. A run in which a deciding requirement was skipped does not end with 0: it ends with 3, as the command does.
"""

import os
from pathlib import Path

import pytest

from invite_conformance.plan import Plan
from invite_conformance.report.text import flat, inert
from invite_conformance.result import Conformance, Level
from invite_conformance.run import Runner
from invite_conformance.target.target import Target, TargetError
from invite_conformance.target.target_file import load_target

UNDECIDED = "invite-undecided"
"""The property of a test whose requirement decides conformance and reached no verdict."""


def pytest_configure(config: pytest.Config) -> None:
    """Let the exit code say what reached no verdict, and keep the requirements in one process (pytest-xdist).

    Passive checks see every exchange and checks share the server's state, so xdist workers would disturb each other.
    """
    config.pluginmanager.register(_ExitCode())
    if getattr(config.option, "dist", "no") in {"load", "worksteal"}:
        config.option.dist = "loadfile"
    # An unusable target file is reported before anything is collected.
    _target(config)


class _ExitCode:
    """Remembers, in the process that ends the run, that something reached no verdict."""

    def __init__(self) -> None:
        self._undecided = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._undecided = self._undecided or (UNDECIDED, True) in map(tuple, report.user_properties)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self._undecided and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = Conformance.INCOMPLETE.exit_code


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put back what the target file says, and take down what the states needed."""
    runner = config.stash.get(_RUNNER, None)
    if runner is not None:
        run = runner.finish()
        for said in (*(f"cause: {cause.text}" for cause in run.causes), *run.notices):
            print(inert(f"invite-conformance: {flat(said)}"))


_RUNNER: pytest.StashKey[Runner] = pytest.StashKey()


def runner_of(config: pytest.Config) -> Runner:
    """The run that the options ask for."""
    if _RUNNER not in config.stash:
        config.stash[_RUNNER] = Runner(_target(config), _plan(config))
    return config.stash[_RUNNER]


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


def _plan(config: pytest.Config) -> Plan:
    return Plan.chosen(
        level=Level(config.getoption("--invite-level")),
        mode=config.getoption("--invite-mode"),
        seed=config.getoption("--invite-seed"),
        time_box=config.getoption("--invite-time-box"),
    )
