"""The wire shapes of client-invites; its errors are problem details (see `http.problems`)."""

from invite_specs import Json

from invite_mock.state import clock
from invite_mock.state.store import Invite


def invite(invite: Invite) -> dict[str, Json]:
    """ClientInviteWithTokenResponse without the token."""
    return {
        "id": invite.id,
        "clientId": invite.data["clientId"],
        "email": invite.email,
        "role": invite.data["role"],
        "createdAt": clock.to_text(invite.created_at),
        "expiresAt": clock.to_text(invite.expires_at),
        "invitedBy": invite.data["invitedBy"],
    }
