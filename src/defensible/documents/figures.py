"""What every figure needs: a scale, its ticks, and coordinates that are short to write.

Figures are computed here and drawn by templates, so that each word in them is escaped like any
other word of the page. Lengths are in the figure's own units, one CSS pixel at full size.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A stretch of numbers laid on a stretch of the figure; of [0, 1] where no `step` is given."""

    low: float
    high: float
    start: float
    end: float
    step: float | None = None
    """Between two ticks."""

    def at(self, value: float) -> float:
        """Where a value lies; values past an end lie on it."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places and words of the ticks, four to six of them."""
        if self.step is not None:
            n = round((self.high - self.low) / self.step)
            values = [self.low + one * self.step for one in range(n + 1)]
            return tuple((self.at(one), f"{round(one, 6):g}") for one in values)
        tenths = round((self.high - self.low) * 10)
        step = 1 if tenths <= 5 else 2
        first = math.ceil(round(self.low * 10, 6) / step) * step
        last = round(self.high * 10)
        return tuple(
            (self.at(tenth / 10), f"{tenth / 10:.1f}") for tenth in range(first, last + 1, step)
        )


def numbers_up_to(most: float, *, start: float, end: float) -> Scale:
    """A scale from 0 that holds a number of anything, with four to six round ticks."""
    rough = max(most, 1e-6) / 5
    unit = 10 ** math.floor(math.log10(rough))
    step = next(unit * one for one in (1, 2, 2.5, 5, 10) if unit * one >= rough * (1 - 1e-9))
    high = math.ceil(round(most / step, 9)) * step
    return Scale(low=0.0, high=high, start=start, end=end, step=step)


def span(values: list[float]) -> tuple[float, float]:
    """The smallest stretch in steps of 0.2 that holds the values and ends at 1.

    It begins below 0 only for differences, which can lie there.
    """
    low = min((value for value in values if math.isfinite(value)), default=0.0)
    return min(0.8, max(-1.0, math.floor(low * 5 + 1e-9) / 5)), 1.0
