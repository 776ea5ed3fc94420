"""Bodies that schemathesis generates: what is valid is accepted, and what is not is refused."""

from collections.abc import Collection
from dataclasses import replace

from invite_specs import Operation

from invite_conformance.engines.generation import Case, SchemaViolation, explore
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.calls import json_body, with_body
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.derived.changes import malformed
from invite_conformance.judging.derived.invalid_values import aspect_of
from invite_conformance.judging.derived.members import members, slug
from invite_conformance.judging.derived.requests import Requests
from invite_conformance.judging.registry import ValidCall


def generated_bodies(
    requests: Requests, valid: ValidCall, assumed: Operation, known: Collection[str], context: CheckContext
) -> None:
    """Send valid and invalid bodies of all kinds to an operation; `known` are the slugs of its derived requirements."""

    def call(case: Case) -> Call:
        # Where nothing says that a valid call succeeds, a server may have rules that the schema does not give.
        sure = case.valid is False or valid.success
        return replace(with_body(requests.valid(context), case.body), valid=case.valid if sure else None)

    def judge(case: Case, exchange: Exchange) -> None:
        if valid.excused(exchange):
            return
        if case.valid and exchange.call.given and valid.success and exchange.status < 500:
            context.judge(valid.success, 200 <= exchange.status < 300, "2xx", exchange)
        # Of two violations a server may report either; a 5xx is a matter of `server-error`.
        elif case.valid is False and len(case.violations) == 1 and exchange.status < 500:
            ending = _ending(requests, case, case.violations[0])
            if ending in known:
                requests.judge(context, ending, exchange)

    explore(context, assumed, call, judge)


def _ending(requests: Requests, case: Case, violation: SchemaViolation) -> str:
    """The derived requirement that a body with that violation is refused for."""
    if violation.keyword == "syntax":
        return malformed(case.body or b"")
    if violation.keyword == "required":
        return f"request.{slug(violation.path)}.missing" if violation.path else "request.absent"
    pointer = json_body(requests.operation) or ""
    if not violation.path:
        # Whatever is empty some frameworks take for no body.
        return "request.type" if violation.value else "request.null"
    member = members(requests.schemas.document, pointer).get(violation.path)
    if member is None:
        return ""
    aspect = aspect_of(requests.schemas, member.pointer, violation.value)
    return f"request.{slug(violation.path)}.{aspect}"
