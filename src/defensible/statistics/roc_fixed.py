"""Sensitivity at a fixed specificity, and the reverse: points of the ROC curve with intervals.

The value joins operating points by straight lines, as in pROC. The intervals know that the
threshold is estimated from the healthy cases: they are those of a bootstrap with infinitely many
replicates, whose distribution is computed outright, so that nothing is random.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import bdtr, betainc, ndtri

from defensible.statistics.arrays import Bools, Floats, bools, confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.proportions import wilson
from defensible.statistics.ranking import rank
from defensible.statistics.roc import curve

FEW_OF_A_CLASS = 10
_ROUNDING = 1e-9


def sensitivity_at(
    truth: Bools, scores: Floats, *, specificity: float, level: float = 0.95
) -> Estimate:
    """Sensitivity where the threshold gives a fixed specificity, with Zhou and Qin's interval.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard: True where the condition is present. Two or more of each.
    scores : float array, shape (n_cases,)
        Device output, higher is more suspicious. Finite.
    specificity : float in [0, 1]
        The specificity to hold.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        As `roc.auc`; or `specificity` outside [0, 1].

    Notes
    -----
    Their BTII: mean and standard deviation over bootstrap samples of the sensitivity shrunk as by
    Agresti and Coull, normal quantiles. Where every sample would give the same sensitivity the
    interval is Wilson's. O(n log n). Values: pROC.

    References
    ----------
    Zhou, Qin. Stat Med 2005;24:465-477.
    """
    z = float(ndtri(0.5 + confidence_level(level) / 2))
    value, of = _at(truth, scores, specificity)
    mean = float(of.weight @ of.sensitivity)
    spread = of.sensitivity * (1 - of.sensitivity) / of.m + (of.sensitivity - mean) ** 2
    variance = float(of.weight @ spread)
    if variance <= 0:
        plain = wilson(round(mean * of.m), of.m, level=level)
        return _estimate(value, plain.low, plain.high, of, level, "Wilson (threshold not varying)")
    shrunk = (of.m * mean + z * z / 2) / (of.m + z * z)
    half = z * math.sqrt(variance) * of.m / (of.m + z * z)
    return _estimate(value, shrunk - half, shrunk + half, of, level, "Zhou-Qin BTII")


def specificity_at(
    truth: Bools, scores: Floats, *, sensitivity: float, level: float = 0.95
) -> Estimate:
    """Specificity where the threshold gives a fixed sensitivity, with Zhou and Qin's interval.

    Parameters and errors as in `sensitivity_at`, the classes changing places.
    """
    turned = -np.asarray(scores, dtype=np.float64)
    return sensitivity_at(~bools("truth", truth), turned, specificity=sensitivity, level=level)


def sensitivity_at_percentile(
    truth: Bools, scores: Floats, *, specificity: float, level: float = 0.95
) -> Estimate:
    """Sensitivity at a fixed specificity, with the percentile interval of the bootstrap.

    What `ci.se` of pROC draws at random, here with infinitely many replicates. Parameters and
    errors as in `sensitivity_at`.
    """
    confidence_level(level)
    value, of = _at(truth, scores, specificity)
    low, high = (_quantile(of, 0.5 + sign * level / 2) for sign in (-1, 1))
    return _estimate(value, low, high, of, level, "Bootstrap percentile, all resamples")


def specificity_at_percentile(
    truth: Bools, scores: Floats, *, sensitivity: float, level: float = 0.95
) -> Estimate:
    """Specificity at a fixed sensitivity, with the percentile interval of the bootstrap.

    Parameters and errors as in `sensitivity_at`, the classes changing places.
    """
    turned = -np.asarray(scores, dtype=np.float64)
    return sensitivity_at_percentile(
        ~bools("truth", truth), turned, specificity=sensitivity, level=level
    )


class _Resampled(NamedTuple):
    """Thresholds that a resample of the `n` healthy cases can give, and what each does.

    `weight` is the chance of each threshold, `sensitivity` the share of the `m` diseased above it.
    """

    weight: Floats
    sensitivity: Floats
    m: int
    n: int


def _at(truth: Bools, scores: Floats, specificity: float) -> tuple[float, _Resampled]:
    if not 0 <= specificity <= 1:
        raise ValueError(f"specificity must lie between 0 and 1; {specificity} found")
    ranking = rank(truth, scores, fewest=2)
    ranked = np.asarray(scores, dtype=np.float64)[ranking.order]
    diseased, healthy = ranked[ranking.sorted_truth], ranked[~ranking.sorted_truth]
    return _interpolated(truth, scores, specificity), _resampled(diseased, healthy, specificity)


def _interpolated(truth: Bools, scores: Floats, specificity: float) -> float:
    points = curve(truth, scores)
    # The last point that is specific enough is the most sensitive such; the next is too unspecific.
    last = int(np.flatnonzero(points.specificity >= specificity - _ROUNDING)[-1])
    if last + 1 == points.specificity.size:
        return 1.0
    here, there = points.specificity[last], points.specificity[last + 1]
    step = max(here - specificity, 0.0) / (here - there)
    rise = points.sensitivity[last + 1] - points.sensitivity[last]
    return float(points.sensitivity[last] + step * rise)


def _resampled(diseased: Floats, healthy: Floats, specificity: float) -> _Resampled:
    m, n = diseased.size, healthy.size
    kth = math.ceil(n * specificity - _ROUNDING)
    if kth == 0:
        return _Resampled(np.ones(1), np.ones(1), m, n)
    upto = np.arange(1, n + 1)
    # The kth lowest of a resample is at or below a case where k or more draws are.
    weight = np.diff(betainc(kth, n - kth + 1, upto / n), prepend=0.0)
    kept = np.flatnonzero(weight > 0)
    at = healthy[kept]
    above = m - np.searchsorted(diseased, at, side="right")
    tied = m - np.searchsorted(diseased, at, side="left") - above
    last = np.searchsorted(healthy, at, side="right")
    first = np.searchsorted(healthy, at, side="left")
    # A threshold among ties lets pass of the tied diseased cases what it lets pass of the healthy.
    passed = above + tied * (last - upto[kept]) / (last - first)
    return _Resampled(weight[kept], passed / m, m, n)


def _quantile(of: _Resampled, share: float) -> float:
    """Lowest sensitivity that a resample stays at or below with at least the given chance."""
    lowest, highest = 0, of.m
    while lowest < highest:
        middle = (lowest + highest) // 2
        if float(of.weight @ bdtr(middle, of.m, of.sensitivity)) >= share - 1e-13:
            highest = middle
        else:
            lowest = middle + 1
    return lowest / of.m


def _estimate(
    value: float, low: float, high: float, of: _Resampled, level: float, method: str
) -> Estimate:
    facts = {
        Caution.FEW: min(of.m, of.n) < FEW_OF_A_CLASS,
        Caution.BOUNDARY: value in {0.0, 1.0},
        Caution.CUT: low < 0 or high > 1,
    }
    return Estimate(
        value=value,
        # A limit of the shrunken sensitivity can fall short of the plain one.
        low=max(min(low, value), 0.0),
        high=min(max(high, value), 1.0),
        level=level,
        method=method,
        n=of.m + of.n,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )
