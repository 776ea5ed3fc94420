"""Requirements typed.* and malformed-json.*: bodies that are not what the document describes."""

import json
from itertools import product

from invite_specs import Document, Json

from invite_conformance.contracts.family_invites.calls import invite, invited
from invite_conformance.contracts.family_invites.contacts import MEMBERS, contact, set_by_another_run
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_NAMED = {"name": "Harriet"}
_SCALARS = (str, int, float, bool, type(None))


def typed_requirement(body: Json) -> str:
    """The requirement that a 2xx to a wrongly typed body violates: the most binding of those that its parts violate.

    A body that says nothing, and null as a member, are "left out" to many frameworks, and some turn a scalar, or the
    only one of an array, into text.
    """
    if not isinstance(body, dict):
        # By default PHP frameworks decode `[]` and `{}` to one value, and others take whatever is empty for no body.
        return "typed.not-accepted" if body else "typed.null"
    values = [body[name] for name in MEMBERS if not isinstance(body.get(name, ""), str)]
    if any(isinstance(value, dict | list) and not _is_one_scalar(value) for value in values):
        return "typed.not-accepted"
    return "typed.null" if all(value is None for value in values) else "typed.coerced"


def _is_one_scalar(value: Json) -> bool:
    # ajv takes an array of one scalar for the scalar where `coerceTypes` is "array", the default of Fastify.
    return isinstance(value, list) and len(value) == 1 and isinstance(value[0], _SCALARS)


def malformed_requirement(body: bytes) -> str:
    """The requirement that a 2xx to a body that is no JSON violates."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "malformed-json.utf-8"
    try:
        json.JSONDecoder().raw_decode(text.lstrip())
    except ValueError:
        return "malformed-json"
    return "malformed-json.trailing"


@active("typed.not-accepted", "typed.coerced", "typed.null")
def typed_members(context: CheckContext) -> None:
    """Send other types for each member; what is answered afterwards is judged by the requirements 200.*."""
    values: list[tuple[str, Document]] = [*product(MEMBERS, (["Harriet", "Porter"], _NAMED, 42, None))]
    for name, value in (*values, ("firstname", True), ("lastname", ["Porter"])):
        _judge_typed(context, {**contact(context), name: value})
    context.send(invite(context, {}))


@active("typed.not-accepted", "typed.null")
def no_object(context: CheckContext) -> None:
    """Send bodies that are no object."""
    for body in ([contact(context)], 42, "invite", True, []):
        _judge_typed(context, body)
    exchange = context.send(invite(context, b"null", valid=False))
    context.judge("typed.null", not 200 <= exchange.status < 300, "no 2xx", exchange)


def _judge_typed(context: CheckContext, body: Document) -> None:
    exchange = context.send(invite(context, body, valid=False))
    context.judge(typed_requirement(body), not 200 <= exchange.status < 300, "no 2xx", exchange)


@active("typed.changes-nothing")
def a_malformed_contact_between_two_invites(context: CheckContext) -> None:
    """Set a contact, send another one with a last name that is an object, and see the first one unchanged."""
    first, other = invited(context, contact(context)), contact(context)
    refused = context.send(invite(context, {**other, "lastname": _NAMED}, valid=False), first)
    if 200 <= refused.status < 300:
        status = refused.response.status_line
        raise Blocked(f"it needs a refusal, and a last name that is an object was answered with {status}")
    later = invited(context, {}, "", first, refused)
    if set_by_another_run(context, later):
        return
    stored = [f'`{name}`: "{value}"' for name, value in other.items() if later.object.get(name) == value]
    expected = "the contact that was set before"
    context.judge("typed.changes-nothing", not stored, expected, later, f"{', '.join(stored)}, refused before")


@active("malformed-json", "malformed-json.trailing", "malformed-json.utf-8")
def no_json(context: CheckContext) -> None:
    """Send bodies that no parser of JSON can read, and some that only strict ones refuse."""
    whole = json.dumps(contact(context)).encode()
    for body in (whole[:-1], b"invite", whole + b"x", whole.replace(b"Harriet", b"\xff\xfe")):
        exchange = context.send(invite(context, body, valid=False))
        # A 5xx is judged by `server-error`.
        if exchange.status < 500:
            context.judge(malformed_requirement(body), exchange.status >= 400, "400", exchange)
