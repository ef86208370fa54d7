"""Predictive values at the prevalences that a claim declares, never at that of the sample."""

from collections.abc import Iterator

from defensible.assessment.result import PredictiveValue
from defensible.dossier.claims import Claim, MetricName
from defensible.evidence.finding import StudyResult
from defensible.evidence.further import design_effect
from defensible.statistics.predictive import Counts, npv_at_adjusted, ppv_at_adjusted


def predictive(claim: Claim, results: list[StudyResult]) -> tuple[PredictiveValue, ...]:
    """Both predictive values of each study at each declared prevalence.

    From sensitivity and specificity of all cases, by the logit interval with the counts shrunk
    (Mercaldo, Lau, Zhou. Statistics in Medicine 2007;26:2170-2183). Where patients have several
    cases the counts are those of independent cases with the same information.
    """
    return tuple(
        found
        for result in results
        if (counts := _counts(result)) is not None
        for prevalence in claim.use_prevalence
        if 0 < prevalence < 1
        for found in _both(result, counts, prevalence)
    )


def _both(result: StudyResult, counts: Counts, prevalence: float) -> Iterator[PredictiveValue]:
    for metric, at in ((MetricName.PPV, ppv_at_adjusted), (MetricName.NPV, npv_at_adjusted)):
        yield PredictiveValue(
            study=result.study,
            metric=metric,
            prevalence=prevalence,
            estimate=at(counts, prevalence=prevalence, level=result.level),
        )


def _counts(result: StudyResult) -> Counts | None:
    """Cases by reference and decision, each class over its design effect."""
    right: dict[MetricName, tuple[int, int]] = {}
    for metric in (MetricName.SENSITIVITY, MetricName.SPECIFICITY):
        measured = result.measurement(metric)
        estimate = measured.estimate if measured else None
        if estimate is None or estimate.count is None:
            return None
        effect = design_effect(estimate)
        n = max(round(estimate.n / effect), 1)
        right[metric] = (min(round(estimate.count / effect), n), n)
    (tp, n_diseased), (tn, n_healthy) = right.values()
    return Counts(tp=tp, fn=n_diseased - tp, tn=tn, fp=n_healthy - tn)
