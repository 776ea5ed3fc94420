"""Variants of family-invites."""

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from conformance.faulty.fault import drop, on_every, put
from conformance.lenient import first_value, number_as_text, readable, scalar_as_text, with_members, without
from conformance.listener import Request
from conformance.reference_families import FamilyInvites
from conformance.variants.variant import variant_of

_family = partial(variant_of, "family-invites")
_read = FamilyInvites.document
_COERCED = " ".join(f"inviteFamily.request.{name}.coerced" for name in ("email", "firstname", "lastname"))
_NAMES_COERCED = " ".join(f"inviteFamily.request.{name}.coerced" for name in ("firstname", "lastname"))
_TRAILING = "inviteFamily.request.trailing-bytes"


def _only_names(pattern: str) -> Callable[[FamilyInvites, dict[str, Any], str], str | None]:
    """Refuses names that do not match."""
    allowed = re.compile(pattern)

    def violation(self: FamilyInvites, body: dict[str, Any], member: str) -> str | None:
        found = FamilyInvites.member_violation(self, body, member)
        unfit = member in body and member != "email" and not allowed.fullmatch(str(body[member]))
        return found or (f"malformed-{member}" if unfit else None)

    return violation


def _coerced_by_ajv(value: Any) -> Any:
    """What ajv makes of a member that must be a string, with `coerceTypes: "array"`, the default of Fastify."""
    if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], dict | list):
        value = value[0]
    return "" if value is None else scalar_as_text(value)


def _read_by_fastify(self: FamilyInvites, request: Request) -> Any:
    """An empty name, and so a null one, is left out."""
    document = with_members(_read(self, request), _coerced_by_ajv)
    return {k: v for k, v in document.items() if v != "" or k == "email"} if isinstance(document, dict) else document


def _body_wanted(self: FamilyInvites, request: Request) -> Iterator[str]:
    """No body at all is no object."""
    yield from FamilyInvites.violations(self, request) if request.body else ("scalar",)


def _read_by_spring(self: FamilyInvites, request: Request) -> Any:
    document = _read(self, first_value(request))
    return {} if document is None else with_members(without(document, None), scalar_as_text)


def _read_by_go(self: FamilyInvites, request: Request) -> Any:
    """Names of members match in any case, and of two the last one counts."""
    document = _read(self, readable(first_value(request)))
    if document is None:
        return {}
    return without({name.lower(): v for name, v in document.items()}, None) if isinstance(document, dict) else document


def _read_by_django(self: FamilyInvites, request: Request) -> Any:
    """Whatever is empty is no body, and strings lose the spaces around them."""
    document = without(_read(self, request) or {}, None)
    return with_members(document, lambda value: value.strip() if isinstance(value, str) else number_as_text(value))


def _read_by_fastapi(self: FamilyInvites, request: Request) -> Any:
    document = _read(self, request)
    return {} if document is None else without(document, None)


def _other_members(self: FamilyInvites, request: Request) -> Iterator[str]:
    """Members that the document does not name are a violation too."""
    yield from FamilyInvites.violations(self, request)
    if self.members(request).keys() - {"email", "firstname", "lastname"}:
        yield "other-members"


_MALFORMED_422 = dict.fromkeys(
    (
        "malformed-json",
        "array",
        "scalar",
        "null-body",
        *(f"{kind}-{name}" for kind in ("typed", "null", "malformed") for name in ("email", "firstname", "lastname")),
    ),
    422,
)

VARIANTS = (
    _family("charset-in-errors", "An error has a charset.", error_media_type="application/json;charset=UTF-8"),
    _family(
        "validates-before-family",
        "A body is validated before the family is looked up.",
        order=("malformed", "unknown", "forbidden", "nobody"),
    ),
    _family(
        "number-codes",
        "A statusCode is written with a fraction of zero.",
        after=on_every(raw=lambda answer: re.sub(rb'("statusCode": \d+)', rb"\1.0", answer.body())),
    ),
    _family("exceptions", "A refusal has an exception.", refusal=put(exception={"name": "NotAllowed", "cause": None})),
    _family("no-messages", "A refusal's list of messages is empty.", refusal=put(messages=[])),
    _family("no-expiry", "An invitation has no expiry.", success=drop("expiresAt")),
    _family("null-expiry", "An invitation's expiry is null.", success=put(expiresAt=None)),
    _family(
        "same-invitation",
        "A family's outstanding invitation is answered again, with its id.",
        success=put(id=lambda body: f"inv-{uuid.uuid5(uuid.NAMESPACE_URL, body['entityId']).hex[:12]}"),
    ),
    _family(
        "malformed-422",
        "A malformed body is answered with 422.",
        instead=_MALFORMED_422,
    ),
    _family("any-text-is-email", "Any text is taken for an email.", instead={"malformed-email": 200}),
    _family(
        "unknown-before-all",
        "An unknown family is answered with 404 whoever asks and whatever is sent.",
        order=("unknown", "malformed", "forbidden", "nobody"),
    ),
    _family(
        "trimmed-names",
        "The spaces around a name are dropped, and an empty one is no name.",
        success=lambda _self, body, _request: (
            body | {name: (body[name] or "").strip() or None for name in ("firstname", "lastname")}
        ),
    ),
    _family(
        "empty-is-left-out",
        "An empty member, the email too, is taken for left out.",
        document=lambda self, request: without(_read(self, request), ""),
    ),
    _family("letters-only-names", "A name is letters of the alphabet.", member_violation=_only_names("[A-Za-z]+")),
    _family("few-marks-in-names", "A name is letters and marks.", member_violation=_only_names(r"[A-Za-z' -]+")),
    _family(
        "own-members-refused",
        "Members that the document does not name are refused.",
        violations=_other_members,
    ),
    _family(
        "contact-in-403",
        "A 403 repeats the email that was sent.",
        refusal=lambda self, body, request: (
            body | {"messages": [f"You may not invite {self.members(request).get('email')}."]}
        ),
    ),
    # What common frameworks do by default
    _family(
        "like-nestjs",
        "As NestJS with a ValidationPipe and @IsOptional: null is left out.",
        document=lambda self, request: without(_read(self, request), None),
        member_violation=_only_names(r"[^\W_]([\w' .,-]*)"),
    ),
    _family(
        "like-spring",
        "As Spring Boot with records and Jackson: null is left out, scalars become text, trailing bytes are ignored.",
        f"{_NAMES_COERCED} {_TRAILING}",
        document=_read_by_spring,
    ),
    _family(
        "like-fastify",
        "As Fastify with ajv: scalars and arrays of one become text, an empty name is left out, a body is wanted.",
        f"{_COERCED} body.absent",
        document=_read_by_fastify,
        violations=_body_wanted,
    ),
    _family(
        "like-gin",
        "As Gin with *string: null is left out, trailing bytes are ignored, bytes that are not UTF-8 are replaced.",
        _TRAILING,
        document=_read_by_go,
    ),
    _family(
        "like-django",
        "As Django REST framework: numbers become text, names are trimmed, and must not be blank.",
        _NAMES_COERCED,
        document=_read_by_django,
        member_violation=_only_names(".+"),
    ),
    _family(
        "like-fastapi",
        "As FastAPI with str | None: null is left out, and a wrong type is answered with 422.",
        document=_read_by_fastapi,
        instead=_MALFORMED_422,
    ),
    _family(
        "empty-names-refused",
        "An empty name is refused.",
        member_violation=lambda self, body, member: (
            FamilyInvites.member_violation(self, body, member)
            or (f"malformed-{member}" if str(body.get(member, "x")).strip() == "" else None)
        ),
    ),
    _family(
        "short-names-only",
        "A name of more than 50 characters is refused.",
        member_violation=lambda self, body, member: (
            FamilyInvites.member_violation(self, body, member)
            or (f"malformed-{member}" if member != "email" and len(body.get(member, "")) > 50 else None)
        ),
    ),
    _family("lives-an-hour", "An invitation lives an hour.", lives=timedelta(hours=1)),
    _family("lives-years", "An invitation lives ten years.", lives=timedelta(days=3653)),
)
