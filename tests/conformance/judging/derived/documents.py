"""Documents of one operation, and what a function answers to the calls of its derived checks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from conformance.judging.in_process import FunctionTransport
from invite_conformance.http.exchange import Call
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.http.transport import Transport
from invite_conformance.judging.calls import build
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.derived.derived import Derived, Source
from invite_conformance.judging.derived.requests import Requests
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.plan import Plan
from invite_conformance.run import context_for
from invite_conformance.target.target import Target
from invite_specs import Document, Operation, operations

CONTRACT = "client-invites"
"""Contexts are made for this one; no check that a test makes depends on what it says."""
OPERATION = "makeThing"
RESPONSES: Document = {"201": {"description": "Made"}, "400": {"description": "Malformed"}}


def document(
    *, path: str = "/things", method: str = "post", schemas: Document = None, **operation: Document
) -> Document:
    """A document of one operation, `makeThing`."""
    found = {"operationId": OPERATION, "responses": RESPONSES} | operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {path: {method: found}},
        "components": {"schemas": schemas or {}},
    }


def body(schema: Document, media_type: str = "application/json", *, required: bool = True) -> Document:
    """A request body of one media type."""
    return {"required": required, "content": {media_type: {"schema": schema}}}


def operation_of(of: Document) -> Operation:
    """The only operation of a document."""
    (found,) = operations(of)
    return found


def requests_of(of: Document, given: Document = None, path: Mapping[str, object] | None = None) -> dict[str, Derived]:
    """What is derived of the requests, by how the ids end; `given` is the body of a valid call."""
    operation = operation_of(of)

    def valid(_: CheckContext) -> Call:
        return replace(build(operation, path=path or {}, body=given), valid=True)

    derived = Requests(operation, valid, Schemas(of), Source(CONTRACT, OPERATION)).derive()
    return {one.requirement.id.removeprefix(f"{CONTRACT}.{OPERATION}."): one for one in derived}


def sent(one: Derived, answer: Callable[[Request], int] = lambda _: 400, plan: Plan | None = None) -> list[Request]:
    """The requests that the check of a requirement makes; its findings are those of `violations`."""
    return _made(one, answer, plan)[0]


def violations(one: Derived, answer: Callable[[Request], int]) -> list[str]:
    """What the server that answers so does instead of what the requirement says."""
    context = _made(one, answer, None)[1]
    return [found.violation.received for found in context.findings.of(one.requirement.id) if found.violation]


def _made(one: Derived, answer: Callable[[Request], int], plan: Plan | None) -> tuple[list[Request], CheckContext]:
    assert one.active is not None
    target = Target(CONTRACT, "http://127.0.0.1:1", path=Path("target.yaml"))
    context = context_for(target, plan or Plan(), catalogue(CONTRACT))
    transport = FunctionTransport(lambda request: Response(answer(request), (), b"", 0.0))
    context.client.transport = cast("Transport", transport)
    # A 2xx to a valid call was seen, so that a refusal must be one that the document lists.
    context.client.log.succeeded.add(OPERATION)
    one.active.make(context)
    return transport.requests, context
