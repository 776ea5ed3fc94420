"""The calls of seat-offers."""

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import valid_call
from invite_specs import Json

UNKNOWN_TEAM = 2_147_483_647
"""No team has the largest number of 32 bits."""


@valid_call("createOffer")
def create(context: CheckContext, team: int = 0, **members: Json) -> Call:
    """An offer of row 2 to a new person, with other members where they are given; None leaves one out."""
    body = {"heldBy": context.fresh_email("seat"), "row": 2} | members
    body = {name: value for name, value in body.items() if value is not None}
    return context.call("createOffer", path={"teamId": team or context.states.get("team")}, body=body)


@valid_call("listOffers")
def list_offers(context: CheckContext, team: int = 0, **query: object) -> Call:
    """A list of the team's offers."""
    return context.call("listOffers", path={"teamId": team or context.states.get("team")}, query=query)


@valid_call("cancelOffer")
def cancel(context: CheckContext, offer: Exchange | None = None, team: int = 0, offer_id: str = "") -> Call:
    """A cancel of an offer that was just made, or of the one that a 201 shows."""
    offer = offer or context.needed(create(context), 201)
    path = {"teamId": team or context.states.get("team"), "offerId": offer_id or context.member(offer, "id")}
    return context.call("cancelOffer", offer, path=path)


def total(context: CheckContext, *after: Exchange) -> int:
    """How many offers the team has, as a list says."""
    return int(context.member(context.needed(list_offers(context), 200, *after), "total"))
