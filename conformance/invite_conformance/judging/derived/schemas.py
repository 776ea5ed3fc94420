"""The schemas of a document, each compiled when it is first needed."""

from collections.abc import Iterator
from functools import cache
from urllib.parse import quote

import jsonschema_rs
from invite_specs import Document

from invite_conformance.judging.derived.members import members

_INTEGERS = {"int32": 2**31, "int64": 2**63}
_ROOT = "urn:invite-conformance:document"


class Schemas:
    """The schemas of a document, each compiled when it is first needed."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._registry = jsonschema_rs.Registry([(_ROOT, document)])
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._read_only: dict[str, frozenset[tuple[str, ...]]] = {}
        self.unusable: dict[str, str] = {}
        """By JSON Pointer: why a schema cannot be compiled, such as a pattern that is no regular expression."""

    def at(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """The schema at a JSON Pointer, formats asserted; one that cannot be compiled forbids nothing."""
        if pointer not in self._compiled:
            try:
                self._compiled[pointer] = jsonschema_rs.Draft202012Validator(
                    {"$ref": f"{_ROOT}#{quote(pointer)}"},
                    registry=self._registry,
                    keywords={"format": _Format},
                )
            except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
                self.unusable[pointer] = str(error).splitlines()[0]
                self._compiled[pointer] = jsonschema_rs.Draft202012Validator(True)  # the schema of everything
        return self._compiled[pointer]

    def allows(self, pointer: str, value: Document) -> bool:
        """Whether the schema at a JSON Pointer allows a value; what the validator cannot read, it does not."""
        try:
            return self.at(pointer).is_valid(value)
        except ValueError:
            return False

    def allows_in_request(self, pointer: str, value: Document) -> bool:
        """Whether the schema of a request's body allows a value."""
        try:
            return next(self.errors_in_request(pointer, value), None) is None
        except ValueError:
            return False

    def errors_in_request(self, pointer: str, value: Document) -> Iterator[jsonschema_rs.ValidationError]:
        """What is wrong with a request's body; raises ValueError for a value that the validator cannot read.

        OpenAPI 3.0.4 section 4.7.24.1: where a `readOnly` member is required, "the required will take effect on the
        response only".
        """
        for error in self.at(pointer).iter_errors(value):
            missing = getattr(error.kind, "property", None)
            names = (one for one in (*error.instance_path, missing) if isinstance(one, str))
            if missing is None or tuple(names) not in self._only_read(pointer):
                yield error

    def _only_read(self, pointer: str) -> frozenset[tuple[str, ...]]:
        if pointer not in self._read_only:
            found = members(self.document, pointer)
            self._read_only[pointer] = frozenset(path for path, one in found.items() if one.marked("readOnly"))
        return self._read_only[pointer]


class _Format:
    """The keyword `format`: jsonschema-rs asserts formats of strings, this those of integers too."""

    def __init__(self, parent_schema: Document, value: Document, schema_path: list[str | int]) -> None:  # noqa: ARG002  # its interface
        self._bound = _INTEGERS.get(str(value))
        self._of_texts = _of_texts(str(value))

    def validate(self, instance: Document) -> None:
        """Raise ValueError for a value that does not have the format."""
        if isinstance(instance, str):
            is_valid = self._of_texts.is_valid(instance)
        elif self._bound is not None and isinstance(instance, int | float):
            is_valid = -self._bound <= instance < self._bound
        else:
            is_valid = True
        if not is_valid:
            raise ValueError("the value does not have the format")


@cache
def _of_texts(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True, ignore_unknown_formats=True)
