"""What only the prose of seat-offers says: who is offered a seat, what becomes of offers, and how they are listed."""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

from invite_conformance.contracts.seat_offers.calls import UNKNOWN_TEAM, cancel, create, list_offers, total
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active


@active("201.new", "201.as-given", "201.location")
def a_new_offer(context: CheckContext) -> None:
    """An offer is made with a row, and one without: each member, and the path in `Location`, if any, is compared."""
    for row in (5, None):
        offer = context.needed(create(context, row=row), 201)
        found = {
            name: context.member(offer, name) for name in ("id", "heldBy", "row", "status", "createdAt", "lapsesAt")
        }
        given = {"row": 1} | offer.call.given_object
        created, lapses = (datetime.fromisoformat(found[name].upper()) for name in ("createdAt", "lapsesAt"))
        new = found["status"] == "open" and abs(lapses - created - timedelta(hours=24)) <= timedelta(minutes=1)
        context.judge("201.new", new, "an open offer, for 24 hours", offer, f"{found}")
        same = (found["heldBy"], found["row"]) == (given["heldBy"], given["row"])
        context.judge("201.as-given", same, f"{given}", offer, f"{found}")
        location, path = offer.response.header("location"), f"{offer.call.path}/{found['id']}"
        leads = not location or urlsplit(urljoin(offer.call.path, location)).path.lower().endswith(path.lower())
        context.judge("201.location", leads, f"Location: {path}", offer, f"Location: {location}")


@active("409.already-offered", "409.only-then", "409.not-open")
def the_offers_of_a_person(context: CheckContext) -> None:
    """A person is offered a seat again, three of similar names are, the first by `other_team` and after two cancels."""
    name = f"{context.fresh_email('seat')} Ann"
    first = context.needed(create(context, heldBy=name), 201)
    for row in (2, 3):
        context.expect("409.already-offered", context.send(create(context, heldBy=name, row=row), first), 409)
    for other in (f"{name}a", name[:-1], f"The {name}"):
        context.expect("409.only-then", context.send(create(context, heldBy=other), first), 201)
    other_team = create(context, context.states.get("other_team"), heldBy=name)
    context.expect("409.only-then", context.send(other_team, first), 201)
    gone = context.needed(cancel(context, first), 204)
    context.expect("409.not-open", context.send(cancel(context, first), gone), 409)
    context.expect("409.only-then", context.send(create(context, heldBy=name), first, gone), 201)


@active("404.status")
def nothing_there(context: CheckContext) -> None:
    """Each operation is called for an unknown team, and an offer is cancelled by `other_team` and by another id."""
    offer = context.needed(create(context), 201)
    unknown = [list_offers(context, UNKNOWN_TEAM), create(context, UNKNOWN_TEAM), cancel(context, offer, UNKNOWN_TEAM)]
    other = cancel(context, offer, context.states.get("other_team"))
    for call in (*unknown, other, cancel(context, offer, offer_id=str(uuid4()))):
        context.expect("404.status", context.send(call), 404)


@active("4xx.changes-nothing")
def refused(context: CheckContext) -> None:
    """A create is refused for row 0, and one for an open offer: `total` is what it was before."""
    first = context.needed(create(context), 201)
    before = total(context, first)
    invalid = context.send(replace(create(context, row=0), valid=False), first)
    again = context.send(create(context, heldBy=first.call.given_text("heldBy")), first)
    after = total(context, first, invalid, again)
    if min(invalid.status, again.status) >= 400:
        context.judge("4xx.changes-nothing", after == before, f"{before} offers", again, f"{after} offers")


@active("list.pages", "list.total")
def the_last_pages(context: CheckContext) -> None:
    """Two offers are made and one is cancelled: `total` counts both, and the last pages of one offer have them."""
    before = total(context)
    one, other = context.needed(create(context), 201), context.needed(create(context), 201)
    made = one, other, context.needed(cancel(context, other), 204)
    pages = [context.needed(list_offers(context, page=before + n, pageSize=1), 200, *made) for n in (1, 2)]
    ids = [[offer["id"] for offer in context.member(page, "offers")] for page in pages]
    expected = [[context.member(one, "id")], [context.member(other, "id")]]
    context.judge("list.pages", ids == expected, f"the pages {expected}", pages[1], f"{ids}")
    end = context.send(list_offers(context, page=before + 3, pageSize=1), *made)
    context.judge("list.pages", end.status == 200 and not end.object.get("offers"), "200 without offers", end)
    after = context.member(pages[0], "total")
    context.judge("list.total", after == before + 2, f"`total`: {before + 2}", pages[0], f"`total`: {after}")


@active("list.status")
def each_status(context: CheckContext) -> None:
    """An offer is made and another is cancelled: a list of either status has offers, and none of another status."""
    made = context.needed(create(context), 201), context.needed(cancel(context), 204)
    for status in ("cancelled", "open"):
        page = context.needed(list_offers(context, status=status), 200, *made)
        found = {offer["status"] for offer in context.member(page, "offers")}
        context.judge("list.status", found == {status}, f"offers that are {status}", page, f"{sorted(found)}")


@active("list.page-size")
def without_a_page_size(context: CheckContext) -> None:
    """Offers are made until there are 21: a list without `pageSize` has 20."""
    for _ in range(21 - total(context)):
        context.needed(create(context), 201)
    page = context.needed(list_offers(context), 200)
    found = len(context.member(page, "offers"))
    context.judge("list.page-size", found == 20, "20 offers", page, f"{found} offers")
