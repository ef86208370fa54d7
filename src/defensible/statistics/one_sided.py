"""One-sided p-values that agree with the intervals: how surely a quantity lies above a goal.

Each is the tail at which the lower limit of the interval of the same name touches the goal: below
alpha exactly where the two-sided interval at level 1 - 2 alpha lies above the goal. So a step-down
test over many strata and the intervals that are shown never contradict each other. For a goal
below, ask of one minus the quantity.
"""

import numpy as np
from scipy.special import betainc, logit, ndtr

from defensible.statistics import proportions, roc
from defensible.statistics.bisection import turning_point

_FURTHEST = 38.0
"""Standard errors; past them a normal tail is 0 in double precision."""


def wilson(share: float, n: float, goal: float) -> float:
    """By the score test of a proportion, whose inverse is Wilson's interval.

    Parameters
    ----------
    share : float in [0, 1]
        Observed proportion.
    n : float
        Cases, or effective cases where patients have several; above 0.
    goal : float in [0, 1]
        Performance goal that the proportion must exceed.

    Raises
    ------
    ValueError
        `share` or `goal` outside [0, 1], or `n` not above 0.

    References
    ----------
    Wilson. J Am Stat Assoc 1927;22:209-212.
    """
    _within(share=share, goal=goal)
    _some(n)
    return _tail(share - goal, np.sqrt(goal * (1 - goal) / n))


def clopper_pearson(count: int, n: int, goal: float) -> float:
    """By the exact binomial test: the chance of so many or more at the goal; as in `wilson`."""
    _counted(count, n, goal)
    return 1.0 if count == 0 else float(betainc(count, n - count + 1, goal))


def jeffreys(count: int, n: int, goal: float) -> float:
    """By the posterior with Jeffreys' prior; 1 where no case has the outcome; as in `wilson`."""
    _counted(count, n, goal)
    return 1.0 if count == 0 else float(betainc(count + 0.5, n - count + 0.5, goal))


def agresti_coull(count: int, n: int, goal: float) -> float:
    """By the adjusted Wald interval, whose centre moves with its level; as in `wilson`."""
    _counted(count, n, goal)

    def clears(z: float) -> bool:
        level = float(2 * ndtr(z) - 1)
        if not 0 < level < 1:
            return level <= 0 and count / n > goal
        low, _ = proportions.agresti_coull_limits(count, n, level=level)
        return float(low) > goal

    if not clears(1e-9):
        return wilson(count / n, n, goal)  # the estimate does not exceed the goal: 0.5 or more
    return float(ndtr(-turning_point(clears, 1e-9, _FURTHEST)))


def normal(value: float, se: float, goal: float) -> float:
    """By an estimate and its standard error, as for DeLong's and Obuchowski's intervals.

    Without variance nothing is shown: p is 1.
    """
    return 1.0 if se <= 0 else _tail(value - goal, se)


def on_logit_scale(value: float, se: float, goal: float) -> float:
    """The same on the logit scale, for an area strictly between 0 and 1."""
    if se <= 0 or not 0 < value < 1:
        return 1.0
    if not 0 < goal < 1:
        return float(goal >= 1)
    return _tail(float(logit(value) - logit(goal)), se / (value * (1 - value)))


def newcombe(value: float, n_diseased: int, n_healthy: int, goal: float) -> float:
    """By Newcombe's score-type interval of an area, which has width also at an area of 1."""
    _within(value=value, goal=goal)
    return _tail(value - goal, roc.hanley_mcneil_se(goal, n_diseased, n_healthy))


def _tail(distance: float, se: float) -> float:
    if se == 0:
        return 0.0 if distance > 0 else 1.0
    return float(ndtr(-distance / se))


def _counted(count: int, n: int, goal: float) -> None:
    _within(goal=goal)
    _some(n)
    if not 0 <= count <= n:
        raise ValueError(f"count must lie between 0 and n; {count} of {n} found")


def _within(**values: float) -> None:
    for name, value in values.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must lie between 0 and 1; {value} found")


def _some(n: float) -> None:
    if not n > 0:
        raise ValueError(f"n must be above 0; {n} found")
