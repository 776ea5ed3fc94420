"""What a test expects of the requests in a journal, and whether they satisfy it.

1. Events are added as they come. An expectation is settled once no further event can change whether it holds.
2. Of what does not match only the nearest requests are kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from invite_specs import Document, Json

from invite_mock.http.messages import header_fields
from invite_mock.http.request_match import Difference, differences
from invite_mock.state.journal import Event

_MOST_MISSES = 3
_MOST_MATCHED = 100
"""The most requests that are named as matching."""


class Bounds(NamedTuple):
    """How often a request is expected."""

    least: int
    most: int | None

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        if self.least == self.most:
            return f"exactly {self.least}"
        return f"{self.least} to {self.most}" if self.least else f"at most {self.most}"


def bounds(times: Document) -> Bounds:
    """The bounds that the member `times` of a verification says; without it at least one."""
    if times is None:
        return Bounds(1, None)
    if times == "never":
        return Bounds(0, 0)
    exactly = times.get("exactly")
    least = max(times.get("atLeast", 0), exactly or 0)
    most = [one for one in (times.get("atMost"), exactly) if one is not None]
    return Bounds(int(least), int(min(most)) if most else None)


class Often:
    """A request that is expected some number of times."""

    def __init__(self, step: Document, times: Bounds) -> None:
        self._step = step
        self._times = times
        self._count = 0
        self._matched: list[Json] = []
        self._misses = _Misses()

    def add(self, event: Event) -> None:
        """Take the next request."""
        found = list(_differences(self._step, event))
        if found:
            self._misses.add(event, found)
            return
        self._count += 1
        if len(self._matched) < _MOST_MATCHED:
            self._matched.append(event.request_id)

    @property
    def holds(self) -> bool:
        """Whether it holds by what was added."""
        return self._times.least <= self._count and not self._too_many

    @property
    def settled(self) -> bool:
        """Whether no further event can change that."""
        return self._too_many or (self._times.most is None and self.holds)

    @property
    def _too_many(self) -> bool:
        return self._times.most is not None and self._count > self._times.most

    @property
    def verdict(self) -> dict[str, Json]:
        """The Verdict of the control API's document, without `complete`."""
        number = "1 request matches" if self._count == 1 else f"{self._count} requests match"
        return {
            "holds": self.holds,
            "count": self._count,
            "reason": f"{number}; expected: {self._times}.",
            "matched": self._matched,
            "misses": self._misses.shown if self._count < self._times.least else [],
        }


class InOrder:
    """Requests that are expected one after the other; others may come between them."""

    def __init__(self, steps: Sequence[Document]) -> None:
        self._steps = steps
        self._matched: list[str] = []
        self._early: dict[int, Event] = {}
        self._misses = _Misses()

    def add(self, event: Event) -> None:
        """Take the next request."""
        if self.settled:
            return
        now = len(self._matched)
        found = list(_differences(self._steps[now], event))
        if not found:
            self._matched.append(event.request_id or "")
            self._misses = _Misses()
            return
        self._misses.add(event, found)
        for later in range(now + 1, len(self._steps)):
            if not any(_differences(self._steps[later], event)):
                self._early[later] = event

    @property
    def holds(self) -> bool:
        """Whether it holds by what was added."""
        return len(self._matched) == len(self._steps)

    @property
    def settled(self) -> bool:
        """Whether no further event can change that."""
        return self.holds

    @property
    def verdict(self) -> dict[str, Json]:
        """The Verdict of the control API's document, without `complete`."""
        count, number = len(self._matched), len(self._steps)
        if self.holds:
            reason = f"All {number} steps match in this order."
        else:
            after = f" after {self._matched[-1]}" if self._matched else ""
            reason = f"{count} of {number} steps match in this order; no request{after} matches step {count + 1}."
            if count in self._early and self._matched:
                order = Difference("order", f"after {self._matched[-1]}", ["before it"])
                self._misses.add(self._early[count], [order])
        return {
            "holds": self.holds,
            "count": count,
            "reason": reason,
            "matched": [*self._matched],
            "misses": [] if self.holds else self._misses.shown,
        }


Expectation = Often | InOrder
"""What is expected, while events are added."""


class _Misses:
    """The requests that come nearest, each with its differences: the fewest first, then the newest."""

    def __init__(self) -> None:
        self._nearest: list[tuple[int, int, Event, Sequence[Difference]]] = []

    def add(self, event: Event, found: Sequence[Difference]) -> None:
        self._nearest.append((len(found), -event.number, event, found))
        self._nearest.sort(key=lambda one: one[:2])
        del self._nearest[_MOST_MISSES:]

    @property
    def shown(self) -> list[Json]:
        return [
            {
                "id": event.request_id,
                "operation": event.operation,
                "status": event.status,
                "differences": [_shown(one) for one in found],
            }
            for _, _, event, found in self._nearest
        ]


def _differences(step: Document, event: Event) -> Iterator[Difference]:
    """Where a request is not as a step says."""
    data: Any = event.data
    match = step.get("match", {})
    if step.get("operation") not in {None, event.operation}:
        received = event.operation or f"none: {data['method']} {data['path']}"
        yield Difference("operation", step["operation"], [received])
    if step.get("contract") not in {None, data["contract"]}:
        yield Difference("contract", step["contract"], [data["contract"]])
    for name, value in (("status", event.status), ("outcome", event.outcome)):
        if match.get(name) not in {None, value}:
            yield Difference(name, match[name], [value])
    about = {**match}
    if match.get("email", "").lower() == event.email:
        # The invite's, where the body has none.
        about.pop("email", None)
    if not about.keys() & {"body", "headers", "email"}:
        return
    sent = data["request"]
    if about.get("body") and sent.get("cut"):
        yield Difference("body", "one that was kept whole", [f"the first bytes of {sent['size']}"])
        about.pop("body")
    yield from differences(about, _body(sent), _headers(sent["headers"]))


def _body(sent: Mapping[str, Any]) -> Json:
    try:
        value: Json = orjson.loads(sent["body"] or "null")
    except orjson.JSONDecodeError:
        return None
    return value


def _headers(fields: Sequence[Mapping[str, str]]) -> dict[str, str]:
    # As `header_fields` joins those that are repeated.
    return header_fields([(one["name"].lower().encode("latin-1"), one["value"].encode("latin-1")) for one in fields])


def _shown(one: Difference) -> Json:
    found: dict[str, Json] = {"member": one.member, "expected": one.expected}
    if one.received:
        found["received"] = one.received[0] if len(one.received) == 1 else [*one.received]
    return found
