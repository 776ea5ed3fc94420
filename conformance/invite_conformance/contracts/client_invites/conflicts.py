"""Requirements 409.*: an email that is a member's, or has an outstanding invite."""

from dataclasses import replace

from invite_conformance.contracts.client_invites.calls import (
    OPERATION,
    ROLES,
    caller,
    invite,
    invited,
    judge_code,
)
from invite_conformance.contracts.client_invites.success import lifetime
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked


@active("409.already-member", "409.code-member", repeated=True)
def a_member(context: CheckContext) -> None:
    """Invite the email of a member."""
    _conflict(context, "409.already-member", "member_email", "409.code-member", "ClientInvite.AlreadyMember")


@active("201.status", "409.already-invited", "409.code-invited", repeated=True)
def an_invite_twice(context: CheckContext) -> None:
    """Invite a fresh address twice in the same way."""
    first = context.send(invite(context))
    if context.expect("201.status", first, 201):
        again = context.send(first.call, first)
        context.expect("409.already-invited", again, 409)
        if again.status == 409:
            judge_code(context, "409.code-invited", again, "ClientInvite.AlreadyInvited")


@active("409.already-invited", "409.code-invited")
def an_outstanding_invite(context: CheckContext) -> None:
    """Invite the address that the target file says is invited."""
    if context.states.offered("invited_email"):  # else `an_invite_twice` makes one
        _conflict(context, "409.already-invited", "invited_email", "409.code-invited", "ClientInvite.AlreadyInvited")


@active("409.third-try")
def an_invite_four_times(context: CheckContext) -> None:
    """Invite an address four times in the same way."""
    first = invited(context)
    sent = [first, context.send(first.call, first)]
    if sent[-1].status != 409:
        return  # that is a matter of 409.already-invited
    for _ in range(2):
        sent.append(context.send(first.call, *sent))
        context.expect("409.third-try", sent[-1], 409)


@active("409.later")
def an_early_invite_again(context: CheckContext) -> None:
    """Invite again an address that the run invited some time ago, and not since, unless its invite expired."""
    invite_again(context)


def invite_again(context: CheckContext) -> None:
    """Repeat the earliest create that was never repeated, and expect a conflict, unless its invite expired."""
    sent: dict[str, list[Exchange]] = {}
    for exchange in context.client.log.exchanges:
        given = exchange.call.given
        if exchange.call.operation == OPERATION and isinstance(given, dict):
            sent.setdefault(str(given.get("email")).casefold(), []).append(exchange)
    once = (first for first, *others in sent.values() if first.status == 201 and first.call.valid and not others)
    first = next(once, None) or invited(context)
    again = context.send(first.call, first)
    expires, created = lifetime(first)[1], lifetime(again)[0]
    expired = again.succeeded and expires is not None and created is not None and expires <= created
    context.judge("409.later", again.status == 409 or expired, "409", again)


@active("409.other-inviter")
def an_invite_by_another_inviter(context: CheckContext) -> None:
    """Invite an address as the Admin and then as the Owner, another one the other way round."""
    for one, other in (("admin", "owner"), ("owner", "admin")):
        email = context.fresh_email()
        first = invited(context, email, by=caller(context, one))
        again = context.send(invite(context, email, by=caller(context, other)), first)
        if again.status in {401, 403}:
            raise Blocked(f"it needs an Owner and an Admin, and `{other}` was answered {again.response.status_line}")
        context.expect("409.other-inviter", again, 409)


@active("409.other-role")
def an_invite_with_another_role(context: CheckContext) -> None:
    """Invite addresses as Member, and each again with another role; one as Admin, and again as Member."""
    for role, other in (*(("Member", other) for other in ROLES[1:]), ("Admin", "Member")):
        first = invited(context, role=role)
        again = context.send(invite(context, _email(first), other), first)
        # That an Admin may not make an Owner may be found before the conflict.
        context.judge("409.other-role", not again.succeeded, "409", again)


@active("409.member-other-role")
def a_member_with_each_role(context: CheckContext) -> None:
    """Invite the email of a member with each role; an Admin need not be allowed to give the role Owner."""
    for role in ROLES:
        call = invite(context, context.states.get("member_email"), role)
        _judge_member(context, "409.member-other-role", call)


@active("409.member-other-case")
def a_member_in_capitals(context: CheckContext) -> None:
    """Invite the email of a member with capitals in its domain, where they reach the same mailbox (RFC 1035)."""
    _judge_member(context, "409.member-other-case", invite(context, _in_domain(context.states.get("member_email"))))


def _judge_member(context: CheckContext, requirement: str, call: Call) -> None:
    # A server may compare members by email and role, or by case, so this is no call for mode read-only.
    exchange = _send(context, replace(call, refused_for="member_email"))
    context.judge(requirement, not exchange.succeeded, "409", exchange)


@active("409.other-case")
def an_invite_in_capitals(context: CheckContext) -> None:
    """Invite an address again with capitals in its name, another one with capitals in its domain."""
    for capitals in (_in_name, _in_domain):
        first = invited(context, context.fresh_email("case"))
        again = context.send(invite(context, capitals(_email(first))), first)
        context.judge("409.other-case", not again.succeeded, "409", again)


@active("409.other-client")
def an_invite_to_another_client(context: CheckContext) -> None:
    """Invite an address to one client, then to the other by its own Admin."""
    client = context.states.get("other_client")["client"]
    first = invited(context)
    call = invite(context, _email(first), by=caller(context, "other_client"), client=client)
    exchange = context.send(call, first)
    context.judge("409.other-client", exchange.status != 409, "201", exchange)


def _conflict(context: CheckContext, requirement: str, state: str, coded: str, code: str) -> None:
    """Invite the email of a state of the target file, and expect 409 with a code, which is the requirement `coded`."""
    exchange = _send(context, invite(context, context.states.get(state), refused_for=state))
    context.expect(requirement, exchange, 409)
    if exchange.status == 409:
        judge_code(context, coded, exchange, code)


def _send(context: CheckContext, call: Call) -> Exchange:
    """Send a call that the server must refuse. Raises Blocked for a 409 that an earlier such call may explain."""
    before = context.unexpectedly_succeeded(call.refused_for)
    exchange = context.send(call)
    if before and exchange.status == 409:
        raise Blocked(f"a call invited `{call.refused_for}`, so that a 409 no longer shows anything")
    return exchange


def _email(exchange: Exchange) -> str:
    return exchange.call.given_text("email") or ""


def _in_name(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local.upper()}@{domain}"


def _in_domain(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local}@{domain.upper()}"
