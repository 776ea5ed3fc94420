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

    def at(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """The schema at a JSON Pointer, formats asserted."""
        if pointer not in self._compiled:
            self._compiled[pointer] = jsonschema_rs.Draft202012Validator(
                {"$ref": f"{_ROOT}#{quote(pointer)}"},
                registry=self._registry,
                validate_formats=True,
                ignore_unknown_formats=True,
            )
        return self._compiled[pointer]
