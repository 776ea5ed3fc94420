"""Variants of every contract."""

import gzip
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from conformance.faulty.fault import on_every, put
from conformance.listener import Answer, Request
from conformance.reference_clients import Reference
from conformance.references import REFERENCE
from conformance.variants.variant import Variant, variant_of


def _each(name: str, sentence: str, **changes: Any) -> tuple[Variant, ...]:
    return tuple(variant_of(contract, name, sentence, **changes) for contract in REFERENCE)


def _instants(rewrite: Callable[[str], str]) -> Any:
    """Every instant of a response, written in another way."""

    def rewritten(value: Any) -> Any:
        if isinstance(value, list):
            return [rewritten(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {name: rewrite(one) if name.endswith("At") else rewritten(one) for name, one in value.items()}

    return lambda _self, body, _request: rewritten(body)


def _zoned(instant: str, hours: float) -> str:
    """The same instant with another offset."""
    return datetime.fromisoformat(instant).astimezone(timezone(timedelta(hours=hours))).isoformat()


def _gzipped(_: Reference, answer: Answer, request: Request) -> Answer:
    if not answer.body() or "gzip" not in request.headers.get("accept-encoding", ""):
        return answer
    headers = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(answer, raw=gzip.compress(answer.body()), headers=headers)


def _slowly(_: Reference, answer: Answer, request: Request) -> Answer:
    del request
    time.sleep(0.02)
    return answer


def _at_most(_: Reference, request: Request, limit: int = 4096) -> bool:
    return len(request.body) > limit


def _now_and_then_429(self: Reference, request: Request) -> Answer | None:
    """Every fortieth request is too much, and is not processed."""
    del request
    if self.count % 40 != 0:
        return None
    return replace(self.error(429, "Request.TooMany", "Wait a little."), headers={"Retry-After": "0"})


VARIANTS = (
    *_each("plain", "The reference implementation itself."),
    *_each(
        "extra-members",
        "A success has members that the document does not name.",
        success=put(links={"self": "/x"}, version=3),
    ),
    *_each(
        "extra-in-refusals",
        "A refusal has members that the document does not name.",
        refusal=put(traceId="00-4bf9", errors=[]),
    ),
    *_each("charset", "The media type of a success has a charset.", media_type="application/json; charset=utf-8"),
    *_each(
        "charset-in-capitals",
        "A media type and its charset are in capitals.",
        media_type='Application/JSON;charset="UTF-8"',
    ),
    *_each("offset", "Instants have an offset.", success=_instants(lambda i: i.replace("Z", "+00:00"))),
    *_each(
        "half-hour-offset",
        "Instants have an offset of nine and a half hours.",
        success=_instants(lambda i: _zoned(i, -9.5)),
    ),
    *_each("nanoseconds", "Instants have nine decimals.", success=_instants(lambda i: i.replace("Z", ".123456789Z"))),
    *_each("one-decimal", "Instants have one decimal.", success=_instants(lambda i: _zoned(i, 1).replace("+", ".5+"))),
    *_each(
        "instants-in-lower-case", "Instants have a small t and z (RFC 3339 section 5.6).", success=_instants(str.lower)
    ),
    *_each(
        "emails-in-lower-case",
        "Emails in responses are in lower case.",
        success=lambda _self, body, _request: body | ({"email": body["email"].lower()} if "email" in body else {}),
    ),
    *_each(
        "small-bodies-413",
        "A body of more than 4 KiB is answered with 413.",
        before=lambda self, request: (
            self.error(413, "Request.TooLarge", "Too large.") if _at_most(self, request) else None
        ),
    ),
    *_each("now-and-then-429", "One request in forty is answered with 429.", before=_now_and_then_429),
    *_each(
        "bare-405",
        "Another method is answered with 405 and no body.",
        after=lambda _self, answer, _request: (
            replace(answer, document=None, media_type=None) if answer.status == 405 else answer
        ),
    ),
    *_each("gzip", "Responses are compressed.", after=_gzipped),
    *_each("chunked", "Responses are chunked.", after=on_every(chunked=True)),
    *_each("closes", "The connection is closed after each response.", after=on_every(close=True)),
    *_each("slow", "Responses take 20 ms.", after=_slowly),
    *_each(
        "indented",
        "JSON is indented and ends with a line feed.",
        after=on_every(raw=lambda answer: json.dumps(answer.document, indent=2, ensure_ascii=False).encode() + b"\n"),
    ),
    *_each(
        "escaped",
        "JSON is written in ASCII, with escapes.",
        after=on_every(raw=lambda answer: json.dumps(answer.document).encode()),
    ),
    *_each(
        "sorted",
        "Members are sorted.",
        after=on_every(raw=lambda answer: json.dumps(answer.document, sort_keys=True).encode()),
    ),
    *_each(
        "more-headers",
        "Responses have further headers.",
        after=on_every(headers={"Cache-Control": "no-store", "X-Request-Id": "7", "Set-Cookie": "a=b; Path=/"}),
    ),
)
