"""Cases for one AUC to clear its goal by DeLong's interval, for normal scores of equal variance.

The interval's width is that at the AUC found, which a low one has wide, and the variance is that of
continuous scores: both unlike Obuchowski's formula, which asks for more than DeLong's interval
needs (half as many again at an AUC of 0.86 against 0.80).
"""

from math import ceil, inf, sqrt

from scipy.special import ndtr, ndtri, owens_t

from defensible.statistics import sizing
from defensible.statistics.root import root
from defensible.statistics.sizing import Size


def one(
    *,
    expected: float,
    goal: float = 0.5,
    ratio: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Diseased cases at which DeLong's interval clears the goal with the power.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        True AUC, above the goal; what the lower limit must clear.
    ratio : float
        Healthy cases for each diseased one, above 0.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Raises
    ------
    ValueError
        A value out of range, or an expectation that is not above the goal.

    Notes
    -----
    Checked by simulation (`tests/statistics/test_sizing_auc_delong.py`), within three Monte Carlo
    standard errors of 2,000 studies; the normal limit is less exact for few cases near 1.
    """
    n, met = sizing.smallest(
        lambda n: one_power(n, expected=expected, goal=goal, ratio=ratio, level=level),
        power,
        unit="diseased cases",
        first=2,
    )
    return Size(
        n=n,
        unit="diseased cases",
        power=met,
        wanted=power,
        level=level,
        method="DeLong's interval, binormal scores",
        besides=(("non-diseased cases", max(2, ceil(n * ratio - 1e-9))),),
    )


def one_power(
    n_diseased: int, *, expected: float, goal: float = 0.5, ratio: float = 1.0, level: float = 0.95
) -> float:
    """Power with `n_diseased` cases; errors as in `one`."""
    sizing.proportion("expected", expected)
    sizing.proportion("goal", goal)
    if expected <= goal:
        raise ValueError(f"expected must lie above the goal; {expected} and {goal} found")
    if not 0 < ratio < inf:
        raise ValueError(f"ratio must lie above 0; {ratio} found")
    if n_diseased < 1:
        raise ValueError(f"n_diseased must be 1 or more; {n_diseased} found")
    z = float(ndtri(1 - sizing.one_sided(level)))

    def error(auc: float) -> float:
        return sqrt(placement_variance(auc) * (1 + 1 / ratio) / n_diseased)

    # An AUC that comes out low has a wide interval: the lowest that clears the goal, and its chance
    clears = root(lambda auc: auc - z * error(auc) - goal, goal, 1 - 1e-12)
    return float(ndtr((expected - clears) / error(expected)))


def placement_variance(auc: float) -> float:
    """Variance of a case's placement value: P(X > Y1, X > Y2) - AUC^2, alike for both classes.

    Raises
    ------
    ValueError
        The AUC does not lie between 0 and 1.
    """
    z = float(ndtri(sizing.proportion("auc", auc)))
    return float(auc - 2 * owens_t(z, 1 / sqrt(3)) - auc**2)
