"""Working days as dates: Monday to Friday, without the days that are declared off.

A day is counted from the start: after 0.4 days of work it is still the first working day.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from math import ceil

import numpy as np

from defensible.statistics.arrays import Floats

LATEST = 250_000
"""Working days past which no later date is given: about 960 years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """The working days from a start on.

    Attributes
    ----------
    start : date
        The first day; the next working day where it is none.
    off : tuple of date
        Days on which nobody works, beside Saturdays and Sundays.
    """

    start: date
    off: tuple[date, ...] = ()

    def on(self, days: float) -> date:
        """The day on which so many working days are over; the first one for none.

        Work that ends within a day is done on that day.
        """
        whole = min(max(ceil(days - 1e-9) - 1, 0), LATEST)
        calendar = _calendar(self.off)
        first = np.busday_offset(np.datetime64(self.start), 0, roll="forward", busdaycal=calendar)
        found = np.busday_offset(first, whole, busdaycal=calendar)
        last: date = min(found, np.datetime64(date.max)).astype(object)
        return last

    def begins(self, days: float) -> date:
        """The day on which work begins after so many working days."""
        return self.on(int(days) + 1)

    def passed(self, after: Floats, calendar: Floats) -> Floats:
        """Working days that pass while a clock of calendar days runs.

        Parameters
        ----------
        after : float array
            Working days over when the clock starts, on the day on which they are.
        calendar : float array
            Calendar days until it stops; who waits goes on at the next working day.
        """
        known = _calendar(self.off)
        first = np.busday_offset(np.datetime64(self.start), 0, roll="forward", busdaycal=known)
        whole = np.clip(np.ceil(after - 1e-9) - 1, 0, LATEST).astype(np.int64)
        handed = np.busday_offset(first, whole, busdaycal=known)
        stopped = handed + np.minimum(np.rint(calendar), LATEST).astype("timedelta64[D]")
        goes_on = np.busday_offset(stopped, 0, roll="forward", busdaycal=known)
        ends = np.busday_count(first, goes_on, busdaycal=known) + 1
        waited: Floats = np.maximum(ends - after, 0.0)
        return waited


@cache
def _calendar(off: tuple[date, ...]) -> np.busdaycalendar:
    return np.busdaycalendar(holidays=[np.datetime64(one) for one in off])
