"""`make mutants`: how many of a seeded sample of mutants are killed by the tests of their modules."""

import argparse
import json
import sys
import tomllib
from itertools import islice
from pathlib import Path
from typing import Any

from mutants.mirror import mirror_of
from mutants.mutation import sample
from mutants.report import render, score
from mutants.trials import trials
from mutants.workspace import BaselineError, Outcome

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(__file__).with_name("mutants.toml")
RESULTS = ROOT / "build" / "mutants"


def main() -> int:
    """Run the command; 0 if as many were killed as the configuration wants, 1 if fewer, 2 if nothing can be said."""
    configuration = tomllib.loads(CONFIGURATION.read_text("utf-8"))
    options = _options(configuration)
    modules = sorted({str(one.relative_to(ROOT)) for pattern in options.sources for one in ROOT.glob(pattern)})
    mutants = list(islice(sample(ROOT, modules, options.seed), options.sample))
    if not mutants:
        print(f"mutants: no module fits {' '.join(options.sources)}", file=sys.stderr)
        return 2
    log = RESULTS / "outcomes.jsonl"
    known = _killed(log) if options.resume else {}
    pending = [mutant for mutant in mutants if mutant.key not in known]
    tests = {module: mirror_of(module, ROOT, configuration["tests"]) for module in modules}
    RESULTS.mkdir(parents=True, exist_ok=True)
    try:
        with log.open("a" if options.resume else "w", encoding="utf-8") as file:
            for number, (mutant, trial) in enumerate(trials(ROOT, pending, tests, options.workers), 1):
                known[mutant.key] = trial.outcome
                print(json.dumps({"key": mutant.key, "outcome": trial.outcome}), file=file, flush=True)
                found = f"{trial.outcome} {trial.first}".strip()
                print(f"{number}/{len(pending)} {mutant.module}:{mutant.line} {mutant.operator}: {found}", flush=True)
    except BaselineError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    outcomes = [(mutant, known[mutant.key]) for mutant in mutants]
    report = render(outcomes, options.seed, configuration.get("survivor", []))
    (RESULTS / "report.txt").write_text(report, "utf-8")
    print(report, end="")
    return int(score([outcome for _, outcome in outcomes]) < configuration["wanted"])


def _options(configuration: dict[str, Any]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants MUTANTS=...", description=__doc__)
    parser.add_argument(
        "sources", nargs="*", default=configuration["sources"], help="patterns of the modules to change"
    )
    for name in ("sample", "seed", "workers"):
        parser.add_argument(f"--{name}", type=int, default=configuration[name], help="default: %(default)s")
    parser.add_argument("--resume", action="store_true", help="do not try again what an earlier run killed")
    return parser.parse_args()


def _killed(log: Path) -> dict[str, Outcome]:
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    known = {one["key"]: Outcome(one["outcome"]) for one in map(json.loads, lines)}
    return {key: outcome for key, outcome in known.items() if outcome is not Outcome.SURVIVED}


if __name__ == "__main__":
    sys.exit(main())
