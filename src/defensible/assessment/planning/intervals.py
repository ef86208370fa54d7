"""The intervals that a claim's studies name, and sizes and powers by them.

Where several studies that serve a claim name several, the one that needs most cases counts: the
claim then clears its goal in whichever study it is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from defensible.assessment.result import Assessment
from defensible.dossier.claims import Claim, MetricName
from defensible.dossier.studies import AucInterval, ProportionInterval, StandaloneStudy
from defensible.evidence.claims import served
from defensible.evidence.further import LIMITS
from defensible.statistics import roc, sizing_auc_delong, sizing_interval
from defensible.statistics.estimate import Estimate
from defensible.statistics.sizing import Size
from defensible.statistics.sizing_interval import LimitsOf

Interval = ProportionInterval | AucInterval
_RATES = {
    ProportionInterval.WILSON: "Wilson's interval",
    ProportionInterval.CLOPPER_PEARSON: "Clopper and Pearson's exact interval",
    ProportionInterval.AGRESTI_COULL: "Agresti and Coull's interval",
    ProportionInterval.JEFFREYS: "Jeffreys' interval",
    ProportionInterval.CLUSTERED: "the clustered interval, Wilson's on effective cases,",
}
_AREAS = {  # apart: both name one of theirs "clustered"
    AucInterval.DELONG: "DeLong's interval",
    AucInterval.DELONG_LOGIT: "DeLong's interval on the logit scale",
    AucInterval.CLUSTERED: "Obuchowski's clustered interval",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An interval, and the studies that name it; none where it is assumed."""

    interval: Interval
    studies: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """`Wilson's interval, as S1 plans, must clear the goal`."""
        of = self.interval
        name = _RATES[of] if isinstance(of, ProportionInterval) else _AREAS[of]
        if not self.studies:
            return f"{name} must clear the goal (assumed: no study of the claim names one)"
        plans = "plans" if len(self.studies) == 1 else "plan"
        return f"{name}, as {' and '.join(self.studies)} {plans}, must clear the goal"


def named(assessment: Assessment, claim: Claim, metric: MetricName) -> tuple[Named, ...]:
    """The intervals of the metric in the studies that serve the claim; what is assumed, if none."""
    found: dict[Interval, list[str]] = {}
    for one in assessment.dossier.studies:
        if isinstance(one, StandaloneStudy) and claim in served(assessment.dossier, one):
            area = metric is MetricName.AUC
            interval = one.analysis.auc if area else one.analysis.proportions
            if interval is not None:
                found.setdefault(interval, []).append(one.id)
    if not found:
        return assumed(metric)
    return tuple(Named(interval=one, studies=tuple(ids)) for one, ids in found.items())


def assumed(metric: MetricName) -> tuple[Named, ...]:
    """What stands where nobody names an interval."""
    if metric is MetricName.AUC:
        return (Named(interval=AucInterval.DELONG),)
    return (Named(interval=ProportionInterval.CLOPPER_PEARSON),)


def most_demanding(
    of: tuple[Named, ...], *, expected: float, goal: float, power: float, level: float
) -> tuple[Named, Size]:
    """The interval that needs most independent cases, and how many.

    Raises
    ------
    ValueError
        Nothing up to the limit of the search has the power, or the expectation is 0 or 1.
    """
    sizes = [(one, _size(one.interval, expected, goal, power, level)) for one in of]
    return max(sizes, key=lambda found: found[1].n)


def power_with(
    interval: Interval, diseased: int, ratio: float, *, expected: float, goal: float, level: float
) -> float:
    """Power with so many independent cases; of an AUC with `ratio` healthy ones for each."""
    told = {"expected": expected, "goal": goal, "level": level}
    if isinstance(interval, ProportionInterval):
        return sizing_interval.power_of(LIMITS[interval], diseased, **told)
    if interval is AucInterval.DELONG_LOGIT:
        return sizing_auc_delong.on_logit_scale_power(diseased, **told, ratio=ratio)
    return sizing_auc_delong.one_power(diseased, **told, ratio=ratio)


def limits(interval: Interval) -> LimitsOf:
    """The limits of a rate, for whole tables of counts."""
    return LIMITS[ProportionInterval(interval)]


def area(interval: Interval) -> Callable[..., Estimate]:
    """An AUC with its interval, from truth and scores of independent cases."""
    return roc.auc_logit if interval is AucInterval.DELONG_LOGIT else roc.auc


def _size(interval: Interval, expected: float, goal: float, power: float, level: float) -> Size:
    of_cases = _rate if isinstance(interval, ProportionInterval) else _area
    return of_cases(interval, expected, goal, power, level)


@cache
def _rate(interval: Interval, expected: float, goal: float, power: float, level: float) -> Size:
    return sizing_interval.lasting(
        limits(interval), expected=expected, goal=goal, power=power, level=level
    )


@cache
def _area(interval: Interval, expected: float, goal: float, power: float, level: float) -> Size:
    logit = interval is AucInterval.DELONG_LOGIT
    size_of = sizing_auc_delong.on_logit_scale if logit else sizing_auc_delong.one
    return size_of(expected=expected, goal=goal, power=power, level=level)
