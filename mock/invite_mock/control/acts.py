"""What answers an operation of the control API, and what it needs of the mock."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from invite_specs import Document, Json

from invite_mock.http.connexion_adapter import Sendable
from invite_mock.http.messages import Answer, Request
from invite_mock.state import clock
from invite_mock.state.journal import Event
from invite_mock.state.world import MAIN, World

Result = Answer | Coroutine[Any, Any, Sendable]
"""An answer, or what makes one when the act is over, outside of its transaction."""
Act = Callable[[Request], Result]
"""Answers a valid request; raises Refused."""
WorldAct = Callable[[Request, World], Result]
"""The same, about a world that exists, in one transaction."""
Acts = Mapping[str, Act]
"""By operationId."""
InWorld = Mapping[str, WorldAct]
"""By operationId."""


def members(request: Request) -> Document:
    """The members of a body that was validated against the control API's document."""
    return request.body


def record(world: World, kind: str, data: Mapping[str, Json]) -> None:
    """Write a change into the journal of a world, in the transaction that makes it."""
    world.store.journal.add(world.name, [Event(kind, world.now(), clock.machine_now(), data)])


def clock_of(world: World) -> dict[str, Json]:
    """The Clock of a world."""
    return {"now": clock.to_text(world.now()), "frozen": world.row.frozen_at is not None}


def described(world: World) -> dict[str, Json]:
    """The World, without its contents."""
    path = "" if world.name == MAIN else f"/@{world.name}"
    return {"name": world.name, "path": path, "seed": world.row.seed, "clock": clock_of(world)}
