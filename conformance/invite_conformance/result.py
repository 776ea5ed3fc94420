"""The values that a run consists of: requirements, exchanges, failures, verdicts and the run's result.

1. A failure is a value; how it reads is decided elsewhere (terminal, reports).
2. Fail is not error is not blocked; everything that is not a pass has a reason.
3. No value here has a secret: an exchange is redacted when it is recorded, so no report can leak one.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class Level(enum.StrEnum):
    """How binding a requirement is; the order is from the most to the least binding."""

    MUST = "must"
    """The published document says it."""
    SHOULD = "should"
    """An RFC it relies on, or what its prose plainly implies."""
    NOTE = "note"
    """Our assumption, or common sense."""


class Verdict(enum.StrEnum):
    """What became of one requirement."""

    PASS = "pass"  # noqa: S105  # a verdict, not a password
    FAIL = "fail"
    """A requirement that decides conformance is not satisfied."""
    WARN = "warn"
    """A requirement below the deciding level is not satisfied."""
    BLOCKED = "blocked"
    """The target does not offer a state that the requirement needs."""
    SKIP = "skip"
    """Deselected by the user (--only, --level, --mode)."""
    ERROR = "error"
    """The suite's own fault or the network's; says nothing about the target."""
    WAIVED = "waived"
    """Not satisfied, and the target file says that this is known, why and until when."""


class Conformance(enum.StrEnum):
    """What a whole run says."""

    CONFORMANT = "conformant"
    NOT_CONFORMANT = "not conformant"
    INCOMPLETE = "incomplete"
    """A deciding requirement is blocked, or a documented status was never observed."""
    ERROR = "error"

    @property
    def exit_code(self) -> int:
        """The exit code of `invite-conformance run`."""
        return {"conformant": 0, "not conformant": 1, "error": 2, "incomplete": 3}[self.value]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence that an implementation must or should satisfy."""

    id: str
    """A stable slug, such as `client-invites.409.already-invited`."""
    contract: str
    level: Level
    sentence: str
    """What is required, as one sentence that begins with a capital and ends with a full stop."""
    citation: str
    """A JSON Pointer into the published document, or an RFC section such as `RFC 9457 section 3.1`."""
    method: str
    """How the suite checks it, in a sentence or two."""
    remedy: str
    """What to change in a server that fails it."""
    states: tuple[str, ...] = ()
    """The target's states that it needs, as the target file names them."""
    source: str = ""
    """The publisher's own words that stand behind it, or the RFC's; empty for common sense."""
    document: Path = Path()
    """The file of the published document."""
    line: int | None = None
    """The line of what it cites there, from 1; None for an RFC, and for what another file says."""


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """One request and its answer, redacted."""

    method: str
    url: str
    request_headers: Mapping[str, str]
    request_body: str | None
    status: int | None
    """None if no answer came."""
    response_headers: Mapping[str, str]
    response_body: str
    elapsed: float
    """Seconds from sending to the last byte."""
    operation: str = ""
    """The operation's method and path template, such as `POST /clients/{clientId}/invites`; empty outside them."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which one requirement is not satisfied."""

    requirement: str
    expected: str
    received: str
    exchanges: tuple[ExchangeRecord, ...] = ()
    """The calls that show it, in their order; the last one is at fault. Empty for what only a whole run shows."""
    rate: float | None = None
    """For an intermittent fault: the share of the tries that failed, between 0 and 1."""
    command: str = ""
    """Shell commands that send the same requests in their order, with `$NAME` where a secret stood."""

    @property
    def exchange(self) -> ExchangeRecord | None:
        """The exchange at fault; None for what only a whole run shows."""
        return self.exchanges[-1] if self.exchanges else None


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one requirement."""

    requirement: Requirement
    verdict: Verdict
    reason: str = ""
    """Why the verdict is not `pass`: the state that is missing, the waiver, the error."""
    failures: tuple[Failure, ...] = ()
    exchanges: tuple[ExchangeRecord, ...] = ()
    """For an error: the calls that led to it; at the last the check crashed, or validators disagree about it."""
    command: str = ""
    """For an error: shell commands that send the same requests again."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of several failures or errors."""

    text: str
    """What is probably wrong, and what to look at."""
    requirements: tuple[str, ...]
    """The ids of the requirements whose failures or errors it explains."""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that one run of the suite found out."""

    id: str
    seed: int
    contract: str
    target: str
    """The base URL, without user info."""
    mode: str
    level: Level
    started: str
    """RFC 3339, UTC."""
    seconds: float
    requests: int
    results: tuple[Result, ...]
    matrix: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Operation to status (as text) to the number of answers seen; a documented status never seen counts 0."""
    undocumented: tuple[str, ...] = ()
    """Statuses seen that the published document does not list."""
    notices: tuple[str, ...] = ()
    """What the user should know beside the verdicts: expired waivers, chosen states, a time box that ran out."""
    causes: tuple[Cause, ...] = ()
    """What explains several failures or errors at once; said first."""
    conformance: Conformance = Conformance.ERROR
    reproduce: str = ""
    """The command that repeats this run with its seed."""
    only: tuple[str, ...] = ()
    """The ids of the requirements that were chosen; empty for all."""
    bodies: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Request bodies that the commands read from files, by name."""
