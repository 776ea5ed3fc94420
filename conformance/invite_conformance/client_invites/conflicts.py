"""Requirements 409.*: an email that is a member's, or has an outstanding invite."""

from dataclasses import replace

from invite_conformance.checks import probe
from invite_conformance.client_invites.calls import invite, invited
from invite_conformance.client_invites.problems import judge_code
from invite_conformance.exchange import Call, Seen
from invite_conformance.session import Session
from invite_conformance.states import Unmet

_MEMBER = "ClientInvite.AlreadyMember"
_INVITED = "ClientInvite.AlreadyInvited"


@probe("409.already-member", "409.code-member", steady=True)
def a_member(session: Session) -> None:
    """Invite the email of a member."""
    seen = _conflict(session, "409.already-member", "member_email", "no member's")
    if seen.status == 409:
        judge_code(session, "409.code-member", seen, _MEMBER)


@probe("409.already-invited", "409.code-invited", "409.token-hidden", steady=True)
def an_invite_twice(session: Session) -> None:
    """Invite an address twice in the same way."""
    first = invited(session)
    again = session.send(first.call)
    session.expect("409.already-invited", again, 409)
    if again.status == 409:
        judge_code(session, "409.code-invited", again, _INVITED)
        _judge_hidden(session, first, again)


@probe("409.already-invited", "409.code-invited")
def an_outstanding_invite(session: Session) -> None:
    """Invite the address that the target file says is invited."""
    if not session.states.offered("invited_email"):
        return  # it is made by `an_invite_twice`
    seen = _conflict(session, "409.already-invited", "invited_email", "not invited any more")
    if seen.status == 409:
        judge_code(session, "409.code-invited", seen, _INVITED)


@probe("409.third-try")
def an_invite_four_times(session: Session) -> None:
    """Invite an address four times in the same way."""
    first = invited(session)
    if session.send(first.call).status == 409:
        for _ in range(2):
            session.expect("409.third-try", session.send(first.call), 409)


@probe("409.other-case")
def an_invite_in_capitals(session: Session) -> None:
    """Invite an address again with capitals in its name, another one with capitals in its domain."""
    for capitals in (_in_name, _in_domain):
        email = invited(session, session.fresh_email("case")).call.given["email"]
        seen = session.send(invite(session, capitals(email)))
        session.judge("409.other-case", not 200 <= seen.status < 300, "409", seen)


@probe("409.member-other-case")
def a_member_in_capitals(session: Session) -> None:
    """Invite the email of a member with capitals in its domain, where they reach the same mailbox (RFC 1035)."""
    call = invite(session, _in_domain(session.states.get("member_email")))
    seen = _send(session, replace(call, refused_for="member_email"))
    session.judge("409.member-other-case", not 200 <= seen.status < 300, "409", seen)


@probe("409.other-role")
def an_invite_with_another_role(session: Session) -> None:
    """Invite an address again with another role."""
    email = invited(session).call.given["email"]
    seen = session.send(invite(session, email, "Admin"))
    session.judge("409.other-role", not 200 <= seen.status < 300, "409", seen)


@probe("409.other-client")
def an_invite_to_another_client(session: Session) -> None:
    """Invite an address to one client, then to the other."""
    other = session.states.get("other_client")
    email = invited(session).call.given["email"]
    call = invite(session, email, headers=other["headers"], client=other["client"])
    session.judge("409.other-client", (seen := session.send(call)).status != 409, "201", seen)


def _conflict(session: Session, requirement: str, state: str, otherwise: str) -> Seen:
    """Invite the email of a state of the target file, and expect 409."""
    seen = _send(session, invite(session, session.states.get(state), refused_for=state))
    granted = f"{seen.status}: either the server does not check, or `{state}` is {otherwise}"
    session.expect(requirement, seen, 409, received=granted if 200 <= seen.status < 300 else "")
    return seen


def _send(session: Session, call: Call) -> Seen:
    """Send a call that is to be refused. Raises Unmet for a 409 after one that was granted: it may speak of that."""
    granted = session.granted(call.refused_for)
    seen = session.send(call)
    if granted and seen.status == 409:
        raise Unmet(f"an invite was made for `{call.refused_for}`, so that a 409 tells nothing any more")
    return seen


def _in_name(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local.upper()}@{domain}"


def _in_domain(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local}@{domain.upper()}"


def _judge_hidden(session: Session, first: Seen, again: Seen) -> None:
    token = first.object.get("token")
    if isinstance(token, str) and token.strip():
        body = again.answer.body.decode(errors="replace")
        # As it is written, and as it is meant: `\/` in JSON is a slash.
        told = [*(value for _, value in again.answer.headers), body, str(again.object)]
        kept = not any(token in text for text in told)
        session.judge("409.token-hidden", kept, "a 409 without the first invite's token", again, "it is there")
