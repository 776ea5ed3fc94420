"""client-invites over HTTP: from a request to the rules, and from their result to an answer."""

from collections.abc import Mapping, Sequence

from invite_specs import Json

from invite_mock.contracts.client_invites import rules, wire
from invite_mock.contracts.client_invites.entities import Member
from invite_mock.http.messages import Answer, Request, Violation
from invite_mock.http.problems import Refused, reference
from invite_mock.http.service import Handler
from invite_mock.http.validation import strings
from invite_mock.refusal import Refusal
from invite_mock.state.world import World

KEY_HEADER = "x-dolfin-api-key"


def malformed(violations: Sequence[Violation]) -> str:
    """The code of a request that is not as documented."""
    # .../post/responses/400: "ClientInvite.InvalidEmail — email is missing or malformed"
    if any(one.pointer == "/email" for one in violations):
        return "ClientInvite.InvalidEmail"
    return "Request.Invalid"


def _authorize(request: Request, world: World) -> Member | Refusal:
    """403 before 400: the caller's key first, then the client, unless the path's id is malformed."""
    member = rules.caller(world, request.headers.get(KEY_HEADER))
    if isinstance(member, Refusal) or any("/parameters/" in one.keyword for one in request.violations):
        return member
    return rules.may_invite(world, member, request.parameters["clientId"].lower()) or member


def _handle(request: Request, world: World, caller: Member) -> Answer | Refusal:
    """201 with the token, or 409."""
    members = strings(request.body, "/components/schemas/CreateClientInviteRequest", ("email", "role"))
    if isinstance(members, tuple):
        raise Refused(Refusal(malformed(members)), members)
    invited = rules.invite(world, caller, members["email"], members["role"])
    if isinstance(invited, Refusal):
        return invited
    # .../post/description: "Returns the raw token once — store the link immediately."
    return Answer(
        201,
        {"token": invited.token, **wire.invite(invited.invite)},
        headers={"Cache-Control": "no-store"},
        reason="No member has this email and no outstanding invite exists for it.",
    )


def _echo(request: Request, status: int) -> Mapping[str, Json]:
    """The client, the email and the role of the invite, or the path of the problem."""
    if status == 201:
        body = request.body if isinstance(request.body, dict) else {}
        return {"clientId": request.parameters["clientId"].lower()} | {
            name: body[name] for name in ("email", "role") if name in body
        }
    return {"instance": reference(request.path), "status": status}


CREATE_CLIENT_INVITE = Handler(_authorize, _handle, _echo)
"""POST /clients/{clientId}/invites"""
