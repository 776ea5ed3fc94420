"""Requirements server-error, other-methods and bad-path-id: whatever is sent."""

import json
from urllib.parse import quote
from uuid import UUID

from invite_conformance.contracts.client_invites.calls import headers_of, post
from invite_conformance.http.exchange import Call
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_BAD_IDS = ("not-a-uuid", "1", "3fa85f64-5717-4562-b3fc-2c963f66afa")
_UNUSUAL_IDS = ("%00", "%FF", "..%2F..", quote("клиент"), "x" * 3000, "%20", "%0A", "-1", "'%20OR%201=1--")


def _path(client: str, context: CheckContext, method: str = "POST", body: bytes | None = None) -> Call:
    """A call that is not meant for the operation as documented."""
    headers = {**headers_of(context, "admin"), **({"content-type": "application/json"} if body else {})}
    return Call(method, f"/clients/{client}/invites", headers, body, valid=False, writes=method == "DELETE")


def _body(context: CheckContext) -> bytes:
    return json.dumps({"email": context.fresh_email(), "role": "Member"}).encode()


@active("bad-path-id")
def ids_that_are_no_uuid(context: CheckContext) -> None:
    """Create with ids that are no UUID."""
    for client in (*_BAD_IDS, f"{context.states.get('client')}0"):
        exchange = context.send(_path(client, context, body=_body(context)))
        context.judge("bad-path-id", not 200 <= exchange.status < 300, "no 2xx", exchange)


@active("bad-path-id", heavy=True)
def ids_that_are_hardly_text(context: CheckContext) -> None:
    """Create with ids that trip parsers of paths."""
    for client in _UNUSUAL_IDS:
        exchange = context.send_unusual(_path(client, context, body=_body(context)))
        if exchange is not None:
            context.judge("bad-path-id", not 200 <= exchange.status < 300, "no 2xx", exchange)


@active("other-methods", heavy=True)
def other_methods(context: CheckContext) -> None:
    """Use other methods; those that change something on a client that nobody has."""
    for method, client in (
        ("GET", context.states.get("client")),
        *((one, str(UUID(int=context.random.getrandbits(128), version=4))) for one in ("PUT", "PATCH", "DELETE")),
    ):
        body = _body(context) if method in {"PUT", "PATCH"} else None
        exchange = context.send_unusual(_path(client, context, method, body))
        if exchange is None:
            continue
        fine = exchange.status in {401, 403, 404, 501} or (
            exchange.status == 405 and "POST" in exchange.response.header("allow").upper()
        )
        received = exchange.response.status_line + (
            f", Allow: {exchange.response.header('allow') or '(none)'}" if exchange.status == 405 else ""
        )
        context.judge("other-methods", fine, "405 with Allow: POST", exchange, received)


@active("server-error", heavy=True)
def odd_bodies(context: CheckContext) -> None:
    """Send bodies that trip parsers, validators and databases."""
    email = context.fresh_email
    strange = [
        {"email": "x" * 10_000 + email(), "role": "Member"},
        {"email": email("zwölf-日本-🙂"), "role": "Member"},
        {"email": email() + "\x00", "role": "Member"},
        {"email": "a\tb\r\n" + email(), "role": "Member"},
        {"email": "\ud800" + email(), "role": "Member"},
        {"email": email("'; DROP TABLE invites; --"), "role": "Member"},
        {"email": email(), "role": "M" * 10_000},
        {"email": email(), "role": "Member\x00"},
        {"email": email(), "role": "Member", "extra": {"n": 1, "": None, "\x00": []}},
        {"email": email(), "role": "Member", "count": 10**400},
        {"email": 10**400, "role": -(10**30)},
        {"email": 1e308, "role": 0.1},
    ]
    for body in strange:
        context.send(post(context, body, valid=None, writes=True))
    member = json.dumps({"email": email(), "role": "Member"}).encode()[:-1]
    for extra in (b"1e999", b"-0", b"1E400", b"[" * 2_000 + b"]" * 2_000, b'{"a":' * 2_000 + b"1" + b"}" * 2_000):
        context.send(post(context, member + b', "extra": ' + extra + b"}", valid=None, writes=True))
    for body in (b"[" * 50_000, b'"' + b"\\u0000" * 1000 + b'"', b"\xef\xbb\xbf" + member + b"}", b"\x00" * 100):
        context.send(post(context, body, valid=None, writes=True))


@active("server-error", heavy=True)
def a_large_body(context: CheckContext) -> None:
    """Send more than most servers read; one may well hang up before it has all."""
    body = {"email": context.fresh_email(), "role": "Member", "note": "x" * 2_000_000}
    context.send_unusual(post(context, body, valid=None, writes=True))
