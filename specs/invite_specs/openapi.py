"""OpenAPI documents: their operations, what each takes and answers, and whether a document is valid.

1. An operation is the unit: nothing is found by its path or its status alone.
2. References are followed wherever they may stand, and a JSON Pointer leads to their end: to what is said, not to who
   refers to it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from invite_specs.pointer import json_pointer, resolve, resolves
from invite_specs.yaml_file import Document, Json

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def follow(document: Document, pointer: str) -> str:
    """The JSON Pointer at the end of a chain of references; the one given where there is none.

    Raises LookupError, which says why, where a reference does not end at a value of the document.
    """
    seen: list[str] = []
    while isinstance(value := resolve(document, pointer), dict) and isinstance(reference := value.get("$ref"), str):
        seen.append(pointer)
        pointer = unquote(reference[1:])
        named = f"the $ref {resolve(document, seen[0])['$ref']!r}"
        if pointer in seen:
            raise LookupError(f"{named} leads back to itself")
        if not reference.startswith("#") or not resolves(document, pointer):
            raise LookupError(f"{named} leads to nothing in the document")
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


def operations(document: Document) -> tuple[Operation, ...]:
    """The operations of an OpenAPI document, in its order."""
    return tuple(
        Operation(
            document,
            f"{where}/{method}",
            method.upper(),
            path,
            str(definition.get("operationId") or "-".join([method, *re.findall(r"\w+", path)])),
        )
        for path in document.get("paths", {})
        if path.startswith("/")
        for where in (follow(document, json_pointer(["paths", path])),)
        for method, definition in resolve(document, where).items()
        if method in _METHODS
    )


def invalidity(document: dict[str, Document]) -> str | None:
    """The first reason why a document is not valid OpenAPI 3.1, with its JSON Pointer; None if it is valid."""
    return next(_dangling(document, ""), None) or _violation(document)


def _dangling(value: Json, where: str, root: Json = None) -> Iterator[str]:
    """The references that resolve to nothing in the document itself; other documents are not fetched."""
    root = value if root is None else root
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _dangling(member, f"{where}/{index}", root)
    if not isinstance(value, dict):
        return
    for key, member in value.items():
        if key == "$ref" and isinstance(member, str):
            try:
                follow(root, where)
            except LookupError as error:
                yield f"at {where or '/'}: {error}"
        else:
            yield from _dangling(member, where + json_pointer([key]), root)


def _violation(document: dict[str, Document]) -> str | None:
    """The first violation of the schema of OpenAPI 3.1."""
    # Importing it takes longer than the rest of the start, and only a user's overlay needs it: a test validates the
    # documents that we ship.
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415  # see above

    paths = document.get("paths")
    if isinstance(paths, dict):
        # The validator mistakes an extension among the paths for a path.
        document = {**document, "paths": {path: item for path, item in paths.items() if not path.startswith("x-")}}
    error = next(iter(OpenAPIV31SpecValidator(document).iter_errors()), None)
    if error is None:
        return None
    return f"at {json_pointer(error.absolute_path) or '/'}: {str(error.message).splitlines()[0][:300]}"
