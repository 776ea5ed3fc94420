"""Requirements 403.*: who may not invite."""

from invite_specs import Json

from invite_conformance.checks import probe
from invite_conformance.client_invites.calls import headers_of, invite
from invite_conformance.client_invites.problems import judge_code
from invite_conformance.session import Session
from invite_conformance.states import Unmet

_FORBIDDEN = "Member.Forbidden"


@probe("403.not-admin", "403.code", steady=True)
def a_caller_who_is_no_admin(session: Session) -> None:
    """Invite as one of the callers who may not, each in turn."""
    _invite_as(session, *session.turn(list(enumerate(session.states.get("not_admin")))))


@probe("403.not-admin", "403.code")
def each_caller_who_is_no_admin(session: Session) -> None:
    """Invite as each of the callers who may not."""
    for index, caller in enumerate(session.states.get("not_admin")):
        _invite_as(session, index, caller)


def _invite_as(session: Session, index: int, caller: Json) -> None:
    call = invite(session, session.fresh_email(), headers=caller["headers"], refused_for="not_admin")
    seen = session.send(call)
    name = caller.get("name", f"states.not_admin[{index}]")
    session.expect("403.not-admin", seen, 403, received=f"{seen.answer.status_line}, to `{name}`")
    if seen.status == 403:
        judge_code(session, "403.code", seen, _FORBIDDEN)


@probe("403.anonymous")
def nobody(session: Session) -> None:
    """Invite without credentials."""
    call = invite(session, session.fresh_email(), headers=headers_of(session, "anonymous"), refused_for="anonymous")
    session.expect("403.anonymous", session.send(call), 403, 401)


@probe("403.unknown-caller")
def a_stranger(session: Session) -> None:
    """Invite with the Admin's headers, the last word of each replaced by one that nobody was given."""
    known = headers_of(session, "admin")
    unknown = {name: " ".join([*value.split()[:-1], f"unknown-{session.id}"]) for name, value in known.items()}
    seen = session.send(invite(session, session.fresh_email(), headers=unknown, refused_for="admin"))
    session.judge("403.unknown-caller", not 200 <= seen.status < 300, "403", seen)


@probe("403.other-client")
def admins_of_other_clients(session: Session) -> None:
    """Let the Admin of each client invite to the other one."""
    other = session.states.get("other_client")
    there = invite(session, session.fresh_email(), client=other["client"], refused_for="other_client")
    session.expect("403.other-client", session.send(there), 403)
    here = invite(session, session.fresh_email(), headers=other["headers"], refused_for="other_client")
    session.expect("403.other-client", session.send(here), 403)


@probe("403.leaves-nothing")
def a_forbidden_create_then_a_valid_one(session: Session) -> None:
    """Refuse an address for its caller, then invite it."""
    for caller in session.states.get("not_admin"):
        email = session.fresh_email()
        refused = session.send(invite(session, email, headers=caller["headers"], refused_for="not_admin"))
        if refused.status != 403:
            raise Unmet(f"it needs a refusal, and such a caller was answered with {refused.answer.status_line}")
        seen = session.send(invite(session, email))
        session.judge("403.leaves-nothing", seen.status != 409, "201 to the first valid create", seen)
