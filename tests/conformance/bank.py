"""Every server of the tests, one process for all of them, and one run of the suite against one of them."""

import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conformance.faulty import FAULTS
from conformance.listener import Implementation, listening
from conformance.offers import target_file
from conformance.references import known
from conformance.vacuous import VACUOUS
from conformance.variants import VARIANTS
from invite_conformance.result import Run, Verdict
from invite_conformance.run import run
from invite_conformance.target.target_file import load_target

MAKERS: dict[str, Callable[[], Implementation]] = {
    **{name: fault.maker for name, fault in FAULTS.items()},
    **{name: variant.maker for name, variant in VARIANTS.items()},
    **VACUOUS,
}
assert len(MAKERS) == len(FAULTS) + len(VARIANTS) + len(VACUOUS), "two servers have one name"
DIRECTED = ("directed",)
_numbers = itertools.count()


class Bank:
    """The servers, at one address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def fresh(self, name: str) -> str:
        """The base URL of a server, in a state that nobody has touched."""
        return f"{self.url}/{name}~{os.getpid()}-{next(_numbers)}"

    def judged(  # noqa: PLR0913  # what a run can be asked, all with defaults
        self,
        name: str,
        contract: str,
        engines: Collection[str],
        *,
        seed: int = 1,
        time_box: float = 30,
        mode: str = "full",
        **more: Any,
    ) -> Run:
        """What the suite says about a server; `more` goes into the target file."""
        with tempfile.TemporaryDirectory() as folder:
            path = target_file(Path(folder) / "target.yaml", contract, self.fresh(name), **more)
            with known(contract):
                return run(load_target(path, {}), engines=engines, seed=seed, time_box=time_box, mode=mode)


@contextmanager
def bank() -> Iterator[Bank]:
    with listening(MAKERS) as listener:
        yield Bank(listener.url)


def not_satisfied(run: Run) -> set[str]:
    """The requirements that are failed, warned of or in error, without the contract's name."""
    amiss = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}
    return {one.requirement.id.partition(".")[2] for one in run.results if one.verdict in amiss}


def shown(run: Run) -> str:
    """What was not satisfied, and why, to be read where a test fails."""
    return "\n".join(
        f"{one.verdict} {one.requirement.id}: {one.reason}" for one in run.results if one.verdict is not Verdict.PASS
    )


if __name__ == "__main__":
    # A process of its own, for whoever measures: it ends when its standard input does.
    with bank() as serving:
        print(serving.url, flush=True)
        sys.stdin.read()
