"""The control API: worlds, their clocks and their invites.

Its document is `mock_control.yaml` in the specs.
"""

from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version

from invite_specs import Document, Json, mock_control, operations

from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Problem, Problems, Refused
from invite_mock.refusal import Refusal
from invite_mock.state import clock, world_file
from invite_mock.state.contents import Contents
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.life_cycle import MOVES
from invite_mock.state.store import Invite, Scope
from invite_mock.state.world import MAIN, World
from invite_mock.state.world_document_error import WorldDocumentError
from invite_mock.state.worlds import Worlds

PROBLEMS: Problems = {
    "World.Unknown": Problem(
        404, "There is no such world.", "Create it, or send a request to a path that begins with /@NAME."
    ),
    "World.Exists": Problem(409, "A world of that name exists.", "Reset or delete it, or choose another name."),
    "World.Undeletable": Problem(409, "The world main cannot be deleted.", "Reset it."),
    "World.InvalidDocument": Problem(
        400, "The state is not a valid world document.", "Correct the place that the detail names."
    ),
    "Clock.OutOfRange": Problem(
        400, "A clock cannot be set to that instant.", "Send another instant, or a duration such as P7D."
    ),
    "Invite.Unknown": Problem(404, "The world has no invite with that id.", "List the world's invites."),
    "Invite.IllegalMove": Problem(
        409, "The invite's status does not allow the action.", "Choose an invite that is outstanding."
    ),
    "Invite.Ambiguous": Problem(
        409, "Several contracts have an invite with that id.", "Name one as the query parameter `contract`."
    ),
    "Control.Forbidden": Problem(
        403,
        "The control API answers only the mock's own pages and programs on this machine.",
        "Call it by the address that the mock printed when it started, not from a page of another origin.",
    ),
    "Control.Unauthorized": Problem(
        401,
        "The control token is missing or wrong.",
        "Send the value of --control-token as `Authorization: Bearer TOKEN`.",
    ),
}


def control_document(contents: Iterable[Contents]) -> dict[str, Document]:
    """The control API's document; an invite may be moved by what its contract calls an action."""
    found = mock_control()
    [move] = (one for one in operations(found) if one.id == "moveInvite")
    [action] = (one for one in move.parameters if one.name == "action")
    action.definition["schema"]["enum"] = list(dict.fromkeys(name for one in contents for name in one.actions))
    return found


class Control:
    """Answers every operation of the control API; `contracts` are the names of those that are served."""

    def __init__(self, worlds: Worlds, contracts: Sequence[str]) -> None:
        self._worlds = worlds
        self._contracts = list(contracts)
        # By whether they need a world that exists.
        self._plain: dict[str, Callable[[Request], Answer]] = {
            "readHealth": self._health,
            "listWorlds": self._list,
            "createWorld": self._create,
        }
        self._on_world: dict[str, Callable[[Request, World], Answer]] = {
            "readWorld": self._read,
            "deleteWorld": self._delete,
            "resetWorld": self._reset,
            "readClock": lambda _request, world: Answer(200, _clock(world)),
            "setClock": self._set_clock,
            "advanceClock": self._advance_clock,
            "listInvites": self._list_invites,
            "moveInvite": self._move_invite,
        }

    def respond(self, operation_id: str) -> Callable[[Request], Answer]:
        """What answers requests to that operation; it raises Refused."""
        act = self._plain.get(operation_id) or self._in_world(self._on_world[operation_id])

        def answer(request: Request) -> Answer:
            if request.violations:
                raise Refused(Refusal("Request.Invalid"), request.violations)
            return act(request)

        return answer

    def _in_world(self, act: Callable[[Request, World], Answer]) -> Callable[[Request], Answer]:
        def answer(request: Request) -> Answer:
            name = request.parameters["world"]
            with self._worlds.store.transaction():
                world = self._worlds.use(name)
                if world is None:
                    raise Refused(Refusal("World.Unknown", f"There is no world {name}; /@{name}/… would create it."))
                return act(request, world)

        return answer

    def _health(self, _request: Request) -> Answer:
        contracts: list[Json] = [*self._contracts]
        return Answer(200, {"status": "ok", "version": version("invite-contracts"), "contracts": contracts})

    def _list(self, _request: Request) -> Answer:
        store = self._worlds.store
        with store.snapshot():
            return Answer(200, {"worlds": [_world(World(store, row)) for row in store.worlds()]})

    def _create(self, request: Request) -> Answer:
        body = _members(request)
        name, state = body["name"], body.get("state")
        # In JSON Schema 1.0 is an integer too (Draft 2020-12, 6.1.1).
        seed = int(body["seed"]) if "seed" in body else None
        try:
            if state is not None:
                world_file.check(state, self._worlds.contents.values())
            with self._worlds.store.transaction():
                world = self._worlds.create(name, seed, state)
                if world is None:
                    raise Refused(Refusal("World.Exists", f"The world {name} exists."))
                return Answer(201, self._with_state(world))
        except WorldDocumentError as error:
            raise Refused(Refusal("World.InvalidDocument", f"/state{error.pointer}: {error.reason}.")) from error

    def _read(self, _request: Request, world: World) -> Answer:
        return Answer(200, self._with_state(world))

    def _delete(self, _request: Request, world: World) -> Answer:
        if world.name == MAIN:
            raise Refused(Refusal("World.Undeletable"))
        world.store.delete_world(world.name)
        return Answer(204)

    def _reset(self, _request: Request, world: World) -> Answer:
        return Answer(200, self._with_state(self._worlds.reset(world)))

    def _set_clock(self, request: Request, world: World) -> Answer:
        body = _members(request)
        frozen = body.get("frozen", world.row.frozen_at is not None)
        try:
            instant = clock.check(clock.from_text(body["now"])) if "now" in body else world.now()
        except ValueError as error:
            raise Refused(Refusal("Clock.OutOfRange", f"{error}.")) from error
        world.set_clock(instant, frozen=frozen)
        return Answer(200, _clock(world))

    def _advance_clock(self, request: Request, world: World) -> Answer:
        try:
            instant = clock.check(clock.add(world.now(), _members(request)["by"]))
        except ValueError as error:
            raise Refused(Refusal("Clock.OutOfRange", f"{error}.")) from error
        world.set_clock(instant, frozen=world.row.frozen_at is not None)
        return Answer(200, _clock(world))

    def _list_invites(self, _request: Request, world: World) -> Answer:
        invites = world.store.invites(world.name)
        return Answer(200, {"invites": [self._invite(invite, world) for invite in invites]})

    def _move_invite(self, request: Request, world: World) -> Answer:
        action = request.parameters["action"]
        invite = self._named_invite(request, world)
        part, contents = ContractWorld(world, invite.contract), self._worlds.contents[invite.contract]
        moved = contents.move(part, invite, action)
        if moved is None:
            status = part.status(invite)
            allowed = ", ".join(name for name, one in contents.actions.items() if (status, one) in MOVES) or "none"
            reason = f"The invite is {status}, so the action {action} is not allowed; allowed is {allowed}."
            raise Refused(Refusal("Invite.IllegalMove", reason))
        return Answer(200, self._invite(moved, world))

    def _named_invite(self, request: Request, world: World) -> Invite:
        """The invite that a request names; ids belong to a contract, so that several may have it. Raises Refused."""
        invite_id, contract = request.parameters["invite"], request.arguments.get("contract")
        names = [name for name in self._worlds.contents if contract in {None, name}]
        found = [one for name in names if (one := world.store.invite(Scope(world.name, name), invite_id))]
        if not found:
            raise Refused(Refusal("Invite.Unknown", f"The world {world.name} has no invite {invite_id}."))
        if len(found) > 1:
            owners = " and ".join(one.contract for one in found)
            raise Refused(Refusal("Invite.Ambiguous", f"{owners} each have an invite {invite_id}."))
        return found[0]

    def _with_state(self, world: World) -> dict[str, Json]:
        return _world(world) | {"state": self._worlds.export(world)}

    def _invite(self, invite: Invite, world: World) -> dict[str, Json]:
        return {
            "id": invite.id,
            "contract": invite.contract,
            "email": invite.email,
            "status": invite.status_at(world.now()).value,
            "createdAt": clock.to_text(invite.created_at),
            "expiresAt": clock.to_text(invite.expires_at),
            "data": {**self._worlds.contents[invite.contract].describe(ContractWorld(world, invite.contract), invite)},
        }


def _members(request: Request) -> Document:
    """The members of a body that was validated against the control API's document."""
    return request.body


def _world(world: World) -> dict[str, Json]:
    path = "" if world.name == MAIN else f"/@{world.name}"
    return {"name": world.name, "path": path, "seed": world.row.seed, "clock": _clock(world)}


def _clock(world: World) -> dict[str, Json]:
    return {"now": clock.to_text(world.now()), "frozen": world.row.frozen_at is not None}
