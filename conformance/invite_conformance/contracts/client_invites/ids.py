"""Requirements about the client of the path: which ids are a client's, and which are the same client's."""

from dataclasses import replace
from uuid import UUID

from invite_specs import Document

from invite_conformance.contracts.client_invites.calls import OPERATION, post
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_FORMAT = f"{OPERATION}.path.clientId.format"


def _elsewhere(context: CheckContext, client: str, body: Document = None) -> Exchange:
    """Create as the Admin, with a client in the path that no answer is documented for."""
    body = body or {"email": context.fresh_email(), "role": "Member"}
    return context.send(replace(post(context, body, client=client), elsewhere=True))


@active("403.unknown-client")
def clients_that_do_not_exist(context: CheckContext) -> None:
    """Invite to a random client, and to two whose ids have the first or the last half of a known one's."""
    known, random = context.states.get("client"), str(UUID(int=context.random.getrandbits(128), version=4))
    for client in (random, known[:19] + random[19:], random[:19] + known[19:]):
        exchange = _elsewhere(context, client)
        context.judge("403.unknown-client", not exchange.succeeded, "403", exchange)


@active(_FORMAT)
def ids_that_resemble_the_client_s(context: CheckContext) -> None:
    """Create with ids that are no UUID, and that a comparison takes for the known client's."""
    known = context.states.get("client")
    for client in (f"{known}0", known[:-1], known[:8], f"{known[:-1]}_", f"{known[:8]}%", "%", "*"):
        exchange = _elsewhere(context, client)
        context.judge(_FORMAT, not exchange.succeeded, "no 2xx", exchange)


@active("path.other-case", "409.client-other-case")
def the_client_in_the_other_case(context: CheckContext) -> None:
    """Invite an address to the client with its id in the other case, then with its id as it is."""
    known = context.states.get("client")
    if known == known.swapcase():
        raise Blocked("`states.client` has no letters: give a client whose id has some")
    body = {"email": context.fresh_email(), "role": "Member"}
    first = _elsewhere(context, known.swapcase(), body)
    if first.status >= 500:
        raise Blocked(f"it needs an answer of the operation, and got {first.response.status_line}")
    context.judge("path.other-case", first.succeeded, "201", first)
    if not first.succeeded:
        context.judge("409.client-other-case", True, "409", first)
        return
    second = context.send(post(context, body, valid=True), first)
    context.judge("409.client-other-case", not second.succeeded, "409", second)
