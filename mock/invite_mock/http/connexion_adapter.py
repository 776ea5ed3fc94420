"""Connexion, serving OpenAPI 3.1 through its extension points: specification, routing, validation and endpoint.

Connexion 3.3 by itself refuses OpenAPI 3.1, validates with Draft 4 and without formats, reports one error a request,
builds its validators again for each request, and answers 400 to an empty optional body and to a chunked one, 500 to bad
UTF-8 and to deeply nested JSON. What replaces each of these is compiled once, when the application is built.
"""

import asyncio
import itertools
import re
import warnings
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from urllib.parse import unquote

from invite_specs import Document, Operation
from starlette.requests import ClientDisconnect
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from invite_mock.http import bodies
from invite_mock.http.messages import ENVELOPE, Answer, Envelope, Request, header_fields
from invite_mock.http.parameters import Sent
from invite_mock.http.problems import Refused
from invite_mock.http.validation import OperationValidator
from invite_mock.refusal import Refusal
from invite_mock.state.store import StoreBusyError

with warnings.catch_warnings():
    # Starlette's test client, which connexion imports, wants another HTTP client; nothing here uses either.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    from connexion.apps.asynchronous import AsyncApi, AsyncASGIApp
    from connexion.middleware.abstract import ROUTING_CONTEXT, RoutedAPI, RoutedMiddleware
    from connexion.middleware.main import API, ConnexionMiddleware
    from connexion.middleware.routing import RoutingMiddleware
    from connexion.operations import AbstractOperation
    from connexion.resolver import Resolver
    from connexion.spec import OpenAPISpecification

_REQUEST = "invite_mock.request"
_TEMPLATE = re.compile(r"\{([^}]*)\}")
PAUSES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, *[0.1] * 49)
"""Seconds between the attempts of a request while another program holds the store: 5 in all."""


class Sendable(Protocol):
    """An answer as it is sent."""

    async def send(self, send: Send) -> None:
        """Send it as ASGI messages."""
        ...


Respond = Callable[[Request], Answer | Coroutine[Any, Any, Sendable]]
"""Answers a parsed request, or raises Refused or StoreError; what has to wait is answered by a coroutine."""
Unmatched = Callable[[Scope], Answer]
"""Answers a request that matches no operation, or raises Refused."""


@dataclass(frozen=True, slots=True)
class Served:
    """One operation as the mock serves it."""

    validator: OperationValidator
    respond: Respond


class OpenAPI31(OpenAPISpecification):  # type: ignore[misc]  # connexion is untyped
    """The operations of an OpenAPI 3.1 document, which connexion would validate against the schema of 3.0 and refuse.

    Connexion gets of them what it routes by: method, path and a name. It would copy all else, and resolve every
    reference in it, for each of its layers. They are served below `base`; the document's servers are ignored.
    """

    def __init__(self, document: Document, served: Mapping[Operation, Served], base: str = "") -> None:
        named = {f"{one.method} {base}{one.path}": (one, found) for one, found in served.items()}
        paths: Document = {}
        for name, (operation, _) in sorted(named.items(), key=_precedence):
            item = paths.setdefault(base + _numbered(operation.path), {})
            item[operation.method.lower()] = {"operationId": name, "responses": {}}
        super().__init__({"openapi": document["openapi"], "info": document["info"], "paths": paths})
        self.served = named

    @classmethod
    def _validate_spec(cls, spec: Document) -> None:
        """Do nothing; the class says why."""

    def clone(self) -> "OpenAPI31":
        """The same: connexion changes nothing in it."""
        return self


def _precedence(named: tuple[str, tuple[Operation, Served]]) -> tuple[list[tuple[bool, int]], bool]:
    """Literal segments before templated ones (OpenAPI 3.1.1, 4.8.8.2), and HEAD before GET, which answers it too."""
    operation = named[1][0]
    segments = operation.path.split("/")
    return [("{" in one, -len(_TEMPLATE.sub("", one))) for one in segments], operation.method != "HEAD"


def _numbered(path: str) -> str:
    """A path template with names of parameters that Starlette accepts: any characters may be in a document's."""
    numbers = itertools.count()
    return _TEMPLATE.sub(lambda _: f"{{p{next(numbers)}}}", path)


class _Routing(RoutingMiddleware):  # type: ignore[misc]  # connexion is untyped
    """Finds the operation of a request among connexion's routes, or answers with 404 or 405.

    Connexion's own call goes through a router in a mount for each document and copies the scope for each: a fifth of a
    request's time. Every document here has the base path "".
    """

    def __init__(self, app: ASGIApp, unmatched: Mapping[int, Unmatched]) -> None:
        super().__init__(app)
        self._unmatched = unmatched

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 404
        # Connexion lists mounts in reverse; iterate in reverse so that contracts are tried before the control API.
        for mount in reversed(self.router.routes):
            for route in mount.app.routes:
                match, found = route.matches(scope)
                if match is Match.FULL:
                    context = {"api_base_path": "", "operation_id": route.app.operation_id}
                    scope["path_params"] = found["path_params"]
                    scope["extensions"] = {**scope.get("extensions", {}), ROUTING_CONTEXT: context}
                    await self.app(scope, receive, send)
                    return
                if match is Match.PARTIAL:
                    status = 405
        await self._unmatched[status](scope).send(send)


class _ValidationOperation:
    """Reads and validates the request; the endpoint finds the result in the scope.

    `names` are those of the path's parameters, in its order.
    """

    def __init__(self, next_app: ASGIApp, operation: Operation, served: Served, names: Sequence[str]) -> None:
        self._next_app = next_app
        self._operation = operation
        self._served = served
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = header_fields(scope["headers"])
        envelope: Envelope = scope[ENVELOPE]
        envelope.trace.operation = self._operation
        envelope.trace.body = body = await bodies.read(headers, receive)
        if body is None:
            raise Refused(Refusal("Request.TooLarge"))
        validator = self._served.validator
        parameters = {
            name: unquote(value) for name, value in zip(self._names, scope["path_params"].values(), strict=True)
        }
        query = scope["query_string"].decode("latin-1")
        value, violations = validator.read_body(body, headers)
        arguments, before = validator.read_parameters(Sent(parameters, query, headers))
        envelope.trace.violations = before + violations
        scope[_REQUEST] = Request(
            path=scope["path"],
            parameters=parameters,
            headers=headers,
            query=query,
            body=value,
            violations=before + violations,
            envelope=envelope,
            arguments=arguments,
            malformed_parameters=bool(before),
        )
        await self._next_app(scope, receive, send)


class _ValidationAPI(RoutedAPI):  # type: ignore[misc]  # connexion is untyped
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> _ValidationOperation:
        name = operation.operation_id
        operation, served = self.specification.served[name]
        return _ValidationOperation(self.next_app, operation, served, _TEMPLATE.findall(name))


class _Validation(RoutedMiddleware):  # type: ignore[misc]  # connexion is untyped
    api_cls = _ValidationAPI


class _EndpointOperation:
    """Answers the validated request."""

    def __init__(self, served: Served) -> None:
        self._respond = served.respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = await self._answer(scope[_REQUEST])
        if isinstance(found, Answer):
            scope[ENVELOPE].trace.reason = found.reason
            await found.send(send)
        else:
            await _while_connected(_send_later(found, send), receive)

    async def _answer(self, request: Request) -> Answer | Coroutine[Any, Any, Sendable]:
        for pause in PAUSES:
            try:
                return self._respond(request)
            except StoreBusyError:
                # Nothing has been done yet; other requests are served in the meantime.
                await asyncio.sleep(pause)
        return self._respond(request)


async def _send_later(found: Coroutine[Any, Any, Sendable], send: Send) -> None:
    await (await found).send(send)


async def _while_connected(work: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Do what may take long. Raises ClientDisconnect, with the work cancelled, once nobody waits for the answer.

    A server does not cancel it: what is sent to a client that is gone is dropped without an error.
    """

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = [asyncio.ensure_future(work), asyncio.ensure_future(gone())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if not tasks[0].done():
            raise ClientDisconnect
        tasks[0].result()
    finally:
        for one in tasks:
            one.cancel()


class _EndpointAPI(AsyncApi):  # type: ignore[misc]  # connexion is untyped
    def make_operation(self, operation: AbstractOperation) -> _EndpointOperation:
        return _EndpointOperation(self.specification.served[operation.operation_id][1])


class _Endpoints(AsyncASGIApp):  # type: ignore[misc]  # connexion is untyped
    api_cls = _EndpointAPI


def connexion_app(specifications: Mapping[str, OpenAPI31], unmatched: Mapping[int, Unmatched]) -> ConnexionMiddleware:
    """An ASGI application that serves documents through connexion.

    `specifications` maps each document's name to it; `unmatched` answers what matches no operation, by status
    (404: no such path, 405: no such method).
    """
    # Connexion wants a function for each operation; the endpoint operations answer without one.
    resolver = Resolver(lambda operation_id: operation_id)
    middlewares = [partial(_Routing, unmatched=unmatched), _Validation]
    application = ConnexionMiddleware(_Endpoints(), middlewares=middlewares, resolver=resolver)
    for name, specification in specifications.items():
        application.apis.append(API(specification, base_path="", name=name, **application.options.__dict__))
    # Connexion would build its layers, one object for each operation, while the first request waits.
    application.app, application.middleware_stack = application._build_middleware_stack()  # noqa: SLF001  # see above
    return application
