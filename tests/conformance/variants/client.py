"""Variants of client-invites."""

import base64
import json
import re
import threading
import time
import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial

from conformance.faulty.fault import on, put, without
from conformance.listener import Answer, Request
from conformance.reference_clients import ClientInvites
from conformance.variants.variant import variant_of

_client = partial(variant_of, "client-invites")


def _two_at_a_time(self: ClientInvites, request: Request) -> Answer:
    places = vars(self).setdefault("places", threading.BoundedSemaphore(2))
    if not places.acquire(blocking=False):
        return replace(self.error(429, "Request.TooMany", "Try again."), headers={"Retry-After": "0"})
    try:
        return ClientInvites.decide(self, request)
    finally:
        places.release()


VARIANTS = (
    _client(
        "charset-in-problems",
        "The media type of a problem has a charset.",
        error_media_type="application/problem+json; charset=utf-8",
    ),
    _client("status-as-string", "A problem's status is a string.", refusal=put(status=lambda b: str(b["status"]))),
    _client("null-members", "A problem's other members are null.", refusal=put(type=None, instance=None, detail=None)),
    _client(
        "title-only",
        "A problem has a title and nothing else.",
        refusal=lambda _self, body, _request: {"title": body["title"]},
    ),
    _client(
        "code-in-type",
        "The code is in the problem's type, and the title is a sentence.",
        refusal=put(title="This is not possible.", detail="Try something else."),
    ),
    _client(
        "code-in-detail",
        "The code is in the problem's detail.",
        refusal=put(type="about:blank", title="Refused", detail=lambda body: f"{body['title']}: try something else."),
    ),
    _client(
        "code-as-extension",
        "The code is in another member.",
        refusal=put(type="about:blank", title="Refused", code=lambda body: body["title"]),
    ),
    _client(
        "capital-uuids",
        "UUIDs are in capitals.",
        success=lambda _self, body, _request: body | {k: body[k].upper() for k in ("id", "clientId", "invitedBy")},
    ),
    _client(
        "uuid-version-7",
        "Ids are UUIDs of another version.",
        success=put(id=lambda body: f"{body['id'][:14]}7{body['id'][15:]}"),
    ),
    _client(
        "validates-first", "A body is validated before the caller is authorized.", order=("malformed", "forbidden")
    ),
    _client(
        "authorizes-first",
        "The caller is authorized before the id is parsed.",
        forbidden=lambda self, request: (
            ClientInvites.forbidden(self, request) and self.error(403, "Member.Forbidden", "You may not.")
        ),
    ),
    _client(
        "anonymous-401",
        "A caller without a key is answered with 401.",
        after=lambda self, answer, request: (
            replace(
                answer, status=401, headers={"WWW-Authenticate": "Bearer"}, document=answer.document | {"status": 401}
            )
            if answer.status == 403 and self.caller(request) is None
            else answer
        ),
    ),
    _client("other-media-415", "Another media type is answered with 415.", instead={"media-type": 415, "no-body": 400}),
    _client(
        "plain-emails-only",
        "Unusual emails are refused with 400.",
        email_violation=lambda self, body: (
            ClientInvites.email_violation(self, body)
            or (None if re.fullmatch(r"[\w.-]{1,64}@[\w.-]+", body["email"], re.ASCII) else "malformed-email")
        ),
    ),
    _client(
        "any-email",
        "Any text with an @ inside is an email.",
        email_violation=lambda self, body: (
            None
            if isinstance(body.get("email"), str)
            and re.fullmatch(r"[^@\s]+@[^@\s]+|\"[^\"\r\n]*\"@[^@\s]+", body["email"])
            and body["email"].isprintable()
            else ClientInvites.email_violation(self, body) or None
        ),
    ),
    _client("no-inviter", "The inviter is null.", success=put(invitedBy=None)),
    _client("hexadecimal-tokens", "Tokens are hexadecimal.", token=lambda _self: uuid.uuid4().hex),
    _client("uuid-tokens", "Tokens are UUIDs.", token=lambda _self: str(uuid.uuid4())),
    _client(
        "prefixed-tokens",
        "Tokens begin with their kind.",
        token=lambda _self: f"inv_{base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip('=')}",
    ),
    _client(
        "signed-tokens",
        "Tokens are JSON Web Tokens.",
        token=lambda _self: ".".join(
            base64.urlsafe_b64encode(part).decode().rstrip("=")
            for part in (
                b'{"alg":"HS256","typ":"JWT"}',
                json.dumps({"jti": str(uuid.uuid4())}).encode(),
                uuid.uuid4().bytes * 2,
            )
        ),
    ),
    _client(
        "emails-by-case",
        "Emails that differ in case are different people's.",
        slot=lambda _self, client, email, _role: (client.lower(), email),
    ),
    _client(
        "one-client-for-all",
        "An invite of one client is a conflict in another one.",
        slot=lambda _self, _client, email, _role: email.lower(),
    ),
    _client(
        "short-local-parts-only",
        "An email with more than 40 characters before its @ is refused.",
        email_violation=lambda self, body: (
            ClientInvites.email_violation(self, body)
            or ("malformed-email" if len(body["email"].partition("@")[0]) > 40 else None)
        ),
    ),
    _client(
        "only-owners-make-owners",
        "An Admin may not give the role Owner.",
        conflict=lambda self, client, email, role: (
            self.error(403, "Member.Forbidden", "Only an Owner may.")
            if role == "Owner" and self.inviter == ClientInvites.inviter
            else ClientInvites.conflict(self, client, email, role)
        ),
    ),
    _client(
        "unknown-client-404",
        "A client that does not exist is answered with 404.",
        before=lambda self, request: (
            self.error(404, "Client.NotFound", "") if self.client(request).lower() not in self.members_of else None
        ),
    ),
    _client(
        "location",
        "A 201 has a Location with the id.",
        after=on(201, headers=lambda answer: {"Location": f"/invites/{answer.document['id']}"}),
    ),
    _client(
        "link-as-token",
        "A token is a link, and the response has it twice.",
        success=lambda _self, body, _request: (
            body | {"token": (link := f"https://portal.example/join?t={body['token']}"), "link": link}
        ),
    ),
    _client(
        "get-lists-invites",
        "GET lists the invites without their tokens.",
        before=lambda self, request: (
            Answer(200, {"invites": [without("token", one) for one in self.invites.values()]})
            if request.method == "GET"
            else None
        ),
    ),
    _client(
        "two-at-a-time",
        "Of calls at the same instant all but two are answered with 429.",
        decide=_two_at_a_time,
        pause=lambda _self: time.sleep(0.005),
    ),
    _client("leap-second", "An invite is made in a leap second.", success=put(createdAt="2016-12-31T23:59:60Z")),
    _client("lives-an-hour", "An invite lives an hour.", lives=timedelta(hours=1)),
    _client("lives-years", "An invite lives ten years.", lives=timedelta(days=3653)),
)
