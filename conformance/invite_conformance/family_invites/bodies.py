"""Requirements body.*, names.remembered, typed.not-accepted and malformed-json: what may and may not be sent."""

import json
from itertools import combinations

from invite_specs import Json

from invite_conformance.checks import probe
from invite_conformance.exchange import Seen
from invite_conformance.family_invites.calls import contact, invite, invited
from invite_conformance.session import Session

_MEMBERS = ("email", "firstname", "lastname")
_NO_STRINGS: tuple[Json, ...] = (42, True, None, ["Harriet"], {"name": "Harriet"})


@probe("body.absent")
def no_body(session: Session) -> None:
    """Invite a family whose contact is known with no body."""
    invited(session, contact(session))
    session.expect("body.absent", session.send(invite(session)), 200)


@probe("body.empty-object")
def an_empty_object(session: Session) -> None:
    """Invite a family whose contact is known with {}."""
    invited(session, contact(session))
    session.expect("body.empty-object", session.send(invite(session, {})), 200)


@probe("body.subsets")
def each_subset(session: Session) -> None:
    """Invite a family whose contact is known with each proper subset of the members."""
    invited(session, contact(session))
    for size in (1, 2):
        for names in combinations(_MEMBERS, size):
            given = contact(session)
            seen = session.send(invite(session, {name: given[name] for name in names}))
            session.expect("body.subsets", seen, 200)


@probe("names.remembered")
def a_contact_remembered(session: Session) -> None:
    """Set a contact, then invite without it, and with a part of it."""
    first = invited(session, contact(session))
    _judge_remembered(session, first, invited(session, {}))
    part = invited(session, {"firstname": contact(session)["firstname"]})
    _judge_remembered(session, part, invited(session, {}))


def _judge_remembered(session: Session, first: Seen, later: Seen) -> None:
    for name, value in first.call.given.items():
        # What was not set in the first place is the business of `200.*-as-given`.
        if name not in later.object or str(first.object.get(name)).lower() != value.lower():
            continue
        answered = later.object[name]
        kept = isinstance(answered, str) and answered.lower() == value.lower()
        session.judge("names.remembered", kept, f'`{name}`: "{value}", set before', later, f"`{name}`: {answered!r}")


@probe("typed.not-accepted")
def typed_members(session: Session) -> None:
    """Send other types for each member; what is answered afterwards is measured by the rules of 200."""
    for name in _MEMBERS:
        for value in _NO_STRINGS:
            _refused(session, {**contact(session), name: value})
    session.send(invite(session, {}))


@probe("typed.not-accepted")
def no_object(session: Session) -> None:
    """Send bodies that are no object."""
    for body in ([contact(session)], [], 42, "invite", True):
        _refused(session, body)
    _refused(session, b"null")


def _refused(session: Session, body: Json | bytes) -> None:
    seen = session.send(invite(session, body, valid=False, writes=False))
    session.judge("typed.not-accepted", not 200 <= seen.status < 300, "no 2xx", seen)


@probe("malformed-json")
def no_json(session: Session) -> None:
    """Send bodies that no JSON parser may read."""
    whole = json.dumps(contact(session)).encode()
    for body in (whole[:-1], whole + b"x", whole.replace(b"Harriet", b"\xff\xfe"), b"invite"):
        seen = session.send(invite(session, body, valid=False, writes=False))
        # A 5xx is the business of `server-error`.
        if seen.status < 500:
            session.judge("malformed-json", seen.status >= 400, "400", seen)
