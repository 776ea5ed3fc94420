"""Schemas of OpenAPI 3.0 and of old drafts as those of 3.1, which are JSON Schema 2020-12.

What is removed is never cited, so that every JSON Pointer to what a schema says stays valid.

1. `nullable: true` makes null valid, whatever else the schema says. 3.0.3 restricts that to a schema with a `type`, and
   to an `enum` with null; the versions before it do not, and generators write it beside `allOf`, `enum` and `oneOf`.
2. What 3.0 says to ignore beside a `$ref` is removed, since 3.1 applies it.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from invite_specs.grammar import SECTIONS, Kind
from invite_specs.pointer import resolve, resolves
from invite_specs.yaml_file import Document

_DIALECTS = (
    *(f"http://json-schema.org/draft-0{draft}/schema" for draft in (6, 7)),
    *(f"https://json-schema.org/draft/{draft}/schema" for draft in ("2019-09", "2020-12")),
)
"""Those of `$schema` that validators know, without draft 4, which is changed to what came after it."""
_BESIDE_A_REFERENCE = ("$ref", "summary", "description")
"""What OpenAPI 3.1 section 4.8.23 gives a meaning, none of which 3.0 contradicts."""


_LITERAL_BRACE = re.compile(r"(\\[pPuk]\{|\\.)|\{(?!\d+(,\d*)?\})", re.DOTALL)
"""What is escaped, and a brace that begins no quantifier. `\\p{` and `\\u{` keep theirs."""


def correct(schema: dict[str, Document]) -> None:
    """Change what 2020-12 has no meaning for, and old drafts have one: documents of 3.1 have it by mistake too."""
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        # The limit stays, so that a pointer to it does: the stricter of the two decides.
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and limit in schema:
            schema[exclusive] = schema[limit]
    if isinstance(schema.get("pattern"), str):
        # ECMA-262 annex B.1.2 takes such a brace for itself; with the flag `u`, which validators set, it is an error.
        schema["pattern"] = _LITERAL_BRACE.sub(lambda found: found[1] or r"\{", schema["pattern"])
    if "$schema" in schema and str(schema["$schema"]).rstrip("#") not in _DIALECTS:
        # A validator would fetch it.
        del schema["$schema"]


def upgrade(value: dict[str, Document], kind: Kind) -> Iterable[dict[str, Document]]:
    """Change one object of an OpenAPI 3.0 document, whose members are upgraded by themselves.

    Gives the schemas in whose `oneOf` null must be made valid (by `admit_null_in_one_of`) when all else is upgraded.
    """
    if isinstance(value.get("$ref"), str) and kind in SECTIONS and kind != "PathItem":
        for name in [name for name in value if name not in _BESIDE_A_REFERENCE]:
            del value[name]
        return ()
    if kind != "Schema":
        return ()
    if "example" in value and not isinstance(value.get("examples"), list):
        value["examples"] = [value["example"]]
    # OpenAPI 3.1 section 4.8.14.2 says how files are described without these formats.
    if value.get("format") == "byte":
        value.setdefault("contentEncoding", "base64")
    elif value.get("format") == "binary":
        value.setdefault("contentMediaType", "application/octet-stream")
    return tuple(_admit_null(value)) if value.pop("nullable", False) is True else ()


def _admit_null(schema: dict[str, Document]) -> Iterator[dict[str, Document]]:
    """Make null valid in a schema, but for each `oneOf` in it: gives the schemas that have one."""
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    if isinstance(schema.get("anyOf"), list):
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
    for index, one in enumerate(schema["allOf"] if isinstance(schema.get("allOf"), list) else ()):
        if isinstance(one, dict) and "$ref" in one:
            # What it refers to may be used elsewhere, where it is not nullable.
            schema["allOf"][index] = {"anyOf": [one, {"type": "null"}]}
        elif isinstance(one, dict):
            yield from _admit_null(one)
    if isinstance(schema.get("oneOf"), list):
        yield schema


def admit_null_in_one_of(schema: dict[str, Document], document: Document) -> None:
    """Make null valid in the `oneOf` of a schema of an upgraded document, unless one of its alternatives admits it.

    A second alternative that does would make null invalid: exactly one may match.
    """
    if not any(_admits_null(one, document) for one in schema["oneOf"]):
        schema["oneOf"] = [*schema["oneOf"], {"type": "null"}]


def _admits_null(schema: Document, document: Document, depth: int = 20) -> bool:
    """Whether null is valid against a schema, as far as its types, enumerations and combinations say."""
    if not isinstance(schema, dict) or not depth:
        return schema is True
    reference = schema.get("$ref")
    if isinstance(reference, str):
        pointer = unquote(reference[1:])
        return resolves(document, pointer) and _admits_null(resolve(document, pointer), document, depth - 1)
    kinds = schema.get("type", "null")
    return (
        (kinds == "null" or (isinstance(kinds, list) and "null" in kinds))
        and None in (schema.get("enum") or [None])
        and all(
            rule(_admits_null(one, document, depth - 1) for one in schema[name])
            for name, rule in (("allOf", all), ("anyOf", any), ("oneOf", any))
            if isinstance(schema.get(name), list)
        )
    )
