"""One request as it was meant, what came back, and how both are written down."""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from invite_specs import Json

from invite_conformance.json_text import JsonText, read_json
from invite_conformance.redaction import Redaction
from invite_conformance.result import Exchange
from invite_conformance.wire import Answer

_RANDOM = '"$RANDOM"'
"""A number that bash and zsh make up; other shells leave it out."""
_LONGEST = 4000
"""Characters of a body that are written down."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with what it is meant to be."""

    method: str
    path: str
    """What follows the base URL, percent-encoded."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """All of them, the caller's credentials among them."""
    body: bytes | None = None
    operation: str = ""
    """The operation's method and path template; empty for what is not meant for it (other methods, odd paths)."""
    params: Mapping[str, str] = field(default_factory=dict)
    """The path's parameters, decoded."""
    valid: bool | None = None
    """Whether the published document allows it; None where that can be argued about."""
    writes: bool = True
    """Whether an honest server might answer 2xx: never sent in mode read-only."""
    refused_for: str = ""
    """The state of the target file for which an honest server refuses the call; empty if it is the call itself."""
    renew: Callable[[], "Call"] | None = None
    """Makes the same call with fresh data; None where only the whole probe can be repeated."""

    @property
    def given(self) -> Json:
        """The JSON value of the body; None if there is none."""
        return None if self.body is None else read_json(self.body).value


@dataclass(frozen=True)
class Seen:
    """A call and its answer."""

    call: Call
    answer: Answer
    exchange: Exchange
    """The same, redacted, for whoever writes it down."""
    probe: str = ""
    """The name of the probe that made the call."""
    position: int = 0
    """Which call of the probe's run it was, from 0."""
    run: int = 0
    """Which run of the probe it was, from 0."""
    turn: int | None = None
    """Which of several choices had its turn in that run, from 0; None if there was nothing to choose."""
    accepted: tuple[int, ...] = ()
    """Undocumented statuses that the target file accepts."""

    @property
    def status(self) -> int:
        """The answer's status."""
        return self.answer.status

    @cached_property
    def json(self) -> JsonText:
        """The answer's body, read as JSON whatever its media type."""
        return read_json(self.answer.body)

    @property
    def object(self) -> dict[str, Json]:
        """The JSON object that was answered; empty if it was none."""
        value = self.json.value
        return value if isinstance(value, dict) else {}


def describe(
    call: Call, answer: Answer | None, url: str, redaction: Redaction, fresh: re.Pattern[str] | None = None
) -> Exchange:
    """The exchange without secrets; what `fresh` finds in the body is made anew by whoever sends it again."""
    headers = redaction.headers((name.lower(), value) for name, value in call.headers.items())
    body = None if call.body is None else redaction.text(call.body.decode(errors="backslashreplace"))
    return Exchange(
        method=call.method,
        url=redaction.text(url),
        request_headers=headers,
        request_body=None if body is None else _cut(body),
        status=answer.status if answer else None,
        response_headers=redaction.headers(answer.headers) if answer else {},
        response_body=_cut(redaction.text(answer.body.decode(errors="backslashreplace"))) if answer else "",
        elapsed=answer.elapsed if answer else 0.0,
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
