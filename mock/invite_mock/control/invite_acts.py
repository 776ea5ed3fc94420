"""The control API's operations on the invites of a world."""

from invite_specs import Json

from invite_mock.control.acts import InWorld, record
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.refusal import Refusal
from invite_mock.state import clock
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.life_cycle import MOVES
from invite_mock.state.store import Invite, Scope
from invite_mock.state.world import World
from invite_mock.state.worlds import Worlds


class InviteActs:
    """Lists invites, and moves them through their life."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self.acts: InWorld = {"listInvites": self._list, "moveInvite": self._move}

    def _list(self, _request: Request, world: World) -> Answer:
        invites = world.store.invites(world.name)
        return Answer(200, {"invites": [self._invite(invite, world) for invite in invites]})

    def _move(self, request: Request, world: World) -> Answer:
        action = request.parameters["action"]
        invite = self._named(request, world)
        part, contents = ContractWorld(world, invite.contract), self._worlds.contents[invite.contract]
        moved = contents.move(part, invite, action)
        if moved is None:
            status = part.status(invite)
            allowed = ", ".join(name for name, one in contents.actions.items() if (status, one) in MOVES) or "none"
            reason = f"The invite is {status}, so the action {action} is not allowed; allowed is {allowed}."
            raise Refused(Refusal("Invite.IllegalMove", reason))
        found = self._invite(moved, world)
        record(world, "invite", {name: found[name] for name in ("id", "contract", "email", "status")})
        return Answer(200, found)

    def _named(self, request: Request, world: World) -> Invite:
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
