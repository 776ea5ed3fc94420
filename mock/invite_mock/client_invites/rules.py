"""Who may invite whom to a client: the decision table of client-invites, in its order, without HTTP or SQL."""

import base64
import hashlib
from dataclasses import dataclass

from invite_specs import Document

from invite_mock.clock import DAY, to_text
from invite_mock.life_cycle import Status
from invite_mock.message import Refusal
from invite_mock.store import Invite
from invite_mock.world import World

CONTRACT = "client-invites"
LIFE = 7 * DAY
"""How long an invite is outstanding, in microseconds (the assumption `seven-days`)."""
INVITERS = ("Admin", "Owner")


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invite, and its token, which nothing keeps."""

    invite: Invite
    token: str


def member_key(client: str, email: str) -> str:
    """What makes a member, or an invite, one of a kind: client and email, without case (`email-without-case`)."""
    return f"{client}/{email.lower()}"


def caller(world: World, key: str | None) -> Document | Refusal:
    """The member whose key it is, if it is one that may invite to some client."""
    if not key:
        return _forbidden("No key was sent.", "Send the key of an Admin or Owner in the header x-dolfin-api-key.")
    member = world.store.get(world.name, "key", key)
    if member is None:
        return _forbidden(
            "No member has the key that was sent.", "Send one of the keys that the mock printed when it started."
        )
    # /paths/~1clients~1{clientId}~1invites/post/responses/403:
    # "Member.Forbidden — caller is not an Admin or Owner of this Client"
    if member["role"] not in INVITERS:
        return _forbidden(
            f"The caller, {member['email']}, has the role {member['role']}.", "Send the key of an Admin or Owner."
        )
    return member


def may_invite(world: World, member: Document, client: str) -> Refusal | None:
    """Whether that Admin or Owner may invite to that client."""
    # The same sentence: "... of this Client"
    if member["client"] == client:
        return None
    if world.store.get(world.name, "client", client) is None:
        return _forbidden(f"There is no client {client}.", f"The caller's own client is {member['client']}.")
    return _forbidden(
        f"The caller, {member['email']}, belongs to another client.", f"The caller's own client is {member['client']}."
    )


def invite(world: World, inviter: Document, email: str, role: str) -> Invited | Refusal:
    """Invite an email address to the inviter's client."""
    client = inviter["client"]
    now = world.now()
    token = base64.urlsafe_b64encode(world.draw("token", 32)).rstrip(b"=").decode()
    subject = member_key(client, email)
    new = Invite(
        id=world.new_uuid("invite"),
        contract=CONTRACT,
        subject=subject,
        email=email,
        created_at=now,
        expires_at=now + LIFE,
        data={"clientId": client, "role": role, "invitedBy": inviter["id"]},
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
    )
    if world.store.add_invite(world.name, new, unless=("member", subject), replace=False):
        world.made_one()
        return Invited(new, token)
    # /paths/~1clients~1{clientId}~1invites/post/responses/409:
    # "ClientInvite.AlreadyMember — a user with this email is already a member"
    if world.store.get(world.name, "member", subject) is not None:
        return Refusal(
            409,
            "ClientInvite.AlreadyMember",
            f"A user with the email {email} is already a member of this client.",
            "Invite another address.",
        )
    # "ClientInvite.AlreadyInvited — an outstanding invite already exists for this email"
    old = world.store.outstanding(world.name, CONTRACT, subject)
    until = f", until {to_text(old.expires_at)}" if old else ""
    return Refusal(
        409,
        "ClientInvite.AlreadyInvited",
        f"An outstanding invite already exists for the email {email}{until}.",
        "Invite another address, or accept, revoke or expire that invite first.",
    )


def accept(world: World, accepted: Invite) -> None:
    """Make a member of whoever accepts; has no key, as the contract gives none."""
    member = {
        "id": world.new_uuid(f"member of {accepted.id}"),
        "client": accepted.data["clientId"],
        "email": accepted.email,
        "role": accepted.data["role"],
        "key": None,
    }
    add_member(world, member)
    world.made_one()


def add_member(world: World, member: Document) -> None:
    """Keep a member, findable by email and, if there is one, by key."""
    world.store.put(world.name, "member", member_key(member["client"], member["email"]), member)
    if member["key"] is not None:
        world.store.put(world.name, "key", member["key"], member)


def outstanding(found: Invite) -> bool:
    """Whether it is kept as outstanding, expired or not."""
    return found.status is Status.OUTSTANDING


def _forbidden(why: str, remedy: str) -> Refusal:
    return Refusal(403, "Member.Forbidden", f"The caller is not an Admin or Owner of this Client. {why}", remedy)
