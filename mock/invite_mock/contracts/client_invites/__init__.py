"""The contract client-invites, served."""

from invite_mock.contracts.client_invites import rules, wire
from invite_mock.contracts.client_invites.problems import PROBLEMS, malformed
from invite_mock.contracts.client_invites.world import CLIENTS, INVITES, MEMBERS
from invite_mock.http.problems import Refusals, problem_details
from invite_mock.http.service import Service
from invite_mock.state.contents import Contents, world_beside

service = Service(
    rules=rules,
    wire=wire,
    refusals=Refusals(PROBLEMS, problem_details),
    contents=Contents((CLIENTS, MEMBERS), INVITES, world_beside(__file__), wire.invite),
    malformed=malformed,
    echo={"createClientInvite": {"clientId": "clientId"}},
)
