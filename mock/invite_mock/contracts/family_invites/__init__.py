"""The contract family-invites, served."""

from pathlib import Path

from invite_specs import YamlFile

from invite_mock.contracts.family_invites import rules, wire
from invite_mock.contracts.family_invites.problems import PROBLEMS
from invite_mock.contracts.family_invites.world import COMPANIES, FAMILIES, INVITES
from invite_mock.http.problems import Refusals
from invite_mock.http.service import Service
from invite_mock.state.contents import Contents

service = Service(
    rules=rules,
    wire=wire,
    refusals=Refusals(PROBLEMS, wire.error),
    contents=Contents(
        (COMPANIES, FAMILIES), INVITES, YamlFile(Path(__file__).with_name("world.yaml")), wire.invite_family
    ),
    echo={"inviteFamily": {"entityId": "id"}},
)
