"""An exchange written down for reports, without secrets."""

import re

from invite_conformance.http.curl import CurlRequest, CurlWriter
from invite_conformance.http.exchange import Call
from invite_conformance.http.response import Response
from invite_conformance.result import ExchangeRecord
from invite_conformance.target.redaction import Redaction

_LONGEST = 4000
"""Characters of a body that are shown."""


def record(
    call: Call, response: Response | None, url: str, redaction: Redaction, fresh: re.Pattern[str] | None = None
) -> ExchangeRecord:
    """The exchange without secrets; what `fresh` finds in the body must be new each time that the call is sent."""
    headers = redaction.headers((name.lower(), value) for name, value in call.headers.items())
    shown = None if call.body is None else redaction.text(call.body.decode(errors="backslashreplace"))
    body = None if call.body is None else _redacted(call.body, redaction)
    url = redaction.text(url)
    writer = CurlWriter(redaction.names)
    return ExchangeRecord(
        method=call.method,
        url=url,
        request_headers=headers,
        request_body=None if shown is None else _cut(shown),
        status=response.status if response else None,
        response_headers=redaction.headers(response.headers) if response else {},
        response_body=_cut(redaction.text(response.body.decode(errors="backslashreplace"))) if response else "",
        elapsed=response.elapsed if response else 0.0,
        operation=call.operation,
        curl=writer.script([CurlRequest(call.method, url, headers, body)], fresh).text,
        body=body,
        fresh=fresh.pattern if fresh else "",
    )


def _redacted(body: bytes, redaction: Redaction) -> bytes:
    """The bytes without secrets; bytes that are no UTF-8 stay as they are."""
    return redaction.text(body.decode(errors="surrogateescape")).encode(errors="surrogateescape")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + f" … ({len(text)} characters)"
