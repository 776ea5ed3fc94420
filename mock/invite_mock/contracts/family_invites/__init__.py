"""The contract family-invites, served."""

from invite_mock.contracts.family_invites import rules, wire
from invite_mock.contracts.family_invites.problems import PROBLEMS
from invite_mock.contracts.family_invites.world import COMPANIES, FAMILIES, INVITES
from invite_mock.http.problems import Refusals
from invite_mock.http.service import Service
from invite_mock.state.contents import Contents, world_beside

service = Service(
    rules=rules,
    wire=wire,
    refusals=Refusals(PROBLEMS, wire.error),
    contents=Contents((COMPANIES, FAMILIES), INVITES, world_beside(__file__), wire.invite_family),
    echo={"inviteFamily": {"entityId": "id"}},
)
