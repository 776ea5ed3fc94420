"""What one contract keeps in a world, as a value: its members of a world document, and what happens to its invites."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from invite_specs import Document, Json, YamlFile

from invite_mock.state.store import Invite
from invite_mock.state.world import World


class WorldDocumentError(ValueError):
    """A world document that cannot be used: `pointer` is the place in it, `reason` says why."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(reason)
        self.pointer = pointer
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of worlds that belong to one contract."""

    schema: Mapping[str, Document]
    """The members that it reads from a world document: name to JSON Schema."""
    default: YamlFile
    """Its members of the default world."""
    populate: Callable[[World, Document], None]
    """Fills a new world from a world document. Raises WorldDocumentError if the document contradicts itself."""
    export: Callable[[World], Mapping[str, Json]]
    """Its members of the world document that makes a world such as this one is now."""
    describe: Callable[[Invite], Mapping[str, Json]]
    """One of its invites as the contract represents it, without the token."""
    accept: Callable[[World, Invite], None] = lambda _world, _invite: None
    """What follows in the world when one of its invites is accepted."""
