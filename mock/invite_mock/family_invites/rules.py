"""Who may invite which family: the decision table of family-invites, in its order, without HTTP or SQL."""

import string

from invite_specs import Document

from invite_mock.clock import DAY
from invite_mock.message import Refusal
from invite_mock.store import Invite
from invite_mock.world import World

CONTRACT = "family-invites"
LIFE = 14 * DAY
"""How long an invitation is outstanding, in microseconds (the assumption `fourteen-days`)."""
_ALPHABET = string.ascii_lowercase + string.digits


def invite(world: World, family_id: str, given: Document) -> Invite | Refusal:
    """Set what is given (a mapping of firstname, lastname, email) on the family's primary contact, and invite it."""
    store = world.store
    family = store.get(world.name, "family", family_id)
    # /paths/~1v1~1families~1{id}~1invite/post/responses/404: "Not found"
    if family is None:
        return Refusal(404, "Family.NotFound", "Not found: there is no such family.", "Use the id of one that exists.")
    # .../responses/403: "Not authorized"
    company = caller_company(world)
    if family["company"] != company:
        return Refusal(
            403,
            "Family.Forbidden",
            "Not authorized: the family belongs to another company than the caller.",
            f"Invite a family of {company}." if company else "Mark a company of the world as `anonymous`.",
        )
    # .../requestBody: "First name of the Primary Contact to set on the Family", and likewise for the others
    contact = family["contact"] | {name: given[name] for name in ("firstname", "lastname", "email") if name in given}
    # .../responses/200: "email string Required"; the assumption `no-email-is-400`
    if "email" not in contact:
        return Refusal(
            400,
            "Family.NoEmail",
            "No email is given, and none is known for the primary contact of this family.",
            "Send one as `email`.",
        )
    store.put(world.name, "family", family_id, family | {"contact": contact})
    now = world.now()
    new = Invite(
        id="lnk_" + "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in world.draw("invite", 12)),
        contract=CONTRACT,
        subject=family_id,
        email=contact["email"],
        created_at=now,
        expires_at=now + LIFE,
        data={
            "companyId": company,
            "entityId": family_id,
            "firstname": contact.get("firstname"),
            "lastname": contact.get("lastname"),
        },
    )
    # The assumption `latest-invitation-only`: no answer of the page is a conflict.
    store.add_invite(world.name, new, unless=None, replace=True)
    world.made_one()
    return new


def caller_company(world: World) -> str | None:
    """The company that a caller without credentials acts for (the assumption `anonymous-company`)."""
    companies = world.store.entities(world.name, "company")
    return next((company["id"] for company in companies if company["anonymous"]), None)
