"""Requirements server-error and other-methods: whatever is sent.

Nothing here does harm to a server that puts it into its SQL: a quotation mark shows the fault.
"""

import json
from urllib.parse import quote

from invite_conformance.contracts.family_invites.calls import JSON_TYPE, invite
from invite_conformance.contracts.family_invites.contacts import contact
from invite_conformance.http.exchange import Call
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_UNUSUAL_IDS = ("%00", "%FF", "..%2F..", quote("семья"), "x" * 3000, "%20", "%0A", "-1", "'", "%22", "null")
_UNUSUAL_JSON = (b"1e999", b"-0", b"1E400", b"[" * 500 + b"]" * 500, b'{"a":' * 500 + b"1" + b"}" * 500)


@active("server-error", heavy=True)
def unusual_ids(context: CheckContext) -> None:
    """Invite families with ids at which parsers of paths fail."""
    for family in _UNUSUAL_IDS:
        body = json.dumps(contact(context)).encode()
        context.send_unusual(Call("POST", f"/v1/families/{family}/invite", JSON_TYPE, body, valid=False, writes=False))


@active("other-methods", heavy=True)
def other_methods(context: CheckContext) -> None:
    """Use other methods; those that change something on a family that nobody has."""
    nobody = f"fml_unknown{context.run_id}"
    family = quote(context.states.get("family"), safe="")
    for method, of in (("GET", family), ("PUT", nobody), ("PATCH", nobody), ("DELETE", nobody)):
        body = json.dumps(contact(context)).encode() if method in {"PUT", "PATCH"} else None
        headers = {} if body is None else JSON_TYPE
        exchange = context.send_unusual(Call(method, f"/v1/families/{of}/invite", headers, body, valid=False))
        if exchange is None:
            continue
        allow = exchange.response.header("allow")
        refused = exchange.status in {401, 403, 404, 501} or (exchange.status == 405 and "POST" in allow.upper())
        received = exchange.response.status_line + (f", Allow: {allow or '(none)'}" if exchange.status == 405 else "")
        context.judge("other-methods", refused, "405 with Allow: POST", exchange, received)


@active("server-error", heavy=True)
def unusual_members(context: CheckContext) -> None:
    """Send members at which validators and databases fail."""
    unusual: list[dict[str, object]] = [
        {"firstname": "x" * 10_000},
        {"lastname": "a\x00b"},
        {"firstname": "a\tb\r\nc", "lastname": ""},
        {"firstname": "a'b\"c", "lastname": "a%sb%d"},
        {"email": "x" * 10_000 + context.fresh_email()},
        {"email": context.fresh_email("zwölf-日本-🙂")},
        {"email": ""},
        {"email": "no at sign"},
        {"extra": {"n": 1, "": None, "\x00": []}},
        {"firstname": 10**400, "lastname": -0.0, "email": 1e308},
    ]
    for members in unusual:
        context.send(invite(context, {**contact(context), **members}, valid=None))
    surrogate = json.dumps({**contact(context), "firstname": "\ud800"}).encode()
    context.send(invite(context, surrogate, valid=None))


@active("server-error", heavy=True)
def unusual_json(context: CheckContext) -> None:
    """Send JSON at which parsers fail, and what is no JSON."""
    begun = json.dumps(contact(context)).encode()[:-1]
    for extra in _UNUSUAL_JSON:
        context.send(invite(context, begun + b', "extra": ' + extra + b"}", valid=None))
    for content in (
        b"[" * 50_000,
        b'"' + b"\\u0000" * 1000 + b'"',
        b"\xef\xbb\xbf" + begun + b"}",
        b"\x00" * 100,
        b"",
    ):
        context.send(invite(context, content, valid=None))


@active("server-error", heavy=True)
def a_large_body(context: CheckContext) -> None:
    """Send more than most servers read; one may well close the connection before it has all."""
    context.send_unusual(invite(context, {**contact(context), "note": "x" * 2_000_000}, valid=None))
