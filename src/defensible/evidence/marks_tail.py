"""How surely a figure of the device's marks clears its goal, and how much more would settle it.

As `one_tail` and `further`, by the intervals of `localized_measures`: Wilson on effective lesions,
t on the log scale, the normal on the logit scale.
"""

from math import ceil, log

from scipy.special import expit, logit, ndtri

from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.studies import Analysis, ProportionInterval
from defensible.evidence import further as of_cases
from defensible.evidence import one_tail
from defensible.evidence.finding import Measurement
from defensible.statistics import device_marks, one_sided, roc
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.mrmc_inference import t_quantile

_CLUSTERED = Analysis(level=0.95, proportions=ProportionInterval.CLUSTERED)
"""Only its method counts: a level is always given."""


def p_cleared(measurement: Measurement, goal: Goal) -> float | None:
    """One-sided p of "the goal is not cleared"; None where there is no estimate."""
    estimate = measurement.estimate
    if estimate is None:
        return None
    if estimate.low == estimate.high:
        return 1.0
    if measurement.metric is MetricName.LESION_SENSITIVITY:
        return one_tail.p_cleared(measurement, goal, _CLUSTERED)
    above, bound = _side(goal)
    if measurement.metric is MetricName.FALSE_MARKS_PER_CASE:
        k, se = estimate.n_clusters or 0, estimate.se or 0.0
        return device_marks.p_of_number(estimate.value, se, k, bound, above=above)
    value, asked = (estimate.value, bound) if above else (1 - estimate.value, 1 - bound)
    at_the_goal = one_sided.newcombe(value, *_patients(measurement, estimate), asked)
    if not estimate.se or not 0 < value < 1:
        return at_the_goal
    found = one_sided.on_logit_scale(value, estimate.se, asked)
    # of few patients the variance is hardly known, and a family looks far into the tail
    return max(found, at_the_goal) if Caution.FEW in estimate.cautions else found


def at_level(measurement: Measurement, level: float) -> tuple[float, float] | None:
    """The limits at another level by the same method; None without estimate, or without spread."""
    estimate = measurement.estimate
    if estimate is None:
        return None
    value, se = estimate.value, estimate.se or 0.0
    match measurement.metric:
        case MetricName.LESION_SENSITIVITY:
            return one_tail.at_level(measurement, _CLUSTERED, level)
        case MetricName.FALSE_MARKS_PER_CASE:
            limits = device_marks.number_limits(value, se, estimate.n_clusters or 0, level=level)
            return limits if se or not value else None
        case _:
            return _area_at(measurement, estimate, level)


def _area_at(
    measurement: Measurement, estimate: Estimate, level: float
) -> tuple[float, float] | None:
    value, se = estimate.value, estimate.se or 0.0
    if not 0 < value < 1:
        limits = roc.newcombe(value, *_patients(measurement, estimate), level=level)
        return limits.low, limits.high
    if not se:
        return None
    half = float(ndtri(0.5 + level / 2)) * se / (value * (1 - value))
    return float(expit(logit(value) - half)), float(expit(logit(value) + half))


def further(measurement: Measurement, goal: Goal, *, level: float) -> int | None:
    """Further lesions, or cases, that would settle it at the rate seen; None where none would."""
    estimate = measurement.estimate
    if estimate is None:
        return None
    match measurement.metric:
        case MetricName.LESION_SENSITIVITY:
            return of_cases.further(measurement, goal, _CLUSTERED, level=level)
        case MetricName.FALSE_MARKS_PER_CASE:
            return _more(estimate.n, _times_of_number(estimate, goal, level))
        case _:
            return _more(estimate.n, _times_of_area(estimate, goal, level))


def _times_of_number(estimate: Estimate, goal: Goal, level: float) -> float | None:
    above, bound = _side(goal)
    value, se, k = estimate.value, estimate.se or 0.0, estimate.n_clusters or 0
    if bound <= 0 or k < 2 or (value == 0 and above):
        return None
    if value == 0:
        return -log((1 - level) / 2) / bound / k
    return _times(t_quantile(0.5 + level / 2, k - 1) * se / value, log(value) - log(bound))


def _times_of_area(estimate: Estimate, goal: Goal, level: float) -> float | None:
    _, bound = _side(goal)
    value, se = estimate.value, estimate.se or 0.0
    if not 0 < value < 1 or not 0 < bound < 1:
        return None
    reach = float(ndtri(0.5 + level / 2)) * se / (value * (1 - value))
    return _times(reach, float(logit(value) - logit(bound)))


def _side(goal: Goal) -> tuple[bool, float]:
    return (True, goal.above) if goal.above is not None else (False, goal.below or 0.0)


def _patients(measurement: Measurement, estimate: Estimate) -> tuple[int, int]:
    """Diseased and healthy cases, as far as patients are as many: never more than independent."""
    share = min((estimate.n_clusters or estimate.n) / max(estimate.n, 1), 1.0)
    return (
        max(int(measurement.n_diseased * share), 1),
        max(int(measurement.n_healthy * share), 1),
    )


def _times(reach: float, gap: float) -> float | None:
    """How many times as many cases have an interval that ends at the goal."""
    return None if not reach or abs(gap) < of_cases.SAME_RATE else (reach / gap) ** 2


def _more(n: int, times: float | None) -> int | None:
    if times is None:
        return None
    found = ceil(n * (times - 1)) + 1
    return found if 0 < found <= of_cases.MOST_FURTHER else None
