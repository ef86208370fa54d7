"""Cases at which an interval of a proportion clears its goal, by the power of that interval.

An interval clears the goal from some count on, so its power is a sum of binomial chances: exact
for Wilson's or Jeffreys' interval as for Clopper and Pearson's, though such an interval may clear a
goal that is the truth a little more often than its level says.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from scipy.special import bdtrc

from defensible.statistics import proportions, sizing, sizing_proportion
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.sizing import Size

LimitsOf: TypeAlias = Callable[..., tuple[Floats, Floats]]
"""`(counts, ns, level=..)` to low and high limits, as `proportions.wilson_limits`."""

SEARCHED = 20_000
_NEAR = 2_000
_NAMES: dict[LimitsOf, str] = {  # those of which a lower limit never exceeds the share itself
    proportions.wilson_limits: "Wilson",
    proportions.wilson_corrected_limits: "Wilson with continuity correction",
    proportions.clopper_pearson_limits: "Clopper-Pearson",
    proportions.agresti_coull_limits: "Agresti-Coull",
    proportions.jeffreys_limits: "Jeffreys",
}


def lasting(
    limits: LimitsOf,
    *,
    expected: float,
    goal: float,
    power: float = 0.8,
    level: float = 0.95,
    limit: int = SEARCHED,
) -> Size:
    """The number of cases from which on the interval clears the goal with the power, up to `limit`.

    Parameters
    ----------
    limits : function
        Of `proportions`: `wilson_limits`, `wilson_corrected_limits`, `clopper_pearson_limits`,
        `agresti_coull_limits` or `jeffreys_limits`.
    expected, goal : float in (0, 1)
        The true proportion planned for; what the limit on the goal's side must clear.
    power, level : float in (0, 1)
        Chance that it does; level of the two-sided interval.
    limit : int
        How far to search.

    Returns
    -------
    Size
        `besides` holds the successes needed (the most allowed, if `expected` is below).

    Raises
    ------
    ValueError
        A proportion, power or level does not lie between 0 and 1, `expected` is `goal`, `limits` is
        none of these, or no number up to `limit` keeps the power.

    Notes
    -----
    By Clopper and Pearson's limits it is `sizing_proportion.exact_lasting`. Checked by enumeration
    and simulation (`tests/statistics/test_sizing_interval.py`, `bench/sizing_power.py`).
    """
    name = _name(limits)
    rough = sizing_proportion.approximate_n(expected, goal, power, level)
    if rough > 2 * limit:
        raise ValueError(
            f"no number of cases up to {limit:,} reaches power {power:g}; about {rough:,} would"
        )
    near = min(limit, max(_NEAR, 4 * rough))
    powers, needed = _saw(limits, expected, goal, level, near)
    if near < limit and (powers[near // 2 :] < power).any():
        powers, needed = _saw(limits, expected, goal, level, limit)
    n = sizing.lasting_of(powers, power, unit="cases")
    k = int(needed[n])
    upward = expected > goal
    return Size(
        n=n,
        unit="cases",
        power=float(powers[n]),
        wanted=power,
        level=level,
        method=f"{name}, exact power, lasting",
        besides=(("successes needed", k) if upward else ("successes allowed", n - k),),
    )


def power_of(
    limits: LimitsOf, n: int, *, expected: float, goal: float, level: float = 0.95
) -> float:
    """Chance that the interval of `n` cases clears the goal.

    Raises
    ------
    ValueError
        `n` below 1, or as in `lasting`.
    """
    _name(limits)
    if n < 1:
        raise ValueError(f"n must be 1 or more; {n} found")
    low, true, _ = sizing_proportion.upward(expected, goal)
    return float(_powers(limits, np.array([n]), low, true, level)[0][0])


def _name(limits: LimitsOf) -> str:
    if limits not in _NAMES:
        raise ValueError(f"limits must be one of {', '.join(one.__name__ for one in _NAMES)}")
    return _NAMES[limits]


def _saw(
    limits: LimitsOf, expected: float, goal: float, level: float, limit: int
) -> tuple[Floats, Ints]:
    """Power, and successes needed, at each number of cases from 0 to `limit`."""
    low, true, _ = sizing_proportion.upward(expected, goal)
    powers, needed = _powers(limits, np.arange(1, limit + 1), low, true, level)
    return np.concatenate([[0.0], powers]), np.concatenate([[1], needed])


def _powers(
    limits: LimitsOf, n: Ints, goal: float, true: float, level: float
) -> tuple[Floats, Ints]:
    needed = _needed(limits, n, goal, level)
    share: Floats = np.where(
        needed > n, 0.0, np.where(needed <= 0, 1.0, bdtrc(np.clip(needed - 1, 0, n - 1), n, true))
    )
    return share, needed


def _needed(limits: LimitsOf, n: Ints, goal: float, level: float) -> Ints:
    """The smallest count whose lower limit clears the goal; one more than all where none does."""
    # A lower limit never exceeds the share itself, and grows with the count: halve the gap.
    below, above = np.floor(n * goal).astype(np.int64), n + 1
    while (above - below > 1).any():
        middle = (below + above) // 2
        low, _ = limits(np.minimum(middle, n), n, level=level)
        clears = (low > goal) & (middle <= n)
        open_ = above - below > 1
        above = np.where(open_ & clears, middle, above)
        below = np.where(open_ & ~clears, middle, below)
    return above
