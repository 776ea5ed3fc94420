"""A contract that exists in tests only: teams, each with seats that are offered to people without an email."""

from dataclasses import dataclass

from invite_mock.state.clock import DAY
from invite_mock.state.invites import Invites
from invite_mock.state.kind import Kind
from invite_mock.state.life_cycle import Action
from invite_mock.state.members import UUIDS

OFFERED = "00000000-0000-4000-8000-000000000001"
DEFAULT = f"""
teams:
  - id: 7
    invites: [{{heldBy: eve, id: {OFFERED}}}, {{heldBy: old, sentAgo: P2D}}]
"""


@dataclass(frozen=True, slots=True)
class Team:
    """A team."""

    id: int


@dataclass(frozen=True, slots=True)
class Terms:
    """A seat in a team."""

    team: str
    held_by: str
    row: int = 1


def team_key(team: Team) -> str:
    return str(team.id)


TEAMS = Kind("teams", "team", Team, key=team_key)
SEATS = Invites(
    Terms,
    subject=lambda terms: f"{terms.team}/{terms.held_by}",
    life=DAY,
    ids=UUIDS,
    within=TEAMS,
    moves={"cancel": Action.REVOKE},
)
