"""Measurements held against goals: of the claims that a study serves, and its own criteria.

The whole interval decides. An interval without width settles nothing: it says that the data show no
variance, not that there is none.
"""

from collections.abc import Iterator
from math import ceil

from defensible.dossier.claims import Claim, Endpoint, Goal, MetricName
from defensible.dossier.dossier import Dossier
from defensible.dossier.studies import ProportionInterval, StandaloneStudy
from defensible.evidence.finding import (
    OVERALL,
    Answer,
    CriterionResult,
    Finding,
    Measurement,
    Stratum,
)
from defensible.statistics import proportions, settled
from defensible.statistics.estimate import Estimate

MOST_FURTHER = 100_000
"""Past so many further cases the answer is that it would not settle…"""
MOST_FURTHER_BY_BETA = 20_000
"""…or so many, for the two intervals of which each limit is a root of the beta distribution."""
_SAME_RATE = 1e-9
_LIMITS = {
    ProportionInterval.WILSON: proportions.wilson_limits,
    ProportionInterval.CLOPPER_PEARSON: proportions.clopper_pearson_limits,
    ProportionInterval.AGRESTI_COULL: proportions.agresti_coull_limits,
    ProportionInterval.JEFFREYS: proportions.jeffreys_limits,
    ProportionInterval.CLUSTERED: proportions.wilson_limits,
}
_BY_BETA = (ProportionInterval.CLOPPER_PEARSON, ProportionInterval.JEFFREYS)

Measured = dict[tuple[MetricName, Stratum], Measurement]


def served(dossier: Dossier, study: StandaloneStudy) -> tuple[Claim, ...]:
    """The claims that a study serves, whichever of the two files says so."""
    return tuple(
        claim for claim in dossier.claims if claim.id in study.claims or study.id in claim.studies
    )


def findings(
    dossier: Dossier, study: StandaloneStudy, measurements: tuple[Measurement, ...]
) -> tuple[Finding, ...]:
    """Each endpoint of each claim served, overall and in every stratum."""
    measured = _by_name(measurements)
    strata = dict.fromkeys(one.stratum for one in measurements)
    return tuple(
        found
        for claim in served(dossier, study)
        for endpoint in claim.endpoints
        for found in _of_endpoint(study, claim, endpoint, measured, strata)
    )


def criteria(
    study: StandaloneStudy, measurements: tuple[Measurement, ...]
) -> tuple[CriterionResult, ...]:
    """The engineering criteria, each held against the measurement of all cases."""
    measured = _by_name(measurements)
    results = []
    for criterion in study.acceptance:
        measurement = measured[criterion.metric, OVERALL]
        estimate = measurement.estimate
        if estimate is None:
            met = False
        elif criterion.by == "estimate":
            met = _clears(criterion.goal, estimate.value, estimate.value)
        else:
            met = answer(measurement, criterion.goal) is Answer.SUPPORTED
        results.append(CriterionResult(criterion=criterion, measurement=measurement, met=met))
    return tuple(results)


def answer(measurement: Measurement, goal: Goal) -> Answer:
    """The interval of a measurement held against a goal.

    `UNSEEN` is no case that the metric could be taken of, or a design that cannot give it.
    """
    estimate = measurement.estimate
    if estimate is None:
        return Answer.INCONCLUSIVE if _some_cases(measurement) else Answer.UNSEEN
    if estimate.low == estimate.high:
        return Answer.INCONCLUSIVE
    if _clears(goal, estimate.low, estimate.high):
        return Answer.SUPPORTED
    return Answer.FAILED if _excluded(goal, estimate.low, estimate.high) else Answer.INCONCLUSIVE


def _some_cases(measurement: Measurement) -> bool:
    """Whether a metric without an estimate has cases, though too few for an interval."""
    diseased, healthy = measurement.n_diseased > 0, measurement.n_healthy > 0
    match measurement.metric:
        case MetricName.SENSITIVITY:
            return diseased
        case MetricName.SPECIFICITY:
            return healthy
        case MetricName.AUC:
            return diseased and healthy
        case _:
            return False  # withheld by design, or no case with such an output


def _clears(goal: Goal, low: float, high: float) -> bool:
    above = goal.above is None or low > goal.above
    return above and (goal.below is None or high < goal.below)


def _excluded(goal: Goal, low: float, high: float) -> bool:
    under = goal.above is not None and high < goal.above
    return under or (goal.below is not None and low > goal.below)


def _of_endpoint(
    study: StandaloneStudy,
    claim: Claim,
    endpoint: Endpoint,
    measured: Measured,
    strata: dict[Stratum, None],
) -> Iterator[Finding]:
    for stratum in strata:
        measurement = measured[endpoint.metric, stratum]
        given = answer(measurement, endpoint.goal)
        yield Finding(
            study=study.id,
            claim=claim.id,
            measurement=measurement,
            goal=endpoint.goal,
            answer=given,
            further=_further(measurement, endpoint.goal, study) if _open(given) else None,
        )


def _open(given: Answer) -> bool:
    return given is Answer.INCONCLUSIVE


def _further(measurement: Measurement, goal: Goal, study: StandaloneStudy) -> int | None:
    """Further cases of the denominator that would settle it lastingly at the observed rate."""
    estimate = measurement.estimate
    if estimate is None:
        return None
    if measurement.metric is MetricName.AUC:
        return _further_by_se(estimate, goal)
    if estimate.count is None:
        return None
    count, n = estimate.count, estimate.n
    bound, rate = goal.above, estimate.value
    if bound is None:  # below: the same question of the other outcome
        assert goal.below is not None  # noqa: S101 - a goal has one bound, the loader checks it
        bound, rate, count = 1 - goal.below, 1 - rate, n - count
    if abs(rate - bound) < _SAME_RATE:
        return None
    design = _design_effect(estimate)
    further = settled.further_cases(
        round(count / design),
        max(round(n / design), 1),
        goal=bound,
        rate=rate,
        level=estimate.level,
        limits=_LIMITS[study.analysis.proportions],
        most=MOST_FURTHER_BY_BETA if study.analysis.proportions in _BY_BETA else MOST_FURTHER,
    )
    return None if further.lasting is None else max(1, round(further.lasting * design))


def _design_effect(estimate: Estimate) -> float:
    """How many cases count as one, patients being independent; 1 for independent cases."""
    if estimate.n_clusters is None:
        return 1.0
    p = estimate.value
    if not estimate.se or p in {0.0, 1.0}:
        return estimate.n / estimate.n_clusters
    return max(estimate.se**2 * estimate.n / (p * (1 - p)), 1 / estimate.n)


def _further_by_se(estimate: Estimate, goal: Goal) -> int | None:
    """The same for an area: its standard error falls with the root of the cases, mix unchanged."""
    bound = goal.above if goal.above is not None else goal.below
    if bound is None or not estimate.se or abs(estimate.value - bound) < _SAME_RATE:
        return None
    reach = max(estimate.high - estimate.value, estimate.value - estimate.low)
    times = (reach / (estimate.value - bound)) ** 2
    further = ceil(estimate.n * (times - 1)) + 1
    return further if 0 < further <= MOST_FURTHER else None


def _by_name(measurements: tuple[Measurement, ...]) -> Measured:
    return {(one.metric, one.stratum): one for one in measurements}
