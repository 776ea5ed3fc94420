"""What client-invites keeps in a world: clients, each with its members and invites."""

from dataclasses import dataclass
from typing import Annotated, Literal

from invite_mock.state.clock import DAY
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.invites import Invites
from invite_mock.state.kind import Kind
from invite_mock.state.members import UUIDS, Credential, Email, Uuid
from invite_mock.state.store import Invite

Role = Literal["Member", "Developer", "Support", "Admin", "Owner"]


@dataclass(frozen=True, slots=True)
class Client:
    """A client that members can be invited to."""

    id: Uuid
    name: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of one client."""

    client: Uuid
    id: Uuid
    email: Email
    role: Role
    key: Annotated[str, Credential(scheme="dolfinApiKey")] | None = None
    """What the member sends as x-dolfin-api-key; None for a member who was invited, since the contract gives none."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an invite to a client says."""

    client: Uuid
    email: Email
    role: Role
    invited_by: Uuid | None = None
    """The id of a member (the assumption `invited-by-caller`)."""


def member_key(of: Member | Terms) -> str:
    """What identifies a member, or an invite: client and email, regardless of case (`email-without-case`)."""
    return f"{of.client}/{of.email.lower()}"


def accepted(world: ContractWorld, invite: Invite) -> None:
    """Make a member of the invited person."""
    member_id = UUIDS.new(world.draw, f"member of {invite.id}")
    terms = Terms(email=str(invite.email), **invite.data)  # type: ignore[arg-type]  # they were made of Terms
    world.put(MEMBERS, Member(terms.client, member_id, terms.email, terms.role))


def sender(world: ContractWorld, invite: Invite) -> str | None:
    """The email of the member who invited, if that member is still in the world."""
    member = world.find(MEMBERS, "id", f"{invite.data['client']}/{invite.data['invited_by']}")
    return member.email if member else None


CLIENTS = Kind("clients", "client", Client)
MEMBERS = Kind(
    "members",
    "member",
    Member,
    key=member_key,
    title="email",
    within=CLIENTS,
    unique={"key": "the members {old.email} and {new.email} have the same key; give each a key of its own"},
)
# Seven days: the assumption `seven-days`.
INVITES = Invites(
    Terms, subject=member_key, life=7 * DAY, within=CLIENTS, unless=MEMBERS, accepted=accepted, sender=sender
)
