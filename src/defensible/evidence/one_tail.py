"""How surely a measurement clears its goal: the one-sided p-value that agrees with its interval.

Below alpha exactly where the two-sided interval at level 1 - 2 alpha clears the goal. A step-down
over many strata then never contradicts the interval of one. An interval without width shows no
variance, so nothing: p is 1, as where there is no estimate.

An area of few cases is the exception: its variance is then hardly known, and a family looks far
into the tail. Its p is at least that of the variance at the goal (Newcombe's).
"""

from math import inf, sqrt
from typing import NamedTuple

from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.studies import Analysis, AucInterval, ProportionInterval
from defensible.evidence.finding import Measurement
from defensible.evidence.further import LIMITS, design_effect
from defensible.statistics import one_sided, roc
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.mrmc_inference import t_quantile, t_upper
from defensible.statistics.proportions import wilson_of_shares
from defensible.statistics.two_way import WILSON_BY_T, wilson_by_t
from defensible.statistics.two_way_bootstrap import PERCENTILE

_COUNTED = {
    ProportionInterval.CLOPPER_PEARSON: one_sided.clopper_pearson,
    ProportionInterval.AGRESTI_COULL: one_sided.agresti_coull,
    ProportionInterval.JEFFREYS: one_sided.jeffreys,
}


def p_cleared(measurement: Measurement, goal: Goal, analysis: Analysis) -> float | None:
    """One-sided p-value of "the goal is not cleared"; None where there is no estimate.

    Parameters
    ----------
    measurement : Measurement
        As the study took it.
    goal : Goal
        Above or below; the mirrored quantity is asked for a goal below.
    analysis : Analysis
        The plan, which names the interval.
    """
    estimate = measurement.estimate
    if estimate is None:
        return None
    if estimate.low == estimate.high:
        return 1.0
    above = goal.above is not None
    bound = goal.above if goal.above is not None else 1 - (goal.below or 0.0)
    value = estimate.value if above else 1 - estimate.value
    if measurement.metric is MetricName.AUC:
        return _area(measurement, estimate, value, bound, analysis)
    if estimate.count is None:
        return None if estimate.se is None else one_sided.normal(value, estimate.se, bound)
    if analysis.proportions in _COUNTED:
        count = estimate.count if above else estimate.n - estimate.count
        return _COUNTED[analysis.proportions](count, estimate.n, bound)
    return one_sided.wilson(value, estimate.n / design_effect(estimate), bound)


def _area(
    measurement: Measurement, estimate: Estimate, value: float, bound: float, analysis: Analysis
) -> float:
    m, n = measurement.n_diseased, measurement.n_healthy
    at_the_goal = one_sided.newcombe(value, m, n, bound)
    if not estimate.se:
        return at_the_goal
    if analysis.auc is AucInterval.DELONG_LOGIT and 0 < value < 1:
        found = one_sided.on_logit_scale(value, estimate.se, bound)
    else:
        found = one_sided.normal(value, estimate.se, bound)
    return max(found, at_the_goal) if Caution.FEW in estimate.cautions else found


def at_level(
    measurement: Measurement, analysis: Analysis, level: float
) -> tuple[float, float] | None:
    """The limits of a measurement's interval at another level, by the same method.

    None where there is no estimate, or one whose method has no other level.
    """
    estimate = measurement.estimate
    if estimate is None:
        return None
    if measurement.metric is MetricName.AUC or estimate.count is None:
        return _normal_at(estimate, analysis, level)
    if analysis.proportions is ProportionInterval.CLUSTERED:
        effective = estimate.n / design_effect(estimate)
        low, high = wilson_of_shares(estimate.value, effective, level=level)
    else:
        limits = LIMITS[analysis.proportions]
        low, high = limits(estimate.count, estimate.n, level=level)
    return float(low), float(high)


def p_by_t(estimate: Estimate | None, goal: Goal) -> float | None:
    """As `p_cleared`, of a mean or a difference whose interval is by t (normal without `df`).

    A proportion of readings has Wilson's interval with a t quantile, and its p is the score test's.
    Percentiles of a bootstrap are taken as a normal that has them as its limits, side by side.
    """
    if estimate is None:
        return None
    if not estimate.se:
        return 1.0
    above = goal.above is not None
    bound = goal.above if goal.above is not None else goal.below or 0.0
    if by_percentiles(estimate):
        one = halves(estimate)
        gap, se = (one.middle - bound, one.lower) if above else (bound - one.middle, one.upper)
        if se <= 0:  # the limit is the middle itself: no further known than at its own level
            return (1 - estimate.level) / 2 if gap > 0 else 1.0
        return t_upper(gap / se, inf)
    gap = estimate.value - bound if above else bound - estimate.value
    se = estimate.se
    if by_wilson(estimate):
        if not 0 < bound < 1:
            return 1.0 if gap <= 0 else 0.0
        se *= sqrt(bound * (1 - bound) / (estimate.value * (1 - estimate.value)))
    return t_upper(gap / se, inf if estimate.df is None else estimate.df)


def by_t(measurement: Measurement, level: float) -> tuple[float, float] | None:
    """The limits of a mean at another level by its t; None where it has none, or no spread."""
    estimate = measurement.estimate
    if estimate is None or not estimate.se:
        return None
    df = inf if estimate.df is None else estimate.df
    if by_percentiles(estimate):
        one, z = halves(estimate), t_quantile(0.5 + level / 2, inf)
        return _cut(measurement, one.middle - z * one.lower, one.middle + z * one.upper)
    if by_wilson(estimate):
        effective = estimate.value * (1 - estimate.value) / estimate.se**2
        return wilson_by_t(estimate.value, effective, df, level)
    half = t_quantile(0.5 + level / 2, df) * estimate.se
    return _cut(measurement, estimate.value - half, estimate.value + half)


def _cut(measurement: Measurement, low: float, high: float) -> tuple[float, float]:
    return (low, high) if measurement.metric.signed else (max(low, 0.0), min(high, 1.0))


class Halves(NamedTuple):
    """A normal whose two halves have standard deviations of their own."""

    middle: float
    lower: float
    upper: float


def halves(estimate: Estimate) -> Halves:
    """The halves that have an interval's limits at its level; about its middle if skewed past it.

    A few thousand replicates say little so far out as a family of many looks: past the limits the
    tails are those of the normal.
    """
    z = t_quantile(0.5 + estimate.level / 2, inf)
    low, value, high = estimate.low, estimate.value, estimate.high
    middle = value if low <= value <= high else (low + high) / 2
    return Halves(middle, (middle - low) / z, (high - middle) / z)


def by_percentiles(estimate: Estimate) -> bool:
    """Whether its limits are percentiles of a bootstrap of readers and patients."""
    return estimate.method.endswith(PERCENTILE)


def by_wilson(estimate: Estimate) -> bool:
    """Whether it is a proportion of readings with Wilson's interval by t, away from 0 and 1."""
    inside = estimate.count is not None and 0 < estimate.count < estimate.n
    return inside and estimate.df is not None and estimate.method.endswith(WILSON_BY_T)


def _normal_at(estimate: Estimate, analysis: Analysis, level: float) -> tuple[float, float] | None:
    if not estimate.se:
        return None
    plain = roc.normal_area(
        estimate.value, estimate.se, level=level, method=estimate.method, n=estimate.n, few=False
    )
    logit = analysis.auc is AucInterval.DELONG_LOGIT and 0 < estimate.value < 1
    found = roc.on_logit_scale(plain) if logit else plain
    return found.low, found.high
