"""Requirements 200.*: an invite that succeeds."""

from collections.abc import Callable, Iterator
from datetime import datetime
from unicodedata import normalize

from invite_conformance.contracts.family_invites.calls import invite, invited, succeeded
from invite_conformance.contracts.family_invites.contacts import contact
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.moments import date, moment
from invite_conformance.judging.registry import active, passive

_NAMES = ("firstname", "lastname")


@active("200.status", repeated=True)
def an_invite(context: CheckContext) -> None:
    """Invite the family with a new contact."""
    context.expect("200.status", context.send(invite(context, contact(context))), 200)


@active("200.id-differs")
def two_families(context: CheckContext) -> None:
    """Invite two families."""
    second = context.states.get("second_family")
    one = invited(context, contact(context))
    other = invited(context, contact(context), second, one)
    ids = one.text("id"), other.text("id")
    if None not in ids:
        context.judge("200.id-differs", ids[0] != ids[1], "two ids", other, f"{ids[0]!r} for both families")


@active("200.own-members", heavy=True)
def members_of_the_answer(context: CheckContext) -> None:
    """Send the members that only the server decides."""
    first = invited(context, contact(context))
    usual = first.object.get("type")
    sent = {
        "id": f"lnk_sent{context.run_id}",
        "type": "family_invitation" if usual == "staff_invitation" else "staff_invitation",
        "companyId": f"co_sent{context.run_id}",
        "entityId": f"fml_sent{context.run_id}",
        "expiresAt": "2093-04-05T06:07:08Z",
    }
    exchange = context.send(invite(context, {**contact(context), **sent}, valid=None), first)
    taken = [f'`{name}`: "{value}"' for name, value in sent.items() if exchange.object.get(name) == value]
    context.judge("200.own-members", not taken, "members that the server decides", exchange, ", ".join(taken))


def _said(text: str | None) -> str:
    """What a name says: composed, without the spaces around it; an empty one may be answered as null."""
    return normalize("NFC", text or "").strip()


def _text_given(exchange: Exchange, name: str) -> str | None:
    """What a request that is not invalid says of a member that its 200 answers well-typed; None if nothing.

    A blank text may be taken for "left out", and characters that cannot be seen may be dropped.
    """
    accepted = succeeded(exchange) and exchange.call.valid is not False
    if not (accepted and name in exchange.object):
        return None
    well_typed = exchange.text(name) is not None or (exchange.object[name] is None and name != "email")
    text = exchange.call.given_text(name)
    return text if well_typed and text and text.strip() and text.isprintable() else None


def _given(name: str) -> Callable[[Exchange], bool]:
    """Applies to a 200 to a request with the member in ASCII; the rest is judged by `200.non-ascii`."""

    def applies(exchange: Exchange) -> bool:
        text = _text_given(exchange, name)
        return text is not None and text.isascii()

    return applies


def _gives_names_outside_ascii(exchange: Exchange) -> bool:
    return any(_names_outside_ascii(exchange))


@passive("200.non-ascii", _gives_names_outside_ascii)
def _non_ascii(exchange: Exchange) -> Violation | None:
    for name, sent in _names_outside_ascii(exchange):
        answered = exchange.text(name)
        # What compatibility normalization does is judged by `200.compatibility-characters`.
        if _said(answered) not in {_said(sent), _compatible(sent)}:
            return Violation(f'`{name}`: "{sent}"', f'`{name}`: "{answered}"')
    return None


def _gives_compatibility_characters(exchange: Exchange) -> bool:
    return any(_compatible(sent) != _said(sent) for _, sent in _names_outside_ascii(exchange))


@passive("200.compatibility-characters", _gives_compatibility_characters)
def _compatibility_characters(exchange: Exchange) -> Violation | None:
    for name, sent in _names_outside_ascii(exchange):
        answered = exchange.text(name)
        if _said(answered) == _compatible(sent) != _said(sent):
            return Violation(f'`{name}`: "{sent}"', f'`{name}`: "{answered}"')
    return None


def _compatible(text: str) -> str:
    """A name after compatibility normalization (Unicode NFKC), which loses what ligatures and wide letters say."""
    return normalize("NFKC", text).strip()


def _names_outside_ascii(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The names given that are not in ASCII."""
    for name in _NAMES:
        text = _text_given(exchange, name)
        if text is not None and not text.isascii():
            yield name, text


@passive("200.email-as-given", _given("email"))
def _email_as_given(exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.given_text("email") or "", exchange.text("email") or ""
    return None if sent.lower() == answered.lower() else Violation(f'`email`: "{sent}"', f'`email`: "{answered}"')


def _name_as_given(name: str, exchange: Exchange) -> Violation | None:
    sent, answered = exchange.call.given_text(name), exchange.text(name)
    return None if _said(sent) == _said(answered) else Violation(f'`{name}`: "{sent}"', f'`{name}`: "{answered}"')


@passive("200.firstname-as-given", _given("firstname"))
def _firstname_as_given(exchange: Exchange) -> Violation | None:
    return _name_as_given("firstname", exchange)


@passive("200.lastname-as-given", _given("lastname"))
def _lastname_as_given(exchange: Exchange) -> Violation | None:
    return _name_as_given("lastname", exchange)


def _has_entity(exchange: Exchange) -> bool:
    # What a request that need not be accepted is answered with is judged by `404.id-whole` and `200.own-members`.
    accepted = succeeded(exchange) and exchange.call.valid is not None
    return accepted and exchange.text("entityId") is not None


@passive("200.entity-is-family", _has_entity)
def _entity_is_family(exchange: Exchange) -> Violation | None:
    family, answered = exchange.call.params["id"], exchange.text("entityId")
    return None if family == answered else Violation(f'`entityId`: "{family}"', f'`entityId`: "{answered}"')


def _times(exchange: Exchange) -> tuple[datetime, datetime] | None:
    """When the invitation expires, and when the response was sent; None if it does not say both."""
    expires, sent = moment(exchange.text("expiresAt")), date(exchange)
    return (expires, sent) if succeeded(exchange) and expires and sent else None


@passive("200.expires-later", lambda exchange: _times(exchange) is not None)
def _expires_later(exchange: Exchange) -> Violation | None:
    times = _times(exchange)
    if times is None or times[0] > times[1]:
        return None
    date, expires = exchange.response.header("date"), exchange.text("expiresAt")
    return Violation(f"`expiresAt` after {date}, the Date of the response", f'`expiresAt`: "{expires}"')
