"""`make proof`: which faults the suite finds, which correct servers it accuses, and what that costs.

Beside it stock schemathesis, given the id and the key that it needs, over the same servers.
"""

import argparse
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import Pool
from typing import TypeVar

from conformance.bank import DIRECTED, Bank, bank, not_satisfied
from conformance.faulty import FAULTS
from conformance.references import REFERENCE
from conformance.stock import HEAD, OPTIONS, compared
from conformance.vacuous import VACUOUS
from conformance.variants import VARIANTS
from invite_conformance.plan import ENGINES
from invite_conformance.result import Conformance, Level, Verdict

SEEDS = 10
SLICE_SEEDS = 2
PLAIN = {contract: f"correct-{contract.partition('-')[0]}-plain" for contract in REFERENCE}
SEEDED = ("race", "generation", "histories")
"""The engines whose calls depend on the seed."""
_Task = TypeVar("_Task")


@dataclass(frozen=True)
class Judgement:
    """One run of the suite against one server."""

    name: str
    missed: frozenset[str]
    """What the server violates and the run did not find."""
    accused: frozenset[str]
    """What the run reports and the server does not violate."""
    requests: int
    seconds: float


def of_faulty(name: str) -> Judgement:
    fault = FAULTS[name]
    with bank() as servers:
        run = servers.judged(name, fault.contract, {*DIRECTED, *fault.engines})
    found = not_satisfied(run)
    return Judgement(name, fault.violates - found, frozenset(found - fault.violates), run.requests, run.seconds)


def of_variant(task: tuple[str, int]) -> Judgement:
    name, seed = task
    with bank() as servers:
        # Further seeds only need the engines that depend on them.
        engines, time_box = (ENGINES, 30.0) if seed == 1 else (SEEDED, 0.3)
        run = servers.judged(name, VARIANTS[name].contract, engines, seed=seed, time_box=time_box)
    accused = {
        one.requirement.id
        for one in run.results
        if one.verdict in {Verdict.FAIL, Verdict.ERROR}
        or (
            one.verdict is Verdict.WARN
            and one.requirement.level is not Level.NOTE
            and one.requirement.id.partition(".")[2] not in VARIANTS[name].warns
        )
    }
    if run.conformance is not Conformance.CONFORMANT and seed == 1:
        accused |= {f"the run is {run.conformance}"}
    return Judgement(f"{name}, seed {seed}", frozenset(), frozenset(accused), run.requests, run.seconds)


def of_vacuous(task: tuple[str, str]) -> Judgement:
    name, contract = task
    with bank() as servers:
        run = servers.judged(name, contract, DIRECTED, timeout=0.5)
    passed = frozenset({"exit code 0"} if run.conformance is Conformance.CONFORMANT else ())
    return Judgement(f"{name}, {contract}", frozenset(), passed, run.requests, run.seconds)


def judgements(pool: Pool, title: str, judge: Callable[[_Task], Judgement], tasks: Sequence[_Task]) -> list[Judgement]:
    """A judgement for each task; what is wrong is printed as it is found."""
    begun = time.monotonic()
    found = []
    for one in pool.imap_unordered(judge, tasks):
        found.append(one)
        if one.missed or one.accused:
            print(f"  {one.name}: missed {sorted(one.missed)}, accused {sorted(one.accused)}", flush=True)
    print(f"{title}: {len(tasks)} runs in {time.monotonic() - begun:.0f} s", flush=True)
    return found


@contextmanager
def apart() -> Iterator[Bank]:
    """The servers in a process of their own, so that their CPU time is not the suite's."""
    command = [sys.executable, "-m", "conformance.bank"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield Bank(process.stdout.readline().strip())
        process.stdin.close()


def costs(servers: Bank, contracts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Requests and seconds of a run against the reference server, of the directed checks alone and by default."""
    for title, engines in (("directed checks", DIRECTED), ("default", ENGINES)):
        for contract in contracts:
            run = servers.judged(PLAIN[contract], contract, engines)
            yield f"{contract}, {title}", run.conformance.value, f"{run.requests:,}", f"{run.seconds:.1f}"


def score(title: str, runs: Sequence[Judgement], found: str) -> tuple[str, ...]:
    """One line of the table: runs, found, false alarms, and requests and seconds a run."""
    alarms = sum(bool(one.accused) for one in runs)
    requests, seconds = (sum(one.requests for one in runs), sum(one.seconds for one in runs))
    return title, str(len(runs)), found, str(alarms), f"{requests / len(runs):,.0f}", f"{seconds / len(runs):.1f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Text in columns, the first to the left, the others to the right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))])
        for line in lines
    )


def correct_servers() -> int:
    """What CI runs of the proof: 0 if no correct server was accused."""
    tasks = [(name, seed) for name in VARIANTS for seed in range(1, SLICE_SEEDS + 1)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = judgements(pool, "correct servers", of_variant, tasks)
    accused = sum(bool(one.accused) for one in found)
    print(f"{len(found) - accused} passed, {accused} failed")
    return 1 if accused else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; 0 if every fault was found, no correct server accused and no vacuous server passed."""
    parser = argparse.ArgumentParser(prog="proof", description=__doc__)
    parser.add_argument("--short", action="store_true", help="one seed, and stock schemathesis on a few servers only")
    parser.add_argument(
        "--slice", action="store_true", help="every correct server with every engine at two seeds, and nothing else"
    )
    parser.add_argument(
        "--contract",
        choices=PLAIN,
        action="append",
        help="the servers of this contract only, without stock schemathesis",
    )
    options = parser.parse_args(arguments)
    if options.slice:
        return correct_servers()
    short, contracts = options.short, options.contract or [*PLAIN]
    seeds = range(1, 2 if short else SEEDS + 1)
    # Spawned, so that nothing of this process, such as its threads, is in those that judge.
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        faults = judgements(
            pool, "faulty servers", of_faulty, sorted(n for n, one in FAULTS.items() if one.contract in contracts)
        )
        names = [name for name, one in VARIANTS.items() if one.contract in contracts]
        correct = judgements(pool, "correct servers", of_variant, [(name, seed) for name in names for seed in seeds])
        vacuous = judgements(pool, "vacuous servers", of_vacuous, [(name, c) for name in VACUOUS for c in contracts])
    with apart() as servers:
        cost = list(costs(servers, contracts))
        stock = [] if options.contract else [*compared(servers, 24 if short else 6)]
    found = [one for one in faults if not one.missed]
    alarms = [one for one in (*faults, *correct, *vacuous) if one.accused]
    head = ("", "runs", "found", "false alarms", "requests a run", "seconds a run")
    rows = [
        score("faulty servers", faults, str(len(found))),
        score(f"correct servers, {len(seeds)} seed(s) each", correct, "-"),
        score("vacuous servers", vacuous, str(sum(not one.accused for one in vacuous))),
    ]
    print("", table(head, rows), "", sep="\n")
    print(table(("a run against the reference server", "verdict", "requests", "seconds"), cost), "", sep="\n")
    if stock:
        print(
            f"stock schemathesis ({' '.join(OPTIONS)}), given the id and the key that it needs",
            table(HEAD, stock),
            sep="\n",
        )
    return 1 if alarms or len(found) < len(faults) else 0


if __name__ == "__main__":
    sys.exit(main())
