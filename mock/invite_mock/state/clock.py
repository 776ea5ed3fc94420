"""Instants and durations: microseconds since 1970-01-01T00:00:00Z inside, RFC 3339 and ISO 8601 outside."""

import time
from datetime import UTC, datetime, timedelta

import isodate

DAY = 86_400_000_000
"""Microseconds in a day."""
EARLIEST = 0
"""The first instant at which a clock may stand: 1970-01-01T00:00:00Z."""
LATEST = 253_000_000_000_000_000
"""The last instant at which a clock may stand, in the year 9987: what a world creates must still have a date."""
_FIRST_DATE = -62_135_596_800_000_000
_LAST_DATE = 253_402_300_799_999_999

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # UTC; without a zone it is formatted in a third of the time


def machine_now() -> int:
    """The machine's clock."""
    return time.time_ns() // 1000


def to_text(instant: int) -> str:
    """An instant as an RFC 3339 date-time in UTC, with milliseconds."""
    return f"{(_EPOCH + timedelta(microseconds=instant)).isoformat(timespec='milliseconds')}Z"


def from_text(text: str) -> int:
    """The instant of an RFC 3339 date-time. Raises ValueError for any other text and beyond the years 1 to 9999."""
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError(f"{_quote(text)} is not an instant; {_LIKE}") from error
    if moment.tzinfo is None:
        raise ValueError(f"{_quote(text)} has no offset; {_LIKE}")
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return dated(delta // timedelta(microseconds=1))


def add(instant: int, duration: str, *, back: bool = False) -> int:
    """The instant an ISO 8601 duration (such as P7D or -PT1H) later, or with `back` before.

    Years and months are the calendar's. Raises ValueError if it is not a duration or leads beyond the years 1 to 9999.
    """
    try:
        moment = (_EPOCH + timedelta(microseconds=instant)).replace(microsecond=0)
        step = isodate.parse_duration(duration)
        delta = (moment - step if back else moment + step) - moment
    except (ValueError, ArithmeticError, TypeError) as error:
        raise ValueError(f"{_quote(duration)} is not an ISO 8601 duration that leads to a date, such as P7D") from error
    return dated(instant + delta // timedelta(microseconds=1))


def check(instant: int) -> int:
    """The instant itself. Raises ValueError if a world's clock may not stand there."""
    return _within(instant, EARLIEST, LATEST, "a clock can be set to an instant")


def dated(instant: int) -> int:
    """The instant itself. Raises ValueError if it has no date in the years 1 to 9999.

    The range of a clock is smaller, so that everything that a world creates has one.
    """
    return _within(instant, _FIRST_DATE, _LAST_DATE, "an instant must be")


_LIKE = "write it like 2026-01-01T09:00:00Z, with no leap second"


def _within(instant: int, first: int, last: int, what: str) -> int:
    if not first <= instant <= last:
        raise ValueError(f"{what} between {to_text(first)} and {to_text(last)}")
    return instant


def _quote(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
