"""summary.md: the run as GitHub shows it beside a job."""

import html
import re
from collections.abc import Iterator, Sequence

from invite_conformance.report.text import flat, inert, printable, sentence, short
from invite_conformance.report.words import (
    about_commands,
    calls,
    cited,
    conclusion,
    counted,
    entries,
    explained,
    extent,
    ordered,
    rate,
    tally,
)
from invite_conformance.result import Conformance, ExchangeRecord, Result, Run, Verdict

_MARKS = {
    Conformance.CONFORMANT: "✅",
    Conformance.NOT_CONFORMANT: "❌",
    Conformance.INCOMPLETE: "⚠️",
    Conformance.ERROR: "💥",
}
_TEXT, _BODY = 600, 2000
"""The most characters of a text and of a body that are shown: GitHub takes at most 1 MiB for a step."""


def render(run: Run) -> str:
    """The run as Markdown."""
    word, _, rest = conclusion(run).partition(": ")
    lines = [
        f"# {_MARKS[run.conformance]} {run.contract}: {word.lower()}",
        "",
        _text(sentence(rest)),
        "",
        *_causes(run),
        f"Target {_code(run.target)} · mode {run.mode} · seed {run.seed} · "
        f"{run.requests} {'request' if run.requests == 1 else 'requests'} in {run.seconds:.1f} s",
        "",
        "| level | verdicts |",
        "|---|---|",
        *(f"| {level} | {counted(counts)} |" for level, counts in tally(run).items()),
    ]
    for operation, counts in run.matrix.items():
        lines += [
            "",
            f"Responses to {_code(operation)}",
            "",
            "| " + " | ".join(counts) + " |",
            "|" + "---|" * len(counts),
            "| " + " | ".join(str(count or "**never**") for count in counts.values()) + " |",
        ]
    known = explained(run)
    unsatisfied = [one for one in ordered(run) if one.verdict not in {Verdict.PASS, Verdict.SKIP}]
    shown = [one for one in unsatisfied if one.requirement.id not in known]
    if shown:
        lines += ["", "## Not passed", "", "| verdict | requirement | why |", "|---|---|---|"]
        lines += [f"| {result.verdict} | {_code(result.requirement.id)} | {_text(_why(result))} |" for result in shown]
    for result in entries(run):
        lines += ["", *_entry(result)]
    if about_commands(run):
        lines += ["", about_commands(run)]
    if run.notices:
        lines += ["", "## Notices", "", *(f"- {_text(notice)}" for notice in run.notices)]
    if run.reproduce:
        lines += ["", "Again:", "", *_fenced(printable(run.reproduce), "sh")]
    return inert("\n".join(lines) + "\n")


def _causes(run: Run) -> Iterator[str]:
    for number, cause in enumerate(run.causes, 1):
        # The conclusion of an error is its cause.
        said = run.conformance is Conformance.ERROR and number == 1
        ids = ", ".join(map(_code, cause.requirements))
        yield f"**Cause:** {'the error above.' if said else _text(cause.text)} {extent(run, number)}"
        yield ""
        if ids:
            yield from ("<details>", "<summary>The requirements</summary>", "", ids, "", "</details>", "")


def _why(result: Result) -> str:
    return result.reason or (result.failures[0].received if result.failures else result.requirement.sentence)


def _entry(result: Result) -> list[str]:
    requirement = result.requirement
    lines = [
        "<details>",
        f"<summary>{result.verdict}: <code>{requirement.id}</code> {html.escape(requirement.sentence)}</summary>",
        "",
        f"- Source: {_code(cited(requirement))}",
    ]
    if not result.failures:
        lines += [f"- Reason: {_text(result.reason)}", *_evidence(result.exchanges, result.command)]
        return [*lines, "", "</details>"]
    failure = result.failures[0]
    lines += [f"- Expected: {_text(failure.expected)}", f"- Received: {_text(failure.received)}"]
    lines += [f"- {rate(failure).capitalize()}"] if rate(failure) else []
    lines += _evidence(failure.exchanges, failure.command)
    return [*lines, "", f"Remedy: {_text(requirement.remedy)}", "", "</details>"]


def _evidence(exchanges: Sequence[ExchangeRecord], command: str) -> Iterator[str]:
    for number, call in enumerate(calls(exchanges), 1):
        yield f"- Call {number}: {_text(call)}"
    if command:
        yield from ("", *_fenced(printable(command), "sh"))
    if exchanges and exchanges[-1].response_body:
        yield from ("", *_fenced(printable(short(exchanges[-1].response_body, _BODY)), ""))


def _text(text: str) -> str:
    """Text that is only text in a table, a list and HTML: what a server says makes no markup."""
    escaped = html.escape(short(flat(text), _TEXT), quote=False)
    return re.sub(r"([\\`*_\[\]|#~@!])", r"\\\1", escaped)


def _code(text: str) -> str:
    return "<code>" + _text(text) + "</code>"


def _fenced(text: str, language: str) -> list[str]:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + language, text, fence] if text else []
