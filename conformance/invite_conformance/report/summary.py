"""summary.md: the run as GitHub shows it beside a job."""

import html
import re

from invite_conformance.report.words import about_commands, cited, conclusion, counted, ordered, printable, rate, tally
from invite_conformance.result import Conformance, Result, Run, Verdict

_MARKS = {
    Conformance.CONFORMANT: "✅",
    Conformance.NOT_CONFORMANT: "❌",
    Conformance.INCOMPLETE: "⚠️",
    Conformance.ERROR: "💥",
}


def render(run: Run) -> str:
    """The run as Markdown."""
    word, _, rest = conclusion(run).partition(": ")
    lines = [
        f"# {_MARKS[run.conformance]} {run.contract}: {word.lower()}",
        "",
        _text(rest[:1].upper() + rest[1:]),
        "",
        f"Target {_code(run.target)} · mode {run.mode} · seed {run.seed} · "
        f"{run.requests} requests in {run.seconds:.1f} s",
        "",
        "| level | verdicts |",
        "|---|---|",
        *(f"| {level} | {counted(counts)} |" for level, counts in tally(run).items()),
    ]
    for operation, counts in run.matrix.items():
        lines += [
            "",
            f"Answers to {_code(operation)}",
            "",
            "| " + " | ".join(counts) + " |",
            "|" + "---|" * len(counts),
            "| " + " | ".join(str(count or "**never**") for count in counts.values()) + " |",
        ]
    shown = [result for result in ordered(run) if result.verdict not in {Verdict.PASS, Verdict.SKIP}]
    if shown:
        lines += ["", "## Not passed", "", "| verdict | requirement | why |", "|---|---|---|"]
        lines += [f"| {result.verdict} | {_code(result.requirement.id)} | {_text(_why(result))} |" for result in shown]
    for result in shown:
        if result.failures:
            lines += ["", *_failure(result)]
    if about_commands(run):
        lines += ["", about_commands(run)]
    if run.notices:
        lines += ["", "## Notices", "", *(f"- {_text(notice)}" for notice in run.notices)]
    if run.reproduce:
        lines += ["", "Again:", "", *_fenced(run.reproduce, "sh")]
    return "\n".join(lines) + "\n"


def _why(result: Result) -> str:
    return result.reason or (result.failures[0].received if result.failures else result.requirement.sentence)


def _failure(result: Result) -> list[str]:
    requirement, failure = result.requirement, result.failures[0]
    lines = [
        "<details>",
        f"<summary>{result.verdict}: <code>{requirement.id}</code> {html.escape(requirement.sentence)}</summary>",
        "",
        f"- Source: {_code(cited(requirement))}",
        f"- Expected: {_text(failure.expected)}",
        f"- Received: {_text(failure.received)}",
    ]
    lines += [f"- {rate(failure).capitalize()}"] if rate(failure) else []
    if failure.exchange is not None:
        lines += [
            "",
            *_fenced(failure.exchange.curl, "sh"),
            "",
            *_fenced(printable(failure.exchange.response_body[:2000]), ""),
        ]
    return [*lines, "", f"Remedy: {_text(requirement.remedy)}", "", "</details>"]


def _text(text: str) -> str:
    """Text that is only text in a table, a list and HTML: what a server says makes no markup."""
    flat = html.escape(printable(" ".join(text.split())), quote=False)
    return re.sub(r"([\\`*_\[\]|#~@!])", r"\\\1", flat)


def _code(text: str) -> str:
    return "<code>" + _text(text) + "</code>"


def _fenced(text: str, language: str) -> list[str]:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + language, text, fence] if text else []
