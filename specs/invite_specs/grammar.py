"""Where OpenAPI 3.1 has objects of which kind, so that data that looks like a reference or a schema is left alone.

1. A kind is the name of an object in the standard: `Schema`. `{Schema}` is a map of them, `[Schema]` a list.
2. What has no kind is data: examples, `enum`, `const`, `default`, extensions. Nothing in it is a reference.
3. Old and invalid forms that real documents have (a list as `items`) are given the kind that their authors mean.
"""

from collections.abc import Iterator
from typing import TypeAlias

from invite_specs.yaml_file import Document

Kind: TypeAlias = str
"""See the laws of the module."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

SECTIONS: dict[Kind, str] = {
    "Schema": "schemas",
    "Response": "responses",
    "Parameter": "parameters",
    "Example": "examples",
    "RequestBody": "requestBodies",
    "Header": "headers",
    "SecurityScheme": "securitySchemes",
    "Link": "links",
    "Callback": "callbacks",
    "PathItem": "pathItems",
}
"""The kinds that a `$ref` may stand for, each with its place among the components (OpenAPI 3.1 section 4.8.7)."""

_EXTENSIBLE = ("Paths", "Responses", "Callback")
"""Maps in which a name that begins with `x-` is an extension; elsewhere it is a name."""

_MAPS: dict[Kind, Kind] = {"Paths": "PathItem", "Responses": "Response", "Callback": "PathItem"}

_DESCRIBED = {"schema": "Schema", "content": "{MediaType}", "examples": "{Example}"}

_OBJECTS: dict[Kind, dict[str, Kind]] = {
    "OpenAPI": {"paths": "Paths", "webhooks": "{PathItem}", "components": "Components"},
    "Components": {section: f"{{{kind}}}" for kind, section in SECTIONS.items()},
    "PathItem": {"parameters": "[Parameter]", **dict.fromkeys(METHODS, "Operation")},
    "Operation": {
        "parameters": "[Parameter]",
        "requestBody": "RequestBody",
        "responses": "Responses",
        "callbacks": "{Callback}",
    },
    "Parameter": _DESCRIBED,
    "Header": _DESCRIBED,
    "RequestBody": {"content": "{MediaType}"},
    "Response": {"headers": "{Header}", "content": "{MediaType}", "links": "{Link}"},
    "MediaType": {"schema": "Schema", "examples": "{Example}", "encoding": "{Encoding}"},
    "Encoding": {"headers": "{Header}"},
    # JSON Schema 2020-12, what applies a schema (core section 10.3), and `contentSchema`.
    "Schema": {
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "[Schema]"),
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"), "{Schema}"),
        **dict.fromkeys(("items", "additionalProperties", "contains", "propertyNames", "contentSchema"), "Schema"),
        **dict.fromkeys(("not", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties"), "Schema"),
    },
}


def is_map(kind: Kind) -> bool:
    """Whether names of the author's own choice stand in it."""
    return kind.startswith("{") or kind in _MAPS


def is_list(kind: Kind) -> bool:
    """Whether it is an array."""
    return kind.startswith("[")


def fits(value: Document, kind: Kind) -> bool:
    """Whether a value has the JSON type of a kind."""
    if is_list(kind):
        return isinstance(value, list)
    # A boolean is a schema (JSON Schema core section 4.3.2), and an array what older drafts have as `items`.
    return isinstance(value, dict) or (kind == "Schema" and isinstance(value, bool | list))


def members(value: Document, kind: Kind) -> Iterator[tuple[str | int, Document, Kind]]:
    """The members of a value that have a kind: name or index, value, kind."""
    if isinstance(value, list):
        one = kind.strip("[]")
        yield from ((index, member, one) for index, member in enumerate(value))
    elif isinstance(value, dict) and is_map(kind):
        one = _MAPS.get(kind) or kind.strip("{}")
        for name, member in value.items():
            if not (kind in _EXTENSIBLE and name.startswith("x-")):
                yield name, member, one
    elif isinstance(value, dict):
        table = _OBJECTS.get(kind, {})
        for name, member in value.items():
            if name in table:
                yield name, member, table[name]
