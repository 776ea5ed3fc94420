"""Requirements server-error and other-methods: whatever is sent."""

import json
from urllib.parse import quote

from invite_conformance.contracts.family_invites.calls import contact, invite
from invite_conformance.http.exchange import Call
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_UNUSUAL_IDS = ("%00", "%FF", "..%2F..", quote("семья"), "x" * 3000, "%20", "%0A", "-1", "'%20OR%201=1--", "1", "null")


@active("server-error", heavy=True)
def odd_ids(context: CheckContext) -> None:
    """Invite families with ids that trip parsers of paths."""
    for family in _UNUSUAL_IDS:
        body = json.dumps(contact(context)).encode()
        headers = {"content-type": "application/json"}
        context.send_unusual(Call("POST", f"/v1/families/{family}/invite", headers, body, valid=False, writes=False))


@active("other-methods", heavy=True)
def other_methods(context: CheckContext) -> None:
    """Use other methods; those that change something on a family that nobody has."""
    nobody = f"fml_unknown{context.run_id}"
    family = quote(context.states.get("family"), safe="")
    for method, of in (("GET", family), ("PUT", nobody), ("PATCH", nobody), ("DELETE", nobody)):
        body = json.dumps(contact(context)).encode() if method in {"PUT", "PATCH"} else None
        headers = {} if body is None else {"content-type": "application/json"}
        exchange = context.send_unusual(Call(method, f"/v1/families/{of}/invite", headers, body, valid=False))
        if exchange is None:
            continue
        allow = exchange.response.header("allow")
        fine = exchange.status in {401, 403, 404, 501} or (exchange.status == 405 and "POST" in allow.upper())
        received = exchange.response.status_line + (f", Allow: {allow or '(none)'}" if exchange.status == 405 else "")
        context.judge("other-methods", fine, "405 with Allow: POST", exchange, received)


@active("server-error", heavy=True)
def odd_bodies(context: CheckContext) -> None:
    """Send bodies that trip parsers, validators and databases."""

    def with_(**members: object) -> dict[str, object]:
        return {**contact(context), **members}

    strange = [
        with_(firstname="x" * 10_000),
        with_(lastname="a\x00b"),
        with_(firstname="a\tb\r\nc", lastname=""),
        with_(firstname="'; DROP TABLE families; --"),
        with_(email="x" * 10_000 + context.fresh_email()),
        with_(email=context.fresh_email("zwölf-日本-🙂")),
        with_(email=""),
        with_(email="no at sign"),
        with_(extra={"n": 1, "": None, "\x00": []}),
        with_(firstname=10**400, lastname=-0.0, email=1e308),
    ]
    for body in strange:
        context.send(invite(context, body, valid=None))
    context.send(invite(context, json.dumps(with_(firstname="\ud800")).encode(), valid=None))
    member = json.dumps(contact(context)).encode()[:-1]
    for extra in (b"1e999", b"-0", b"1E400", b"[" * 2_000 + b"]" * 2_000, b'{"a":' * 2_000 + b"1" + b"}" * 2_000):
        context.send(invite(context, member + b', "extra": ' + extra + b"}", valid=None))
    for content in (
        b"[" * 50_000,
        b'"' + b"\\u0000" * 1000 + b'"',
        b"\xef\xbb\xbf" + member + b"}",
        b"\x00" * 100,
        b"",
    ):
        context.send(invite(context, content, valid=None))


@active("server-error", heavy=True)
def a_large_body(context: CheckContext) -> None:
    """Send more than most servers read; one may well hang up before it has all."""
    context.send_unusual(invite(context, {**contact(context), "note": "x" * 2_000_000}, valid=None))
