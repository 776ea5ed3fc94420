"""Requirements 200.*: an invite that succeeds."""

from collections.abc import Callable, Iterator
from unicodedata import normalize

from invite_conformance import answers
from invite_conformance.answers import answered_object
from invite_conformance.checks import Flaw, probe, rule
from invite_conformance.exchange import Seen
from invite_conformance.family_invites.calls import contact, invite, invited
from invite_conformance.session import Session

_MEMBERS = {
    "200.id": "id",
    "200.type": "type",
    "200.company-id": "companyId",
    "200.entity-id": "entityId",
    "200.email": "email",
    "200.firstname": "firstname",
    "200.lastname": "lastname",
    "200.expires-at": "expiresAt",
}
_NAMES = (
    ("Zoë", "Nuñez-Ångström"),
    ("Mary Ann", "de la Cruz"),
    ("Łukasz", "Băsescu"),
    ("София", "Ёлкина"),
    ("桜子", "渡辺"),
    ("Ravi 🙂", "नारायण"),
)

answers.media_type("200.media-type", __name__, "application/json", 200)
for _requirement, _name in _MEMBERS.items():
    answers.member(_requirement, __name__, "FamilyInvitation", _name, 200)


@probe("200.status", steady=True)
def an_invite(session: Session) -> None:
    """Invite the family with a new contact."""
    session.expect("200.status", session.send(invite(session, contact(session))), 200)


@probe()
def a_family_without_contact(session: Session) -> None:
    """Invite a family without a contact by email alone: the rules look at the names answered."""
    if session.states.offered("family_without_contact"):
        body = {"email": session.fresh_email("family")}
        session.send(invite(session, body, session.states.get("family_without_contact")))


@probe("200.id-differs")
def two_families(session: Session) -> None:
    """Invite two families."""
    second = session.states.get("second_family")
    one, other = invited(session, contact(session)), invited(session, contact(session), second)
    ids = one.object.get("id"), other.object.get("id")
    if all(isinstance(value, str) for value in ids):
        session.judge("200.id-differs", ids[0] != ids[1], "two ids", other, f"{ids[0]!r} for both families")


@probe()
def names_of_the_world(session: Session) -> None:
    """Set names of several words, and outside ASCII."""
    for first, last in _NAMES:
        session.send(invite(session, {**contact(session), "firstname": first, "lastname": last}))


def _said(text: str | None) -> str:
    """What a name says, whatever its form: an empty one may be answered as null, and the spaces around it dropped."""
    return normalize("NFC", text or "").strip()


def _text_given(seen: Seen, name: str) -> str | None:
    """What a request that is not invalid says of a member that its 200 answers well-typed; None if nothing."""
    given = seen.call.given
    accepted = answered_object(200)(seen) and seen.call.valid is not False
    if not (accepted and isinstance(given, dict) and name in seen.object):
        return None
    well_typed = isinstance(seen.object[name], str) or (seen.object[name] is None and name != "email")
    text = given.get(name)
    # What cannot be seen may be dropped.
    return text if well_typed and isinstance(text, str) and text.isprintable() else None


def _given(name: str) -> Callable[[Seen], bool]:
    """Applies to a 200 to a request with the member in ASCII; the rest is the business of `200.non-ascii`."""

    def applies(seen: Seen) -> bool:
        text = _text_given(seen, name)
        return text is not None and text.isascii()

    return applies


def _gives_other_letters(seen: Seen) -> bool:
    return any(_others(seen))


@rule("200.non-ascii", _gives_other_letters)
def _non_ascii(seen: Seen) -> Flaw | None:
    for name, sent in _others(seen):
        answered = seen.object[name]
        if _said(sent) != _said(answered):
            return Flaw(f'`{name}`: "{sent}"', f'`{name}`: "{answered}"')
    return None


def _others(seen: Seen) -> Iterator[tuple[str, str]]:
    """The names given that are not in ASCII."""
    for name in ("firstname", "lastname"):
        text = _text_given(seen, name)
        if text is not None and not text.isascii():
            yield name, text


@rule("200.email-as-given", _given("email"))
def _email_as_given(seen: Seen) -> Flaw | None:
    sent, answered = seen.call.given["email"], seen.object["email"]
    return None if sent.lower() == answered.lower() else Flaw(f'`email`: "{sent}"', f'`email`: "{answered}"')


def _name_as_given(name: str, seen: Seen) -> Flaw | None:
    sent, answered = seen.call.given[name], seen.object[name]
    return None if _said(sent) == _said(answered) else Flaw(f'`{name}`: "{sent}"', f'`{name}`: "{answered}"')


@rule("200.firstname-as-given", _given("firstname"))
def _firstname_as_given(seen: Seen) -> Flaw | None:
    return _name_as_given("firstname", seen)


@rule("200.lastname-as-given", _given("lastname"))
def _lastname_as_given(seen: Seen) -> Flaw | None:
    return _name_as_given("lastname", seen)


@rule("200.entity-is-family", lambda seen: answered_object(200)(seen) and isinstance(seen.object.get("entityId"), str))
def _entity_is_family(seen: Seen) -> Flaw | None:
    family, answered = seen.call.params["id"], seen.object["entityId"]
    return None if family == answered else Flaw(f'`entityId`: "{family}"', f'`entityId`: "{answered}"')
