"""An invite as a world document has it: relative to the world's clock for people, absolute when it is exported."""

from collections.abc import Mapping

from invite_specs import Document, Json

from invite_mock.state import clock
from invite_mock.state.contents import WorldDocumentError
from invite_mock.state.life_cycle import Status
from invite_mock.state.store import Invite
from invite_mock.state.world import World


def invite_from(  # noqa: PLR0913  # what only the contract knows of it, each by name
    entry: Document,
    world: World,
    where: str,
    *,
    contract: str,
    subject: str,
    life: int,
    invite_id: str,
    data: Mapping[str, str | None],
) -> Invite:
    """The invite that a world document describes at the JSON Pointer `where`; `life` is in microseconds.

    Raises WorldDocumentError for an id that the world has already, and for an instant that has no date.
    """
    if world.store.invite(world.name, invite_id) is not None:
        raise WorldDocumentError(where, f"another invite has the id {invite_id}; give this one an id of its own")
    start = "createdAt" if "createdAt" in entry else "sentAgo"
    member = start
    try:
        if start == "createdAt":
            created_at = clock.from_text(entry["createdAt"])
        else:
            created_at = clock.add(world.now(), entry.get("sentAgo", "PT0S"), back=True)
        if "expiresAt" in entry:
            member = "expiresAt"
            expires_at = clock.from_text(entry["expiresAt"])
        else:
            expires_at = clock.dated(created_at + life)
    except ValueError as error:
        raise WorldDocumentError(f"{where}/{member}", str(error)) from error
    return Invite(
        id=invite_id,
        contract=contract,
        subject=subject,
        email=entry["email"],
        created_at=created_at,
        expires_at=expires_at,
        data=data,
        status=Status(entry.get("status", "outstanding")),
    )


def invite_to(invite: Invite) -> dict[str, Json]:
    """The invite as a world document has it."""
    return {
        "id": invite.id,
        "email": invite.email,
        "status": invite.status.value,
        "createdAt": clock.to_text(invite.created_at),
        "expiresAt": clock.to_text(invite.expires_at),
    }
