"""The control API: steers worlds, their clocks and their invites.

Its document is `mock_control.yaml` in the specs.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version

from invite_specs import Document

from invite_mock import clock, world_document
from invite_mock.life_cycle import MOVES, Action, Status
from invite_mock.message import Answer, Refusal, Request, Violation, problem
from invite_mock.service import Service
from invite_mock.store import Invite
from invite_mock.world import MAIN, World, Worlds
from invite_mock.world_document import WorldDocumentError

PROBLEMS: Mapping[str, tuple[int, str, str]] = {
    "Request.Invalid": (
        400,
        "The request is not as documented.",
        "Mend every entry of `errors` and send the request again.",
    ),
    "World.Unknown": (
        404,
        "There is no such world.",
        "Create it, or send a request to a path that begins with /@NAME.",
    ),
    "World.Exists": (409, "A world of that name exists.", "Reset or delete it, or choose another name."),
    "World.Undeletable": (409, "The world main cannot be deleted.", "Reset it."),
    "World.InvalidDocument": (400, "The state is no world document.", "Mend the place that the detail names."),
    "Clock.OutOfRange": (
        400,
        "A clock cannot stand there, or the duration is none.",
        "Send another instant or one such as P7D.",
    ),
    "Invite.Unknown": (404, "The world has no invite of that id.", "List the world's invites."),
    "Invite.IllegalMove": (409, "The invite's status does not allow the move.", "Move an invite that is outstanding."),
    "Control.Forbidden": (
        403,
        "The control API answers the mock's own pages and programs on this machine only.",
        "Call it by the address that the mock printed when it started, not from a page of another origin.",
    ),
    "Control.Unauthorized": (
        401,
        "The control token is missing or wrong.",
        "Send the value of --control-token as `Authorization: Bearer TOKEN`.",
    ),
}


def refusal(code: str, why: str = "", remedy: str = "", violations: tuple[Violation, ...] = ()) -> Refusal:
    """A refusal with that code, in the table's words where no better ones are given."""
    status, usual, usual_remedy = PROBLEMS[code]
    return Refusal(status, code, why or usual, remedy or usual_remedy, violations)


class Control:
    """Answers every operation of the control API."""

    def __init__(self, worlds: Worlds, services: Mapping[str, Service], contracts: Sequence[str]) -> None:
        self._worlds = worlds
        self._contracts = list(contracts)
        self._services = services
        # What is done without a world, and what is done to one.
        self._plain: dict[str, Callable[[Request], Answer | Refusal]] = {
            "readHealth": self._health,
            "listWorlds": self._list,
            "createWorld": self._create,
        }
        self._on_world: dict[str, Callable[[Request, World], Answer | Refusal]] = {
            "readWorld": lambda _request, world: Answer(200, self._tell(world) | {"state": worlds.export(world)}),
            "deleteWorld": self._delete,
            "resetWorld": self._reset,
            "readClock": lambda _request, world: Answer(200, _clock(world)),
            "setClock": self._set_clock,
            "advanceClock": self._advance_clock,
            "listInvites": self._list_invites,
            "moveInvite": self._move_invite,
        }

    def respond(self, operation_id: str) -> Callable[[Request], Answer]:
        """What answers requests to that operation."""

        def answer(request: Request) -> Answer:
            made = self._answer(operation_id, request)
            return problem(made, request.path) if isinstance(made, Refusal) else made

        return answer

    def _answer(self, operation_id: str, request: Request) -> Answer | Refusal:
        if request.violations:
            return refusal("Request.Invalid", violations=request.violations)
        if operation_id in self._plain:
            return self._plain[operation_id](request)
        name = request.parameters["world"]
        world = self._worlds.find(name)
        if world is None and name == MAIN:
            world = self._worlds.open(MAIN)
        if world is None:
            return refusal(
                "World.Unknown", f"There is no world {name}.", f"Create it, or send a request to /@{name}/…."
            )
        return self._on_world[operation_id](request, world)

    def _tell(self, world: World) -> dict[str, Document]:
        path = "" if world.name == MAIN else f"/@{world.name}"
        return {"name": world.name, "path": path, "seed": world.row.seed, "clock": _clock(world)}

    def _health(self, _request: Request) -> Answer:
        body = {"status": "ok", "version": version("invite-contracts"), "contracts": self._contracts}
        return Answer(200, body)

    def _list(self, _request: Request) -> Answer:
        store = self._worlds.store
        return Answer(200, {"worlds": [self._tell(World(store, row)) for row in store.worlds()]})

    def _create(self, request: Request) -> Answer | Refusal:
        name, state = request.body["name"], request.body.get("state")
        try:
            if state is not None:
                world_document.check(state, self._services.values())
            world = self._worlds.create(name, _seed(request.body), state)
        except WorldDocumentError as error:
            return refusal("World.InvalidDocument", f"/state{error.pointer}: {error.reason}.")
        if world is None:
            return refusal("World.Exists", f"The world {name} exists.")
        return Answer(201, self._tell(world) | {"state": self._worlds.export(world)})

    def _delete(self, _request: Request, world: World) -> Answer | Refusal:
        if world.name == MAIN:
            return refusal("World.Undeletable")
        with world.store.transaction():
            world.store.drop_world(world.name)
        return Answer(204)

    def _reset(self, _request: Request, world: World) -> Answer:
        world = self._worlds.reset(world)
        return Answer(200, self._tell(world) | {"state": self._worlds.export(world)})

    def _set_clock(self, request: Request, world: World) -> Answer | Refusal:
        frozen = request.body.get("frozen", world.row.frozen_at is not None)
        try:
            instant = clock.check(clock.from_text(request.body["now"])) if "now" in request.body else world.now()
        except ValueError as error:
            return refusal("Clock.OutOfRange", f"{error}.")
        return self._move_clock(world, instant, frozen=frozen)

    def _advance_clock(self, request: Request, world: World) -> Answer | Refusal:
        try:
            instant = clock.check(clock.add(world.now(), request.body["by"]))
        except ValueError as error:
            return refusal("Clock.OutOfRange", f"{error}.")
        return self._move_clock(world, instant, frozen=world.row.frozen_at is not None)

    def _move_clock(self, world: World, instant: int, *, frozen: bool) -> Answer:
        world.set_clock(instant, frozen=frozen)
        return Answer(200, _clock(world))

    def _list_invites(self, _request: Request, world: World) -> Answer:
        invites = world.store.invites(world.name)
        return Answer(200, {"invites": [self._tell_invite(invite, world) for invite in invites]})

    def _move_invite(self, request: Request, world: World) -> Answer | Refusal:
        action = Action(request.parameters["action"])
        with world.store.transaction():
            invite = world.store.invite(world.name, request.parameters["invite"])
            if invite is None:
                return refusal(
                    "Invite.Unknown", f"The world {world.name} has no invite {request.parameters['invite']}."
                )
            status = invite.status_at(world.now())
            after = MOVES.get((status, action))
            if after is None:
                allowed = ", ".join(move for before, move in MOVES if before is status) or "nothing"
                return refusal(
                    "Invite.IllegalMove",
                    f"The invite is {status}, so it cannot be moved by {action}; what can be done to it is: {allowed}.",
                )
            # An invite expires by its time, so that the clock alone tells who is expired.
            moved = (
                invite._replace(expires_at=world.now()) if after is Status.EXPIRED else invite._replace(status=after)
            )
            world.store.put_invite(world.name, moved)
            if after is Status.ACCEPTED:
                self._services[invite.contract].accepted(world, moved)
        return Answer(200, self._tell_invite(moved, world))

    def _tell_invite(self, invite: Invite, world: World) -> dict[str, Document]:
        return {
            "id": invite.id,
            "contract": invite.contract,
            "email": invite.email,
            "status": invite.status_at(world.now()).value,
            "createdAt": clock.to_text(invite.created_at),
            "expiresAt": clock.to_text(invite.expires_at),
            "data": self._services[invite.contract].invite_data(invite),
        }


def _clock(world: World) -> dict[str, Document]:
    return {"now": clock.to_text(world.now()), "frozen": world.row.frozen_at is not None}


def _seed(body: Document) -> int | None:
    """The seed that is asked for; to JSON Schema 1.0 is an integer too (Draft 2020-12, 6.1.1)."""
    return int(body["seed"]) if "seed" in body else None
