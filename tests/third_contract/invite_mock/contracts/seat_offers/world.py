"""What seat-offers keeps in a world: teams, each with the offers of its seats."""

from dataclasses import dataclass

from invite_mock.state.clock import DAY
from invite_mock.state.invites import Invites
from invite_mock.state.kind import Kind
from invite_mock.state.life_cycle import Action


@dataclass(frozen=True, slots=True)
class Team:
    """A team that has seats to offer."""

    id: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer says."""

    team: str
    held_by: str
    row: int = 1


TEAMS = Kind("teams", "team", Team)
# /info/description: "An offer is open for 24 hours; it can be cancelled while it is open."
OFFERS = Invites(
    Terms,
    subject=lambda terms: f"{terms.team}/{terms.held_by}",
    life=DAY,
    within=TEAMS,
    moves={"cancel": Action.REVOKE, "take": Action.ACCEPT},
    keeps_expired=True,
)
