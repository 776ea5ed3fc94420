"""Requirements token.* and id.unique: what the portal's doors hang on.

1. A token has room for 64 bits that another token does not tell: that many must differ between tokens.
2. A token is not made of what others know: the email, an id, a number counted up, or an unkeyed hash of one of them.
"""

import base64
import contextlib
import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest

from invite_conformance.answers import answered_object
from invite_conformance.checks import Flaw, rule, survey
from invite_conformance.exchange import Seen

_ENOUGH = 8
"""Tokens that must be seen before anything is said about how they differ."""
_BITS = 64
_COUNTED = 500
_ALPHABETS = ("0123456789", "0123456789abcdef", "0123456789ABCDEF", "0123456789abcdefghijklmnopqrstuvwxyz")


def _invite(member: str) -> Callable[[Seen], bool]:
    """Applies to a 201 in which a member is a string."""
    return lambda seen: answered_object(201)(seen) and isinstance(seen.object.get(member), str)


def _invites(every: Sequence[Seen], member: str) -> list[Seen]:
    return [seen for seen in every if _invite(member)(seen)]


@rule("token.not-empty", _invite("token"))
def _not_empty(seen: Seen) -> Flaw | None:
    return None if seen.object["token"].strip() else Flaw("a token", "an empty one")


@rule("token.unlike-id", lambda seen: _invite("token")(seen) and _invite("id")(seen) and seen.object["token"].strip())
def _unlike_id(seen: Seen) -> Flaw | None:
    token, of = (seen.object[name].replace("-", "").lower() for name in ("token", "id"))
    return Flaw("a token of its own", "the id as the token") if token == of else None


@survey("token.unique")
def _unique_tokens(every: Sequence[Seen]) -> tuple[Flaw, Seen | None] | bool:
    return _unique([seen for seen in _invites(every, "token") if seen.object["token"].strip()], "token")


@survey("id.unique")
def _unique_ids(every: Sequence[Seen]) -> tuple[Flaw, Seen | None] | bool:
    return _unique(_invites(every, "id"), "id")


def _unique(invites: list[Seen], member: str) -> tuple[Flaw, Seen | None] | bool:
    if len(invites) < 2:
        return False
    counts = Counter(seen.object[member].lower() if member == "id" else seen.object[member] for seen in invites)
    value, count = counts.most_common(1)[0]
    if count == 1:
        return True
    seen = next(one for one in reversed(invites) if value in {one.object[member], one.object[member].lower()})
    return Flaw(f"a new {member} each time", f"the same {member} in {count} of {len(invites)} invites"), seen


@survey("token.unguessable")
def _unguessable(every: Sequence[Seen]) -> tuple[Flaw, Seen | None] | bool:
    invites = {seen.object["token"]: seen for seen in _invites(every, "token") if seen.object["token"].strip()}
    if len(invites) < _ENOUGH:
        return False
    bits = _room(list(invites))
    last = next(reversed(invites.values()))
    if bits < _BITS:
        return Flaw(f"tokens that differ in {_BITS} bits or more", f"tokens that differ in {bits:.0f} bits"), last
    for token, seen in islice(invites.items(), _ENOUGH):
        origin = _origin(token, seen)
        if origin:
            return Flaw("a token that nobody can make up", f"a token made of {origin}"), seen
    return True


def _room(tokens: list[str]) -> float:
    """The bits in which the tokens differ: places that are not the same in all, by the size of their alphabet."""
    places = [column for column in zip_longest(*tokens, fillvalue="") if len(set(column)) > 1]
    used = set("".join(character for column in places for character in column))
    # Base64 and base62 are told apart by nothing that a few tokens show: what is used counts.
    size = next((len(alphabet) for alphabet in _ALPHABETS if used <= {*alphabet, "-"}), max(len(used), 2))
    return len(places) * math.log2(size)


def _origin(token: str, seen: Seen) -> str | None:
    """What a token is made of, if it is made of nothing secret."""
    known = {name: value for name in ("email", "id", "clientId") if isinstance(value := seen.object.get(name), str)}
    for text in _decodings(token):
        left = text
        for value in known.values():
            left = left.replace(value.encode(), b"").replace(value.replace("-", "").encode(), b"")
        # A signed token may well say the email; its signature is what is left.
        if left != text and len(left) < _BITS // 8:
            return "the " + " and the ".join(name for name, value in known.items() if value.encode() in text)
    for digest in _digests(token):
        for name, value in known.items():
            if any(digest(form.encode()) for form in (value, value.lower())):
                return f"an unkeyed hash of the {name}"
        if any(digest(str(number).encode()) for number in range(_COUNTED)):
            return "an unkeyed hash of a small number"
    return None


def _decodings(token: str) -> Iterator[bytes]:
    yield token.encode()
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
