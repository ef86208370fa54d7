"""How many further cases would settle a measurement against its goal, at the rate seen."""

from math import ceil

from scipy.special import ndtri

from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.studies import Analysis, ProportionInterval
from defensible.evidence.finding import Measurement
from defensible.statistics import proportions, settled
from defensible.statistics.estimate import Estimate

MOST_FURTHER = 100_000
"""Past so many further cases the answer is that it would not settle…"""
MOST_FURTHER_BY_BETA = 20_000
"""…or so many, for the two intervals of which each limit is a root of the beta distribution."""
SAME_RATE = 1e-9
LIMITS = {
    ProportionInterval.WILSON: proportions.wilson_limits,
    ProportionInterval.CLOPPER_PEARSON: proportions.clopper_pearson_limits,
    ProportionInterval.AGRESTI_COULL: proportions.agresti_coull_limits,
    ProportionInterval.JEFFREYS: proportions.jeffreys_limits,
    ProportionInterval.CLUSTERED: proportions.wilson_limits,
}
_BY_BETA = (ProportionInterval.CLOPPER_PEARSON, ProportionInterval.JEFFREYS)


def further(
    measurement: Measurement, goal: Goal, analysis: Analysis, *, level: float
) -> int | None:
    """Further cases of the denominator that would settle it lastingly at the observed rate.

    Parameters
    ----------
    measurement, goal, analysis
        As in `one_tail.p_cleared`.
    level : float in (0, 1)
        Level of the two-sided interval that must lie on one side of the goal.

    Returns
    -------
    int or None
        None where no number up to `MOST_FURTHER` settles it, as at a rate equal to the goal.
    """
    estimate = measurement.estimate
    if estimate is None:
        return None
    if measurement.metric is MetricName.AUC:
        return _by_se(estimate, goal, level)
    if estimate.count is None:
        return None
    count, n = estimate.count, estimate.n
    bound, rate = goal.above, estimate.value
    if bound is None:  # below: the same question of the other outcome
        assert goal.below is not None  # noqa: S101 - a goal has one bound, the loader checks it
        bound, rate, count = 1 - goal.below, 1 - rate, n - count
    if abs(rate - bound) < SAME_RATE:
        return None
    design = design_effect(estimate)
    found = settled.further_cases(
        round(count / design),
        max(round(n / design), 1),
        goal=bound,
        rate=rate,
        level=level,
        limits=LIMITS[analysis.proportions],
        most=MOST_FURTHER_BY_BETA if analysis.proportions in _BY_BETA else MOST_FURTHER,
    )
    return None if found.lasting is None else max(1, round(found.lasting * design))


def design_effect(estimate: Estimate) -> float:
    """How many cases count as one, patients being independent; 1 for independent cases."""
    if estimate.n_clusters is None:
        return 1.0
    p = estimate.value
    if not estimate.se or p in {0.0, 1.0}:
        return estimate.n / estimate.n_clusters
    return max(estimate.se**2 * estimate.n / (p * (1 - p)), 1 / estimate.n)


def _by_se(estimate: Estimate, goal: Goal, level: float) -> int | None:
    """The same for an area: its standard error falls with the root of the cases, mix unchanged."""
    bound = goal.above if goal.above is not None else goal.below
    if bound is None or not estimate.se or abs(estimate.value - bound) < SAME_RATE:
        return None
    reach = float(ndtri(0.5 + level / 2)) * estimate.se
    if level == estimate.level:  # on the logit scale the longer side of the interval counts
        reach = max(estimate.high - estimate.value, estimate.value - estimate.low)
    times = (reach / (estimate.value - bound)) ** 2
    found = ceil(estimate.n * (times - 1)) + 1
    return found if 0 < found <= MOST_FURTHER else None
