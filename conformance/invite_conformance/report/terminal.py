"""The run as a terminal shows it: readable without colour and at 80 columns, the conclusion last."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator

from invite_conformance.report.words import (
    about_commands,
    cited,
    conclusion,
    counted,
    ordered,
    printable,
    rate,
    tally,
    why,
)
from invite_conformance.result import Conformance, ExchangeRecord, Failure, Result, Run, Verdict

WIDTH = 80
_BODY = 600
"""The most characters of a body that are shown; the other reports have all of it."""
# A word is a run of quoted pieces and characters that are no space, and an option goes with its argument.
_WORD = r"""(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+"""
_WORDS = re.compile(rf"-\S+\s+(?!-){_WORD}|{_WORD}", re.DOTALL)
_COLOURS = {
    Verdict.PASS: "32",
    Verdict.FAIL: "31;1",
    Verdict.ERROR: "35;1",
    Verdict.WARN: "33",
    Verdict.BLOCKED: "36",
    Verdict.WAIVED: "33",
    Verdict.SKIP: "2",
}
_OF_CONFORMANCE = {
    Conformance.CONFORMANT: Verdict.PASS,
    Conformance.NOT_CONFORMANT: Verdict.FAIL,
    Conformance.INCOMPLETE: Verdict.BLOCKED,
    Conformance.ERROR: Verdict.ERROR,
}


def render(run: Run, *, colour: bool = False) -> str:
    """The whole report."""
    lines = [*_head(run), "", *_matrix(run), *_verdicts(run, colour), *_failures(run, colour), *_notices(run)]
    return "\n".join(lines) + "\n" + last(run, colour=colour)


def last(run: Run, *, colour: bool = False) -> str:
    """The conclusion, the exit code and how to repeat the run."""
    text = _fill(printable(conclusion(run)))
    word = run.conformance.upper()
    text = text.replace(word, _painted(word, _OF_CONFORMANCE[run.conformance], colour), 1)
    requests = "1 request" if run.requests == 1 else f"{run.requests} requests"
    end = f"Exit code {run.conformance.exit_code}. {requests} in {run.seconds:.1f} s, seed {run.seed}."
    again = f"Again:\n{shell(run.reproduce)}\n" if run.reproduce else ""
    return f"{text}\n{end}\n{again}"


def _head(run: Run) -> Iterator[str]:
    yield _fill(f"{run.contract} at {printable(run.target)}")
    yield _fill(f"Run {run.id}, mode {run.mode}, level {run.level}, {run.started}")


def _matrix(run: Run) -> Iterator[str]:
    for operation, counts in run.matrix.items():
        yield f"Answers to {operation}"
        yield from textwrap.wrap(
            "   ".join(f"{status}: {count or 'never'}" for status, count in counts.items()),
            WIDTH,
            initial_indent="  ",
            subsequent_indent="  ",
        )
        yield ""
    if run.undocumented:
        yield _fill(f"Not documented: {', '.join(run.undocumented)}")
        yield ""


def _verdicts(run: Run, colour: bool) -> Iterator[str]:
    for level, counts in tally(run).items():
        yield f"{level.upper():<8}{counted(counts)}"
    yield ""
    told = [result for result in run.results if result.verdict is not Verdict.SKIP]
    # A reason that several share is told once, below them all.
    shared = [reason for reason, count in Counter(map(why, told)).items() if reason and count > 1]
    for result in told:
        reason = why(result)
        note = f"  [{shared.index(reason) + 1}]" if reason in shared else ""
        yield f"  {_painted(f'{result.verdict:<8}', result.verdict, colour)} {result.requirement.id}{note}"
        if reason and not note:
            yield _fill(printable(reason), " " * 11)
    for number, reason in enumerate(shared, 1):
        yield _labelled(f"[{number}]", printable(reason))
    skipped = Counter(result.reason for result in run.results if result.verdict is Verdict.SKIP)
    for reason, count in skipped.items():
        yield f"  {_painted(f'{Verdict.SKIP:<8}', Verdict.SKIP, colour)} {count} of {len(run.results)}"
        yield _fill(printable(reason), " " * 11)
    yield ""


def _failures(run: Run, colour: bool) -> Iterator[str]:
    shown = [result for result in ordered(run) if result.failures and result.verdict is not Verdict.WAIVED]
    for number, result in enumerate(shown, 1):
        yield from _failure(number, result, result.failures[0], colour)
        more = len(result.failures) - 1
        if more:
            yield f"  ({more} more of this requirement: see --report)"
        yield ""
    if about_commands(run) and shown:
        yield _fill(about_commands(run))
        yield ""


def _failure(number: int, result: Result, failure: Failure, colour: bool) -> Iterator[str]:
    requirement = result.requirement
    told = ", ".join(filter(None, (str(requirement.level), rate(failure))))
    verdict = _painted(result.verdict.upper(), result.verdict, colour)
    yield f"{number}. {verdict} {requirement.id} ({told})"
    yield _fill(requirement.sentence, "   ")
    yield _labelled("source", cited(requirement))
    if requirement.source:
        yield _fill(f'"{requirement.source}"', " " * 13)
    yield _labelled("expected", printable(failure.expected))
    yield _labelled("received", printable(failure.received))
    if failure.exchange is not None:
        yield from _exchange(failure.exchange)
    yield _labelled("remedy", requirement.remedy)


def _exchange(exchange: ExchangeRecord) -> Iterator[str]:
    body = exchange.response_body
    body = body if len(body) <= _BODY else body[:_BODY] + "…"
    status = "no answer" if exchange.status is None else str(exchange.status)
    answer = " ".join(filter(None, (status, exchange.response_headers.get("content-type", ""), body)))
    yield _labelled("answer", printable(answer))
    if exchange.curl:
        # Not indented, and broken only where a shell lets it be: it is there to be copied.
        yield ""
        yield shell(exchange.curl)
        yield ""


def shell(command: str) -> str:
    """A command in lines of at most 80 columns where its arguments allow."""
    lines, line = [], ""
    for word in _WORDS.findall(command.replace("\\\n", " ")):
        if line and len(line) + len(word) + 3 > WIDTH:
            lines.append(line + " \\")
            line = "  " + word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


def _notices(run: Run) -> Iterator[str]:
    for notice in run.notices:
        for number, line in enumerate(printable(notice).splitlines()):
            start = " " * 6 if number else "Note: "
            yield textwrap.fill(line, WIDTH, initial_indent=start, subsequent_indent=" " * 6)
    if run.notices:
        yield ""


def _labelled(label: str, text: str) -> str:
    start = f"   {label:<10}"
    return textwrap.fill(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False)


def _fill(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _painted(text: str, verdict: Verdict, colour: bool) -> str:
    return f"\x1b[{_COLOURS[verdict]}m{text}\x1b[0m" if colour else text
