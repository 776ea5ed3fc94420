"""The outermost layer: the world of a request, its envelope, who may call what from where, and every refusal.

1. `/@NAME/…` is `…` in the world NAME; without it the world is `main`.
2. Every answer carries `Mock-Request-Id` and `Mock-Outcome`.
3. Whatever is refused inside is rendered here, in the shape that the path's API documents; an exception that is no
   refusal is logged and answered with a problem that says so.
4. A request to an operation whose body did not arrive whole is answered by nothing.
5. The contracts are open to pages of every origin; the control API is not (see `guard`).
6. Every request to the contracts is recorded, with what the layers found, once it is answered.
"""

import logging
import os
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invite_mock.http.forced_answers import code_of_query
from invite_mock.http.guard import Guard
from invite_mock.http.messages import ENVELOPE, Envelope
from invite_mock.http.problems import Refusals, Refused
from invite_mock.http.routes import Routes
from invite_mock.refusal import Refusal
from invite_mock.state.store import StoreBusyError, StoreError
from invite_mock.state.world import MAIN, NAME

CONTROL = "/_mock"
EXPOSED = ("Mock-Request-Id", "Mock-Outcome", "Mock-Detail", "Preference-Applied", "Allow")
_log = logging.getLogger(__name__)


Record = Callable[[Scope, Envelope, int], None]
"""Takes a request that was answered: its scope, its envelope, and how long it took in nanoseconds."""


class Inside(NamedTuple):
    """What the perimeter surrounds."""

    api: ASGIApp
    """Contracts and control API."""
    pages: ASGIApp
    routes: Routes
    """Those of the contracts."""
    refusals: Refusals
    """How pages and control API refuse."""
    record: Record


class Perimeter:
    """Surrounds the contracts, the control API and the pages; `guard` protects the control API."""

    def __init__(self, inside: Inside, guard: Guard) -> None:
        self._api, self._pages, self._routes, self._refusals, self._record = inside
        self._guard = guard
        self._shared = CORSMiddleware(
            self._contracts,
            # Not "*": a browser then refuses the answer to a page that sends credentials (Fetch standard, 3.2.5).
            allow_origin_regex=".*",
            allow_methods=["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
            allow_headers=["*"],
            allow_credentials=True,
            allow_private_network=True,
            expose_headers=EXPOSED,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102  # ASGI's entry
        if scope["type"] != "http":
            await self._api(scope, receive, send)
            return
        began = time.perf_counter_ns()
        envelope = Envelope(MAIN, os.urandom(8).hex())
        trace = envelope.trace
        from_page = any(name == b"origin" for name, _ in scope["headers"])
        # In an answer to a page, the CORS middleware adds it.
        vary = [] if from_page else [(b"vary", b"Origin")]

        async def enveloped(message: Message) -> None:
            if message["type"] == "http.response.start":
                trace.status = message["status"]
                trace.headers = message["headers"] = [
                    *message.get("headers", ()),
                    (b"mock-request-id", envelope.request_id.encode()),
                    (b"mock-outcome", envelope.outcome.encode()),
                    *vary,
                ]
            else:
                trace.content += message.get("body", b"")
            await send(message)

        path = _path(scope)
        if path.startswith("/@"):
            envelope.world, _, rest = path[2:].partition("/")
            path = f"/{rest}"
        scope = {**scope, "path": path, ENVELOPE: envelope}
        named = NAME.fullmatch(envelope.world) is not None
        if named and (path == CONTROL or path.startswith(f"{CONTROL}/")):
            await self._rendered(self._control, lambda _path: self._refusals, scope, receive, enveloped)
        elif named and self._is_page(path, scope):
            await self._rendered(self._pages, lambda _path: self._refusals, scope, receive, enveloped)
        else:
            try:
                await (self._shared if from_page else self._contracts)(scope, receive, enveloped)
            finally:
                self._record(scope, envelope, time.perf_counter_ns() - began)

    def _is_page(self, path: str, scope: Scope) -> bool:
        """Whether a request is for a page of the mock; where a document has the path too, browsers get the page."""
        if path not in {"/", "/docs"} and not path.startswith("/docs/"):
            return False
        accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
        return b"text/html" in accept or not self._routes.operations(path)

    async def _rendered(
        self, app: ASGIApp, refusals: Callable[[str], Refusals], scope: Scope, receive: Receive, send: Send
    ) -> None:
        """The answer of `app`, or the refusal that it raises."""
        try:
            await app(scope, receive, send)
        except Refused as refused:
            await _refuse(refused, refusals, scope, send)
        except ClientDisconnect:
            # Only whole requests are answered; the client of this one is gone.
            return
        except StoreError as error:
            _log.warning("the store failed while %s %s was answered: %s", scope["method"], scope["path"], error)
            if isinstance(error, StoreBusyError):
                refusal = Refusal("Store.Busy", f"Another program holds the store: {error}.")
            else:
                refusal = Refusal("Store.Failed", f"The store failed: {error}.")
            await _refuse(Refused(refusal), refusals, scope, send)
        except Exception:
            _log.exception("the mock failed to answer %s %s", scope["method"], scope["path"])
            if scope[ENVELOPE].trace.status:
                raise
            await _refuse(Refused(Refusal("Mock.Failed")), refusals, scope, send)

    async def _control(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._guard.check(scope)
        await self._api(scope, receive, send)

    async def _contracts(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._rendered(self._contract, self._routes.refusals, scope, receive, send)

    async def _contract(self, scope: Scope, receive: Receive, send: Send) -> None:
        envelope = scope[ENVELOPE]
        if not NAME.fullmatch(envelope.world):
            envelope.outcome = "unmatched"
            raise Refused(Refusal("World.InvalidName", f"{envelope.world[:60]!r} is not a valid name of a world."))
        # An address bar can only send GET: with __code it gets the answer of the method that documents the code.
        code = code_of_query(scope["query_string"].decode("latin-1")) if scope["method"] == "GET" else None
        if code is not None:
            scope = {**scope, "method": self._routes.method_for(scope["path"], code)}
        await self._api(scope, receive, send)


async def _refuse(refused: Refused, refusals: Callable[[str], Refusals], scope: Scope, send: Send) -> None:
    """Send the refusal in the shape of the path's API, and keep it for the journal."""
    path, trace = scope["path"], scope[ENVELOPE].trace
    answer = refusals(path).answer(refused, path)
    trace.refuse(refused.refusal, refused.violations)
    trace.reason = answer.reason
    await answer.send(send)


def _path(scope: Scope) -> str:
    """The path, decoded except for slashes and percent signs inside a segment.

    RFC 3986 section 2.4: a path is split before it is decoded; `/families/a%2Fb/invite` has three segments.
    """
    raw: bytes = scope.get("raw_path") or b""
    if b"%" not in raw:
        path: str = scope["path"]
        return path
    segments = raw.decode("latin-1").split("?")[0].split("/")
    return "/".join(unquote(segment).replace("%", "%25").replace("/", "%2F") for segment in segments)
