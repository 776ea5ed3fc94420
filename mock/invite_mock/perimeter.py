"""The outermost layer: which world a request is for, its envelope, who may call what from where.

1. `/@NAME/…` is `…` in the world NAME; without it the world is `main`.
2. Every answer carries `Mock-Request-Id` and `Mock-Outcome`.
3. Whatever goes wrong inside is logged, and answered with a problem that says so.
4. The contracts are open to pages of every origin; the control API is open to the mock's own pages only, and checks the
   Host header, so that a page elsewhere cannot drive a developer's mock (DNS rebinding).
"""

import hmac
import logging
import os
import re
from collections.abc import Callable
from urllib.parse import unquote

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invite_mock.control import refusal
from invite_mock.forcing import code_of_query
from invite_mock.message import Answer, Envelope, Refusal, problem
from invite_mock.routes import PROBLEMS
from invite_mock.serving import ENVELOPE
from invite_mock.world import MAIN, NAME

CONTROL = "/_mock"
EXPOSED = ("Mock-Request-Id", "Mock-Outcome", "Preference-Applied", "Allow")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]*)?")

Refuse = Callable[[Refusal, str], Answer]
"""A refusal of a request to a path, as the contract that owns the path documents it."""
_log = logging.getLogger(__name__)


class Perimeter:
    """Wraps the API and the documentation pages; `refuse` makes the wire shape that a path's contract documents.

    `host` is the address that the mock listens on. `control_token` guards the control API; without one only a caller
    that addresses this machine by a loopback name, or by `host`, is let in.
    """

    def __init__(self, api: ASGIApp, pages: ASGIApp, refuse: Refuse, *, host: str, control_token: str | None) -> None:
        self._api = api
        self._pages = pages
        self._refuse = refuse
        self._shared_api = CORSMiddleware(
            self._contracts,
            # Not "*": with it a page that sends credentials is refused by its browser (Fetch standard, 3.2.5).
            allow_origin_regex=".*",
            allow_methods=["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
            allow_headers=["*"],
            allow_credentials=True,
            allow_private_network=True,
            expose_headers=EXPOSED,
        )
        self._hosts = {"localhost", "127.0.0.1", "::1", host.lower()}
        self._token = control_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102  # ASGI's entry
        if scope["type"] != "http":
            await self._api(scope, receive, send)
            return
        envelope = Envelope(MAIN, os.urandom(8).hex())
        from_page = any(name == b"origin" for name, _ in scope["headers"])
        # To a page the CORS middleware says it.
        vary = [] if from_page else [(b"vary", b"Origin")]
        started = False

        async def enveloped(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"mock-request-id", envelope.request_id.encode()),
                    (b"mock-outcome", envelope.outcome.encode()),
                    *vary,
                ]
            await send(message)

        path = _path(scope)
        if path.startswith("/@"):
            envelope.world, _, rest = path[2:].partition("/")
            path = f"/{rest}"
        scope = {**scope, "path": path, ENVELOPE: envelope}
        try:
            named = NAME.fullmatch(envelope.world) is not None
            if named and (path == CONTROL or path.startswith(f"{CONTROL}/")):
                refused = self._refuse_control(scope)
                await (refused.send(enveloped) if refused else self._api(scope, receive, enveloped))
            elif named and (path in {"/", "/docs"} or path.startswith("/docs/")):
                await self._pages(scope, receive, enveloped)
            elif from_page:
                await self._shared_api(scope, receive, enveloped)
            else:
                await self._contracts(scope, receive, enveloped)
        except Exception:
            _log.exception("the mock failed to answer %s %s", scope["method"], path)
            if started:
                raise
            await problem(_failure(), unquote(path)).send(enveloped)

    async def _contracts(self, scope: Scope, receive: Receive, send: Send) -> None:
        envelope = scope[ENVELOPE]
        if not NAME.fullmatch(envelope.world):
            envelope.outcome = "unmatched"
            path = unquote(scope["path"])
            await self._refuse(_invalid_world(envelope.world), path).send(send)
            return
        # A browser's address bar can only GET: with __code it gets the answer of the path's documented method.
        if scope["method"] == "GET" and code_of_query(scope["query_string"].decode("latin-1")) is not None:
            scope["method"] = "POST"
        await self._api(scope, receive, send)

    def _refuse_control(self, scope: Scope) -> Answer | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        path = unquote(scope["path"])
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2].lower() != host.lower():
            why = f"A page of {origin[:200]} may not call the control API."
            return problem(refusal("Control.Forbidden", why), path)
        if self._token is not None:
            # RFC 9110 section 11.1: the scheme's name has no case.
            scheme, _, given = headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self._token.encode()):
                answer = problem(refusal("Control.Unauthorized"), path)
                # RFC 9110 section 15.5.2: a 401 MUST carry a WWW-Authenticate header field.
                return Answer(answer.status, answer.body, answer.media_type, {"WWW-Authenticate": "Bearer"})
        elif _hostname(host) not in self._hosts and not _hostname(host).endswith(".localhost"):
            why = f"The control API does not answer to the host {host[:200]!r}."
            return problem(refusal("Control.Forbidden", why), path)
        return None


def _path(scope: Scope) -> str:
    """The path, decoded but for slashes and percent signs inside a segment.

    RFC 3986 section 2.4: a path is taken apart before it is decoded; `/families/a%2Fb/invite` has three segments.
    """
    raw: bytes = scope.get("raw_path") or b""
    if b"%" not in raw:
        path: str = scope["path"]
        return path
    segments = raw.decode("latin-1").split("?")[0].split("/")
    return "/".join(unquote(segment).replace("%", "%25").replace("/", "%2F") for segment in segments)


def _hostname(host: str) -> str:
    """The name or address in a Host field; empty if the field is malformed (RFC 9110 section 7.2)."""
    match = _HOST.fullmatch(host)
    return match[1].strip("[]").lower() if match else ""


def _failure() -> Refusal:
    status, why, remedy = PROBLEMS["Mock.Failed"]
    return Refusal(status, "Mock.Failed", why, remedy)


def _invalid_world(name: str) -> Refusal:
    status, why, remedy = PROBLEMS["World.InvalidName"]
    return Refusal(status, "World.InvalidName", f"{why} Given: {name[:60]!r}.", remedy)
