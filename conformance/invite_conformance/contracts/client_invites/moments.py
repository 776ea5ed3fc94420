"""Requirements 201.*: the moments of an invite, compared with each other and with the response's `Date`."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.common_checks import answered_object
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.registry import passive

_NEAR = timedelta(minutes=5)
"""How far the clocks of a server and of what writes its `Date` may differ."""


def moment(text: str | None) -> datetime | None:
    """The moment that an RFC 3339 date-time says; None for what is none, or a leap second."""
    try:
        found = datetime.fromisoformat(text.upper()) if text is not None else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def date(exchange: Exchange) -> datetime | None:
    """The moment of the response's `Date` header (RFC 9110 section 6.6.1); None if it has none."""
    try:
        found = parsedate_to_datetime(exchange.response.header("date"))
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else None


def lifetime(exchange: Exchange) -> tuple[datetime | None, datetime | None]:
    """When an invite is created and when it expires; None for what is no moment."""
    return moment(exchange.text("createdAt")), moment(exchange.text("expiresAt"))


@passive(
    "201.expires-after-created", lambda exchange: answered_object(201)(exchange) and None not in lifetime(exchange)
)
def _expires_after_created(exchange: Exchange) -> Violation | None:
    created, expires = lifetime(exchange)
    if created and expires and created < expires:
        return None
    return Violation(
        "`createdAt` before `expiresAt`",
        f"`createdAt` {exchange.object['createdAt']}, `expiresAt` {exchange.object['expiresAt']}",
    )


@passive("201.created-now", lambda exchange: answered_object(201)(exchange) and None not in _created_and_date(exchange))
def _created_now(exchange: Exchange) -> Violation | None:
    created, answered = _created_and_date(exchange)
    if created and answered and abs(created - answered) <= _NEAR:
        return None
    return Violation("`createdAt` within minutes of `Date`", _shown(exchange, "createdAt"))


@passive("201.not-expired", lambda exchange: answered_object(201)(exchange) and None not in _expiry_and_date(exchange))
def _not_expired(exchange: Exchange) -> Violation | None:
    expires, answered = _expiry_and_date(exchange)
    if expires and answered and answered - _NEAR < expires:
        return None
    return Violation("`expiresAt` after `Date`", _shown(exchange, "expiresAt"))


def _created_and_date(exchange: Exchange) -> tuple[datetime | None, datetime | None]:
    return lifetime(exchange)[0], date(exchange)


def _expiry_and_date(exchange: Exchange) -> tuple[datetime | None, datetime | None]:
    return lifetime(exchange)[1], date(exchange)


def _shown(exchange: Exchange, name: str) -> str:
    return f"`{name}` {exchange.object[name]}, `Date` {exchange.response.header('date')}"
