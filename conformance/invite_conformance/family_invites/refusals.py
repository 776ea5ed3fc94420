"""Requirements 404.* and 403.*: families that are not there, or not the caller's."""

from functools import partial

from invite_specs import Json

from invite_conformance import answers
from invite_conformance.answers import answered_object
from invite_conformance.checks import Flaw, probe, rule
from invite_conformance.exchange import Seen
from invite_conformance.family_invites.calls import contact, invite, invited, unknown_family
from invite_conformance.session import Session
from invite_conformance.states import Unmet

_NO_CONTACT: tuple[Json, ...] = ({}, None)


def _says_number(status: int, seen: Seen) -> bool:
    return answered_object(status)(seen) and _is_number(seen.object.get("statusCode"))


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _status_code_as_http(seen: Seen) -> Flaw | None:
    code = seen.object["statusCode"]
    return None if code == seen.status else Flaw(f"`statusCode`: {seen.status}", f"`statusCode`: {code}")


for _status in (403, 404):
    answers.media_type(f"{_status}.media-type", __name__, "application/json", _status)
    answers.member(f"{_status}.status-code", __name__, "Error", "statusCode", _status)
    answers.member(f"{_status}.messages", __name__, "Error", "messages", _status)
    answers.member(f"{_status}.exception", __name__, "Error", "exception", _status)
    rule(f"{_status}.status-code-as-http", partial(_says_number, _status))(_status_code_as_http)


@probe("404.status", steady=True)
def a_family_that_is_not_there(session: Session) -> None:
    """Invite it with a contact."""
    call = invite(session, contact(session), unknown_family(session), refused_for="unknown_family")
    session.expect("404.status", session.send(call), 404)


@probe("404.status")
def a_family_that_is_not_there_without_contact(session: Session) -> None:
    """Invite it with {} and with no body."""
    _judge_without_contact(session, "404.status", unknown_family(session), 404)


@probe("403.status", steady=True)
def a_family_of_others(session: Session) -> None:
    """Invite it with a contact."""
    call = invite(session, contact(session), session.states.get("foreign_family"), refused_for="foreign_family")
    session.expect("403.status", session.send(call), 403)


@probe("403.status")
def a_family_of_others_without_contact(session: Session) -> None:
    """Invite it with {} and with no body."""
    _judge_without_contact(session, "403.status", session.states.get("foreign_family"), 403)


def _judge_without_contact(session: Session, requirement: str, family: str, status: int) -> None:
    state = "unknown_family" if status == 404 else "foreign_family"
    for body in _NO_CONTACT:
        seen = session.send(invite(session, body, family, valid=None, refused_for=state))
        # A server that wants a body, and says so first, is the business of `body.absent` and `body.empty-object`.
        if seen.status not in {400, 415, 422}:
            session.expect(requirement, seen, status)


@probe("403.changes-nothing")
def a_refusal_between_two_invites(session: Session) -> None:
    """Invite the own family, be refused another one with another contact, and see the own contact unchanged."""
    foreign = session.states.get("foreign_family")
    given, other = contact(session), contact(session, "Mallory", "Foreign")
    invited(session, given)
    refused = session.send(invite(session, other, foreign, refused_for="foreign_family"))
    if refused.status != 403:
        raise Unmet(f"it needs a refusal, and such a family was answered with {refused.answer.status_line}")
    after = invited(session, {})
    for name, value in other.items():
        kept = after.object.get(name) != value
        session.judge(
            "403.changes-nothing", kept, "the contact of before", after, f'`{name}`: "{value}", refused before'
        )
    again = session.send(invite(session, {}, foreign, refused_for="foreign_family"))
    session.judge("403.changes-nothing", again.status == 403, "403 again", again)
    told = [*(value for _, value in again.answer.headers), again.answer.body.decode(errors="replace")]
    leaked = next((value for value in other.values() if any(value in text for text in told)), None)
    session.judge("403.changes-nothing", leaked is None, "no trace of what was refused", again, f'"{leaked}"')
