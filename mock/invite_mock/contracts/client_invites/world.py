"""client-invites in a world document: clients with their members and invites."""

import uuid
from collections.abc import Mapping
from pathlib import Path

from invite_specs import Document, Json, YamlFile

from invite_mock.contracts.client_invites import rules, wire
from invite_mock.contracts.client_invites.entities import CLIENTS, KEYHOLDERS, MEMBERS, Client, Member, member_key
from invite_mock.state.contents import Contents, WorldDocumentError
from invite_mock.state.invite_entry import invite_from, invite_to
from invite_mock.state.life_cycle import Status
from invite_mock.state.store import Invite
from invite_mock.state.world import World


def _populate(world: World, document: Document) -> None:
    for number, client in enumerate(document.get("clients", [])):
        where = f"/clients/{number}"
        client_id = client["id"].lower()
        if world.store.get(world.name, CLIENTS, client_id) is not None:
            raise WorldDocumentError(f"{where}/id", f"the client {client_id} is given twice")
        world.store.put(world.name, CLIENTS, client_id, Client(client_id, client.get("name", "")))
        _populate_members(world, f"{where}/members", client_id, client.get("members", []))
        _populate_invites(world, f"{where}/invites", client_id, client.get("invites", []))


def _populate_members(world: World, where: str, client_id: str, members: Document) -> None:
    ids = set()
    for number, entry in enumerate(members):
        here = f"{where}/{number}"
        email, key = entry["email"], entry.get("key")
        if world.store.get(world.name, MEMBERS, member_key(client_id, email)) is not None:
            raise WorldDocumentError(here, f"the member {email} is given twice")
        holder = None if key is None else world.store.get(world.name, KEYHOLDERS, key)
        if holder is not None:
            reason = f"the members {holder.email} and {email} have the same key; give each a key of its own"
            raise WorldDocumentError(here, reason)
        member_id = entry.get("id", str(uuid.uuid5(uuid.UUID(client_id), email.lower()))).lower()
        if member_id in ids:
            raise WorldDocumentError(here, f"another member has the id {member_id}; give this one an id of its own")
        ids.add(member_id)
        rules.add_member(world, Member(member_id, client_id, email, entry["role"], key))


def _populate_invites(world: World, where: str, client_id: str, invites: Document) -> None:
    for number, entry in enumerate(invites):
        here = f"{where}/{number}"
        invite = invite_from(
            entry,
            world,
            here,
            contract=rules.CONTRACT,
            subject=member_key(client_id, entry["email"]),
            life=rules.LIFE,
            invite_id=entry.get("id", str(uuid.uuid5(uuid.UUID(client_id), f"invite {number}"))).lower(),
            data={"clientId": client_id, "role": entry["role"], "invitedBy": entry.get("invitedBy")},
        )
        if invite.status is not Status.OUTSTANDING:
            world.store.put_invite(world.name, invite)
        elif not world.store.add_invite(world.name, invite, unless=(MEMBERS, invite.subject), replace=False):
            raise WorldDocumentError(here, f"{entry['email']} is a member or has another outstanding invite")


def _export(world: World) -> Mapping[str, Json]:
    members = world.store.entities(world.name, MEMBERS)
    invites = world.store.invites(world.name, rules.CONTRACT)
    return {
        "clients": [
            {
                "id": client.id,
                "name": client.name,
                "members": [_member_entry(one) for one in members if one.client == client.id],
                "invites": [_invite_entry(one) for one in invites if one.data["clientId"] == client.id],
            }
            for client in world.store.entities(world.name, CLIENTS)
        ]
    }


def _member_entry(member: Member) -> dict[str, Json]:
    entry: dict[str, Json] = {"id": member.id, "email": member.email, "role": member.role}
    return entry if member.key is None else entry | {"key": member.key}


def _invite_entry(invite: Invite) -> dict[str, Json]:
    return {"role": invite.data["role"], "invitedBy": invite.data["invitedBy"], **invite_to(invite)}


_HERE = Path(__file__).parent
CONTENTS = Contents(
    schema=YamlFile(_HERE / "world.schema.yaml").data,
    default=YamlFile(_HERE / "world.yaml"),
    populate=_populate,
    export=_export,
    describe=wire.invite,
    accept=rules.accept,
)
