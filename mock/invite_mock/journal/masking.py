"""What no journal may show: tokens and keys, wherever a request or an answer carries them.

1. A value is a secret by where it stands: a header field, a parameter of the query, or a member of a JSON body whose
   name says so, or which a security scheme of a contract names.
2. A secret that was found is masked wherever else it stands in the same exchange.
3. What has the form of the mock's own tokens is masked wherever it stands: an earlier answer may have shown it.
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_plus

import orjson
from invite_specs import Json

MASK = "***"
_NAMES = "token|secret|password|api[-_]?key"
_SECRET = re.compile(rf"(^|[-_.]|(?<=[a-z0-9])(?=[A-Z]))({_NAMES})$", re.IGNORECASE)
# `ContractWorld.new_token`: 43 characters of base64url. Other texts of that length rarely have both cases.
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]{43}(?![\w-]))(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{43}", re.ASCII)
_GIVEN = re.compile(rf"((?:{_NAMES})[\"']?\s*[:=]\s*[\"']?)([^\s\"'&,}}]+)", re.IGNORECASE)
_HEADERS = {"authorization", "proxy-authorization", "cookie", "set-cookie"}
_SHORTEST = 4
"""A shorter secret is masked where it stands, but not looked for elsewhere: it may be part of anything."""


class Masking:
    """Masks what is secret in texts; `fields` are the names of further secret header fields, in lower case."""

    def __init__(self, fields: Collection[str] = ()) -> None:
        self._fields = _HEADERS | set(fields)

    def is_secret_field(self, name: str) -> bool:
        """Whether the value of a header field is secret."""
        return name.lower() in self._fields or is_secret(name)

    def header_fields(self, fields: Sequence[tuple[str, str]], secrets: Sequence[str]) -> list[tuple[str, str]]:
        """The fields, with what is secret masked."""
        return [(name, MASK if self.is_secret_field(name) else mask(value, secrets)) for name, value in fields]

    def secrets(self, fields: Sequence[tuple[str, str]], query: str, bodies: Sequence[bytes | None]) -> list[str]:
        """The secrets of an exchange, longest first, and as a URL and as JSON writes them."""
        found = {value for name, value in fields if self.is_secret_field(name)}
        if query:
            found |= {value for name, value in parse_qsl(query) if is_secret(name)}
        for body in bodies:
            if body:
                value = parsed(body)
                found.update(_given(body) if value is None else _members(value))
        long = [one for one in found if len(one) >= _SHORTEST]
        written = {*long, *(quote(one, safe="") for one in long), *(json.dumps(one)[1:-1] for one in long)}
        return sorted(written, key=len, reverse=True)


def parsed(body: bytes | None) -> Json:
    """The value of a body; None if it is no JSON."""
    try:
        value: Json = orjson.loads(body or b"null")
    except orjson.JSONDecodeError:
        return None
    return value


def _given(body: bytes) -> Iterator[str]:
    """What follows a name that says that it is secret, in a body that is no JSON."""
    return (found[2] for found in _GIVEN.finditer(body.decode(errors="replace")))


@lru_cache(maxsize=1000)
def is_secret(name: str) -> bool:
    """Whether the name of a member, a parameter or a field says that its value is secret."""
    return _SECRET.search(name) is not None


def mask(text: str, secrets: Sequence[str]) -> str:
    """The text without the secrets (see `Masking.secrets`), and without tokens of the mock."""
    for one in secrets:
        text = text.replace(one, MASK)
    return _TOKEN.sub(MASK, text) if len(text) >= 43 else text


def mask_text(text: str, secrets: Sequence[str]) -> str:
    """The same of a body that is no JSON, and without what follows a name that says that it is secret."""
    return mask(_GIVEN.sub(rf"\g<1>{MASK}", text), secrets)


def mask_all(value: Json, secrets: Sequence[str]) -> Json:
    """A JSON value whose texts are without the secrets."""
    if isinstance(value, str):
        return mask(value, secrets)
    if isinstance(value, list):
        return [mask_all(one, secrets) for one in value]
    if isinstance(value, dict):
        return {mask(name, secrets): mask_all(one, secrets) for name, one in value.items()}
    return value


def mask_query(query: str) -> str:
    """A query with the values of secret parameters masked, otherwise as it was sent."""
    parts = (part.partition("=") for part in query.split("&"))
    return "&".join(
        f"{name}={MASK}" if equals and is_secret(unquote_plus(name)) else name + equals + value
        for name, equals, value in parts
    )


def mask_members(value: Json, *, secret: bool = False) -> Json:
    """A JSON value with texts and numbers of secret members masked; with `secret` it is the value of one."""
    if isinstance(value, list):
        return [mask_members(one, secret=secret) for one in value]
    if isinstance(value, dict):
        return {name: mask_members(one, secret=secret or is_secret(name)) for name, one in value.items()}
    return MASK if secret and not (value is None or isinstance(value, bool)) else value


def _members(value: Json, *, secret: bool = False) -> Iterator[str]:
    """The texts and numbers of secret members."""
    if isinstance(value, list):
        for one in value:
            yield from _members(one, secret=secret)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _members(one, secret=secret or is_secret(name))
    elif secret and not (value is None or isinstance(value, bool)):
        yield str(value)
