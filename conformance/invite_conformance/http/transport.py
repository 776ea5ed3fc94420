"""HTTP/1.1 as it comes: one request, one response, nothing followed and nothing repaired.

1. No redirect is followed, no cookie kept, no response repaired; what is not a whole response is a `TransportError`.
2. One deadline is for everything from connecting to the last byte of the body, however slowly bytes drip.
3. A request is written once (RFC 9110 section 9.2.2). It is written again only if a connection that was kept open turns
   out to be closed before one byte was written. Connecting, which sends no request, can be repeated.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

import h11

from invite_conformance.http.connection import Connection, InFlightRequest, drive
from invite_conformance.http.deadline import Deadline
from invite_conformance.http.errors import ConnectError, HungUpError, TimedOutError, TransportError
from invite_conformance.http.kept_connections import KeptConnections
from invite_conformance.http.proxy import proxy_for
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.http.route import Route
from invite_conformance.http.tls import TlsFiles

_LONGEST_BACKOFF = 5.0
_SETTLE_SECONDS = 0.02
"""Between all but the last bytes and the last bytes."""


class Transport:
    """Connections to one server; threads may share it.

    `timeout` is in seconds, for one exchange; `connect_retries` is how often connecting is repeated when it fails, each
    time with a deadline of its own. `proxies` are URLs by scheme, by default the environment's. Raises ValueError for a
    file or a proxy that cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 10,
        connect_retries: int = 0,
        tls_files: TlsFiles | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        files = tls_files or TlsFiles()
        tls = files.context() if parts.scheme == "https" else None
        host, port = parts.hostname or "", parts.port or (443 if tls else 80)
        proxy = proxy_for(parts.scheme, host, port, getproxies_environment() if proxies is None else proxies)
        self._route = Route(host, port, tls, files.ca_file, proxy)
        self._before_path = self._route.before_path + parts.path.rstrip("/")
        self._timeout = timeout
        self._connect_retries = connect_retries
        self._kept = KeptConnections()
        self._answered = False
        """Whether the server ever answered."""

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        """One exchange; `path` follows the base URL and is percent-encoded.

        Raises TransportError, which names the call.
        """
        request = Request(method, path, headers, body)
        with _naming(request.call):
            event = self._event(request)
            deadline = Deadline.within(self._timeout)
            if connection := self._kept.take():
                flight = self._flown(InFlightRequest(connection, event, body or b""), deadline)
                if not isinstance(flight.result, HungUpError):
                    return self._response(flight)
                self._kept.distrust()
                if not flight.nothing_sent:
                    return self._response(flight)
            connection, deadline = self._opened()
            return self._response(self._flown(InFlightRequest(connection, event, body or b""), deadline))

    def send_together(self, requests: Sequence[Request]) -> list[Response | TransportError]:
        """Send the requests so that they become whole at nearly the same instant; gives the results in their order.

        Each has a new connection. All but the last byte of each is sent first, then the last bytes one right after the
        other; for a request without a body that is the byte that ends its head. Raises TransportError if a connection
        cannot be made or a request cannot be sent; nothing was sent then.
        """
        flights: list[InFlightRequest] = []
        try:
            for request in requests:
                with _naming(request.call):
                    event = self._event(request)
                    connection, _ = self._opened()
                    flights.append(InFlightRequest(connection, event, request.body or b"", hold_last=True))
            deadline = Deadline.within(self._timeout)
            drive(flights, deadline, until=lambda flight: not flight.unsent)
            if not any(isinstance(flight.result, TimedOutError) for flight in flights):
                time.sleep(_SETTLE_SECONDS)
                for flight in [one for one in flights if one.result is None]:
                    flight.release()
            drive([one for one in flights if one.result is None], deadline)
        finally:
            for flight in flights:
                flight.connection.close()
        return [self._result(flight, request.call) for flight, request in zip(flights, requests, strict=True)]

    def close(self) -> None:
        """Close the connections that are kept open; the transport can be used again."""
        self._kept.close()

    def _event(self, request: Request) -> h11.Request:
        return request.event(self._route.authority, self._before_path, self._route.headers)

    def _opened(self) -> tuple[Connection, Deadline]:
        """A new connection, and the deadline of the exchange that began with making it. Raises TransportError."""
        for attempt in range(self._connect_retries):
            deadline = Deadline.within(self._timeout)
            try:
                return self._route.open(deadline), deadline
            except (ConnectError, TimedOutError):
                time.sleep(min(0.2 * 2**attempt, _LONGEST_BACKOFF))
        deadline = Deadline.within(self._timeout)
        return self._route.open(deadline), deadline

    def _flown(self, flight: InFlightRequest, deadline: Deadline) -> InFlightRequest:
        """The request with its result; its connection is kept if another request can follow."""
        try:
            drive([flight], deadline)
        finally:
            if flight.reusable:
                flight.connection.http.start_next_cycle()
                self._kept.put(flight.connection)
            else:
                flight.connection.close()
        return flight

    def _response(self, flight: InFlightRequest) -> Response:
        """The response, or the error raised."""
        match flight.result:
            case Response() as response:
                self._answered = True
                return self._route.checked(response)
            case HungUpError() as error:
                reason = str(error)
                if not (self._answered or self._route.tls):
                    reason += "; if the server speaks TLS, begin base_url with https"
                if not flight.nothing_sent:
                    reason += (
                        "; the request is not sent again, because it may have been processed (RFC 9110 section 9.2.2)"
                    )
                raise HungUpError(reason)
            case TransportError() as error:
                raise error
        raise AssertionError("a request in flight was taken for finished")

    def _result(self, flight: InFlightRequest, call: str) -> Response | TransportError:
        try:
            return self._response(flight)
        except TransportError as error:
            return error.during(call)


@contextmanager
def _naming(call: str) -> Iterator[None]:
    """Put the call in front of an error's message."""
    try:
        yield
    except TransportError as error:
        raise error.during(call) from error
