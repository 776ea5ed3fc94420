"""What client-invites keeps in a world: clients and their members."""

from dataclasses import dataclass

from invite_mock.state.store import Kind


@dataclass(frozen=True, slots=True)
class Client:
    """A client that members can be invited to."""

    id: str
    """A UUID in lower case."""
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of one client."""

    id: str
    """A UUID in lower case; the contract's user id."""
    client: str
    """The client's id."""
    email: str
    role: str
    key: str | None
    """What the member sends as API key; None for a member who was invited."""


CLIENTS = Kind("client", Client)
"""By id."""
MEMBERS = Kind("member", Member)
"""By `member_key`."""
KEYHOLDERS = Kind("keyholder", Member)
"""The members that have a key, by the key."""


def member_key(client: str, email: str) -> str:
    """What identifies a member, or an invite: client and email, regardless of case (`email-without-case`)."""
    return f"{client}/{email.lower()}"
