"""Stack traces in errors, as common runtimes write them."""

import re
from collections.abc import Iterator

from invite_specs import Document

from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.findings import Violation

_STACK_TRACE = re.compile(
    r"Traceback \(most recent call last\)"
    r"|^[ \t]*at \S.{0,300}:(line )?\d+\)?$"  # JavaScript, Java, C#
    r"|^[ \t]*File \".{1,300}\", line \d+"  # Python
    r"|^goroutine \d+ \[|\.go:\d+ \+0x"  # Go
    r"|^#\d+ /\S+\(\d+\)",  # PHP
    re.MULTILINE,
)


def is_error(exchange: Exchange) -> bool:
    """Whether a response is an error with a body."""
    return exchange.status >= 400 and bool(exchange.response.body)


def no_stack_trace(exchange: Exchange) -> Violation | None:
    """Searches the body, and every string of its JSON."""
    searched = [exchange.response.body.decode(errors="replace"), *texts(exchange.json.value)]
    found = next(filter(None, map(_STACK_TRACE.search, searched)), None)
    return found and Violation("no stack trace", f"`{found[0].strip()[:80]}`")


def texts(value: Document) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts(member)
