"""family-invites over HTTP: from a request to the rules, and from their result to an answer."""

from collections.abc import Mapping

from invite_specs import Json

from invite_mock.contracts.family_invites import rules, wire
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.http.service import Handler
from invite_mock.http.validation import strings
from invite_mock.refusal import Refusal
from invite_mock.state.world import World

_MEMBERS = ("firstname", "lastname", "email")


def _authorize(_request: Request, _world: World) -> None:
    """Everybody may ask, since the page names no credentials; which families may be invited is for the rules."""


def _handle(request: Request, world: World, _caller: None) -> Answer | Refusal:
    """200 with the new invitation, or 400, 403, 404."""
    members = strings(request.body, "/components/schemas/InviteFamilyRequest", (), _MEMBERS)
    if isinstance(members, tuple):
        raise Refused(Refusal("Request.Invalid"), members)
    invite = rules.invite(world, request.parameters["id"], members)
    if isinstance(invite, Refusal):
        return invite
    return Answer(200, wire.invitation(invite), reason="The family exists and belongs to the caller's company.")


def _echo(request: Request, status: int) -> Mapping[str, Json]:
    """The family and the names and email that are given, or the status."""
    if status == 200:
        body = request.body if isinstance(request.body, dict) else {}
        return {"type": "family_invitation", "entityId": request.parameters["id"]} | {
            name: body[name] for name in _MEMBERS if name in body
        }
    return {"statusCode": status}


INVITE_FAMILY = Handler(_authorize, _handle, _echo)
"""POST /v1/families/{id}/invite"""
