"""Agreement between readers, without the device and with it.

Fleiss's kappa of decisions is described where the table has decisions. What an endpoint of the plan
or of a claim names is measured, with an interval for what the plan takes as random.
"""

from collections.abc import Callable

import numpy as np

from defensible.dossier.claims import Claim, MetricName
from defensible.dossier.reader_study import ReaderAnalysis, ReaderStudy, Sample
from defensible.evidence.reader_differences import Part
from defensible.evidence.reader_finding import ReaderFigure
from defensible.evidence.readings import AIDED, UNAIDED, Readings
from defensible.statistics import agreement, reader_agreement
from defensible.statistics.estimate import Estimate
from defensible.statistics.reader_agreement import Agreement, Coefficient, Rated

METRIC = "agreement"
COEFFICIENTS: dict[MetricName, Coefficient] = {
    MetricName.READER_KAPPA: reader_agreement.FLEISS,
    MetricName.READER_KAPPA_DIFFERENCE: reader_agreement.FLEISS,
    MetricName.READER_WEIGHTED_KAPPA: reader_agreement.WEIGHTED_KAPPA,
    MetricName.READER_WEIGHTED_KAPPA_DIFFERENCE: reader_agreement.WEIGHTED_KAPPA,
    MetricName.READER_ICC: reader_agreement.ICC,
    MetricName.READER_ICC_DIFFERENCE: reader_agreement.ICC,
}
_DIFFERENCES = frozenset(
    {
        MetricName.READER_KAPPA_DIFFERENCE,
        MetricName.READER_WEIGHTED_KAPPA_DIFFERENCE,
        MetricName.READER_ICC_DIFFERENCE,
    }
)
_RANDOM = (Sample.RANDOM, Sample.RANDOM)
_BY_SAMPLE: dict[tuple[Sample, Sample], Callable[..., Agreement]] = {
    _RANDOM: reader_agreement.both_random,
    (Sample.FIXED, Sample.RANDOM): reader_agreement.readers_fixed,
    (Sample.RANDOM, Sample.FIXED): reader_agreement.cases_fixed,
}


def asked(study: ReaderStudy, claims: tuple[Claim, ...]) -> tuple[MetricName, ...]:
    """The measures of agreement that the plan or a claim names."""
    named = [*study.endpoints, *(end for claim in claims for end in claim.endpoints)]
    return tuple(dict.fromkeys(one.metric for one in named if one.metric in COEFFICIENTS))


def of_decisions(metric: MetricName) -> bool:
    """Whether a measure is taken of decisions; the others are of ratings."""
    return COEFFICIENTS[metric] is reader_agreement.FLEISS


def measured(
    metric: MetricName, of: Readings, part: Part, plan: ReaderAnalysis
) -> tuple[Estimate | None, str | None]:
    """One measure on a part of the study, or why there is none."""
    found = agreement_of(metric, of, part, plan)
    if isinstance(found, str):
        return None, found
    return (found.difference if is_difference(metric) else found.aided), None


def is_difference(metric: MetricName) -> bool:
    """Whether a measure is aided less unaided; the others are of readers who see the output."""
    return metric in _DIFFERENCES


def agreement_of(
    metric: MetricName, of: Readings, part: Part, plan: ReaderAnalysis
) -> Agreement | str:
    """The coefficient of a measure in both conditions, or why there is none."""
    values = of.decision if of_decisions(metric) else of.rating
    if values is None:
        return "no decision" if of_decisions(metric) else "no rating"
    read = of.read[:, part.readers][:, :, part.cases]
    if COEFFICIENTS[metric] is reader_agreement.ICC:
        read = read & read.all(axis=(0, 1))  # the same cases in both conditions
    rated = Rated(
        values=np.asarray(values, dtype=np.float64)[:, part.readers][:, :, part.cases],
        read=read,
        patient=np.unique(of.patient[part.cases], return_inverse=True)[1],
    )
    by_sample = _BY_SAMPLE[plan.readers, plan.cases]
    try:
        return by_sample(rated, COEFFICIENTS[metric], level=plan.level)
    except ValueError as error:
        return str(error)


def figure(of: Readings, level: float) -> tuple[ReaderFigure, ...]:
    """Kappa in each condition; nothing without decisions, or where patients have several cases."""
    if of.decision is None or of.n_repeated:
        return ()
    unaided, aided = (_kappa(of, condition, level) for condition in (UNAIDED, AIDED))
    if unaided is None and aided is None:
        return ()
    return (
        ReaderFigure(metric=METRIC, reader=None, unaided=unaided, aided=aided, difference=None),
    )


def _kappa(of: Readings, condition: int, level: float) -> Estimate | None:
    assert of.decision is not None  # noqa: S101 - asked above
    read = of.read[condition]
    ratings = np.where(read, of.decision[condition].astype(np.float64), np.nan).T
    try:
        return agreement.fleiss(ratings, level=level)
    except ValueError:
        return None  # all decisions alike, or no case read twice: kappa is undefined
