"""Validates a request against an operation of the document, with validators compiled once.

1. JSON Schema Draft 2020-12 with formats asserted, as OpenAPI 3.1 asks (section 4.8.24).
2. All violations of a request are found at once, each with its place in the body and in the document.
3. Nothing is refused here: the order in which a request is refused is a rule of its contract.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from invite_specs import Document, Json, Operation, operations

from invite_mock.http.messages import Violation
from invite_mock.http.parameters import Absent, Sent, readers
from invite_mock.http.request_body import RequestBody
from invite_mock.http.schema import Schemas, UnsupportedError
from invite_mock.schema_errors import quote


class OperationValidator:
    """An operation's parameters, media types and request body, compiled.

    Raises UnsupportedError for what no request can be validated against.
    """

    def __init__(self, operation: Operation, schemas: Schemas) -> None:
        self._parameters = readers(operation, schemas)
        self._body = None if operation.body is None else RequestBody(operation.body, schemas)
        self._assumption_at = schemas.assumption_at

    def read_parameters(self, sent: Sent) -> tuple[dict[str, Json], tuple[Violation, ...]]:
        """The value of each parameter by name, the default where it is absent, and every violation by one."""
        values: dict[str, Json] = {}
        violations: list[Violation] = []
        for one in self._parameters:
            value = one.read(sent)
            name = f"the {one.place} parameter {one.name}"
            if isinstance(value, Absent):
                if one.required:
                    keyword = f"{one.pointer}/required"
                    source = self._assumption_at(keyword, None)
                    violations.append(Violation("", keyword, source, f"{name} is missing", "nothing", name))
                if not isinstance(one.default, Absent):
                    values.setdefault(one.name, one.default)
                continue
            values.setdefault(one.name, value)
            if not one.schema.is_valid(value):
                violations += (
                    replace(found, pointer="", message=f"{name}: {found.message}")
                    for found in one.schema.violations(value)
                )
        return values, tuple(violations)

    def read_body(self, body: bytes, headers: Mapping[str, str]) -> tuple[Json, tuple[Violation, ...]]:
        """The parsed body (None for none) and its violations."""
        return (None, ()) if self._body is None else self._body.read(body, headers)


def unsupported(document: Document) -> str | None:
    """Why requests cannot be validated against a document, if they cannot, as what follows the contract's name."""
    try:
        schemas = Schemas(document)
        for operation in operations(document):
            OperationValidator(operation, schemas)
    except UnsupportedError as error:
        return str(error)
    return None


def strings(
    body: Json, schema: str, required: Collection[str], optional: Collection[str] = ()
) -> dict[str, str] | tuple[Violation, ...]:
    """The members that a handler reads, which must be strings; the violations, where a user's overlay lets others pass.

    `schema` is the JSON Pointer of the body's schema in the published document.
    """
    members = body if isinstance(body, dict) else {}
    found: dict[str, str] = {}
    violations: list[Violation] = []
    for name in (*required, *(name for name in optional if name in members)):
        value = members.get(name)
        if isinstance(value, str):
            found[name] = value
        else:
            received = quote(value) if name in members else "nothing"
            message = f"the mock needs the member {name}, as a string"
            keyword = f"{schema}/properties/{name}"
            violations.append(Violation(f"/{name}", keyword, None, message, received, "a string"))
    return tuple(violations) or found
