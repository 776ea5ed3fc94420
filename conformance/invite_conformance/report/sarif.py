"""report.sarif: SARIF 2.1.0, each failure at the line of the published document that it violates."""

import json
from collections.abc import Iterator, Sequence

from invite_specs import Document

from invite_conformance.report.text import printable, short
from invite_conformance.report.words import calls, document, explained, extent, place, rate, why
from invite_conformance.result import ExchangeRecord, Level, Requirement, Result, Run, Verdict

_LEVELS = {Verdict.FAIL: "error", Verdict.ERROR: "error", Verdict.WARN: "warning", Verdict.WAIVED: "note"}
_DEFAULTS = {Level.MUST: "error", Level.SHOULD: "warning", Level.NOTE: "note"}
_TEXT = 1000
"""The most characters of a text that are shown."""


def render(run: Run) -> str:
    """The run as SARIF."""
    shown = [result for result in run.results if result.verdict in {Verdict.FAIL, Verdict.WARN, Verdict.WAIVED}]
    known = explained(run)
    texts = {one: run.causes[number - 1].text for one, number in known.items()}
    sarif = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "invite-conformance",
                        "rules": [_rule(result.requirement) for result in run.results],
                    }
                },
                "automationDetails": {"id": f"invite-conformance/{run.contract}/"},
                "invocations": [
                    {
                        "executionSuccessful": all(result.verdict is not Verdict.ERROR for result in run.results),
                        "exitCode": run.conformance.exit_code,
                        "toolExecutionNotifications": [*_causes(run), *_errors(run)],
                    }
                ],
                "results": [_result(result, texts.get(result.requirement.id, "")) for result in shown],
            }
        ],
    }
    return json.dumps(sarif, indent=2) + "\n"


def _rule(requirement: Requirement) -> Document:
    return {
        "id": requirement.id,
        "shortDescription": {"text": requirement.sentence},
        "fullDescription": {"text": f"{requirement.sentence} {requirement.method}"},
        "help": {"text": requirement.remedy},
        "defaultConfiguration": {"level": _DEFAULTS[requirement.level]},
        "properties": {"tags": [requirement.contract, str(requirement.level)]},
    }


def _causes(run: Run) -> Iterator[Document]:
    for number, cause in enumerate(run.causes, 1):
        lines = [f"Cause: {short(cause.text, _TEXT)}", extent(run, number), ", ".join(cause.requirements)]
        yield {"level": "error", "message": _message(lines)}


def _errors(run: Run) -> Iterator[Document]:
    known = explained(run)
    for result in run.results:
        if result.verdict is Verdict.ERROR and result.requirement.id not in known:
            lines = [short(result.reason, _TEXT) or result.requirement.sentence]
            yield {
                "level": "error",
                "message": _message([*lines, *_evidence(result.exchanges, result.command)]),
                "associatedRule": {"id": result.requirement.id},
            }


def _result(result: Result, cause: str) -> Document:
    lines = [result.requirement.sentence]
    if cause:
        lines.append(f"Cause: {short(cause, _TEXT)}")
    elif result.failures:
        failure = result.failures[0]
        lines += [f"Expected: {short(failure.expected, _TEXT)}", f"Received: {short(failure.received, _TEXT)}"]
        lines += [rate(failure), *_evidence(failure.exchanges, failure.command)]
    lines += [short(why(result), _TEXT), result.requirement.remedy]
    found = place(result.requirement)
    return {
        "ruleId": result.requirement.id,
        "level": _LEVELS[result.verdict],
        "message": _message(lines),
        "partialFingerprints": {"requirement/v1": result.requirement.id},
        # GitHub shows no result without a place; what no line of the document says stands at its first.
        "locations": [_location(*(found or document(result.requirement)))],
    } | (
        {"suppressions": [{"kind": "external", "justification": printable(result.reason)}]}
        if result.verdict is Verdict.WAIVED
        else {}
    )


def _evidence(exchanges: Sequence[ExchangeRecord], command: str) -> Iterator[str]:
    yield from (f"Call {number}: {call}" for number, call in enumerate(calls(exchanges), 1))
    yield command


def _message(lines: Sequence[str]) -> Document:
    return {"text": printable("\n".join(line for line in lines if line))}


def _location(uri: str, line: int) -> Document:
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}
