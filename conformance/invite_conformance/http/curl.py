"""A call written down: without secrets, and as a command that sends it again."""

import re
import shlex
from dataclasses import replace

from invite_conformance.http.exchange import Call
from invite_conformance.http.response import Response
from invite_conformance.result import ExchangeRecord
from invite_conformance.target.redaction import Redaction

_RANDOM = '"$RANDOM"'
"""A number that bash and zsh make up; other shells leave it out."""
_LONGEST = 4000
"""Characters of a body that are written down."""


def describe(
    call: Call, response: Response | None, url: str, redaction: Redaction, fresh: re.Pattern[str] | None = None
) -> ExchangeRecord:
    """The exchange without secrets; what `fresh` finds in the body is made anew by whoever sends it again."""
    headers = redaction.headers((name.lower(), value) for name, value in call.headers.items())
    body = None if call.body is None else redaction.text(call.body.decode(errors="backslashreplace"))
    return ExchangeRecord(
        method=call.method,
        url=redaction.text(url),
        request_headers=headers,
        request_body=None if body is None else _cut(body),
        status=response.status if response else None,
        response_headers=redaction.headers(response.headers) if response else {},
        response_body=_cut(redaction.text(response.body.decode(errors="backslashreplace"))) if response else "",
        elapsed=response.elapsed if response else 0.0,
        operation=call.operation,
        curl=curl(replace(call, headers=headers), redaction.text(url), redaction, fresh),
    )


def curl(call: Call, url: str, redaction: Redaction, fresh: re.Pattern[str] | None = None) -> str:
    """A command that sends the call again; its headers and the URL are redacted already.

    What `fresh` finds in the body is a random number of the shell's each time.
    """
    words = ["curl", "-sS", "-i", "-X", call.method, _quoted(url)]
    for name, value in call.headers.items():
        if name.lower() != "accept-encoding":  # nobody reads gzip
            words += ["-H", _quoted(f"{name}: {value}")]
    if call.body is None:
        return " ".join(words)
    if len(call.body) > _LONGEST:
        return " ".join([*words, "--data-binary", "@body"]) + f"  # body: {len(call.body)} bytes, cut here"
    try:
        text = redaction.text(call.body.decode())
    except UnicodeDecodeError:
        text = ""
    if (text or not call.body) and not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        # A leading @ would name a file.
        data = _RANDOM.join(_quoted(part) for part in _parts(text, fresh))
        return " ".join([*words, "--data-raw" if text.startswith("@") else "--data-binary", data])
    octal = _RANDOM.join(
        "'" + "".join(f"\\{ord(byte):03o}" for byte in part) + "'"
        for part in _parts(call.body.decode("latin-1"), fresh)
    )
    return f"printf {octal} | " + " ".join([*words, "--data-binary", "@-"])


def _parts(text: str, fresh: re.Pattern[str] | None) -> list[str]:
    """What stands between the finds."""
    return fresh.split(text) if fresh else [text]


def _quoted(text: str) -> str:
    """One word for a shell, in which `$NAME` of a secret is expanded."""
    if not re.search(r"\$[A-Za-z_]", text):
        return shlex.quote(text)
    return '"' + re.sub(r'(["\\`]|\$(?![A-Za-z_]))', r"\\\1", text) + '"'


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + f" … ({len(text)} characters)"
