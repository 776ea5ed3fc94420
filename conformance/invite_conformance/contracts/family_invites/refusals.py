"""Requirements 404.*, 403.*, error.* and malformed.*: what is refused, says so and changes nothing."""

import re

from invite_specs import Document

from invite_conformance.contracts.family_invites.calls import OPERATION, invite, invited, unknown_family
from invite_conformance.contracts.family_invites.contacts import contact, set_by_another_run
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.applicability import answered_object
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import active, passive
from invite_conformance.target.states import Blocked

_NO_CONTACT: tuple[Document, ...] = ({}, None)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""Each repetition is bounded, so that a long response takes no longer than its length."""


def _says_number(exchange: Exchange) -> bool:
    code = exchange.object.get("statusCode")
    is_number = isinstance(code, int | float) and not isinstance(code, bool)
    return answered_object(OPERATION, 403, 404)(exchange) and is_number


@passive("error.status-code", _says_number)
def _status_code(exchange: Exchange) -> Violation | None:
    """Compare `statusCode` of each 403 and 404 with the status; 404.0 is 404."""
    code = exchange.object["statusCode"]
    return None if code == exchange.status else Violation(f"`statusCode`: {exchange.status}", f"`statusCode`: {code}")


@passive("403.reveals-nothing", answered_object(OPERATION, 403))
def _reveals_nothing(exchange: Exchange) -> Violation | None:
    """Search each 403 for email addresses that the request does not have."""
    sent = (exchange.call.body or b"").decode(errors="replace").lower()
    text = exchange.response.body.decode(errors="replace")
    shown = next((email for email in _EMAIL.findall(text) if email.lower() not in sent), None)
    return Violation("no email that the request does not have", shown) if shown else None


@active("404.status", repeated=True)
def a_family_that_does_not_exist(context: CheckContext) -> None:
    """Invite an unknown family with a contact; where the target file gives none, an id with the run's id."""
    _judge_unknown(context, contact(context))


@active("404.status")
def a_family_that_does_not_exist_without_contact(context: CheckContext) -> None:
    """Invite an unknown family with `{}` and with no body."""
    for body in _NO_CONTACT:
        _judge_unknown(context, body)


def _judge_unknown(context: CheckContext, body: Document) -> None:
    _judge_refused(context, body, unknown_family(context), 404, "unknown_family")


@active("403.status", repeated=True)
def a_family_of_others(context: CheckContext) -> None:
    """Invite a family of others with a contact; with `{}` in mode read-only."""
    # Where the server does not check whose family it is, a contact would be set on a family of others.
    _judge_foreign(context, {} if context.plan.mode == "read-only" else contact(context))


@active("403.status")
def a_family_of_others_without_contact(context: CheckContext) -> None:
    """Invite a family of others with `{}` and with no body."""
    for body in _NO_CONTACT:
        _judge_foreign(context, body)


def _judge_foreign(context: CheckContext, body: Document) -> None:
    _judge_refused(context, body, context.states.get("foreign_family"), 403, "foreign_family")


def _judge_refused(context: CheckContext, body: Document, family: str, status: int, state: str) -> None:
    """Invite a family that is refused for a state, and judge the status."""
    exchange = context.send(invite(context, body, family, valid=True if body else None, refused_for=state))
    # A server that wants a body, and says so first, is judged by `body.absent` and `body.subsets`.
    if body or exchange.status not in {400, 415, 422}:
        context.expect(f"{status}.status", exchange, status)


@active("403.changes-nothing")
def a_forbidden_invite_between_two_invites(context: CheckContext) -> None:
    """Invite the own family, be refused another one with another contact, and invite both without a contact."""
    foreign = context.states.get("foreign_family")
    other = contact(context, "Mallory", "Foreign")
    first = invited(context, contact(context))
    refused = context.needed(invite(context, other, foreign, refused_for="foreign_family"), 403, first)
    _judge_unchanged(context, "403.changes-nothing", other, invited(context, {}, "", first, refused))
    again = context.send(invite(context, {}, foreign, refused_for="foreign_family"), refused)
    context.judge("403.changes-nothing", again.status == 403, "403 again", again, again.response.status_line)
    texts = [*(value for _, value in again.response.headers), again.response.body.decode(errors="replace")]
    shown = next((value for value in other.values() if any(value in text for text in texts)), None)
    context.judge("403.changes-nothing", shown is None, "nothing of what was refused", again, f'"{shown}"')


@active("malformed.changes-nothing")
def a_malformed_invite_between_two_invites(context: CheckContext) -> None:
    """Set a contact, be refused another one whose last name is an object, and invite without a contact."""
    first, other = invited(context, contact(context)), contact(context)
    refused = context.send(invite(context, {**other, "lastname": {"name": "Harriet"}}, valid=False), first)
    if refused.succeeded:
        status = refused.response.status_line
        raise Blocked(f"it needs a refusal, and a last name that is an object was answered with {status}")
    later = invited(context, {}, "", first, refused)
    if not set_by_another_run(context, later):
        _judge_unchanged(context, "malformed.changes-nothing", other, later)


def _judge_unchanged(context: CheckContext, requirement: str, refused: dict[str, str], later: Exchange) -> None:
    """Judge that a response has nothing of a contact that was refused."""
    stored = [f'`{name}`: "{value}"' for name, value in refused.items() if later.object.get(name) == value]
    received = f"{', '.join(stored)}, refused before"
    context.judge(requirement, not stored, "the contact that was set before", later, received)
