"""Bodies that schemathesis makes up: whatever fits is created, whatever does not is refused with 400."""

from invite_conformance.contracts.client_invites.calls import post
from invite_conformance.engines.generation import Case, SchemaViolation, explore
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_BY_FAULT = {
    ("syntax", ""): "400.malformed-json",
    ("required", ""): "400.no-body",
    ("required", "email"): "400.missing-email",
    ("type", "email"): "400.typed-email",
    ("format", "email"): "400.malformed-email",
    ("required", "role"): "400.missing-role",
    ("enum", "role"): "role.unknown-refused",
}
"""The keyword that is violated, and the member at fault."""


@active("201.status", "400.unusual-email", *_BY_FAULT.values(), engine="generation", heavy=True)
def bodies_made_up(context: CheckContext) -> None:
    """Invite with valid and invalid bodies of all kinds, as the Admin."""

    def call(case: Case) -> Call:
        return post(context, case.body, valid=case.valid, writes=case.valid is not False)

    def judge(case: Case, exchange: Exchange) -> None:
        if case.valid:
            context.expect("201.status", exchange, 201)
        elif not case.violations and exchange.status < 500 and set(exchange.call.given) == {"email", "role"}:
            context.expect("400.unusual-email", exchange, 201, 400)
        # With two faults, which of them a server looks at first is its own affair; a 5xx is that of `server-error`.
        elif case.valid is False and len(case.violations) == 1 and exchange.status < 500:
            requirement = _requirement(case.violations[0])
            if requirement is not None:
                context.expect(requirement, exchange, 400)

    explore(context, call, judge)


def _requirement(violation: SchemaViolation) -> str | None:
    match violation:
        case SchemaViolation("type", "", value):
            return {list: "400.array", type(None): "400.null-body"}.get(type(value))
        case SchemaViolation("type", "email", None):
            return "400.null-email"
        case SchemaViolation("enum", "role", None):
            return "400.null-role"
        case SchemaViolation("enum", "role", value) if not isinstance(value, str):
            return "400.typed-role"
    return _BY_FAULT.get((violation.keyword, violation.member))
