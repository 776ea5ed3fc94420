"""Requirements server-error and other-methods: whatever is sent."""

import json
from urllib.parse import quote

from invite_conformance.checks import probe
from invite_conformance.exchange import Call
from invite_conformance.family_invites.calls import contact, invite
from invite_conformance.session import Session

_WILD_IDS = ("%00", "%FF", "..%2F..", quote("семья"), "x" * 3000, "%20", "%0A", "-1", "'%20OR%201=1--", "1", "null")


@probe("server-error", heavy=True)
def odd_ids(session: Session) -> None:
    """Invite families with ids that trip parsers of paths."""
    for family in _WILD_IDS:
        body = json.dumps(contact(session)).encode()
        headers = {"content-type": "application/json"}
        session.send_wild(Call("POST", f"/v1/families/{family}/invite", headers, body, valid=False, writes=False))


@probe("other-methods", heavy=True)
def other_methods(session: Session) -> None:
    """Use other methods; those that change something on a family that nobody has."""
    nobody = f"fml_unknown{session.id}"
    family = quote(session.states.get("family"), safe="")
    for method, of in (("GET", family), ("PUT", nobody), ("PATCH", nobody), ("DELETE", nobody)):
        body = json.dumps(contact(session)).encode() if method in {"PUT", "PATCH"} else None
        headers = {} if body is None else {"content-type": "application/json"}
        seen = session.send_wild(Call(method, f"/v1/families/{of}/invite", headers, body, valid=False))
        if seen is None:
            continue
        allow = seen.answer.header("allow")
        fine = seen.status in {401, 403, 404, 501} or (seen.status == 405 and "POST" in allow.upper())
        received = seen.answer.status_line + (f", Allow: {allow or '(none)'}" if seen.status == 405 else "")
        session.judge("other-methods", fine, "405 with Allow: POST", seen, received)


@probe("server-error", heavy=True)
def odd_bodies(session: Session) -> None:
    """Send bodies that trip parsers, validators and databases."""

    def with_(**members: object) -> dict[str, object]:
        return {**contact(session), **members}

    strange = [
        with_(firstname="x" * 10_000),
        with_(lastname="a\x00b"),
        with_(firstname="a\tb\r\nc", lastname=""),
        with_(firstname="'; DROP TABLE families; --"),
        with_(email="x" * 10_000 + session.fresh_email()),
        with_(email=session.fresh_email("zwölf-日本-🙂")),
        with_(email=""),
        with_(email="no at sign"),
        with_(extra={"n": 1, "": None, "\x00": []}),
        with_(firstname=10**400, lastname=-0.0, email=1e308),
    ]
    for body in strange:
        session.send(invite(session, body, valid=None))
    session.send(invite(session, json.dumps(with_(firstname="\ud800")).encode(), valid=None))
    member = json.dumps(contact(session)).encode()[:-1]
    for extra in (b"1e999", b"-0", b"1E400", b"[" * 2_000 + b"]" * 2_000, b'{"a":' * 2_000 + b"1" + b"}" * 2_000):
        session.send(invite(session, member + b', "extra": ' + extra + b"}", valid=None))
    for content in (
        b"[" * 50_000,
        b'"' + b"\\u0000" * 1000 + b'"',
        b"\xef\xbb\xbf" + member + b"}",
        b"\x00" * 100,
        b"",
    ):
        session.send(invite(session, content, valid=None))


@probe("server-error", heavy=True)
def a_large_body(session: Session) -> None:
    """Send more than most servers read; one may well hang up before it has all."""
    session.send_wild(invite(session, {**contact(session), "note": "x" * 2_000_000}, valid=None))
