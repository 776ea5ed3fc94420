"""Whether tokens can be guessed, from each other or from what others know.

1. Tokens differ from each other in at least 64 bits.
2. A token is not derived from what others know: an email, an id, a counter, or an unkeyed hash of one of them.
"""

import base64
import contextlib
import hashlib
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import zip_longest

ENOUGH_BITS = 64
_COUNTED = 500
_ALPHABETS = ("0123456789", "0123456789abcdef", "0123456789ABCDEF", "0123456789abcdefghijklmnopqrstuvwxyz")


def differing_bits(tokens: Collection[str]) -> float:
    """The bits in which the tokens differ: places that are not the same in all, by the size of their alphabet."""
    places = [column for column in zip_longest(*tokens, fillvalue="") if len(set(column)) > 1]
    used = set("".join(character for column in places for character in column))
    # A few tokens do not show whether their alphabet is base64 or base62: what is used counts.
    return len(places) * math.log2(_alphabet(used) or max(len(used), 2))


def origin(token: str, known: Mapping[str, str]) -> str | None:
    """What a token is made of, if it is made of nothing secret; `known` has what others know, by its name."""
    for text in _decodings(token):
        left, held = text, []
        for name, value in known.items():
            for form in (value.encode(), value.replace("-", "").encode()):
                held += [f"the {name}"] if form in left else []
                left = left.replace(form, b"")
        # A signed token may hold the email; its signature is what remains.
        if held and _most_bits(left) < ENOUGH_BITS:
            return " and ".join(held)
    for digest in _digests(token):
        for name, value in known.items():
            if any(digest(form.encode()) for form in (value, value.lower())):
                return f"an unkeyed hash of the {name}"
        if any(digest(str(number).encode()) for number in range(_COUNTED)):
            return "an unkeyed hash of a small number"
    return None


def _most_bits(text: bytes) -> float:
    """The bits that a text has at most, by its alphabet; separators at its ends have none."""
    text = text.strip(b" ,-./:;_|")
    return len(text) * math.log2(_alphabet(set(text.decode("latin-1"))) or 256)


def _alphabet(used: set[str]) -> int:
    """The size of the smallest usual alphabet that has those characters; 0 if none has."""
    return next((len(alphabet) for alphabet in _ALPHABETS if used <= {*alphabet, "-"}), 0)


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
