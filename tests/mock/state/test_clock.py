"""Instants and durations."""

import pytest
from invite_mock.state import clock

SECOND = 1_000_000
YEAR_2026 = 1_767_258_000 * SECOND
"""2026-01-01T09:00:00Z"""


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-01-01T09:00:00Z", YEAR_2026),
        ("2026-01-01t09:00:00z", YEAR_2026),
        ("2026-01-01T10:30:00+01:30", YEAR_2026),
        ("2026-01-01T08:59:59.999999Z", YEAR_2026 - 1),
        ("2026-01-01T09:00:00.001Z", YEAR_2026 + 1000),
        ("0001-01-01T00:00:00Z", -62_135_596_800 * SECOND),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_800 * SECOND - 1),
    ],
)
def test_a_date_time_is_read_in_microseconds(text: str, instant: int) -> None:
    assert clock.from_text(text) == instant


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-01-01T09:00:00", "has no offset; write it like"),
        ("2026-13-01T09:00:00Z", "is not an instant; write it like"),
        ("soon", "'soon' is not an instant"),
        (
            "0001-01-01T00:00:00+00:01",
            "an instant must be between 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z",
        ),
        ("9999-12-31T23:59:59.999999-00:01", "an instant must be between"),
        ("x" * 41, f"'{'x' * 39}…' is not an instant"),
        ("x" * 40, f"'{'x' * 40}' is not an instant"),
    ],
)
def test_what_is_not_a_date_time_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"between|write it like") as raised:
        clock.from_text(text)
    assert reason in str(raised.value)


def test_an_instant_is_written_in_milliseconds() -> None:
    assert clock.to_text(YEAR_2026 + 1999) == "2026-01-01T09:00:00.001Z"
    assert clock.to_text(-1) == "1969-12-31T23:59:59.999Z"
    assert clock.from_text(clock.to_text(clock.LATEST)) == clock.LATEST


@pytest.mark.parametrize(
    ("duration", "back", "text"),
    [
        ("P7D", False, "2026-01-08T09:00:00.000Z"),
        ("P7D", True, "2025-12-25T09:00:00.000Z"),
        ("-P7D", False, "2025-12-25T09:00:00.000Z"),
        ("P1M", False, "2026-02-01T09:00:00.000Z"),
        ("P1M", True, "2025-12-01T09:00:00.000Z"),
        ("P1Y2DT3H4M5.5S", False, "2027-01-03T12:04:05.500Z"),
        ("PT0S", False, "2026-01-01T09:00:00.000Z"),
    ],
)
def test_a_duration_is_added_by_the_calendar(duration: str, back: bool, text: str) -> None:
    assert clock.to_text(clock.add(YEAR_2026, duration, back=back)) == text


def test_adding_keeps_the_fraction_of_a_second() -> None:
    assert clock.add(YEAR_2026 + 123_456, "PT1S") == YEAR_2026 + SECOND + 123_456


@pytest.mark.parametrize("duration", ["", "P", "7D", "soon", "P8000Y", "-P3000Y", "P99999999999D"])
def test_what_is_not_a_duration_or_leaves_the_calendar_is_refused(duration: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 duration that leads to a date, such as P7D"):
        clock.add(YEAR_2026, duration)


@pytest.mark.parametrize("instant", [0, 1, 253_000_000_000_000_000])
def test_a_clock_may_stand_from_1970_to_9987(instant: int) -> None:
    assert clock.check(instant) == instant


@pytest.mark.parametrize("instant", [-1, 253_000_000_000_000_001])
def test_a_clock_may_not_stand_elsewhere(instant: int) -> None:
    with pytest.raises(
        ValueError, match=r"a clock can be set to an instant between 1970-01-01T00:00:00\.000Z and 9987"
    ):
        clock.check(instant)


@pytest.mark.parametrize("instant", [-62_135_596_800_000_000, 253_402_300_799_999_999])
def test_an_instant_has_a_date_in_the_years_1_to_9999(instant: int) -> None:
    assert clock.dated(instant) == instant
    with pytest.raises(ValueError, match="an instant must be between"):
        clock.dated(instant - 1 if instant < 0 else instant + 1)


def test_the_machine_s_clock_is_in_microseconds() -> None:
    assert clock.to_text(clock.machine_now())[:2] == "20"
