"""Requirements 403.*: who may not invite."""

from invite_specs import Document

from invite_conformance.contracts.client_invites.calls import headers_of, invite
from invite_conformance.contracts.client_invites.problems import judge_code
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_FORBIDDEN = "Member.Forbidden"


@active("403.not-admin", "403.code", repeated=True)
def a_caller_who_is_no_admin(context: CheckContext) -> None:
    """Invite as one of the callers who may not, each in turn."""
    _invite_as(context, *context.choose(list(enumerate(context.states.get("not_admin")))))


@active("403.not-admin", "403.code")
def each_caller_who_is_no_admin(context: CheckContext) -> None:
    """Invite as each of the callers who may not."""
    for index, caller in enumerate(context.states.get("not_admin")):
        _invite_as(context, index, caller)


def _invite_as(context: CheckContext, index: int, caller: Document) -> None:
    call = invite(context, context.fresh_email(), headers=caller["headers"], refused_for="not_admin")
    exchange = context.send(call)
    name = caller.get("name", f"states.not_admin[{index}]")
    context.expect("403.not-admin", exchange, 403, received=f"{exchange.response.status_line}, to `{name}`")
    if exchange.status == 403:
        judge_code(context, "403.code", exchange, _FORBIDDEN)


@active("403.anonymous")
def nobody(context: CheckContext) -> None:
    """Invite without credentials."""
    call = invite(context, context.fresh_email(), headers=headers_of(context, "anonymous"), refused_for="anonymous")
    context.expect("403.anonymous", context.send(call), 403, 401)


@active("403.unknown-caller")
def a_stranger(context: CheckContext) -> None:
    """Invite with the Admin's headers, the last word of each replaced by one that nobody was given."""
    known = headers_of(context, "admin")
    unknown = {name: " ".join([*value.split()[:-1], f"unknown-{context.run_id}"]) for name, value in known.items()}
    exchange = context.send(invite(context, context.fresh_email(), headers=unknown, refused_for="admin"))
    context.judge("403.unknown-caller", not 200 <= exchange.status < 300, "403", exchange)


@active("403.other-client")
def admins_of_other_clients(context: CheckContext) -> None:
    """Let the Admin of each client invite to the other one."""
    other = context.states.get("other_client")
    there = invite(context, context.fresh_email(), client=other["client"], refused_for="other_client")
    context.expect("403.other-client", context.send(there), 403)
    here = invite(context, context.fresh_email(), headers=other["headers"], refused_for="other_client")
    context.expect("403.other-client", context.send(here), 403)


@active("403.leaves-nothing")
def a_forbidden_create_then_a_valid_one(context: CheckContext) -> None:
    """Refuse an address for its caller, then invite it."""
    for caller in context.states.get("not_admin"):
        email = context.fresh_email()
        refused = context.send(invite(context, email, headers=caller["headers"], refused_for="not_admin"))
        if refused.status != 403:
            raise Blocked(f"it needs a refusal, and such a caller was answered with {refused.response.status_line}")
        exchange = context.send(invite(context, email))
        context.judge("403.leaves-nothing", exchange.status != 409, "201 to the first valid create", exchange)
