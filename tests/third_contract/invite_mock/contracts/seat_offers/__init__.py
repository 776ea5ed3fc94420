"""The contract seat-offers, served."""

from invite_mock.contracts.seat_offers import rules
from invite_mock.contracts.seat_offers.world import KINDS
from invite_mock.http.problems import Refusals
from invite_mock.http.service import Service
from invite_mock.state.contents import Contents, world_beside

service = Service(rules=rules, refusals=Refusals({}), contents=Contents(KINDS, None, world_beside(__file__)))
