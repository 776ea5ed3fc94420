"""One call as it was meant, and what came back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from invite_specs import Json

from invite_conformance.http.json_text import JsonText, read_json
from invite_conformance.http.response import Response
from invite_conformance.result import ExchangeRecord


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
    """The id of the operation that it is about."""
    elsewhere: bool = False
    """Whether it has another method or a path that no template matches, so that no documented response applies."""
    refusals: tuple[int, ...] = ()
    """Statuses whose documented response applies even if it is elsewhere: for a path parameter that is not valid."""
    params: Mapping[str, str] = field(default_factory=dict)
    """The path's parameters, decoded."""
    valid: bool | None = None
    """Whether the published document allows it; None where that is arguable."""
    writes: bool = True
    """Whether even one lenient server might answer 2xx: never sent in mode read-only."""
    caller: str = ""
    """The state of the target file whose credentials it carries; empty where it carries none of a state."""
    refused_for: str = ""
    """The state of the target file for which a correct server refuses the call; empty if it is the call itself."""
    after: tuple["Exchange", ...] = ()
    """The exchanges without which it shows nothing, such as the one that made what it is about."""
    renew: Callable[[], "Call"] | None = None
    """Makes the same call with fresh data; None where only the whole check can be repeated."""

    @property
    def given(self) -> Json:
        """The JSON value of the body; None if there is none."""
        return None if self.body is None else read_json(self.body).value

    @property
    def given_object(self) -> dict[str, Json]:
        """The JSON object of the body; empty if it is none."""
        given = self.given
        return given if isinstance(given, dict) else {}

    def given_text(self, name: str) -> str | None:
        """A member of the body; None if it is missing or no string."""
        value = self.given_object.get(name)
        return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Origin:
    """Which check made a call."""

    check: str = ""
    """The name of the active check."""
    run: int = 0
    """Which run of the check, from 0."""
    position: int = 0
    """Which call of that run, from 0."""
    choice: int | None = None
    """Which of several choices that run tried, from 0; None if there was nothing to choose."""


@dataclass(frozen=True)
class Exchange:
    """A call and its response."""

    call: Call
    response: Response
    record: ExchangeRecord
    """The same, redacted, for reports."""
    origin: Origin = Origin()
    after: tuple["Exchange", ...] = ()
    """The exchanges without which it shows nothing, the first first."""
    accepted: tuple[int, ...] = ()
    """Undocumented statuses that the target file accepts."""
    fresh: frozenset[str] = frozenset()
    """The numbers of the addresses that the run sent for the first time with it."""

    @property
    def status(self) -> int:
        """The response's status."""
        return self.response.status

    @property
    def elsewhere(self) -> bool:
        """Whether no documented response applies to it."""
        return self.call.elsewhere and self.status not in self.call.refusals

    @property
    def succeeded(self) -> bool:
        """Whether the response is a 2xx."""
        return 200 <= self.status < 300

    @cached_property
    def json(self) -> JsonText:
        """The response's body, read as JSON whatever its media type."""
        return read_json(self.response.body)

    @property
    def object(self) -> dict[str, Json]:
        """The JSON object of the response's body; empty if it is none."""
        value = self.json.value
        return value if isinstance(value, dict) else {}

    def text(self, name: str) -> str | None:
        """A member of the response's JSON object; None if it is missing or no string."""
        value = self.object.get(name)
        return value if isinstance(value, str) else None

    @property
    def steps(self) -> tuple["Exchange", ...]:
        """What shows it again: the exchanges that led to it, then itself."""
        return (*self.after, self)

    @property
    def records(self) -> tuple[ExchangeRecord, ...]:
        """The same, redacted."""
        return tuple(one.record for one in self.steps)
