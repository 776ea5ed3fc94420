"""A line for each request, printed while the mock runs: for a terminal, or as JSON for a program.

1. A line contains no character that commands a terminal, and no secret.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import orjson
from invite_specs import Json

from invite_mock.http.messages import Trace, Violation
from invite_mock.journal.api import Api
from invite_mock.journal.entry import Exchange
from invite_mock.journal.masking import Masking, mask, mask_query
from invite_mock.state import clock

_RED, _YELLOW, _GREEN, _DIM, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[2m", "\x1b[0m"
_LONGEST = 300
"""The most characters of a value from a request in one line."""


class Lines:
    """Makes lines and gives them to `print_`; `form` is `text` or `json`."""

    def __init__(
        self, apis: Sequence[Api], form: str, print_: Callable[[Sequence[str]], None], *, colour: bool = False
    ) -> None:
        self._masking = Masking({field for one in apis for field in one.secret_fields})
        self._make = self._json if form == "json" else self._text
        self._print = print_
        self._colour = colour

    def __call__(self, exchanges: Sequence[Exchange]) -> None:
        """Print the lines of some requests."""
        self._print([self._make(one) for one in exchanges])

    def _text(self, exchange: Exchange) -> str:
        envelope = exchange.envelope
        trace = envelope.trace
        instant = _time_of_day(exchange.machine_at)
        status = self._coloured(str(trace.status), _colour_of(trace.status))
        duration = f"{exchange.duration / 1_000_000:.1f} ms"
        path = self._path(exchange)
        request = f"{_shown(envelope.world)} {_shown(exchange.method)} {_shown(path)}"
        line = f"{instant} {request} {status} {duration} {envelope.outcome}"
        details = self._details(exchange) if trace.status >= 400 or trace.violations else ()
        return "".join([line, "\n", *(f"    {_shown(one)}\n" for one in details)])

    def _details(self, exchange: Exchange) -> Iterator[str]:
        """The reason of a refusal, and each violation."""
        trace = exchange.envelope.trace
        secrets = self._secrets(exchange, trace.body)
        code = trace.refusal.code if trace.refusal else ""
        if code or trace.reason:
            yield mask(": ".join(one for one in (code, trace.reason) if one), secrets)
        for one in trace.violations:
            yield mask(_sentence(one), secrets)

    def _json(self, exchange: Exchange) -> str:
        envelope = exchange.envelope
        trace = envelope.trace
        line: dict[str, Json] = {
            "time": clock.to_text(exchange.machine_at),
            "world": envelope.world,
            "method": exchange.method,
            "path": self._path(exchange),
            "status": trace.status,
            "duration": round(exchange.duration / 1_000_000, 3),
            "outcome": envelope.outcome,
            "id": envelope.request_id,
        }
        if trace.status >= 400:
            line |= _refused(trace, self._secrets(exchange, trace.body))
        return f"{_escaped(orjson.dumps(line).decode())}\n"

    def _path(self, exchange: Exchange) -> str:
        query = f"?{mask_query(exchange.query)}" if exchange.query else ""
        return mask(exchange.path + query, self._secrets(exchange))

    def _secrets(self, exchange: Exchange, body: bytes | None = None) -> list[str]:
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in exchange.headers]
        return self._masking.secrets(fields, exchange.query, [body])

    def _coloured(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._colour else text


def _refused(trace: Trace, secrets: Sequence[str]) -> dict[str, Json]:
    found: dict[str, Json] = {"reason": mask(trace.reason, secrets)}
    if trace.refusal:
        found["code"] = trace.refusal.code
    if trace.violations:
        found["violations"] = [mask(_sentence(one), secrets) for one in trace.violations]
    return found


def _sentence(one: Violation) -> str:
    place = f"{one.pointer}: " if one.pointer else ""
    return f"{place}{one.message}; received {one.received}, expected {one.expected}"


def _shown(text: str) -> str:
    """A text from a request, as a terminal may get it."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    if cut.isprintable():
        return cut
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in cut)


def _escaped(text: str) -> str:
    """JSON without characters that command a terminal: JSON itself escapes only those below U+0020."""
    if text.isprintable():
        return text
    # JSON writes what is beyond U+FFFF as two surrogates.
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)


def _time_of_day(machine_at: int) -> str:
    """The local time of day; the journal has the date."""
    seconds, fraction = divmod(machine_at, 1_000_000)
    return f"{_second_of_day(seconds)}.{fraction // 1000:03}"


@lru_cache(maxsize=2)
def _second_of_day(seconds: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(seconds))


def _colour_of(status: int) -> str:
    return _GREEN if status < 300 else _DIM if status < 400 else _YELLOW if status < 500 else _RED
