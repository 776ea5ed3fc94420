"""Lies about the answer to an invitation of family-invites that succeeds."""

import time

from conformance.faulty.fault import drop, family_fault, on, put
from conformance.reference_families import FamilyInvites

_REQUIRED = {
    "id": "id",
    "type": "type",
    "companyId": "company-id",
    "entityId": "entity-id",
    "email": "email",
    "firstname": "firstname",
    "lastname": "lastname",
}


FAULTS = (
    # Status, media type and each member
    family_fault(
        "status-201", "An invitation is answered with 201.", "200.status statuses.documented", after=on(200, status=201)
    ),
    family_fault(
        "status-204",
        "An invitation is answered with 204 and no body.",
        "200.status statuses.documented",
        after=on(200, status=204, document=None, media_type=None),
    ),
    family_fault("as-text", "A 200 is text/plain.", "200.media-type", media_type="text/plain"),
    family_fault("untyped", "A 200 has no Content-Type.", "200.media-type", media_type=None),
    family_fault("as-hal", "A 200 is application/hal+json.", "200.media-type", media_type="application/hal+json"),
    *(
        family_fault(f"no-{slug}", f"A 200 has no {member}.", f"200.{slug}", success=drop(member))
        for member, slug in _REQUIRED.items()
    ),
    *(
        family_fault(f"null-{slug}", f"A 200's {member} is null.", f"200.{slug}", success=put(**{member: None}))
        for member, slug in _REQUIRED.items()
        if member not in {"firstname", "lastname"}
    ),
    family_fault("numbered-id", "An invitation's id is a number.", "200.id", success=put(id=lambda _: time.time_ns())),
    family_fault("numbered-company", "A company's id is a number.", "200.company-id", success=put(companyId=1)),
    family_fault("type-guest", "An invitation has an unknown type.", "200.type", success=put(type="guest_invitation")),
    family_fault(
        "type-in-capitals", "An invitation's type is in capitals.", "200.type", success=put(type="FAMILY_INVITATION")
    ),
    family_fault(
        "name-in-object", "The first name is an object.", "200.firstname", success=put(firstname={"given": "Ona"})
    ),
    family_fault("lastname-list", "The last name is a list.", "200.lastname", success=put(lastname=["One"])),
    family_fault(
        "expiry-in-seconds",
        "The expiry is a number.",
        "200.expires-at",
        success=put(expiresAt=lambda _: int(time.time())),
    ),
    family_fault(
        "expiry-without-offset",
        "The expiry has no offset.",
        "200.expires-at",
        success=put(expiresAt=lambda body: body["expiresAt"].rstrip("Z")),
    ),
    family_fault("expiry-empty", "The expiry is an empty string.", "200.expires-at", success=put(expiresAt="")),
    # The answer beside the request
    family_fault(
        "email-of-school",
        "The email answered is the school's.",
        "200.email-as-given",
        success=put(email="school@honest.example"),
    ),
    family_fault(
        "email-never-set",
        "The email given is ignored.",
        "200.email-as-given",
        remember=lambda self, family, body: FamilyInvites.remember(
            self, family, body if family.email is None else {k: v for k, v in body.items() if k != "email"}
        ),
    ),
    family_fault(
        "firstname-fixed",
        "The first name is always Ona.",
        "200.firstname-as-given 200.non-ascii",
        success=put(firstname="Ona"),
    ),
    family_fault(
        "firstname-initial",
        "The first name is cut to its initial.",
        "200.firstname-as-given 200.non-ascii",
        success=put(firstname=lambda body: body["firstname"] and body["firstname"][:1]),
    ),
    family_fault(
        "lastname-in-capitals",
        "The last name is answered in capitals.",
        "200.lastname-as-given 200.non-ascii",
        success=put(lastname=lambda body: body["lastname"] and body["lastname"].upper()),
    ),
    family_fault(
        "names-swapped",
        "First and last name change places.",
        "200.firstname-as-given 200.lastname-as-given 200.non-ascii",
        success=lambda _self, body, _request: body | {"firstname": body["lastname"], "lastname": body["firstname"]},
    ),
    family_fault(
        "ascii-names",
        "What is not ASCII in a name becomes a question mark.",
        "200.non-ascii",
        success=put(firstname=lambda body: body["firstname"] and body["firstname"].encode("ascii", "replace").decode()),
    ),
    family_fault(
        "misread-names",
        "Names are read as Latin-1.",
        "200.non-ascii",
        success=lambda _self, body, _request: (
            body | {name: body[name] and body[name].encode().decode("latin-1") for name in ("firstname", "lastname")}
        ),
    ),
    family_fault(
        "decomposed-names",
        "Names lose their accents.",
        "200.non-ascii",
        success=put(
            lastname=lambda body: (
                body["lastname"] and "".join(c for c in body["lastname"] if c.isascii() or ord(c) > 0x24F)
            )
        ),
    ),
    family_fault(
        "entity-is-staff",
        "The entity is a member of the staff.",
        "200.entity-is-family",
        success=put(entityId="stf_123123123"),
    ),
    family_fault(
        "one-id", "Every family's invitation has the same id.", "200.id-differs", success=put(id="lnk_123123123123")
    ),
)
