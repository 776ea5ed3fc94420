"""Requirements server-error and other-methods: unusual requests."""

import json
from uuid import UUID

from invite_conformance.contracts.client_invites.calls import elsewhere, post
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active


@active("other-methods", heavy=True)
def other_methods(context: CheckContext) -> None:
    """Use other methods: those that may change something, on a client that does not exist."""
    for method, client in (
        ("GET", context.states.get("client")),
        *((one, str(UUID(int=context.random.getrandbits(128), version=4))) for one in ("PUT", "PATCH", "DELETE")),
    ):
        body = {"email": context.fresh_email(), "role": "Member"} if method in {"PUT", "PATCH"} else None
        exchange = context.send_unusual(elsewhere(context, client, method, body=body))
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
def unusual_bodies(context: CheckContext) -> None:
    """Send bodies that parsers, validators and databases fail on."""
    email = context.fresh_email
    bodies = [
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
    for body in bodies:
        context.send(post(context, body, valid=None))
    member = json.dumps({"email": email(), "role": "Member"}).encode()[:-1]
    for extra in (b"1e999", b"-0", b"1E400", b"[" * 1_100 + b"]" * 1_100, b'{"a":' * 1_100 + b"1" + b"}" * 1_100):
        context.send(post(context, member + b', "extra": ' + extra + b"}", valid=None))
    for raw in (b"[" * 50_000, b'"' + b"\\u0000" * 1000 + b'"', b"\xef\xbb\xbf" + member + b"}", b"\x00" * 100):
        context.send(post(context, raw, valid=None))


@active("server-error", heavy=True)
def a_large_body(context: CheckContext) -> None:
    """Send more than most servers read; one may close the connection before it has everything."""
    body = {"email": context.fresh_email(), "role": "Member", "note": "x" * 2_000_000}
    context.send_unusual(post(context, body, valid=None))
