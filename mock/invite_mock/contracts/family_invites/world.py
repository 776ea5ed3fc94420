"""family-invites in a world document: companies, and families with their invitations."""

from collections.abc import Mapping
from pathlib import Path

from invite_specs import Document, Json, YamlFile

from invite_mock.contracts.family_invites import rules, wire
from invite_mock.contracts.family_invites.entities import COMPANIES, FAMILIES, Company, Family
from invite_mock.state.contents import Contents, WorldDocumentError
from invite_mock.state.invite_entry import invite_from, invite_to
from invite_mock.state.life_cycle import Status
from invite_mock.state.store import Invite
from invite_mock.state.world import World

_CONTACT = ("firstname", "lastname", "email")


def _populate(world: World, document: Document) -> None:
    store = world.store
    for number, company in enumerate(document.get("companies", [])):
        where = f"/companies/{number}"
        if store.get(world.name, COMPANIES, company["id"]) is not None:
            raise WorldDocumentError(where, f"the company {company['id']} is given twice")
        if company.get("anonymous") and rules.caller_company(world) is not None:
            raise WorldDocumentError(where, "only one company can be the anonymous caller's")
        store.put(world.name, COMPANIES, company["id"], Company(company["id"], company.get("anonymous", False)))
    for number, family in enumerate(document.get("families", [])):
        where = f"/families/{number}"
        if store.get(world.name, FAMILIES, family["id"]) is not None:
            raise WorldDocumentError(where, f"the family {family['id']} is given twice")
        if store.get(world.name, COMPANIES, family["company"]) is None:
            raise WorldDocumentError(where, f"there is no company {family['company']}; add it to `companies`")
        contact = family.get("contact", {})
        stored = Family(family["id"], family["company"], *(contact.get(name) for name in _CONTACT))
        store.put(world.name, FAMILIES, family["id"], stored)
        _populate_invites(world, f"{where}/invites", stored, family.get("invites", []))


def _populate_invites(world: World, where: str, family: Family, invites: Document) -> None:
    for number, entry in enumerate(invites):
        here = f"{where}/{number}"
        invite = invite_from(
            entry,
            world,
            here,
            contract=rules.CONTRACT,
            subject=family.id,
            life=rules.LIFE,
            invite_id=entry.get("id", f"lnk_{family.id}_{number}"),
            data={
                "companyId": family.company,
                "entityId": family.id,
                "firstname": entry.get("firstname"),
                "lastname": entry.get("lastname"),
            },
        )
        if invite.status is not Status.OUTSTANDING:
            world.store.put_invite(world.name, invite)
        elif not world.store.add_invite(world.name, invite, unless=None, replace=False):
            raise WorldDocumentError(here, "the family has another outstanding invitation")


def _export(world: World) -> Mapping[str, Json]:
    invites = world.store.invites(world.name, rules.CONTRACT)
    return {
        "companies": [
            {"id": company.id, "anonymous": company.anonymous}
            for company in world.store.entities(world.name, COMPANIES)
        ],
        "families": [
            {
                "id": family.id,
                "company": family.company,
                "contact": {name: value for name in _CONTACT if (value := getattr(family, name)) is not None},
                "invites": [_invite_entry(one) for one in invites if one.subject == family.id],
            }
            for family in world.store.entities(world.name, FAMILIES)
        ],
    }


def _invite_entry(invite: Invite) -> dict[str, Json]:
    return {**invite_to(invite), "firstname": invite.data["firstname"], "lastname": invite.data["lastname"]}


_HERE = Path(__file__).parent
CONTENTS = Contents(
    schema=YamlFile(_HERE / "world.schema.yaml").data,
    default=YamlFile(_HERE / "world.yaml"),
    populate=_populate,
    export=_export,
    describe=wire.invitation,
)
