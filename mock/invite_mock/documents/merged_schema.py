"""One schema instead of a combination: references followed, `allOf` merged, and of alternatives one chosen."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from invite_specs import Document, Json, resolve

_MOST_NESTED = 40


class ContradictionError(ValueError):
    """A schema that allows nothing, as far as can be seen without a value."""


class Choices(NamedTuple):
    """How alternatives are chosen."""

    below: Callable[[int], int]
    """Gives an index below a number."""
    apart: bool
    """Whether what only the other alternatives of a `oneOf` describe is of a type that they forbid, so that they do not
    match too."""


def merged(document: Document, schema: Json, choices: Choices) -> Document:
    """A schema in which no keyword refers to or combines others.

    Keywords without a merged form (`not`, `dependentSchemas`) stay as they are. Raises ContradictionError.
    """
    return _merged(document, schema, choices, 0)


def _merged(document: Document, schema: Json, choices: Choices, nested: int) -> Document:
    if schema is False or nested > _MOST_NESTED:
        raise ContradictionError
    if not isinstance(schema, dict):
        return {}
    found: Document = {key: value for key, value in schema.items() if key not in {"$ref", "allOf", "anyOf", "oneOf"}}
    others: list[Json] = list(_list(schema, "allOf"))
    reference = schema.get("$ref")
    if isinstance(reference, str):
        others.append(_target(document, reference))
    for keyword in ("anyOf", "oneOf"):
        branches = [one for one in _list(schema, keyword) if not _is_null(one)] or _list(schema, keyword)
        if branches:
            chosen = branches[choices.below(len(branches))]
            others += [chosen, _discriminated(schema.get("discriminator"), chosen)]
            if keyword == "oneOf" and choices.apart:
                described = [_merged(document, one, choices, nested + 1) for one in branches if one is not chosen]
                others.append(_unlike(described, _merged(document, chosen, choices, nested + 1)))
    if "if" in schema:
        others += [schema["if"], schema.get("then", {})] if choices.below(2) else [schema.get("else", {})]
    for other in others:
        found = _both(found, _merged(document, other, choices, nested + 1))
    return found


def _unlike(others: Iterable[Document], chosen: Document) -> Document:
    """What makes an object of the chosen schema fit none of the others: members of types that these forbid."""
    found: Document = {}
    for other in others:
        for name, member in other.get("properties", {}).items():
            kinds = types_of(member) if isinstance(member, dict) else []
            wrong = [one for one in ("string", "boolean") if one not in kinds]
            if kinds and wrong and name not in chosen.get("properties", {}):
                found[name] = {"type": wrong[0]}
                break
    return {"properties": found, "required": list(found)}


def _list(schema: dict[str, Json], keyword: str) -> list[Json]:
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


def _is_null(schema: Json) -> bool:
    return isinstance(schema, dict) and (schema.get("type") == "null" or schema.get("enum") == [None])


def _target(document: Document, reference: str) -> Json:
    if not reference.startswith("#"):
        raise ContradictionError
    target: Json = resolve(document, unquote(reference[1:]))
    return target


def _discriminated(discriminator: Json, chosen: Json) -> Json:
    """The member that names the chosen schema (OpenAPI 3.1.1 section 4.8.25)."""
    if not (isinstance(discriminator, dict) and isinstance(chosen, dict) and isinstance(chosen.get("$ref"), str)):
        return {}
    reference, mapping = str(chosen["$ref"]), discriminator.get("mapping")
    names = [name for name, to in mapping.items() if to == reference] if isinstance(mapping, dict) else []
    name: Json = names[0] if names else reference.rpartition("/")[2]
    member = str(discriminator.get("propertyName"))
    return {"properties": {member: {"enum": [name]}}, "required": [member]}


def _both(one: Document, other: Document) -> Document:
    """A schema that says what both say; where a keyword has no merged form, what the other says."""
    found = {**one, **other}
    for keyword in one.keys() & other.keys() & _MERGE.keys():
        found[keyword] = _MERGE[keyword](one[keyword], other[keyword])
    return found


def _common(one: list[Any], other: list[Any]) -> list[Any]:
    found = [value for value in one if value in other]
    if not found:
        raise ContradictionError
    return found


def _common_types(one: str | list[str], other: str | list[str]) -> list[str]:
    kinds = types_of({"type": one}), types_of({"type": other})
    # An integer is a number.
    widened = [["integer", *kind] if "number" in kind else kind for kind in kinds]
    return _common(*widened)


def _members(one: Document, other: Document) -> Document:
    return {**one, **other, **{name: _all_of(one[name], other[name]) for name in one.keys() & other.keys()}}


def _all_of(one: Json, other: Json) -> Json:
    return {"allOf": [one, other]}


def _union(one: list[str], other: list[str]) -> list[str]:
    return list(dict.fromkeys([*one, *other]))


_MERGE: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
    "additionalProperties": _all_of,
    "enum": _common,
    "items": _all_of,
    "properties": _members,
    "required": _union,
    "type": _common_types,
}


def types_of(schema: Mapping[str, Any]) -> list[str]:
    """The types that a schema names."""
    given = schema.get("type", [])
    return [given] if isinstance(given, str) else list(given)
