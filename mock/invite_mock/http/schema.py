"""One schema of a document, compiled; its violations name what the published document says, or the assumption."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import jsonschema_rs
from invite_specs import Document, Json, json_pointer

from invite_mock.http.messages import Violation
from invite_mock.schema_errors import explain

AssumptionAt = Callable[[str, Json], str | None]
"""The assumption behind a pointer into a document (see `Contract.assumption_at`); None where the publisher says it."""


def no_assumption(_pointer: str, _item: Json = None) -> str | None:
    """For a document without assumptions."""
    return None


class UnsupportedError(ValueError):
    """A document that cannot be validated against; the message names the place and what is missing there."""


class Schema:
    """The schema at a JSON Pointer into the document, with references into all of it. Raises UnsupportedError."""

    def __init__(self, document: Document, pointer: str, assumption_at: AssumptionAt) -> None:
        root = {"$ref": f"#{quote(pointer)}", **{key: value for key, value in document.items() if key != "$schema"}}
        try:
            self._validator = jsonschema_rs.Draft202012Validator(root, validate_formats=True)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            raise UnsupportedError(
                f"has a schema that cannot be compiled, at {pointer}: {str(error).splitlines()[0]}"
            ) from error
        self.is_valid = self._validator.is_valid
        self._document = document
        self._assumption_at = assumption_at

    def violations(self, value: Json) -> Iterator[Violation]:
        """Every violation by the value."""
        for error in self._validator.iter_errors(value):
            path = list(error.instance_path)
            missing = getattr(error.kind, "property", None)
            if missing is not None:
                path.append(missing)
            keyword = json_pointer(error.schema_path)
            words = explain(error, self._document)
            yield Violation(json_pointer(path), keyword, self._assumption_at(keyword, missing), *words)
