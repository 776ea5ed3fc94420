"""The reference implementation of seat-offers, written from its published document alone."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from conformance.listener import Answer, Request
from conformance.reference_clients import Reference, numbers, rfc3339

TEAM, OTHER_TEAM = 7, 8
OFFER = "4c5a9b0e-8d8e-4f0a-9b1c-2f6a1f0f6f07"
_PATH = re.compile(r"/teams/(?P<team>[^/]+)/offers(?:/(?P<offer>[^/]+))?")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CODES = {404: "not_found", 409: "already_offered"}


@dataclass
class Offer:
    """A seat that is offered to a person."""

    held_by: str
    row: int
    lives: timedelta
    state: str = "open"
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def status(self) -> str:
        return "lapsed" if self.state == "open" and self.created + self.lives < datetime.now(UTC) else self.state


class SeatOffers(Reference):
    """GET and POST /teams/{teamId}/offers, DELETE /teams/{teamId}/offers/{offerId}."""

    contract = "seat-offers"
    paths = "/teams/"
    states: ClassVar[dict[str, Any]] = {"team": TEAM, "other_team": OTHER_TEAM}
    valid: ClassVar[Mapping[str, Callable[[], dict[str, Any]]]] = {
        "createOffer": lambda: {"heldBy": f"Repaired {next(numbers)}", "row": 1}
    }
    parameters: ClassVar[Mapping[str, str]] = {"teamId": str(TEAM), "offerId": OFFER}
    order = ("malformed", "unknown")
    lives = timedelta(hours=24)
    statuses = ("open", "taken", "cancelled", "lapsed")
    page_size = 20
    row = 1

    def __init__(self) -> None:
        super().__init__()
        lapsed = Offer("Lou", 3, self.lives, created=datetime.now(UTC) - 2 * abs(self.lives))
        self.teams = {
            TEAM: [lapsed, Offer("Tam", 1, self.lives, "taken"), Offer("Ola", 2, self.lives, id=OFFER)],
            OTHER_TEAM: [Offer("Tam", 1, self.lives)],
        }

    @classmethod
    def pretended(cls, request: Request) -> Answer:
        self = cls()
        if request.method == "GET":
            return Answer(200, {"offers": [], "page": 1, "total": 0})
        if request.method == "DELETE":
            return Answer(204, media_type=None)
        return Answer(201, self.shown(Offer(str(self.members(request).get("heldBy")), self.row, self.lives)))

    def methods(self, request: Request) -> str:
        return "DELETE" if request.path.count("/") > 3 else "GET, POST"

    def error(self, status: int, code: str, detail: str) -> Answer:
        code = code if code == "not_open" else _CODES.get(status, "invalid")
        return Answer(status, {"error": {"code": code, "message": detail}}, self.error_media_type)

    def segment(self, request: Request, name: str) -> str:
        """A parameter of the path; empty where the path has none."""
        found = _PATH.fullmatch(request.path)
        return found[name] or "" if found else ""

    def offers(self, request: Request) -> list[Offer]:
        """Those of the team in the path."""
        return self.teams[int(self.segment(request, "team"))]

    def offer(self, request: Request) -> Offer | None:
        wanted = self.segment(request, "offer").lower()
        return next((one for one in self.offers(request) if one.id == wanted), None)

    def violations(self, request: Request) -> Iterator[str]:
        team, offer = self.segment(request, "team"), self.segment(request, "offer")
        if not (team.isascii() and team.isdecimal() and len(team) < 20 and int(team) > 0):
            yield "team"
        if request.method == "DELETE" and not _UUID.fullmatch(offer):
            yield "offer"
        if request.method == "GET":
            yield from self.query_violations(request)
        if request.method == "POST":
            yield from self.body_violations(request)

    def query_violations(self, request: Request) -> Iterator[str]:
        if request.query.get("status", "open") not in self.statuses:
            yield "status"
        for name, most in (("page", 10**18), ("pageSize", 100)):
            text = request.query.get(name, "1")
            if not (text.isascii() and text.isdecimal() and len(text) < 20 and 1 <= int(text) <= most):
                yield name

    def body_violations(self, request: Request) -> Iterator[str]:
        if not request.body:
            yield "no-body"
            return
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            yield "media-type"
        try:
            body = self.document(request)
        except ValueError:
            yield "malformed-json"
            return
        if not isinstance(body, dict):
            yield "no-object"
            return
        yield from filter(None, (self.holder_violation(body), self.row_violation(body)))

    def holder_violation(self, body: dict[str, Any]) -> str | None:
        name = body.get("heldBy")
        # What is no Unicode text cannot be stored.
        fits = isinstance(name, str) and 1 <= len(name) <= 80 and not re.search("[\ud800-\udfff]", name)
        return None if fits else "heldBy"

    def row_violation(self, body: dict[str, Any]) -> str | None:
        row = body.get("row", self.row)
        is_whole = isinstance(row, int | float) and not isinstance(row, bool) and row == row // 1
        return None if is_whole and 1 <= row <= 40 else "row"

    def unknown(self, request: Request) -> Answer | None:
        if int(self.segment(request, "team")) not in self.teams:
            return self.error(404, "not_found", "There is no such team.")
        if request.method == "DELETE" and self.offer(request) is None:
            return self.error(404, "not_found", "The team has no such offer.")
        return None

    def perform(self, request: Request) -> Answer:
        return {"GET": self.listed, "POST": self.create, "DELETE": self.cancel}[request.method](request)

    def listed(self, request: Request) -> Answer:
        wanted = request.query.get("status")
        found = [one for one in self.sorted(self.offers(request)) if wanted in (None, one.status)]
        page, size = int(request.query.get("page", 1)), int(request.query.get("pageSize", self.page_size))
        document = {"offers": list(map(self.shown, self.paged(found, page, size))), "page": page, "total": len(found)}
        return Answer(200, document, self.media_type)

    def sorted(self, offers: list[Offer]) -> list[Offer]:
        return offers

    def paged(self, offers: list[Offer], page: int, size: int) -> list[Offer]:
        return offers[(page - 1) * size : page * size]

    def create(self, request: Request) -> Answer:
        body = self.members(request)
        held_by, row = str(body.get("heldBy")), int(body.get("row", self.row))
        if any(self.conflicts(one, held_by, row) for one in self.offers(request)):
            return self.error(409, "already_offered", "The person has an open offer of this team.")
        offer = Offer(held_by, row, self.lives)
        self.offers(request).append(offer)
        location = self.location(request, offer)
        return Answer(201, self.shown(offer), self.media_type, {"Location": location} if location else {})

    def conflicts(self, offer: Offer, held_by: str, row: int) -> bool:
        del row
        return offer.status == "open" and offer.held_by == held_by

    def location(self, request: Request, offer: Offer) -> str:
        return f"{request.path}/{offer.id}"

    def cancel(self, request: Request) -> Answer:
        offer = self.offer(request)
        assert offer is not None
        if offer.status != "open":
            return self.error(409, "not_open", "The offer is no longer open.")
        offer.state = "cancelled"
        return Answer(204, media_type=None)

    def shown(self, offer: Offer) -> dict[str, Any]:
        return {
            "id": offer.id,
            "heldBy": offer.held_by,
            "row": offer.row,
            "status": offer.status,
            "createdAt": rfc3339(offer.created),
            "lapsesAt": rfc3339(offer.created + self.lives),
        }
