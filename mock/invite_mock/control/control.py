"""The control API: what answers each operation of `mock_control.yaml` in the specs."""

from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version

from invite_specs import Document, Json, mock_control, operations
from starlette.types import ASGIApp

from invite_mock.control.acts import Act, Acts, InWorld, Result, WorldAct
from invite_mock.control.clock_acts import CLOCK_ACTS
from invite_mock.control.invite_acts import InviteActs
from invite_mock.control.journal_acts import JournalActs
from invite_mock.control.verification_acts import VerificationActs
from invite_mock.control.world_acts import WorldActs
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.journal.api import Api
from invite_mock.journal.recorder import Recorder
from invite_mock.journal.replay import Replay
from invite_mock.refusal import Refusal
from invite_mock.state.contents import Contents
from invite_mock.state.worlds import Worlds


def control_document(contents: Iterable[Contents]) -> dict[str, Document]:
    """The control API's document; an invite may be moved by what its contract calls an action."""
    found = mock_control()
    [move] = (one for one in operations(found) if one.id == "moveInvite")
    [action] = (one for one in move.parameters if one.name == "action")
    action.definition["schema"]["enum"] = list(dict.fromkeys(name for one in contents for name in one.actions))
    return found


class Control:
    """Answers every operation of the control API; `mock` gives the application that answers everything."""

    def __init__(self, worlds: Worlds, apis: Sequence[Api], recorder: Recorder, mock: Callable[[], ASGIApp]) -> None:
        self._worlds = worlds
        self._recorder = recorder
        self._contracts = [one.name for one in apis]
        on_worlds = WorldActs(worlds)
        self._plain: Acts = {"readHealth": self._health, **on_worlds.plain}
        self._on_world: InWorld = {
            **on_worlds.acts,
            **CLOCK_ACTS,
            **InviteActs(worlds).acts,
            **JournalActs(recorder, Replay(apis, worlds.store, mock)).acts,
            **VerificationActs(recorder, apis).acts,
        }

    def respond(self, operation_id: str) -> Act:
        """What answers requests to that operation; it raises Refused."""
        act = self._plain.get(operation_id) or self._in_world(self._on_world[operation_id])

        def answer(request: Request) -> Result:
            if request.violations:
                raise Refused(Refusal("Request.Invalid"), request.violations)
            # What was asked before is in the journal, at the instant that the clock showed then.
            self._recorder.flush()
            return act(request)

        return answer

    def _in_world(self, act: WorldAct) -> Act:
        def answer(request: Request) -> Result:
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
