"""Requirements 404.* and 403.*: families that are not there, or not the caller's."""

from functools import partial

from invite_specs import Document

from invite_conformance.contracts.family_invites.calls import contact, invite, invited, unknown_family
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging import common_checks
from invite_conformance.judging.common_checks import answered_object
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import active, passive
from invite_conformance.target.states import Blocked

_NO_CONTACT: tuple[Document, ...] = ({}, None)


def _says_number(status: int, exchange: Exchange) -> bool:
    return answered_object(status)(exchange) and _is_number(exchange.object.get("statusCode"))


def _is_number(value: Document) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _status_code_as_http(exchange: Exchange) -> Violation | None:
    code = exchange.object["statusCode"]
    return None if code == exchange.status else Violation(f"`statusCode`: {exchange.status}", f"`statusCode`: {code}")


for _status in (403, 404):
    common_checks.media_type(f"{_status}.media-type", __name__, "application/json", _status)
    common_checks.member(f"{_status}.status-code", __name__, "Error", "statusCode", _status)
    common_checks.member(f"{_status}.messages", __name__, "Error", "messages", _status)
    common_checks.member(f"{_status}.exception", __name__, "Error", "exception", _status)
    passive(f"{_status}.status-code-as-http", partial(_says_number, _status))(_status_code_as_http)


@active("404.status", repeated=True)
def a_family_that_is_not_there(context: CheckContext) -> None:
    """Invite it with a contact."""
    call = invite(context, contact(context), unknown_family(context), refused_for="unknown_family")
    context.expect("404.status", context.send(call), 404)


@active("404.status")
def a_family_that_is_not_there_without_contact(context: CheckContext) -> None:
    """Invite it with {} and with no body."""
    _judge_without_contact(context, "404.status", unknown_family(context), 404)


@active("403.status", repeated=True)
def a_family_of_others(context: CheckContext) -> None:
    """Invite it with a contact."""
    call = invite(context, contact(context), context.states.get("foreign_family"), refused_for="foreign_family")
    context.expect("403.status", context.send(call), 403)


@active("403.status")
def a_family_of_others_without_contact(context: CheckContext) -> None:
    """Invite it with {} and with no body."""
    _judge_without_contact(context, "403.status", context.states.get("foreign_family"), 403)


def _judge_without_contact(context: CheckContext, requirement: str, family: str, status: int) -> None:
    state = "unknown_family" if status == 404 else "foreign_family"
    for body in _NO_CONTACT:
        exchange = context.send(invite(context, body, family, valid=None, refused_for=state))
        # A server that wants a body, and says so first, is the business of `body.absent` and `body.empty-object`.
        if exchange.status not in {400, 415, 422}:
            context.expect(requirement, exchange, status)


@active("403.changes-nothing")
def a_refusal_between_two_invites(context: CheckContext) -> None:
    """Invite the own family, be refused another one with another contact, and see the own contact unchanged."""
    foreign = context.states.get("foreign_family")
    given, other = contact(context), contact(context, "Mallory", "Foreign")
    invited(context, given)
    refused = context.send(invite(context, other, foreign, refused_for="foreign_family"))
    if refused.status != 403:
        raise Blocked(f"it needs a refusal, and such a family was answered with {refused.response.status_line}")
    after = invited(context, {})
    for name, value in other.items():
        satisfied = after.object.get(name) != value
        context.judge(
            "403.changes-nothing", satisfied, "the contact of before", after, f'`{name}`: "{value}", refused before'
        )
    again = context.send(invite(context, {}, foreign, refused_for="foreign_family"))
    context.judge("403.changes-nothing", again.status == 403, "403 again", again)
    told = [*(value for _, value in again.response.headers), again.response.body.decode(errors="replace")]
    leaked = next((value for value in other.values() if any(value in text for text in told)), None)
    context.judge("403.changes-nothing", leaked is None, "no trace of what was refused", again, f'"{leaked}"')
