"""Working days as dates, held against a calendar that is walked day by day."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.statistics.working_days import LATEST, WorkingDays

FRIDAY = date(2027, 1, 1)


def walked(start, off, n):
    """The n-th working day from the start, one day after the other."""
    day = start
    while True:
        if day.weekday() < 5 and day not in off:
            n -= 1
            if n <= 0:
                return day
        day += timedelta(days=1)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sets(st.integers(0, 60), max_size=20),
    st.integers(0, 60),
)
def test_a_date_is_that_of_the_walk(start, off, n):
    taken = {start + timedelta(days=one) for one in off}

    assert WorkingDays(start=start, off=tuple(taken)).on(n) == walked(start, taken, n)


def test_work_of_less_than_a_day_is_done_on_that_day():
    days = WorkingDays(start=FRIDAY)

    assert [days.on(one) for one in (0, 0.4, 1, 1.4)] == [FRIDAY] * 3 + [date(2027, 1, 4)]
    assert days.begins(0.4) == FRIDAY
    assert days.begins(1.0) == date(2027, 1, 4)


def test_a_clock_of_calendar_days_runs_over_weekends_and_days_off():
    christmas = (date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 29))
    days = WorkingDays(start=date(2026, 12, 21), off=christmas)

    # two working days are over on Tuesday 22; eight days later is Wednesday 30, the fifth
    waited = days.passed(np.array([2.0, 1.5]), np.array([8.0, 3.0]))

    assert days.on(2.0 + waited[0]) == date(2026, 12, 30)
    assert waited[0] == 3.0
    # over on Tuesday 22, three days later is Christmas: it goes on on Wednesday 30
    assert days.on(1.5 + waited[1]) == date(2026, 12, 30)


@given(
    st.lists(st.floats(0, 300), min_size=2, max_size=2),
    st.floats(0, 500),
    st.sets(st.integers(0, 400), max_size=40),
)
def test_a_clock_that_starts_later_never_stops_earlier(after, calendar, off):
    taken = tuple(FRIDAY + timedelta(days=one) for one in off)
    starts = np.sort(np.array(after))

    ends = starts + WorkingDays(start=FRIDAY, off=taken).passed(starts, np.full(2, calendar))

    assert ends[0] <= ends[1]
    assert (ends >= starts).all()


@pytest.mark.parametrize("start", [date(1, 1, 1), date(9998, 12, 31)])
def test_no_duration_leads_past_the_last_day_of_the_calendar(start):
    found = WorkingDays(start=start).on(1e300)

    assert found <= date.max
    assert found == WorkingDays(start=start).on(LATEST + 5)
