"""Exchanges as they are written down: without secrets, and as commands that send the same requests again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from invite_conformance.http.curl import CurlRequest, CurlWriter
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.http.response import Response
from invite_conformance.result import ExchangeRecord
from invite_conformance.target.addresses import Addresses
from invite_conformance.target.redaction import Redaction
from invite_conformance.target.target import Target

_LONGEST = 4000
"""Characters of a body that are written down."""


def described(call: Call, response: Response, base_url: str, redaction: Redaction) -> ExchangeRecord:
    """The exchange without secrets; a long body is cut."""
    sent = None if call.body is None else redaction.known(call.body.decode(errors="backslashreplace"))
    return ExchangeRecord(
        method=call.method,
        url=redaction.known(base_url + call.path),
        request_headers=redaction.headers((name.lower(), value) for name, value in call.headers.items()),
        request_body=sent if sent is None or len(sent) <= _LONGEST else f"{sent[:_LONGEST]} … ({len(sent)} characters)",
        status=response.status,
        response_headers=redaction.headers(response.headers),
        response_body=redaction.excerpt(response.body.decode(errors="backslashreplace"), _LONGEST),
        elapsed=response.elapsed,
        operation=call.operation,
    )


@dataclass
class Commands:
    """Writes the exchanges of one run as commands."""

    target: Target
    redaction: Redaction
    addresses: Addresses
    directory: PurePath | None = None
    """Where bodies will be that are too long for a command, as a user's shell can name it; None if nowhere."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Those bodies, by their names in the directory."""

    def of(self, exchanges: Sequence[Exchange]) -> str:
        """Commands that send the requests in their order; empty if there are none."""
        if not exchanges:
            return ""
        numbers = {number for exchange in exchanges for number in exchange.fresh}
        writer = CurlWriter(tuple(self.target.secrets), self._options(), self.directory)
        script = writer.script([self._request(one.call) for one in exchanges], self.addresses.pattern(numbers))
        self.files |= script.files
        return script.text

    def _request(self, call: Call) -> CurlRequest:
        known = self.redaction.known
        body = None
        if call.body is not None:
            body = known(call.body.decode(errors="surrogateescape")).encode(errors="surrogateescape")
        headers = self.redaction.headers((name.lower(), value) for name, value in call.headers.items())
        return CurlRequest(call.method, known(self.target.base_url + call.path), headers, body)

    def _options(self) -> dict[str, str]:
        files = {
            "--cacert": self.target.ca_file,
            "--cert": self.target.client_cert,
            "--key": self.target.client_key,
        }
        return {option: str(path) for option, path in files.items() if path is not None}
