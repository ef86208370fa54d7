"""Measurements held against goals: of the claims that a study serves, and its own criteria.

The whole interval decides. An interval without width settles nothing: it says that the data show no
variance, not that there is none.
"""

from collections.abc import Iterator

from defensible.dossier.claims import Claim, Endpoint, Goal, MetricName
from defensible.dossier.dossier import Dossier
from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.studies import StandaloneStudy
from defensible.evidence import further, one_tail
from defensible.evidence.claims import served
from defensible.evidence.finding import (
    OVERALL,
    Answer,
    CriterionResult,
    Finding,
    Measurement,
    Stratum,
)

Measured = dict[tuple[MetricName, Stratum], Measurement]


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
        if endpoint.metric.of_accuracy
        for found in _of_endpoint(study, claim, endpoint, measured, strata)
    )


def criteria(
    study: StandaloneStudy | LocalizationStudy, measurements: tuple[Measurement, ...]
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
        case MetricName.SENSITIVITY | MetricName.LESION_SENSITIVITY:
            return diseased
        case MetricName.SPECIFICITY:
            return healthy
        case MetricName.AUC | MetricName.WAFROC:
            return diseased and healthy
        case metric if metric.of_agreement or metric is MetricName.FALSE_MARKS_PER_CASE:
            return measurement.n_cases > 0
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
            further=_further(study, measurement, endpoint.goal) if _open(given) else None,
            p=one_tail.p_cleared(measurement, endpoint.goal, study.analysis),
        )


def _open(given: Answer) -> bool:
    return given is Answer.INCONCLUSIVE


def _further(study: StandaloneStudy, measurement: Measurement, goal: Goal) -> int | None:
    level = study.analysis.level
    return further.further(measurement, goal, study.analysis, level=level)


def _by_name(measurements: tuple[Measurement, ...]) -> Measured:
    return {(one.metric, one.stratum): one for one in measurements}
