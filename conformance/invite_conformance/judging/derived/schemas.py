"""The schemas of a document, each compiled when it is first needed."""

from urllib.parse import quote

import jsonschema_rs
from invite_specs import Document

_ROOT = "urn:invite-conformance:document"


class Schemas:
    """The schemas of a document, each compiled when it is first needed."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._registry = jsonschema_rs.Registry([(_ROOT, document)])
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self.unusable: dict[str, str] = {}
        """By JSON Pointer: why a schema cannot be compiled, such as a pattern that is no regular expression."""

    def at(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """The schema at a JSON Pointer, formats asserted; one that cannot be compiled forbids nothing."""
        if pointer not in self._compiled:
            try:
                self._compiled[pointer] = jsonschema_rs.Draft202012Validator(
                    {"$ref": f"{_ROOT}#{quote(pointer)}"},
                    registry=self._registry,
                    validate_formats=True,
                    ignore_unknown_formats=True,
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
