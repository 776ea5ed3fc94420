"""Lies of client-invites on the wire: JSON that is none, and one answer in ten that is amiss."""

from conformance.liars.lie import client_lie, every, on, on_every, put, without

LIES = (
    # JSON and the wire
    client_lie(
        "trailing-bytes",
        "A 201 ends with a stray brace.",
        "json.well-formed",
        after=on(201, raw=lambda answer: answer.body() + b"}"),
    ),
    client_lie(
        "half-json",
        "A 201 is only the first half of its JSON.",
        "json.well-formed",
        after=on(201, raw=lambda answer: answer.body()[:-60]),
    ),
    client_lie(
        "single-quotes",
        "A 409 is written with single quotes.",
        "json.well-formed",
        after=on(409, raw=lambda answer: answer.body().replace(b'"', b"'")),
    ),
    client_lie("nan", "A 201 has a member that is NaN.", "json.well-formed", success=put(score=float("nan"))),
    client_lie(
        "guarded-json",
        "JSON begins with a guard against hijacking.",
        "json.well-formed",
        after=on_every(raw=lambda answer: b")]}',\n" + answer.body()),
    ),
    client_lie(
        "refusals-in-html",
        "A 403 is an HTML page called JSON.",
        "json.well-formed 403.code",
        after=on(403, raw=b"<html><body>Forbidden</body></html>"),
    ),
    client_lie(
        "duplicate-role",
        "A 201 has its role twice.",
        "json.i-json",
        after=on(201, raw=lambda answer: answer.body().replace(b'"id":', b'"role": "Owner", "id":', 1)),
    ),
    client_lie(
        "duplicate-status",
        "A 409 has its status twice.",
        "json.i-json",
        after=on(409, raw=lambda answer: answer.body().replace(b'"title":', b'"status": 400, "title":', 1)),
    ),
    client_lie(
        "lone-surrogate",
        "A 201 has a string with half a surrogate pair.",
        "json.i-json",
        after=on(201, raw=lambda answer: answer.body()[:-1] + b', "note": "\\ud800"}'),
    ),
    client_lie(
        "byte-order-mark",
        "JSON begins with a byte order mark.",
        "json.charset",
        after=on_every(raw=lambda answer: b"\xef\xbb\xbf" + answer.body()),
    ),
    client_lie(
        "utf-16",
        "JSON is written in UTF-16.",
        "json.well-formed 400.code 403.code 409.code-invited 409.code-member",
        after=on_every(raw=lambda answer: answer.body().decode().encode("utf-16")),
    ),
    client_lie(
        "latin-1", "A 201 says that it is Latin-1.", "json.charset", media_type="application/json; charset=iso-8859-1"
    ),
    # One answer in ten
    client_lie(
        "rarely-no-token",
        "One 201 in ten has no token.",
        "201.token",
        "repetition",
        after=every(10, on(201, document=lambda answer: without("token", answer.document))),
    ),
    client_lie(
        "rarely-200",
        "One create in ten is answered with 200.",
        "201.status statuses.documented",
        "repetition",
        after=every(10, on(201, status=200)),
    ),
    client_lie(
        "rarely-crashes",
        "One create in ten is answered with 503.",
        "201.status server-error",
        "repetition",
        after=every(10, on(201, status=503, document={"status": 503}, media_type="application/problem+json")),
    ),
    client_lie(
        "rarely-text",
        "One problem in ten is text/plain.",
        "problem.media-type",
        "repetition",
        after=every(
            10,
            lambda self, answer, request: (
                on_every(media_type="text/plain")(self, answer, request) if answer.status >= 400 else answer
            ),
        ),
    ),
    client_lie(
        "rarely-other-email",
        "One 201 in ten shows another email.",
        "201.email-as-given",
        "repetition",
        after=every(10, on(201, document=lambda answer: answer.document | {"email": "other@honest.example"})),
    ),
)
