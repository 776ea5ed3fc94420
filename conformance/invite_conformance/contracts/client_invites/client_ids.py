"""Requirements about the client of the path: which ids are a client's, and which are the same client's."""

from dataclasses import replace
from uuid import UUID

from invite_conformance.contracts.client_invites.calls import OPERATION, elsewhere, post, succeeded
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_FORMAT = f"{OPERATION}.path.clientId.format"


def _judge_refused(context: CheckContext, requirement: str, client: str, expected: str) -> None:
    exchange = context.send(elsewhere(context, client))
    context.judge(requirement, not succeeded(exchange), expected, exchange)


@active("403.unknown-client")
def clients_that_do_not_exist(context: CheckContext) -> None:
    """Invite to a random client, and to two whose ids have the first or the last half of a known one's."""
    known, random = context.states.get("client"), str(UUID(int=context.random.getrandbits(128), version=4))
    for client in (random, known[:19] + random[19:], random[:19] + known[19:]):
        _judge_refused(context, "403.unknown-client", client, "403")


@active(_FORMAT)
def ids_that_resemble_the_client_s(context: CheckContext) -> None:
    """Create with ids that are no UUID, and that a comparison takes for the known client's."""
    known = context.states.get("client")
    for client in (f"{known}0", known[:-1], known[:8], f"{known[:-1]}_", f"{known[:8]}%", "%", "*"):
        _judge_refused(context, _FORMAT, client, "no 2xx")


@active("path.other-case", "409.client-other-case")
def the_client_in_the_other_case(context: CheckContext) -> None:
    """Invite an address to the client with its id in the other case, then with its id as it is."""
    known = context.states.get("client")
    if known == known.swapcase():
        raise Blocked("`states.client` has no letters: give a client whose id has some")
    body = {"email": context.fresh_email(), "role": "Member"}
    first = context.send(replace(post(context, body, client=known.swapcase()), elsewhere=True))
    if first.status >= 500:
        raise Blocked(f"it needs an answer of the operation, and got {first.response.status_line}")
    context.judge("path.other-case", succeeded(first), "201", first)
    if not succeeded(first):
        context.judge("409.client-other-case", True, "409", first)
        return
    second = context.send(post(context, body, valid=True), first)
    context.judge("409.client-other-case", not succeeded(second), "409", second)
