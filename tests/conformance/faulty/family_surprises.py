"""Faults of family-invites in malformed requests, crashes, methods, JSON, and in one response of ten."""

import json
from dataclasses import replace

from conformance.faulty.fault import crash, every, family_fault, on, on_every, put, without
from conformance.lenient import first_value, number_as_text, readable, with_members
from conformance.listener import Answer
from conformance.reference_families import FamilyInvites

_one_in_ten_is_503 = every(10, on(200, status=503, document={"statusCode": 503, "messages": ["Busy."]}))
_TRACE = "Error: no family\n    at find (/srv/app/families.js:12:9)\n    at next (/srv/app/router.js:47:3)"

FAULTS = (
    # Malformed requests
    family_fault(
        "echoes-wrong-type",
        "A first name that is no string is set and answered.",
        "inviteFamily.200.firstname inviteFamily.request.firstname.coerced inviteFamily.request.firstname.type",
        instead={"typed-firstname": 200},
    ),
    family_fault(
        "accepts-malformed-json",
        "A body that is no JSON is accepted.",
        "inviteFamily.request.malformed-json inviteFamily.request.not-utf-8 inviteFamily.request.trailing-bytes",
        instead={"malformed-json": 200},
    ),
    family_fault(
        "accepts-trailing-bytes",
        "What follows the JSON of a body is ignored.",
        "inviteFamily.request.trailing-bytes",
        document=lambda self, request: FamilyInvites.document(self, first_value(request)),
    ),
    family_fault(
        "accepts-latin-1",
        "Bytes that are not UTF-8 are replaced.",
        "inviteFamily.request.not-utf-8",
        document=lambda self, request: FamilyInvites.document(self, readable(request)),
    ),
    family_fault(
        "coerces-numbers",
        "A number is taken for a text.",
        "inviteFamily.request.firstname.coerced inviteFamily.request.lastname.coerced",
        document=lambda self, request: with_members(FamilyInvites.document(self, request), number_as_text),
    ),
    family_fault(
        "accepts-whatever",
        "Whatever is sent is accepted, with what can be read of it.",
        "inviteFamily.request.email.coerced inviteFamily.request.email.null "
        "inviteFamily.request.email.type inviteFamily.request.firstname.coerced "
        "inviteFamily.request.firstname.null inviteFamily.request.firstname.type "
        "inviteFamily.request.lastname.coerced inviteFamily.request.lastname.null "
        "inviteFamily.request.lastname.type inviteFamily.request.malformed-json "
        "inviteFamily.request.media-type inviteFamily.request.not-utf-8 inviteFamily.request.null "
        "inviteFamily.request.trailing-bytes inviteFamily.request.type",
        malformed=lambda _self, _request: None,
        remember=lambda self, family, body: FamilyInvites.remember(
            self, family, {name: str(value) for name, value in body.items() if value and str(value).isprintable()}
        ),
    ),
    family_fault(
        "500-malformed-json",
        "A body that is no JSON is answered with 500.",
        "inviteFamily.server-error",
        instead={"malformed-json": 500},
    ),
    family_fault(
        "500-null-body",
        "A body that is null is answered with 500.",
        "inviteFamily.server-error",
        instead={"null-body": 500},
    ),
    family_fault(
        "500-array",
        "A body that is an array is answered with 500.",
        "inviteFamily.server-error",
        instead={"array": 500},
    ),
    # Crashes
    family_fault(
        "crash-on-non-ascii",
        "It answers 500 to a name that is not ASCII.",
        "inviteFamily.server-error",
        before=crash(lambda request: not request.body.isascii() or b"\\u00" in request.body),
    ),
    family_fault(
        "crash-on-long",
        "It answers 500 to a body of more than 4,000 bytes.",
        "inviteFamily.server-error",
        before=crash(lambda request: len(request.body) > 4000),
    ),
    family_fault(
        "crash-on-depth",
        "It answers 500 to deeply nested JSON.",
        "inviteFamily.server-error",
        before=crash(lambda request: request.body.count(b"[") > 100 or request.body.count(b"{") > 100),
    ),
    family_fault(
        "crash-on-unknown",
        "It answers 500 to an id with a character that no id has.",
        "inviteFamily.server-error",
        before=crash(lambda request: any(character in request.path for character in "'\"\x00;é")),
    ),
    family_fault(
        "crash-on-empty-name",
        "It answers 500 to an empty first name.",
        "inviteFamily.server-error",
        "generation",
        before=lambda self, request: (
            self.error(500, "Oops", "") if self.members(request).get("firstname") == "" else None
        ),
    ),
    family_fault(
        "crash-on-extra-member",
        "It answers 500 to a member that it does not know.",
        "inviteFamily.server-error",
        "generation",
        before=lambda self, request: (
            self.error(500, "Oops", "") if self.members(request).keys() - {"email", "firstname", "lastname"} else None
        ),
    ),
    # Statuses and methods
    family_fault(
        "get-answers",
        "GET lists the invitations.",
        "inviteFamily.other-methods",
        before=lambda _self, request: Answer(200, {"invitations": []}) if request.method == "GET" else None,
    ),
    family_fault(
        "delete-204",
        "DELETE is answered with 204.",
        "inviteFamily.other-methods",
        before=lambda _self, request: Answer(204, media_type=None) if request.method == "DELETE" else None,
    ),
    family_fault(
        "put-crashes",
        "PUT is answered with 500.",
        "inviteFamily.other-methods inviteFamily.server-error",
        before=crash(lambda request: request.method == "PUT"),
    ),
    family_fault(
        "conflict",
        "A second invitation of a family is answered with 409.",
        "200.status inviteFamily.statuses.documented",
        "repetition",
        perform=lambda self, request: (
            self.error(409, "Family.Invited", "Invited already.")
            if self.invited[self.family(request).id]
            else FamilyInvites.perform(self, request)
        ),
    ),
    family_fault(
        "foreign-418",
        "A foreign family is answered with 418.",
        "403.status inviteFamily.statuses.documented",
        after=on(403, status=418),
    ),
    family_fault(
        "malformed-415",
        "A body that is no JSON is answered with 415.",
        "inviteFamily.statuses.tolerated",
        instead={"malformed-json": 415},
    ),
    # JSON and the wire
    family_fault(
        "trailing-bytes",
        "A 200 ends with a stray brace.",
        "inviteFamily.json.well-formed",
        after=on(200, raw=lambda answer: answer.body() + b"}"),
    ),
    family_fault(
        "nan", "A 200 has a member that is NaN.", "inviteFamily.json.well-formed", success=put(score=float("nan"))
    ),
    family_fault(
        "half-json",
        "A 404 is only the first half of its JSON.",
        "inviteFamily.json.well-formed",
        after=on(404, raw=lambda answer: answer.body()[:-20]),
    ),
    family_fault(
        "duplicate-id",
        "A 200 has its type twice.",
        "inviteFamily.json.i-json",
        after=on(200, raw=lambda answer: answer.body().replace(b'"type":', b'"type": "staff_invitation", "type":', 1)),
    ),
    family_fault(
        "duplicate-code",
        "A 404 has its statusCode twice.",
        "inviteFamily.json.i-json",
        after=on(404, raw=lambda answer: answer.body().replace(b'"messages":', b'"statusCode": 404, "messages":', 1)),
    ),
    family_fault(
        "stack-trace",
        "A 404 has the exception's stack trace.",
        "inviteFamily.error.no-stack-trace",
        after=on(404, document=lambda answer: answer.document | {"exception": {"stack": _TRACE}}),
    ),
    family_fault(
        "echoes-surrogates",
        "A name with half a surrogate pair is accepted and answered.",
        "inviteFamily.json.echoed-surrogate",
        member_violation=lambda _self, body, member: (
            None if isinstance(body.get(member, ""), str) else f"typed-{member}"
        ),
        after=on(200, raw=lambda answer: json.dumps(answer.document).encode()),
    ),
    family_fault(
        "byte-order-mark",
        "JSON begins with a byte order mark.",
        "inviteFamily.json.charset",
        after=on_every(raw=lambda answer: b"\xef\xbb\xbf" + answer.body()),
    ),
    family_fault(
        "latin-1",
        "A 200 is written in Latin-1, and says so.",
        "200.non-ascii inviteFamily.json.charset inviteFamily.json.well-formed",
        media_type="application/json; charset=iso-8859-1",
        after=on(200, raw=lambda answer: answer.body().decode().encode("latin-1", "replace")),
    ),
    # One answer in ten
    family_fault(
        "rarely-no-id",
        "One 200 in ten has no id.",
        "inviteFamily.200.id",
        "repetition",
        after=every(10, on(200, document=lambda answer: without("id", answer.document))),
    ),
    family_fault(
        "rarely-crashes",
        "One invitation in ten is answered with 503.",
        "200.status inviteFamily.server-error",
        "repetition",
        # Of those with a whole contact: whether a part of it may be left out has a requirement of its own.
        after=lambda self, answer, request: (
            _one_in_ten_is_503(self, answer, request) if len(self.members(request)) == 3 else answer
        ),
    ),
    family_fault(
        "rarely-other-name",
        "One 200 in ten shows another first name.",
        "200.names-as-given",
        "repetition",
        after=every(
            10,
            lambda _self, answer, request: (
                replace(answer, document=answer.document | {"firstname": "Otto"})
                if answer.status == 200
                and b"firstname" in request.body
                and request.body.isascii()
                and b"\\u" not in request.body
                else answer
            ),
        ),
    ),
    family_fault(
        "cuts-long-names",
        "A first name answered is cut after 30 characters.",
        "200.names-as-given",
        success=put(firstname=lambda body: body["firstname"] and body["firstname"][:30]),
    ),
    family_fault(
        "squeezes-names",
        "Spaces within a last name are dropped.",
        "200.names-as-given",
        success=put(lastname=lambda body: body["lastname"] and "".join(body["lastname"].split())),
    ),
    family_fault(
        "drops-emoji",
        "What is beyond the Basic Multilingual Plane is dropped from a first name.",
        "200.non-ascii",
        success=put(
            firstname=lambda body: body["firstname"] and "".join(c for c in body["firstname"] if ord(c) < 0x10000)
        ),
    ),
)
