"""What is answered where no documented operation is: 404 with the routes, 405 and OPTIONS with the methods."""

import re
from collections.abc import Mapping, Sequence

from invite_specs import Operation

from invite_mock.message import Answer, Envelope, Refusal, problem
from invite_mock.service import Service


class Routes:
    """The routes of all documents that are served: each operation with the service that refuses for it, if any."""

    def __init__(self, routes: Sequence[tuple[Operation, Service | None]]) -> None:
        self._routes = routes
        self._patterns = [
            (re.compile(re.sub(r"\{[^}]*\}", "[^/]+", operation.path)), operation, service)
            for operation, service in routes
        ]

    def _at(self, path: str) -> tuple[list[str], Service | None]:
        """The methods of the path, sorted, and the service that owns it."""
        found = [(operation, service) for pattern, operation, service in self._patterns if pattern.fullmatch(path)]
        methods = sorted({operation.method for operation, _ in found} | {"OPTIONS"})
        return methods, found[0][1] if found else None

    def wrong_method(self, method: str, path: str) -> Answer:
        """405 with Allow (RFC 9110 section 15.5.6); to OPTIONS 204 with Allow (section 9.3.7)."""
        methods, service = self._at(path)
        allow = {"Allow": ", ".join(methods)}
        if method == "OPTIONS":
            return Answer(204, headers=allow)
        refusal = Refusal(
            405,
            "Request.MethodNotAllowed",
            f"{path} has no method {method}.",
            f"Use one of {allow['Allow']}.",
            headers=allow,
        )
        return service.refuse(refusal, path) if service else problem(refusal, path)

    def unknown_path(self, path: str, envelope: Envelope) -> Answer:
        """404 with the routes of the contract whose paths are most like it."""
        envelope.outcome = "unmatched"
        near = self._near(path)
        names = [f"{operation.method} {operation.path}" for operation, _ in near or self._routes]
        refusal = Refusal(404, "Request.NotFound", f"There is no path {path}.", f"There are: {', '.join(names)}.")
        return self.refuse(refusal, path)

    def refuse(self, refusal: Refusal, path: str) -> Answer:
        """The refusal as the contract documents it whose paths are most like the path; else as a problem."""
        near = self._near(path)
        service = near[0][1] if near else None
        return service.refuse(refusal, path) if service else problem(refusal, path)

    def _near(self, path: str) -> list[tuple[Operation, Service | None]]:
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
    return [Operation(one.method, base + one.path, one.definition) for one in operations]


Problems = Mapping[str, tuple[int, str, str]]
PROBLEMS: Problems = {
    "Request.NotFound": (404, "No document has the path.", "Use one of the routes that the answer lists."),
    "Request.MethodNotAllowed": (405, "The path has no such method.", "Use one of those in the Allow header."),
    "Request.TooLarge": (413, "The body is larger than 1 MiB.", "Send a smaller one."),
    "Preference.Unknown": (
        400,
        "The operation documents no answer of the code or example that was asked for.",
        "Ask for one of those that the answer lists, or for none.",
    ),
    "Mock.Failed": (
        500,
        "The mock failed, by a fault of its own or of what it runs on; its log says how.",
        "Try again, and report it if it stays.",
    ),
    "World.InvalidName": (
        400,
        "A path that begins with /@ names a world, and this is no name of one.",
        "Name it with 1 to 40 small letters, digits and hyphens, such as /@checkout-test/.",
    ),
}
