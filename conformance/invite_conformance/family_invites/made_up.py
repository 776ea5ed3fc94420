"""Bodies that schemathesis makes up: whatever fits is accepted, and nothing that is wrongly typed."""

from invite_conformance.checks import probe
from invite_conformance.exchange import Call, Seen
from invite_conformance.family_invites.calls import JSON_TYPE, contact, invite, invited
from invite_conformance.generation import Case, explore
from invite_conformance.session import Session


@probe("body.subsets", "typed.not-accepted", "malformed-json", engine="generation", heavy=True)
def bodies_made_up(session: Session) -> None:
    """Invite a family whose contact is known with valid and invalid bodies of all kinds."""
    invited(session, contact(session))

    def call(case: Case) -> Call:
        return invite(session, case.body, writes=case.valid is not False, headers=JSON_TYPE)

    def judge(case: Case, seen: Seen) -> None:
        # `{}` and no body are matters of their own, and a 5xx is that of `server-error`.
        if case.valid and seen.call.given and seen.status < 500:
            session.expect("body.subsets", seen, 200)
        elif case.valid is False:
            keywords = {fault.keyword for fault in case.faults}
            if keywords == {"type"}:
                session.judge("typed.not-accepted", not 200 <= seen.status < 300, "no 2xx", seen)
            elif keywords == {"syntax"} and seen.status < 500:
                session.judge("malformed-json", seen.status >= 400, "400", seen)

    explore(session, call, judge)
