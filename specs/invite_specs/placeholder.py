"""A value that stands in a draft until a person writes a better one: what a schema says, or something short."""

from typing import Any

from invite_specs.openapi import follow
from invite_specs.pointer import json_pointer, resolve
from invite_specs.yaml_file import Document, Json

_FORMATS = {
    "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "date-time": "2026-01-01T09:00:00Z",
    "date": "2026-01-01",
    "email": "someone@workflows.example",
    "uri": "https://workflows.example/",
}
_DEEPEST = 8


def placeholder(document: Document, pointer: str, depth: int = 0) -> Json:
    """A value for the schema at a JSON Pointer; it often fits, and nothing validates it."""
    pointer = follow(document, pointer)
    schema: Any = resolve(document, pointer)
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return "text"
    listed = [*schema.get("examples", ()), *schema.get("enum", ())]
    given = [*(schema[name] for name in ("const", "example", "default") if name in schema), *listed]
    if given:
        return given[0]  # type: ignore[no-any-return]  # a document's JSON
    of = [f"allOf/{number}" for number in range(len(schema.get("allOf", ())))]
    of += [f"{choice}/0" for choice in ("oneOf", "anyOf") if schema.get(choice)]
    parts = [placeholder(document, f"{pointer}/{one}", depth + 1) for one in of]
    if parts and not isinstance(parts[0], dict):
        return parts[0]
    types = schema.get("type", "object" if parts or "properties" in schema else "string")
    first = next((one for one in ([types] if isinstance(types, str) else types) if one != "null"), "null")
    if first == "object":
        whole = {name: value for one in parts if isinstance(one, dict) for name, value in one.items()}
        return whole | _members(document, pointer, schema, depth)
    if first == "array":
        items = placeholder(document, f"{pointer}/items", depth + 1) if "items" in schema else "text"
        return [items] * max(1, schema.get("minItems", 1))
    return _scalar(schema, first)


def _members(document: Document, pointer: str, schema: Document, depth: int) -> dict[str, Json]:
    """The members that are required of a request, or the first where none is."""
    properties = schema.get("properties", {})
    required = [name for name in schema.get("required", ()) if name in properties]
    writable = [name for name in required or [*properties][:1] if not _is_read_only(properties[name])]
    where = f"{pointer}/properties"
    return {name: placeholder(document, where + json_pointer([name]), depth + 1) for name in writable}


def _is_read_only(schema: Document) -> bool:
    return isinstance(schema, dict) and schema.get("readOnly") is True


def _scalar(schema: Document, of_type: str) -> Json:
    if of_type == "boolean":
        return True
    if of_type in {"integer", "number"}:
        least: int | float = schema.get("minimum", min(1, schema.get("maximum", 1)))
        above = schema.get("exclusiveMinimum")
        step: int | float = schema.get("multipleOf", 1)
        return above + step if isinstance(above, int | float) and not isinstance(above, bool) else least
    if of_type == "null":
        return None
    text = _FORMATS.get(schema.get("format", ""), "text")
    return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
