"""OpenAPI documents: their operations, and whether a document is valid."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from invite_specs.pointer import json_pointer, resolve
from invite_specs.yaml_file import Document, Json

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, in a document."""

    method: str
    """In capitals, as HTTP writes it."""
    path: str
    """The path template, as the document writes it."""
    definition: dict[str, Document]
    """The OpenAPI Operation Object."""

    @property
    def id(self) -> str:
        """The operationId; empty where the document gives none."""
        return str(self.definition.get("operationId", ""))

    @property
    def statuses(self) -> tuple[int, ...]:
        """The documented statuses, in ascending order."""
        return tuple(sorted(int(status) for status in self.definition.get("responses", {}) if status.isdecimal()))


def operations(document: Document) -> tuple[Operation, ...]:
    """The operations of an OpenAPI document, in its order."""
    return tuple(
        Operation(method.upper(), path, definition)
        for path, item in document.get("paths", {}).items()
        if path.startswith("/")
        for method, definition in item.items()
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
            reason = _end(root, member)
            if reason is not None:
                yield f"at {where or '/'}: the $ref {member!r} {reason}"
        else:
            yield from _dangling(member, where + json_pointer([key]), root)


def _end(document: Document, reference: str) -> str | None:
    """Why a reference does not resolve to a value, directly or through others; None if it does."""
    seen: set[str] = set()
    while reference not in seen:
        seen.add(reference)
        if not reference.startswith("#/"):
            return "leads to nothing in the document"
        try:
            value = resolve(document, unquote(reference[1:]))
        except LookupError:
            return "leads to nothing in the document"
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return None
        reference = value["$ref"]
    return "leads back to itself"


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
