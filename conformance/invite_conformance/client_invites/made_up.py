"""Bodies that schemathesis makes up: whatever fits is created, whatever does not is refused with 400."""

from invite_conformance.checks import probe
from invite_conformance.client_invites.calls import post
from invite_conformance.exchange import Call, Seen
from invite_conformance.generation import Case, Fault, explore
from invite_conformance.session import Session

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


@probe("201.status", "400.unusual-email", *_BY_FAULT.values(), engine="generation", heavy=True)
def bodies_made_up(session: Session) -> None:
    """Invite with valid and invalid bodies of all kinds, as the Admin."""

    def call(case: Case) -> Call:
        return post(session, case.body, valid=case.valid, writes=case.valid is not False)

    def judge(case: Case, seen: Seen) -> None:
        if case.valid:
            session.expect("201.status", seen, 201)
        elif not case.faults and seen.status < 500 and set(seen.call.given) == {"email", "role"}:
            session.expect("400.unusual-email", seen, 201, 400)
        # With two faults, which of them a server looks at first is its own affair; a 5xx is that of `server-error`.
        elif case.valid is False and len(case.faults) == 1 and seen.status < 500:
            requirement = _requirement(case.faults[0])
            if requirement is not None:
                session.expect(requirement, seen, 400)

    explore(session, call, judge)


def _requirement(fault: Fault) -> str | None:
    match fault:
        case Fault("type", "", value):
            return {list: "400.array", type(None): "400.null-body"}.get(type(value))
        case Fault("type", "email", None):
            return "400.null-email"
        case Fault("enum", "role", None):
            return "400.null-role"
        case Fault("enum", "role", value) if not isinstance(value, str):
            return "400.typed-role"
    return _BY_FAULT.get((fault.keyword, fault.member))
