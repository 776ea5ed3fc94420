"""The control API's operations on the clock of a world."""

from invite_mock.control.acts import InWorld, clock_of, members, record
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.refusal import Refusal
from invite_mock.state import clock
from invite_mock.state.world import World


def _read(_request: Request, world: World) -> Answer:
    return Answer(200, clock_of(world))


def _set(request: Request, world: World) -> Answer:
    body = members(request)
    frozen = body.get("frozen", world.row.frozen_at is not None)
    try:
        instant = clock.check(clock.from_text(body["now"])) if "now" in body else world.now()
    except ValueError as error:
        raise Refused(Refusal("Clock.OutOfRange", f"{error}.")) from error
    return _moved(world, instant, frozen=frozen)


def _advance(request: Request, world: World) -> Answer:
    try:
        instant = clock.check(clock.add(world.now(), members(request)["by"]))
    except ValueError as error:
        raise Refused(Refusal("Clock.OutOfRange", f"{error}.")) from error
    return _moved(world, instant, frozen=world.row.frozen_at is not None)


def _moved(world: World, instant: int, *, frozen: bool) -> Answer:
    world.set_clock(instant, frozen=frozen)
    found = clock_of(world)
    record(world, "clock", found)
    return Answer(200, found)


CLOCK_ACTS: InWorld = {"readClock": _read, "setClock": _set, "advanceClock": _advance}
