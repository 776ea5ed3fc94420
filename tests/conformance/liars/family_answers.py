"""Lies about the answers of family-invites: members, names, refusals."""

import time
from dataclasses import replace
from typing import Any

from conformance.honest_families import COMPANY, Family, FamilyInvites
from conformance.liars.lie import Lie, drop, family_lie, on, put, when
from conformance.listener import Answer, Request

_REQUIRED = {
    "id": "id",
    "type": "type",
    "companyId": "company-id",
    "entityId": "entity-id",
    "email": "email",
    "firstname": "firstname",
    "lastname": "lastname",
}


def _refused(status: int, what: str) -> tuple[Lie, ...]:
    """The lies about one refusal: 403 or 404."""
    return (
        family_lie(
            f"{status}-as-problem",
            f"A {status} is application/problem+json.",
            f"{status}.media-type",
            after=on(status, media_type="application/problem+json"),
        ),
        family_lie(
            f"{status}-untyped", f"A {status} has no type.", f"{status}.media-type", after=on(status, media_type=None)
        ),
        family_lie(
            f"{status}-no-code",
            f"A {status} has no statusCode.",
            f"{status}.status-code",
            refusal=when(status, drop("statusCode")),
        ),
        family_lie(
            f"{status}-code-in-string",
            f"A {status}'s statusCode is a string.",
            f"{status}.status-code",
            refusal=when(status, put(statusCode=str(status))),
        ),
        family_lie(
            f"{status}-no-messages",
            f"A {status} has no messages.",
            f"{status}.messages",
            refusal=when(status, drop("messages")),
        ),
        family_lie(
            f"{status}-one-message",
            f"A {status}'s messages are one string.",
            f"{status}.messages",
            refusal=when(status, put(messages=what)),
        ),
        family_lie(
            f"{status}-message-objects",
            f"A {status}'s messages are objects.",
            f"{status}.messages",
            refusal=when(status, put(messages=[{"text": what}])),
        ),
        family_lie(
            f"{status}-exception-text",
            f"A {status}'s exception is a string.",
            f"{status}.exception",
            refusal=when(status, put(exception="java.lang.IllegalStateException")),
        ),
        family_lie(
            f"{status}-says-500",
            f"A {status}'s statusCode is 500.",
            f"{status}.status-code-as-http",
            refusal=when(status, put(statusCode=500)),
        ),
    )


def _first_only(self: FamilyInvites, family: Family, body: dict[str, Any]) -> None:
    """Names are set on a family once and never again."""
    FamilyInvites.remember(self, family, {k: v for k, v in body.items() if getattr(family, k, None) is None})


def _forgetful(self: FamilyInvites, request: Request) -> Answer:
    """The names of this request are in its answer, and nowhere else."""
    family = self.family(request)
    assert family is not None
    before = replace(family)
    answer = FamilyInvites.perform(self, request)
    self.families[family.id] = before
    return answer


def _foreign_writes(self: FamilyInvites, request: Request) -> Answer | None:
    """A refused invite of a foreign family sets its names on the caller's family that was invited last."""
    refusal = FamilyInvites.forbidden(self, request)
    if refusal is not None and not FamilyInvites.malformed(self, request):
        for family in self.families.values():
            if family.company == COMPANY:
                self.remember(family, self.members(request))
    return refusal


def _one_contact(self: FamilyInvites, family: Family, body: dict[str, Any]) -> None:
    """All families of a company share one contact."""
    for other in self.families.values():
        if other.company == family.company:
            FamilyInvites.remember(self, other, body)


LIES = (
    # Status, media type and each member
    family_lie(
        "status-201", "An invitation is answered with 201.", "200.status statuses.documented", after=on(200, status=201)
    ),
    family_lie(
        "status-204",
        "An invitation is answered with 204 and no body.",
        "200.status statuses.documented",
        after=on(200, status=204, document=None, media_type=None),
    ),
    family_lie("as-text", "A 200 is text/plain.", "200.media-type", media_type="text/plain"),
    family_lie("untyped", "A 200 has no Content-Type.", "200.media-type", media_type=None),
    family_lie("as-hal", "A 200 is application/hal+json.", "200.media-type", media_type="application/hal+json"),
    *(
        family_lie(f"no-{slug}", f"A 200 has no {member}.", f"200.{slug}", success=drop(member))
        for member, slug in _REQUIRED.items()
    ),
    *(
        family_lie(f"null-{slug}", f"A 200's {member} is null.", f"200.{slug}", success=put(**{member: None}))
        for member, slug in _REQUIRED.items()
        if member not in {"firstname", "lastname"}
    ),
    family_lie("numbered-id", "An invitation's id is a number.", "200.id", success=put(id=lambda _: time.time_ns())),
    family_lie("numbered-company", "A company's id is a number.", "200.company-id", success=put(companyId=1)),
    family_lie("type-guest", "An invitation has an unknown type.", "200.type", success=put(type="guest_invitation")),
    family_lie(
        "type-in-capitals", "An invitation's type is in capitals.", "200.type", success=put(type="FAMILY_INVITATION")
    ),
    family_lie(
        "name-in-object", "The first name is an object.", "200.firstname", success=put(firstname={"given": "Ona"})
    ),
    family_lie("lastname-list", "The last name is a list.", "200.lastname", success=put(lastname=["One"])),
    family_lie(
        "expiry-in-seconds",
        "The expiry is a number.",
        "200.expires-at",
        success=put(expiresAt=lambda _: int(time.time())),
    ),
    family_lie(
        "expiry-without-offset",
        "The expiry has no offset.",
        "200.expires-at",
        success=put(expiresAt=lambda body: body["expiresAt"].rstrip("Z")),
    ),
    family_lie("expiry-empty", "The expiry is an empty string.", "200.expires-at", success=put(expiresAt="")),
    # The answer beside the request
    family_lie(
        "email-of-school",
        "The email answered is the school's.",
        "200.email-as-given",
        success=put(email="school@honest.example"),
    ),
    family_lie(
        "email-never-set",
        "The email given is ignored.",
        "200.email-as-given",
        remember=lambda self, family, body: FamilyInvites.remember(
            self, family, body if family.email is None else {k: v for k, v in body.items() if k != "email"}
        ),
    ),
    family_lie(
        "firstname-fixed",
        "The first name is always Ona.",
        "200.firstname-as-given 200.non-ascii names.remembered",
        success=put(firstname="Ona"),
    ),
    family_lie(
        "firstname-initial",
        "The first name is cut to its initial.",
        "200.firstname-as-given 200.non-ascii names.remembered",
        success=put(firstname=lambda body: body["firstname"] and body["firstname"][:1]),
    ),
    family_lie(
        "lastname-in-capitals",
        "The last name is answered in capitals.",
        "200.lastname-as-given names.remembered",
        success=put(lastname=lambda body: body["lastname"] and body["lastname"].upper()),
    ),
    family_lie(
        "names-swapped",
        "First and last name change places.",
        "200.firstname-as-given 200.lastname-as-given 200.non-ascii names.remembered",
        success=lambda _self, body, _request: body | {"firstname": body["lastname"], "lastname": body["firstname"]},
    ),
    family_lie(
        "ascii-names",
        "What is not ASCII in a name becomes a question mark.",
        "200.non-ascii",
        success=put(firstname=lambda body: body["firstname"] and body["firstname"].encode("ascii", "replace").decode()),
    ),
    family_lie(
        "misread-names",
        "Names are read as Latin-1.",
        "200.non-ascii",
        success=lambda _self, body, _request: (
            body | {name: body[name] and body[name].encode().decode("latin-1") for name in ("firstname", "lastname")}
        ),
    ),
    family_lie(
        "decomposed-names",
        "Names lose their accents.",
        "200.non-ascii",
        success=put(
            lastname=lambda body: (
                body["lastname"] and "".join(c for c in body["lastname"] if c.isascii() or ord(c) > 0x24F)
            )
        ),
    ),
    family_lie(
        "entity-is-staff",
        "The entity is a member of the staff.",
        "200.entity-is-family",
        success=put(entityId="stf_123123123"),
    ),
    family_lie(
        "one-id", "Every family's invitation has the same id.", "200.id-differs", success=put(id="lnk_123123123123")
    ),
    # What may be left out
    family_lie(
        "body-wanted",
        "A request without a body is refused.",
        "body.absent",
        before=lambda self, request: (
            None
            if request.body or request.method != "POST" or self.unknown(request)
            else self.error(400, "Request.Invalid", "A body is required.")
        ),
    ),
    family_lie(
        "body-wanted-415",
        "A request without a body is answered with 415.",
        "body.absent statuses.tolerated",
        before=lambda self, request: (
            None
            if request.body or request.method != "POST" or self.unknown(request)
            else self.error(415, "Request.Invalid", "A body is required.")
        ),
    ),
    family_lie(
        "empty-refused",
        "An empty object is refused.",
        "body.empty-object",
        malformed=lambda self, request: (
            self.error(400, "Request.Invalid", "Nothing given.")
            if request.body.strip() == b"{}"
            else FamilyInvites.malformed(self, request)
        ),
    ),
    family_lie(
        "all-or-nothing",
        "A first name without a last name is refused.",
        "body.subsets",
        malformed=lambda self, request: (
            self.error(400, "Request.Invalid", "Give both names.")
            if len({"firstname", "lastname"} & self.members(request).keys()) == 1
            else FamilyInvites.malformed(self, request)
        ),
    ),
    family_lie(
        "email-wanted",
        "Names without an email are refused.",
        "body.subsets",
        malformed=lambda self, request: (
            self.error(400, "Request.Invalid", "Give an email.")
            if "email" not in self.members(request) and self.members(request)
            else FamilyInvites.malformed(self, request)
        ),
    ),
    family_lie(
        "names-forgotten", "Names given once are not known the next time.", "names.remembered", perform=_forgetful
    ),
    family_lie(
        "names-cleared",
        "An invitation without names clears them.",
        "names.remembered",
        remember=lambda self, family, body: FamilyInvites.remember(
            self, family, {"firstname": None, "lastname": None} | body
        ),
    ),
    family_lie(
        "names-set-once",
        "Names are set once and never changed.",
        "200.firstname-as-given 200.lastname-as-given 200.email-as-given 200.non-ascii names.remembered",
        remember=_first_only,
    ),
    family_lie(
        "one-contact", "All families share one contact.", "names.remembered", "histories", remember=_one_contact
    ),
    # Refusals
    family_lie("unknown-invited", "An unknown family is invited.", "404.status", order=("malformed",)),
    family_lie("unknown-400", "An unknown family is answered with 400.", "404.status", after=on(404, status=400)),
    family_lie(
        "unknown-403",
        "An unknown family is answered with 403.",
        "404.status",
        unknown=lambda self, request: (
            None if self.family(request) else self.error(403, "Family.Forbidden", "Not yours.")
        ),
    ),
    family_lie(
        "foreign-invited", "A foreign family is invited.", "403.status", order=("unknown", "malformed", "nobody")
    ),
    family_lie(
        "foreign-404",
        "A foreign family is answered with 404.",
        "403.status",
        forbidden=lambda self, request: (
            FamilyInvites.forbidden(self, request) and self.error(404, "Family.Unknown", "None such.")
        ),
    ),
    family_lie(
        "foreign-401",
        "A foreign family is answered with 401.",
        "403.status statuses.tolerated",
        forbidden=lambda self, request: (
            FamilyInvites.forbidden(self, request) and self.error(401, "Family.Forbidden", "Who?")
        ),
    ),
    *_refused(403, "Not yours."),
    *_refused(404, "No such family."),
    family_lie(
        "foreign-writes",
        "A refused invite of a foreign family changes the caller's own.",
        "403.changes-nothing",
        forbidden=_foreign_writes,
    ),
)
