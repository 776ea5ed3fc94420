"""Requirements server-error, other-methods and bad-path-id: whatever is sent."""

import json
from urllib.parse import quote
from uuid import UUID

from invite_conformance.checks import probe
from invite_conformance.client_invites.calls import headers_of, post
from invite_conformance.exchange import Call
from invite_conformance.session import Session

_BAD_IDS = ("not-a-uuid", "1", "3fa85f64-5717-4562-b3fc-2c963f66afa")
_WILD_IDS = ("%00", "%FF", "..%2F..", quote("клиент"), "x" * 3000, "%20", "%0A", "-1", "'%20OR%201=1--")


def _path(client: str, session: Session, method: str = "POST", body: bytes | None = None) -> Call:
    """A call that is not meant for the operation as documented."""
    headers = {**headers_of(session, "admin"), **({"content-type": "application/json"} if body else {})}
    return Call(method, f"/clients/{client}/invites", headers, body, valid=False, writes=method == "DELETE")


def _body(session: Session) -> bytes:
    return json.dumps({"email": session.fresh_email(), "role": "Member"}).encode()


@probe("bad-path-id")
def ids_that_are_no_uuid(session: Session) -> None:
    """Create with ids that are no UUID."""
    for client in (*_BAD_IDS, f"{session.states.get('client')}0"):
        seen = session.send(_path(client, session, body=_body(session)))
        session.judge("bad-path-id", not 200 <= seen.status < 300, "no 2xx", seen)


@probe("bad-path-id", heavy=True)
def ids_that_are_hardly_text(session: Session) -> None:
    """Create with ids that trip parsers of paths."""
    for client in _WILD_IDS:
        seen = session.send_wild(_path(client, session, body=_body(session)))
        if seen is not None:
            session.judge("bad-path-id", not 200 <= seen.status < 300, "no 2xx", seen)


@probe("other-methods", heavy=True)
def other_methods(session: Session) -> None:
    """Use other methods; those that change something on a client that nobody has."""
    for method, client in (
        ("GET", session.states.get("client")),
        *((one, str(UUID(int=session.random.getrandbits(128), version=4))) for one in ("PUT", "PATCH", "DELETE")),
    ):
        body = _body(session) if method in {"PUT", "PATCH"} else None
        seen = session.send_wild(_path(client, session, method, body))
        if seen is None:
            continue
        fine = seen.status in {401, 403, 404, 501} or (
            seen.status == 405 and "POST" in seen.answer.header("allow").upper()
        )
        received = seen.answer.status_line + (
            f", Allow: {seen.answer.header('allow') or '(none)'}" if seen.status == 405 else ""
        )
        session.judge("other-methods", fine, "405 with Allow: POST", seen, received)


@probe("server-error", heavy=True)
def odd_bodies(session: Session) -> None:
    """Send bodies that trip parsers, validators and databases."""
    email = session.fresh_email
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
        session.send(post(session, body, valid=None, writes=True))
    member = json.dumps({"email": email(), "role": "Member"}).encode()[:-1]
    for extra in (b"1e999", b"-0", b"1E400", b"[" * 2_000 + b"]" * 2_000, b'{"a":' * 2_000 + b"1" + b"}" * 2_000):
        session.send(post(session, member + b', "extra": ' + extra + b"}", valid=None, writes=True))
    for body in (b"[" * 50_000, b'"' + b"\\u0000" * 1000 + b'"', b"\xef\xbb\xbf" + member + b"}", b"\x00" * 100):
        session.send(post(session, body, valid=None, writes=True))


@probe("server-error", heavy=True)
def a_large_body(session: Session) -> None:
    """Send more than most servers read; one may well hang up before it has all."""
    body = {"email": session.fresh_email(), "role": "Member", "note": "x" * 2_000_000}
    session.send_wild(post(session, body, valid=None, writes=True))
