"""Annotations of GitHub Actions: a workflow command for each cause and each failure, which GitHub shows at the line."""

from collections.abc import Iterator

from invite_conformance.report.text import flat, inert, printable, short
from invite_conformance.report.words import calls, explained, extent, ordered, place, why
from invite_conformance.result import Result, Run, Verdict

_COMMANDS = {Verdict.FAIL: "error", Verdict.ERROR: "error", Verdict.WARN: "warning", Verdict.BLOCKED: "warning"}
_TEXT = 600
"""The most characters of a text that are shown."""


def render(run: Run) -> str:
    """The workflow commands, one a line; GitHub shows the first ten of a kind and step."""
    known = explained(run)
    shown = [one for one in ordered(run) if one.verdict in _COMMANDS and one.requirement.id not in known]
    return "".join([*_causes(run), *map(_of_result, shown)])


def _causes(run: Run) -> Iterator[str]:
    for number, cause in enumerate(run.causes, 1):
        lines = [_short(cause.text), extent(run, number), ", ".join(cause.requirements)]
        yield f"::error title={_property(f'{run.contract}: cause')}::{_data(lines)}\n"


def _of_result(result: Result) -> str:
    requirement = result.requirement
    found = place(requirement)
    where = f"file={_property(found[0])},line={found[1]}," if found else ""
    lines = [requirement.sentence, _short(why(result))]
    if result.failures:
        failure = result.failures[0]
        lines += [f"Expected: {_short(failure.expected)}", f"Received: {_short(failure.received)}"]
    exchanges, command = (failure.exchanges, failure.command) if result.failures else (result.exchanges, result.command)
    lines += [*map(flat, calls(exchanges)), command, requirement.remedy if result.failures else ""]
    return f"::{_COMMANDS[result.verdict]} {where}title={_property(requirement.id)}::{_data(lines)}\n"


def _short(text: str) -> str:
    return short(flat(text), _TEXT)


def _data(lines: list[str]) -> str:
    """Lines escaped so that nothing in them ends the command or begins another."""
    text = inert(printable("\n".join(line for line in lines if line)))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data([text]).replace(":", "%3A").replace(",", "%2C")
