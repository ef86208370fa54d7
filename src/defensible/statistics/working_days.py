"""Working days as dates: Monday to Friday, without the days that are declared off.

A day is counted from the start: after 0.4 days of work it is still the first working day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import ceil

import numpy as np

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


@cache
def _calendar(off: Iterable[date]) -> np.busdaycalendar:
    return np.busdaycalendar(holidays=[np.datetime64(one) for one in off])
