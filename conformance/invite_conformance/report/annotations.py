"""Annotations of GitHub Actions: a workflow command a failure, which GitHub shows at the line."""

from invite_conformance.report.words import ordered, place, printable, why
from invite_conformance.result import Result, Run, Verdict

_COMMANDS = {Verdict.FAIL: "error", Verdict.ERROR: "error", Verdict.WARN: "warning", Verdict.BLOCKED: "warning"}


def render(run: Run) -> str:
    """The workflow commands, one a line; GitHub shows the first ten of a kind and step."""
    return "".join(_command(result) for result in ordered(run) if result.verdict in _COMMANDS)


def _command(result: Result) -> str:
    requirement = result.requirement
    found = place(requirement)
    where = f"file={_property(found[0])},line={found[1]}," if found else ""
    failure = result.failures[0] if result.failures else None
    lines = [requirement.sentence, why(result)]
    if failure is not None:
        lines += [f"Expected: {failure.expected}", f"Received: {failure.received}", requirement.remedy]
    text = "\n".join(line for line in lines if line)
    return f"::{_COMMANDS[result.verdict]} {where}title={_property(requirement.id)}::{_data(text)}\n"


def _data(text: str) -> str:
    """Escaped so that nothing a server says ends the command or begins another."""
    return printable(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
