"""Who may invite whom to a client: the decision table of client-invites, row by row, without HTTP or SQL."""

import base64
import hashlib
from dataclasses import dataclass

from invite_mock.contracts.client_invites.entities import CLIENTS, KEYHOLDERS, MEMBERS, Member, member_key
from invite_mock.refusal import Refusal
from invite_mock.state.clock import DAY, to_text
from invite_mock.state.store import Invite
from invite_mock.state.world import World

CONTRACT = "client-invites"
LIFE = 7 * DAY
"""How long an invite is outstanding, in microseconds (the assumption `seven-days`)."""
INVITERS = ("Admin", "Owner")


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invite, and its token, which is stored nowhere."""

    invite: Invite
    token: str


def caller(world: World, key: str | None) -> Member | Refusal:
    """The member whose key it is, if the member may invite to any client."""
    if not key:
        return _forbidden("No key was sent.")
    member = world.store.get(world.name, KEYHOLDERS, key)
    if member is None:
        return _forbidden("No member has the key that was sent.")
    # /paths/~1clients~1{clientId}~1invites/post/responses/403:
    # "Member.Forbidden — caller is not an Admin or Owner of this Client"
    if member.role not in INVITERS:
        return _forbidden(f"The caller, {member.email}, has the role {member.role}.")
    return member


def may_invite(world: World, member: Member, client: str) -> Refusal | None:
    """The refusal of an Admin or Owner who may not invite to that client."""
    # The same sentence: "... of this Client"
    if member.client == client:
        return None
    if world.store.get(world.name, CLIENTS, client) is None:
        return _forbidden(f"There is no client {client}; the caller, {member.email}, belongs to {member.client}.")
    return _forbidden(f"The caller, {member.email}, belongs to another client, {member.client}.")


def invite(world: World, inviter: Member, email: str, role: str) -> Invited | Refusal:
    """Invite an email address to the inviter's client."""
    now = world.now()
    generator = world.generator(CONTRACT)
    token = base64.urlsafe_b64encode(generator.draw("token", 32)).rstrip(b"=").decode()
    subject = member_key(inviter.client, email)
    new = Invite(
        id=generator.new_uuid("invite"),
        contract=CONTRACT,
        subject=subject,
        email=email,
        created_at=now,
        expires_at=now + LIFE,
        data={"clientId": inviter.client, "role": role, "invitedBy": inviter.id},
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
    )
    if world.store.add_invite(world.name, new, unless=(MEMBERS, subject), replace=False):
        generator.advance()
        return Invited(new, token)
    # /paths/~1clients~1{clientId}~1invites/post/responses/409:
    # "ClientInvite.AlreadyMember — a user with this email is already a member"
    if world.store.get(world.name, MEMBERS, subject) is not None:
        return Refusal(
            "ClientInvite.AlreadyMember", f"A user with the email {email} is already a member of this client."
        )
    # "ClientInvite.AlreadyInvited — an outstanding invite already exists for this email"
    old = world.store.outstanding(world.name, CONTRACT, subject)
    until = f", until {to_text(old.expires_at)}" if old else ""
    return Refusal("ClientInvite.AlreadyInvited", f"An outstanding invite already exists for the email {email}{until}.")


def accept(world: World, invite: Invite) -> None:
    """Make a member of the invited person; the member has no key, since the contract gives none."""
    generator = world.generator(CONTRACT)
    client, role = str(invite.data["clientId"]), str(invite.data["role"])
    add_member(world, Member(generator.new_uuid(f"member of {invite.id}"), client, invite.email, role, None))
    generator.advance()


def add_member(world: World, member: Member) -> None:
    """Store a member, to be found by email and, if there is one, by key."""
    world.store.put(world.name, MEMBERS, member_key(member.client, member.email), member)
    if member.key is not None:
        world.store.put(world.name, KEYHOLDERS, member.key, member)


def _forbidden(reason: str) -> Refusal:
    return Refusal("Member.Forbidden", f"The caller is not an Admin or Owner of this Client. {reason}")
