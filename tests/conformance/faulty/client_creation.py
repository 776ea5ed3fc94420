"""Faults of client-invites in the response to a create that succeeds."""

import base64
import itertools
import json
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

from conformance.faulty.fault import client_fault, drop, on, put
from conformance.reference_clients import OTHER_CLIENT, ClientInvites, rfc3339

_numbers = itertools.count(1)
_ID = str(uuid.UUID(int=7))


def _shifted(body: dict[str, Any], by: timedelta) -> dict[str, str]:
    return {name: rfc3339(datetime.fromisoformat(body[name]) + by) for name in ("createdAt", "expiresAt")}


FAULTS = (
    # Status and media type
    client_fault(
        "status-200",
        "A create is answered with 200.",
        "201.status createClientInvite.statuses.documented",
        after=on(201, status=200),
    ),
    client_fault(
        "status-202",
        "A create is answered with 202.",
        "201.status createClientInvite.statuses.documented",
        after=on(201, status=202),
    ),
    client_fault("created-untyped", "A 201 has no Content-Type.", "createClientInvite.201.media-type", media_type=None),
    client_fault(
        "created-as-problem",
        "A 201 is application/problem+json.",
        "createClientInvite.201.media-type",
        media_type="application/problem+json",
    ),
    client_fault("created-empty", "A 201 has no body.", "createClientInvite.json.well-formed", after=on(201, raw=b"")),
    # Each member by itself
    client_fault(
        "no-token", "The token is not in the response.", "createClientInvite.201.token", success=drop("token")
    ),
    client_fault("null-token", "The token is null.", "createClientInvite.201.token", success=put(token=None)),
    client_fault(
        "counted-id", "The id is a number.", "createClientInvite.201.id", success=put(id=lambda _: next(_numbers))
    ),
    client_fault(
        "short-id",
        "The id is no UUID.",
        "createClientInvite.201.id",
        success=put(id=lambda body: f"inv_{body['id'][:8]}"),
    ),
    client_fault(
        "bare-id",
        "The id is a UUID without its hyphens.",
        "createClientInvite.201.id",
        success=put(id=lambda _: uuid.uuid4().hex),
    ),
    client_fault(
        "email-in-object",
        "The email is an object.",
        "createClientInvite.201.email",
        success=put(email=lambda body: {"address": body["email"]}),
    ),
    client_fault(
        "lower-case-role",
        "The role is in lower case.",
        "201.role-as-given createClientInvite.201.role",
        success=put(role=lambda body: body["role"].lower()),
    ),
    client_fault(
        "created-without-offset",
        "The instant of creation has no offset.",
        "createClientInvite.201.createdAt",
        success=put(createdAt=lambda body: body["createdAt"].rstrip("Z")),
    ),
    client_fault(
        "created-as-http-date",
        "The instant of creation is written as HTTP writes dates.",
        "createClientInvite.201.createdAt",
        success=put(createdAt="Sun, 01 Nov 2026 09:00:00 GMT"),
    ),
    client_fault(
        "expiry-a-day",
        "The expiry is a date without a time.",
        "createClientInvite.201.expiresAt",
        success=put(expiresAt=lambda body: body["expiresAt"][:10]),
    ),
    client_fault(
        "expiry-30-february",
        "The expiry is a day that does not exist.",
        "createClientInvite.201.expiresAt",
        success=put(expiresAt="2030-02-30T09:00:00Z"),
    ),
    client_fault(
        "inviter-by-email",
        "The inviter is an email.",
        "createClientInvite.201.invitedBy",
        success=put(invitedBy="admin@reference.example"),
    ),
    client_fault(
        "inviter-empty",
        "The inviter is an empty string.",
        "createClientInvite.201.invitedBy",
        success=put(invitedBy=""),
    ),
    # The response compared with the request
    client_fault(
        "other-email",
        "The response has the caller's email.",
        "201.email-as-given",
        success=put(email="admin@reference.example"),
    ),
    client_fault(
        "email-local-part",
        "The email in the response has no domain.",
        "201.email-as-given",
        success=put(email=lambda body: body["email"].partition("@")[0]),
    ),
    client_fault(
        "always-member", "The role in the response is always Member.", "201.role-as-given", success=put(role="Member")
    ),
    client_fault(
        "admin-made-owner",
        "An Admin is invited as Owner.",
        "201.role-as-given",
        success=put(role=lambda body: "Owner" if body["role"] == "Admin" else body["role"]),
    ),
    client_fault(
        "another-client",
        "The response has the id of another client.",
        "201.client-as-given",
        success=put(clientId=OTHER_CLIENT),
    ),
    client_fault(
        "expires-at-once",
        "An invite expires at the instant of its creation.",
        "201.expires-after-created",
        success=put(expiresAt=lambda body: body["createdAt"]),
    ),
    client_fault(
        "expired-long-ago",
        "An invite expires before its creation.",
        "201.expires-after-created 201.not-expired",
        success=put(expiresAt="1970-01-01T00:00:00Z"),
    ),
    client_fault(
        "created-ahead",
        "The instant of creation, and the expiry, are two hours ahead.",
        "201.created-now",
        success=lambda _self, body, _request: body | _shifted(body, timedelta(hours=2)),
    ),
    client_fault(
        "created-in-1970",
        "The instant of creation is that of no time set.",
        "201.created-now",
        success=put(createdAt="1970-01-01T00:00:00Z"),
    ),
    client_fault(
        "expired-when-created",
        "The instant of creation, and the expiry, are eight days ago.",
        "201.created-now 201.not-expired",
        success=lambda _self, body, _request: body | _shifted(body, timedelta(days=-8)),
    ),
    client_fault(
        "one-inviter",
        "Every invite has the same inviter.",
        "201.inviter",
        success=put(invitedBy=_ID),
    ),
    # What the request must not decide
    *(
        client_fault(
            f"takes-{name.lower()}",
            f"`{name}` of the request is taken over.",
            f"201.own-members {also}",
            success=lambda self, body, request, name=name: body | {name: self.members(request).get(name, body[name])},
        )
        for name, also in {
            "token": "",
            "id": "",
            "clientId": "201.client-as-given",
            "createdAt": "",
            "expiresAt": "",
            "invitedBy": "",
        }.items()
    ),
    # Tokens and ids
    client_fault(
        "token-in-location",
        "The Location of a 201 has the token.",
        "token.in-body-only",
        after=on(201, headers=lambda answer: {"Location": f"/invites/{answer.document['token']}"}),
    ),
    client_fault("empty-token", "The token is empty.", "token.not-empty", success=put(token=lambda _: "")),
    client_fault("blank-token", "The token is blank.", "token.not-empty", success=put(token=lambda _: "  ")),
    client_fault(
        "token-is-id",
        "The token is the id.",
        "token.unguessable token.unlike-id",
        success=put(token=lambda body: body["id"]),
    ),
    client_fault(
        "token-holds-id",
        "The token is the id in base64.",
        "token.unguessable",
        success=put(token=lambda body: base64.b64encode(body["id"].encode()).decode()),
    ),
    client_fault(
        "one-token",
        "Every invite has the same token.",
        "token.unique",
        success=put(token=lambda _: "0BkzW7yq3VxJmT9cHfRd2Lg8NsPuEaQ5XwYvMhKtZoU"),
    ),
    client_fault(
        "counted-token",
        "Tokens are counted.",
        "token.unguessable",
        token=lambda _self: f"0BkzW7yq3VxJmT9cHfRd2Lg8NsPuEaQ5{next(_numbers):08}",
    ),
    client_fault(
        "short-token",
        "A token has six digits.",
        "token.unguessable",
        token=lambda _self: f"{uuid.uuid4().int % 10**6:06}",
    ),
    client_fault(
        "token-of-time",
        "A token is the time in nanoseconds.",
        "token.unguessable",
        token=lambda _self: str(time.time_ns()),
    ),
    client_fault(
        "token-of-email",
        "A token is the email in base64.",
        "token.unguessable token.unique",
        success=put(token=lambda body: base64.urlsafe_b64encode(json.dumps(body["email"]).encode()).decode()),
    ),
    client_fault(
        "token-of-email-and-time",
        "A token is the email and the time in base64.",
        "token.unguessable",
        success=put(token=lambda body: base64.urlsafe_b64encode(f"{body['email']}:{time.time_ns()}".encode()).decode()),
    ),
    client_fault("one-id", "Every invite has the same id.", "id.unique", success=put(id=_ID)),
    client_fault(
        "few-ids",
        "Ids repeat after five invites.",
        "id.unique",
        success=put(id=lambda _: str(uuid.UUID(int=next(_numbers) % 5))),
    ),
    # Roles
    *(
        client_fault(
            f"{role.lower()}-not-invited",
            f"The role {role} is refused.",
            "role.accepted",
            roles=tuple(known for known in ClientInvites.roles if known != role),
        )
        for role in ("Support", "Owner")
    ),
    client_fault(
        "any-role",
        "Any role is accepted.",
        "createClientInvite.request.role.enum",
        instead={"unknown-role": 201},
        success=put(role=lambda body: body["role"] if body["role"] in ClientInvites.roles else "Member"),
    ),
    client_fault(
        "role-in-any-case",
        "Roles are accepted in any case.",
        "createClientInvite.request.role.enum",
        role_violation=lambda self, body: ClientInvites.role_violation(
            self, body | {"role": body["role"].title()} if isinstance(body.get("role"), str) else body
        ),
        success=put(role=lambda body: body["role"].title()),
    ),
)
