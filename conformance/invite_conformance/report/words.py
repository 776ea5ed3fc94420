"""What a run says, in the words that every format uses: counts, the conclusion, the evidence, where a sentence is."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import invite_specs

from invite_conformance.result import Conformance, ExchangeRecord, Failure, Level, Requirement, Result, Run, Verdict

ORDER = (Verdict.FAIL, Verdict.ERROR, Verdict.BLOCKED, Verdict.WARN, Verdict.WAIVED, Verdict.SKIP, Verdict.PASS)
"""Verdicts, the one to look at first in front."""
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)
"""What stands for a secret in a header that is shown."""
_PACKAGE = Path(invite_specs.__file__).parents[1]
_STATUSES = 8
"""Documented statuses that a conclusion lists."""
_REASONS = 3
"""Different reasons that a conclusion gives."""


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


def explained(run: Run) -> dict[str, int]:
    """The requirements whose failures or errors a cause explains, each with the number of the cause, from 1."""
    return {one: number for number, cause in reversed([*enumerate(run.causes, 1)]) for one in cause.requirements}


def entries(run: Run) -> list[Result]:
    """What is shown in full: failures and errors that no cause explains, those to look at first in front."""
    known = explained(run)
    unsatisfied = [one for one in ordered(run) if one.failures or one.verdict is Verdict.ERROR]
    return [one for one in unsatisfied if one.requirement.id not in known]


def conclusion(run: Run) -> str:
    """The run in a sentence or two."""
    chosen = [one for one in run.results if not run.only or one.requirement.id in run.only]
    deciding = [one for one in chosen if decides(one.requirement, run)]
    say = {
        Conformance.CONFORMANT: _conformant,
        Conformance.NOT_CONFORMANT: _not_conformant,
        Conformance.INCOMPLETE: _incomplete,
        Conformance.ERROR: _error,
    }[run.conformance]
    return f"{run.conformance.upper()}: {say(run, chosen, deciding)}"


def _conformant(run: Run, chosen: Sequence[Result], deciding: Sequence[Result]) -> str:
    of = _verdicts(deciding)
    waived = f", {of[Verdict.WAIVED]} waived" if of[Verdict.WAIVED] else ""
    below = _verdicts(chosen)[Verdict.WARN]
    warnings = f" {below} below that level {'warns' if below == 1 else 'warn'}." if below else ""
    return f"{_checked(run, deciding)} checked, none violated{waived}.{warnings}"


def _not_conformant(run: Run, _chosen: Sequence[Result], deciding: Sequence[Result]) -> str:
    of = _verdicts(deciding)
    undecided = of[Verdict.BLOCKED] + of[Verdict.ERROR]
    text = f"{of[Verdict.FAIL]} of {_checked(run, deciding)} {'is' if of[Verdict.FAIL] == 1 else 'are'} violated"
    text += f", {undecided} could not be checked." if undecided else "."
    known = explained(run)
    caused = len([one for one in deciding if one.verdict is Verdict.FAIL and one.requirement.id in known])
    has = "has" if caused == 1 else "have"
    return f"{text} {caused} of these {has} a cause, given first in the report." if caused else text


def _incomplete(run: Run, chosen: Sequence[Result], deciding: Sequence[Result]) -> str:
    parts = [*_missing(deciding)]
    never = unseen(run) if not run.only else []
    more = [f"and {len(never) - _STATUSES} more"] if len(never) > _STATUSES else []
    parts += [f"never answered: {', '.join(never[:_STATUSES] + more)}"] if never else []
    # Where nothing that decides is missing, nothing at all was checked.
    parts = parts or [*_missing(chosen)] or ["there was nothing to check"]
    return f"no violation was found, but not everything was checked: {'; '.join(parts)}."


def _missing(results: Sequence[Result]) -> Iterable[str]:
    """Such as `2 blocked (the target does not offer it: give ...)`."""
    for verdict in (Verdict.BLOCKED, Verdict.SKIP):
        reasons = [one.reason.rstrip(".") for one in results if one.verdict is verdict]
        if reasons:
            different = list(dict.fromkeys(filter(None, reasons)))
            more = f"; {len(different) - _REASONS} more reasons" if len(different) > _REASONS else ""
            given = f" ({'; '.join(different[:_REASONS])}{more})" if different else ""
            yield f"{len(reasons)} {'skipped' if verdict is Verdict.SKIP else verdict}{given}"


def _error(run: Run, chosen: Sequence[Result], _deciding: Sequence[Result]) -> str:
    if run.causes:
        return run.causes[0].text
    errors = [one.reason for one in chosen if one.verdict is Verdict.ERROR]
    more = f" ({len(errors) - 1} more {'error' if len(errors) == 2 else 'errors'})" if len(errors) > 1 else ""
    return f"{errors[0]}{more}" if errors else (*run.notices, "the run did not finish.")[0]


def _verdicts(results: Sequence[Result]) -> Counter[Verdict]:
    return Counter(one.verdict for one in results)


def _checked(run: Run, deciding: Sequence[Result]) -> str:
    """Such as `48 MUST requirements`."""
    named = " and ".join(level.upper() for level in list(Level)[: list(Level).index(run.level) + 1])
    checked = len([one for one in deciding if one.verdict is not Verdict.SKIP])
    return f"{checked or 'no'} {named} requirement{'' if checked == 1 else 's'}"


def why(result: Result) -> str:
    """The reason, unless the first failure says it."""
    return "" if result.failures and result.reason == result.failures[0].received else result.reason


def rate(failure: Failure) -> str:
    """Such as `intermittent: 12 % of the tries`; empty for a failure that always shows."""
    return f"intermittent: {failure.rate:.0%} of the tries".replace("%", " %") if failure.rate is not None else ""


def calls(exchanges: Sequence[ExchangeRecord]) -> list[str]:
    """One line for each call, such as `POST /clients/1/invites: 201`."""
    return [
        f"{one.method} {_path(one.url)}: {'no response' if one.status is None else one.status}" for one in exchanges
    ]


def _path(url: str) -> str:
    """The part of a URL behind scheme and host."""
    return "/" + url.partition("://")[2].partition("/")[2]


def extent(run: Run, number: int) -> str:
    """How much a cause explains, such as `It explains 12 failures and 1 error.`; empty if it explains nothing."""
    known = explained(run)
    counts = Counter(one.verdict for one in run.results if known.get(one.requirement.id) == number)
    nouns = {Verdict.FAIL: "failure", Verdict.ERROR: "error", Verdict.WARN: "warning"}
    parts = [f"{counts[one]} {noun}{'' if counts[one] == 1 else 's'}" for one, noun in nouns.items() if counts[one]]
    return f"It explains {' and '.join(parts)}." if parts else ""


def about_commands(run: Run) -> str:
    """What stands for what in the run's commands; empty if everything stands for itself."""
    shown: list[Failure | Result] = []
    for result in entries(run):
        shown += [*result.failures, result]
    headers = [text for one in shown for exchange in one.exchanges for text in exchange.request_headers.values()]
    names = sorted({name for text in headers for name in _VARIABLE.findall(text)})
    said = []
    if names:
        listed = ", ".join(f"`${name}`" for name in names)
        said.append(
            f"In the commands {listed} {'stands for a secret' if len(names) == 1 else 'stand for secrets'} of the "
            "target file: export it under that name. Where the file gives the value itself, the name is its place: "
            "`$ADMIN_X_KEY` is `x-key` of `states.admin`."
        )
    if any("$invite_run_id" in one.command for one in shown):
        said.append("`$invite_run_id`, which the commands set, makes the addresses new each time.")
    return " ".join(said)


def place(requirement: Requirement) -> tuple[str, int] | None:
    """The file and line of the sentence in the published document; None where an RFC or nothing is cited."""
    return None if requirement.line is None else (_shown_path(requirement.document), requirement.line)


def document(requirement: Requirement) -> tuple[str, int]:
    """The published document's file and first line."""
    return _shown_path(requirement.document), 1


def cited(requirement: Requirement) -> str:
    """The citation as people read it: file and line where there is one."""
    found = place(requirement)
    return f"{found[0]}:{found[1]}" if found else requirement.citation


def _shown_path(path: Path) -> str:
    """No path of this machine in a report: from the working directory, else from the package, else the name alone."""
    bases = (Path.cwd(), _PACKAGE.parent)
    return next((path.relative_to(base).as_posix() for base in bases if path.is_relative_to(base)), path.name)
