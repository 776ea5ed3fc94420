"""The APIs that a mock serves: contracts by their rules, and other OpenAPI documents as they are.

1. What cannot be loaded is named, and the others are served; only if nothing is left the mock does not start.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from invite_specs import (
    Contract,
    OpenapiError,
    Operation,
    OverlayError,
    UnknownContractError,
    YamlError,
    contract,
    contract_names,
    document_contract,
    load_contracts,
)

from invite_mock.documents.document import ServedDocument, place, serve_document
from invite_mock.http.connexion_adapter import OpenAPI31
from invite_mock.http.endpoint import specification
from invite_mock.http.rule import UnservedOperationError
from invite_mock.http.schema import UnsupportedError
from invite_mock.http.service import Service, load_service
from invite_mock.http.validation import unsupported
from invite_mock.settings import Settings
from invite_mock.state.worlds import Worlds

_RESERVED = {"control", "problems", "static"}
"""What pages of the mock are called."""


class NothingServedError(ValueError):
    """Nothing that was asked for can be served; the message says why."""


class Loaded(NamedTuple):
    """What was found and could be read."""

    contracts: Sequence[Contract]
    documents: Sequence[Contract]
    services: Mapping[str, Service]
    """Those of all contracts, also of those that are not served: one world file is for all of them."""
    failures: list[str]
    """What could not be loaded, each with the reason."""


def load(settings: Settings) -> Loaded:
    """What the settings name. Raises UnknownContractError, OverlayError for a user's overlay, or NothingServedError."""
    failures: list[str] = []
    services: dict[str, Service] = {}
    readable: list[str] = []
    unknown = [name for name in settings.contracts if name not in contract_names()]
    if unknown:
        raise UnknownContractError(f"unknown contract {unknown[0]!r}; there are {', '.join(contract_names())}")
    for name in contract_names():
        try:
            services[name] = load_service(name)
            contract(name)
        except (OpenapiError, OverlayError, YamlError, LookupError, ImportError) as error:
            if name in settings.contracts:
                failures.append(f"{name} is not served: {error}")
        else:
            readable.append(name)
    found = load_contracts([name for name in settings.contracts if name in readable], settings.overlays, unsupported)
    documents: list[Contract] = []
    names = {*contract_names(), *_RESERVED}
    for path in settings.openapi:
        try:
            documents.append(_document(path, names))
        except OpenapiError as error:
            failures.append(str(error))
    if not found and not documents:
        raise NothingServedError("; ".join(failures))
    return Loaded(found, documents, services, failures)


def _document(path: Path, taken: set[str]) -> Contract:
    """The document in a file, by a name that is not taken; it then is."""
    found = document_contract(path)
    number = 1
    while found.name in taken:
        number += 1
        found = document_contract(path, f"{found.name.removesuffix(f'-{number - 1}')}-{number}")
    taken.add(found.name)
    return found


class Apis:
    """Everything that one mock serves, but for its pages and its control API. Raises NothingServedError."""

    def __init__(self, loaded: Loaded, worlds: Worlds) -> None:
        self.failures = list(loaded.failures)
        """What is not served, each with the reason."""
        self.specifications: dict[str, OpenAPI31] = {}
        self.contracts: list[Contract] = []
        self.documents: list[ServedDocument] = []
        for one in loaded.contracts:
            try:
                self.specifications[one.name] = specification(one, loaded.services[one.name], worlds)
            except (UnservedOperationError, UnsupportedError) as error:
                self.failures.append(f"{one.name} is not served: {error}")
            else:
                self.contracts.append(one)
        taken = {place(operation) for one in self.contracts for operation in one.operations}
        for one in loaded.documents:
            document = serve_document(one, worlds, taken)
            self.failures += (f"{one.name}: {reason}" for reason in document.unserved)
            if document.operations:
                taken |= {place(operation) for operation in document.operations}
                self.specifications[one.name] = document.specification
                self.documents.append(document)
            else:
                self.failures.append(f"{one.name} is not served: no operation of it can be")
        if not self.specifications:
            raise NothingServedError("; ".join(self.failures))
        self.services = {one.name: loaded.services[one.name] for one in self.contracts}
        """Those of the contracts that are served, by name."""

    @property
    def all(self) -> list[tuple[Contract, Sequence[Operation]]]:
        """Each contract and document with the operations that are served, contracts first."""
        contracts_ = [(one, one.operations) for one in self.contracts]
        return [*contracts_, *((one.contract, one.operations) for one in self.documents)]
