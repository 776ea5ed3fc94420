"""Requirements role.* and owner.allowed: which roles there are, and who may give them."""

from invite_conformance.contracts.client_invites.calls import ROLES, caller, invite, succeeded
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked


@active("role.accepted", "role.owner-by-admin")
def each_role(context: CheckContext) -> None:
    """Invite a fresh address with each role: with that of Owner as an Owner, where the Admin may not."""
    for role in ROLES:  # Owner is the last one
        exchange = context.send(invite(context, context.fresh_email(), role))
        if role == "Owner":
            context.judge("role.owner-by-admin", exchange.status != 403, "201", exchange)
        if role == "Owner" and exchange.status == 403:
            if not context.states.offered("owner"):
                raise Blocked("the Admin may not invite an Owner: give `states.owner`")
            exchange = context.send(invite(context, context.fresh_email(), role, by=caller(context, "owner")), exchange)
        # That a 200 or 202 should be a 201 is a matter of 201.status.
        context.judge("role.accepted", succeeded(exchange), "201", exchange)


@active("owner.allowed")
def an_owner(context: CheckContext) -> None:
    """Invite a fresh address as an Owner."""
    exchange = context.send(invite(context, context.fresh_email(), by=caller(context, "owner")))
    received = f"{exchange.response.status_line}: either the server does not let Owners invite, or `owner` is none"
    context.judge("owner.allowed", succeeded(exchange), "201", exchange, received)
