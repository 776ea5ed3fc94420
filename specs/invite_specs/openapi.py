"""OpenAPI documents: their operations, and what each takes and answers.

1. An operation is the unit: nothing is found by its path or its status alone.
2. References are followed wherever they may stand, and a JSON Pointer leads to their end: to what is said, not to who
   refers to it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from invite_specs.grammar import METHODS
from invite_specs.names import unique
from invite_specs.pointer import json_pointer, resolve, resolves
from invite_specs.yaml_file import Document, Json


class DanglingReferenceError(LookupError):
    """A `$ref` that leads to no value of the document, or back to itself."""

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(f"the $ref {reference!r} {reason}")
        self.reference = reference
        """The `$ref`: of a chain the last, of a circle the first."""


def follow(document: Document, pointer: str) -> str:
    """The JSON Pointer at the end of a chain of references; the one given where there is none.

    Raises DanglingReferenceError where a reference does not end at a value of the document.
    """
    seen: list[str] = []
    while isinstance(value := resolve(document, pointer), dict) and isinstance(reference := value.get("$ref"), str):
        seen.append(pointer)
        pointer = unquote(reference[1:])
        if not reference.startswith("#") or not resolves(document, pointer):
            raise DanglingReferenceError(reference, "leads to nothing in the document")
        if pointer in seen:
            raise DanglingReferenceError(resolve(document, seen[0])["$ref"], "leads back to itself")
    return pointer


@dataclass(frozen=True)
class Part:
    """A part of a document, found at the end of its references."""

    document: Document = field(repr=False, compare=False)
    pointer: str
    """JSON Pointer into the document."""

    @cached_property
    def definition(self) -> Document:
        """What stands there."""
        return resolve(self.document, self.pointer)

    @property
    def content(self) -> Mapping[str, str | None]:
        """Of a request body or a response: JSON Pointer of the schema, by media type; None without a schema."""
        where = f"{self.pointer}/content"
        return {
            name: where + json_pointer([name, "schema"]) if "schema" in media else None
            for name, media in self.definition.get("content", {}).items()
        }

    def examples(self, media_type: str) -> dict[str, Json]:
        """The documented examples of a media type by name, the only one without a name as `example`."""
        media = self.definition["content"][media_type]
        where = f"{self.pointer}/content" + json_pointer([media_type, "examples"])
        named = {name: follow(self.document, where + json_pointer([name])) for name in media.get("examples", {})}
        found = {name: resolve(self.document, one) for name, one in named.items()}
        values = {name: one["value"] for name, one in found.items() if "value" in one}
        return values or ({"example": media["example"]} if "example" in media else {})


@dataclass(frozen=True)
class Parameter(Part):
    """A parameter of an operation."""

    @property
    def name(self) -> str:
        """As the document spells it; the case of a header's does not matter."""
        return str(self.definition["name"])

    @property
    def place(self) -> str:
        """`path`, `query`, `header` or `cookie`."""
        return str(self.definition["in"])

    @property
    def required(self) -> bool:
        """Whether a request must have it."""
        return bool(self.definition.get("required", False))

    @property
    def schema(self) -> str | None:
        """JSON Pointer of its schema; None where it is described by `content`."""
        return f"{self.pointer}/schema" if "schema" in self.definition else None


@dataclass(frozen=True)
class Response(Part):
    """What an operation answers with a status."""

    status: str
    """As the document writes it: `201`, `4XX` or `default`."""

    @property
    def headers(self) -> Mapping[str, str]:
        """JSON Pointer of each documented header by name."""
        where = f"{self.pointer}/headers"
        return {
            name: follow(self.document, where + json_pointer([name])) for name in self.definition.get("headers", {})
        }


@dataclass(frozen=True)
class Operation(Part):
    """One method of one path, in a document."""

    method: str
    """In capitals, as HTTP writes it."""
    path: str
    """The path template, as the document writes it."""
    id: str
    """The operationId; where the document gives none, method and path as one word."""

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Those of the operation, and of its path where the operation says nothing else of them."""
        found: dict[tuple[str, str], Parameter] = {}
        for where in (self.pointer.rpartition("/")[0], self.pointer):
            for index in range(len(resolve(self.document, where).get("parameters", ()))):
                one = Parameter(self.document, follow(self.document, f"{where}/parameters/{index}"))
                found[one.place, one.name] = one
        return tuple(found.values())

    @cached_property
    def body(self) -> Part | None:
        """The request body; None where the operation describes none."""
        if "requestBody" not in self.definition:
            return None
        return Part(self.document, follow(self.document, f"{self.pointer}/requestBody"))

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        """The documented responses, in the order of the document."""
        where = f"{self.pointer}/responses"
        return tuple(
            Response(self.document, follow(self.document, where + json_pointer([status])), status)
            for status in self.definition.get("responses", {})
            if not status.startswith("x-")
        )

    def response(self, status: int) -> Response | None:
        """What is documented for a status: by itself, by its class (`4XX`), or by `default` (OpenAPI 3.1 4.8.16)."""
        by_status = {one.status.upper(): one for one in self.responses}
        return by_status.get(str(status)) or by_status.get(f"{status // 100}XX") or by_status.get("DEFAULT")

    @property
    def statuses(self) -> tuple[int, ...]:
        """The statuses that are documented one by one, in ascending order."""
        return tuple(sorted(int(one.status) for one in self.responses if one.status.isdecimal()))


def path_item(document: Document, path: str) -> str | None:
    """The JSON Pointer of the object that describes a path; None where a reference or the value is not valid."""
    try:
        where = follow(document, json_pointer(["paths", path]))
    except LookupError:
        return None
    return where if isinstance(resolve(document, where), dict) else None


def operations(document: Document) -> tuple[Operation, ...]:
    """The operations of an OpenAPI document, in its order.

    Those that no object describes are left out (see `unusable`). Ids are unique: where the document repeats an
    operationId, each has method and path after it.
    """
    found = [
        (f"{where}/{method}", method, path, definition)
        for path in document.get("paths") or {}
        if path.startswith("/") and (where := path_item(document, path)) is not None
        for method, definition in resolve(document, where).items()
        if method in METHODS and isinstance(definition, dict)
    ]
    given = Counter(str(definition.get("operationId") or "") for *_, definition in found)
    taken: set[str] = set()
    return tuple(
        Operation(document, pointer, method.upper(), path, unique(_id(method, path, definition, given), taken))
        for pointer, method, path, definition in found
    )


def _id(method: str, path: str, definition: Document, given: Mapping[str, int]) -> str:
    own = str(definition.get("operationId") or "")
    if own and given[own] == 1:
        return own
    return "-".join([*([own] if own else []), method, *re.findall(r"\w+", path)])
