"""Reader studies whose results hold for their own readers, or their own cases, alone.

With the readers fixed all variance is due to cases and falls with their number; with the cases
fixed all of it is due to readers and falls with theirs. One printed standard error of a pilot with
the same readers, or the same cases, is then enough.
"""

from math import inf, sqrt

from scipy.special import nctdtr, ndtr, ndtri, stdtrit

from defensible.statistics import sizing
from defensible.statistics.sizing import Size

_MOST_CASES, _MOST_READERS = 100_000, 1_000


def cases_for_these_readers(
    *,
    expected: float,
    goal: float,
    se: float,
    n_cases: int,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Cases at which the normal interval of a difference clears the goal, the readers being fixed.

    Parameters
    ----------
    expected, goal : float
        True difference of these readers; what the limit on the goal's side must clear.
    se : float
        Standard error in the pilot, readers fixed, above 0.
    n_cases : int
        Cases of the pilot; those to come have its mix.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Raises
    ------
    ValueError
        `expected` is `goal`, no standard error, no case, or more than 100,000 cases are needed.
    """
    n, met = sizing.smallest(
        lambda n: power_of_cases(
            n, expected=expected, goal=goal, se=se, n_cases=n_cases, level=level
        ),
        power,
        unit="cases",
        first=2,
        limit=_MOST_CASES,
    )
    return Size(
        n=n,
        unit="cases",
        power=met,
        wanted=power,
        level=level,
        method="Obuchowski-Rockette, readers fixed and cases random",
    )


def power_of_cases(
    n: int, *, expected: float, goal: float, se: float, n_cases: int, level: float = 0.95
) -> float:
    """Power of `cases_for_these_readers` with `n` cases; errors as there."""
    _checked(expected, goal, se, n_cases, 1)
    return float(ndtr(abs(expected - goal) / (se * sqrt(n_cases / n)) - _z(level)))


def readers_for_these_cases(
    *,
    expected: float,
    goal: float,
    se: float,
    n_readers: int,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Readers at which the t interval of a difference clears the goal, the cases being fixed.

    Parameters as in `cases_for_these_readers`; `se` is that of the pilot with its cases fixed, and
    `n_readers` its readers, two or more. One less than the readers are the degrees of freedom.

    Raises
    ------
    ValueError
        `expected` is `goal`, no standard error, fewer than two readers, or more than 1,000 are
        needed.
    """
    n, met = sizing.smallest(
        lambda n: power_of_readers(
            n, expected=expected, goal=goal, se=se, n_readers=n_readers, level=level
        ),
        power,
        unit="readers",
        first=2,
        limit=_MOST_READERS,
    )
    return Size(
        n=n,
        unit="readers",
        power=met,
        wanted=power,
        level=level,
        method="Obuchowski-Rockette, readers random and cases fixed",
    )


def power_of_readers(
    n: int, *, expected: float, goal: float, se: float, n_readers: int, level: float = 0.95
) -> float:
    """Power of `readers_for_these_cases` with `n` readers; errors as there."""
    _checked(expected, goal, se, n_readers, 2)
    shift = abs(expected - goal) / (se * sqrt(n_readers / n))
    if shift > 30:  # the series is slow there, and the power 1 to twelve digits
        return 1.0
    critical = float(stdtrit(n - 1, 1 - sizing.one_sided(level)))
    return 1 - float(nctdtr(n - 1, shift, critical))


def _z(level: float) -> float:
    return float(ndtri(1 - sizing.one_sided(level)))


def _checked(expected: float, goal: float, se: float, n: int, least: int) -> None:
    if expected == goal or not 0 < se < inf or n < least:
        raise ValueError(
            f"expected must differ from the goal, se lie above 0 and the pilot have {least} or "
            f"more; {expected}, {goal}, {se} and {n} found"
        )
