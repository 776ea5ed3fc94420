"""The control API's operations on worlds."""

from invite_specs import Json

from invite_mock.control.acts import Acts, InWorld, described, members, record
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.refusal import Refusal
from invite_mock.state import world_file
from invite_mock.state.world import MAIN, World
from invite_mock.state.world_document_error import WorldDocumentError
from invite_mock.state.worlds import Worlds


class WorldActs:
    """Lists, creates, reads, resets and deletes worlds."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self.plain: Acts = {"listWorlds": self._list, "createWorld": self._create}
        self.acts: InWorld = {"readWorld": self._read, "deleteWorld": self._delete, "resetWorld": self._reset}

    def _list(self, _request: Request) -> Answer:
        store = self._worlds.store
        with store.snapshot():
            return Answer(200, {"worlds": [described(World(store, row)) for row in store.worlds()]})

    def _create(self, request: Request) -> Answer:
        body = members(request)
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
                record(world, "world", {"change": "created"})
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
        world = self._worlds.reset(world)
        record(world, "world", {"change": "reset"})
        return Answer(200, self._with_state(world))

    def _with_state(self, world: World) -> dict[str, Json]:
        return described(world) | {"state": self._worlds.export(world)}
