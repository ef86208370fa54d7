"""Dates along an axis: where a day lies, and ticks at the first of a month or year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000)
"""Months between ticks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateScale:
    """A stretch of days laid on a stretch of the figure; `first` comes before `last`."""

    first: date
    last: date
    start: float
    end: float

    def at(self, day: date) -> float:
        """Where the beginning of a day lies; days past an end lie on it."""
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / max((self.last - self.first).days, 1)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, most: int) -> tuple[tuple[float, str], ...]:
        """Places and words of at most so many ticks: `Jan 2027`, or `2027` where years apart."""
        for months in STEPS:
            days = tuple(self._firsts(months))
            if len(days) <= most:
                words = "%Y" if months >= 12 else "%b %Y"
                return tuple((self.at(one), one.strftime(words)) for one in days)
        return ()

    def _firsts(self, months: int) -> Iterator[date]:
        """First days of every so-manyth month, counted from January."""
        at = self.first.year * 12 + self.first.month - 1
        at += -at % months
        while at // 12 <= min(self.last.year, MAXYEAR):
            day = date(at // 12, at % 12 + 1, 1)
            if self.first <= day <= self.last:
                yield day
            at += months


def day_after(day: date) -> date:
    """The day after; the last day of the calendar has none."""
    return day if day == date.max else day + timedelta(days=1)
