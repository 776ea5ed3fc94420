"""What seat-offers answers: the decision table, row by row."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from invite_mock.contracts.seat_offers.world import OFFERS, TEAMS, Terms
from invite_mock.refusal import Refusal
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.life_cycle import Status
from invite_mock.state.members import Uuid
from invite_mock.state.store import Invite

Shown = Literal["open", "taken", "cancelled", "lapsed"]
SHOWN: dict[Status, Shown] = {
    Status.OUTSTANDING: "open",
    Status.ACCEPTED: "taken",
    Status.REVOKED: "cancelled",
    Status.EXPIRED: "lapsed",
}


class Page(NamedTuple):
    """Some of a team's offers, and how many there are."""

    offers: Sequence[Invite]
    number: int
    total: int


def list_offers(
    world: ContractWorld, team_id: int, status: Shown | None, page: int = 1, page_size: int = 20
) -> Page | Refusal:
    """List the offers of a team."""
    if world.get(TEAMS, str(team_id)) is None:
        return Refusal("not_found", f"There is no team {team_id}.")
    found = [one for one in world.invites(f"{team_id}/") if status in {None, SHOWN[world.status(one)]}]
    return Page(found[(page - 1) * page_size : page * page_size], page, len(found))


def create_offer(world: ContractWorld, team_id: int, held_by: str, row: int = 1) -> Invite | Refusal:
    """Offer a seat."""
    if world.get(TEAMS, str(team_id)) is None:
        return Refusal("not_found", f"There is no team {team_id}.")
    offer = OFFERS.new(world, Terms(str(team_id), held_by, row))
    # .../post/responses/409: "The person has an open offer of this team already"
    return offer if OFFERS.add(world, offer) else Refusal("already_offered")


def cancel_offer(world: ContractWorld, team_id: int, offer_id: Uuid) -> Invite | Refusal:
    """Cancel an open offer."""
    offer = world.invite(offer_id)
    # .../responses/404: "There is no such team, or the team has no such offer"
    if offer is None or offer.data["team"] != str(team_id):
        return Refusal("not_found", f"The team {team_id} has no offer {offer_id}.")
    return OFFERS.move(world, offer, "cancel") or Refusal("not_open", f"The offer is {SHOWN[world.status(offer)]}.")
