"""Every metric in every stratum, each with the interval that the plan names.

Rates and areas come from one pass a grouping (`statistics.grouped`); what cannot be estimated is
there as well, with the reason. Predictive values and accuracy move with prevalence, so they are
given only where cases came into the study as they come in use.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.studies import (
    AucInterval,
    ProportionInterval,
    Sampling,
    StandaloneStudy,
)
from defensible.evidence import areas
from defensible.evidence.cases import Cases
from defensible.evidence.finding import Errors, Measurement
from defensible.evidence.strata import Grouping
from defensible.statistics import grouped, grouped_clustered, grouped_patients, proportions
from defensible.statistics.arrays import Bools, Ints
from defensible.statistics.clustered import FEW_CLUSTERS
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.grouped import Confusion
from defensible.statistics.grouped_clustered import GroupedShare
from defensible.statistics.grouped_patients import Patients, Stays
from defensible.statistics.grouped_runs import Sorted

PROPORTIONS = (
    MetricName.SENSITIVITY,
    MetricName.SPECIFICITY,
    MetricName.PPV,
    MetricName.NPV,
    MetricName.ACCURACY,
)
MOVES_WITH_PREVALENCE = (MetricName.PPV, MetricName.NPV, MetricName.ACCURACY)
AS_IN_USE = (Sampling.CONSECUTIVE, Sampling.RANDOM)
WITHHELD = (
    "predictive values and accuracy need a sample at the prevalence of use, "
    "consecutive or random; {sampling}"
)
_DENOMINATOR = {
    MetricName.SENSITIVITY: "no diseased case",
    MetricName.SPECIFICITY: "no healthy case",
    MetricName.PPV: "no case with a positive output",
    MetricName.NPV: "no case with a negative output",
    MetricName.ACCURACY: "no case",
}
_INTERVALS = {
    ProportionInterval.WILSON: proportions.wilson,
    ProportionInterval.CLOPPER_PEARSON: proportions.clopper_pearson,
    ProportionInterval.AGRESTI_COULL: proportions.agresti_coull,
    ProportionInterval.JEFFREYS: proportions.jeffreys,
}


def counts(cases: Cases, groupings: Sequence[Grouping]) -> list[Confusion]:
    """True and false positives and negatives of every grouping, once for all that needs them.

    Where the device decides nothing, the reference stands for its decision: the classes are
    counted all the same, and nothing else is read off.
    """
    positive = cases.truth if cases.positive is None else cases.positive
    return [grouped.rates(cases.truth, positive, one.codes, len(one.strata)) for one in groupings]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Order:
    """Cases in the orders that the plan needs, once for all groupings.

    Attributes
    ----------
    by_score : Sorted or None
        None where no AUC is planned.
    by_patient : Patients or None
        None where all intervals are for independent cases.
    """

    by_score: Sorted | None
    by_patient: Patients | None


def ordered(study: StandaloneStudy, cases: Cases) -> Order:
    """The cases sorted by score and by patient, as far as the plan needs it."""
    clustered = (
        study.analysis.proportions is ProportionInterval.CLUSTERED
        or study.analysis.auc is AucInterval.CLUSTERED
    )
    return Order(
        by_score=areas.by_score(study, cases),
        by_patient=grouped_patients.by_patient(cases.patient_codes()) if clustered else None,
    )


def measured(
    study: StandaloneStudy,
    cases: Cases,
    groupings: Sequence[Grouping],
    counted: Sequence[Confusion],
    order: Order,
    wanted: Container[MetricName] = frozenset(MetricName),
) -> tuple[Measurement, ...]:
    """Every wanted metric of the plan in every stratum, in the order of the groupings."""
    found: list[Measurement] = []
    for one, confusion in zip(groupings, counted, strict=True):
        n_groups, held = len(one.strata), None
        if order.by_patient is not None:
            held = grouped_patients.stays(order.by_patient, one.codes, n_groups)
        columns = list(_rates(study, cases, one, held, confusion, wanted))
        if order.by_score is not None and MetricName.AUC in wanted:
            given = areas.by_group(study, cases, order.by_score, held, one.codes, n_groups)
            columns.append((MetricName.AUC, given))
        diseased, healthy = confusion.n_diseased.tolist(), confusion.n_healthy.tolist()
        for group, stratum in enumerate(one.strata):
            for metric, values in columns:
                estimate, why = values[group]
                found.append(
                    Measurement(
                        metric=metric,
                        stratum=stratum,
                        estimate=estimate,
                        n_cases=diseased[group] + healthy[group],
                        n_diseased=diseased[group],
                        n_healthy=healthy[group],
                        why=why,
                    )
                )
    return tuple(found)


def errors(
    cases: Cases, groupings: Sequence[Grouping], counted: Sequence[Confusion]
) -> tuple[Errors, ...]:
    """The device's errors in every stratum; none where the device decides nothing."""
    if cases.positive is None:
        return ()
    return tuple(
        Errors(
            stratum=stratum,
            false_negatives=int(confusion.fn[group]),
            n_diseased=int(confusion.n_diseased[group]),
            false_positives=int(confusion.fp[group]),
            n_healthy=int(confusion.n_healthy[group]),
        )
        for one, confusion in zip(groupings, counted, strict=True)
        for group, stratum in enumerate(one.strata)
    )


Given = list[tuple[Estimate | None, str | None]]
"""For each group an estimate, or why there is none."""


def _rates(
    study: StandaloneStudy,
    cases: Cases,
    grouping: Grouping,
    held: Stays | None,
    confusion: Confusion,
    wanted: Container[MetricName],
) -> Iterator[tuple[MetricName, Given]]:
    if cases.positive is None:
        return
    n_groups = len(grouping.strata)
    for metric in (one for one in PROPORTIONS if one in wanted):
        if metric in MOVES_WITH_PREVALENCE and study.sampling not in AS_IN_USE:
            yield metric, [(None, withheld(study.sampling))] * n_groups
        elif study.analysis.proportions is ProportionInterval.CLUSTERED:
            assert held is not None  # noqa: S101 - found for every grouping of such a study
            yield metric, _clustered(metric, study, cases, grouping, held)
        else:
            yield metric, _independent(metric, study, confusion)


def withheld(sampling: Sampling | None) -> str:
    """Why predictive values are not given for this sampling."""
    said = (
        "this study does not declare one" if sampling is None else f"this one is {sampling.value}"
    )
    return WITHHELD.format(sampling=said)


def _independent(metric: MetricName, study: StandaloneStudy, confusion: Confusion) -> Given:
    interval, level = _INTERVALS[study.analysis.proportions], study.analysis.level
    right, n = _fraction(metric, confusion)
    return [
        (None, _DENOMINATOR[metric]) if one is None else (one, None)
        for one in proportions.of_each(interval, right, n, level=level)
    ]


def _fraction(metric: MetricName, found: Confusion) -> tuple[Ints, Ints]:
    """Numerator and denominator of a proportion in each group."""
    match metric:
        case MetricName.SENSITIVITY:
            return found.tp, found.n_diseased
        case MetricName.SPECIFICITY:
            return found.tn, found.n_healthy
        case MetricName.PPV:
            return found.tp, found.tp + found.fp
        case MetricName.NPV:
            return found.tn, found.tn + found.fn
        case _:
            return found.tp + found.tn, found.n_diseased + found.n_healthy


def _clustered(
    metric: MetricName, study: StandaloneStudy, cases: Cases, grouping: Grouping, held: Stays
) -> Given:
    assert cases.positive is not None  # noqa: S101 - the caller has a decision
    success, of = _outcome(metric, cases.truth, cases.positive)
    level = study.analysis.level
    found = grouped_clustered.shares(success, of, held, grouping.codes, len(grouping.strata))
    low, high = found.limits(level=level)
    return [
        share(found, group, limits, level=level, nothing=_DENOMINATOR[metric])
        for group, limits in enumerate(zip(low.tolist(), high.tolist(), strict=True))
    ]


def share(
    found: GroupedShare, group: int, limits: tuple[float, float], *, level: float, nothing: str
) -> tuple[Estimate | None, str | None]:
    """The clustered share of a group with its Wilson limits, or why there is none."""
    n, count, k = int(found.n[group]), int(found.count[group]), int(found.n_clusters[group])
    if not n:
        return None, nothing
    if not found.defined[group]:
        return None, "one patient only: intervals by patient need two"
    se = float(found.se[group])
    facts = {
        Caution.FEW: k < FEW_CLUSTERS,
        Caution.BOUNDARY: count in {0, n},
        Caution.NO_VARIANCE: se == 0,
    }
    estimate = Estimate(
        value=count / n,
        low=limits[0],
        high=limits[1],
        level=level,
        method="Rao-Scott ratio estimator, Wilson",
        n=n,
        n_clusters=k,
        count=count,
        se=se,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )
    return estimate, None


def _outcome(metric: MetricName, truth: Bools, positive: Bools) -> tuple[Bools, Bools]:
    """Which cases are right, and which cases the metric is about."""
    match metric:
        case MetricName.SENSITIVITY:
            return positive, truth
        case MetricName.SPECIFICITY:
            return ~positive, ~truth
        case MetricName.PPV:
            return truth, positive
        case MetricName.NPV:
            return ~truth, ~positive
        case _:
            return truth == positive, np.ones_like(truth)
