"""Instants and durations: microseconds since 1970-01-01T00:00:00Z inside, RFC 3339 and ISO 8601 outside."""

import time
from datetime import UTC, datetime, timedelta

import isodate

DAY = 86_400_000_000
"""Microseconds in a day."""
EARLIEST = 0
LATEST = 253_000_000_000_000_000
"""The last instant at which a clock may stand, in the year 9987: what a world makes must still have a date."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # UTC; without a zone it is formatted in a third of the time


def machine_now() -> int:
    """The machine's clock."""
    return time.time_ns() // 1000


def to_text(instant: int) -> str:
    """An instant as an RFC 3339 date-time in UTC, with milliseconds."""
    return f"{(_EPOCH + timedelta(microseconds=instant)).isoformat(timespec='milliseconds')}Z"


def from_text(text: str) -> int:
    """The instant of an RFC 3339 date-time. Raises ValueError for any other text and beyond what a clock may show."""
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset; write it like 2026-01-01T09:00:00Z")
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return check(delta // timedelta(microseconds=1))


def add(instant: int, duration: str) -> int:
    """The instant an ISO 8601 duration (such as P7D or -PT1H) later, in the calendar for years and months.

    Raises ValueError if it is no duration or leads beyond what a clock may show.
    """
    try:
        moment = datetime.fromtimestamp(instant / 1_000_000, UTC).replace(microsecond=0)
        delta = moment + isodate.parse_duration(duration) - moment
    except (isodate.ISO8601Error, OverflowError, ArithmeticError, TypeError) as error:
        raise ValueError(f"{duration!r} is no ISO 8601 duration that a clock can move by, such as P7D") from error
    return check(instant + delta // timedelta(microseconds=1))


def check(instant: int) -> int:
    """The instant itself. Raises ValueError if a world's clock may not stand there."""
    if not EARLIEST <= instant <= LATEST:
        raise ValueError(f"a clock stands between {to_text(EARLIEST)} and {to_text(LATEST)}")
    return instant
