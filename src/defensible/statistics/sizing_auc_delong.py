"""Cases for one AUC, or two on the same cases, by DeLong's interval; normal scores, equal variance.

The interval's width is that at the AUC found, which a low one has wide, and the variance is that of
continuous scores: both unlike Obuchowski's formula, which asks for more than DeLong's interval
needs (half as many again at an AUC of 0.86 against 0.80).
"""

from math import ceil, inf, sqrt

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri, owens_t

from defensible.statistics import sizing
from defensible.statistics.root import root
from defensible.statistics.sizing import Size

_FURTHEST, _STEPS = 8.0, 400  # how far above the goal a clearing area is looked for, on the logit


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
        True AUC; what the lower limit must clear (the upper one, if `expected` is below).
    ratio : float
        Healthy cases for each diseased one, above 0.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Raises
    ------
    ValueError
        A value out of range, or an expectation that is the goal.

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
    expected, goal, unit = _upward(n_diseased, expected, goal, ratio)
    z = float(ndtri(1 - sizing.one_sided(level)))

    # An AUC that comes out low has a wide interval: the lowest that clears the goal, and its chance
    clears = root(lambda auc: auc - z * _error(auc, unit) - goal, goal, 1 - 1e-12)
    return float(ndtr((expected - clears) / _error(expected, unit)))


def on_logit_scale(
    *,
    expected: float,
    goal: float = 0.5,
    ratio: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Diseased cases at which DeLong's interval of the logit clears the goal with the power.

    The interval reaches further down than the plain one, so more cases are needed: 104 instead of
    76 of each class at an AUC of 0.95 against 0.90. Parameters and errors as in `one`.
    """
    n, met = sizing.smallest(
        lambda n: on_logit_scale_power(n, expected=expected, goal=goal, ratio=ratio, level=level),
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
        method="DeLong's interval on the logit scale, binormal scores",
        besides=(("non-diseased cases", max(2, ceil(n * ratio - 1e-9))),),
    )


def on_logit_scale_power(
    n_diseased: int, *, expected: float, goal: float = 0.5, ratio: float = 1.0, level: float = 0.95
) -> float:
    """Power of `on_logit_scale` with `n_diseased` cases; errors as in `one`."""
    expected, goal, unit = _upward(n_diseased, expected, goal, ratio)
    z = float(ndtri(1 - sizing.one_sided(level)))

    def above(auc: float) -> float:
        half = z * _error(auc, unit) / (auc * (1 - auc))
        return float(logit(auc)) - half - float(logit(goal))

    grid = expit(float(logit(goal)) + np.linspace(0, _FURTHEST, _STEPS)).tolist()
    first = next((at for at, auc in enumerate(grid) if above(auc) > 0), None)
    if first is None:
        return 0.0  # so few cases that no area near here has an interval above the goal
    clears = root(above, grid[first - 1], grid[first])
    return float(ndtr((expected - clears) / _error(expected, unit)))


def _upward(
    n_diseased: int, expected: float, goal: float, ratio: float
) -> tuple[float, float, float]:
    """Truth and goal as areas of which the true one is higher, and effective cases."""
    sizing.proportion("expected", expected)
    sizing.proportion("goal", goal)
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    _ratio(ratio)
    if n_diseased < 1:
        raise ValueError(f"n_diseased must be 1 or more; {n_diseased} found")
    if expected < goal:
        expected, goal = 1 - expected, 1 - goal
    return expected, goal, n_diseased / (1 + 1 / ratio)


def _error(auc: float, unit: float) -> float:
    return sqrt(placement_variance(auc) / unit)


def paired(
    *,
    expected: float,
    reference: float,
    correlation: float,
    margin: float = 0.0,
    ratio: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Diseased cases at which DeLong's interval of a paired difference clears minus `margin`.

    Parameters
    ----------
    expected, reference : float in (0, 1)
        True AUC of the new score, and of the one on the same cases that it is held against.
    correlation : float in [-1, 1)
        Of the two AUCs, as they come from the same cases.
    margin : float
        Loss that would not matter, 0 or above; 0 is superiority.
    ratio, power, level : float
        As in `one`.

    Raises
    ------
    ValueError
        A value out of range, or a true difference that is not above minus the margin.

    Notes
    -----
    The variance is that at the true AUCs: a difference moves its own variance little.
    """
    n, met = sizing.smallest(
        lambda n: paired_power(
            n,
            expected=expected,
            reference=reference,
            correlation=correlation,
            margin=margin,
            ratio=ratio,
            level=level,
        ),
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
        method="DeLong's interval of a paired difference, binormal scores",
        besides=(("non-diseased cases", max(2, ceil(n * ratio - 1e-9))),),
    )


def paired_power(
    n_diseased: int,
    *,
    expected: float,
    reference: float,
    correlation: float,
    margin: float = 0.0,
    ratio: float = 1.0,
    level: float = 0.95,
) -> float:
    """Power with `n_diseased` cases; errors as in `paired`."""
    if not -1 <= correlation < 1:
        raise ValueError(f"correlation must lie in [-1, 1); {correlation} found")
    if not (margin >= 0 and expected - reference > -margin):
        raise ValueError(
            f"margin must be 0 or above, and the true difference {expected - reference:.4g} above "
            f"minus it; {margin:g} found"
        )
    _ratio(ratio)
    if n_diseased < 1:
        raise ValueError(f"n_diseased must be 1 or more; {n_diseased} found")
    first, second = placement_variance(expected), placement_variance(reference)
    unit = first + second - 2 * correlation * sqrt(first * second)
    error = sqrt(unit * (1 + 1 / ratio) / n_diseased)
    z = float(ndtri(1 - sizing.one_sided(level)))
    return float(ndtr((expected - reference + margin) / error - z))


def _ratio(ratio: float) -> None:
    if not 0 < ratio < inf:
        raise ValueError(f"ratio must lie above 0; {ratio} found")


def placement_variance(auc: float) -> float:
    """Variance of a case's placement value: P(X > Y1, X > Y2) - AUC^2, alike for both classes.

    Raises
    ------
    ValueError
        The AUC does not lie between 0 and 1.
    """
    z = float(ndtri(sizing.proportion("auc", auc)))
    return float(auc - 2 * owens_t(z, 1 / sqrt(3)) - auc**2)
