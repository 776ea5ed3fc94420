"""The journal of a world: each request to it, and each change of its invites, its clock and its faults.

1. Of each world the newest MOST events are kept; each has a number that no other event of the store ever has.
2. It is written after the answer, many events at once: whoever kills the process loses the last of them.
3. What is stored is fit to be shown: tokens and keys were masked before.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from invite_specs import Json

MOST = 1000
"""The most events of a world that are kept."""
REQUEST = "request"
"""The kind of an event that is a request; the others are called like what has changed."""


class Event(NamedTuple):
    """Something that happened in a world. Instants are microseconds since 1970-01-01T00:00:00Z."""

    kind: str
    """`request`, `invite`, `clock`, `fault` or `world`."""
    at: int
    """On the world's clock."""
    machine_at: int
    """On the machine's clock."""
    data: Mapping[str, Json]
    request_id: str | None = None
    """Of a request: its Mock-Request-Id. What follows is of a request too."""
    operation: str | None = None
    status: int | None = None
    outcome: str | None = None
    email: str | None = None
    """In lower case."""
    number: int = 0
    """Its place in the journal; 0 before it is stored."""


class Wanted(NamedTuple):
    """Which events are listed, oldest first unless it is said."""

    kind: str | None = None
    operation: str | None = None
    status: int | None = None
    outcome: str | None = None
    email: str | None = None
    since: int | None = None
    """At this instant of the world's clock, or later."""
    request_id: str | None = None
    after: int = 0
    """With a higher number."""
    before: int | None = None
    """With a lower number."""
    limit: int = MOST
    newest_first: bool = False


class Journal(Protocol):
    """The events of all worlds in a store; it is used inside a transaction or a snapshot."""

    def add(self, world: str, events: Sequence[Event]) -> None:
        """Store events of a world in their order, and delete the oldest beyond MOST."""
        ...

    def list(self, world: str, wanted: Wanted) -> Sequence[Event]:
        """The events of a world that are wanted."""
        ...

    def count(self, world: str, wanted: Wanted) -> int:
        """How many events of a world are wanted, whatever `after`, `before` and `limit` say."""
        ...

    def last(self, world: str) -> int:
        """The number of the newest event of a world; 0 if it has none."""
        ...

    def clear(self, world: str) -> int:
        """Delete all events of a world; returns how many there were."""
        ...
