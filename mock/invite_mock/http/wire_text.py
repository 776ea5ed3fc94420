"""Text as a JSON value: what a parameter, or a member of a form, says by the types that its schema documents."""

from collections.abc import Iterator
from typing import Any

import orjson
from invite_specs import Document, Json, follow, resolve

_SCALARS = {"integer", "number", "boolean", "null"}


def parts(document: Document, pointer: str, seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, Document]]:
    """A schema, and all that it refers to or combines, each with its JSON Pointer; boolean schemas are left out."""
    if pointer in seen:
        return
    schema = resolve(document, pointer)
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    seen = seen | {pointer}
    if "$ref" in schema:
        yield from parts(document, follow(document, pointer), seen)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index in range(len(schema.get(keyword, ()))):
            yield from parts(document, f"{pointer}/{keyword}/{index}", seen)


class Reading:
    """How texts are read as values of the schema at a JSON Pointer; without one, each is a string."""

    def __init__(self, document: Document, pointer: str | None) -> None:
        self._document = document
        self._parts = list(parts(document, pointer)) if pointer is not None else []
        self.kinds = {kind for _, schema in self._parts for kind in _kinds(schema)}
        """The types of JSON Schema that it documents; empty where it documents none."""

    @property
    def schemas(self) -> list[Document]:
        """The schema, and all that it refers to or combines."""
        return [schema for _, schema in self._parts]

    @property
    def is_text(self) -> bool:
        """Whether every value is a string."""
        return self.kinds == {"string"}

    @property
    def items(self) -> "Reading":
        """How an element of its array is read."""
        found = (f"{pointer}/items" for pointer, schema in self._parts if "items" in schema)
        return Reading(self._document, next(found, None))

    @property
    def members(self) -> dict[str, "Reading"]:
        """How each documented member of its object is read."""
        return {
            name: Reading(self._document, f"{pointer}/properties/{name.replace('~', '~0').replace('/', '~1')}")
            for pointer, schema in self._parts
            for name in schema.get("properties", {})
        }

    def scalar(self, text: str) -> Json:
        """A text as the first documented type that it can be, at last the string that it is."""
        if self.kinds and not self.kinds & _SCALARS:
            return text
        try:
            value: Json = orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
        return text if isinstance(value, (dict, list, str)) else value


def _kinds(schema: Document) -> set[str]:
    given = schema.get("type")
    if given is not None:
        return {given} if isinstance(given, str) else set(given)
    values: list[Any] = [schema["const"]] if "const" in schema else schema.get("enum", [])
    if values:
        return {_kind(one) for one in values}
    if "properties" in schema:
        return {"object"}
    return {"array"} if "items" in schema else set()


def _kind(value: Json) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")
