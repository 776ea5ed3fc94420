"""Faults in the response to an invite of family-invites that succeeds."""

import html
import time
from collections.abc import Callable
from unicodedata import normalize

from conformance.faulty.fault import Body, family_fault, on, put
from conformance.listener import Answer, Request
from conformance.reference_families import FamilyInvites


def _names(change: Callable[[str], str], *members: str) -> Body:
    """Both names, or the members given, after a change."""
    members = members or ("firstname", "lastname")
    return put(**{member: lambda body, member=member: body[member] and change(body[member]) for member in members})


def _taken_over(*members: str) -> Body:
    """The members of the request that the request should not have."""
    return lambda self, body, request: (
        body | {name: value for name, value in self.members(request).items() if name in members}
    )


def _without_recipient(email: str | None) -> Callable[[FamilyInvites, Request], Answer]:
    """A family of which no email is known is invited all the same."""

    def perform(self: FamilyInvites, request: Request) -> Answer:
        family = self.family(request)
        assert family is not None
        self.remember(family, self.members(request))
        return Answer(200, self.invitation(family) | {"email": family.email or email}, self.media_type)

    return perform


def _answered_before_set(self: FamilyInvites, request: Request) -> Answer:
    """The answer has the contact as it was, but for an email of which none was known."""
    family = self.family(request)
    assert family is not None
    family.email = family.email or self.members(request)["email"]
    document = self.invitation(family)
    self.remember(family, self.members(request))
    return Answer(200, document, self.media_type)


FAULTS = (
    # Status, media type and each member
    family_fault(
        "status-201",
        "An invitation is answered with 201.",
        "200.status inviteFamily.statuses.documented",
        after=on(200, status=201),
    ),
    family_fault(
        "status-204",
        "An invitation is answered with 204 and no body.",
        "200.status inviteFamily.statuses.documented",
        after=on(200, status=204, document=None, media_type=None),
    ),
    family_fault("untyped", "A 200 has no Content-Type.", "inviteFamily.200.media-type", media_type=None),
    family_fault(
        "as-hal", "A 200 is application/hal+json.", "inviteFamily.200.media-type", media_type="application/hal+json"
    ),
    family_fault(
        "numbered-id",
        "An invitation's id is a number.",
        "inviteFamily.200.id",
        success=put(id=lambda _: time.time_ns()),
    ),
    family_fault(
        "type-guest",
        "An invitation has an unknown type.",
        "inviteFamily.200.type",
        success=put(type="guest_invitation"),
    ),
    family_fault(
        "type-in-capitals",
        "An invitation's type is in capitals.",
        "inviteFamily.200.type",
        success=put(type="FAMILY_INVITATION"),
    ),
    family_fault(
        "lastname-list", "The last name is a list.", "inviteFamily.200.lastname", success=put(lastname=["One"])
    ),
    family_fault(
        "expiry-in-seconds",
        "The expiry is a number.",
        "inviteFamily.200.expiresAt",
        success=put(expiresAt=lambda _: int(time.time())),
    ),
    family_fault(
        "expiry-without-offset",
        "The expiry has no offset.",
        "inviteFamily.200.expiresAt",
        success=put(expiresAt=lambda body: body["expiresAt"].rstrip("Z")),
    ),
    family_fault(
        "expiry-empty", "The expiry is an empty string.", "inviteFamily.200.expiresAt", success=put(expiresAt="")
    ),
    family_fault(
        "expired-yesterday",
        "An invitation expired yesterday.",
        "200.not-expired",
        lives=-FamilyInvites.lives / 14,
    ),
    family_fault(
        "expiry-zero",
        "The expiry is the zero of the server's language.",
        "200.not-expired",
        success=put(expiresAt="0001-01-01T00:00:00Z"),
    ),
    # Members that the request should not have
    *(
        family_fault(
            f"takes-{member.lower()}",
            f"{member} is taken over from the request.",
            "200.own-members",
            success=_taken_over(member),
        )
        for member in ("id", "type", "companyId", "entityId", "expiresAt")
    ),
    # A family of which no email is known
    family_fault(
        "no-recipient-null",
        "A family without an email is invited, and the email answered is null.",
        "200.recipient inviteFamily.200.email",
        nobody=lambda _self, _request: None,
        perform=_without_recipient(None),
    ),
    family_fault(
        "no-recipient-empty",
        "A family without an email is invited, and the email answered is empty.",
        "200.recipient",
        nobody=lambda _self, _request: None,
        perform=_without_recipient(""),
    ),
    *(
        family_fault(
            f"names-as-{word.lower()}",
            f"A name that is not known is answered as the text {word}.",
            "names.unknown",
            success=put(
                **{
                    name: lambda body, name=name, word=word: word if body[name] is None else body[name]
                    for name in names
                }
            ),
        )
        for word, names in (("null", ("firstname", "lastname")), ("None", ("lastname",)))
    ),
    # The response beside the request
    family_fault(
        "email-of-school",
        "The email answered is the school's.",
        "200.email-as-given",
        success=put(email="school@families.example"),
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
        "200.names-as-given 200.non-ascii",
        success=put(firstname="Ona"),
    ),
    family_fault(
        "firstname-initial",
        "The first name is cut to its initial.",
        "200.names-as-given 200.non-ascii",
        success=_names(lambda name: name[:1], "firstname"),
    ),
    family_fault(
        "lastname-in-capitals",
        "The last name is answered in capitals.",
        "200.names-as-given 200.non-ascii",
        success=_names(str.upper, "lastname"),
    ),
    family_fault(
        "capitalized-names",
        "A name has a capital at its beginning only: Mcgonagall.",
        "200.names-as-given 200.non-ascii",
        success=_names(str.capitalize),
    ),
    family_fault(
        "escaped-names",
        "Names are escaped for HTML.",
        "200.names-as-given",
        success=_names(html.escape),
    ),
    family_fault(
        "doubled-quotes",
        "An apostrophe in a name is doubled, as in SQL.",
        "200.names-as-given",
        success=_names(lambda name: name.replace("'", "''")),
    ),
    family_fault(
        "first-word",
        "Of a first name of several words only the first is answered.",
        "200.names-as-given 200.non-ascii",
        success=_names(lambda name: name.split(" ")[0], "firstname"),
    ),
    family_fault(
        "names-swapped",
        "First and last name change places.",
        "200.names-as-given 200.non-ascii",
        success=lambda _self, body, _request: body | {"firstname": body["lastname"], "lastname": body["firstname"]},
    ),
    family_fault(
        "old-contact",
        "A 200 has the contact that was known before the request.",
        "200.email-as-given 200.names-as-given 200.non-ascii",
        perform=_answered_before_set,
    ),
    family_fault(
        "ascii-names",
        "What is not ASCII in a name becomes a question mark.",
        "200.non-ascii",
        success=_names(lambda name: name.encode("ascii", "replace").decode(), "firstname"),
    ),
    family_fault(
        "misread-names",
        "Names are read as Latin-1.",
        "200.non-ascii",
        success=_names(lambda name: name.encode().decode("latin-1")),
    ),
    family_fault(
        "dropped-accents",
        "Names lose their accents.",
        "200.non-ascii",
        success=_names(lambda name: "".join(c for c in name if c.isascii() or ord(c) > 0x24F), "lastname"),
    ),
    family_fault(
        "compatible-names",
        "Names are normalized to Unicode NFKC.",
        "200.compatibility-characters",
        success=_names(lambda name: normalize("NFKC", name)),
    ),
    family_fault(
        "entity-is-staff",
        "The entity is a member of the staff.",
        "200.entity-is-family",
        success=put(entityId="stf_123123123"),
    ),
    family_fault(
        "one-id", "Every family's invitation has the same id.", "id.unique", success=put(id="lnk_123123123123")
    ),
)
