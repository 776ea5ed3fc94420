"""The Admin's credentials, changed so that they belong to no caller.

1. What a caller without an Admin's rights sends too, such as a gateway's cookie or a tenant's header, is no credential
   and is not changed.
2. A changed credential still holds most of the secret, so it is redacted as the secret is.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping

from invite_conformance.contracts.client_invites.calls import Caller, caller
from invite_conformance.judging.context import CheckContext
from invite_conformance.target.states import Blocked

Change = Callable[[str], str]
_SHORTEST = 8
"""Characters of a secret of which a part is still no common text."""

SIMILAR: Mapping[str, Change] = {
    "followed by more characters": lambda secret: f"{secret}-x",
    "preceded by more characters": lambda secret: f"x-{secret}",
    "in a list with another": lambda secret: f"{secret},x",
    "without its last character": lambda secret: secret[:-1],
    "without its first character": lambda secret: secret[1:],
    "in the other case": lambda secret: secret if _is_hexadecimal(secret) else secret.swapcase(),
    "with a pattern's `_` for its last character": lambda secret: f"{secret[:-1]}_",
    "replaced by the pattern `%`": lambda _: "%",
    "replaced by the pattern `*`": lambda _: "*",
}
"""Ways to change a secret that a comparison by prefix, case or pattern does not notice, in words."""


def changed(context: CheckContext, change: Change) -> Caller | None:
    """The Admin with a change made to each secret; None where that changes nothing.

    Raises Blocked where no header of the Admin is a credential.
    """
    headers = caller(context, "admin").headers
    shared = set(_shared(context))
    own = {name for name, value in headers.items() if not set(_parts(name, value)) <= shared}
    if not own:
        raise Blocked("the Admin sends no credential in a header that other callers do not send too")
    found = {
        name: _changed(context, name, value, change, shared) if name in own else value
        for name, value in headers.items()
    }
    return None if found == headers else Caller("", found)


def similar(context: CheckContext, change: Change) -> Caller | None:
    """As `changed`, but a secret stays as it is if it is too short to be compared by its parts.

    So does one whose change a correct server may not notice, because it decodes the secret.
    """

    def changed_secret(secret: str) -> str:
        found = change(secret)
        return secret if len(secret) < _SHORTEST or _may_be_equal(secret, found) else found

    return changed(context, changed_secret)


def _may_be_equal(secret: str, other: str) -> bool:
    """Whether a decoder of base64 or base64url may find the same bytes in both.

    The last character of an encoded text may have bits that stand for nothing (RFC 4648 section 3.5), and what follows
    the text in the place of padding may be ignored.
    """
    if secret.endswith("=") and len(secret) % 4 == 0:
        return other.startswith(secret.rstrip("="))
    is_web_token = secret.count(".") == 2
    if is_web_token and secret[:-1] == other[:-1] and len(secret) == len(other):
        return True
    return [_decoded(part) for part in secret.split(".")] == [_decoded(part) for part in other.split(".")]


def _decoded(part: str) -> bytes | str:
    """A part of a token as bytes, or as it is if it is not encoded."""
    padded = part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4)
    try:
        return base64.b64decode(padded, validate=True)
    except ValueError:
        return part


def _shared(context: CheckContext) -> Iterator[tuple[str, str]]:
    """The parts of headers that callers without an Admin's rights send."""
    callers = [caller(context, "anonymous").headers] if context.states.offered("anonymous") else []
    if context.states.offered("not_admin"):
        callers += [one["headers"] for one in context.states.get("not_admin")]
    for headers in callers:
        for name, value in headers.items():
            yield from _parts(name, value)


def _parts(name: str, value: str) -> list[tuple[str, str]]:
    """A header as name and value; a cookie header as its cookies (RFC 6265 section 4.2.1)."""
    if name.lower() != "cookie":
        return [(name.lower(), value)]
    return [("cookie", cookie.strip()) for cookie in value.split(";")]


def _changed(context: CheckContext, name: str, value: str, change: Change, shared: set[tuple[str, str]]) -> str:
    """A header with its secret changed: a cookie's value, a Basic password (RFC 7617 section 2), else the last word."""
    if name.lower() == "cookie":
        return "; ".join(
            cookie if ("cookie", cookie) in shared else _after(context, cookie, "=", change)
            for _, cookie in _parts(name, value)
        )
    scheme, _, secret = value.rpartition(" ")
    pair = _pair(secret) if scheme.lower() == "basic" else None
    if pair is None:
        return f"{scheme} {_secret(context, secret, change)}".strip()
    return f"{scheme} {base64.b64encode(_after(context, pair, ':', change).encode()).decode()}"


def _pair(secret: str) -> str | None:
    """The name and the password of Basic credentials; None if they are not encoded as RFC 7617 says."""
    try:
        return base64.b64decode(secret, validate=True).decode()
    except ValueError:
        return None


def _after(context: CheckContext, pair: str, separator: str, change: Change) -> str:
    """A name and a secret, with the secret changed."""
    name, _, secret = pair.partition(separator)
    return f"{name}{separator}{_secret(context, secret, change)}"


def _secret(context: CheckContext, secret: str, change: Change) -> str:
    found = change(secret)
    if secret not in found and secret[1:-1].casefold() in found.casefold():
        context.client.redaction.learn_secret(found)
    return found


def _is_hexadecimal(secret: str) -> bool:
    """Whether a secret may stand for a number, such as a UUID, whose digits have no case."""
    return re.fullmatch(r"[0-9A-Fa-f-]+", secret) is not None
