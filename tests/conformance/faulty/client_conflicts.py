"""Faults of client-invites in members and outstanding invites: the state behind a 409."""

from dataclasses import replace
from typing import Any

from conformance.faulty.fault import Body, client_fault, put, when
from conformance.listener import Answer, Request
from conformance.reference_clients import CLIENT, ClientInvites


def email_of(self: ClientInvites, request: Request) -> str:
    return str(self.members(request).get("email"))


def slot_of(self: ClientInvites, request: Request) -> Any:
    return self.slot(self.client(request), email_of(self, request), "")


def forget(self: ClientInvites, email: str) -> None:
    self.invites.pop(self.slot(CLIENT, email, ""), None)


def _conflict(self: ClientInvites, client: str, email: str, role: str) -> tuple[Answer | None, str]:
    """The reference implementation's conflict and its code."""
    found = ClientInvites.conflict(self, client, email, role)
    return found, found.document["title"].removeprefix("ClientInvite.") if found else ""


def _only(expected: str) -> Any:
    """Only one of the two conflicts."""

    def conflict(self: ClientInvites, client: str, email: str, role: str) -> Answer | None:
        found, code = _conflict(self, client, email, role)
        return found if code == expected else None

    return conflict


def _member_gets(status: int) -> Any:
    def conflict(self: ClientInvites, client: str, email: str, role: str) -> Answer | None:
        found, code = _conflict(self, client, email, role)
        return (
            self.error(status, "ClientInvite.AlreadyMember Member.Forbidden", "") if code == "AlreadyMember" else found
        )

    return conflict


def _same_again(self: ClientInvites, request: Request) -> Answer:
    invite = self.invites.get(slot_of(self, request), {})
    return Answer(201, invite) if "id" in invite else ClientInvites.perform(self, request)


def _forgets_on_conflict(self: ClientInvites, client: str, email: str, role: str) -> Answer | None:
    found, code = _conflict(self, client, email, role)
    if code == "AlreadyInvited":
        forget(self, email)
    return found


def nth_try(nth: int, answer: Any) -> Any:
    """From the nth create for one email on, another answer than the conflict."""

    def conflict(self: ClientInvites, client: str, email: str, role: str) -> Answer | None:
        found, code = _conflict(self, client, email, role)
        if code != "AlreadyInvited":
            return found
        invite = self.invites[self.slot(client, email, role)]
        tries = invite["tries"] = invite.get("tries", 1) + 1
        refusal: Answer | None = answer(self) if tries >= nth else found
        return refusal

    return conflict


def _showing_token(show: Any) -> Any:
    """A 409 whose body `show` changes, given the token of the outstanding invite."""

    def perform(self: ClientInvites, request: Request) -> Answer:
        answer = ClientInvites.perform(self, request)
        invite = self.invites.get(slot_of(self, request), {})
        if answer.status != 409 or "token" not in invite:
            return answer
        return replace(answer, document=answer.document | show(invite["token"]))

    return perform


def _called(code: str, other: str) -> Body:
    """A conflict with the code of the other."""
    changed = {"type": "about:blank", "title": f"ClientInvite.{other}"}
    return lambda _self, body, _request: body | changed if body["title"].endswith(code) else body


def remembering(count: int) -> Any:
    """A pause in which all but the last invites, and the first, are forgotten."""
    return lambda self: [self.invites.pop(slot) for slot in list(self.invites)[1 : 1 - count]]


FAULTS = (
    client_fault(
        "invites-members",
        "A member can be invited again.",
        "409.already-member 409.member-other-case 409.member-other-role",
        conflict=_only("AlreadyInvited"),
    ),
    client_fault(
        "members-unknown",
        "Members are not looked up; once invited, a member has an outstanding invite.",
        "409.already-member",
        conflict=lambda self, client, email, role: (
            self.members_of.clear() or ClientInvites.conflict(self, client, email, role)
        ),
    ),
    client_fault(
        "member-400",
        "A member's email is answered with 400.",
        "409.already-member",
        conflict=_member_gets(400),
    ),
    client_fault(
        "member-403",
        "A member's email is answered with 403.",
        "409.already-member",
        conflict=_member_gets(403),
    ),
    client_fault(
        "invites-forever",
        "An email can be invited any number of times.",
        "409.already-invited 409.client-other-case 409.later 409.other-case 409.other-inviter 409.other-role",
        conflict=_only("AlreadyMember"),
    ),
    client_fault(
        "same-again",
        "The second create is answered with 201 and the first invite.",
        "201.role-as-given 409.already-invited 409.client-other-case 409.later 409.other-case "
        "409.other-inviter 409.other-role id.unique token.unique",
        perform=_same_again,
    ),
    client_fault(
        "conflict-200",
        "An outstanding invite is answered with 200.",
        "409.already-invited 409.client-other-case 409.later 409.other-case 409.other-inviter "
        "409.other-role createClientInvite.statuses.documented",
        conflict=lambda self, client, email, role: (
            replace(found, status=200, media_type="application/json")
            if (found := ClientInvites.conflict(self, client, email, role)) and "Invited" in found.document["title"]
            else found
        ),
    ),
    client_fault(
        "forgets-on-conflict",
        "A refused second create removes the invite.",
        "409.third-try",
        conflict=_forgets_on_conflict,
    ),
    client_fault(
        "third-try-500",
        "The third create for one email is answered with 500.",
        "409.third-try createClientInvite.server-error",
        conflict=nth_try(3, lambda self: self.error(500, "Oops", "")),
    ),
    client_fault(
        "member-case-sensitive",
        "A member's email in another case can be invited.",
        "409.member-other-case",
        conflict=lambda self, client, email, role: (
            None
            if email not in self.members_of[CLIENT] and email.lower() in self.members_of[CLIENT]
            else ClientInvites.conflict(self, client, email, role)
        ),
    ),
    client_fault(
        "case-sensitive",
        "Another case of the same email can be invited.",
        "409.other-case",
        slot=lambda _self, client, email, _role: (client.lower(), email),
    ),
    client_fault(
        "conflict-by-role",
        "The same email can be invited once for each role.",
        "409.other-role",
        slot=lambda _self, client, email, role: (client.lower(), email.lower(), role),
    ),
    client_fault(
        "one-client-for-all",
        "An invite of one client is a conflict in another one.",
        "409.other-client",
        slot=lambda _self, _client, email, _role: email.lower(),
    ),
    client_fault(
        "member-called-invited",
        "The 409 for a member has the code of an invite.",
        "409.code-member",
        refusal=_called("AlreadyMember", "AlreadyInvited"),
    ),
    client_fault(
        "invited-called-member",
        "The 409 for an invite has the code of a member.",
        "409.code-invited",
        refusal=_called("AlreadyInvited", "AlreadyMember"),
    ),
    client_fault(
        "nameless-409",
        "A 409 does not name its code.",
        "409.code-invited 409.code-member",
        refusal=when(409, put(type="about:blank", title="Conflict", detail="There is one already.")),
    ),
    client_fault(
        "conflict-shows-token",
        "A 409 shows the token of the outstanding invite.",
        "token.once",
        perform=_showing_token(lambda token: {"token": token}),
    ),
    client_fault(
        "conflict-links-token",
        "The detail of a 409 has the link that was sent.",
        "token.once",
        perform=_showing_token(lambda token: {"detail": f"ClientInvite.AlreadyInvited: https://x.example/?t={token}"}),
    ),
    client_fault(
        "error-shows-token",
        "The 400 for a role shows the token of the outstanding invite.",
        "token.once",
        refusal=when(
            400,
            lambda self, body, request: (
                body | {"invite": self.invites.get(slot_of(self, request), {}).get("token")}  # type: ignore[arg-type, attr-defined]  # it is a ClientInvites
            ),
        ),
    ),
    client_fault(
        "get-shows-tokens",
        "GET lists the invites with their tokens.",
        "createClientInvite.other-methods token.once",
        before=lambda self, request: (
            Answer(200, {"invites": [*self.invites.values()]}) if request.method == "GET" else None
        ),
    ),
    # Whom an invite, or a member, is compared with
    client_fault(
        "conflict-by-inviter",
        "The same email can be invited once by each inviter.",
        "409.other-inviter",
        slot=lambda self, client, email, _role: (client.lower(), email.lower(), self.inviter),
    ),
    client_fault(
        "conflict-with-higher-role",
        "An invited email can be invited again with a higher role.",
        "409.other-role",
        conflict=lambda self, client, email, role: (
            None
            if (found := self.invites.get(self.slot(client, email, role)))
            and self.roles.index(role) > self.roles.index(found.get("role", "Owner"))
            else ClientInvites.conflict(self, client, email, role)
        ),
    ),
    client_fault(
        "member-by-role",
        "A member can be invited with a role other than Member.",
        "409.member-other-role",
        conflict=lambda self, client, email, role: (
            None
            if role != "Member"
            and email in self.members_of[CLIENT]
            and self.slot(client, email, role) not in self.invites
            else ClientInvites.conflict(self, client, email, role)
        ),
    ),
    client_fault(
        "conflict-by-path",
        "The same email can be invited again where the client's id has capitals.",
        "409.client-other-case",
        slot=lambda _self, client, email, _role: (client, email.lower()),
    ),
    client_fault(
        "remembers-twenty",
        "Only the last twenty invites are remembered.",
        "409.later",
        pause=remembering(20),
    ),
)
