"""Probabilities of harm from what studies measured: the unfavourable end, never the middle.

P1 is the upper confidence bound of an error rate, times the share of uses that are exposed to it:
uses with the condition for a miss (at most the upper prevalence of the intended use), uses without
it for a false alarm. Where no prevalence is declared, every use is exposed. P2 is taken as certain
where it is not given. A person's rescue is no part of P1 unless a study measured it.
"""

from dataclasses import dataclass

from defensible.dossier.claims import MetricName
from defensible.dossier.dossier import Dossier
from defensible.dossier.risks import ErrorRate, Policy, Probability, RiskEstimate
from defensible.evidence.finding import Measurement, StudyResult

OF = {
    ErrorRate.FALSE_NEGATIVE: MetricName.SENSITIVITY,
    ErrorRate.FALSE_POSITIVE: MetricName.SPECIFICITY,
}
"""The metric whose complement an error rate is."""

CERTAIN = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranged:
    """A probability as an interval in [0, 1], and what it rests on.

    Attributes
    ----------
    value : float or None
        What was observed, for a rate that a study measured on `n` cases.
    level : float or None
        Confidence level of the interval, for such a rate.
    """

    low: float
    high: float
    said: str
    value: float | None = None
    n: int | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """The probability of harm per use as its factors."""

    exposure: Ranged
    p1: Ranged
    p2: Ranged

    @property
    def upper(self) -> float:
        """The unfavourable end: what the policy is held against."""
        return self.exposure.high * self.p1.high * self.p2.high

    @property
    def said(self) -> str:
        """The factors in words."""
        return f"{self.p1.said}; {self.exposure.said}; {self.p2.said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """Why a probability that is bound to evidence cannot be had."""

    why: str


def harm(
    estimate: RiskEstimate, dossier: Dossier, results: tuple[StudyResult, ...]
) -> Harm | NotMeasured | None:
    """What an estimate's `p1` and `p2` come to; None where it gives neither."""
    if estimate.p1 is None and estimate.p2 is None:
        return None
    p1 = _ranged("P1", estimate.p1, results)
    p2 = _ranged("P2", estimate.p2, results)
    for one in (p1, p2):
        if isinstance(one, NotMeasured):
            return one
    assert isinstance(p1, Ranged) and isinstance(p2, Ranged)  # noqa: S101, PT018 - see above
    return Harm(exposure=_exposure(estimate.p1, dossier), p1=p1, p2=p2)


def step(policy: Policy, probability: float) -> str | None:
    """The step of the scale that a probability falls in; None where the scale has no numbers."""
    if not any(one.up_to is not None for one in policy.probability):
        return None
    for one in policy.probability:
        if one.up_to is not None and probability <= one.up_to:
            return one.name
    return policy.probability[-1].name


def studies(estimate: RiskEstimate) -> tuple[str, ...]:
    """The studies that an estimate takes probabilities from."""
    parts = (estimate.p1, estimate.p2)
    return tuple(one.from_ for one in parts if one is not None and one.from_ is not None)


def _ranged(
    name: str, declared: Probability | None, results: tuple[StudyResult, ...]
) -> Ranged | NotMeasured:
    if declared is None:
        return Ranged(low=CERTAIN, high=CERTAIN, said=f"{name} not given, so taken as 1")
    if declared.low is not None and declared.high is not None:
        said = f"{name} {declared.low:g} to {declared.high:g} by judgement"
        return Ranged(low=declared.low, high=declared.high, said=said)
    assert declared.metric is not None  # noqa: S101 - one of the two kinds is whole
    return _measured(name, declared, declared.metric, results)


def _measured(
    name: str, declared: Probability, metric: ErrorRate, results: tuple[StudyResult, ...]
) -> Ranged | NotMeasured:
    result = next((one for one in results if one.study == declared.from_), None)
    if result is None:
        return NotMeasured(why=f"{declared.from_} has no result")
    where = ", ".join(f"{one} {level}" for one, level in declared.stratum.items()) or "overall"
    found = _measurement(result, OF[metric], declared.stratum)
    if found is None:
        return NotMeasured(why=f"{declared.from_} has no {metric.value} for {where}")
    if found.estimate is None:
        why = f": {found.why}" if found.why else ""
        return NotMeasured(why=f"{declared.from_} gives no {metric.value} for {where}{why}")
    estimate = found.estimate
    said = (
        f"{name} at most {1 - estimate.low:.4g}, the {metric.value} of {declared.from_} for "
        f"{where} (upper bound, {estimate.level:.0%})"
    )
    return Ranged(
        low=max(0.0, 1 - estimate.high),
        high=min(1.0, 1 - estimate.low),
        value=min(1.0, max(0.0, 1 - estimate.value)),
        n=found.n_diseased if metric is ErrorRate.FALSE_NEGATIVE else found.n_healthy,
        level=estimate.level,
        said=said,
    )


def _measurement(
    result: StudyResult, metric: MetricName, stratum: dict[str, str]
) -> Measurement | None:
    taken = (*result.measurements, *(one.measurement for one in result.pairs))
    wanted = set(stratum.items())
    return next(
        (one for one in taken if one.metric is metric and set(one.stratum.levels) == wanted), None
    )


def _exposure(p1: Probability | None, dossier: Dossier) -> Ranged:
    """The share of uses in which the error can happen at all."""
    if p1 is None or p1.metric is None:
        return Ranged(low=CERTAIN, high=CERTAIN, said="of every use")
    population = dossier.intended_use.population
    prevalence = population.prevalence if population else None
    if prevalence is None:
        said = "no prevalence is declared, so every use counts as exposed"
        return Ranged(low=CERTAIN, high=CERTAIN, said=said)
    low = 0.0 if prevalence.from_ is None else prevalence.from_
    high = 1.0 if prevalence.to is None else prevalence.to
    if p1.metric is ErrorRate.FALSE_POSITIVE:
        low, high = 1 - high, 1 - low
    said = f"{low:g} to {high:g} of uses are exposed (prevalence of the intended use)"
    return Ranged(low=low, high=high, said=said)
