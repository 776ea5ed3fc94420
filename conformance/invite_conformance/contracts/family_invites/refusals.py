"""Requirements 404.* and 403.*: families that do not exist, or that the caller may not invite."""

import re
from functools import partial

from invite_specs import Document, Json

from invite_conformance.contracts.family_invites.calls import OPERATION, invite, invited, unknown_family
from invite_conformance.contracts.family_invites.contacts import contact
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.applicability import answered_object
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import active, passive
from invite_conformance.target.states import Blocked

_NO_CONTACT: tuple[Document, ...] = ({}, None)
_STATES = {403: "foreign_family", 404: "unknown_family"}
_ACCEPTED = {
    "foreign_family": "either the server does not check whose family it is, or `foreign_family` is the caller's own",
    "unknown_family": "either the server does not look the family up, or `unknown_family` is one that exists",
}
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""Each repetition is bounded, so that a long response takes no longer than its length."""


def _says_number(status: int, exchange: Exchange) -> bool:
    return answered_object(OPERATION, status)(exchange) and _is_number(exchange.object.get("statusCode"))


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _status_code_as_http(exchange: Exchange) -> Violation | None:
    code = exchange.object["statusCode"]
    return None if code == exchange.status else Violation(f"`statusCode`: {exchange.status}", f"`statusCode`: {code}")


for _status in _STATES:
    passive(f"{_status}.status-code-as-http", partial(_says_number, _status))(_status_code_as_http)


@passive("403.reveals-nothing", answered_object(OPERATION, 403))
def _reveals_nothing(exchange: Exchange) -> Violation | None:
    sent = (exchange.call.body or b"").decode(errors="replace").lower()
    text = exchange.response.body.decode(errors="replace")
    shown = next((email for email in _EMAIL.findall(text) if email.lower() not in sent), None)
    return Violation("no email that the request does not have", shown) if shown else None


@active("404.status", repeated=True)
def a_family_that_does_not_exist(context: CheckContext) -> None:
    """Invite it with a contact."""
    _judge_refused(context, contact(context), 404)


@active("404.status")
def a_family_that_does_not_exist_without_contact(context: CheckContext) -> None:
    """Invite it with {} and with no body."""
    for body in _NO_CONTACT:
        _judge_refused(context, body, 404)


@active("403.status", repeated=True)
def a_family_of_others(context: CheckContext) -> None:
    """Invite it with a contact; with {} in mode read-only."""
    # Where the server does not check whose family it is, a contact would be set on a family of others.
    body: Document = {} if context.plan.mode == "read-only" else contact(context)
    _judge_refused(context, body, 403)


@active("403.status")
def a_family_of_others_without_contact(context: CheckContext) -> None:
    """Invite it with {} and with no body."""
    for body in _NO_CONTACT:
        _judge_refused(context, body, 403)


def _judge_refused(context: CheckContext, body: Document, status: int) -> None:
    """Invite the family that is refused with that status, and judge the response."""
    state = _STATES[status]
    family = unknown_family(context) if status == 404 else context.states.get(state)
    exchange = context.send(invite(context, body, family, valid=True if body else None, refused_for=state))
    # A server that wants a body, and says so first, is judged by `body.absent` and `body.empty-object`.
    if body or exchange.status not in {400, 415, 422}:
        line = exchange.response.status_line
        received = f"{line}: {_ACCEPTED[state]}" if 200 <= exchange.status < 300 else line
        context.expect(f"{status}.status", exchange, status, received=received)


@active("403.changes-nothing")
def a_refusal_between_two_invites(context: CheckContext) -> None:
    """Invite the own family, be refused another one with another contact, and see the own contact unchanged."""
    foreign = context.states.get("foreign_family")
    other = contact(context, "Mallory", "Foreign")
    first = invited(context, contact(context))
    refused = context.send(invite(context, other, foreign, refused_for="foreign_family"), first)
    if refused.status != 403:
        raise Blocked(f"it needs a refusal, and such a family was answered with {refused.response.status_line}")
    later = invited(context, {}, "", first, refused)
    for name, value in other.items():
        satisfied = later.object.get(name) != value
        received = f'`{name}`: "{value}", refused before'
        context.judge("403.changes-nothing", satisfied, "the contact that was set before", later, received)
    again = context.send(invite(context, {}, foreign, refused_for="foreign_family"), refused)
    context.judge("403.changes-nothing", again.status == 403, "403 again", again)
    texts = [*(value for _, value in again.response.headers), again.response.body.decode(errors="replace")]
    shown = next((value for value in other.values() if any(value in text for text in texts)), None)
    context.judge("403.changes-nothing", shown is None, "nothing of what was refused", again, f'"{shown}"')
