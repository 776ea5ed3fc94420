"""How hypothesis is used: seeded, bounded, silent, and with no folder of its own beside the user's files."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import HypothesisException
from hypothesis.reporting import with_reporter
from hypothesis.strategies import characters

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "invite-conformance"
"""Where hypothesis keeps its tables of Unicode, which take seconds to make."""


class FoundError(Exception):
    """What is sought was found; hypothesis makes what raised it smaller."""


class Over(BaseException):
    """The search ends at once, since hypothesis lets pass what is no Exception; its cause, if any, is raised then."""


# Hypothesis draws on the constants of modules that are not installed as packages, such as a user's conftest.py: one
# seed makes the same calls where the same of those are loaded, as one command does.


def bounds(examples: int, *, shrink: bool, steps: int = 50) -> settings:
    """Settings of a search that makes at most that many examples, of at most that many steps."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        report_multiple_bugs=False,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )


def prepare() -> None:
    """Build hypothesis's tables, which takes seconds where none are cached, before a clock runs."""
    # Else it makes a folder `.hypothesis` where the user happens to be.
    set_hypothesis_home_dir(_CACHE)
    characters(codec="utf-8", exclude_categories=["Cs"]).validate()


def too_late(seconds: float) -> str:
    """The notice that a time box ran out."""
    return (
        f"The time box of {seconds:g} s ended before every generated request was sent: give a longer --time-box for "
        "the same calls on every machine."
    )


def search(test: Callable[[], None]) -> None:
    """Run a test of hypothesis to its end and raise the cause of Over, if that ended it.

    Nothing is printed: what hypothesis and schemathesis print may hold a token.
    """
    prepare()
    with with_reporter(_silent), contextlib.suppress(FoundError, HypothesisException):
        try:
            test()
        except Over as over:
            if over.__cause__ is not None:
                raise over.__cause__ from None


def _silent(_: object) -> None:
    """Say nothing."""
