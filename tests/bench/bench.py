"""`make bench`: the mock beside stock connexion and bare ASGI, in one run, on loopback.

1. Rounds are interleaved and medians quoted, ratios are taken within a round: a noisy machine slows all alike.
2. Each round starts each server again, so that none carries state of an earlier round.
3. Any answer but 201 makes the run fail: it would measure something else.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from . import table
from .load import CONNECTIONS, Load, LoadError, Locust, Wrk, generator
from .measured import Measured
from .subject import Running, Subject, SubjectError, subjects

_WARM_UP = 1
"""Seconds of load before those that are measured."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code is 0, or 1 if what was measured is not what was to be measured."""
    options = _parser().parse_args(arguments)
    if options.short:
        options.rounds, options.seconds, options.starts = 1, 2, 0
    started = time.monotonic()
    try:
        load = generator(options.generator)
        print(
            f"POST with new emails, {CONNECTIONS} keep-alive connections by {load.name}, {options.rounds} rounds of"
            f" {options.seconds} s on Python {platform.python_version()}, {os.cpu_count()} processors"
        )
        print(
            "mock: invite-mock serve --quiet; stock: connexion, its validation, any key allowed, no state; bare: ASGI"
        )
        with tempfile.TemporaryDirectory() as folder:
            measured = _measure(subjects(Path(folder)), load, options)
    except (LoadError, SubjectError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(f"\n{table.figures(measured)}\n")
    print(*table.wanted(measured), sep="\n")
    print(*table.unhurried(measured), f"Took {time.monotonic() - started:.0f} s.", sep="\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=main.__doc__)
    parser.add_argument("--rounds", type=_positive, default=4, help="rounds of load (default: %(default)s)")
    parser.add_argument(
        "--seconds", type=_positive, default=5, help="seconds of load a server and round (default: %(default)s)"
    )
    parser.add_argument("--starts", type=int, default=5, help="starts beside those of rounds (default: %(default)s)")
    parser.add_argument("--short", action="store_true", help="one round of two seconds, no further starts")
    parser.add_argument("--generator", choices=["wrk", "locust"], help="(default: wrk if it is installed, else locust)")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _measure(measurable: Sequence[Subject], load: Wrk | Locust, options: argparse.Namespace) -> dict[str, Measured]:
    measured = {subject.name: Measured() for subject in measurable}
    for subject in measurable:
        # Not counted: the first start of a fresh clone compiles bytecode.
        subject.start().stop()
    for _ in range(options.rounds):
        for subject in measurable:
            with subject.start() as running:
                _load(running, load, options.seconds, measured[subject.name])
    for _ in range(options.starts):
        for subject in measurable:
            with subject.start() as running:
                measured[subject.name].first_answers.append(running.first_answer)
    return measured


def _load(running: Running, load: Wrk | Locust, seconds: int, into: Measured) -> None:
    into.first_answers.append(running.first_answer)
    into.rss_idle.append(running.rss())
    warm = _checked(running, load.run(running.port, _WARM_UP, "warms"))
    before = running.cpu()
    found = _checked(running, load.run(running.port, seconds, "loads"))
    after = running.cpu()
    into.rates.append(found.rate)
    into.p50.append(found.p50)
    into.p99.append(found.p99)
    into.rss.append(running.rss())
    into.created.append(1 + warm.requests + found.requests)
    if before is not None and after is not None:
        into.cpu.append((after - before) / found.requests * 1e6)
        into.busy.append((after - before) / found.seconds)


def _checked(running: Running, found: Load) -> Load:
    if found.bad or not found.requests:
        raise LoadError(f"{running.name}: {found.bad} of {found.requests} requests were not answered with 201")
    return found


if __name__ == "__main__":
    sys.exit(main())
