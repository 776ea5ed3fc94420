"""Many mutants, tried several at a time, each in a copy of the tree of its own."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePath
from queue import SimpleQueue

from mutants.mutant import Mutant
from mutants.workspace import Trial, Workspace

_LEAST = 10.0
_TIMES = 3.0
"""A mutant's tests may take so many seconds, and so many times what they take without it."""


def trials(
    root: Path, mutants: Sequence[Mutant], tests: Mapping[str, Sequence[str]], workers: int
) -> Iterator[tuple[Mutant, Trial]]:
    """Try each mutant against the tests of its module, in order. Raises BaselineError before the first one."""
    free: SimpleQueue[Workspace] = SimpleQueue()

    @contextmanager
    def workspace() -> Iterator[Workspace]:
        one = free.get()
        try:
            yield one
        finally:
            free.put(one)

    def baseline(paths: tuple[str, ...]) -> float:
        with workspace() as one:
            return one.baseline(paths)

    def attempt(mutant: Mutant) -> Trial:
        paths = tests[mutant.module]
        with workspace() as one:
            return one.attempt(mutant, paths, _LEAST + _TIMES * seconds[_outermost(paths)])

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        for number in range(workers):
            free.put(Workspace(root, Path(folder, str(number))))
        distinct = list(dict.fromkeys(_outermost(tests[mutant.module]) for mutant in mutants))
        seconds = dict(zip(distinct, pool.map(baseline, distinct), strict=True))
        yield from zip(mutants, pool.map(attempt, mutants), strict=True)


def _outermost(paths: Sequence[str]) -> tuple[str, ...]:
    """The paths that are not in a folder which is among them too: the nearest tests come first, and again in theirs."""
    return tuple(one for one in paths if not {*map(str, PurePath(one).parents)}.intersection(paths))
