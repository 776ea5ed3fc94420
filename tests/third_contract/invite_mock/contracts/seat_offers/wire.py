"""The wire shapes of seat-offers."""

from invite_mock.contracts.seat_offers.rules import SHOWN, Page
from invite_mock.http.messages import Answer
from invite_mock.state import clock
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.store import Invite
from invite_specs import Json


def list_offers(world: ContractWorld, page: Page) -> dict[str, Json]:
    """One page of offers."""
    return {"offers": [offer(world, one) for one in page.offers], "page": page.number, "total": page.total}


def create_offer(world: ContractWorld, created: Invite) -> Answer:
    """Offer, with its path."""
    location = f"{world.prefix}/teams/{created.data['team']}/offers/{created.id}"
    return Answer(201, offer(world, created), headers={"Location": location})


def offer(world: ContractWorld, one: Invite) -> dict[str, Json]:
    """Offer."""
    return {
        "id": one.id,
        "heldBy": one.data["held_by"],
        "row": one.data["row"],
        "status": SHOWN[world.status(one)],
        "createdAt": clock.to_text(one.created_at),
        "lapsesAt": clock.to_text(one.expires_at),
    }
