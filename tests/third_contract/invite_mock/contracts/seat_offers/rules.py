"""What seat-offers answers: a rule for each operation."""

# ruff: noqa: ARG001  # a stub does not use its arguments; remove this line with the last one

from typing import Literal

from invite_mock.refusal import AS_DOCUMENTED, AsDocumented
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.members import Uuid


def list_offers(
    world: ContractWorld,
    team_id: int,
    status: Literal["open", "taken", "cancelled", "lapsed"] | None,
    page: int = 1,
    page_size: int = 20,
) -> AsDocumented:
    """List the offers of a team."""
    return AS_DOCUMENTED


def create_offer(world: ContractWorld, team_id: int, held_by: str, row: int = 1) -> AsDocumented:
    """Offer a seat."""
    return AS_DOCUMENTED


def cancel_offer(world: ContractWorld, team_id: int, offer_id: Uuid) -> AsDocumented:
    """Cancel an open offer."""
    return AS_DOCUMENTED
