"""What is required of every response, whichever the contract: well-formed JSON, a documented status, no 5xx.

1. Nothing here names a contract: the statuses and schemas are those of its published document.
2. A check applies only where it can judge by itself, so that one fault violates one requirement: a body that is no
   JSON violates `json.well-formed`, not each member of its schema too.
"""

import json
import math
import re
import sys
from collections.abc import Callable
from functools import cache, partial

import jsonschema_rs
from invite_specs import Document, contract, operations, resolve

from invite_conformance.http.exchange import Exchange
from invite_conformance.http.json_text import read_json
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import contract_of, passive
from invite_conformance.judging.stack_traces import is_error, no_stack_trace

TOLERATED = (401, 405, 413, 415, 429)
"""Statuses that a document need not list: they belong to whatever stands before the operation."""
_DEEPEST = 100
"""Levels of nesting that are validated."""
_UNDOCUMENTED_REFUSALS = (400, 422)
"""What a malformed request may be answered with where the document lists no answer to one."""


def answered(*statuses: int) -> Callable[[Exchange], bool]:
    """Applies to responses of the operation with one of the statuses."""
    return lambda exchange: bool(exchange.call.operation) and exchange.status in statuses


def answered_object(*statuses: int) -> Callable[[Exchange], bool]:
    """As `answered`, and the body is a JSON text."""
    return lambda exchange: bool(exchange.call.operation) and exchange.status in statuses and exchange.json.well_formed


def is_json(exchange: Exchange) -> bool:
    """Whether a response says that it is JSON."""
    return exchange.response.media_type == "application/json" or exchange.response.media_type.endswith("+json")


def register(module: str) -> None:
    """Register the checks of the common requirements for the contract of a module."""
    documented = {status for one in operations(_published(module)) for status in one.statuses}
    passive("server-error", lambda exchange: True, module)(_server_error)  # noqa: ARG005  # it applies to all
    passive("statuses.documented", _on_operation, module)(partial(_documented, documented))
    passive("statuses.tolerated", _on_plain_operation, module)(partial(_tolerated, documented))
    passive("error.no-stack-trace", is_error, module)(no_stack_trace)
    passive("json.well-formed", partial(_meant_as_json, documented), module)(_well_formed)
    passive("json.i-json", _read, module)(_i_json)
    passive("json.echoed-surrogate", _after_a_surrogate, module)(_echoed_surrogate)
    passive("json.charset", is_json, module)(_charset)


def media_type(requirement: str, module: str, expected: str, *statuses: int) -> None:
    """Register the check that responses of those statuses have a media type."""

    def violation(exchange: Exchange) -> Violation | None:
        given = exchange.response.media_type
        return (
            None if given == expected else Violation(f"Content-Type: {expected}", f"Content-Type: {given or '(none)'}")
        )

    passive(requirement, answered(*statuses), module)(violation)


def member(requirement: str, module: str, schema: str, name: str, *statuses: int) -> None:
    """Register the check that a member of those bodies fits its published schema, formats asserted."""
    document = _published(module)
    pointer = f"/components/schemas/{schema}"
    definition = resolve(document, f"{pointer}/properties/{name}")
    required = name in resolve(document, pointer).get("required", ())
    validator = jsonschema_rs.Draft202012Validator(
        {"$ref": f"#{pointer}/properties/{name}", "components": document["components"]},
        validate_formats=True,
        ignore_unknown_formats=True,
        formats={"int32": _is_int32},
    )
    expected = f"`{name}` that fits {_words(document, definition)}" + ("" if required else ", or none")

    def violation(exchange: Exchange) -> Violation | None:
        if name not in exchange.object:
            received = f"no `{name}`" if isinstance(exchange.json.value, dict) else "a body that is no JSON object"
            return Violation(expected, received) if required else None
        error = next(iter(validator.iter_errors(_validatable(exchange.object[name]))), None)
        return None if error is None else Violation(expected, f"`{name}`: {_shown(exchange.object[name])}")

    applies = answered_object(*statuses)
    passive(requirement, applies if required else partial(_with_object, applies), module)(violation)


@cache
def _published(module: str) -> Document:
    """The published document of the contract of a module."""
    return contract(contract_of(module)).published


def _with_object(applies: Callable[[Exchange], bool], exchange: Exchange) -> bool:
    return applies(exchange) and isinstance(exchange.json.value, dict)


def _shown(value: Document) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _validatable(value: Document, depth: int = 0) -> Document:
    """The value as the validator can take it.

    That is without half of a surrogate pair, a number beyond a double's range, or deeper nesting than any schema
    describes. All three are JSON; what is wrong with a lone surrogate is the business of `json.i-json`.
    """
    match value:
        case str():
            return value.encode(errors="replace").decode()
        case float() if not math.isfinite(value):
            return math.copysign(sys.float_info.max, value)
        case list() | dict() if depth == _DEEPEST:
            return type(value)()
        case list():
            return [_validatable(one, depth + 1) for one in value]
        case dict():
            return {_validatable(name): _validatable(one, depth + 1) for name, one in value.items()}
    return value


def _words(document: Document, definition: Document) -> str:
    """A schema in a few words."""
    if "$ref" in definition:
        definition = resolve(document, definition["$ref"].removeprefix("#"))
    if "enum" in definition:
        return "one of " + ", ".join(map(str, definition["enum"]))
    types = definition["type"]
    named = types if isinstance(types, str) else " or ".join(types)
    return named + (f" ({definition['format']})" if "format" in definition else "")


def _is_int32(value: Document) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


def _on_operation(exchange: Exchange) -> bool:
    return bool(exchange.call.operation)


def _on_plain_operation(exchange: Exchange) -> bool:
    # Nobody can say what an outsized request must be answered with.
    return bool(exchange.call.operation) and exchange.call.valid is not None


def _server_error(exchange: Exchange) -> Violation | None:
    # RFC 9110 section 15.6.2: 501 is the right answer to a method that the server does not know.
    if exchange.status < 500 or (exchange.status == 501 and not exchange.call.operation):
        return None
    return Violation("no 5xx", exchange.response.status_line)


def _documented(documented: set[int], exchange: Exchange) -> Violation | None:
    allowed = {*documented, *TOLERATED, *exchange.accepted}
    if 400 not in documented and not exchange.call.valid:
        allowed |= {*_UNDOCUMENTED_REFUSALS}
    # A 5xx is the business of `server-error`.
    if exchange.status in allowed or exchange.status >= 500:
        return None
    return Violation(f"one of {', '.join(map(str, sorted(documented)))}", exchange.response.status_line)


def _tolerated(documented: set[int], exchange: Exchange) -> Violation | None:
    if exchange.status in TOLERATED and exchange.status not in {*documented, *exchange.accepted}:
        return Violation(f"one of {', '.join(map(str, sorted(documented)))}", exchange.response.status_line)
    return None


def _meant_as_json(documented: set[int], exchange: Exchange) -> bool:
    # A response that the document does not list, such as a 405, may be empty whatever its Content-Type.
    return is_json(exchange) and (bool(exchange.response.body) or exchange.status in documented)


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


def type_name(value: Document) -> str:
    """The JSON type of a value, as JSON Schema names it."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
