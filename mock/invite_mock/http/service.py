"""What the mock knows of one contract, as a value: a Service, found in the package that is named like the contract.

A contract `some-thing` is served by the package `invite_mock.contracts.some_thing`, whose `service` is its Service.
Nothing registers it: the contract's name leads to it.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from invite_mock.http.messages import Violation
from invite_mock.http.problems import Refusals
from invite_mock.state.contents import Contents


def _request_invalid(_violations: Sequence[Violation]) -> str:
    return "Request.Invalid"


@dataclass(frozen=True, slots=True)
class Service:
    """One contract, served."""

    rules: object
    """The module of its rules: a function for each operation, and `authorize` if not everybody may call."""
    refusals: Refusals
    contents: Contents
    wire: object = None
    """The module of its wire shapes: a function for each operation whose rule does not return the body itself."""
    malformed: Callable[[Sequence[Violation]], str] = _request_invalid
    """The code with which a request that is not as documented is refused."""
    echo: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The members of a successful answer that repeat a parameter: the parameter by member, by operationId."""


def load_service(contract_name: str) -> Service:
    """The service of a contract. Raises ModuleNotFoundError if the mock has none."""
    module = importlib.import_module(f"invite_mock.contracts.{contract_name.replace('-', '_')}")
    service: Service = module.service
    return service
