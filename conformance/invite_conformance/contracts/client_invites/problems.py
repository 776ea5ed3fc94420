"""Requirements problem.*: what every refusal looks like (RFC 9457)."""

import math
import re

from invite_specs import Document

from invite_conformance.http.exchange import Exchange
from invite_conformance.judging import common_checks
from invite_conformance.judging.common_checks import answered_object
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import passive
from invite_conformance.judging.stack_traces import texts

_REFUSALS = (400, 403, 409)

common_checks.media_type("problem.media-type", __name__, "application/problem+json", *_REFUSALS)
for _name in ("type", "title", "status", "detail", "instance"):
    common_checks.member(f"problem.{_name}", __name__, "ProblemDetails", _name, *_REFUSALS)


@passive("problem.schema", answered_object(*_REFUSALS))
def _is_object(exchange: Exchange) -> Violation | None:
    value = exchange.json.value
    return None if isinstance(value, dict) else Violation("a JSON object", f"a JSON {common_checks.type_name(value)}")


def _says_status(exchange: Exchange) -> bool:
    return answered_object(*_REFUSALS)(exchange) and _number(exchange.object.get("status")) is not None


@passive("problem.status-as-http", _says_status)
def _status_as_http(exchange: Exchange) -> Violation | None:
    status = exchange.object["status"]
    return (
        None if _number(status) == exchange.status else Violation(f"`status`: {exchange.status}", f"`status`: {status}")
    )


def _number(value: Document) -> int | None:
    """A status as a number, also from a string of a few digits; None for what is neither."""
    if isinstance(value, str):
        return int(value) if re.fullmatch("[0-9]{1,9}", value) else None
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return value if type(value) is int else None


def judge_code(context: CheckContext, requirement: str, exchange: Exchange, code: str) -> None:
    """Judge that a problem names a code somewhere, as the document does in the description of its status."""
    body = exchange.response.body.decode(errors="replace")
    said = list(texts(exchange.json.value)) if exchange.json.well_formed else [body]
    title = exchange.object.get("title")
    received = f"a problem with the title {title!r}" if title else "a problem without a title"
    context.judge(requirement, any(code in text for text in said), f"`{code}` in the problem", exchange, received)
