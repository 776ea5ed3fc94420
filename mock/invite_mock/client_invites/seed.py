"""What client-invites keeps in a world document: clients with their members and invites."""

import uuid
from collections.abc import Mapping
from pathlib import Path

from invite_specs import Document, YamlFile

from invite_mock import clock
from invite_mock.client_invites import rules
from invite_mock.invite_document import invite_from, invite_to
from invite_mock.service import Sample
from invite_mock.store import Invite
from invite_mock.world import World
from invite_mock.world_document import WorldDocumentError

_HERE = Path(__file__).parent
SCHEMA: Mapping[str, Document] = YamlFile(_HERE / "world.schema.yaml").data
_WORLD = YamlFile(_HERE / "world.yaml")
DEFAULT: Mapping[str, Document] = _WORLD.data
TEXT = _WORLD.text


def populate(world: World, document: Document) -> None:
    """Fill a new world. Raises WorldDocumentError if two things in the document cannot both be."""
    for number, client in enumerate(document.get("clients", [])):
        _populate_client(world, f"/clients/{number}", client)


def _populate_client(world: World, where: str, client: Document) -> None:
    store = world.store
    client_id = client["id"].lower()
    if store.get(world.name, "client", client_id) is not None:
        raise WorldDocumentError(f"{where}/id", f"the client {client_id} is given twice")
    store.put(world.name, "client", client_id, {"id": client_id, "name": client.get("name", "")})
    member_ids = set()
    for number, given in enumerate(client.get("members", [])):
        here = f"{where}/members/{number}"
        subject = rules.member_key(client_id, given["email"])
        key = given.get("key")
        if store.get(world.name, "member", subject) is not None:
            raise WorldDocumentError(here, f"the member {given['email']} is given twice")
        if key is not None and store.get(world.name, "key", key) is not None:
            raise WorldDocumentError(here, f"the key {key!r} is given to two members")
        member_id = given.get("id", str(uuid.uuid5(uuid.UUID(client_id), given["email"].lower()))).lower()
        if member_id in member_ids:
            raise WorldDocumentError(here, f"another member has the id {member_id}; give this one an id of its own")
        member_ids.add(member_id)
        rules.add_member(
            world,
            {"id": member_id, "client": client_id, "email": given["email"], "role": given["role"], "key": key},
        )
    for number, given in enumerate(client.get("invites", [])):
        here = f"{where}/invites/{number}"
        invite = invite_from(
            given,
            world,
            here,
            contract=rules.CONTRACT,
            subject=rules.member_key(client_id, given["email"]),
            life=rules.LIFE,
            invite_id=given.get("id", str(uuid.uuid5(uuid.UUID(client_id), f"invite {number}"))).lower(),
            data={"clientId": client_id, "role": given["role"], "invitedBy": given.get("invitedBy")},
        )
        if not rules.outstanding(invite):
            store.put_invite(world.name, invite)
        elif not store.add_invite(world.name, invite, unless=("member", invite.subject), replace=False):
            raise WorldDocumentError(here, f"{given['email']} is a member or has another outstanding invite")


def export(world: World) -> Mapping[str, Document]:
    """The members of the world document that make a world such as this one is now."""
    members = world.store.entities(world.name, "member")
    invites = world.store.invites(world.name, rules.CONTRACT)
    return {
        "clients": [
            {
                "id": client["id"],
                "name": client["name"],
                "members": [
                    {name: member[name] for name in ("id", "email", "role", "key") if member[name] is not None}
                    for member in members
                    if member["client"] == client["id"]
                ],
                "invites": [
                    {
                        "role": invite.data["role"],
                        "invitedBy": invite.data["invitedBy"],
                        **invite_to(invite),
                    }
                    for invite in invites
                    if invite.data["clientId"] == client["id"]
                ],
            }
            for client in world.store.entities(world.name, "client")
        ]
    }


def describe(invite: Invite) -> dict[str, Document]:
    """An invite as ClientInviteWithTokenResponse has it, but for the token."""
    return {
        "id": invite.id,
        "clientId": invite.data["clientId"],
        "email": invite.email,
        "role": invite.data["role"],
        "createdAt": clock.to_text(invite.created_at),
        "expiresAt": clock.to_text(invite.expires_at),
        "invitedBy": invite.data["invitedBy"],
    }


def keys(document: Document) -> list[tuple[str, str]]:
    """Each key with its holder: email, role and client."""
    return [
        (member["key"], f"{member['email']}, {member['role']} of {client.get('name') or client['id']}")
        for client in document.get("clients", [])
        for member in client.get("members", [])
        if "key" in member
    ]


def sample(document: Document) -> Sample | None:
    """An invite that the first Admin or Owner with a key can make: to an address that the document does not use."""
    for client in document.get("clients", []):
        used = {one["email"].lower() for one in (*client.get("members", []), *client.get("invites", []))}
        email = next(email for n in range(len(used) + 1) if (email := f"new.person{n or ''}@acme.example") not in used)
        for member in client.get("members", []):
            if member["role"] in rules.INVITERS and "key" in member:
                return Sample(
                    parameters={"clientId": client["id"]},
                    credentials={"dolfinApiKey": member["key"]},
                    body={"email": email, "role": "Developer"},
                )
    return None
