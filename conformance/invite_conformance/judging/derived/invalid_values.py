"""Values that a schema forbids, by the way in which they do."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import jsonschema_rs
from invite_specs import Document, Json, resolve

from invite_conformance.judging.derived.schemas import Schemas

_ANNOTATIONS = {
    "summary",
    "description",
    "title",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
}
"""What may stand beside a `$ref` and forbids no value."""
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
_TRUTH = {"true", "false", "1", "0", "yes", "no", "on", "off", "y", "n", "t", "f", ""}
"""Texts that some library takes for true or false."""
_LONGEST = 10_000
"""Characters of a text that is too long; where more are allowed, none is sent."""


@dataclass(frozen=True)
class Invalid:
    """A value that a schema forbids."""

    aspect: str
    """`type`, `coerced` (common libraries convert it into a valid one), `null`, `enum`, `format` or `range`."""
    value: Json


def invalid_values(schemas: Schemas, pointer: str, *, as_text: bool = False) -> list[Invalid]:
    """Values that the schema at a JSON Pointer forbids; `as_text` for a parameter, which is always sent as text."""
    definition = effective(schemas.document, pointer)
    types = _types(definition)
    as_json = as_text and "string" not in types
    found = []
    for value in _as_texts(definition, types) if as_text else _values(definition, types):
        given = _read(str(value)) if as_json else value
        if not schemas.allows(pointer, given):
            found.append(Invalid(aspect_of(schemas, pointer, given), value))
    return found


def aspect_of(schemas: Schemas, pointer: str, value: Json) -> str:
    """The aspect in which a value that the schema forbids is wrong."""
    if value is None:
        return "null"
    definition = effective(schemas.document, pointer)
    types = _types(definition)
    if types and not _is_one_of(value, types):
        validator = schemas.at(pointer)
        return "coerced" if _is_converted(validator, value, types, len(definition.get("enum", ()))) else "type"
    errors = schemas.at(_deciding(schemas.document, pointer)).iter_errors(value)
    keyword = next((one.kind.name for one in errors if not list(one.instance_path)), "")
    return {"enum": "enum", "const": "enum", "format": "format"}.get(keyword, "range")


def effective(document: Document, pointer: str, around: tuple[str, ...] = ()) -> dict[str, Document]:
    """The keywords of a schema: those of its references, of its `allOf`, and of the only branch besides null.

    `around` are the schemas whose `allOf` it stands in: one that contains itself is read once.
    """
    deciding = _deciding(document, pointer)
    schema = resolve(document, deciding)
    if not isinstance(schema, dict) or deciding in around:
        return {}
    found: dict[str, Document] = {}
    places = [f"{deciding}/allOf/{index}" for index in range(len(schema.get("allOf", ())))]
    places += [unquote(schema["$ref"][1:])] if "$ref" in schema else []
    for one in places:
        found |= effective(document, one, (*around, deciding))
    return found | schema


def _deciding(document: Document, pointer: str) -> str:
    """JSON Pointer of the schema that decides about whatever is not null."""
    schema = resolve(document, pointer)
    while isinstance(schema, dict) and "$ref" in schema and not schema.keys() - _ANNOTATIONS - {"$ref"}:
        pointer = unquote(schema["$ref"][1:])
        schema = resolve(document, pointer)
    for keyword in ("anyOf", "oneOf") if isinstance(schema, dict) and "$ref" not in schema else ():
        branches = [index for index, one in enumerate(schema.get(keyword, ())) if one != {"type": "null"}]
        if len(branches) == 1:
            return _deciding(document, f"{pointer}/{keyword}/{branches[0]}")
    return pointer


def _types(definition: dict[str, Document]) -> set[str]:
    """The JSON types that a schema names, or that its enum has; none where it may be any."""
    types = definition.get("type", [])
    if types:
        return {types} if isinstance(types, str) else set(types)
    return {_type(one) for one in definition.get("enum", ())}


def _type(value: Json) -> str:
    names = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _is_one_of(value: Json, types: set[str]) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        # JSON Schema takes 1.0 for an integer.
        return "number" in types or ("integer" in types and float(value).is_integer())
    return _type(value) in types


def _is_converted(validator: jsonschema_rs.Draft202012Validator, value: Json, types: set[str], places: int) -> bool:
    """Whether common libraries convert a value of another type; `places` is how many an enum has."""
    if isinstance(value, dict):
        return False
    if isinstance(value, list):
        return len(value) == 1 and not isinstance(value[0], list | dict)
    numbers = types & {"integer", "number"}
    if "array" in types or (isinstance(value, bool) and numbers):
        return True
    if isinstance(value, str):
        words = _TRUTH if "boolean" in types else {""} if numbers else set()
        return value.lower() in words or validator.is_valid(_read(value))
    if isinstance(value, bool):
        return validator.is_valid(_text(value))
    # A number: some libraries round it, take it for true or false, or for the place of a value in an enum.
    place = isinstance(value, int) and 0 <= value <= places and places > 0
    return bool(numbers) or place or "boolean" in types or validator.is_valid(_text(value))


def _values(definition: dict[str, Document], types: set[str]) -> Iterator[Json]:
    """Candidates for a member: values of every type, then some of the right one."""
    if not types:
        return
    known = [one for one in definition.get("enum", ("Harriet",)) if isinstance(one, str)]
    yield None
    yield _OBJECT
    yield ["Harriet", "Porter"]
    if "string" in types:
        # What a library turns into text can only be valid where that text is.
        yield 42
        yield True
        yield [known[0] if known else ""]
    else:
        yield "Harriet"
    if "string" in types and "enum" in definition:
        yield 0
    if types & {"number", "integer"}:
        yield from ("5", True, 1.5)
    if "boolean" in types:
        yield from ("true", 1)
    if "object" in types:
        yield 42
    yield from _texts(definition, types)
    yield from _numbers(definition, types)


def _as_texts(definition: dict[str, Document], types: set[str]) -> Iterator[str]:
    """Candidates for a parameter."""
    if types & {"integer", "number", "boolean"} and "string" not in types:
        yield "abc"
    yield from _texts(definition, types)
    yield from map(_text, _numbers(definition, types))


def _texts(definition: dict[str, Document], types: set[str]) -> Iterator[str]:
    """Texts that are of the right type."""
    if "string" not in types:
        return
    if "enum" in definition:
        known = [one for one in definition["enum"] if isinstance(one, str)]
        yield from ("Emperor", *(one.swapcase() for one in known[:1]), "")
        return
    yield from _FORMATS.get(definition.get("format", ""), ())
    if definition.get("minLength", 0) > 0:
        yield "x" * (definition["minLength"] - 1)
    if definition.get("maxLength", _LONGEST) < _LONGEST:
        yield "x" * (definition["maxLength"] + 1)
    if "pattern" in definition:
        yield from ("~ ~", "")


def _numbers(definition: dict[str, Document], types: set[str]) -> Iterator[int | float]:
    """Numbers outside the bounds."""
    if not types & {"integer", "number"}:
        return
    for keyword, step in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        if isinstance(definition.get(keyword), int | float):
            yield definition[keyword] + step


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read(text: str) -> Json:
    """What a parameter's text says, where it is read as JSON."""
    try:
        value: Json = json.loads(text)
    except ValueError:
        return text
    return value
