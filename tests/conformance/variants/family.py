"""Variants of family-invites."""

import re
import uuid
from functools import partial

from conformance.faulty.fault import drop, on_every, put
from conformance.reference_families import FamilyInvites
from conformance.variants.variant import variant_of

_family = partial(variant_of, "family-invites")

VARIANTS = (
    _family("charset-in-errors", "An error has a charset.", error_media_type="application/json;charset=UTF-8"),
    _family(
        "validates-before-family",
        "A body is looked at before the family is.",
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
        instead=dict.fromkeys(
            (
                "malformed-json",
                "array",
                "scalar",
                "null-body",
                "typed-email",
                "typed-firstname",
                "typed-lastname",
                "null-email",
                "null-firstname",
                "null-lastname",
                "malformed-email",
                "malformed-firstname",
                "malformed-lastname",
            ),
            422,
        ),
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
)
