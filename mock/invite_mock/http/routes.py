"""What is answered where no documented operation is: 404 with the routes, 405 and OPTIONS with the methods."""

import re
from collections.abc import Sequence
from dataclasses import replace

from invite_specs import Operation

from invite_mock.http.messages import Answer, Envelope
from invite_mock.http.problems import Refusals, Refused
from invite_mock.refusal import Refusal

Route = tuple[Operation, Refusals]
"""An operation, and how its API refuses."""


class Routes:
    """The routes of one or several documents; `default` refuses where no route is like the path."""

    def __init__(self, routes: Sequence[Route], default: Refusals) -> None:
        self._routes = routes
        self._default = default
        self._patterns = [
            (re.compile(re.sub(r"\{[^}]*\}", "[^/]+", operation.path)), operation.method) for operation, _ in routes
        ]

    def methods(self, path: str) -> list[str]:
        """The documented methods of a path, sorted."""
        return sorted({method for pattern, method in self._patterns if pattern.fullmatch(path)})

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


def _likeness(path: str, template: str) -> int:
    """How many segments from the left are the same."""
    count = 0
    for given, documented in zip(path.split("/")[1:], template.split("/")[1:], strict=False):
        if given != documented and not documented.startswith("{"):
            break
        count += 1
    return count


def operations_below(base: str, operations: Sequence[Operation]) -> list[Operation]:
    """The operations with their paths as a client writes them."""
    return [replace(one, path=base + one.path) for one in operations]
