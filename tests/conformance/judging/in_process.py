"""Verdicts without a server: checks made in a test, and a transport that is a function."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from invite_conformance.http.exchange import Call
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.http.transport import Transport
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import ActiveCheck, AggregateCheck, Checks, PassiveCheck
from invite_conformance.judging.verdicts import Verdicts
from invite_conformance.plan import Plan
from invite_conformance.result import Level, Requirement
from invite_conformance.run import context_for
from invite_conformance.target.target import Target

CONTRACT = "client-invites"
OPERATION = "createClientInvite"
Serve = Callable[[Request], Response]


class FunctionTransport:
    """Calls a function in place of a server."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self.requests: list[Request] = []

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        request = Request(method, path, headers, body)
        self.requests.append(request)
        return self._serve(request)

    def send_together(self, requests: Sequence[Request]) -> list[Response]:
        return [self.send(one.method, one.path, one.headers, one.body) for one in requests]

    def close(self) -> None:
        pass


def response(status: int, *headers: tuple[str, str]) -> Response:
    return Response(status, headers, b"", 0.0)


def context(serve: Serve, plan: Plan | None = None, **target: object) -> CheckContext:
    """A context whose calls a function answers; every status counts as documented."""
    made = Target(CONTRACT, "http://127.0.0.1:1", path=Path("target.yaml"), **target)  # type: ignore[arg-type]  # of many types
    found = context_for(made, plan or Plan(), catalogue(CONTRACT))
    found.client.transport = cast("Transport", FunctionTransport(serve))
    found.client.log.documented = range(100, 600)
    return found


def requirement(name: str, level: Level = Level.MUST) -> Requirement:
    return Requirement(
        f"{CONTRACT}.{name}", CONTRACT, level, "It is so.", "RFC 9110 section 1", "By a call.", "Fix it."
    )


def active(make: Callable[[CheckContext], None], *names: str, **more: object) -> ActiveCheck:
    settings: dict[str, object] = {"engine": "directed", "repeated": False, "heavy": False} | more
    return ActiveCheck(make.__name__, tuple(f"{CONTRACT}.{name}" for name in names), make, **settings)  # type: ignore[arg-type]  # as above


def verdicts(
    of: CheckContext,
    *checks: ActiveCheck,
    passive: Sequence[PassiveCheck] = (),
    aggregate: Sequence[AggregateCheck] = (),
) -> Verdicts:
    return Verdicts(Checks(CONTRACT, list(passive), list(aggregate), list(checks)), of)


def call(**more: object) -> Call:
    return Call("POST", "/x", operation=OPERATION, **more)  # type: ignore[arg-type]  # as above
