"""Requirements body.*, names.remembered, typed.not-accepted and malformed-json: what may and may not be sent."""

import json
from itertools import combinations

from invite_specs import Document

from invite_conformance.contracts.family_invites.calls import contact, invite, invited
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_MEMBERS = ("email", "firstname", "lastname")
_NO_STRINGS: tuple[Document, ...] = (42, True, None, ["Harriet"], {"name": "Harriet"})


@active("body.absent")
def no_body(context: CheckContext) -> None:
    """Invite a family whose contact is known with no body."""
    invited(context, contact(context))
    context.expect("body.absent", context.send(invite(context)), 200)


@active("body.empty-object")
def an_empty_object(context: CheckContext) -> None:
    """Invite a family whose contact is known with {}."""
    invited(context, contact(context))
    context.expect("body.empty-object", context.send(invite(context, {})), 200)


@active("body.subsets")
def each_subset(context: CheckContext) -> None:
    """Invite a family whose contact is known with each proper subset of the members."""
    invited(context, contact(context))
    for size in (1, 2):
        for names in combinations(_MEMBERS, size):
            given = contact(context)
            exchange = context.send(invite(context, {name: given[name] for name in names}))
            context.expect("body.subsets", exchange, 200)


@active("names.remembered")
def a_contact_remembered(context: CheckContext) -> None:
    """Set a contact, then invite without it, and with a part of it."""
    first = invited(context, contact(context))
    _judge_remembered(context, first, invited(context, {}))
    part = invited(context, {"firstname": contact(context)["firstname"]})
    _judge_remembered(context, part, invited(context, {}))


def _judge_remembered(context: CheckContext, first: Exchange, later: Exchange) -> None:
    for name, value in first.call.given.items():
        # What was not set in the first place is the business of `200.*-as-given`.
        if name not in later.object or str(first.object.get(name)).lower() != value.lower():
            continue
        answered = later.object[name]
        satisfied = isinstance(answered, str) and answered.lower() == value.lower()
        context.judge(
            "names.remembered", satisfied, f'`{name}`: "{value}", set before', later, f"`{name}`: {answered!r}"
        )


@active("typed.not-accepted")
def typed_members(context: CheckContext) -> None:
    """Send other types for each member; what is answered afterwards is measured by the rules of 200."""
    for name in _MEMBERS:
        for value in _NO_STRINGS:
            _refused(context, {**contact(context), name: value})
    context.send(invite(context, {}))


@active("typed.not-accepted")
def no_object(context: CheckContext) -> None:
    """Send bodies that are no object."""
    for body in ([contact(context)], [], 42, "invite", True):
        _refused(context, body)
    _refused(context, b"null")


def _refused(context: CheckContext, body: Document | bytes) -> None:
    exchange = context.send(invite(context, body, valid=False, writes=False))
    context.judge("typed.not-accepted", not 200 <= exchange.status < 300, "no 2xx", exchange)


@active("malformed-json")
def no_json(context: CheckContext) -> None:
    """Send bodies that no JSON parser may read."""
    whole = json.dumps(contact(context)).encode()
    for body in (whole[:-1], whole + b"x", whole.replace(b"Harriet", b"\xff\xfe"), b"invite"):
        exchange = context.send(invite(context, body, valid=False, writes=False))
        # A 5xx is the business of `server-error`.
        if exchange.status < 500:
            context.judge("malformed-json", exchange.status >= 400, "400", exchange)
