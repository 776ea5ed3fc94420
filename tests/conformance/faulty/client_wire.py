"""Faults of client-invites in the bytes that it sends, and in one response of ten."""

import json

from conformance.faulty.fault import client_fault, every, on, on_every, put, without

FAULTS = (
    # JSON and the wire
    client_fault(
        "trailing-bytes",
        "A 201 ends with one brace too many.",
        "createClientInvite.json.well-formed",
        after=on(201, raw=lambda answer: answer.body() + b"}"),
    ),
    client_fault(
        "half-json",
        "A 201 is only the first half of its JSON.",
        "createClientInvite.json.well-formed",
        after=on(201, raw=lambda answer: answer.body()[:-60]),
    ),
    client_fault(
        "single-quotes",
        "A 409 is written with single quotes.",
        "createClientInvite.json.well-formed",
        after=on(409, raw=lambda answer: answer.body().replace(b'"', b"'")),
    ),
    client_fault(
        "nan", "A 201 has a member that is NaN.", "createClientInvite.json.well-formed", success=put(score=float("nan"))
    ),
    client_fault(
        "guarded-json",
        "JSON begins with a guard against hijacking.",
        "createClientInvite.json.well-formed",
        after=on_every(raw=lambda answer: b")]}',\n" + answer.body()),
    ),
    client_fault(
        "refusals-in-html",
        "A 403 is an HTML page called JSON.",
        "403.code createClientInvite.json.well-formed",
        after=on(403, raw=b"<html><body>Forbidden</body></html>"),
    ),
    client_fault(
        "duplicate-role",
        "A 201 has its role twice.",
        "createClientInvite.json.i-json",
        after=on(201, raw=lambda answer: answer.body().replace(b'"id":', b'"role": "Owner", "id":', 1)),
    ),
    client_fault(
        "duplicate-status",
        "A 409 has its status twice.",
        "createClientInvite.json.i-json",
        after=on(409, raw=lambda answer: answer.body().replace(b'"title":', b'"status": 400, "title":', 1)),
    ),
    client_fault(
        "lone-surrogate",
        "A 201 has a string with half a surrogate pair.",
        "createClientInvite.json.i-json",
        after=on(201, raw=lambda answer: answer.body()[:-1] + b', "note": "\\ud800"}'),
    ),
    client_fault(
        "echoes-surrogates",
        "A 400 repeats the email that it refuses, with half a surrogate pair.",
        "createClientInvite.json.echoed-surrogate",
        refusal=lambda self, document, request: document | {"detail": f"No: {self.members(request).get('email')}"},
        after=on(400, raw=lambda answer: json.dumps(answer.document).encode()),
    ),
    client_fault(
        "byte-order-mark",
        "JSON begins with a byte order mark.",
        "createClientInvite.json.charset",
        after=on_every(raw=lambda answer: b"\xef\xbb\xbf" + answer.body()),
    ),
    client_fault(
        "utf-16",
        "JSON is written in UTF-16.",
        "400.code 403.code 409.code-invited 409.code-member createClientInvite.json.well-formed",
        after=on_every(raw=lambda answer: answer.body().decode().encode("utf-16")),
    ),
    client_fault(
        "latin-1",
        "A 201 says that it is Latin-1.",
        "createClientInvite.json.charset",
        media_type="application/json; charset=iso-8859-1",
    ),
    # One response in ten
    client_fault(
        "rarely-no-token",
        "One 201 in ten has no token.",
        "createClientInvite.201.token",
        "repetition",
        after=every(10, on(201, document=lambda answer: without("token", answer.document))),
    ),
    client_fault(
        "rarely-200",
        "One create in ten is answered with 200.",
        "201.status createClientInvite.statuses.documented",
        "repetition",
        after=every(10, on(201, status=200)),
    ),
    client_fault(
        "rarely-crashes",
        "One create in ten is answered with 503.",
        "201.status createClientInvite.server-error",
        "repetition",
        after=every(10, on(201, status=503, document={"status": 503}, media_type="application/problem+json")),
    ),
    client_fault(
        "rarely-text",
        "One problem in ten is text/plain.",
        "createClientInvite.400.media-type createClientInvite.403.media-type createClientInvite.409.media-type",
        "repetition",
        after=every(
            10,
            lambda self, answer, request: (
                on_every(media_type="text/plain")(self, answer, request) if answer.status >= 400 else answer
            ),
        ),
    ),
    client_fault(
        "rarely-other-email",
        "One 201 in ten shows another email.",
        "201.email-as-given",
        "repetition",
        after=every(10, on(201, document=lambda answer: answer.document | {"email": "other@reference.example"})),
    ),
)
