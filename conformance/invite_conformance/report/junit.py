"""junit.xml: a test case for each requirement; failures as failures, errors as errors, skips with their reasons."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from invite_conformance.report.text import flat, printable, short
from invite_conformance.report.words import calls, cited, conclusion, explained, extent, rate
from invite_conformance.result import ExchangeRecord, Failure, Result, Run, Verdict

_TEXT, _BODY = 1000, 4000
"""The most characters of a text and of a body that are shown."""


def render(run: Run) -> str:
    """The run as JUnit XML, as GitLab, Jenkins and GitHub's actions read it."""
    verdicts = [result.verdict for result in run.results]
    counts = {
        "tests": len(verdicts),
        "failures": verdicts.count(Verdict.FAIL),
        "errors": verdicts.count(Verdict.ERROR),
        "skipped": sum(verdict in {Verdict.BLOCKED, Verdict.SKIP, Verdict.WAIVED} for verdict in verdicts),
    }
    numbers = {key: str(value) for key, value in counts.items()} | {"time": f"{run.seconds:.3f}"}
    root = Element("testsuites", {"name": "invite-conformance"} | numbers)
    suite = SubElement(root, "testsuite", {"name": run.contract} | numbers | {"timestamp": run.started})
    properties = SubElement(suite, "properties")
    for name, value in _properties(run):
        SubElement(properties, "property", {"name": name, "value": flat(value)})
    causes = [short(flat(cause.text), _TEXT) for cause in run.causes]
    known = explained(run)
    for result in run.results:
        number = known.get(result.requirement.id)
        _case(suite, result, causes[number - 1] if number else "")
    said = [f"Cause: {text} {extent(run, number)}" for number, text in enumerate(causes, 1)]
    said += [conclusion(run), *run.notices, run.reproduce]
    SubElement(suite, "system-out").text = printable("\n".join(said))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _properties(run: Run) -> Iterator[tuple[str, str]]:
    for number, cause in enumerate(run.causes, 1):
        yield f"cause.{number}", cause.text
    yield "run", run.id
    yield "seed", str(run.seed)
    yield "target", run.target
    yield "mode", run.mode
    yield "level", run.level
    yield "conformance", run.conformance


def _case(suite: Element, result: Result, cause: str) -> None:
    """One test case; of a failure that a cause explains, no more than the cause."""
    requirement = result.requirement
    case = SubElement(
        suite,
        "testcase",
        {
            "classname": f"{requirement.contract}.{requirement.level}",
            "name": requirement.id,
            "time": f"{result.seconds:.3f}",
        },
    )
    reason = short(flat(result.reason or requirement.sentence), _TEXT)
    message = f"cause: {cause}" if cause else reason
    failures = "" if cause else "\n\n".join("\n".join(_failure(failure)) for failure in result.failures)
    if result.verdict is Verdict.FAIL:
        text = "\n".join(filter(None, [requirement.sentence, cited(requirement), failures, requirement.remedy]))
        SubElement(case, "failure", {"message": message, "type": str(requirement.level)}).text = printable(text)
    elif result.verdict is Verdict.ERROR:
        text = "" if cause else "\n".join(_evidence(result.exchanges, result.command))
        SubElement(case, "error", {"message": message, "type": "error"}).text = printable(text)
    elif result.verdict in {Verdict.BLOCKED, Verdict.SKIP, Verdict.WAIVED}:
        SubElement(case, "skipped", {"message": _named(result.verdict, reason)})
    # JUnit has no warning: one passes, and says so.
    if result.verdict in {Verdict.WARN, Verdict.WAIVED}:
        text = f"{_named(result.verdict, message)}\n{failures}\n{requirement.remedy}"
        SubElement(case, "system-out").text = printable(text)


def _named(verdict: Verdict, message: str) -> str:
    return message if message.startswith(verdict) else f"{verdict}: {message}"


def _failure(failure: Failure) -> Iterator[str]:
    yield f"expected: {short(failure.expected, _TEXT)}"
    yield f"received: {short(failure.received, _TEXT)}"
    if rate(failure):
        yield rate(failure)
    yield from _evidence(failure.exchanges, failure.command)


def _evidence(exchanges: Sequence[ExchangeRecord], command: str) -> Iterator[str]:
    yield from calls(exchanges)
    if command:
        yield command
    if exchanges:
        yield short(exchanges[-1].response_body, _BODY)
