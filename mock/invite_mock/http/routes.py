"""What is answered where no documented operation is: 404 with the routes, 405 and OPTIONS with the methods."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from invite_specs import Operation

from invite_mock.http.messages import Answer, Envelope
from invite_mock.http.problems import Refusals, Refused
from invite_mock.refusal import Refusal

Route = tuple[Operation, Refusals]
"""An operation, and how its API refuses."""


_MOST_NAMED = 20
"""The most operations that an answer lists."""


class Routes:
    """The routes of one or several documents; `default` refuses where no route is like the path."""

    def __init__(self, routes: Sequence[Route], default: Refusals) -> None:
        self._routes = routes
        self._default = default
        self._patterns = [(_pattern(operation.path), operation) for operation, _ in routes]

    def operations(self, path: str) -> list[Operation]:
        """The operations of a path."""
        return [operation for pattern, operation in self._patterns if pattern.fullmatch(path)]

    def methods(self, path: str) -> list[str]:
        """The methods that a path has, sorted; where there is GET there is HEAD (RFC 9110 section 9.1)."""
        found = {operation.method for operation in self.operations(path)}
        return sorted(found | ({"HEAD"} if "GET" in found else set()))

    def method_for(self, path: str, code: str) -> str:
        """The method of a path whose operation documents a status; GET, or else its first, where none does."""
        # GET before the others: it is what an address bar sends.
        found = sorted(self.operations(path), key=lambda one: one.method != "GET")
        documenting = [one for one in found if code in map(str, one.statuses)]
        documenting += [one for one in found if code.isdecimal() and one.response(int(code)) is not None]
        return next((one.method for one in (*documenting, *found)), "GET")

    def wrong_method(self, method: str, path: str, envelope: Envelope) -> Answer:
        """204 with Allow to OPTIONS (RFC 9110 section 9.3.7); to another method Refused, with Allow (15.5.6)."""
        allow = ", ".join(sorted({*self.methods(path), "OPTIONS"}))
        if method == "OPTIONS":
            return Answer(204, headers={"Allow": allow})
        envelope.outcome = "unmatched"
        refusal = Refusal("Request.MethodNotAllowed", f"{path} has no method {method}; it has {allow}.")
        raise Refused(refusal, headers={"Allow": allow})

    def unknown_path(self, path: str, envelope: Envelope) -> Answer:
        """Refused, with the routes of the contract whose paths are most like it."""
        envelope.outcome = "unmatched"
        names = [f"{operation.method} {operation.path}" for operation, _ in self._nearest(path) or self._routes]
        if len(names) > _MOST_NAMED:
            names = [*names[:_MOST_NAMED], f"and {len(names) - _MOST_NAMED} more"]
        raise Refused(Refusal("Request.NotFound", f"There is no path {path}. The paths are: {', '.join(names)}."))

    def refusals(self, path: str) -> Refusals:
        """How the API refuses whose paths are most like the path."""
        nearest = self._nearest(path)
        return nearest[0][1] if nearest else self._default

    def _nearest(self, path: str) -> list[Route]:
        """The routes that are most like the path; none if no segment is the same."""
        likeness = [_likeness(path, operation.path) for operation, _ in self._routes]
        best = max(likeness, default=0)
        return [route for route, like in zip(self._routes, likeness, strict=True) if like == best > 0]


def _pattern(template: str) -> re.Pattern[str]:
    """What the paths of a template match."""
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", template))))


def _likeness(path: str, template: str) -> int:
    """How many segments from the left are the same."""
    count = 0
    for given, documented in zip(path.split("/")[1:], template.split("/")[1:], strict=False):
        if given != documented and not documented.startswith("{"):
            break
        count += 1
    return count


def segments_that_differ(path: str, template: str) -> list[tuple[str | None, str | None]] | None:
    """The segments of a path that are not those of a template, each with the documented one; None if all differ.

    A segment is None where one of the two is shorter.
    """
    pairs = list(itertools.zip_longest(path.split("/")[1:], template.split("/")[1:]))
    found = [(given, documented) for given, documented in pairs if not _fits(given, documented)]
    literal = [documented for _, documented in pairs if documented and not documented.startswith("{")]
    return None if literal and all(one in [documented for _, documented in found] for one in literal) else found


def _fits(given: str | None, documented: str | None) -> bool:
    return given == documented or bool(documented and documented.startswith("{") and given)


def operations_below(base: str, operations: Sequence[Operation]) -> list[Operation]:
    """The operations with their paths as a client writes them."""
    return [replace(one, path=base + one.path) for one in operations]
