"""The rate of the condition as a smooth function of the probability, and how far it is off.

A straight line is fitted locally to the outcomes about each point, with tricube weights over a
share of the cases (loess of degree one, without its robustness steps).

References
----------
Cleveland. Journal of the American Statistical Association 1979;74:829-836.
Austin, Steyerberg. Statistics in Medicine 2019;38:4051-4065 (ICI, E50, E90).
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from defensible.statistics.arrays import (
    Floats,
    bools,
    confidence_level,
    finite_floats,
    same_length,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationCurve:
    """A flexible calibration curve with a pointwise band.

    Attributes
    ----------
    probability, rate, low, high : float arrays, shape (n_points,)
        Where it was asked for, the smoothed rate there, and the band; all in [0, 1].
    level : float
        Pointwise level of the band.
    ici, e50, e90 : float
        Mean, median and 90th percentile over cases of the distance between curve and probability.
    n : int
        Cases.
    """

    probability: Floats
    rate: Floats
    low: Floats
    high: Floats
    level: float
    ici: float
    e50: float
    e90: float
    n: int


def flexible_curve(
    truth: ArrayLike,
    probabilities: ArrayLike,
    *,
    points: ArrayLike | None = None,
    span: float = 0.75,
    level: float = 0.95,
) -> CalibrationCurve:
    """The flexible calibration curve.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard.
    probabilities : float array, shape (n_cases,)
        In [0, 1]; three different values or more.
    points : float array, optional
        Where to give the curve; 101 points over the range seen. None beyond that range: the data
        say nothing there.
    span : float in (0, 1]
        Share of the cases that each local line uses.
    level : float in (0, 1)
        Pointwise confidence level of the band.

    Raises
    ------
    ValueError
        Lengths differ, a value outside [0, 1], fewer than three different probabilities, `span`
        out of range, a point beyond the range seen.

    Notes
    -----
    Distances over cases come from the curve at 201 points, joined by lines. O(points * n).
    """
    confidence_level(level)
    present, p = bools("truth", truth).astype(np.float64), _probabilities(probabilities)
    same_length(truth=present, probabilities=p)
    if not 0 < span <= 1:
        raise ValueError(f"span must lie in (0, 1]; {span} found")
    if np.unique(p).size < 3:
        raise ValueError(
            f"three different probabilities or more are needed; {np.unique(p).size} found"
        )
    at = np.linspace(p.min(), p.max(), 101)
    if points is not None:
        at = finite_floats("points", points)
        if at.size and (at.min() < p.min() or at.max() > p.max()):
            raise ValueError(f"points must lie in the range seen, {p.min():g} to {p.max():g}")
    grid = np.linspace(p.min(), p.max(), 201)
    smooth, _ = _smoothed(present, p, grid, span)
    gaps = np.abs(np.interp(p, grid, np.clip(smooth, 0, 1)) - p)
    rate, se = _smoothed(present, p, at, span)
    reach = float(ndtri(0.5 + level / 2)) * se
    return CalibrationCurve(
        probability=at,
        rate=np.clip(rate, 0, 1),
        low=np.clip(rate - reach, 0, 1),
        high=np.clip(rate + reach, 0, 1),
        level=level,
        ici=float(gaps.mean()),
        e50=float(np.median(gaps)),
        e90=float(np.quantile(gaps, 0.9)),
        n=p.size,
    )


def _probabilities(values: ArrayLike) -> Floats:
    p = finite_floats("probabilities", values)
    if p.size and (p.min() < 0 or p.max() > 1):
        raise ValueError(
            f"probabilities must lie in [0, 1]; they run from {p.min():g} to {p.max():g}"
        )
    return p


def _smoothed(present: Floats, p: Floats, points: Floats, span: float) -> tuple[Floats, Floats]:
    """Local lines at `points`, and their standard errors from the local binomial variance."""
    order = np.argsort(p, kind="stable")
    x, y = p[order], present[order]
    near = max(3, ceil(span * x.size))
    rates, errors = np.empty(points.size), np.empty(points.size)
    for place, point in enumerate(points):
        pull = _pull(x, float(point), near)
        rates[place] = float(pull @ y)
        share = min(max(rates[place], 0.0), 1.0)
        errors[place] = np.sqrt(share * (1 - share) * float(pull @ pull))
    return rates, errors


def _pull(x: Floats, point: float, near: int) -> Floats:
    """What each case counts for in the local line at `point`."""
    distance = np.abs(x - point)
    reach = max(float(np.partition(distance, near - 1)[near - 1]), 1e-9) * (1 + 1e-9)
    weight = np.maximum(1 - (distance / reach) ** 3, 0) ** 3
    total = float(weight.sum())
    centre = float(weight @ x) / total
    spread = float(weight @ (x - centre) ** 2) / total
    flat: Floats = weight / total
    if spread <= 1e-12:
        return flat
    tilted: Floats = flat * (1 + (point - centre) * (x - centre) / spread)
    return tilted
