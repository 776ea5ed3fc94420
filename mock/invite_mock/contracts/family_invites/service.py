"""The Service of family-invites, and what its world documents offer to a caller."""

from invite_specs import Document

from invite_mock.contracts.family_invites import wire, world
from invite_mock.contracts.family_invites.operations import INVITE_FAMILY
from invite_mock.contracts.family_invites.problems import PROBLEMS
from invite_mock.http.problems import Refusals
from invite_mock.http.service import Sample, Service

_OPERATION = "inviteFamily"


def _sample(document: Document) -> Sample | None:
    """An invitation of the first family of the anonymous caller's company."""
    own = {company["id"] for company in document.get("companies", []) if company.get("anonymous")}
    family = next((family for family in document.get("families", []) if family["company"] in own), None)
    if family is None:
        return None
    return Sample(
        operation=_OPERATION,
        parameters={"id": family["id"]},
        credentials={},
        body={"firstname": "Harry", "lastname": "Potter", "email": "harry@family.example"},
    )


service = Service(
    handlers={_OPERATION: INVITE_FAMILY},
    refusals=Refusals(PROBLEMS, wire.error),
    contents=world.CONTENTS,
    sample=_sample,
)
