"""One run against one target: sends calls, keeps what was seen, and judges it.

1. Every answer is judged by every rule that applies, whoever asked for it.
2. What a probe makes is fresh: an address is never used for two purposes, and each has the run's id in it.
3. The rate limit and the write budget are kept here and nowhere else; a mode read-only sends nothing that could create,
   and nothing again of the kind that was granted against all reason.
4. Every answer is measured again by the oracles; where they and the rules do not agree, the requirement is in doubt.
5. A target that does not answer three times in a row is given up: no run hangs.
"""

import random
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from invite_specs import contract as specs_contract

from invite_conformance.addresses import Addresses
from invite_conformance.catalogue import catalogue
from invite_conformance.checks import Flaw, Suite, suite
from invite_conformance.exchange import Call, Seen, describe
from invite_conformance.grants import Grants
from invite_conformance.json_text import read_json
from invite_conformance.oracle import Oracle
from invite_conformance.plan import Plan
from invite_conformance.redaction import Redaction
from invite_conformance.states import Deselected, NotInMode, States, Unmet
from invite_conformance.target import Target
from invite_conformance.wire import Wire, WireError

_PATIENCE = 3
"""Calls in a row without an answer, after which the target is given up."""
_Choice = TypeVar("_Choice")
_SLOW_DOWNS = 4
"""How often a call is sent again after 429."""


class UnreachableError(WireError):
    """The target was given up."""


@dataclass(frozen=True)
class Finding:
    """One judgement on one requirement."""

    requirement: str
    flaw: Flaw | None
    """None where it was kept."""
    seen: Seen | None


class Session:
    """Sends, records and judges; threads may share it. Raises LookupError for an unknown contract."""

    def __init__(self, target: Target, plan: Plan) -> None:
        self.target = target
        self.plan = plan
        self.random = random.Random(plan.seed)  # noqa: S311  # repeatable choices, no secrets
        self.id = secrets.token_hex(4)
        """In every address that the run invites."""
        self._addresses = Addresses(self.id, target.email_domain)
        self.contract = specs_contract(target.contract)
        self.suite: Suite = suite(target.contract)
        self.redaction = Redaction(target.secrets, target.redact)
        self.states = States(target, self.redaction)
        self.wire = Wire(target)
        self._oracle = Oracle(self.contract, [one.id for one in catalogue(target.contract)])
        self.journal: list[Seen] = []
        self.findings: dict[str, list[Finding]] = defaultdict(list)
        """By requirement, in the order of the exchanges."""
        self.doubts: dict[str, str] = {}
        """By requirement: what the oracles and the rules say of an answer, where they do not agree."""
        self.notices: list[str] = []
        """What the user should know beside the verdicts."""
        self.writes = 0
        self._grants = Grants()
        self._silent = 0
        self._last_error = ""
        self._hurried = False
        """The last call was answered 429 however long it waited; the next ones wait no more."""
        self._next_send = 0.0
        self._lock = threading.RLock()
        self._probe = ("", 0)
        self._position = 0
        self._turn: int | None = None

    # What probes use

    def fresh_email(self, local: str = "invite") -> str:
        """An address of the target's domain that was never used before."""
        return self._addresses.fresh(local)

    def turn(self, choices: Sequence[_Choice]) -> _Choice:
        """One of the choices, each in its turn from run to run; where a run repeats a failure, the one that failed."""
        if self._turn is None:
            self._turn = self._probe[1] % len(choices)
        return choices[self._turn]

    def granted(self, state: str) -> bool:
        """Whether a call was granted that an honest server refuses for that state."""
        return self._grants.known(state)

    def send(self, call: Call) -> Seen:
        """Send a call, record its answer and let the rules judge it.

        Raises Deselected if mode or budget do not allow it, WireError if no answer comes, Unmet if the target will not
        hear more for now.
        """
        for attempt in range(_SLOW_DOWNS + 1):
            seen = self._exchange(call)
            if seen.status != 429:
                self._hurried = False
                return seen
            if attempt == _SLOW_DOWNS or self._hurried:
                break
            after = seen.answer.header("retry-after")
            time.sleep(min(float(after) if after.isdecimal() else 0.25 * 2**attempt, 5))
        self._hurried = True
        raise Unmet(f"the target still answers 429 after {_SLOW_DOWNS} waits: lower `rate_limit` in {self.target.path}")

    def expect(self, requirement: str, seen: Seen, *statuses: int, received: str = "") -> bool:
        """Judge a requirement by the status of an answer; gives whether it was kept.

        For a 400 or 403 an undocumented status that the target file accepts will do.
        """
        if {400, 403}.intersection(statuses):
            statuses += tuple(status for status in self.target.accepted_statuses if status // 100 == 4)
        expected = " or ".join(str(status) for status in statuses)
        return self.judge(requirement, seen.status in statuses, expected, seen, received)

    def judge(self, requirement: str, kept: bool, expected: str, seen: Seen | None, received: str = "") -> bool:
        """Judge a requirement (its id without the contract's name); gives `kept` back.

        `received` is the answer's status line unless it is given.
        """
        flaw = None if kept else Flaw(expected, received or (seen.answer.status_line if seen else ""))
        self.find(f"{self.target.contract}.{requirement}", flaw, seen)
        return kept

    def find(self, requirement: str, flaw: Flaw | None, seen: Seen | None) -> None:
        """Record a judgement on a requirement of that full id; `flaw` is None where it was kept."""
        if flaw is not None:
            flaw = Flaw(self.redaction.text(flaw.expected), self.redaction.text(flaw.received))
        with self._lock:
            self.findings[requirement].append(Finding(requirement, flaw, seen))

    @contextmanager
    def running(self, probe: str, run: int, position: int = 0, turn: int | None = None) -> Iterator[None]:
        """Whatever is sent inside belongs to that run of that probe, the first call at that position."""
        with self._lock:
            self._probe, self._position, self._turn = (probe, run), position, turn
        try:
            yield
        finally:
            with self._lock:
                self._probe = ("", 0)

    def close(self) -> None:
        """Close connections and take down the states. Raises SetupError."""
        self.wire.close()
        self.states.close()

    # How it does it

    def _exchange(self, call: Call) -> Seen:
        self._permit(call)
        url = self.target.base_url + call.path
        headers = {"user-agent": "invite-conformance", "accept": "*/*", "accept-encoding": "gzip"}
        headers |= {name.lower(): value for name, value in self.states.common_headers().items()}
        headers |= {name.lower(): value for name, value in call.headers.items()}
        call = replace(call, headers=headers)
        try:
            answer = self.wire.send(call.method, call.path, dict(headers), call.body)
        except WireError as error:
            with self._lock:
                self._silent += 1
                self._last_error = str(error)
            raise
        self.redaction.learn(read_json(answer.body).value)
        with self._lock:
            self._silent = 0
            (probe, run), position = self._probe, self._position
            self._position += 1
            exchange = describe(call, answer, url, self.redaction, self._addresses.sent(call.body or b""))
            seen = Seen(call, answer, exchange, probe, position, run, self._turn, self.target.accepted_statuses)
            self.journal.append(seen)
            notice = self._grants.add(call, answer, probe, str(self.target.path))
            if notice and self.plan.mode == "read-only":
                self.notices.append(notice)
        broken = []
        for rule in self.suite.rules:
            if rule.applies(seen):
                flaw = rule.flaw(seen)
                self.find(rule.requirement, flaw, seen)
                if flaw is not None:
                    broken.append(rule.requirement)
        with self._lock:
            for requirement, reason in self._oracle.doubts(call.operation, answer, broken):
                self.doubts.setdefault(requirement, self.redaction.text(reason))
        return seen

    def send_wild(self, call: Call) -> Seen | None:
        """Send what a server may well hang up on; None if it does. Raises as `send` does but for that."""
        silent = self._silent
        try:
            return self.send(call)
        except UnreachableError:
            raise
        except WireError:
            self.wire.close()
            self._silent = silent
            return None

    def _permit(self, call: Call) -> None:
        with self._lock:
            if self._silent >= _PATIENCE:
                raise UnreachableError(
                    f"no whole answer to {_PATIENCE} calls in a row ({self._last_error}); see that the server runs at"
                    f" {self.target.base_url}"
                )
            if call.writes and self.plan.mode == "read-only":
                raise NotInMode("it needs a call that could create something, and the mode is read-only")
            if self.plan.mode == "read-only" and self._grants.known(call.refused_for or self._probe[0]):
                raise Deselected("such a call created something, and the mode is read-only; see the notices")
            budget = self.target.write_budget
            if call.writes and budget is not None and self.writes >= budget:
                raise Deselected(f"the write budget of {budget} is spent: raise `write_budget` in {self.target.path}")
            self.writes += call.writes
            wait = 0.0
            if self.target.rate_limit:
                now = time.monotonic()
                wait = max(self._next_send - now, 0)
                self._next_send = max(self._next_send, now) + 1 / self.target.rate_limit
        if wait:
            time.sleep(wait)


def flaws(findings: Iterable[Finding]) -> list[Finding]:
    """Those in which the requirement was not kept."""
    return [finding for finding in findings if finding.flaw is not None]
