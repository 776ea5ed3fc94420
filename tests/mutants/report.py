"""What became of the mutants, as text."""

from collections import Counter
from collections.abc import Mapping, Sequence

from mutants.mutant import Mutant
from mutants.workspace import Outcome


def score(outcomes: Sequence[Outcome]) -> float:
    """The per cent of the mutants that the tests killed."""
    return 100 * sum(one is not Outcome.SURVIVED for one in outcomes) / len(outcomes)


def render(outcomes: Sequence[tuple[Mutant, Outcome]], seed: int, survivors: Sequence[Mapping[str, str]]) -> str:
    """The score, and each survivor with its diff and, if there is one, the reason why no test kills it."""
    counts = Counter(outcome for _, outcome in outcomes)
    parts = ", ".join(f"{counts[one]} {one}" for one in Outcome if counts[one])
    lines = [f"{len(outcomes)} mutants of seed {seed}: {parts}. Score: {score([one for _, one in outcomes]):.1f} %."]
    for mutant in sorted(
        (mutant for mutant, outcome in outcomes if outcome is Outcome.SURVIVED), key=lambda one: (one.module, one.line)
    ):
        removed, added = mutant.changes
        lines += ["", f"{mutant.module}:{mutant.line}  {mutant.operator}"]
        lines += [f"  - {line}" for line in removed] + [f"  + {line}" for line in added]
        lines += [f"  reason: {one['reason']}" for one in survivors if _is(one, mutant)]
    unused = [one for one in survivors if not any(_is(one, mutant) for mutant, _ in outcomes)]
    lines += [f"\nNot in this sample: {one['module']}: {one['was']}" for one in unused]
    return "\n".join(lines) + "\n"


def _is(survivor: Mapping[str, str], mutant: Mutant) -> bool:
    removed, added = (" ".join(" ".join(lines).split()) for lines in mutant.changes)
    return (survivor["module"], survivor["was"], survivor["becomes"]) == (mutant.module, removed, added)
