"""What a run says, in the words that every format uses: counts, the conclusion, and where a requirement stands."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from invite_specs import contract

from invite_conformance.result import Conformance, Failure, Level, Requirement, Result, Run, Verdict

ORDER = (Verdict.FAIL, Verdict.ERROR, Verdict.BLOCKED, Verdict.WARN, Verdict.WAIVED, Verdict.SKIP, Verdict.PASS)
"""Verdicts, the one to look at first in front."""
_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)", re.ASCII)
"""What stands for a secret in a header that is shown."""


def ordered(run: Run) -> list[Result]:
    """The results, those to look at first in front, else in the catalogue's order."""
    return sorted(run.results, key=lambda result: ORDER.index(result.verdict))


def decides(requirement: Requirement, run: Run) -> bool:
    """Whether the requirement decides the run's conformance."""
    levels = list(Level)
    return levels.index(requirement.level) <= levels.index(run.level)


def tally(run: Run) -> dict[Level, Counter[Verdict]]:
    """The number of results by level and verdict; a level without requirements is left out."""
    found: dict[Level, Counter[Verdict]] = {level: Counter() for level in Level}
    for result in run.results:
        found[result.requirement.level][result.verdict] += 1
    return {level: counts for level, counts in found.items() if counts}


def counted(counts: Counter[Verdict]) -> str:
    """Such as `2 fail, 1 blocked, 46 pass`."""
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in ORDER if counts[verdict])


def unseen(run: Run) -> list[str]:
    """The documented statuses that were never answered, such as `409 of POST /clients/{clientId}/invites`."""
    return [
        f"{status} of {operation}"
        for operation, counts in run.matrix.items()
        for status, count in counts.items()
        if not count
    ]


def conclusion(run: Run) -> str:
    """The run in a sentence or two."""
    of = Counter(result.verdict for result in run.results if decides(result.requirement, run))
    named = " and ".join(level.upper() for level in list(Level)[: list(Level).index(run.level) + 1])
    checked = of.total() - of[Verdict.SKIP]
    total = f"{checked} {named} requirement{'' if checked == 1 else 's'}"
    if run.conformance is Conformance.CONFORMANT:
        waived = f", {of[Verdict.WAIVED]} waived" if of[Verdict.WAIVED] else ""
        below = Counter(result.verdict for result in run.results)[Verdict.WARN]
        text = f"{total if checked else 'no requirement that decides'} checked, none broken{waived}." + (
            f" {below} below that level warn." if below else ""
        )
    elif run.conformance is Conformance.NOT_CONFORMANT:
        undecided = of[Verdict.BLOCKED] + of[Verdict.ERROR]
        text = f"{of[Verdict.FAIL]} of {total} {'is' if of[Verdict.FAIL] == 1 else 'are'} not kept"
        text += f", {undecided} could not be checked." if undecided else "."
    elif run.conformance is Conformance.INCOMPLETE:
        missing = [f"{of[verdict]} {verdict}" for verdict in (Verdict.BLOCKED, Verdict.SKIP) if of[verdict]]
        missing += [f"never answered: {', '.join(unseen(run))}"] if unseen(run) else []
        text = f"nothing broken, but not everything was checked: {'; '.join(missing) or 'see the notices'}."
    else:
        errors = [result.reason for result in run.results if result.verdict is Verdict.ERROR]
        text = (errors or [*run.notices, "the run came to no end."])[0]
    return f"{run.conformance.upper()}: {text}"


def why(result: Result) -> str:
    """The reason, unless the first failure tells it."""
    return "" if result.failures and result.reason == result.failures[0].received else result.reason


def rate(failure: Failure) -> str:
    """Such as `intermittent: 12 % of the tries`; empty for a failure that always shows."""
    return f"intermittent: {failure.rate:.0%} of the tries".replace("%", " %") if failure.rate is not None else ""


def about_commands(run: Run) -> str:
    """What stands for what in the run's curl commands; empty if everything stands for itself."""
    shown = [one.exchange for result in run.results for one in result.failures if one.exchange]
    names = {name for one in shown for text in one.request_headers.values() for name in _VARIABLE.findall(text)}
    told = []
    if names:
        listed = ", ".join(f"`${name}`" for name in sorted(names))
        told.append(
            f"In the curl commands {listed} {'stands for a secret' if len(names) == 1 else 'stand for secrets'} of the "
            "target file: export it under that name. A name that the file does not say is made of the header's place: "
            "`$ADMIN_X_KEY` is `x-key` of `states.admin`."
        )
    if any("$RANDOM" in one.curl for one in shown):
        told.append("`$RANDOM` makes an email new whenever bash or zsh runs the command.")
    return " ".join(told)


def printable(text: str) -> str:
    r"""Text in which nothing that a server said steers a terminal or breaks a file: it is told as `\u001b`."""
    return "".join(one if one.isprintable() or one in "\n\t" else f"\\u{ord(one):04x}" for one in text)


def place(requirement: Requirement) -> tuple[str, int] | None:
    """The file and line of the sentence in the published document; None where an RFC or nothing is cited."""
    if not requirement.citation.startswith("/"):
        return None
    return _line(requirement.contract, requirement.citation)


def document(requirement: Requirement) -> tuple[str, int]:
    """The published document's file and first line."""
    return _line(requirement.contract, "") or ("", 1)


def cited(requirement: Requirement) -> str:
    """The citation as people read it: file and line where there is one."""
    found = place(requirement)
    return f"{found[0]}:{found[1]}" if found else requirement.citation


def _line(name: str, pointer: str) -> tuple[str, int] | None:
    one = _contract(name)
    try:
        line = one.line(pointer)
    except LookupError:
        return None
    # No path of this machine in a report: from the working directory if it is there, else from the package.
    path = one.published_path
    base = Path.cwd() if path.is_relative_to(Path.cwd()) else path.parents[2]
    return path.relative_to(base).as_posix(), line


_contract = cache(contract)
