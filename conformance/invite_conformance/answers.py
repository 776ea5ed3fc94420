"""What is asked of every answer, whichever the contract: well-formed JSON, a documented status, no 5xx.

1. Nothing here names a contract: the statuses and schemas are those of its published document.
2. A rule applies only where it can tell something by itself, so that one fault breaks one requirement: a body that is
   no JSON breaks `json.well-formed`, not each member of its schema too.
"""

import re
from collections.abc import Callable
from functools import cache, partial

import jsonschema_rs
from invite_specs import Json, contract, operations, resolve

from invite_conformance.checks import Flaw, rule
from invite_conformance.exchange import Seen

TOLERATED = (401, 405, 413, 415, 429)
"""Statuses that a document need not list: they belong to whatever stands before the operation."""
_UNDOCUMENTED_REFUSALS = (400, 422)
"""What a malformed request may be answered with where the document lists no answer to one."""


def answered(*statuses: int) -> Callable[[Seen], bool]:
    """Applies to answers of the operation with one of the statuses."""
    return lambda seen: bool(seen.call.operation) and seen.status in statuses


def answered_object(*statuses: int) -> Callable[[Seen], bool]:
    """As `answered`, and the body is a JSON text."""
    return lambda seen: bool(seen.call.operation) and seen.status in statuses and seen.json.well_formed


def is_json(seen: Seen) -> bool:
    """Whether an answer says that it is JSON."""
    return seen.answer.media_type == "application/json" or seen.answer.media_type.endswith("+json")


def register(module: str) -> None:
    """Register the rules of every contract for the contract of a module."""
    documented = {status for one in operations(_published(module)) for status in one.statuses}
    rule("server-error", lambda seen: True, module)(_server_error)  # noqa: ARG005  # it applies to all
    rule("statuses.documented", _on_operation, module)(partial(_documented, documented))
    rule("statuses.tolerated", _on_plain_operation, module)(partial(_tolerated, documented))
    rule("json.well-formed", partial(_meant_as_json, documented), module)(_well_formed)
    rule("json.i-json", _read, module)(_i_json)
    rule("json.charset", is_json, module)(_charset)


def media_type(requirement: str, module: str, expected: str, *statuses: int) -> None:
    """Register the rule that answers of those statuses have a media type."""

    def flaw(seen: Seen) -> Flaw | None:
        given = seen.answer.media_type
        return None if given == expected else Flaw(f"Content-Type: {expected}", f"Content-Type: {given or '(none)'}")

    rule(requirement, answered(*statuses), module)(flaw)


def member(requirement: str, module: str, schema: str, name: str, *statuses: int) -> None:
    """Register the rule that a member of the bodies with those statuses fits the published schema, formats asserted."""
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

    def flaw(seen: Seen) -> Flaw | None:
        if name not in seen.object:
            received = f"no `{name}`" if isinstance(seen.json.value, dict) else "a body that is no JSON object"
            return Flaw(expected, received) if required else None
        error = next(iter(validator.iter_errors(seen.object[name])), None)
        return None if error is None else Flaw(expected, f"`{name}`: {_shown(seen.object[name])}")

    applies = answered_object(*statuses)
    rule(requirement, applies if required else partial(_with_object, applies), module)(flaw)


@cache
def _published(module: str) -> Json:
    """The published document of the contract of a module."""
    return contract(module.split(".")[1].replace("_", "-")).published


def _with_object(applies: Callable[[Seen], bool], seen: Seen) -> bool:
    return applies(seen) and isinstance(seen.json.value, dict)


def _shown(value: Json) -> str:
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 200 else f"{text[:200]}…"


def _words(document: Json, definition: Json) -> str:
    """A schema in a few words."""
    if "$ref" in definition:
        definition = resolve(document, definition["$ref"].removeprefix("#"))
    if "enum" in definition:
        return "one of " + ", ".join(map(str, definition["enum"]))
    types = definition["type"]
    named = types if isinstance(types, str) else " or ".join(types)
    return named + (f" ({definition['format']})" if "format" in definition else "")


def _is_int32(value: Json) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


def _on_operation(seen: Seen) -> bool:
    return bool(seen.call.operation)


def _on_plain_operation(seen: Seen) -> bool:
    # Nobody can say what an outsized request must be answered with.
    return bool(seen.call.operation) and seen.call.valid is not None


def _server_error(seen: Seen) -> Flaw | None:
    # RFC 9110 section 15.6.2: 501 is the right answer to a method that the server does not know.
    if seen.status < 500 or (seen.status == 501 and seen.call.method != "POST"):
        return None
    return Flaw("no 5xx", seen.answer.status_line)


def _documented(documented: set[int], seen: Seen) -> Flaw | None:
    allowed = {*documented, *TOLERATED, *seen.accepted}
    if 400 not in documented and not seen.call.valid:
        allowed |= {*_UNDOCUMENTED_REFUSALS}
    # A 5xx is the business of `server-error`.
    if seen.status in allowed or seen.status >= 500:
        return None
    return Flaw(f"one of {', '.join(map(str, sorted(documented)))}", seen.answer.status_line)


def _tolerated(documented: set[int], seen: Seen) -> Flaw | None:
    if seen.status in TOLERATED and seen.status not in {*documented, *seen.accepted}:
        return Flaw(f"one of {', '.join(map(str, sorted(documented)))}", seen.answer.status_line)
    return None


def _meant_as_json(documented: set[int], seen: Seen) -> bool:
    # An answer that the document does not list, such as a 405, may be empty whatever its Content-Type.
    return is_json(seen) and (bool(seen.answer.body) or seen.status in documented)


def _well_formed(seen: Seen) -> Flaw | None:
    if seen.json.well_formed:
        return None
    return Flaw("one JSON text", f"a body that is none: {seen.json.flaw}")


def _read(seen: Seen) -> bool:
    return is_json(seen) and seen.json.well_formed


def _i_json(seen: Seen) -> Flaw | None:
    if seen.json.unpaired:
        return Flaw("whole characters", "a string with half a surrogate pair (RFC 7493 section 2.1)")
    if not seen.json.repeated:
        return None
    return Flaw("no member twice in one object", f"twice: {', '.join(seen.json.repeated)}")


def _charset(seen: Seen) -> Flaw | None:
    if seen.json.marked:
        return Flaw("no byte order mark", "a body that begins with one")
    given = re.search(r';\s*charset\s*=\s*"?([^";\s]*)', seen.answer.header("content-type"), re.IGNORECASE)
    if given is None or given[1].lower() in {"utf-8", "utf8"}:
        return None
    return Flaw("UTF-8", f"charset={given[1]}")


def type_name(value: Json) -> str:
    """The JSON type of a value, as JSON Schema names it."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
