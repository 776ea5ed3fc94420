"""Requirements 200.* and body.*: an invite that succeeds, and what may be left out of it."""

from collections.abc import Iterator
from itertools import combinations
from unicodedata import normalize

from invite_conformance.contracts.family_invites.calls import invite, invited, is_invite
from invite_conformance.contracts.family_invites.contacts import MEMBERS, contact
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.comparisons import dated, differs, judge_own_members, passed
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import active, passive

_NAMES = ("firstname", "lastname")
_UNUSUAL = (
    # In ASCII: of several words, with marks, with capitals inside, and of 40 letters.
    ("Mary Ann", "de la Cruz"),
    ("D'Arcy", "O'Brien"),
    ("Ann & Kim", "McGonagall-St. John"),
    ("Wilhelminafriederikealexandraelisabethann", "Wolfeschlegelsteinhausenbergerdorffwelch"),
    # With accents, of other scripts, and with an emoji.
    ("Zoë", "Nuñez-Ångström"),
    ("Łukasz", "Băsescu"),
    ("София", "Ёлкина"),
    ("桜子", "渡辺"),
    ("Ravi 🙂", "नारायण"),
    # With a ligature, with wide letters, and with a superscript.
    ("Soﬁa", "Ｐｏｒｔｅｒ"),  # noqa: RUF001  # what is tested
    ("Anna", "Smith²"),
)


@active("200.status", repeated=True)
def an_invite(context: CheckContext) -> None:
    """Invite the family with a new contact."""
    context.expect("200.status", context.send(invite(context, contact(context))), 200)


@active("body.absent")
def no_body(context: CheckContext) -> None:
    """Invite a family whose contact is known with no body at all."""
    first = invited(context, contact(context))
    context.expect("body.absent", context.send(invite(context), first), 200)


@active("body.subsets")
def each_subset(context: CheckContext) -> None:
    """Invite a family whose contact is known with `{}`, and with each proper subset of the members."""
    first = invited(context, contact(context))
    for size in range(len(MEMBERS)):
        for names in combinations(MEMBERS, size):
            given = contact(context)
            exchange = context.send(invite(context, {name: given[name] for name in names}), first)
            context.expect("body.subsets", exchange, 200)


@active()
def unusual_names(context: CheckContext) -> None:
    """Set names with marks, capitals inside, accents, other scripts, an emoji, ligatures and wide letters."""
    for first, last in _UNUSUAL:
        body = {**contact(context), "firstname": first, "lastname": last}
        context.send(invite(context, body, valid=None))


@active("200.own-members", heavy=True)
def members_of_the_invitation(context: CheckContext) -> None:
    """Invite with `id`, `type`, `companyId`, `entityId` and `expiresAt` beside a contact."""
    usual = invited(context, contact(context)).object.get("type")
    sent = {
        "id": f"lnk_sent{context.run_id}",
        "type": "family_invitation" if usual == "staff_invitation" else "staff_invitation",
        "companyId": f"co_sent{context.run_id}",
        "entityId": f"fml_sent{context.run_id}",
        "expiresAt": "2093-04-05T06:07:08Z",
    }
    judge_own_members(context, "200.own-members", invite(context, contact(context), valid=None), sent)


def _gives_email(exchange: Exchange) -> bool:
    email = _text_given(exchange, "email")
    return email is not None and email.isascii()


@passive("200.email-as-given", _gives_email)
def _email_as_given(exchange: Exchange) -> Violation | None:
    """Compare `email` of each 200 with the one sent, without case; a blank one may be taken for left out."""
    return differs(exchange, "email", _text_given(exchange, "email"), lambda *both: both[0].lower() == both[1].lower())


@passive("200.names-as-given", lambda exchange: any(_names_given(exchange, in_ascii=True)))
def _names_as_given(exchange: Exchange) -> Violation | None:
    """Compare the names of each 200 with those sent in ASCII; spaces around them may be dropped."""
    given = _names_given(exchange, in_ascii=True)
    return next(filter(None, (differs(exchange, name, sent, _same_name) for name, sent in given)), None)


@passive("200.non-ascii", lambda exchange: any(_names_given(exchange, in_ascii=False)))
def _non_ascii(exchange: Exchange) -> Violation | None:
    """Compare the names of each 200 with those sent outside ASCII, composed or decomposed."""
    for name, sent in _names_given(exchange, in_ascii=False):
        # What compatibility normalization does is judged by `200.compatibility-characters`.
        if _said(exchange.text(name)) not in {_said(sent), _compatible(sent)}:
            return differs(exchange, name, sent)
    return None


def _has_compatibility_characters(exchange: Exchange) -> bool:
    return any(_compatible(sent) != _said(sent) for _, sent in _names_given(exchange, in_ascii=False))


@passive("200.compatibility-characters", _has_compatibility_characters)
def _compatibility_characters(exchange: Exchange) -> Violation | None:
    """Look for the compatibility normalization (Unicode NFKC) of a name in each 200 to a request with the name."""
    for name, sent in _names_given(exchange, in_ascii=False):
        if _said(exchange.text(name)) == _compatible(sent) != _said(sent):
            return differs(exchange, name, sent)
    return None


def _names_given(exchange: Exchange, *, in_ascii: bool) -> Iterator[tuple[str, str]]:
    """The names given, in ASCII or outside it."""
    for name in _NAMES:
        text = _text_given(exchange, name)
        if text is not None and text.isascii() == in_ascii:
            yield name, text


def _text_given(exchange: Exchange, name: str) -> str | None:
    """What a request that is not invalid says of a member that its 200 answers well-typed; None if nothing.

    A blank text may be taken for "left out", and characters that cannot be seen may be dropped.
    """
    accepted = is_invite(exchange) and exchange.call.valid is not False
    if not (accepted and name in exchange.object):
        return None
    well_typed = exchange.text(name) is not None or (exchange.object[name] is None and name != "email")
    text = exchange.call.given_text(name)
    return text if well_typed and text and text.strip() and text.isprintable() else None


def _same_name(one: str, other: str) -> bool:
    return _said(one) == _said(other)


def _said(text: str | None) -> str:
    """What a name says: composed, without the spaces around it; an empty one may be answered as null."""
    return normalize("NFC", text or "").strip()


def _compatible(text: str) -> str:
    """A name after compatibility normalization (Unicode NFKC), which loses what ligatures and wide letters say."""
    return normalize("NFKC", text).strip()


def _has_entity(exchange: Exchange) -> bool:
    # What a request that need not be accepted is answered with is judged by `404.similar-id` and `200.own-members`.
    return is_invite(exchange) and exchange.call.valid is not None and exchange.text("entityId") is not None


@passive("200.entity-is-family", _has_entity)
def _entity_is_family(exchange: Exchange) -> Violation | None:
    """Compare `entityId` of each 200 with the family in the path."""
    return differs(exchange, "entityId", exchange.call.params["id"])


@passive("200.not-expired", dated("expiresAt", is_invite))
def _not_expired(exchange: Exchange) -> Violation | None:
    """Compare `expiresAt` of each 200 with the response's `Date`; five minutes between the clocks are accepted."""
    return passed(exchange, "expiresAt")
