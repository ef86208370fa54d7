"""Days of a plan as dates: working days are Monday to Friday, and holidays are not known."""

from datetime import date
from math import ceil

import numpy as np

LATEST = 250_000
"""Working days past which no date is given: about the year 2980."""


def on(start: date, days: float) -> date:
    """The day on which so many working days are over; the start itself for none.

    Work that ends within a day is done on that day.
    """
    first = np.busday_offset(np.datetime64(start), 0, roll="forward")
    whole = min(max(ceil(days - 1e-9) - 1, 0), LATEST)
    found: date = np.busday_offset(first, whole).astype(object)
    return found


def begins(start: date, days: float) -> date:
    """The day on which work begins after so many working days."""
    return on(start, int(days) + 1)
