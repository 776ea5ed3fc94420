"""An invite as a world document has it: relative to the world's clock for people, absolute when it is exported."""

from typing import TYPE_CHECKING

from invite_specs import Json

from invite_mock import clock
from invite_mock.life_cycle import Status
from invite_mock.store import Invite

if TYPE_CHECKING:
    from invite_mock.world import World


def invite_from(  # noqa: PLR0913  # what only the contract knows of it, each by name
    given: Json, world: "World", *, contract: str, subject: str, life: int, invite_id: str, data: Json
) -> Invite:
    """The invite that a world document describes; `life` is in microseconds."""
    if "createdAt" in given:
        created_at = clock.from_text(given["createdAt"])
    else:
        created_at = 2 * world.now() - clock.add(world.now(), given.get("sentAgo", "PT0S"))
    return Invite(
        id=given.get("id", invite_id),
        contract=contract,
        subject=subject,
        email=given["email"],
        created_at=created_at,
        expires_at=clock.from_text(given["expiresAt"]) if "expiresAt" in given else created_at + life,
        data=data,
        status=Status(given.get("status", "outstanding")),
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
