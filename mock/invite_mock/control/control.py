"""The control API: what answers each operation of `mock_control.yaml` in the specs."""

from collections.abc import Iterable, Sequence
from importlib.metadata import version

from invite_specs import Document, Json, mock_control, operations

from invite_mock.control.acts import Act, Acts, InWorld, WorldAct
from invite_mock.control.clock_acts import CLOCK_ACTS
from invite_mock.control.invite_acts import InviteActs
from invite_mock.control.world_acts import WorldActs
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.refusal import Refusal
from invite_mock.state.contents import Contents
from invite_mock.state.worlds import Worlds


def control_document(contents: Iterable[Contents]) -> dict[str, Document]:
    """The control API's document; an invite may be moved by what its contract calls an action."""
    found = mock_control()
    [move] = (one for one in operations(found) if one.id == "moveInvite")
    [action] = (one for one in move.parameters if one.name == "action")
    action.definition["schema"]["enum"] = list(dict.fromkeys(name for one in contents for name in one.invites.actions))
    return found


class Control:
    """Answers every operation of the control API; `contracts` are the names of those that are served."""

    def __init__(self, worlds: Worlds, contracts: Sequence[str]) -> None:
        self._worlds = worlds
        self._contracts = list(contracts)
        on_worlds = WorldActs(worlds)
        self._plain: Acts = {"readHealth": self._health, **on_worlds.plain}
        self._on_world: InWorld = {**on_worlds.acts, **CLOCK_ACTS, **InviteActs(worlds).acts}

    def respond(self, operation_id: str) -> Act:
        """What answers requests to that operation; it raises Refused."""
        act = self._plain.get(operation_id) or self._in_world(self._on_world[operation_id])

        def answer(request: Request) -> Answer:
            if request.violations:
                raise Refused(Refusal("Request.Invalid"), request.violations)
            return act(request)

        return answer

    def _in_world(self, act: WorldAct) -> Act:
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
