"""client-invites over HTTP: from a request to the rules, and from what they say to an answer."""

from collections.abc import Mapping, Sequence

from invite_specs import Document

from invite_mock.client_invites import rules, seed
from invite_mock.message import Answer, Refusal, Request, problem, reference
from invite_mock.service import Handler, Sample
from invite_mock.store import Invite
from invite_mock.validation import not_strings
from invite_mock.world import World

KEY_HEADER = "x-dolfin-api-key"


class CreateClientInvite:
    """POST /clients/{clientId}/invites"""  # noqa: D400  # an operation's name, not a sentence

    def authorize(self, request: Request, world: World) -> Document | Refusal:
        """403 before 400: the caller's key first, then the client, unless the path names none."""
        member = rules.caller(world, request.headers.get(KEY_HEADER))
        if isinstance(member, Refusal) or any("/parameters/" in one.contract for one in request.violations):
            return member
        return rules.may_invite(world, member, request.parameters["clientId"].lower()) or member

    def handle(self, request: Request, world: World, caller: Document) -> Answer | Refusal:
        """201 with the token, or 409."""
        unread = not_strings(request.body, "/components/schemas/CreateClientInviteRequest", ("email", "role"))
        if unread:
            return service.malformed(request._replace(violations=unread))
        made = rules.invite(world, caller, request.body["email"], request.body["role"])
        if isinstance(made, Refusal):
            return made
        # .../post/description: "Returns the raw token once — store the link immediately."
        return Answer(
            201,
            {"token": made.token, **seed.describe(made.invite)},
            headers={"Cache-Control": "no-store"},
            why="No member has this email and no outstanding invite exists for it.",
        )

    def echo(self, request: Request, status: int) -> Mapping[str, Document]:
        """The client, the email and the role of the invite, or the path of the problem."""
        if status == 201:
            body = request.body if isinstance(request.body, dict) else {}
            return {"clientId": request.parameters["clientId"].lower()} | {
                name: body[name] for name in ("email", "role") if name in body
            }
        return {"instance": reference(request.path), "status": status}


class ClientInvites:
    """The Service of client-invites."""

    problems: Mapping[str, tuple[int, str, str]] = {
        "ClientInvite.InvalidEmail": (
            400,
            "The email is missing or malformed.",
            "Send an address such as name@company.example.",
        ),
        "Request.Invalid": (
            400,
            "The path id, the media type, the JSON or a member of the body is not as documented.",
            "Mend every entry of `errors` and send the request again.",
        ),
        "Member.Forbidden": (
            403,
            "The caller is not an Admin or Owner of this client, or there is no such client.",
            "Send the key of an Admin or Owner of the client in the header x-dolfin-api-key.",
        ),
        "ClientInvite.AlreadyMember": (
            409,
            "A user with this email is already a member.",
            "Invite another address.",
        ),
        "ClientInvite.AlreadyInvited": (
            409,
            "An outstanding invite already exists for this email.",
            "Invite another address, or accept, revoke or expire that invite by the control API, or advance the clock.",
        ),
    }
    world_schema = seed.SCHEMA
    world_document = seed.DEFAULT
    world_text = seed.TEXT

    def keys(self, document: Document) -> Sequence[tuple[str, str]]:
        """Each member's key, with his email and role."""
        return seed.keys(document)

    def sample(self, document: Document) -> Sample | None:
        """An invite by the first Admin or Owner that has a key."""
        return seed.sample(document)

    def handler(self, operation_id: str) -> Handler | None:
        """The contract has one operation."""
        return CreateClientInvite() if operation_id == "createClientInvite" else None

    def refuse(self, refusal: Refusal, path: str) -> Answer:
        """Problem details, as the contract says of every error."""
        return problem(refusal, path)

    def malformed(self, request: Request) -> Refusal:
        """400, with the code of the email when the email is at fault."""
        # .../post/responses/400: "ClientInvite.InvalidEmail — email is missing or malformed"
        code = (
            "ClientInvite.InvalidEmail" if any(v.pointer == "/email" for v in request.violations) else "Request.Invalid"
        )
        _, why, remedy = self.problems[code]
        if code == "Request.Invalid":
            why = "The request is not as documented."
        return Refusal(400, code, why, remedy, request.violations)

    def populate(self, world: World, document: Document) -> None:
        """Clients with their members and invites."""
        seed.populate(world, document)

    def export(self, world: World) -> Mapping[str, Document]:
        """Clients with their members and invites."""
        return seed.export(world)

    def accepted(self, world: World, invite: Invite) -> None:
        """An accepted invite makes a member."""
        rules.accept(world, invite)

    def invite_data(self, invite: Invite) -> Mapping[str, Document]:
        """The invite as the contract tells it, without its token."""
        return seed.describe(invite)


service = ClientInvites()
