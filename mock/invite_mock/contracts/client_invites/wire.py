"""The wire shapes of client-invites; its errors are problem details (see `http.problems`)."""

from invite_specs import Json

from invite_mock.contracts.client_invites.rules import Invited
from invite_mock.state import clock
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.store import Invite


def create_client_invite(world: ContractWorld, invited: Invited) -> dict[str, Json]:
    """ClientInviteWithTokenResponse."""
    # .../post/description: "Returns the raw token once — store the link immediately."
    return {"token": invited.token, **invite(world, invited.invite)}


def invite(_world: ContractWorld, invite: Invite) -> dict[str, Json]:
    """ClientInviteWithTokenResponse without the token."""
    return {
        "id": invite.id,
        "clientId": invite.data["client"],
        "email": invite.email,
        "role": invite.data["role"],
        "createdAt": clock.to_text(invite.created_at),
        "expiresAt": clock.to_text(invite.expires_at),
        "invitedBy": invite.data["invited_by"],
    }
