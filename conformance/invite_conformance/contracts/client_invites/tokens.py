"""Requirements token.* and id.unique: tokens are secrets, each shown once.

1. Tokens differ from each other in at least 64 bits.
2. A token is not derived from what others know: the email, an id, a counter, or an unkeyed hash of one of them.
3. No other response shows a token.
"""

import base64
import contextlib
import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, zip_longest

from invite_conformance.contracts.client_invites.calls import created, invited, post, succeeded
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import active, aggregate, passive

_ENOUGH = 8
"""Tokens that must be seen before they are compared."""
_BITS = 64
_COUNTED = 500
_RECOGNISED = 16
"""Characters of a token that no other text has by chance."""
_ALPHABETS = ("0123456789", "0123456789abcdef", "0123456789ABCDEF", "0123456789abcdefghijklmnopqrstuvwxyz")


def _invite(member: str) -> Callable[[Exchange], bool]:
    """Applies to a 201 in which a member is a string."""
    return lambda exchange: created(exchange) and exchange.text(member) is not None


def _token(exchange: Exchange) -> str:
    """The token of a 201; empty if it is no string, and for other responses."""
    return (exchange.text("token") or "") if created(exchange) else ""


@passive("token.not-empty", _invite("token"))
def _not_empty(exchange: Exchange) -> Violation | None:
    return None if _token(exchange).strip() else Violation("a token", "an empty one")


@passive("token.unlike-id", lambda exchange: _invite("id")(exchange) and bool(_token(exchange).strip()))
def _unlike_id(exchange: Exchange) -> Violation | None:
    token, of = ((exchange.text(name) or "").replace("-", "").lower() for name in ("token", "id"))
    return Violation("a token of its own", "the id as the token") if token == of else None


@aggregate("token.unique")
def _unique_tokens(every: Sequence[Exchange]) -> tuple[Violation, Exchange | None] | bool:
    return _unique([(token, exchange) for exchange in every if (token := _token(exchange)).strip()], "token")


@aggregate("id.unique")
def _unique_ids(every: Sequence[Exchange]) -> tuple[Violation, Exchange | None] | bool:
    invites = filter(_invite("id"), every)
    return _unique([((exchange.text("id") or "").lower(), exchange) for exchange in invites], "id")


@aggregate("token.once")
def _shown_once(every: Sequence[Exchange]) -> tuple[Violation, Exchange | None] | bool:
    """Search every other response for each token; that two invites have the same one is a matter of token.unique."""
    tokens = {token for token in map(_token, every) if len(token.strip()) >= _RECOGNISED}
    for exchange in every:
        own = exchange.text("token") if exchange.call.method == "POST" and succeeded(exchange) else None
        text = _text(exchange)
        if any(token in text for token in tokens if token != own):
            where = f"{exchange.call.method} answered with {exchange.response.status_line}"
            return Violation("each token in its own 201 only", f"another invite's token, {where}"), exchange
    return len(every) > len(tokens) > 0


@passive("token.in-body-only", lambda exchange: len(_token(exchange)) >= _RECOGNISED)
def _in_body_only(exchange: Exchange) -> Violation | None:
    token = _token(exchange)
    names = [name for name, value in exchange.response.headers if token in value]
    return Violation("no token in the headers", f"the token in {names[0]}") if names else None


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


def _unique(invites: list[tuple[str, Exchange]], member: str) -> tuple[Violation, Exchange | None] | bool:
    """Judge that the values of a member, each given with its exchange, differ."""
    if len(invites) < 2:
        return False
    value, count = Counter(value for value, _ in invites).most_common(1)[0]
    if count == 1:
        return True
    exchange = next(exchange for one, exchange in reversed(invites) if one == value)
    return Violation(f"a new {member} each time", f"the same {member} in {count} of {len(invites)} invites"), exchange


@aggregate("token.unguessable")
def _unguessable(every: Sequence[Exchange]) -> tuple[Violation, Exchange | None] | bool:
    invites = {token: exchange for exchange in every if (token := _token(exchange)).strip()}
    if len(invites) < _ENOUGH:
        return False
    bits = _differing_bits(list(invites))
    last = next(reversed(invites.values()))
    if bits < _BITS:
        return Violation(f"tokens that differ in {_BITS} bits or more", f"tokens that differ in {bits:.0f} bits"), last
    for token, exchange in islice(invites.items(), _ENOUGH):
        origin = _origin(token, exchange)
        if origin:
            return Violation("a token that cannot be derived", f"a token made of {origin}"), exchange
    return True


def _differing_bits(tokens: list[str]) -> float:
    """The bits in which the tokens differ: places that are not the same in all, by the size of their alphabet."""
    places = [column for column in zip_longest(*tokens, fillvalue="") if len(set(column)) > 1]
    used = set("".join(character for column in places for character in column))
    # A few tokens do not show whether their alphabet is base64 or base62: what is used counts.
    return len(places) * math.log2(_alphabet(used) or max(len(used), 2))


def _most_bits(text: bytes) -> float:
    """The bits that a text has at most, by its alphabet; separators at its ends have none."""
    text = text.strip(b" ,-./:;_|")
    return len(text) * math.log2(_alphabet(set(text.decode("latin-1"))) or 256)


def _alphabet(used: set[str]) -> int:
    """The size of the smallest usual alphabet that has those characters; 0 if none has."""
    return next((len(alphabet) for alphabet in _ALPHABETS if used <= {*alphabet, "-"}), 0)


def _origin(token: str, exchange: Exchange) -> str | None:
    """What a token is made of, if it is made of nothing secret."""
    known = {name: value for name in ("email", "id", "clientId") if (value := exchange.text(name)) is not None}
    for text in _decodings(token):
        left = text
        for value in known.values():
            left = left.replace(value.encode(), b"").replace(value.replace("-", "").encode(), b"")
        # A signed token may hold the email; its signature is what remains.
        if left != text and _most_bits(left) < _BITS:
            return "the " + " and the ".join(name for name, value in known.items() if value.encode() in text)
    for digest in _digests(token):
        for name, value in known.items():
            if any(digest(form.encode()) for form in (value, value.lower())):
                return f"an unkeyed hash of the {name}"
        if any(digest(str(number).encode()) for number in range(_COUNTED)):
            return "an unkeyed hash of a small number"
    return None


def _decodings(token: str) -> Iterator[bytes]:
    yield token.encode(errors="surrogatepass")
    padded = token.replace("-", "+").replace("_", "/") + "=" * (-len(token) % 4)
    with contextlib.suppress(ValueError):
        yield base64.b64decode(padded, validate=True)
    with contextlib.suppress(ValueError):
        yield bytes.fromhex(token)


def _digests(token: str) -> Iterator[Callable[[bytes], bool]]:
    """For each hash whose digests are as long as what the token may stand for: whether it gives the token."""
    shown = set(_decodings(token))
    for name in ("md5", "sha1", "sha256", "sha512"):
        size = hashlib.new(name, usedforsecurity=False).digest_size
        if any(len(text) == size for text in shown):
            yield lambda data, name=name: hashlib.new(name, data, usedforsecurity=False).digest() in shown  # type: ignore[misc]  # the default binds the name
