"""An invite in a world document: relative to the world's clock for people, absolute when it is exported."""

from typing import Any

from invite_specs import Document, Json

from invite_mock.state import clock
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.invites import Invites
from invite_mock.state.life_cycle import Status
from invite_mock.state.members import members, object_schema, read, write
from invite_mock.state.store import Invite
from invite_mock.state.world_document_error import WorldDocumentError

INVITES = "invites"
"""The list of invites of whatever contains them."""


def invite_schema(invites: Invites[Any]) -> Document:
    """The JSON Schema of an invite of that contract."""
    parent = invites.within.name if invites.within else None
    terms = object_schema({name: one for name, one in members(invites.terms).items() if name != parent})
    properties: dict[str, Json] = {
        **terms["properties"],  # type: ignore[dict-item]  # an object
        "id": {"type": "string", **invites.ids.schema, "description": "By default it follows from the position."},
        "status": {
            "enum": [one.value for one in Status],
            "description": "By default outstanding; an outstanding invite expires by the clock.",
        },
        "sentAgo": {
            "type": "string",
            "format": "duration",
            "description": "How long before the world's beginning it was created (ISO 8601, such as P8D); by default"
            " PT0S.",
        },
        "createdAt": {"type": "string", "format": "date-time", "description": "Instead of sentAgo."},
        "expiresAt": {
            "type": "string",
            "format": "date-time",
            "description": f"By default P{invites.life // clock.DAY}D after it was created.",
        },
    }
    return {**terms, "properties": properties}


def invite_from(
    invites: Invites[Any], world: ContractWorld, where: str, entry: Document, place: tuple[str, int]
) -> None:
    """Add the invite that a world document describes at the JSON Pointer `where`.

    `place` is the key of what contains it, and its number in there. Raises WorldDocumentError for an id that the
    contract has already, for an instant that has no date, and for a second outstanding invite.
    """
    key, number = place
    parent = {invites.within.name: key} if invites.within else {}
    given = entry.get("id", invites.ids.default(key, f"invite {number}"))
    invite_id = invites.ids.normal(given) if invites.ids.normal else given
    if world.invite(invite_id) is not None:
        raise WorldDocumentError(where, f"another invite has the id {invite_id}; give this one an id of its own")
    created_at, expires_at = _life(entry, world.now, invites.life, where)
    invite = invites.new(world, invites.terms(**read(invites.terms, entry), **parent), invite_id=invite_id)
    status = Status(entry.get("status", "outstanding"))
    invite = invite._replace(created_at=created_at, expires_at=expires_at, status=status)
    if invite.status is not Status.OUTSTANDING:
        world.put_invite(invite)
    elif not invites.add(world, invite):
        hindrance = f"is a {invites.unless.name} or has" if invites.unless else "has"
        raise WorldDocumentError(where, f"{invite.email or invite.subject} {hindrance} another outstanding invite")


def _life(entry: Document, now: int, life: int, where: str) -> tuple[int, int]:
    """When an invite is created, and when it expires. Raises WorldDocumentError."""
    member = "createdAt" if "createdAt" in entry else "sentAgo"
    try:
        if member == "createdAt":
            created_at = clock.from_text(entry["createdAt"])
        else:
            created_at = clock.add(now, entry.get("sentAgo", "PT0S"), back=True)
        if "expiresAt" not in entry:
            return created_at, clock.dated(created_at + life)
        member = "expiresAt"
        return created_at, clock.from_text(entry["expiresAt"])
    except ValueError as error:
        raise WorldDocumentError(f"{where}/{member}", str(error)) from error


def invite_to(invites: Invites[Any], invite: Invite) -> dict[str, Json]:
    """The invite as a world document has it."""
    parent = invites.within.name if invites.within else None
    return {
        "id": invite.id,
        **write({"email": invite.email} | {name: one for name, one in invite.data.items() if name != parent}),
        "status": invite.status.value,
        "createdAt": clock.to_text(invite.created_at),
        "expiresAt": clock.to_text(invite.expires_at),
    }
