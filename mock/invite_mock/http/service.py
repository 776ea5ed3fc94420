"""What the mock knows of one contract, as a value: a Service, found in the package that is named like the contract.

A contract `some-thing` is served by the package `invite_mock.contracts.some_thing`, whose `service` is its Service.
Nothing registers it: the contract's name leads to it.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from invite_specs import Document, Json

from invite_mock.http.messages import Answer, Request, Violation
from invite_mock.http.problems import Refusals
from invite_mock.refusal import Refusal
from invite_mock.state.contents import Contents
from invite_mock.state.world import World

Caller = TypeVar("Caller")


@dataclass(frozen=True, slots=True)
class Handler(Generic[Caller]):
    """What answers one operation. It speaks HTTP; the rules that it asks speak of the domain."""

    authorize: Callable[[Request, World], Caller | Refusal]
    """Who the caller is, if the caller is authorized: decided before a malformed request is refused."""
    handle: Callable[[Request, World, Caller], Answer | Refusal]
    """The natural answer to a request that is as documented."""
    echo: Callable[[Request, int], Mapping[str, Json]]
    """The members that the natural answer of that status would take from the request."""


class Sample(NamedTuple):
    """A request that a world answers with success."""

    operation: str
    """The operationId."""
    parameters: Mapping[str, str]
    """Path parameters by name."""
    credentials: Mapping[str, str]
    """Security scheme to value."""
    body: Json


class Credential(NamedTuple):
    """A credential that a world document contains."""

    scheme: str
    """The security scheme's name in the assumed document."""
    value: str
    holder: str
    """Whose it is, for a person."""


def _request_invalid(_violations: Sequence[Violation]) -> str:
    return "Request.Invalid"


@dataclass(frozen=True, slots=True)
class Service:
    """One contract, served."""

    handlers: Mapping[str, Handler[Any]]
    """By operationId."""
    refusals: Refusals
    contents: Contents
    sample: Callable[[Document], Sample | None]
    """A request that succeeds in a world of that document, if there is one."""
    credentials: Callable[[Document], Sequence[Credential]] = lambda _document: ()
    """The credentials that a world document contains."""
    malformed: Callable[[Sequence[Violation]], str] = _request_invalid
    """The code with which a request that is not as documented is refused."""


def load_service(contract_name: str) -> Service:
    """The service of a contract. Raises ModuleNotFoundError if the mock has none."""
    module = importlib.import_module(f"invite_mock.contracts.{contract_name.replace('-', '_')}")
    service: Service = module.service
    return service
