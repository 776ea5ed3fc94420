"""What the contract seat-offers of the tests declares, and a small world of it, for tests of single parts."""

from typing import Any

from invite_mock.http.service import load_service
from invite_mock.state.invites import Invites
from third_contract.installed import third_contract

with third_contract():
    SERVICE = load_service("seat-offers")

[TEAMS] = SERVICE.contents.kinds
assert SERVICE.contents.invites is not None
OFFERS: Invites[Any] = SERVICE.contents.invites
Terms = OFFERS.terms
OFFERED = "00000000-0000-4000-8000-000000000001"
DEFAULT = f"""
teams:
  - id: 7
    invites: [{{heldBy: eve, id: {OFFERED}}}, {{heldBy: old, sentAgo: P2D}}]
"""
