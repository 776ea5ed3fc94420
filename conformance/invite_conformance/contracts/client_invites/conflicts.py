"""Requirements 409.*: an email that is a member's, or has an outstanding invite."""

from dataclasses import replace

from invite_conformance.contracts.client_invites.calls import invite, invited
from invite_conformance.contracts.client_invites.problems import judge_code
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_MEMBER = "ClientInvite.AlreadyMember"
_INVITED = "ClientInvite.AlreadyInvited"


@active("409.already-member", "409.code-member", repeated=True)
def a_member(context: CheckContext) -> None:
    """Invite the email of a member."""
    exchange = _conflict(context, "409.already-member", "member_email", "no member's")
    if exchange.status == 409:
        judge_code(context, "409.code-member", exchange, _MEMBER)


@active("409.already-invited", "409.code-invited", "409.token-hidden", repeated=True)
def an_invite_twice(context: CheckContext) -> None:
    """Invite an address twice in the same way."""
    first = invited(context)
    again = context.send(first.call)
    context.expect("409.already-invited", again, 409)
    if again.status == 409:
        judge_code(context, "409.code-invited", again, _INVITED)
        _judge_hidden(context, first, again)


@active("409.already-invited", "409.code-invited")
def an_outstanding_invite(context: CheckContext) -> None:
    """Invite the address that the target file says is invited."""
    if not context.states.offered("invited_email"):
        return  # it is made by `an_invite_twice`
    exchange = _conflict(context, "409.already-invited", "invited_email", "not invited any more")
    if exchange.status == 409:
        judge_code(context, "409.code-invited", exchange, _INVITED)


@active("409.third-try")
def an_invite_four_times(context: CheckContext) -> None:
    """Invite an address four times in the same way."""
    first = invited(context)
    if context.send(first.call).status == 409:
        for _ in range(2):
            context.expect("409.third-try", context.send(first.call), 409)


@active("409.other-case")
def an_invite_in_capitals(context: CheckContext) -> None:
    """Invite an address again with capitals in its name, another one with capitals in its domain."""
    for capitals in (_in_name, _in_domain):
        email = invited(context, context.fresh_email("case")).call.given["email"]
        exchange = context.send(invite(context, capitals(email)))
        context.judge("409.other-case", not 200 <= exchange.status < 300, "409", exchange)


@active("409.member-other-case")
def a_member_in_capitals(context: CheckContext) -> None:
    """Invite the email of a member with capitals in its domain, where they reach the same mailbox (RFC 1035)."""
    call = invite(context, _in_domain(context.states.get("member_email")))
    exchange = _send(context, replace(call, refused_for="member_email"))
    context.judge("409.member-other-case", not 200 <= exchange.status < 300, "409", exchange)


@active("409.other-role")
def an_invite_with_another_role(context: CheckContext) -> None:
    """Invite an address again with another role."""
    email = invited(context).call.given["email"]
    exchange = context.send(invite(context, email, "Admin"))
    context.judge("409.other-role", not 200 <= exchange.status < 300, "409", exchange)


@active("409.other-client")
def an_invite_to_another_client(context: CheckContext) -> None:
    """Invite an address to one client, then to the other."""
    other = context.states.get("other_client")
    email = invited(context).call.given["email"]
    call = invite(context, email, headers=other["headers"], client=other["client"])
    context.judge("409.other-client", (exchange := context.send(call)).status != 409, "201", exchange)


def _conflict(context: CheckContext, requirement: str, state: str, otherwise: str) -> Exchange:
    """Invite the email of a state of the target file, and expect 409."""
    exchange = _send(context, invite(context, context.states.get(state), refused_for=state))
    granted = f"{exchange.status}: either the server does not check, or `{state}` is {otherwise}"
    context.expect(requirement, exchange, 409, received=granted if 200 <= exchange.status < 300 else "")
    return exchange


def _send(context: CheckContext, call: Call) -> Exchange:
    """Send a call that is to be refused. Raises Unmet for a 409 after one that was granted: it may speak of that."""
    granted = context.unexpectedly_succeeded(call.refused_for)
    exchange = context.send(call)
    if granted and exchange.status == 409:
        raise Blocked(f"an invite was made for `{call.refused_for}`, so that a 409 tells nothing any more")
    return exchange


def _in_name(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local.upper()}@{domain}"


def _in_domain(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local}@{domain.upper()}"


def _judge_hidden(context: CheckContext, first: Exchange, again: Exchange) -> None:
    token = first.object.get("token")
    if isinstance(token, str) and token.strip():
        body = again.response.body.decode(errors="replace")
        # As it is written, and as it is meant: `\/` in JSON is a slash.
        told = [*(value for _, value in again.response.headers), body, str(again.object)]
        satisfied = not any(token in text for text in told)
        context.judge("409.token-hidden", satisfied, "a 409 without the first invite's token", again, "it is there")
