"""Requirements about the client of the path: which ids are a client's, and which are the same client's."""

from urllib.parse import quote
from uuid import UUID

from invite_specs import Document

from invite_conformance.contracts.client_invites.calls import elsewhere, post, succeeded
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_BAD_IDS = ("not-a-uuid", "1", "3fa85f64-5717-4562-b3fc-2c963f66afa")
_UNUSUAL_IDS = ("%00", "%FF", "..%2F..", quote("клиент"), "x" * 3000, "%20", "%0A", "-1", "'%20OR%201=1--")


def _body(context: CheckContext) -> Document:
    return {"email": context.fresh_email(), "role": "Member"}


def _judge_refused(context: CheckContext, requirement: str, client: str, expected: str) -> None:
    exchange = context.send(elsewhere(context, client, body=_body(context)))
    context.judge(requirement, not succeeded(exchange), expected, exchange)


@active("403.unknown-client")
def clients_that_do_not_exist(context: CheckContext) -> None:
    """Invite to a random client, and to two whose ids have the first or the last half of a known one's."""
    known, random = context.states.get("client"), str(UUID(int=context.random.getrandbits(128), version=4))
    for client in (random, known[:19] + random[19:], random[:19] + known[19:]):
        _judge_refused(context, "403.unknown-client", client, "403")


@active("bad-path-id")
def ids_that_are_no_uuid(context: CheckContext) -> None:
    """Create with ids that are no UUID: some of no client, and some that a comparison takes for the known client's."""
    known = context.states.get("client")
    similar = (f"{known}0", known[:-1], known[:8], f"{known[:-1]}_", f"{known[:8]}%25", "%25", "*")
    for client in (*_BAD_IDS, *similar):
        _judge_refused(context, "bad-path-id", client, "no 2xx")


@active("bad-path-id", heavy=True)
def unusual_ids(context: CheckContext) -> None:
    """Create with ids that parsers of paths fail on."""
    for client in _UNUSUAL_IDS:
        exchange = context.send_unusual(elsewhere(context, client, body=_body(context)))
        if exchange is not None:
            context.judge("bad-path-id", not succeeded(exchange), "no 2xx", exchange)


@active("path.other-case", "409.client-other-case")
def the_client_in_the_other_case(context: CheckContext) -> None:
    """Invite an address to the client with its id in the other case, then with its id as it is."""
    known = context.states.get("client")
    if known == known.swapcase():
        raise Blocked("`states.client` has no letters: give a client whose id has some")
    body = _body(context)
    first = context.send(elsewhere(context, known.swapcase(), body=body))
    if first.status >= 500:
        raise Blocked(f"it needs an answer of the operation, and got {first.response.status_line}")
    context.judge("path.other-case", succeeded(first), "201", first)
    if not succeeded(first):
        context.judge("409.client-other-case", True, "409", first)
        return
    second = context.send(post(context, body, valid=True), first)
    context.judge("409.client-other-case", not succeeded(second), "409", second)
