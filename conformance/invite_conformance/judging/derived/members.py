"""The members that a schema describes: under references, in every branch, in lists and in nested objects."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from invite_specs import Document, follow, json_pointer, resolve

_DEEPEST = 6
"""Levels of nesting whose members are requirements of their own; what is below belongs to the last of them."""


@dataclass(frozen=True)
class Member:
    """One member of the objects that a schema describes."""

    document: Document = field(repr=False, compare=False)
    path: tuple[str, ...]
    """Its name, after the names of the members that it is nested in; lists add nothing."""
    pointer: str
    """JSON Pointer of its schema, before references are followed: where the document names it."""
    required: bool

    @property
    def name(self) -> str:
        """The path as one word, as reports write it."""
        return ".".join(self.path)

    @property
    def definition(self) -> Document:
        """Its schema, with what its references say, and without them."""
        return with_references(self.document, self.pointer)

    def marked(self, keyword: str) -> bool:
        """Whether `readOnly` or `writeOnly` is true of it, where it is named or at the end of its references."""
        return isinstance(self.definition, dict) and self.definition.get(keyword) is True


def slug(path: Iterable[str]) -> str:
    """The path of a member in an id; a full stop in a name is written so that no two members share one."""
    return ".".join(name.replace("~", "~0").replace(".", "~1") for name in path)


def with_references(document: Document, pointer: str) -> Document:
    """The schema at a JSON Pointer, with what its references say; what stands beside a reference takes precedence."""
    schema, beside = resolve(document, pointer), dict[str, Document]()
    while isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        beside = {name: one for name, one in schema.items() if name != "$ref"} | beside
        schema = resolve(document, unquote(schema["$ref"][1:]))
    return {**schema, **beside} if isinstance(schema, dict) and beside else schema


def members(document: Document, pointer: str) -> dict[tuple[str, ...], Member]:
    """The members that the schema at a JSON Pointer describes, by path, in the order of the document.

    One that several branches describe stands where the first of them does, and is required if one says so that always
    applies.
    """
    found: dict[tuple[str, ...], Member] = {}
    for one in _members(document, pointer, (), frozenset(), ()):
        known = found.get(one.path)
        required = one.required or (known is not None and known.required)
        place = known.pointer if known is not None else one.pointer
        found[one.path] = Member(document, one.path, place, required)
    return found


def _members(
    document: Document, pointer: str, path: tuple[str, ...], required: frozenset[str], seen: tuple[str, ...]
) -> Iterator[Member]:
    """`required` are the names that a schema around this one requires of the same object."""
    schema = resolve(document, pointer)
    if pointer in seen or len(path) >= _DEEPEST or not isinstance(schema, dict):
        return
    seen = (*seen, pointer)
    required |= _required(document, pointer, frozenset())
    if isinstance(schema.get("$ref"), str):
        yield from _members(document, unquote(schema["$ref"][1:]), path, required, seen)
    for name in schema.get("properties", {}):
        where = f"{pointer}/properties{json_pointer([name])}"
        yield Member(document, (*path, name), where, name in required)
        yield from _members(document, where, (*path, name), frozenset(), seen)
    for index in _branches(schema, "allOf"):
        yield from _members(document, f"{pointer}/allOf/{index}", path, required, seen)
    for keyword in ("oneOf", "anyOf"):
        for index in _branches(schema, keyword):
            for one in _members(document, f"{pointer}/{keyword}/{index}", path, required, seen):
                # What only a branch requires, a value of another branch may lack.
                everywhere = len(one.path) > len(path) + 1 or one.path[-1] in required
                yield replace(one, required=one.required and everywhere)
    if isinstance(schema.get("items"), dict):
        yield from _members(document, f"{pointer}/items", path, frozenset(), seen)


def _required(document: Document, pointer: str, seen: frozenset[str]) -> frozenset[str]:
    """The names that a schema requires, those of its `allOf` among them."""
    schema = resolve(document, pointer)
    if pointer in seen or not isinstance(schema, dict):
        return frozenset()
    places = [f"{pointer}/allOf/{index}" for index in _branches(schema, "allOf")]
    places += [unquote(schema["$ref"][1:])] if isinstance(schema.get("$ref"), str) else []
    parts = (_required(document, one, seen | {pointer}) for one in places)
    return frozenset(schema.get("required", ())).union(*parts)


def _branches(schema: dict[str, Document], keyword: str) -> range:
    return range(len(schema.get(keyword, ())))


def words(document: Document, definition: Document) -> str:
    """What a schema asks for, in a few words, such as `a string (uuid) or null`."""
    if isinstance(definition, dict) and "$ref" in definition:
        definition = resolve(document, follow(document, unquote(definition["$ref"][1:])))
    if not isinstance(definition, dict):
        return "any value" if definition else "no value"
    if "enum" in definition:
        return "one of " + ", ".join("null" if one is None else str(one) for one in definition["enum"])
    if "const" in definition:
        return f"the value {definition['const']}"
    types = definition.get("type", ())
    named = [types] if isinstance(types, str) else list(types)
    if not named:
        return next((f"as {word} says" for word in ("allOf", "oneOf", "anyOf") if word in definition), "any value")
    text = " or ".join(_ARTICLES[one] for one in named if one != "null")
    text += f" ({definition['format']})" if "format" in definition else ""
    # Null last, as people say it.
    return " or ".join(filter(None, (text, "null" if "null" in named else "")))


_ARTICLES = {
    "string": "a string",
    "number": "a number",
    "integer": "an integer",
    "boolean": "a boolean",
    "object": "an object",
    "array": "an array",
}


def brief(schema: Document) -> str:
    """A schema in one line: its own keywords that are no text for people."""
    if not isinstance(schema, dict):
        return json.dumps(schema)
    shown = {
        name: one for name, one in schema.items() if name in {"$ref", "type", "format", "enum", "const", "pattern"}
    }
    return (
        ", ".join(
            f"{name}: {' or '.join(map(str, one)) if isinstance(one, list) else one}" for name, one in shown.items()
        )
        or "a schema"
    )
