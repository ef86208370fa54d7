"""Patients needed for a mean to clear its goal by its t interval: Dice, relative error, a share.

What counts is patients, each with one figure; where patients bring several cases, the figure is
their mean, whose standard deviation is smaller.

References
----------
Johnson, Kotz, Balakrishnan. Continuous Univariate Distributions 2, 1995 (non-central t).
"""

from math import inf, sqrt

import numpy as np
from scipy.special import bdtr, bdtrc, nctdtr, stdtrit

from defensible.statistics import sizing
from defensible.statistics.arrays import Floats
from defensible.statistics.sizing import Size

_SEARCHED = 20_000
_SURE = 37.0  # the non-central t is 1 to all digits there, and slow


def one(
    *, expected: float, goal: float, sd: float, power: float = 0.8, level: float = 0.95
) -> Size:
    """Patients for the t interval of a mean to clear its goal.

    Parameters
    ----------
    expected, goal : float
        True mean; what the lower limit must clear (the upper one, if `expected` is below).
    sd : float
        Standard deviation of a patient's figure, above 0.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Raises
    ------
    ValueError
        `expected` is `goal`, a value out of range, or a million patients do not suffice.

    Notes
    -----
    Exact for normal figures. Dice is skewed to the left, where a handful of patients have less
    power than this says: see the table of simulated powers in `docs/methods/sizing.md`.
    """

    def power_at(n: int) -> float:
        return one_power(n, expected=expected, goal=goal, sd=sd, level=level)

    n, met = sizing.smallest(power_at, power, unit="patients", first=2)
    return Size(
        n=n, unit="patients", power=met, wanted=power, level=level, method="mean, non-central t"
    )


def one_power(n: int, *, expected: float, goal: float, sd: float, level: float = 0.95) -> float:
    """Power with `n` patients; errors as in `one`, and fewer than two patients."""
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    if not 0 < sd < inf:
        raise ValueError(f"sd must lie above 0; {sd} found")
    if n < 2:
        raise ValueError(f"two patients or more are needed; {n} found")
    shift = abs(expected - goal) * sqrt(n) / sd
    critical = float(stdtrit(n - 1, 1 - sizing.one_sided(level)))
    if shift > _SURE:
        return 1.0
    return 1 - float(nctdtr(n - 1, shift, critical))


def share(
    *,
    expected: float,
    goal: float,
    power: float = 0.8,
    level: float = 0.95,
    limit: int = _SEARCHED,
) -> Size:
    """Patients from which on a share keeps the power, its interval being that of a mean by t.

    As an agreement study takes the share within a margin: exact, over the binomial number inside.
    A share of 0 or 1 shows no spread, and so clears nothing.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        True share; what the lower limit must clear (the upper one, if `expected` is below).
    power, level : float in (0, 1)
        As in `one`.
    limit : int
        How far to search.

    Raises
    ------
    ValueError
        A value out of range, `expected` is `goal`, or no number up to `limit` keeps the power.
    """
    powers = _share_powers(np.arange(2, limit + 1), expected, goal, level)
    n = sizing.lasting_of(np.concatenate([[0.0, 0.0], powers]), power, unit="patients")
    return Size(
        n=n,
        unit="patients",
        power=float(powers[n - 2]),
        wanted=power,
        level=level,
        method="share as a mean by t, exact binomial, lasting",
    )


def share_power(n: int, *, expected: float, goal: float, level: float = 0.95) -> float:
    """Power with `n` patients; errors as in `share`, and fewer than two patients."""
    if n < 2:
        raise ValueError(f"two patients or more are needed; {n} found")
    return float(_share_powers(np.array([n]), expected, goal, level)[0])


def _share_powers(
    n: np.ndarray[tuple[int], np.dtype[np.int64]], expected: float, goal: float, level: float
) -> Floats:
    sizing.proportion("expected", expected)
    sizing.proportion("goal", goal)
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    bound, true = (goal, expected) if expected > goal else (1 - goal, 1 - expected)
    # p clears the bound g where (p - g)^2 > c^2 p (1 - p), with c = t / sqrt(n - 1)
    c2 = stdtrit(n - 1, 1 - sizing.one_sided(level)) ** 2 / (n - 1)
    middle = 2 * bound + c2
    lowest = (middle + np.sqrt(middle**2 - 4 * (1 + c2) * bound**2)) / (2 * (1 + c2))
    k = np.floor(n * lowest).astype(np.int64)  # more than k must lie inside, and not all
    above = bdtrc(np.minimum(k, n - 1), n, true) - (1 - bdtr(n - 1, n, true))
    powers: Floats = np.where(k < n - 1, np.maximum(above, 0.0), 0.0)
    return powers
