"""junit.xml: a test case a requirement; failures as failures, errors as errors, skips with their reasons."""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from invite_conformance.report.words import cited, conclusion, rate
from invite_conformance.result import Failure, Result, Run, Verdict

# XML 1.0 section 2.2: no other character may stand in a document, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    checks = SubElement(root, "testsuite", {"name": run.contract} | numbers | {"timestamp": run.started})
    properties = SubElement(checks, "properties")
    told = {
        "run": run.id,
        "seed": str(run.seed),
        "target": run.target,
        "mode": run.mode,
        "level": str(run.level),
        "conformance": str(run.conformance),
    }
    for name, value in told.items():
        SubElement(properties, "property", {"name": name, "value": _clean(value)})
    for result in run.results:
        _case(checks, result)
    SubElement(checks, "system-out").text = _clean("\n".join([conclusion(run), *run.notices, run.reproduce]))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(checks: Element, result: Result) -> None:
    requirement = result.requirement
    case = SubElement(
        checks,
        "testcase",
        {
            "classname": f"{requirement.contract}.{requirement.level}",
            "name": requirement.id,
            "time": f"{result.seconds:.3f}",
        },
    )
    text = "\n\n".join(_told(failure) for failure in result.failures)
    message = _clean(result.reason or requirement.sentence)
    if result.verdict is Verdict.FAIL:
        body = [requirement.sentence, cited(requirement), text, requirement.remedy]
        SubElement(case, "failure", {"message": message, "type": str(requirement.level)}).text = _clean("\n".join(body))
    elif result.verdict is Verdict.ERROR:
        SubElement(case, "error", {"message": message, "type": "error"}).text = _clean(text)
    elif result.verdict in {Verdict.BLOCKED, Verdict.SKIP, Verdict.WAIVED}:
        SubElement(case, "skipped", {"message": _named(result.verdict, message)})
    # JUnit has no warning: one passes, and says so.
    if result.verdict in {Verdict.WARN, Verdict.WAIVED}:
        SubElement(case, "system-out").text = _clean(f"{_named(result.verdict, message)}\n{text}\n{requirement.remedy}")


def _named(verdict: Verdict, message: str) -> str:
    return message if message.startswith(verdict) else f"{verdict}: {message}"


def _told(failure: Failure) -> str:
    lines = [f"expected: {failure.expected}", f"received: {failure.received}", rate(failure)]
    if failure.exchange is not None:
        lines += [failure.exchange.curl, failure.exchange.response_body]
    return "\n".join(line for line in lines if line)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
