"""The published contracts, our assumptions about them, and the line of each sentence in the YAML."""

from pkgutil import extend_path

# Contracts can stand in another project (see `contracts`).
__path__ = extend_path(__path__, __name__)

from invite_specs.contract import (
    Contract,
    UnknownContractError,
    contract,
    contract_folders,
    contract_in,
    contract_names,
    document_contract,
    load_contracts,
    mock_control,
)
from invite_specs.openapi import DanglingReferenceError, Operation, Parameter, Part, Response, follow, operations
from invite_specs.openapi_file import OpenapiError
from invite_specs.overlay import Assumption, OverlayError
from invite_specs.pointer import json_pointer, resolve, resolves, segments
from invite_specs.validity import unusable
from invite_specs.yaml_file import Document, Json, YamlError, YamlFile

__all__ = [
    "Assumption",
    "Contract",
    "DanglingReferenceError",
    "Document",
    "Json",
    "OpenapiError",
    "Operation",
    "OverlayError",
    "Parameter",
    "Part",
    "Response",
    "UnknownContractError",
    "YamlError",
    "YamlFile",
    "contract",
    "contract_folders",
    "contract_in",
    "contract_names",
    "document_contract",
    "follow",
    "json_pointer",
    "load_contracts",
    "mock_control",
    "operations",
    "resolve",
    "resolves",
    "segments",
    "unusable",
]
