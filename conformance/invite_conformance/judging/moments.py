"""Moments that a response says, in its members and in its `Date`."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from invite_conformance.http.exchange import Exchange

NEAR = timedelta(minutes=5)
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


def since_date(exchange: Exchange, member: str) -> timedelta | None:
    """How long after its `Date` a response says that a member's moment is; None if it does not say both."""
    said, answered = moment(exchange.text(member)), date(exchange)
    return said - answered if said and answered else None
