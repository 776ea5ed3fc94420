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
    given = contact(session)
    invited(session, given)
    _judge_remembered(session, given, invited(session, {}))
    part = contact(session)["firstname"]
    invited(session, {"firstname": part})
    _judge_remembered(session, given | {"firstname": part}, invited(session, {}))


def _judge_remembered(session: Session, given: dict[str, str], seen: Seen) -> None:
    for name, value in given.items():
        answered = seen.object.get(name)
        kept = isinstance(answered, str) and answered.lower() == value.lower()
        session.judge("names.remembered", kept, f'`{name}`: "{value}", set before', seen, f"`{name}`: {answered!r}")


@probe("typed.not-accepted")
def typed_members(session: Session) -> None:
    """Send other types for each member, and look at what is answered afterwards."""
    for name in _MEMBERS:
        for value in _NO_STRINGS:
            _refused(session, {**contact(session), name: value})
    after = session.send(invite(session, {}))
    for name in _MEMBERS:
        answered = after.object.get(name)
        if after.status == 200 and name in after.object:
            kept = isinstance(answered, str) or (answered is None and name != "email")
            session.judge("typed.not-accepted", kept, f"`{name}` as documented", after, f"`{name}`: {answered!r}")


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
