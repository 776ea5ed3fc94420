"""report.json: everything that a run found out, as report.schema.json beside this file describes it."""

import json
from dataclasses import asdict
from importlib import resources

from invite_specs import Document

from invite_conformance.report.words import conclusion, explained, place, tally
from invite_conformance.result import Result, Run, Verdict


def schema() -> Document:
    """The JSON Schema of report.json."""
    return json.loads(resources.files(__package__).joinpath("report.schema.json").read_text("utf-8"))


def render(run: Run) -> str:
    """The run as JSON, in ASCII, so that no character changes how the text around it reads."""
    known = explained(run)
    document = {
        "version": 1,
        "id": run.id,
        "contract": run.contract,
        "target": run.target,
        "started": run.started,
        "seconds": round(run.seconds, 3),
        "requests": run.requests,
        "seed": run.seed,
        "mode": run.mode,
        "level": run.level,
        "only": list(run.only),
        "conformance": run.conformance,
        "exitCode": run.conformance.exit_code,
        "conclusion": conclusion(run),
        "causes": [asdict(cause) for cause in run.causes],
        "reproduce": run.reproduce,
        "notices": list(run.notices),
        "undocumented": list(run.undocumented),
        "matrix": {operation: dict(counts) for operation, counts in run.matrix.items()},
        "tally": {
            level: {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}
            for level, counts in tally(run).items()
        },
        "results": [_result(result, known.get(result.requirement.id)) for result in run.results],
    }
    return json.dumps(_encodable(document), indent=2) + "\n"


def _encodable(value: Document) -> Document:
    """The value with lone surrogates written as escapes: many readers of JSON refuse them."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(name): _encodable(member) for name, member in value.items()}
    return [_encodable(one) for one in value] if isinstance(value, list) else value


def _result(result: Result, cause: int | None) -> Document:
    requirement = result.requirement
    found = place(requirement)
    return {
        "requirement": requirement.id,
        "level": requirement.level,
        "sentence": requirement.sentence,
        "citation": {"text": requirement.citation} | ({"file": found[0], "line": found[1]} if found else {}),
        "source": requirement.source,
        "method": requirement.method,
        "remedy": requirement.remedy,
        "states": list(requirement.states),
        "verdict": result.verdict,
        "reason": result.reason,
        "cause": None if cause is None else cause - 1,
        "seconds": round(result.seconds, 3),
        "exchanges": [asdict(exchange) for exchange in result.exchanges],
        "command": result.command,
        "failures": [
            {
                "expected": failure.expected,
                "received": failure.received,
                "rate": failure.rate,
                "exchanges": [asdict(exchange) for exchange in failure.exchanges],
                "command": failure.command,
            }
            for failure in result.failures
        ],
    }
