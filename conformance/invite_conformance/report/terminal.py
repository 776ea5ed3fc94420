"""The run as a terminal shows it: readable without colour and at 80 columns, the conclusion last."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from invite_conformance.plan import Plan
from invite_conformance.report.text import flat, inert, printable, short
from invite_conformance.report.words import (
    about_commands,
    calls,
    cited,
    conclusion,
    counted,
    entries,
    explained,
    extent,
    rate,
    tally,
    why,
)
from invite_conformance.result import Conformance, ExchangeRecord, Level, Result, Run, Verdict
from invite_conformance.target.target import Target

WIDTH = 80
_IDS = 20
"""Requirements that are listed under one cause."""
_TEXT = 600
"""The most characters of a text or body that are shown; the other reports have more."""
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


def heading(target: Target, plan: Plan) -> str:
    """What is checked and how: printed before the run begins."""
    return _heading(target.contract, target.base_url, plan.mode, plan.level, plan.seed)


def render(run: Run, *, colour: bool = False) -> str:
    """The whole report."""
    return _heading(run.contract, run.target, run.mode, run.level, run.seed) + body(run, colour=colour)


def body(run: Run, *, colour: bool = False) -> str:
    """The report below its heading."""
    parts = (_causes(run), _matrix(run), _verdicts(run, colour), _entries(run, colour), _notices(run))
    lines = ["", *(line for part in parts for line in part)]
    return inert("\n".join(lines) + "\n") + _end(run, colour)


def last(run: Run, *, colour: bool = False) -> str:
    """The conclusion, the exit code and how to repeat the run; first the causes and notices that it refers to."""
    error = run.conformance is Conformance.ERROR
    lines = [] if error else [*_causes(run)]
    lines += [*_notices(run)] if "notices" in conclusion(run) else []
    return inert("".join(f"{line}\n" for line in lines)) + _end(run, colour)


def _heading(contract: str, base_url: str, mode: str, level: Level, seed: int) -> str:
    lines = [f"{contract} at {base_url}", f"Mode {mode}, level {level}, seed {seed}"]
    return inert("".join(_fill(printable(line)) + "\n" for line in lines))


def _end(run: Run, colour: bool) -> str:
    text = inert(_fill(short(flat(conclusion(run)), 2 * _TEXT)))
    word = run.conformance.upper()
    text = text.replace(word, _painted(word, _OF_CONFORMANCE[run.conformance], colour), 1)
    requests = "1 request" if run.requests == 1 else f"{run.requests} requests"
    end = f"Exit code {run.conformance.exit_code}. Run {run.id}: {requests} in {run.seconds:.1f} s."
    again = f"Again:\n{inert(printable(run.reproduce))}\n" if run.reproduce else ""
    return f"{text}\n{end}\n{again}"


def _causes(run: Run) -> Iterator[str]:
    known = explained(run)
    unsatisfied = {one.requirement.id for one in run.results if one.failures or one.verdict is Verdict.ERROR}
    for number, cause in enumerate(run.causes, 1):
        name = f"Cause {number}: " if len(run.causes) > 1 else "Cause: "
        yield _wrapped(name, " " * 7, short(flat(cause.text), 2 * _TEXT))
        if extent(run, number):
            yield _fill(extent(run, number), " " * 7)
        # A cause of everything needs no list.
        if not unsatisfied <= {one for one, by in known.items() if by == number}:
            ids = [one.removeprefix(f"{run.contract}.") for one, by in known.items() if by == number]
            more = [f"and {len(ids) - _IDS} more, which the reports list"] if len(ids) > _IDS else []
            yield _fill(", ".join(ids[:_IDS] + more), " " * 7)
        yield ""


def _matrix(run: Run) -> Iterator[str]:
    for operation, counts in run.matrix.items():
        yield f"Responses to {operation}"
        yield _fill("   ".join(f"{status}: {count or 'never'}" for status, count in counts.items()), "  ")
        yield ""
    if run.undocumented:
        yield _fill(f"Not documented: {', '.join(run.undocumented)}")
        yield ""


def _verdicts(run: Run, colour: bool) -> Iterator[str]:
    for level, counts in tally(run).items():
        yield f"{level.upper():<8}{counted(counts)}"
    yield ""
    known = explained(run)
    shown = [one for one in run.results if one.verdict is not Verdict.SKIP and one.requirement.id not in known]
    # A reason that several share is given once, below them all.
    shared = [reason for reason, count in Counter(map(why, shown)).items() if reason and count > 1]
    for result in shown:
        reason = why(result)
        note = f"  [{shared.index(reason) + 1}]" if reason in shared else ""
        yield f"  {_verdict(result.verdict, colour)} {result.requirement.id}{note}"
        # What is shown in full below gives its reason there.
        if reason and not note and result.verdict is not Verdict.ERROR:
            yield _fill(short(flat(reason), _TEXT), " " * 11)
    for number, reason in enumerate(shared, 1):
        yield _labelled(f"[{number}]", reason)
    grouped = Counter(
        (one.verdict, f"cause {known[one.requirement.id]}") for one in run.results if one.requirement.id in known
    )
    grouped += Counter((one.verdict, one.reason) for one in run.results if one.verdict is Verdict.SKIP)
    for (verdict, reason), count in grouped.items():
        said = reason if len(run.causes) > 1 or not reason.startswith("cause") else "the cause above"
        yield f"  {_verdict(verdict, colour)} {count} of {len(run.results)}: {short(flat(said), _TEXT)}"
    yield ""


def _entries(run: Run, colour: bool) -> Iterator[str]:
    shown = [one for one in entries(run) if one.verdict is not Verdict.WAIVED]
    for number, result in enumerate(shown, 1):
        yield from _entry(number, result, colour)
        if result.failures or not result.command:
            yield ""
    if about_commands(run) and shown:
        yield _fill(about_commands(run))
        yield ""


def _entry(number: int, result: Result, colour: bool) -> Iterator[str]:
    requirement = result.requirement
    failure = result.failures[0] if result.failures else None
    said = ", ".join(filter(None, (str(requirement.level), rate(failure) if failure else "")))
    title = f"{number}. {result.verdict.upper()} {requirement.id}"
    # An id is never broken: it is there to be copied.
    space = " " if len(f"{title} ({said})") <= WIDTH else "\n   "
    yield f"{number}. {_painted(result.verdict.upper(), result.verdict, colour)} {requirement.id}{space}({said})"
    yield _fill(requirement.sentence, "   ")
    yield _labelled("source", cited(requirement))
    if requirement.source:
        yield _fill(f'"{requirement.source}"', " " * 13)
    if failure is None:
        yield _labelled("reason", result.reason)
        yield from _evidence(result.exchanges, result.command)
        return
    yield _labelled("expected", failure.expected)
    yield _labelled("received", failure.received)
    yield from _evidence(failure.exchanges, failure.command)
    yield _labelled("remedy", requirement.remedy)
    more = len(result.failures) - 1
    if more:
        yield _fill(f"({more} more of this requirement: see --report)", "   ")


def _evidence(exchanges: Sequence[ExchangeRecord], command: str) -> Iterator[str]:
    for number, call in enumerate(calls(exchanges) if len(exchanges) > 1 else ()):
        yield _labelled("" if number else "calls", call)
    if exchanges:
        exchange = exchanges[-1]
        status = "no response" if exchange.status is None else str(exchange.status)
        parts = (status, exchange.response_headers.get("content-type", ""), exchange.response_body)
        yield _labelled("response", " ".join(filter(None, parts)))
    if command:
        # Not indented: it is there to be copied.
        yield ""
        yield printable(command)
        yield ""


def _notices(run: Run) -> Iterator[str]:
    for notice in run.notices:
        for number, line in enumerate(printable(notice).splitlines()):
            yield _wrapped(" " * 6 if number else "Note: ", " " * 6, line)
    if run.notices:
        yield ""


def _labelled(label: str, text: str) -> str:
    start = f"   {label:<10}"
    return _wrapped(start, " " * len(start), short(flat(text), _TEXT))


def _fill(text: str, indent: str = "") -> str:
    return _wrapped(indent, indent, text)


def _wrapped(start: str, indent: str, text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False)


def _verdict(verdict: Verdict, colour: bool) -> str:
    return _painted(f"{verdict:<8}", verdict, colour)


def _painted(text: str, verdict: Verdict, colour: bool) -> str:
    return f"\x1b[{_COLOURS[verdict]}m{text}\x1b[0m" if colour else text
