"""Values that a schema forbids, by the way in which they do."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import jsonschema_rs
from invite_specs import Document, Json, follow, resolve

from invite_conformance.judging.derived.schemas import Schemas

_OBJECT: Json = {"name": "Harriet"}
_FORMATS = {
    "uuid": ("not-a-uuid", "1", "3fa85f64-5717-4562-b3fc-2c963f66afa"),
    "date-time": ("yesterday", "2026-13-01T00:00:00Z"),
    "date": ("yesterday", "2026-13-01"),
    "time": ("noon",),
    "email": ("no-at-sign",),
    "uri": ("not a uri",),
    "ipv4": ("999.1.1.1",),
    "ipv6": ("not-an-ip",),
    "hostname": ("-not a host-",),
}
_LONGEST = 10_000
"""Characters of a text that is too long; where more are allowed, none is sent."""


@dataclass(frozen=True)
class Invalid:
    """A value that a schema forbids."""

    aspect: str
    """`type`, `coerced` (a value that common libraries convert into a valid one), `null`, `enum`, `format` or `range`."""
    value: Json


def invalid_values(schemas: Schemas, pointer: str, *, as_text: bool = False) -> list[Invalid]:
    """Values that the schema at a JSON Pointer forbids; `as_text` for a parameter, which is always sent as text."""
    validator = schemas.at(pointer)
    definition = effective(schemas.document, pointer)
    types = set(_types(definition))
    made = list(_as_texts(definition, types) if as_text else _values(validator, definition, types))
    if as_text and "string" not in types:
        return [one for one in made if not validator.is_valid(_read(str(one.value)))]
    return [one for one in made if not validator.is_valid(one.value)]


def aspect_of(schemas: Schemas, pointer: str, keyword: str, value: Json) -> str:
    """The aspect in which a value that the schema forbids is wrong, by the keyword that it violates."""
    if value is None:
        return "null"
    if keyword not in {"type", "enum", "const"}:
        return "format" if keyword == "format" else "range"
    definition = effective(schemas.document, pointer)
    if keyword != "type" and isinstance(value, str):
        return "enum"
    if isinstance(value, list):
        return "coerced" if len(value) == 1 and not isinstance(value[0], list | dict) else "type"
    if isinstance(value, dict):
        return "type"
    # Some libraries take the number of a value in an enum for the value.
    ordinal = "enum" in definition and isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, str):
        return "coerced" if schemas.at(pointer).is_valid(_read(value)) else "type"
    return "coerced" if ordinal or schemas.at(pointer).is_valid(_text(value)) else "type"


def effective(document: Document, pointer: str) -> dict[str, Document]:
    """The keywords of a schema, those of its references and of its `allOf` among them."""
    schema = resolve(document, follow(document, pointer))
    if not isinstance(schema, dict):
        return {}
    found: dict[str, Document] = {}
    for index in range(len(schema.get("allOf", ()))):
        found |= effective(document, f"{follow(document, pointer)}/allOf/{index}")
    return found | schema


def _types(definition: dict[str, Document]) -> Iterator[str]:
    """The JSON types that a schema names, or that its enum has; none where it may be any."""
    types = definition.get("type", [])
    yield from [types] if isinstance(types, str) else types
    if not types and "enum" in definition:
        for one in definition["enum"]:
            yield {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}.get(
                type(one), "object" if isinstance(one, dict) else "array"
            )


def _values(
    validator: jsonschema_rs.Draft202012Validator, definition: dict[str, Document], types: set[str]
) -> Iterator[Invalid]:
    if not types:
        return
    yield Invalid("null", None)
    if "object" not in types:
        yield Invalid("type", _OBJECT)
    if "array" not in types:
        yield Invalid("type", ["Harriet", "Porter"])
    if not types & {"string", "array"}:
        yield Invalid("type", "Harriet")
    if "string" in types:
        # What a library turns into text can only be valid where that text is.
        for value in (42, True):
            yield Invalid("coerced" if validator.is_valid(_text(value)) else "type", value)
        valid = next((one for one in definition.get("enum", ("Harriet",)) if isinstance(one, str)), "")
        if "array" not in types:
            yield Invalid("coerced", [valid])
        if "enum" in definition:
            yield Invalid("coerced", 0)
    elif types & {"number", "integer"}:
        yield Invalid("coerced", "5")
        yield Invalid("coerced", True)
    elif "boolean" in types:
        yield Invalid("coerced", "true")
        yield Invalid("coerced", 1)
    elif "array" in types:
        yield Invalid("coerced", "Harriet")
    elif "object" in types:
        yield Invalid("type", 42)
    yield from _texts(definition, types)
    yield from _numbers(definition, types)


def _as_texts(definition: dict[str, Document], types: set[str]) -> Iterator[Invalid]:
    if types & {"integer", "number", "boolean"} and "string" not in types:
        yield Invalid("type", "abc")
    yield from _texts(definition, types | ({"string"} if "enum" in definition else set()))
    for one in _numbers(definition, types):
        yield Invalid("range", _text(one.value))


def _texts(definition: dict[str, Document], types: set[str]) -> Iterator[Invalid]:
    """Texts that are of the right type."""
    if "string" not in types:
        return
    if "enum" in definition:
        known = [one for one in definition["enum"] if isinstance(one, str)]
        yield from (Invalid("enum", one) for one in ("Emperor", *(one.swapcase() for one in known[:1]), ""))
        return
    yield from (Invalid("format", one) for one in _FORMATS.get(definition.get("format", ""), ()))
    if definition.get("minLength", 0) > 0:
        yield Invalid("range", "x" * (definition["minLength"] - 1))
    if definition.get("maxLength", _LONGEST) < _LONGEST:
        yield Invalid("range", "x" * (definition["maxLength"] + 1))
    if "pattern" in definition:
        yield from (Invalid("range", one) for one in ("~ ~", ""))


def _numbers(definition: dict[str, Document], types: set[str]) -> Iterator[Invalid]:
    """Numbers outside the bounds, and fractions where they are no integer."""
    if not types & {"integer", "number"}:
        return
    for keyword, step in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        if isinstance(definition.get(keyword), int | float):
            yield Invalid("range", definition[keyword] + step)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read(text: str) -> Json:
    """What a parameter's text says, where it is read as JSON."""
    try:
        value: Json = json.loads(text)
    except ValueError:
        return text
    return value
