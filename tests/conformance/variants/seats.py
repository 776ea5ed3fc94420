"""Variants of seat-offers."""

from functools import partial
from typing import Any

from conformance.lenient import number_as_text, without
from conformance.listener import Request
from conformance.reference_seats import Offer, SeatOffers
from conformance.variants.variant import variant_of

_seat = partial(variant_of, "seat-offers")
_QUERY = ("status.enum", "page.type", "page.range", "pageSize.type", "pageSize.range")


def _capitals(self: SeatOffers, offer: Offer) -> dict[str, Any]:
    shown = SeatOffers.shown(self, offer)
    return shown | {"id": shown["id"].upper()}


def _any_query(self: SeatOffers, request: Request) -> Any:
    """What is not valid in a query is left out."""
    valid = {k: v for k, v in request.query.items() if not [*SeatOffers.query_violations(self, _only(request, k, v))]}
    return SeatOffers.reply(self, _query(request, valid))


def _query(request: Request, query: dict[str, str]) -> Request:
    return Request(request.method, request.path, request.headers, request.body, request.too_large, query)


def _only(request: Request, name: str, value: str) -> Request:
    return _query(request, {name: value})


VARIANTS = (
    _seat("no-location", "A 201 has no Location.", location=lambda *_: ""),
    _seat("whole-location", "Location is a whole URL.", location=lambda _s, r, o: f"https://x.example{r.path}/{o.id}"),
    _seat("relative-location", "Location begins at the list.", location=lambda _s, _r, offer: f"offers/{offer.id}"),
    _seat("ids-in-capitals", "Ids are shown in capitals.", shown=_capitals),
    _seat(
        "names-in-any-case",
        "Names are compared without case.",
        conflicts=lambda _s, one, name, _r: one.status == "open" and one.held_by.lower() == name.lower(),
    ),
    _seat(
        "null-is-left-out",
        "A null row is one that is left out.",
        document=lambda self, request: without(SeatOffers.document(self, request), None),
    ),
    _seat(
        "numbers-as-text",
        "A number is taken for a name.",
        "createOffer.request.heldBy.coerced",
        document=lambda self, request: (
            body | {"heldBy": number_as_text(body["heldBy"])}
            if isinstance(body := SeatOffers.document(self, request), dict) and "heldBy" in body
            else body
        ),
    ),
    _seat(
        "any-query",
        "What is not valid in a query is left out.",
        " ".join(f"listOffers.query.{one}" for one in _QUERY),
        reply=_any_query,
    ),
    _seat(
        "own-members-in-lists",
        "A list has a link to the next page.",
        success=lambda _s, body, _r: body | {"next": None},
    ),
)
