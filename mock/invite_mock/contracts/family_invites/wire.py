"""The wire shapes of family-invites."""

from invite_specs import Json

from invite_mock.contracts.family_invites.world import FAMILIES
from invite_mock.http.messages import Answer
from invite_mock.http.problems import ErrorDetails
from invite_mock.state import clock
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.store import Invite


def invite_family(world: ContractWorld, invite: Invite) -> dict[str, Json]:
    """An invitation as the page's 200 response has it."""
    family = world.get(FAMILIES, invite.subject)
    return {
        "id": invite.id,
        "type": "family_invitation",
        "companyId": family.company if family else None,
        "entityId": invite.subject,
        "email": invite.email,
        "firstname": invite.data["firstname"],
        "lastname": invite.data["lastname"],
        "expiresAt": clock.to_text(invite.expires_at),
    }


def error(details: ErrorDetails) -> Answer:
    """The page's error schema: the status; then the reason, each violation and the remedy as messages."""
    violations = [f"{one.pointer or 'request'}: {one.message} ({': '.join(one.source)})" for one in details.violations]
    messages: list[Json] = [details.reason, *violations, details.remedy]
    return Answer(details.status, {"statusCode": details.status, "messages": messages})
