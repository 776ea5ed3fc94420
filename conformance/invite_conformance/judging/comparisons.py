"""What members of a response say, beside what the request gave for them and the response's `Date`."""

import operator
from collections.abc import Callable, Mapping

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.calls import with_body
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.moments import NEAR, moment, since_date


def differs(
    exchange: Exchange, member: str, expected: str | None, same: Callable[[str, str], bool] = operator.eq
) -> Violation | None:
    """The violation that a member is not the text expected; None if both are the same."""
    answered = exchange.text(member)
    if same(expected or "", answered or ""):
        return None
    return Violation(f'`{member}`: "{expected}"', f'`{member}`: "{answered}"')


def judge_own_members(context: CheckContext, requirement: str, call: Call, sent: Mapping[str, str]) -> None:
    """Send a call with members that only the server may decide, and judge that the response has none of their values.

    A server may refuse the call.
    """
    body = {**call.given_object, **sent}
    exchange = context.send(with_body(call, body))
    taken = [name for name, value in sent.items() if exchange.succeeded and _same(value, exchange.text(name))]
    received = f"the value of the request in {', '.join(f'`{name}`' for name in taken)}"
    context.judge(requirement, not taken, "values of the server's own", exchange, received)


def _same(sent: str, answered: str | None) -> bool:
    """Whether two members say the same, as moments or as text in any case."""
    if answered is None:
        return False
    return moment(sent) == moment(answered) if moment(sent) else sent.casefold() == answered.casefold()


def dated(member: str, applies: Callable[[Exchange], bool]) -> Callable[[Exchange], bool]:
    """Applies as `applies`, where the member and the response's `Date` are moments."""
    return lambda exchange: applies(exchange) and since_date(exchange, member) is not None


def passed(exchange: Exchange, member: str) -> Violation | None:
    """The violation that a member's moment was before the response's `Date`; None if it was not."""
    since = since_date(exchange, member)
    return Violation(f"`{member}` after `Date`", shown(exchange, member)) if since is None or since <= -NEAR else None


def shown(exchange: Exchange, member: str) -> str:
    """A member's moment and the response's `Date`, for a violation."""
    return f"`{member}` {exchange.object.get(member)}, `Date` {exchange.response.header('date')}"
