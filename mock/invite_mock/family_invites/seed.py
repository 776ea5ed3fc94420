"""What family-invites keeps in a world document: companies, and families with their invitations."""

from collections.abc import Mapping
from pathlib import Path

from invite_specs import Document, YamlFile

from invite_mock import clock
from invite_mock.family_invites import rules
from invite_mock.invite_document import invite_from, invite_to
from invite_mock.life_cycle import Status
from invite_mock.service import Sample
from invite_mock.store import Invite
from invite_mock.world import World
from invite_mock.world_document import WorldDocumentError

_HERE = Path(__file__).parent
SCHEMA: Mapping[str, Document] = YamlFile(_HERE / "world.schema.yaml").data
_WORLD = YamlFile(_HERE / "world.yaml")
DEFAULT: Mapping[str, Document] = _WORLD.data
TEXT = _WORLD.text


def populate(world: World, document: Document) -> None:
    """Fill a new world. Raises WorldDocumentError if two things in the document cannot both be."""
    store = world.store
    for number, company in enumerate(document.get("companies", [])):
        where = f"/companies/{number}"
        if store.get(world.name, "company", company["id"]) is not None:
            raise WorldDocumentError(where, f"the company {company['id']} is given twice")
        if company.get("anonymous") and rules.caller_company(world) is not None:
            raise WorldDocumentError(where, "only one company can be the anonymous caller's")
        entity = {"id": company["id"], "anonymous": company.get("anonymous", False)}
        store.put(world.name, "company", company["id"], entity)
    for number, family in enumerate(document.get("families", [])):
        _populate_family(world, f"/families/{number}", family)


def _populate_family(world: World, where: str, family: Document) -> None:
    store = world.store
    if store.get(world.name, "family", family["id"]) is not None:
        raise WorldDocumentError(where, f"the family {family['id']} is given twice")
    if store.get(world.name, "company", family["company"]) is None:
        raise WorldDocumentError(where, f"there is no company {family['company']}; add it to `companies`")
    entity = {"id": family["id"], "company": family["company"], "contact": family.get("contact", {})}
    store.put(world.name, "family", family["id"], entity)
    for number, given in enumerate(family.get("invites", [])):
        here = f"{where}/invites/{number}"
        invite = invite_from(
            given,
            world,
            here,
            contract=rules.CONTRACT,
            subject=family["id"],
            life=rules.LIFE,
            invite_id=given.get("id", f"lnk_{family['id']}_{number}"),
            data={
                "companyId": family["company"],
                "entityId": family["id"],
                "firstname": given.get("firstname"),
                "lastname": given.get("lastname"),
            },
        )
        if invite.status is not Status.OUTSTANDING:
            store.put_invite(world.name, invite)
        elif not store.add_invite(world.name, invite, unless=None, replace=False):
            raise WorldDocumentError(here, "the family has another outstanding invitation")


def export(world: World) -> Mapping[str, Document]:
    """The members of the world document that make a world such as this one is now."""
    invites = world.store.invites(world.name, rules.CONTRACT)
    return {
        "companies": list(world.store.entities(world.name, "company")),
        "families": [
            {
                **family,
                "invites": [
                    {**invite_to(invite), "firstname": invite.data["firstname"], "lastname": invite.data["lastname"]}
                    for invite in invites
                    if invite.subject == family["id"]
                ],
            }
            for family in world.store.entities(world.name, "family")
        ],
    }


def describe(invite: Invite) -> dict[str, Document]:
    """An invitation as the page's 200 response has it."""
    return {
        "id": invite.id,
        "type": "family_invitation",
        "companyId": invite.data["companyId"],
        "entityId": invite.data["entityId"],
        "email": invite.email,
        "firstname": invite.data["firstname"],
        "lastname": invite.data["lastname"],
        "expiresAt": clock.to_text(invite.expires_at),
    }


def sample(document: Document) -> Sample | None:
    """An invitation of the first family of the anonymous caller's company."""
    own = {company["id"] for company in document.get("companies", []) if company.get("anonymous")}
    family = next((family for family in document.get("families", []) if family["company"] in own), None)
    if family is None:
        return None
    body = {"firstname": "Harry", "lastname": "Potter", "email": "harry@family.example"}
    return Sample(parameters={"id": family["id"]}, credentials={}, body=body)
