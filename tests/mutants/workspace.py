"""A copy of the tree in which the tests run against one mutant after another."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import monotonic

import pytest
from mutants.mutant import Mutant

_ROOTS = ("specs", "mock", "conformance")


class Outcome(StrEnum):
    """How the tests' run with a mutant ended."""

    KILLED = "killed"
    IMPORT_ERROR = "killed at import"
    """No test could run."""
    TIMEOUT = "killed by the time-out"
    SURVIVED = "survived"


_OUTCOMES = {int(pytest.ExitCode.OK): Outcome.SURVIVED, int(pytest.ExitCode.TESTS_FAILED): Outcome.KILLED}


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of one run of tests."""

    outcome: Outcome
    seconds: float
    first: str = ""
    """The first test that failed."""


class BaselineError(Exception):
    """Tests that do not pass without a mutant cannot judge one."""


class Workspace:
    """A copy of the files of a tree that git does not ignore."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\0")
        for name in filter(None, listed):
            if (root / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, folder / name)

    def baseline(self, tests: Sequence[str]) -> float:
        """The seconds that the tests take without a mutant. Raises BaselineError if they do not pass then."""
        trial = self._run(tests, timeout=None)
        if trial.outcome is not Outcome.SURVIVED:
            raise BaselineError(f"{' '.join(tests)}: without a mutant there are no tests, or they fail: {trial.first}")
        return trial.seconds

    def attempt(self, mutant: Mutant, tests: Sequence[str], timeout: float) -> Trial:
        """Run the tests against a mutant, for at most `timeout` seconds."""
        module = self._folder / mutant.module
        unchanged = module.stat().st_mtime
        module.write_text(mutant.mutated, "utf-8")
        # Python takes a module's bytecode for current by size and by time in whole seconds.
        os.utime(module, (unchanged + 1, unchanged + 1))
        try:
            return self._run(tests, timeout, PYTHONDONTWRITEBYTECODE="1")
        finally:
            module.write_text(mutant.original, "utf-8")
            os.utime(module, (unchanged, unchanged))

    def _run(self, tests: Sequence[str], timeout: float | None, **environment: str) -> Trial:
        options = ["-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-m", "not slow"]
        # The copy comes before the installed package.
        environment["PYTHONPATH"] = os.pathsep.join(str(self._folder / one) for one in _ROOTS)
        started = monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=self._folder,
            env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Trial(Outcome.TIMEOUT, monotonic() - started)
        outcome = _OUTCOMES.get(process.returncode, Outcome.IMPORT_ERROR)
        first = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
        return Trial(outcome, monotonic() - started, first[1] if first else "")
