"""Lies about the answer to an invitation of family-invites that succeeds."""

import time

from conformance.honest_families import FamilyInvites
from conformance.liars.lie import drop, family_lie, on, put

_REQUIRED = {
    "id": "id",
    "type": "type",
    "companyId": "company-id",
    "entityId": "entity-id",
    "email": "email",
    "firstname": "firstname",
    "lastname": "lastname",
}


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
        "200.firstname-as-given 200.non-ascii",
        success=put(firstname="Ona"),
    ),
    family_lie(
        "firstname-initial",
        "The first name is cut to its initial.",
        "200.firstname-as-given 200.non-ascii",
        success=put(firstname=lambda body: body["firstname"] and body["firstname"][:1]),
    ),
    family_lie(
        "lastname-in-capitals",
        "The last name is answered in capitals.",
        "200.lastname-as-given 200.non-ascii",
        success=put(lastname=lambda body: body["lastname"] and body["lastname"].upper()),
    ),
    family_lie(
        "names-swapped",
        "First and last name change places.",
        "200.firstname-as-given 200.lastname-as-given 200.non-ascii",
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
)
