"""Faults of seat-offers that only its prose forbids."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from conformance.faulty.fault import put, seat_fault
from conformance.listener import Answer, Request
from conformance.reference_seats import Offer, SeatOffers


def _in_conflict(matches: Callable[[Offer, str, int], bool]) -> Callable[[SeatOffers, Offer, str, int], bool]:
    """Which offers an offer to a person, in a row, is in conflict with."""
    return lambda _self, offer, name, row: matches(offer, name, row)


def _conflict_of_any_team(self: SeatOffers, request: Request) -> Answer:
    name = self.members(request).get("heldBy")
    if any(one.held_by == name for offers in self.teams.values() for one in offers if one.status == "open"):
        return self.error(409, "already_offered", "The person has an open offer.")
    return SeatOffers.create(self, request)


def _stored_before(status: int) -> Callable[[SeatOffers, Answer, Request], Answer]:
    """A create is stored before it is refused with that status."""

    def after(self: SeatOffers, answer: Answer, request: Request) -> Answer:
        if request.method == "POST" and answer.status == status and self.segment(request, "team") == "7":
            self.offers(request).append(Offer("Nobody", 1, self.lives, "taken"))
        return answer

    return after


def _cancelled_always(self: SeatOffers, request: Request) -> Answer:
    offer = self.offer(request)
    assert offer is not None
    offer.state = "cancelled"
    return Answer(204, media_type=None)


def _removed(self: SeatOffers, request: Request) -> Answer:
    answer = SeatOffers.cancel(self, request)
    if answer.status == 204:
        self.offers(request).remove(self.offer(request))  # type: ignore[arg-type]  # it is there
    return answer


def _no_team_is_unknown(self: SeatOffers, request: Request) -> Answer | None:
    unknown = SeatOffers.unknown(self, request)
    return Answer(200, {"offers": [], "page": 1, "total": 0}) if unknown and request.method == "GET" else unknown


def _no_page(self: SeatOffers, request: Request) -> Answer:
    answer = SeatOffers.listed(self, request)
    return answer if answer.document["offers"] else self.error(404, "not_found", "There is no such page.")


def _of_page(self: SeatOffers, request: Request) -> Answer:
    answer = SeatOffers.listed(self, request)
    return replace(answer, document=answer.document | {"total": len(answer.document["offers"])})


def _of_open(self: SeatOffers, request: Request) -> Answer:
    answer = SeatOffers.listed(self, request)
    found = sum(one.status == "open" for one in self.offers(request))
    return replace(answer, document=answer.document | {"total": found})


def _of_any_team(self: SeatOffers, request: Request) -> Offer | None:
    wanted = self.segment(request, "offer")
    return next((one for offers in self.teams.values() for one in offers if one.id == wanted), None)


def _first_of_any(self: SeatOffers, request: Request) -> Offer | None:
    return next((one for one in self.offers(request) if one.status == "open"), None)


def _unfiltered(self: SeatOffers, request: Request) -> Answer:
    return SeatOffers.listed(self, replace(request, query={k: v for k, v in request.query.items() if k != "status"}))


FAULTS = (
    seat_fault("new-is-taken", "A new offer is taken.", "201.new", success=put(status="taken")),
    seat_fault("lapses-in-a-week", "An offer lapses after a week.", "201.new", lives=timedelta(days=7)),
    seat_fault("other-person", "Another person is answered.", "201.as-given", success=put(heldBy="Nobody")),
    seat_fault("row-2", "An offer without a row is in row 2.", "201.as-given", row=2),
    seat_fault(
        "location-of-list", "Location is the list.", "201.location", location=lambda _s, request, _o: request.path
    ),
    seat_fault("location-of-id", "Location has no team.", "201.location", location=lambda _s, _r, o: f"/offers/{o.id}"),
    seat_fault(
        "offered-again",
        "A person with an open offer is offered a seat.",
        "409.already-offered",
        conflicts=_in_conflict(lambda _offer, _name, _row: False),
    ),
    seat_fault(
        "conflict-of-row",
        "A person may have an offer of each row.",
        "409.already-offered",
        conflicts=_in_conflict(lambda one, name, row: one.status == "open" and (one.held_by, one.row) == (name, row)),
    ),
    seat_fault(
        "conflict-of-prefix",
        "A name is in conflict with its beginning.",
        "409.only-then",
        conflicts=_in_conflict(lambda one, name, _row: one.status == "open" and name.startswith(one.held_by)),
    ),
    seat_fault(
        "conflict-of-part",
        "A name is in conflict with one that contains it.",
        "409.only-then",
        conflicts=_in_conflict(lambda one, name, _row: one.status == "open" and name in one.held_by),
    ),
    seat_fault(
        "conflict-of-end",
        "A name is in conflict with its end.",
        "409.only-then",
        conflicts=_in_conflict(lambda one, name, _row: one.status == "open" and name.endswith(one.held_by)),
    ),
    seat_fault(
        "conflict-for-good",
        "Whoever was offered a seat once never is again.",
        "409.only-then",
        conflicts=_in_conflict(lambda one, name, _row: one.held_by == name),
    ),
    seat_fault("conflict-of-teams", "The offers of any team count.", "409.only-then", create=_conflict_of_any_team),
    seat_fault("cancelled-again", "What is cancelled is cancelled again.", "409.not-open", cancel=_cancelled_always),
    seat_fault("no-team-unknown", "An unknown team has no offers.", "404.status", unknown=_no_team_is_unknown),
    seat_fault("cancelled-by-others", "Any team cancels an offer.", "404.status", offer=_of_any_team),
    seat_fault(
        "any-id",
        "Any id is that of the first open offer.",
        "404.status 409.not-open 409.only-then",
        offer=_first_of_any,
    ),
    seat_fault("stored-unread", "What is invalid is stored.", "4xx.changes-nothing", after=_stored_before(400)),
    seat_fault(
        "stored-in-conflict", "What is in conflict is stored.", "4xx.changes-nothing", after=_stored_before(409)
    ),
    seat_fault("newest-first", "Offers are listed newest first.", "list.pages", sorted=lambda _s, found: found[::-1]),
    seat_fault(
        "by-name",
        "Offers are listed by name, backwards.",
        "list.pages",
        sorted=lambda _s, found: sorted(found, key=lambda one: one.held_by, reverse=True),
    ),
    seat_fault(
        "pages-overlap",
        "A page begins with the last offer of the one before.",
        "list.pages",
        paged=lambda _s, found, page, size: found[max((page - 1) * size - 1, 0) : page * size],
    ),
    seat_fault(
        "last-page-again",
        "After the last page comes the last page.",
        "list.pages",
        paged=lambda _s, found, page, size: found[(page - 1) * size : page * size] or found[-size:],
    ),
    seat_fault("empty-page-404", "A page without offers is a 404.", "list.pages", listed=_no_page),
    seat_fault("total-of-page", "`total` counts the page.", "list.total", listed=_of_page),
    seat_fault("total-of-open", "`total` counts open offers.", "list.total list.pages", listed=_of_open),
    seat_fault("status-ignored", "`status` is ignored.", "list.status", listed=_unfiltered),
    seat_fault(
        "removed", "A cancelled offer is gone.", "409.not-open list.status list.total list.pages", cancel=_removed
    ),
    seat_fault("page-size-10", "A page has 10 offers.", "list.page-size", page_size=10),
    seat_fault("page-size-50", "A page has 50 offers.", "list.page-size", page_size=50),
)
