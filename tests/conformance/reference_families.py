"""The reference implementation of family-invites: POST /v1/families/{id}/invite."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from conformance.listener import Answer, Request
from conformance.reference_clients import FAMILY_KEY, Reference, email_is_fit, numbers, rfc3339

COMPANY = "co_school"


@dataclass
class Family:
    """A family and what is known of its primary contact."""

    id: str
    company: str
    email: str | None = None
    firstname: str | None = None
    lastname: str | None = None


class FamilyInvites(Reference):
    """POST /v1/families/{id}/invite."""

    contract = "family-invites"
    paths = "/v1/families/"
    states: ClassVar[dict[str, Any]] = {
        "family": "fam-one",
        "second_family": "fam-two",
        "family_without_contact": "fam-without",
        "unknown_family": "fam-nowhere",
        "foreign_family": "fam-foreign",
    }
    headers: ClassVar[Mapping[str, str]] = {"x-school-key": FAMILY_KEY}
    valid: ClassVar[Mapping[str, Callable[[], dict[str, Any]]]] = {
        "inviteFamily": lambda: {
            "email": f"repaired-{next(numbers)}@reference.example",
            "firstname": "Harriet",
            "lastname": "Porter",
        }
    }
    parameters: ClassVar[Mapping[str, str]] = {"id": "fam-one"}
    order = ("unknown", "forbidden", "malformed", "nobody")
    lives = timedelta(days=14)

    def __init__(self) -> None:
        super().__init__()
        self.invited: Counter[str] = Counter()
        self.families = {
            family.id: family
            for family in (
                Family("fam-one", COMPANY, "one@families.example", "Ona", "One"),
                Family("fam-two", COMPANY, "two@families.example", "Tove", "Two"),
                Family("fam-without", COMPANY),
                Family("fam-foreign", "co_elsewhere", "foreign@families.example", "Fay", "Foreign"),
            )
        }

    @classmethod
    def pretended(cls, request: Request) -> Answer:
        self = cls()
        body = self.members(request)
        names = {name: str(body[name]) if name in body else None for name in ("firstname", "lastname")}
        return Answer(200, self.invitation(Family(self.family_id(request), COMPANY, "a@reference.example", **names)))

    def error(self, status: int, code: str, detail: str) -> Answer:
        document = {"statusCode": status, "messages": [detail, code]}
        return Answer(status, document, self.error_media_type)

    def family_id(self, request: Request) -> str:
        return request.path.removeprefix("/v1/families/").removesuffix("/invite")

    def family(self, request: Request) -> Family | None:
        return self.families.get(self.family_id(request))

    def unknown(self, request: Request) -> Answer | None:
        return None if self.family(request) else self.error(404, "Family.Unknown", "There is no such family.")

    def forbidden(self, request: Request) -> Answer | None:
        family = self.family(request)
        keyed = request.headers.get("x-school-key") == FAMILY_KEY
        if keyed and family is not None and family.company == COMPANY:
            return None
        return self.error(403, "Family.Forbidden", "The family is not one of yours.")

    def violations(self, request: Request) -> Iterator[str]:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.body and media_type not in {"application/json", ""}:
            yield "media-type"
        try:
            body = self.document(request)
        except ValueError:
            yield "malformed-json"
            return
        if isinstance(body, dict):
            yield from filter(None, (self.member_violation(body, name) for name in ("email", "firstname", "lastname")))
        elif request.body:
            yield {list: "array", type(None): "null-body"}.get(type(body), "scalar")

    def member_violation(self, body: dict[str, Any], member: str) -> str | None:
        if member not in body:
            return None
        value = body[member]
        if not isinstance(value, str):
            return f"null-{member}" if value is None else f"typed-{member}"
        if member == "email" and not email_is_fit(value):
            return "malformed-email"
        # What is no Unicode text cannot be answered as it was given.
        return f"malformed-{member}" if any("\ud800" <= character <= "\udfff" for character in value) else None

    def nobody(self, request: Request) -> Answer | None:
        family = self.family(request)
        if self.members(request).get("email") or (family is not None and family.email):
            return None
        return self.error(400, "Family.NoEmail", "No email is known for this family; send one.")

    def perform(self, request: Request) -> Answer:
        family = self.family(request)
        # Only a faulty server lets a request for no family come so far.
        family = family or Family("fam-nowhere", COMPANY, "nobody@families.example")
        self.invited[family.id] += 1
        self.remember(family, self.members(request))
        return Answer(200, self.invitation(family), self.media_type)

    def remember(self, family: Family, body: dict[str, Any]) -> None:
        for member in ("email", "firstname", "lastname"):
            if member in body:
                setattr(family, member, body[member])

    def invitation(self, family: Family) -> dict[str, Any]:
        return {
            "id": f"inv-{secrets.token_hex(8)}",
            "type": "family_invitation",
            "companyId": family.company,
            "entityId": family.id,
            "email": family.email,
            "firstname": family.firstname,
            "lastname": family.lastname,
            "expiresAt": rfc3339(datetime.now(UTC) + self.lives),
        }
