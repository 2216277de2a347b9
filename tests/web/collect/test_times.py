"""The sender's clock may be wrong; it is wrong for the event and for the sending alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.web.collect.times import AHEAD_AT_MOST, SKEW_AT_MOST, happened_at, moment

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ages = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3000))
skews = st.timedeltas(min_value=-timedelta(days=29), max_value=timedelta(days=29))
instants = st.datetimes(timezones=st.just(UTC) | st.none()).map(datetime.isoformat)
anything = st.none() | st.text(max_size=30) | st.integers() | st.floats() | st.booleans() | instants


def happened(original: object, sent: object, *, trusted: bool = False) -> tuple[datetime, bool]:
    return happened_at(moment(original), moment(sent), NOW, trusted=trusted)


@given(age=ages, skew=skews)
def test_a_clock_off_by_less_than_thirty_days_is_put_right(age: timedelta, skew: timedelta) -> None:
    sent = NOW + skew
    at, is_off = happened((sent - age).isoformat(), sent.isoformat())
    assert (at, is_off) == (NOW - age, False)


@given(original=anything, sent=anything, trusted=st.booleans())
def test_whatever_is_said_nothing_happened_after_it_came(
    original: object, sent: object, trusted: bool
) -> None:
    at, is_off = happened(original, sent, trusted=trusted)
    assert at <= NOW
    assert at == NOW or not is_off


@pytest.mark.parametrize(
    "skew", [timedelta(days=40), -timedelta(days=40), SKEW_AT_MOST + timedelta(seconds=1)]
)
def test_a_clock_forty_days_off_is_not_believed(skew: timedelta) -> None:
    sent = NOW + skew
    assert happened((sent - timedelta(hours=1)).isoformat(), sent.isoformat()) == (NOW, True)


def test_an_event_of_the_future_happened_when_it_came() -> None:
    ahead = NOW + AHEAD_AT_MOST + timedelta(seconds=1)
    assert happened(ahead.isoformat(), NOW.isoformat()) == (NOW, True)
    assert happened((NOW + timedelta(seconds=20)).isoformat(), NOW.isoformat()) == (NOW, False)


@pytest.mark.parametrize(
    ("original", "sent"), [(None, NOW.isoformat()), (NOW.isoformat(), None), ("soon", "now")]
)
def test_without_both_times_it_happened_when_it_came(original: str | None, sent: str | None) -> None:
    assert happened(original, sent) == (NOW, True)


def test_history_brought_in_by_a_server_keeps_its_dates() -> None:
    at, is_off = happened("2019-03-01T08:00:00Z", None, trusted=True)
    assert (at.year, is_off) == (2019, False)


@pytest.mark.parametrize("zero", ["0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00Z", 0])
def test_a_librarys_zero_is_no_date(zero: str | int) -> None:
    assert happened(zero, None, trusted=True) == (NOW, True)


def test_times_are_read_as_the_libraries_write_them() -> None:
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    said = ["2026-11-22T12:00:00.000Z", "2026-11-22T12:00:00", "2026-11-22T13:00:00+01:00", 1_795_348_800_000]
    assert [moment(one) for one in said] == [noon] * 4
    assert [moment(one) for one in ("", "yesterday", True, [], 1e300)] == [None] * 5
