"""What the mock knows of one contract: a `Service`, found in the package that is named like the contract.

A contract `some-thing` is served by the package `invite_mock.some_thing`, whose `service` is its Service. Nothing
registers it: the contracts' names lead there.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from invite_specs import Document

from invite_mock.message import Answer, Refusal, Request

if TYPE_CHECKING:
    from invite_mock.store import Invite
    from invite_mock.world import World


class Handler(Protocol):
    """What answers one operation. It speaks HTTP; the rules it asks speak of the domain."""

    def authorize(self, request: Request, world: "World") -> Document | Refusal:
        """Who the caller is, if he may ask at all: asked before a malformed request is refused."""
        ...

    def handle(self, request: Request, world: "World", caller: Document) -> Answer | Refusal:
        """The natural answer to a request that is as documented; `caller` is what `authorize` gave."""
        ...

    def echo(self, request: Request, status: int) -> Mapping[str, Document]:
        """The members that the natural answer of that status would take from the request."""
        ...


@dataclass(frozen=True, slots=True)
class Sample:
    """A request that a world answers with success."""

    parameters: Mapping[str, str]
    """Path parameters by name."""
    credentials: Mapping[str, str]
    """Security scheme to value."""
    body: Document


class Service(Protocol):
    """One contract, served."""

    problems: Mapping[str, tuple[int, str, str]]
    """Each code that its refusals carry: status, what it means, what to do."""
    world_schema: Mapping[str, Document]
    """The members it reads from a world document: name to JSON Schema."""
    world_document: Mapping[str, Document]
    """Its members of the default world."""
    world_text: str
    """The same as the YAML that people write."""

    def keys(self, document: Document) -> Sequence[tuple[str, str]]:
        """The credentials that a world document hands out, each with its holder in words."""
        ...

    def sample(self, document: Document) -> Sample | None:
        """A request that succeeds in a world of that document; None if there is none."""
        ...

    def handler(self, operation_id: str) -> Handler | None:
        """What answers that operation; None if it has no rule for it."""
        ...

    def refuse(self, refusal: Refusal, path: str) -> Answer:
        """A refusal of a request to that path, in the contract's error shape."""
        ...

    def malformed(self, request: Request) -> Refusal:
        """The refusal of a request that is not as documented."""
        ...

    def populate(self, world: "World", document: Document) -> None:
        """Fill a new world from a world document. Raises WorldDocumentError if the document contradicts itself."""
        ...

    def export(self, world: "World") -> Mapping[str, Document]:
        """The members of the world document that make a world such as this one is now."""
        ...

    def accepted(self, world: "World", invite: "Invite") -> None:
        """What follows in the world when one of its invites is accepted."""
        ...

    def invite_data(self, invite: "Invite") -> Mapping[str, Document]:
        """What the control API tells of one of its invites beyond what every invite has."""
        ...


def load_service(contract_name: str) -> Service:
    """The service of a contract. Raises ModuleNotFoundError if the mock has none."""
    module = importlib.import_module(f"invite_mock.{contract_name.replace('-', '_')}")
    service: Service = module.service
    return service
