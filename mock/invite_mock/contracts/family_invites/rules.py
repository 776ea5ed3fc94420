"""Who may invite which family: the decision table of family-invites, row by row, without HTTP or SQL."""

import string
from collections.abc import Mapping
from dataclasses import replace

from invite_mock.contracts.family_invites.entities import COMPANIES, FAMILIES
from invite_mock.refusal import Refusal
from invite_mock.state.clock import DAY
from invite_mock.state.store import Invite
from invite_mock.state.world import World

CONTRACT = "family-invites"
LIFE = 14 * DAY
"""How long an invitation is outstanding, in microseconds (the assumption `fourteen-days`)."""
_ALPHABET = string.ascii_lowercase + string.digits


def invite(world: World, family_id: str, given: Mapping[str, str]) -> Invite | Refusal:
    """Set what is given (firstname, lastname, email) on the family's primary contact, and invite it."""
    store = world.store
    family = store.get(world.name, FAMILIES, family_id)
    # /paths/~1v1~1families~1{id}~1invite/post/responses/404: "Not found"
    if family is None:
        return Refusal("Family.NotFound")
    # .../responses/403: "Not authorized"
    company = caller_company(world)
    if family.company != company:
        return Refusal("Family.Forbidden", _forbidden(company))
    # .../requestBody: "First name of the Primary Contact to set on the Family", and likewise for the others
    family = replace(family, **given)
    # .../responses/200: "email string Required"; the assumption `no-email-is-400`
    if family.email is None:
        return Refusal("Family.NoEmail")
    store.put(world.name, FAMILIES, family_id, family)
    now = world.now()
    generator = world.generator(CONTRACT)
    new = Invite(
        id="lnk_" + "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in generator.draw("invite", 12)),
        contract=CONTRACT,
        subject=family_id,
        email=family.email,
        created_at=now,
        expires_at=now + LIFE,
        data={
            "companyId": company,
            "entityId": family_id,
            "firstname": family.firstname,
            "lastname": family.lastname,
        },
    )
    # The assumption `latest-invitation-only`: no answer of the page is a conflict.
    store.add_invite(world.name, new, unless=None, replace=True)
    generator.advance()
    return new


def caller_company(world: World) -> str | None:
    """The company that a caller without credentials acts for (the assumption `anonymous-company`)."""
    return next((company.id for company in world.store.entities(world.name, COMPANIES) if company.anonymous), None)


def _forbidden(company: str | None) -> str:
    if company is None:
        return "Not authorized: the caller acts for no company, since none of the world is marked as `anonymous`."
    return f"Not authorized: the family belongs to another company than the caller, who acts for {company}."
