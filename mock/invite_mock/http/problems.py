"""Refusals over HTTP: the table of problems, and the wire shape in which each API reports them.

1. Whoever refuses raises Refused with a code and a reason; the perimeter renders it, in one place.
2. A code's status, meaning and remedy are in one table an API; what every API can answer is in the table here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

from invite_specs import Json

from invite_mock.http.messages import Answer, Violation
from invite_mock.refusal import Refusal

PROBLEM_JSON = "application/problem+json"
# RFC 3986 section 3.3: the characters that a path contains unescaped; and the percent sign, since what is decoded of a
# path leaves %2F and %25 as they are.
_PATH = "/:@!$&'()*+,;=-._~%"


class Problem(NamedTuple):
    """One entry of a table of problems."""

    status: int
    meaning: str
    remedy: str


Problems = Mapping[str, Problem]
"""Code to problem."""

GENERAL: Problems = {
    "Request.Invalid": Problem(
        400, "The request is not as documented.", "Correct each violation and send the request again."
    ),
    "Request.NotFound": Problem(404, "No document has the path.", "Use one of the paths that the answer lists."),
    "Request.MethodNotAllowed": Problem(
        405, "The path has no such method.", "Use one of the methods in the Allow header."
    ),
    "Request.TooLarge": Problem(413, "The body is larger than 1,048,576 bytes.", "Send a smaller one."),
    "Preference.Unknown": Problem(
        400,
        "The operation documents no answer with the requested code or example.",
        "Ask for one of those that the answer lists, or for none.",
    ),
    "Mock.Failed": Problem(
        500,
        "The mock failed because of an error of its own; its log has the traceback.",
        "Send the request again, and report the error if it stays.",
    ),
    "Store.Busy": Problem(
        503,
        "Another program holds the store.",
        "Close the program that has the file of --store open, or send the request again.",
    ),
    "Store.Failed": Problem(
        503,
        "The store failed.",
        "Check the disk and the file of --store, and send the request again; nothing has been changed.",
    ),
    "World.InvalidName": Problem(
        400,
        "A path that begins with /@ names a world, and this is not a valid name.",
        "Use 1 to 40 lower-case letters, digits and hyphens, such as /@checkout-test/.",
    ),
}
"""What every API of the mock can refuse."""


class Refused(Exception):  # noqa: N818  # an outcome that the perimeter renders, not an error of the mock
    """Ends the processing of a request; a transaction that it leaves is rolled back."""

    def __init__(
        self,
        refusal: Refusal,
        violations: Sequence[Violation] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.violations = violations
        self.headers = headers


class ErrorDetails(NamedTuple):
    """Everything that an error's wire shape can contain."""

    status: int
    code: str
    reason: str
    remedy: str
    violations: Sequence[Violation]
    path: str
    """The path of the request (see `Request.path`)."""


Shape = Callable[[ErrorDetails], Answer]
"""The wire shape of an API's errors."""


def problem_details(error: ErrorDetails) -> Answer:
    """RFC 9457 section 3; every violation in the extension member `errors`.

    The type is the code's section on the mock's own page of problems (RFC 9457 section 3.1.1).
    """
    body: dict[str, Json] = {
        "type": f"/docs/problems#{error.code}",
        "title": error.code,
        "status": error.status,
        "detail": f"{error.reason} {error.remedy}",
        "instance": reference(error.path),
    }
    if error.violations:
        body["errors"] = [violation_entry(one) for one in error.violations]
    return Answer(error.status, body, PROBLEM_JSON)


def violation_entry(violation: Violation) -> dict[str, Json]:
    """A violation as JSON: where, what, received and expected."""
    source, where = violation.source
    return {
        "pointer": violation.pointer,
        source: where,
        "message": violation.message,
        "received": violation.received,
        "expected": violation.expected,
    }


def reference(path: str) -> str:
    """A path (see `Request.path`) as a URI reference, as `instance` must be (RFC 9457 section 3.1.5)."""
    return quote(path, safe=_PATH)


@dataclass(frozen=True, slots=True)
class Refusals:
    """How one API refuses: its own problems, and the wire shape of its errors."""

    problems: Problems
    shape: Shape | None = None
    """None: as the operation documents it, and problem details where there is no operation."""

    def details(self, refused: Refused, path: str) -> ErrorDetails:
        """What is refused at that path (see `Request.path`). Raises KeyError for an unknown code."""
        code, reason, _ = refused.refusal
        problem = self.problems.get(code) or GENERAL[code]
        return ErrorDetails(problem.status, code, reason or problem.meaning, problem.remedy, refused.violations, path)

    def answer(self, refused: Refused, path: str) -> Answer:
        """The answer to a request of that path. Raises KeyError for an unknown code."""
        error = self.details(refused, path)
        return (self.shape or problem_details)(error)._replace(headers=refused.headers, reason=error.reason)
