"""A document as the mock serves it: its operations with what answers them, and what it cannot serve."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from invite_specs import Contract, Operation

from invite_mock.documents.answers import DocumentAnswers
from invite_mock.documents.endpoint import DocumentEndpoint
from invite_mock.documents.examples import Examples
from invite_mock.documents.made_values import ValueMaker
from invite_mock.http.connexion_adapter import OpenAPI31, Served
from invite_mock.http.schema import Schemas, UnsupportedError
from invite_mock.http.validation import OperationValidator
from invite_mock.state.worlds import SEEDED_START, Worlds

# The perimeter takes these paths before any document.
_OWN = re.compile(r"/(_mock(/.*)?|@.*)")


@dataclass(frozen=True, slots=True, eq=False)
class ServedDocument:
    """A document, served."""

    contract: Contract
    examples: Examples
    specification: OpenAPI31
    operations: tuple[Operation, ...]
    """Those that are served."""
    unserved: tuple[str, ...]
    """Each operation that is not served, with the reason."""
    unsent: tuple[str, ...]
    """Each documented example or answer of a served operation that is not sent, with the reason."""


def place(operation: Operation) -> str:
    """What no two operations can share: the method, and the path without the names of its parameters."""
    return f"{operation.method} {re.sub(r'{[^}]*}', '{}', operation.path)}"


def serve_document(contract: Contract, worlds: Worlds, taken: Collection[str]) -> ServedDocument:
    """The document of a contract, served. `taken` has the places that other contracts have."""
    schemas = Schemas(contract.assumed, contract.assumption_at)
    maker = ValueMaker(schemas)
    faults, operations = contract.unusable, contract.operations
    ids = {one.id for one in operations}
    unserved = {name: reason for name, reason in faults.items() if name not in ids}
    methods: dict[str, list[str]] = {}
    for operation in operations:
        methods.setdefault(operation.path, []).append(operation.method)
    unsent: list[str] = []
    served: dict[Operation, Served] = {}
    places = set(taken)
    for operation in operations:
        name = f"{operation.method} {operation.path}"
        if operation.id in faults:
            unserved[name] = faults[operation.id]
        elif _OWN.fullmatch(operation.path):
            unserved[name] = "the mock's control API and its worlds have paths like this"
        elif "#" in operation.path or "?" in operation.path:
            unserved[name] = "no request's path contains # or ?"
        elif place(operation) in places:
            unserved[name] = "another document, or an operation before it, has the same method and path"
        else:
            places.add(place(operation))
            try:
                answers = DocumentAnswers(operation, schemas, maker)
                if answers.success is None:
                    unserved[name] = "; ".join(answers.left_out) or "it documents no answer that the mock can send"
                    continue
                endpoint = DocumentEndpoint(operation, methods[operation.path], answers, worlds)
                served[operation] = Served(OperationValidator(operation, schemas), endpoint.respond)
            except UnsupportedError as error:
                unserved[name] = f"it {error}"
            else:
                unsent += (f"{name}: {one}" for one in answers.left_out)
    return ServedDocument(
        contract,
        Examples(schemas, maker, SEEDED_START),
        OpenAPI31(contract.assumed, served),
        tuple(served),
        tuple(f"{name}: {reason}" for name, reason in unserved.items()),
        tuple(unsent),
    )
