"""What is required of every response of an operation: well-formed JSON, a documented status, no 5xx.

A check applies only where it can judge by itself, so that one fault violates one requirement: a body that is no JSON
violates `json.well-formed`, not each member of its schema too.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from invite_specs import Document, Operation, YamlFile

from invite_conformance.http.exchange import Exchange
from invite_conformance.http.json_text import read_json
from invite_conformance.judging import calls
from invite_conformance.judging.applicability import TOLERATED
from invite_conformance.judging.calls import json_body
from invite_conformance.judging.derived.derived import Derived, Source
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.stack_traces import is_error, no_stack_trace
from invite_conformance.result import Level

_UNDOCUMENTED_REFUSALS = (400, 422)
"""What a malformed request may be answered with where the document lists no answer to one."""
_Applies = Callable[[Exchange], bool]
_Judge = Callable[[Exchange], Violation | None]


def exchange_requirements(operation: Operation, source: Source) -> Iterator[Derived]:
    """The requirements that every exchange of an operation shows, whatever its status."""
    documented = Statuses(operation)
    checks: dict[str, tuple[_Applies, _Judge]] = {
        "server-error": (lambda _: True, documented.judge_crash),
        "statuses.documented": (_as_documented, documented.judge),
        "statuses.tolerated": (_plain, documented.judge_tolerated),
        "error.no-stack-trace": (is_error, no_stack_trace),
        "json.well-formed": (documented.meant_as_json, _well_formed),
        "json.i-json": (_read, _i_json),
        "json.echoed-surrogate": (_after_a_surrogate, _echoed_surrogate),
        "json.charset": (is_json, _charset),
    }
    if not operation.responses:
        # OpenAPI 3.1 allows it, and it says nothing of statuses.
        del checks["statuses.documented"], checks["statuses.tolerated"]
    if json_body(operation) is None:
        # Nothing is sent that could be sent back.
        del checks["json.echoed-surrogate"]
    for slug, (applies, judge) in checks.items():
        level, said = texts(slug, operation)
        of_operation = partial(_of_operation, operation.id, applies)
        yield source.passive(slug, level, applies=of_operation, judge=judge, **said)


def texts(slug: str, operation: Operation) -> tuple[Level, dict[str, str]]:
    """The level and the texts of one of the requirements in exchanges.yaml, filled in for an operation."""
    entry = next(one for one in _entries() if one["id"] == slug)
    values = {
        "{responses}": f"{operation.pointer}/responses",
        "{statuses}": Statuses(operation).text,
        "{operation}": f"`{operation.id}`",
        "{method}": operation.method,
    }
    said = {}
    for name in ("citation", "sentence", "source", "method", "remedy"):
        text = entry[name]
        for key, value in values.items():
            text = text.replace(key, value)
        said["quoted" if name == "source" else name] = text
    return Level(entry["level"]), said


@cache
def _entries() -> Document:
    return YamlFile(Path(__file__).with_suffix(".yaml")).data["requirements"]


def _of_operation(operation: str, applies: _Applies, exchange: Exchange) -> bool:
    return exchange.call.operation == operation and applies(exchange)


def is_json(exchange: Exchange) -> bool:
    """Whether a response says that it is JSON."""
    return calls.is_json(exchange.response.media_type)


class Statuses:
    """The documented statuses of one operation."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self.text = ", ".join(one.status for one in operation.responses)
        """As a sentence lists them."""

    def _lists(self, status: int) -> bool:
        return self._operation.response(status) is not None

    def judge_crash(self, exchange: Exchange) -> Violation | None:
        """Judge that the server did not fail; a 5xx that is listed by itself is an answer like others."""
        # RFC 9110 section 15.6.2: 501 is the right answer to a method that the server does not know.
        if exchange.status < 500 or (exchange.status == 501 and exchange.call.elsewhere):
            return None
        listed = exchange.status in self._operation.statuses
        return None if listed else Violation("no 5xx", exchange.response.status_line)

    def judge(self, exchange: Exchange) -> Violation | None:
        """Judge that the status is documented, or one that need not be."""
        allowed = {*TOLERATED, *exchange.accepted}
        if not self._lists(_UNDOCUMENTED_REFUSALS[0]) and not exchange.call.valid:
            allowed |= {*_UNDOCUMENTED_REFUSALS}
        # A 5xx is the business of `server-error`.
        if exchange.status in allowed or exchange.status >= 500 or self._lists(exchange.status):
            return None
        return Violation(f"one of {self.text}", exchange.response.status_line)

    def judge_tolerated(self, exchange: Exchange) -> Violation | None:
        """Judge that the status is not one of those that need not be documented."""
        if (
            exchange.status in TOLERATED
            and exchange.status not in exchange.accepted
            and not self._lists(exchange.status)
        ):
            return Violation(f"one of {self.text}", exchange.response.status_line)
        return None

    def meant_as_json(self, exchange: Exchange) -> bool:
        """Whether a body should be JSON; what the document does not list, such as a 405, may be empty."""
        return is_json(exchange) and (bool(exchange.response.body) or self._lists(exchange.status))


def _as_documented(exchange: Exchange) -> bool:
    return not exchange.elsewhere


def _plain(exchange: Exchange) -> bool:
    # Nobody can say what an outsized request must be answered with.
    return not exchange.elsewhere and exchange.call.valid is not None


def _well_formed(exchange: Exchange) -> Violation | None:
    if exchange.json.well_formed:
        return None
    return Violation("one JSON text", f"a body that is none: {exchange.json.error}")


def _read(exchange: Exchange) -> bool:
    return is_json(exchange) and exchange.json.well_formed


def _after_a_surrogate(exchange: Exchange) -> bool:
    return _read(exchange) and exchange.call.body is not None and read_json(exchange.call.body).unpaired


def _echoed_surrogate(exchange: Exchange) -> Violation | None:
    if not exchange.json.unpaired:
        return None
    return Violation("whole characters", "a string with half a surrogate pair, as it was sent")


def _i_json(exchange: Exchange) -> Violation | None:
    # What the client sent, many JSON libraries send back.
    if exchange.json.unpaired and not _after_a_surrogate(exchange):
        return Violation("whole characters", "a string with half a surrogate pair (RFC 7493 section 2.1)")
    if not exchange.json.repeated:
        return None
    return Violation("no member twice in one object", f"twice: {', '.join(exchange.json.repeated)}")


def _charset(exchange: Exchange) -> Violation | None:
    if exchange.json.marked:
        return Violation("no byte order mark", "a body that begins with one")
    given = re.search(r';\s*charset\s*=\s*"?([^";\s]*)', exchange.response.header("content-type"), re.IGNORECASE)
    if given is None or given[1].lower() in {"utf-8", "utf8"}:
        return None
    return Violation("UTF-8", f"charset={given[1]}")
