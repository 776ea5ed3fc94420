"""report.sarif: SARIF 2.1.0, each failure at the line of the published document that it breaks."""

import json

from invite_specs import Document

from invite_conformance.report.words import document, place, rate, why
from invite_conformance.result import Level, Requirement, Result, Run, Verdict

_LEVELS = {Verdict.FAIL: "error", Verdict.ERROR: "error", Verdict.WARN: "warning", Verdict.WAIVED: "note"}
_DEFAULTS = {Level.MUST: "error", Level.SHOULD: "warning", Level.NOTE: "note"}


def render(run: Run) -> str:
    """The run as SARIF."""
    shown = [result for result in run.results if result.verdict in {Verdict.FAIL, Verdict.WARN, Verdict.WAIVED}]
    errors = [result for result in run.results if result.verdict is Verdict.ERROR]
    document = {
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
                        "executionSuccessful": not errors,
                        "exitCode": run.conformance.exit_code,
                        "toolExecutionNotifications": [
                            {
                                "level": "error",
                                "message": {"text": result.reason or result.requirement.sentence},
                                "associatedRule": {"id": result.requirement.id},
                            }
                            for result in errors
                        ],
                    }
                ],
                "results": [_result(result) for result in shown],
            }
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _rule(requirement: Requirement) -> Document:
    return {
        "id": requirement.id,
        "shortDescription": {"text": requirement.sentence},
        "fullDescription": {"text": f"{requirement.sentence} {requirement.method}"},
        "help": {"text": requirement.remedy},
        "defaultConfiguration": {"level": _DEFAULTS[requirement.level]},
        "properties": {"tags": [requirement.contract, str(requirement.level)]},
    }


def _result(result: Result) -> Document:
    failure = result.failures[0] if result.failures else None
    lines = [result.requirement.sentence]
    if failure is not None:
        lines += [f"Expected: {failure.expected}", f"Received: {failure.received}", rate(failure)]
    lines += [why(result), result.requirement.remedy]
    found = place(result.requirement)
    return {
        "ruleId": result.requirement.id,
        "level": _LEVELS[result.verdict],
        "message": {"text": "\n".join(line for line in lines if line)},
        "partialFingerprints": {"requirement/v1": result.requirement.id},
        # GitHub shows no result without a place; what no line of the document says stands at its first.
        "locations": [_location(*(found or document(result.requirement)))],
    } | (
        {"suppressions": [{"kind": "external", "justification": result.reason}]}
        if result.verdict is Verdict.WAIVED
        else {}
    )


def _location(uri: str, line: int) -> Document:
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}
