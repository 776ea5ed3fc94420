"""The schemas of a document, compiled; a violation names what the published document says, or the assumption."""

from collections.abc import Callable, Iterator
from functools import cached_property
from urllib.parse import quote, unquote

import jsonschema_rs
from invite_specs import Document, Json, json_pointer, resolve, resolves

from invite_mock.http.messages import Violation
from invite_mock.schema_errors import explain

AssumptionAt = Callable[[str, Json], str | None]
"""The assumption behind a pointer into a document (see `Contract.assumption_at`); None where the publisher says it."""
_BASE = "urn:invite-mock:document"


def no_assumption(_pointer: str, _item: Json = None) -> str | None:
    """For a document without assumptions."""
    return None


class UnsupportedError(ValueError):
    """A document that cannot be validated against; the message names the place and what is missing there."""


class Schemas:
    """The schemas of one document; each is compiled once, when it is asked for, and refers into the whole document."""

    def __init__(self, document: Document, assumption_at: AssumptionAt = no_assumption) -> None:
        self.document = document
        self.assumption_at = assumption_at
        self._compiled: dict[str, Schema] = {}

    @cached_property
    def registry(self) -> jsonschema_rs.Registry:
        """The document, parsed once for all of its schemas."""
        return jsonschema_rs.Registry(
            [(_BASE, self.document)], draft=jsonschema_rs.Draft202012, retriever=_retrieve_nothing
        )

    def at(self, pointer: str) -> "Schema":
        """The schema at a JSON Pointer into the document. Raises UnsupportedError."""
        found = self._compiled.get(pointer)
        if found is None:
            end = self.end(pointer)
            found = self._compiled.get(end) or Schema(self, pointer)
            self._compiled[pointer] = self._compiled[end] = found
        return found

    def end(self, pointer: str) -> str:
        """Where a schema stands that is nothing but a chain of references; many places share one."""
        seen: set[str] = set()
        while pointer not in seen:
            seen.add(pointer)
            schema = resolve(self.document, pointer)
            is_reference = isinstance(schema, dict) and list(schema) == ["$ref"]
            target = unquote(schema["$ref"][1:]) if is_reference else ""
            if not target.startswith("/") or not resolves(self.document, target):
                break
            pointer = target
        return pointer


class Schema:
    """One schema, compiled. Raises UnsupportedError."""

    def __init__(self, schemas: Schemas, pointer: str) -> None:
        try:
            self._validator = jsonschema_rs.Draft202012Validator(
                {"$ref": f"{_BASE}#{quote(pointer)}"}, registry=schemas.registry, validate_formats=True
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            raise UnsupportedError(
                f"has a schema that cannot be compiled, at {pointer}: {str(error).splitlines()[0]}"
            ) from error
        self.is_valid = self._validator.is_valid
        self.pointer = pointer
        self._schemas = schemas

    def violations(self, value: Json) -> Iterator[Violation]:
        """Every violation by a value of a request."""
        document = self._schemas.document
        for error in self._validator.iter_errors(value):
            path = list(error.instance_path)
            missing = getattr(error.kind, "property", None)
            if missing is not None:
                if _is_read_only(document, list(error.schema_path), missing):
                    continue
                path.append(missing)
            keyword = json_pointer(error.schema_path)
            words = explain(error, document)
            yield Violation(json_pointer(path), keyword, self._schemas.assumption_at(keyword, missing), *words)


def _is_read_only(document: Document, keyword: list[str | int], member: str) -> bool:
    """Whether a required member is `readOnly`.

    OpenAPI 3.0.4 section 4.7.24.1: "the required will take effect on the response only".
    """
    schema = resolve(document, json_pointer(keyword[:-1]))
    found = schema.get("properties", {}).get(member)
    while isinstance(found, dict) and "readOnly" not in found and "$ref" in found:
        found = resolve(document, unquote(found["$ref"][1:]))
    return isinstance(found, dict) and found.get("readOnly") is True


def _retrieve_nothing(uri: str) -> Json:
    """Refuse to fetch what is outside the document."""
    raise LookupError(f"the document contains no {uri}")
