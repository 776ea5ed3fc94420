"""The contract client-invites, served."""

from pathlib import Path

from invite_specs import YamlFile

from invite_mock.contracts.client_invites import rules, wire
from invite_mock.contracts.client_invites.problems import PROBLEMS, malformed
from invite_mock.contracts.client_invites.world import CLIENTS, INVITES, MEMBERS
from invite_mock.http.problems import Refusals, problem_details
from invite_mock.http.service import Service
from invite_mock.state.contents import Contents

service = Service(
    rules=rules,
    wire=wire,
    refusals=Refusals(PROBLEMS, problem_details),
    contents=Contents((CLIENTS, MEMBERS), INVITES, YamlFile(Path(__file__).with_name("world.yaml")), wire.invite),
    malformed=malformed,
    echo={"createClientInvite": {"clientId": "clientId"}},
)
