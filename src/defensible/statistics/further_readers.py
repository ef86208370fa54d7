"""How many further readers, or cases, or both, would bring a variance down to what settles.

Every reader reads every case. `settles` says of variances and their degrees of freedom whether an
interval made of them settles the question. More cases lower the variance, and the degrees of
freedom too where few readers make up most of it; so cases count only where all further ones up to
`MOST_CASES` leave it settled.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from defensible.statistics import variance_split
from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.split import Split

Settles = Callable[[Floats, Floats], Bools]
MOST_READERS = 200
"""Past so many further readers the answer is that readers alone would not settle it…"""
MOST_CASES = 100_000
"""…nor so many further cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """Further readers and cases that settle; None where none up to the most does, or what is fixed.

    `both`: readers and cases, either of which may be 0, with the fewest readings in all.
    """

    readers: int | None
    cases: int | None
    both: tuple[int, int] | None


def further(split: Split, settles: Settles) -> Further:
    """Fewest further readers with as many cases, cases with as many readers, and readings.

    Notes
    -----
    Bisection over cases, at once for every number of readers: 17 passes over `MOST_READERS`.
    """
    readers = np.arange(MOST_READERS + 1.0 if split.by_readers else 1.0)
    cases = _cases(split, readers, settles)
    some = np.flatnonzero(cases >= 0)
    if not some.size:
        return Further(readers=None, cases=None, both=None)
    readings = (split.n_readers + readers[some]) * (split.n_cases + cases[some])
    best = int(some[np.argmin(readings)])
    alone = np.flatnonzero(cases == 0)
    return Further(
        readers=int(alone[0]) if alone.size else None,
        cases=int(cases[0]) if cases[0] >= 0 else None,
        both=(best, int(cases[best])) if split.by_readers and split.by_cases else None,
    )


def _cases(split: Split, readers: Floats, settles: Settles) -> Floats:
    """Fewest further cases that settle for good, by number of further readers; -1 where none do."""

    def settled(cases: Floats) -> Bools:
        total = split.n_readers + readers, split.n_cases + cases
        return settles(*variance_split.at(split, *total))

    zero = np.zeros(readers.size)
    high = zero + (MOST_CASES if split.by_cases else 0)
    reached = settled(high)
    now = settled(zero)
    low, high = np.where(now, -1.0, zero), np.where(now, 0.0, high)
    while (high - low > 1).any():
        middle = np.ceil((low + high) / 2)
        enough = settled(middle) & (high - low > 1)
        low = np.where(enough | (high - low <= 1), low, middle)
        high = np.where(enough, middle, high)
    return np.where(reached | now, high, -1.0)
