"""Faults in what family-invites lets a request leave out, what it remembers, and what it refuses."""

import re
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from conformance.faulty.fault import Fault, family_fault, on, put, when
from conformance.listener import Answer, Request
from conformance.reference_families import COMPANY, Family, FamilyInvites


def _refused(status: int, what: str) -> tuple[Fault, ...]:
    """The faults of one refusal: 403 or 404."""
    return (
        family_fault(
            f"{status}-message-objects",
            f"A {status}'s messages are objects.",
            f"inviteFamily.{status}.messages",
            refusal=when(status, put(messages=[{"text": what}])),
        ),
        family_fault(
            f"{status}-says-500",
            f"A {status}'s statusCode is 500.",
            "error.status-code",
            refusal=when(status, put(statusCode=500)),
        ),
    )


def _first_only(self: FamilyInvites, family: Family, body: dict[str, Any]) -> None:
    """Names are set on a family once and never again."""
    FamilyInvites.remember(self, family, {k: v for k, v in body.items() if getattr(family, k, None) is None})


def _forgetful(self: FamilyInvites, request: Request) -> Answer:
    """The names of this request are in its answer, and nowhere else."""
    family = self.family(request)
    assert family is not None
    before = replace(family)
    answer = FamilyInvites.perform(self, request)
    self.families[family.id] = before
    return answer


def _shared_variable(self: FamilyInvites, request: Request) -> Answer:
    """The family of the latest request is in one variable for all requests."""
    family = self.family(request)
    assert family is not None
    self.remember(family, self.members(request))
    self.families["latest"] = family
    time.sleep(0.02)
    return Answer(200, self.invitation(self.families["latest"]), self.media_type)


def _found(self: FamilyInvites, matches: Callable[[str, str], bool], request: Request) -> Family | None:
    """The first family whose id matches the one of the request."""
    id_ = self.family_id(request)
    return next((family for family in self.families.values() if matches(family.id, id_)), None)


def _like(id_: str, pattern: str) -> bool:
    """Whether an id is LIKE a pattern of SQL."""
    return re.fullmatch(re.escape(pattern).replace("%", ".*").replace("_", "."), id_) is not None


def _names_of_company(self: FamilyInvites, family: Family, body: dict[str, Any]) -> None:
    """Names are set on every family of the company."""
    names = {name: value for name, value in body.items() if name != "email"}
    for other in self.families.values():
        FamilyInvites.remember(self, other, body if other is family else names)


def _set_before_validated(self: FamilyInvites, request: Request) -> Answer | None:
    """Members that are strings are set before another one is refused."""
    family = self.family(request)
    assert family is not None
    self.remember(family, {name: value for name, value in self.members(request).items() if isinstance(value, str)})
    return FamilyInvites.malformed(self, request)


def _without_last_name(self: FamilyInvites, request: Request) -> Answer:
    """The last name of this request is in its answer, and nowhere else."""
    family = self.family(request)
    assert family is not None
    before = family.lastname
    answer = FamilyInvites.perform(self, request)
    family.lastname = before
    return answer


def _foreign_writes(self: FamilyInvites, request: Request) -> Answer | None:
    """A refused invite of a foreign family sets its names on the caller's family that was invited last."""
    refusal = FamilyInvites.forbidden(self, request)
    if refusal is not None and not FamilyInvites.malformed(self, request):
        for family in self.families.values():
            if family.company == COMPANY:
                self.remember(family, self.members(request))
    return refusal


def _one_contact(self: FamilyInvites, family: Family, body: dict[str, Any]) -> None:
    """All families of a company share one contact."""
    for other in self.families.values():
        if other.company == family.company:
            FamilyInvites.remember(self, other, body)


FAULTS = (
    # What may be left out
    family_fault(
        "body-wanted",
        "A request without a body is refused.",
        "body.absent",
        before=lambda self, request: (
            None
            if request.body or request.method != "POST" or self.unknown(request)
            else self.error(400, "Request.Invalid", "A body is required.")
        ),
    ),
    family_fault(
        "body-wanted-415",
        "A request without a body is answered with 415.",
        "body.absent",
        before=lambda self, request: (
            None
            if request.body or request.method != "POST" or self.unknown(request)
            else self.error(415, "Request.Invalid", "A body is required.")
        ),
    ),
    family_fault(
        "empty-refused",
        "An empty object is refused.",
        "body.subsets inviteFamily.statuses.documented",
        malformed=lambda self, request: (
            self.error(400, "Request.Invalid", "Nothing given.")
            if request.body.strip() == b"{}"
            else FamilyInvites.malformed(self, request)
        ),
    ),
    family_fault(
        "all-or-nothing",
        "A first name without a last name is refused.",
        "body.subsets inviteFamily.statuses.documented",
        malformed=lambda self, request: (
            self.error(400, "Request.Invalid", "Give both names.")
            if len({"firstname", "lastname"} & self.members(request).keys()) == 1
            else FamilyInvites.malformed(self, request)
        ),
    ),
    family_fault(
        "email-wanted",
        "Names without an email are refused.",
        "body.subsets inviteFamily.statuses.documented",
        malformed=lambda self, request: (
            self.error(400, "Request.Invalid", "Give an email.")
            if "email" not in self.members(request) and self.members(request)
            else FamilyInvites.malformed(self, request)
        ),
    ),
    family_fault(
        "names-forgotten", "Names given once are not known the next time.", "names.remembered", perform=_forgetful
    ),
    family_fault(
        "names-cleared",
        "An invitation without names clears them.",
        "names.remembered",
        remember=lambda self, family, body: FamilyInvites.remember(
            self, family, {"firstname": None, "lastname": None} | body
        ),
    ),
    family_fault(
        "names-set-once",
        "Names are set once and never changed.",
        "200.email-as-given 200.names-as-given 200.non-ascii",
        remember=_first_only,
    ),
    family_fault(
        "last-name-forgotten",
        "A last name is answered and not stored.",
        "names.remembered",
        perform=_without_last_name,
    ),
    family_fault(
        "empty-is-unknown",
        "An empty last name is answered as Unknown.",
        "names.empty",
        success=put(lastname=lambda body: "Unknown" if body["lastname"] == "" else body["lastname"]),
    ),
    family_fault(
        "set-before-validated",
        "What is valid in an invite that is refused for its body is set all the same.",
        "malformed.changes-nothing",
        malformed=_set_before_validated,
    ),
    # Families that are taken for one another
    family_fault("one-contact", "All families share one contact.", "contact.own", remember=_one_contact),
    family_fault("names-of-company", "Names are set on all families.", "contact.own", remember=_names_of_company),
    family_fault(
        "shared-variable",
        "Two families that are invited at the same instant are answered with one contact.",
        "200.email-as-given 200.entity-is-family 200.names-as-given contact.own",
        "race",
        new_lock=lambda _self: nullcontext(),
        perform=_shared_variable,
    ),
    *(
        family_fault(
            name,
            sentence,
            violates,
            family=lambda self, request, matches=matches: _found(self, matches, request),
        )
        for name, sentence, violates, matches in (
            ("id-begins", "The beginning of an id is an id.", "404.similar-id", lambda id_, sent: id_.startswith(sent)),
            (
                "id-longer",
                "Whatever begins with an id is an id.",
                "404.similar-id 404.folded-id",
                lambda id_, sent: sent.startswith(id_),
            ),
            (
                "id-without-prefix",
                "An id is that of a family without its prefix too.",
                "404.similar-id",
                lambda id_, sent: sent in {id_, id_.removeprefix("fam-")},
            ),
            ("id-like", "An id is a pattern of SQL's LIKE.", "404.similar-id", _like),
            ("id-glob", "An id is a pattern as of file names.", "404.similar-id", fnmatchcase),
            ("id-without-case", "Ids are compared without case.", "404.folded-id", lambda a, b: a.lower() == b.lower()),
            ("id-trimmed", "The spaces around an id are dropped.", "404.folded-id", lambda a, b: a == b.strip()),
        )
    ),
    # Refusals
    family_fault(
        "unknown-invited",
        "An unknown family is invited.",
        "404.status",
        unknown=lambda _self, _request: None,
        forbidden=lambda self, request: self.family(request) and FamilyInvites.forbidden(self, request),
    ),
    family_fault(
        "unknown-400",
        "An unknown family is answered with 400.",
        "404.status inviteFamily.statuses.documented",
        after=on(404, status=400),
    ),
    family_fault(
        "unknown-403",
        "An unknown family is answered with 403.",
        "404.status",
        unknown=lambda self, request: (
            None if self.family(request) else self.error(403, "Family.Forbidden", "Not yours.")
        ),
    ),
    family_fault(
        "foreign-invited", "A foreign family is invited.", "403.status", order=("unknown", "malformed", "nobody")
    ),
    family_fault(
        "foreign-404",
        "A foreign family is answered with 404.",
        "403.status",
        forbidden=lambda self, request: (
            FamilyInvites.forbidden(self, request) and self.error(404, "Family.Unknown", "None such.")
        ),
    ),
    family_fault(
        "foreign-revealed",
        "A 403 says whose family it is.",
        "403.reveals-nothing",
        refusal=when(403, put(messages=["The family of fay@foreign.example is not yours."])),
    ),
    family_fault(
        "foreign-401",
        "A foreign family is answered with 401.",
        "403.status inviteFamily.statuses.tolerated",
        forbidden=lambda self, request: (
            FamilyInvites.forbidden(self, request) and self.error(401, "Family.Forbidden", "Who?")
        ),
    ),
    *_refused(403, "Not yours."),
    *_refused(404, "No such family."),
    family_fault(
        "foreign-writes",
        "A refused invite of a foreign family changes the caller's own.",
        "403.changes-nothing",
        forbidden=_foreign_writes,
    ),
)
