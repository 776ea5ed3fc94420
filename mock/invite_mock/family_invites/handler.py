"""family-invites over HTTP: from a request to the rules, and from what they say to an answer."""

from collections.abc import Mapping, Sequence

from invite_specs import Document

from invite_mock.family_invites import rules, seed
from invite_mock.message import Answer, Refusal, Request
from invite_mock.service import Handler, Sample
from invite_mock.store import Invite
from invite_mock.validation import not_strings
from invite_mock.world import World

_MEMBERS = ("firstname", "lastname", "email")


class InviteFamily:
    """POST /v1/families/{id}/invite"""  # noqa: D400  # an operation's name, not a sentence

    def authorize(self, request: Request, world: World) -> None:  # the page names no credentials
        """Everybody may ask; which families he may invite is a matter of the rules."""

    def handle(self, request: Request, world: World, caller: Document) -> Answer | Refusal:  # noqa: ARG002  # as above
        """200 with the new invitation, or 400, 403, 404."""
        body = {} if request.body is None else request.body
        unread = not_strings(body, "/components/schemas/InviteFamilyRequest", (), _MEMBERS)
        if unread:
            return service.malformed(request._replace(violations=unread))
        made = rules.invite(world, request.parameters["id"], body if isinstance(body, dict) else {})
        if isinstance(made, Refusal):
            return made
        return Answer(200, seed.describe(made), why="The family exists and belongs to the caller's company.")

    def echo(self, request: Request, status: int) -> Mapping[str, Document]:
        """The family and the names and email that are given, or the status."""
        if status == 200:
            body = request.body if isinstance(request.body, dict) else {}
            return {"type": "family_invitation", "entityId": request.parameters["id"]} | {
                name: body[name] for name in _MEMBERS if name in body
            }
        return {"statusCode": status}


class FamilyInvites:
    """The Service of family-invites."""

    problems: Mapping[str, tuple[int, str, str]] = {
        "Family.NoEmail": (
            400,
            "No email is given, and none is known for the primary contact of the family.",
            "Send one as `email`.",
        ),
        "Family.Forbidden": (403, "The family belongs to another company.", "Invite a family of your own company."),
        "Family.NotFound": (404, "There is no such family.", "Use the id of one that exists."),
    }
    world_schema = seed.SCHEMA
    world_document = seed.DEFAULT
    world_text = seed.TEXT

    def keys(self, document: Document) -> Sequence[tuple[str, str]]:  # noqa: ARG002  # the page names no credentials
        """None."""
        return ()

    def sample(self, document: Document) -> Sample | None:
        """An invitation of the first family of the anonymous caller's company."""
        return seed.sample(document)

    def handler(self, operation_id: str) -> Handler | None:
        """The contract has one operation."""
        return InviteFamily() if operation_id == "inviteFamily" else None

    def refuse(self, refusal: Refusal, path: str) -> Answer:  # noqa: ARG002  # the error schema has no place for it
        """The page's error schema: the status, and what is wrong and what to do in a line each."""
        violations = [
            f"{one.pointer or 'request'}: {one.message} (contract: {one.contract})" for one in refusal.violations
        ]
        body = {"statusCode": refusal.status, "messages": [refusal.why, *violations, refusal.remedy]}
        return Answer(refusal.status, body, headers=refusal.headers, why=refusal.why)

    def malformed(self, request: Request) -> Refusal:
        """400 for whatever is not as documented (the assumption `malformed-is-400`)."""
        return Refusal(
            400,
            "Request.Invalid",
            "The request is not as documented.",
            "Mend each of these and send the request again.",
            request.violations,
        )

    def populate(self, world: World, document: Document) -> None:
        """Companies and families."""
        seed.populate(world, document)

    def export(self, world: World) -> Mapping[str, Document]:
        """Companies and families."""
        return seed.export(world)

    def accepted(self, world: World, invite: Invite) -> None:
        """The page says nothing of what follows."""

    def invite_data(self, invite: Invite) -> Mapping[str, Document]:
        """The invitation as the contract tells it."""
        return seed.describe(invite)


service = FamilyInvites()
