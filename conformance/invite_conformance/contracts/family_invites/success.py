"""Requirements 200.*: an invite that succeeds."""

from collections.abc import Callable, Iterator
from unicodedata import normalize

from invite_conformance.contracts.family_invites.calls import contact, invite, invited
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging import common_checks
from invite_conformance.judging.common_checks import answered_object
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import active, passive

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

common_checks.media_type("200.media-type", __name__, "application/json", 200)
for _requirement, _name in _MEMBERS.items():
    common_checks.member(_requirement, __name__, "FamilyInvitation", _name, 200)


@active("200.status", repeated=True)
def an_invite(context: CheckContext) -> None:
    """Invite the family with a new contact."""
    context.expect("200.status", context.send(invite(context, contact(context))), 200)


@active()
def a_family_without_contact(context: CheckContext) -> None:
    """Invite a family without a contact by email alone: the rules look at the names answered."""
    if context.states.offered("family_without_contact"):
        body = {"email": context.fresh_email("family")}
        context.send(invite(context, body, context.states.get("family_without_contact")))


@active("200.id-differs")
def two_families(context: CheckContext) -> None:
    """Invite two families."""
    second = context.states.get("second_family")
    one, other = invited(context, contact(context)), invited(context, contact(context), second)
    ids = one.object.get("id"), other.object.get("id")
    if all(isinstance(value, str) for value in ids):
        context.judge("200.id-differs", ids[0] != ids[1], "two ids", other, f"{ids[0]!r} for both families")


@active()
def names_of_the_world(context: CheckContext) -> None:
    """Set names of several words, and outside ASCII."""
    for first, last in _NAMES:
        context.send(invite(context, {**contact(context), "firstname": first, "lastname": last}))


def _said(text: str | None) -> str:
    """What a name says, whatever its form: an empty one may be answered as null, and the spaces around it dropped."""
    return normalize("NFC", text or "").strip()


def _text_given(exchange: Exchange, name: str) -> str | None:
    """What a request that is not invalid says of a member that its 200 answers well-typed; None if nothing."""
    given = exchange.call.given
    accepted = answered_object(200)(exchange) and exchange.call.valid is not False
    if not (accepted and isinstance(given, dict) and name in exchange.object):
        return None
    well_typed = isinstance(exchange.object[name], str) or (exchange.object[name] is None and name != "email")
    text = given.get(name)
    # What cannot be seen may be dropped.
    return text if well_typed and isinstance(text, str) and text.isprintable() else None


def _given(name: str) -> Callable[[Exchange], bool]:
    """Applies to a 200 to a request with the member in ASCII; the rest is the business of `200.non-ascii`."""

    def applies(exchange: Exchange) -> bool:
        text = _text_given(exchange, name)
        return text is not None and text.isascii()

    return applies


def _gives_other_letters(exchange: Exchange) -> bool:
    return any(_others(exchange))


@passive("200.non-ascii", _gives_other_letters)
def _non_ascii(exchange: Exchange) -> Violation | None:
    for name, sent in _others(exchange):
        answered = exchange.object[name]
        if _said(sent) != _said(answered):
            return Violation(f'`{name}`: "{sent}"', f'`{name}`: "{answered}"')
    return None


def _others(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The names given that are not in ASCII."""
    for name in ("firstname", "lastname"):
        text = _text_given(exchange, name)
        if text is not None and not text.isascii():
            yield name, text


@passive("200.email-as-given", _given("email"))
def _email_as_given(exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.given["email"], exchange.object["email"]
    return None if sent.lower() == answered.lower() else Violation(f'`email`: "{sent}"', f'`email`: "{answered}"')


def _name_as_given(name: str, exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.given[name], exchange.object[name]
    return None if _said(sent) == _said(answered) else Violation(f'`{name}`: "{sent}"', f'`{name}`: "{answered}"')


@passive("200.firstname-as-given", _given("firstname"))
def _firstname_as_given(exchange: Exchange) -> Violation | None:
    return _name_as_given("firstname", exchange)


@passive("200.lastname-as-given", _given("lastname"))
def _lastname_as_given(exchange: Exchange) -> Violation | None:
    return _name_as_given("lastname", exchange)


@passive(
    "200.entity-is-family",
    lambda exchange: answered_object(200)(exchange) and isinstance(exchange.object.get("entityId"), str),
)
def _entity_is_family(exchange: Exchange) -> Violation | None:
    family, answered = exchange.call.params["id"], exchange.object["entityId"]
    return None if family == answered else Violation(f'`entityId`: "{family}"', f'`entityId`: "{answered}"')
