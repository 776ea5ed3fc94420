"""Every exchange of a run, and what the client's limits depend on."""

from collections.abc import Collection
from dataclasses import dataclass, field

from invite_conformance.http.errors import TransportError
from invite_conformance.http.exchange import Exchange
from invite_conformance.http.response import Response
from invite_conformance.http.unexpected_success import UnexpectedSuccesses

_PAGE = "text/html"
_NOT_FOUND = 404
_NO_ROUTE = {_NOT_FOUND, 410}
_DEAD_ENDS = {*_NO_ROUTE, 401, 407}
_REFUSALS = {*_DEAD_ENDS, 403}
_PAGES = 4
"""Redirects, pages, 401s or 404s in a row, from the first response on, after which the target is given up."""
_INTENTS, _SAME = 3, 2
"""Kinds of calls (valid, invalid, refused for one state or another) of which none had a documented status, after which
the target is given up, sooner if all were answered alike: one fault in an implementation spoils the status of one kind.
"""


@dataclass
class Log:
    """Every exchange of a run, and what the limits depend on."""

    documented: Collection[int]
    """The statuses that the contract's operations document."""
    exchanges: list[Exchange] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    writes: int = 0
    silent: int = 0
    """Calls in a row without a response."""
    no_response: list[TransportError] = field(default_factory=list)
    """Why there was no response, for each call without one."""
    given_up: str = ""
    """Why the target was given up; empty if it was not."""
    succeeded: set[str] = field(default_factory=set)
    """The operations of which a call that is not invalid was answered 2xx."""
    recognised: bool = False
    """Whether any response had a documented status, was no page and not 404, which whatever stands at a wrong base URL
    answers too."""
    unexpected: UnexpectedSuccesses = field(default_factory=UnexpectedSuccesses)
    hurried: bool = False
    """The last call was answered 429 however long it waited; the next ones do not wait."""
    next_send: float = 0.0
    """The monotonic time before which the rate limit allows no call."""

    @property
    def calls(self) -> int:
        """How many calls were made, answered or not."""
        return len(self.exchanges) + len(self.no_response)

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange."""
        self.silent = 0
        self.exchanges.append(exchange)
        call = exchange.call
        if call.valid is not False and not call.elsewhere and not call.refused_for and exchange.succeeded:
            self.succeeded.add(call.operation)
        page = exchange.response.media_type == _PAGE
        known = exchange.status in {*self.documented, *exchange.accepted} - {_NOT_FOUND}
        self.recognised = self.recognised or (known and not page)

    def pages(self) -> bool:
        """Whether every response is a redirect or a page for a person."""
        return all(one.status // 100 == 3 or one.response.media_type == _PAGE for one in self.exchanges)

    def foreign(self) -> str:
        """What every response was, where the target is no implementation of the contract at all; else empty."""
        if self.recognised or not self.exchanges:
            return ""
        response = self.exchanges[-1].response
        pages = self.pages()
        intents = {(one.call.valid is not False, one.call.refused_for) for one in self.exchanges}
        statuses = {one.status for one in self.exchanges}
        if statuses <= _REFUSALS and not pages and (True, "") not in intents:
            return ""  # a correct server refuses what it must refuse
        same = len({(one.status, one.response.media_type) for one in self.exchanges}) == 1
        enough = (pages or statuses <= _DEAD_ENDS) and len(self.exchanges) >= _PAGES
        if not enough and len(intents) < (_SAME if same else _INTENTS):
            return ""
        location = response.header("location")
        what = f"{response.status_line} {response.media_type}".rstrip() + (f" to {location}" if location else "")
        subject = "every response was" if same else "no response is as the contract documents; the last one was"
        return f"{subject} {what}: {_question(response)}"


def _question(response: Response) -> str:
    if response.status in {401, 407}:
        return "are the credentials in the target file right?"
    if response.status >= 500:
        return "is the server up, and is base_url right?"
    if response.status in _NO_ROUTE and response.media_type != _PAGE:
        return "are base_url and the ids under `states` right?"
    return "is base_url right?"
