"""Bodies that schemathesis generates: what is valid is created, what is not is refused with 400."""

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
"""By the keyword that is violated and the member that violates it."""


@active("201.status", "400.unusual-email", *_BY_FAULT.values(), engine="generation", heavy=True)
def generated_bodies(context: CheckContext) -> None:
    """Invite with valid and invalid bodies of all kinds, as the Admin."""

    def call(case: Case) -> Call:
        return post(context, case.body, valid=case.valid)

    def judge(case: Case, exchange: Exchange) -> None:
        if exchange.status == 403 and exchange.call.given_text("role") == "Owner":
            return  # an Admin need not be allowed to make an Owner
        if case.valid:
            context.expect("201.status", exchange, 201)
        elif not case.violations and exchange.status < 500 and set(exchange.call.given_object) == {"email", "role"}:
            context.expect("400.unusual-email", exchange, 201, 400)
        # Of two violations a server may report either; a 5xx is a matter of `server-error`.
        elif case.valid is False and len(case.violations) == 1 and exchange.status < 500:
            requirement = "400.not-utf-8" if _undecodable(case.body) else _requirement(case.violations[0])
            if requirement is not None:
                context.expect(requirement, exchange, 400)

    explore(context, call, judge)


def _undecodable(body: bytes | None) -> bool:
    try:
        (body or b"").decode()
    except UnicodeDecodeError:
        return True
    return False


def _requirement(violation: SchemaViolation) -> str | None:
    match violation:
        case SchemaViolation("type", "", value):
            return {list: "400.array", type(None): "400.null-body"}.get(type(value))
        case SchemaViolation("type", "email", None):
            return "400.null-email"
        case SchemaViolation("enum", "role", None):
            return "400.null-role"
        case SchemaViolation("type", "email", [str()]) | SchemaViolation("enum", "role", [str()]):
            return "400.converted"
        case SchemaViolation("enum", "role", value) if not isinstance(value, str):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return "400.converted" if number else "400.typed-role"
    return _BY_FAULT.get((violation.keyword, violation.member))
