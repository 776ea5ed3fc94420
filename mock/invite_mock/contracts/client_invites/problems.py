"""What client-invites refuses."""

from collections.abc import Sequence

from invite_mock.http.messages import Violation
from invite_mock.http.problems import Problem, Problems

# The codes and statuses: /paths/~1clients~1{clientId}~1invites/post/responses
PROBLEMS: Problems = {
    "ClientInvite.InvalidEmail": Problem(
        400, "The email is missing or malformed.", "Send an address such as name@company.example."
    ),
    "Member.Forbidden": Problem(
        403,
        "The caller is not an Admin or Owner of this Client.",
        "Send the key of an Admin or Owner of the client in the header x-dolfin-api-key.",
    ),
    "ClientInvite.AlreadyMember": Problem(
        409, "A user with this email is already a member.", "Invite another address."
    ),
    "ClientInvite.AlreadyInvited": Problem(
        409,
        "An outstanding invite already exists for this email.",
        "Invite another address, or accept, revoke or expire that invite by the control API, or advance the clock.",
    ),
}


def malformed(violations: Sequence[Violation]) -> str:
    """The code of a request that is not as documented."""
    # .../post/responses/400: "ClientInvite.InvalidEmail — email is missing or malformed"
    if any(one.pointer == "/email" for one in violations):
        return "ClientInvite.InvalidEmail"
    return "Request.Invalid"
