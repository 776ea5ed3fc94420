"""Requirements contact.own, id.unique, names.* and 200.recipient: each family has a contact of its own, which stays."""

from collections.abc import Sequence
from dataclasses import replace

from invite_conformance.contracts.family_invites.calls import invite, invited
from invite_conformance.contracts.family_invites.contacts import (
    MEMBERS,
    contact,
    from_another_run,
    is_answered,
    set_by_another_run,
)
from invite_conformance.engines.race import together
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_ROUNDS = 4
"""How often two families are invited at the same instant."""
_NO_NAMES = ("null", "none", "nil", "undefined", "nan")
"""What programs write where there is no name."""


@active("contact.own", "id.unique")
def one_family_after_another(context: CheckContext) -> None:
    """Invite the family, then another one, then the first again with `{}`."""
    second = context.states.get("second_family")
    first = invited(context, contact(context))
    other = invited(context, contact(context), second, first)
    ids = first.text("id"), other.text("id")
    if None not in ids:
        context.judge("id.unique", ids[0] != ids[1], "two ids", other, f"{ids[0]!r} for both families")
    _judge_own(context, invited(context, {}, "", first, other), [other])


@active("contact.own", engine="race", heavy=True)
def two_families_at_once(context: CheckContext) -> None:
    """Invite two families at the same instant, with two contacts each."""
    if context.target.rate_limit:
        context.findings.notice(
            f"Two families were not invited at the same instant: the `rate_limit` in {context.target.path} forbids it."
        )
        return
    families = [context.states.get("family"), context.states.get("second_family")] * 2
    for _ in range(_ROUNDS):
        exchanges = together(context, [invite(context, contact(context), family) for family in families])
        if len({exchange.call.params["id"] for exchange in exchanges}) < 2:
            raise Blocked("it needs invites of two families, and at the same instant the target answered 429")
        for exchange in exchanges:
            others = [one for one in exchanges if one.call.params != exchange.call.params]
            _judge_own(context, replace(exchange, after=tuple(others)), others)


def _judge_own(context: CheckContext, exchange: Exchange, others: Sequence[Exchange]) -> None:
    """Judge that a response has nothing of what invites of another family have."""
    foreign = [{**one.call.given_object, "entityId": one.call.params["id"]} for one in others]
    shown = [
        f'`{name}`: "{value}"'
        for members in foreign
        for name, value in members.items()
        if exchange.object.get(name) == value
    ]
    received = f"{', '.join(shown)} of the family {others[0].call.params['id']}"
    context.judge("contact.own", not shown, "the contact of the family that is invited", exchange, received)


@active("names.remembered")
def a_contact_is_remembered(context: CheckContext) -> None:
    """Set a contact, then invite without it, and with a part of it."""
    first = invited(context, contact(context))
    _judge_remembered(context, first, invited(context, {}, "", first))
    part = invited(context, {"firstname": contact(context)["firstname"]}, "", first)
    _judge_remembered(context, first, part)
    _judge_remembered(context, part, invited(context, {}, "", first, part))


def _judge_remembered(context: CheckContext, first: Exchange, later: Exchange) -> None:
    if set_by_another_run(context, later):
        return
    for name in MEMBERS:
        value = first.call.given_text(name)
        # What was not set in the first place is judged by `200.*-as-given`, and a missing member by `200.*`.
        if value is None or name not in later.object or name in later.call.given_object:
            continue
        if is_answered(first, name, value):
            received = f"`{name}`: {later.object[name]!r}"
            satisfied = is_answered(later, name, value)
            context.judge("names.remembered", satisfied, f'`{name}`: "{value}", set before', later, received)


@active("names.empty")
def an_empty_name(context: CheckContext) -> None:
    """Set a contact, then send an empty last name: it may be refused, set, or taken for left out."""
    first = invited(context, contact(context))
    later = context.send(invite(context, {"lastname": ""}, valid=None), first)
    if set_by_another_run(context, later):
        return
    before, answered = first.call.given_text("lastname"), later.object.get("lastname")
    satisfied = later.status != 200 or answered in (None, "", before, first.object.get("lastname"))
    expected = f'`lastname`: null, "" or "{before}", which was set before'
    context.judge("names.empty", satisfied, expected, later, f"`lastname`: {answered!r}")


@active("200.recipient", "names.unknown")
def a_family_without_contact(context: CheckContext) -> None:
    """Invite a family without a contact, first without an email, then by email alone."""
    family = context.states.get("family_without_contact")
    first = context.send(invite(context, {}, family, valid=None))
    if from_another_run(context, first):
        raise Blocked(
            "`family_without_contact` has a contact that another run of the suite set: remove it, or give another one"
        )
    email = first.object.get("email")
    addressed = isinstance(email, str) and bool(email.strip())
    received = f"{first.response.status_line}, `email`: {email!r}"
    satisfied = addressed or not first.succeeded
    if not context.judge("200.recipient", satisfied, "no 2xx, or the address that it goes to", first, received):
        return
    named = invited(context, {"email": context.fresh_email("family")}, family, first)
    if addressed:
        raise Blocked(f"`family_without_contact` has a contact: {email}")
    for name in ("firstname", "lastname"):
        text = named.text(name)
        satisfied = text is None or text.lower() not in _NO_NAMES
        expected = f"`{name}`: null, since no name is known"
        context.judge("names.unknown", satisfied, expected, named, f'`{name}`: "{text}"')
