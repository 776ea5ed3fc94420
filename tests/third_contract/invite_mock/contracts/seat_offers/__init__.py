"""The contract seat-offers, served."""

from invite_mock.contracts.seat_offers import rules, wire
from invite_mock.contracts.seat_offers.problems import PROBLEMS
from invite_mock.contracts.seat_offers.world import OFFERS, TEAMS
from invite_mock.http.problems import Refusals
from invite_mock.http.service import Service
from invite_mock.state.contents import Contents, world_beside

service = Service(
    rules=rules,
    refusals=Refusals(PROBLEMS),
    contents=Contents((TEAMS,), OFFERS, world_beside(__file__), wire.offer),
    wire=wire,
)
