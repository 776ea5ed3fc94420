"""Who may invite which family: the decision table of family-invites, row by row."""

from dataclasses import replace

from invite_mock.contracts.family_invites.world import COMPANIES, FAMILIES, INVITES, Company, Terms
from invite_mock.refusal import Refusal
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.store import Invite


def invite_family(
    world: ContractWorld, id_: str, firstname: str | None, lastname: str | None, email: str | None
) -> Invite | Refusal:
    """Set what is given on the family's primary contact, and invite it."""
    family = world.get(FAMILIES, id_)
    # /paths/~1v1~1families~1{id}~1invite/post/responses/404: "Not found"
    if family is None:
        return Refusal("Family.NotFound")
    # .../responses/403: "Not authorized"
    company = world.find(COMPANIES, "anonymous", str(True))
    if company is None or family.company != company.id:
        return Refusal("Family.Forbidden", _forbidden(company))
    # .../requestBody: "First name of the Primary Contact to set on the Family", and likewise for the others
    given = {"firstname": firstname, "lastname": lastname, "email": email}
    contact = replace(family.contact, **{name: value for name, value in given.items() if value is not None})
    # .../responses/200: "email string Required"; the assumption `no-email-is-400`
    if contact.email is None:
        return Refusal("Family.NoEmail")
    world.put(FAMILIES, replace(family, contact=contact))
    invite = INVITES.new(world, Terms(family.id, contact.email, contact.firstname, contact.lastname))
    # The assumption `latest-invitation-only`: no answer of the page is a conflict.
    INVITES.add(world, invite, replace=True)
    return invite


def _forbidden(company: Company | None) -> str:
    if company is None:
        return "Not authorized: the caller acts for no company, since none of the world is marked as `anonymous`."
    return f"Not authorized: the family belongs to another company than the caller, who acts for {company.id}."
