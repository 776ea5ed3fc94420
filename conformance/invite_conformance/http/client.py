"""Sends the calls of one run to one target, and keeps what came back.

1. The rate limit and the write budget are kept here and nowhere else; mode read-only sends nothing that a server might
   accept, and after an unexpected success no more calls of that kind.
2. A target that does not respond three times in a row is given up, and so is one whose every response has a status that
   no operation documents: no run hangs, and one cause is one error.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from invite_conformance.http.commands import described
from invite_conformance.http.errors import ConnectError, TlsError, TransportError
from invite_conformance.http.exchange import Call, Exchange, Origin
from invite_conformance.http.log import Log
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.http.transport import Transport
from invite_conformance.plan import Plan
from invite_conformance.target.addresses import Addresses
from invite_conformance.target.redaction import Redaction
from invite_conformance.target.states import Blocked, Deselected, NotInMode, States
from invite_conformance.target.target import Target

_PATIENCE = 3
"""Calls in a row without a response, after which the target is given up."""
_SLOW_DOWNS = 4
"""How often a call is sent again after 429."""
_LONGEST_WAIT = 60.0
"""Seconds that a Retry-After is waited for."""


class GivenUpError(TransportError):
    """The target was given up; the message is the one cause."""


@dataclass
class Client:
    """Sends calls, within the limits of target file and mode, and gives each exchange to `observe`."""

    target: Target
    plan: Plan
    states: States
    transport: Transport
    redaction: Redaction
    addresses: Addresses
    log: Log
    observe: Callable[[Exchange], None]

    def send(self, call: Call, origin: Origin = Origin(), after: Sequence[Exchange] = ()) -> Exchange:  # noqa: B008  # a value
        """Send a call; after 429, wait as long as the target asks and send it again.

        Raises Deselected if mode or budget do not allow it, TransportError if no response comes, Blocked if the target
        still answers 429.
        """
        for attempt in range(_SLOW_DOWNS + 1):
            exchange = self._exchange(call, origin, after)
            if exchange.status != 429:
                self.log.hurried = False
                return exchange
            if attempt == _SLOW_DOWNS or self.log.hurried:
                break
            time.sleep(_wait(exchange.response, attempt))
        self.log.hurried = True
        raise Blocked(
            f"the target still answers 429 after {_SLOW_DOWNS} waits: lower `rate_limit` in {self.target.path}"
        )

    def send_together(self, calls: Sequence[Call], origins: Sequence[Origin]) -> list[Exchange]:
        """Send calls so that their last bytes arrive at the same instant. Raises as `send` does."""
        for call, origin in zip(calls, origins, strict=True):
            self._permit(call, origin)
        complete = [replace(call, headers=self._headers(call)) for call in calls]
        results = self.transport.send_together(
            [Request(call.method, call.path, call.headers, call.body) for call in complete]
        )
        answered = [
            (call, result, origin)
            for call, result, origin in zip(complete, results, origins, strict=True)
            if isinstance(result, Response)
        ]
        for call, response, _ in answered:
            self._learn(call, response)
        exchanges = [self._record(call, response, origin, ()) for call, response, origin in answered]
        for result in results:
            if isinstance(result, TransportError):
                self._no_response(result)
                raise result
        return exchanges

    def send_unusual(self, call: Call, origin: Origin) -> Exchange | None:
        """Send what a correct server may close the connection on; None if it does. Else raises as `send` does."""
        silent = self.log.silent
        try:
            return self.send(call, origin)
        except GivenUpError:
            raise
        except TransportError as error:
            if isinstance(error, ConnectError | TlsError):
                raise
            self.log.silent = silent
            return None

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()

    def _exchange(self, call: Call, origin: Origin, after: Sequence[Exchange]) -> Exchange:
        self._permit(call, origin)
        call = replace(call, headers=self._headers(call))
        try:
            response = self.transport.send(call.method, call.path, call.headers, call.body)
        except TransportError as error:
            self._no_response(error)
            raise
        self._learn(call, response)
        return self._record(call, response, origin, after)

    def _learn(self, call: Call, response: Response) -> None:
        sent = unquote(call.path) + (call.body or b"").decode(errors="replace")
        self.redaction.learn(response.headers, response.body, sent)

    def _headers(self, call: Call) -> dict[str, str]:
        headers = {"user-agent": "invite-conformance", "accept": "*/*", "accept-encoding": "gzip"}
        headers |= {name.lower(): value for name, value in self.states.common_headers().items()}
        return headers | {name.lower(): value for name, value in call.headers.items()}

    def _record(self, call: Call, response: Response, origin: Origin, after: Sequence[Exchange]) -> Exchange:
        fresh = self.addresses.sent(call.body or b"")
        record = described(call, response, self.target.base_url, self.redaction)
        after = (*call.after, *after)
        exchange = Exchange(call, response, record, origin, after, self.target.accepted_statuses, fresh)
        self.log.add(exchange)
        notice = self.log.unexpected.add(call, response, origin.check, str(self.target.path))
        if notice and self.plan.mode == "read-only":
            self.log.notices.append(notice)
        self.observe(exchange)
        return exchange

    def _no_response(self, error: TransportError) -> None:
        self.log.silent += 1
        self.log.no_response.append(error)

    def _permit(self, call: Call, origin: Origin) -> None:
        if self.log.silent >= _PATIENCE:
            last = self.log.no_response[-1]
            self.log.given_up = f"{last.reason} (no response to {_PATIENCE} calls in a row, the last one {last.call})"
        else:
            self.log.given_up = self.log.foreign()
        if self.log.given_up:
            raise GivenUpError(self.log.given_up)
        if self.plan.mode == "read-only":
            if call.writes:
                raise NotInMode("it needs a call that could create something, and the mode is read-only")
            if self.log.unexpected.known(call.refused_for or origin.check):
                raise Deselected("such a call created something, and the mode is read-only; see the notices")
        budget = self.target.write_budget
        if call.writes and budget is not None and self.log.writes >= budget:
            raise Deselected(f"the write budget of {budget} is spent: raise `write_budget` in {self.target.path}")
        self.log.writes += call.writes
        if self.target.rate_limit:
            wait = self.log.next_send - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self.log.next_send = time.monotonic() + 1 / self.target.rate_limit


def _wait(response: Response, attempt: int) -> float:
    """Seconds to wait before a call is sent again (RFC 9110 section 10.2.3, RFC 6585 section 4)."""
    after = response.header("retry-after")
    return min(float(after), _LONGEST_WAIT) if after.isascii() and after.isdecimal() else 0.25 * 2**attempt
