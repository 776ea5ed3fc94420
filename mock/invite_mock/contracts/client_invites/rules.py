"""Who may invite whom to a client: the decision table of client-invites, row by row."""

from typing import NamedTuple

from invite_mock.contracts.client_invites.world import CLIENTS, INVITES, MEMBERS, Member, Role, Terms
from invite_mock.refusal import Refusal
from invite_mock.state.clock import to_text
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.members import Uuid
from invite_mock.state.store import Invite

INVITERS = ("Admin", "Owner")


class Invited(NamedTuple):
    """A new invite, and its token, which is stored nowhere."""

    invite: Invite
    token: str


def authorize(world: ContractWorld, x_dolfin_api_key: str | None, client_id: Uuid | None) -> Member | Refusal:
    """The caller, who is an Admin or Owner of the client; of any client while the path's id is malformed."""
    if not x_dolfin_api_key:
        return _forbidden("No key was sent.")
    member = world.find(MEMBERS, "key", x_dolfin_api_key)
    if member is None:
        return _forbidden("No member has the key that was sent.")
    # /paths/~1clients~1{clientId}~1invites/post/responses/403:
    # "Member.Forbidden — caller is not an Admin or Owner of this Client"
    if member.role not in INVITERS:
        return _forbidden(f"The caller, {member.email}, has the role {member.role}.")
    if client_id is None or client_id == member.client:
        return member
    if world.get(CLIENTS, client_id) is None:
        return _forbidden(f"There is no client {client_id}; the caller, {member.email}, belongs to {member.client}.")
    return _forbidden(f"The caller, {member.email}, belongs to another client, {member.client}.")


def create_client_invite(world: ContractWorld, caller: Member, email: str, role: Role) -> Invited | Refusal:
    """Invite an email address to the caller's client."""
    token = world.new_token("token")
    invite = INVITES.new(world, Terms(caller.client, email, role, caller.id), token=token)
    if INVITES.add(world, invite):
        return Invited(invite, token)
    # /paths/~1clients~1{clientId}~1invites/post/responses/409:
    # "ClientInvite.AlreadyMember — a user with this email is already a member"
    if world.get(MEMBERS, invite.subject) is not None:
        return Refusal(
            "ClientInvite.AlreadyMember", f"A user with the email {email} is already a member of this client."
        )
    # "ClientInvite.AlreadyInvited — an outstanding invite already exists for this email"
    old = world.outstanding(invite.subject)
    until = f", until {to_text(old.expires_at)}" if old else ""
    reason = f"An outstanding invite already exists for the email {email}{until}."
    return Refusal("ClientInvite.AlreadyInvited", reason, old)


def _forbidden(reason: str) -> Refusal:
    return Refusal("Member.Forbidden", f"The caller is not an Admin or Owner of this Client. {reason}")
