"""Faults of client-invites that few requests show: crashes, statuses and methods."""

import re
from dataclasses import replace

from conformance.faulty.fault import client_fault, crash, drop, on, put
from conformance.listener import Answer
from conformance.reference_clients import CLIENT, ClientInvites


def _email_length(body: bytes) -> int:
    found = re.search(rb'"email"\s*:\s*"([^"]*)"', body)
    return len(found[1]) if found else 0


FAULTS = (
    # Crashes
    client_fault(
        "crash-on-non-ascii",
        "It answers 500 to a body that is not ASCII.",
        "createClientInvite.server-error",
        before=crash(
            lambda request: (
                b"\\u" in request.body
                or ("\ufffd" not in request.body.decode(errors="replace") and not request.body.isascii())
            )
        ),
    ),
    client_fault(
        "crash-on-bad-utf-8",
        "It answers 500 to a body that is not UTF-8.",
        "createClientInvite.request.not-utf-8 createClientInvite.server-error",
        before=crash(lambda request: b"\xff" in request.body or b"\xfe" in request.body or b"\x80" in request.body),
    ),
    client_fault(
        "crash-on-long",
        "It answers 500 to a body of more than 4,000 bytes.",
        "createClientInvite.server-error",
        before=crash(lambda request: len(request.body) > 4000),
    ),
    client_fault(
        "crash-on-depth",
        "It answers 500 to deeply nested JSON.",
        "createClientInvite.server-error",
        before=crash(lambda request: request.body.count(b"[") > 100 or request.body.count(b"{") > 100),
    ),
    client_fault(
        "crash-on-nul",
        "It answers 500 to a NUL in a string.",
        "createClientInvite.server-error",
        before=crash(lambda request: b"\\u0000" in request.body),
    ),
    client_fault(
        "crash-on-large-number",
        "It answers 500 to a number beyond a double.",
        "createClientInvite.server-error",
        before=crash(lambda request: re.search(rb":\s*-?[\d.]+e\+?\d{3}|:\s*-?\d{31}", request.body) is not None),
    ),
    client_fault(
        "crash-on-bad-id",
        "It answers 500 to a client id that is no UUID.",
        "createClientInvite.server-error",
        before=crash(lambda request: "-" not in request.path),
    ),
    client_fault(
        "crash-on-get",
        "It answers 500 to GET.",
        "createClientInvite.other-methods createClientInvite.server-error",
        before=crash(lambda request: request.method == "GET"),
    ),
    client_fault(
        "crash-on-extra-member",
        "It answers 500 to a member that it does not know.",
        "createClientInvite.request.not-utf-8 createClientInvite.server-error",
        "generation",
        before=lambda self, request: (
            self.error(500, "Oops", "") if self.members(request).keys() - {"email", "role"} else None
        ),
    ),
    client_fault(
        "crash-on-long-email",
        "It answers 500 to a well-formed email of more than 80 characters.",
        "createClientInvite.server-error",
        "generation",
        before=lambda self, request: (
            self.error(500, "Oops", "")
            if _email_length(request.body) > 80 and not any(self.violations(request))
            else None
        ),
    ),
    client_fault(
        "crash-on-empty-role",
        "It answers 500 to a role that is an empty string.",
        "createClientInvite.request.role.enum createClientInvite.server-error",
        before=lambda self, request: self.error(500, "Oops", "") if self.members(request).get("role") == "" else None,
    ),
    # Statuses and methods
    client_fault(
        "get-answers",
        "GET lists the invites.",
        "createClientInvite.other-methods",
        before=lambda _self, request: Answer(200, {"invites": []}) if request.method == "GET" else None,
    ),
    client_fault(
        "put-200",
        "PUT is answered with 200.",
        "createClientInvite.other-methods",
        before=lambda _self, request: Answer(200, {}) if request.method == "PUT" else None,
    ),
    client_fault(
        "delete-204",
        "DELETE is answered with 204.",
        "createClientInvite.other-methods",
        before=lambda _self, request: Answer(204, media_type=None) if request.method == "DELETE" else None,
    ),
    client_fault(
        "teapot",
        "A caller who is no Admin is answered with 418.",
        "403.anonymous 403.not-admin 403.other-client createClientInvite.statuses.documented",
        after=on(403, status=418),
    ),
    client_fault(
        "anonymous-401",
        "A caller without a key is answered with 401.",
        "createClientInvite.statuses.tolerated",
        after=lambda self, answer, request: (
            replace(answer, status=401, document=answer.document | {"status": 401})
            if answer.status == 403 and self.caller(request) is None
            else answer
        ),
    ),
    client_fault(
        "other-media-415",
        "Another media type is answered with 415.",
        "createClientInvite.statuses.tolerated",
        instead={"media-type": 415},
    ),
    client_fault(
        "any-client-id",
        "A client id that is no UUID is taken for the caller's own client.",
        "createClientInvite.path.clientId.format",
        client=lambda self, request: (
            found if re.fullmatch(r"[\da-fA-F-]{36}", found := ClientInvites.client(self, request)) else CLIENT
        ),
    ),
    # What generation finds
    client_fault(
        "drops-plus-tag",
        "The response has the email without what follows its plus sign.",
        "201.email-as-given",
        "generation",
        success=put(email=lambda body: re.sub(r"\+[^@]*", "", body["email"])),
    ),
    client_fault(
        "cuts-long-emails",
        "The response has the email cut after 64 characters.",
        "201.email-as-given",
        "generation",
        success=put(email=lambda body: body["email"][:64]),
    ),
    client_fault(
        "no-token-for-long",
        "A 201 for an email of more than 60 characters has no token.",
        "createClientInvite.201.token",
        "generation",
        success=lambda self, body, request: drop("token")(self, body, request) if len(body["email"]) > 60 else body,
    ),
)
