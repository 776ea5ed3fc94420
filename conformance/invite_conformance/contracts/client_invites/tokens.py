"""Requirements token.* and id.unique: tokens are secrets, each shown once."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from invite_conformance.contracts.client_invites.calls import invited, is_invite, post
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import active, aggregate, passive
from invite_conformance.judging.tokens import ENOUGH_BITS, differing_bits, origin

_Judged = tuple[Violation, Exchange | None] | bool
_ENOUGH = 8
"""Tokens that must be seen before they are compared."""
_RECOGNISED = 16
"""Characters of a token that no other text has by chance."""


def _has(member: str) -> Callable[[Exchange], bool]:
    """Applies to a 201 in which a member is a string."""
    return lambda exchange: is_invite(exchange) and exchange.text(member) is not None


def _token(exchange: Exchange) -> str:
    """The token of a 201; empty if it is no string, and for other responses."""
    return (exchange.text("token") or "") if is_invite(exchange) else ""


@passive("token.not-empty", _has("token"))
def _not_empty(exchange: Exchange) -> Violation | None:
    """Look for a character in the token of each 201 that is not a space."""
    return None if _token(exchange).strip() else Violation("a token", "an empty one")


@passive("token.unlike-id", lambda exchange: _has("id")(exchange) and bool(_token(exchange).strip()))
def _unlike_id(exchange: Exchange) -> Violation | None:
    """Compare token and id of each 201, without case and hyphens."""
    token, of = ((exchange.text(name) or "").replace("-", "").lower() for name in ("token", "id"))
    return Violation("a token of its own", "the id as the token") if token == of else None


@passive("token.in-body-only", lambda exchange: len(_token(exchange)) >= _RECOGNISED)
def _in_body_only(exchange: Exchange) -> Violation | None:
    """Search the headers of each 201 for its token, such as `Location`, which proxies and clients log."""
    names = [name for name, value in exchange.response.headers if _token(exchange) in value]
    return Violation("no token in the headers", f"the token in {names[0]}") if names else None


@aggregate("token.unique")
def _unique_tokens(every: Sequence[Exchange]) -> _Judged:
    """Compare the tokens of all 201s of the run."""
    return _unique([(token, exchange) for exchange in every if (token := _token(exchange)).strip()], "token")


@aggregate("id.unique")
def _unique_ids(every: Sequence[Exchange]) -> _Judged:
    """Compare the ids of all 201s of the run."""
    return _unique([((exchange.text("id") or "").lower(), exchange) for exchange in filter(_has("id"), every)], "id")


def _unique(invites: list[tuple[str, Exchange]], member: str) -> _Judged:
    """Judge that the values of a member, each given with its exchange, differ."""
    if len(invites) < 2:
        return False
    value, count = Counter(value for value, _ in invites).most_common(1)[0]
    if count == 1:
        return True
    exchange = next(exchange for one, exchange in reversed(invites) if one == value)
    return Violation(f"a new {member} each time", f"the same {member} in {count} of {len(invites)} invites"), exchange


@aggregate("token.once")
def _shown_once(every: Sequence[Exchange]) -> _Judged:
    """Search the headers and the body of every other response for each token."""
    tokens = {token for token in map(_token, every) if len(token.strip()) >= _RECOGNISED}
    for exchange in every:
        # That two invites have the same token is a matter of token.unique.
        own = exchange.text("token") if exchange.call.method == "POST" and exchange.succeeded else None
        text = _text(exchange)
        if any(token in text for token in tokens if token != own):
            where = f"{exchange.call.method} answered with {exchange.response.status_line}"
            return Violation("each token in its own 201 only", f"another invite's token, {where}"), exchange
    return len(every) > len(tokens) > 0


def _text(exchange: Exchange) -> str:
    """Headers and body, as they are written and as JSON means them, in which a slash may be escaped."""
    headers = (value for _, value in exchange.response.headers)
    return "\n".join((*headers, exchange.response.body.decode(errors="replace"), str(exchange.json.value)))


@active("token.once")
def a_token_in_other_answers(context: CheckContext) -> None:
    """Invite an address, invite it again, send it with an unknown role, and read the path of the invites."""
    email = context.fresh_email()
    first = invited(context, email)
    context.send(first.call, first)
    context.send(post(context, {"email": email, "role": "Emperor"}), first)
    context.send(replace(post(context, None), method="GET", elsewhere=True, writes=False), first)


@aggregate("token.unguessable")
def _unguessable(every: Sequence[Exchange]) -> _Judged:
    """Compare the tokens of at least eight invites with each other, and with email and id, also encoded or hashed."""
    invites = {token: exchange for exchange in every if (token := _token(exchange)).strip()}
    if len(invites) < _ENOUGH:
        return False
    bits, last = differing_bits(invites), next(reversed(invites.values()))
    if bits < ENOUGH_BITS:
        expected = f"tokens that differ in {ENOUGH_BITS} bits or more"
        return Violation(expected, f"tokens that differ in {bits:.0f} bits"), last
    for token, exchange in islice(invites.items(), _ENOUGH):
        known = {name: value for name in ("email", "id", "clientId") if (value := exchange.text(name)) is not None}
        if made_of := origin(token, known):
            return Violation("a token that cannot be derived", f"a token made of {made_of}"), exchange
    return True
