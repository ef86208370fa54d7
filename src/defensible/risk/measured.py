"""Probabilities of harm from what studies measured: the unfavourable end, never the middle.

P1 is the upper confidence bound of an error rate, times the share of uses that are exposed to it:
uses with the condition for a miss (at most the upper prevalence of the intended use), uses without
it for a false alarm. Where no prevalence is declared, every use is exposed. That nobody notices in
time, and P2, are taken as certain where they are not given.
"""

from dataclasses import dataclass
from math import prod

from defensible.dossier.dossier import Dossier
from defensible.dossier.risks import ErrorRate, Policy, Probability, RiskEstimate
from defensible.evidence.error_rates import NoRate, rate
from defensible.evidence.finding import StudyResult

CERTAIN = 1.0
PREVALENCE = "prevalence"
"""The source of exposure: how common the condition is where the device is used."""

_MISSES = {
    ErrorRate.FALSE_NEGATIVE,
    ErrorRate.OMISSION,
    ErrorRate.MISSES_NOT_CAUGHT,
    ErrorRate.MISSED_LESIONS,
}
_FALSE_ALARMS = {
    ErrorRate.FALSE_POSITIVE,
    ErrorRate.COMMISSION,
    ErrorRate.FALSE_ALARMS_NOT_CAUGHT,
}
_RESCUES = {
    ErrorRate.FALSE_NEGATIVE: {ErrorRate.MISSES_NOT_CAUGHT, ErrorRate.USE_ERROR},
    ErrorRate.FALSE_POSITIVE: {ErrorRate.FALSE_ALARMS_NOT_CAUGHT, ErrorRate.USE_ERROR},
    ErrorRate.USE_ERROR: {ErrorRate.USE_ERROR},
    ErrorRate.MISSED_LESIONS: {ErrorRate.USE_ERROR},
    ErrorRate.FALSE_MARKS: {ErrorRate.USE_ERROR},
}
"""For a P1 that a study measured: which rates say that nobody noticed that very error.

Whether a reader calls a case negative says nothing of one lesion among several. Commission and
omission count only readings that were right without the device, so they would say
less than how often nobody notices; as P1 they have the reader's part in them already.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranged:
    """A probability as an interval in [0, 1], and what it rests on.

    Attributes
    ----------
    value : float or None
        What was observed, for a rate that a study measured on `n` cases.
    level : float or None
        Confidence level of the interval, for such a rate.
    source : str or None
        What it rests on: two that rest on the same are the same number. None: on nothing else.
    complement : bool
        Whether it is what the source leaves of 1.
    """

    low: float
    high: float
    said: str
    value: float | None = None
    n: int | None = None
    level: float | None = None
    source: str | None = None
    complement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """The probability of harm per use as its factors."""

    exposure: Ranged
    p1: Ranged
    not_rescued: Ranged
    p2: Ranged

    @property
    def factors(self) -> tuple[Ranged, ...]:
        """What is multiplied."""
        return self.exposure, self.p1, self.not_rescued, self.p2

    @property
    def upper(self) -> float:
        """The unfavourable end: what the policy is held against."""
        return prod(one.high for one in self.factors)

    @property
    def said(self) -> str:
        """The factors in words."""
        parts = (self.p1, self.exposure, self.not_rescued, self.p2)
        return "; ".join(one.said for one in parts if one.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """Why a probability that is bound to evidence cannot be had."""

    why: str


def harm(
    estimate: RiskEstimate, dossier: Dossier, results: tuple[StudyResult, ...]
) -> Harm | NotMeasured | None:
    """What an estimate's probabilities come to; None where it gives none."""
    if estimate.p1 is None and estimate.p2 is None and estimate.not_rescued is None:
        return None
    p1 = _ranged("P1", estimate.p1, results)
    rescue = _rescue(estimate, results)
    p2 = _ranged("P2", estimate.p2, results)
    for one in (rescue, p1, p2):
        if isinstance(one, NotMeasured):
            return one
    assert isinstance(p1, Ranged) and isinstance(p2, Ranged)  # noqa: S101, PT018 - see above
    assert isinstance(rescue, Ranged)  # noqa: S101 - see above
    exposure = _exposure(estimate.p1, dossier)
    return Harm(exposure=exposure, p1=p1, not_rescued=rescue, p2=p2)


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
    parts = (estimate.p1, estimate.not_rescued, estimate.p2)
    return tuple(one.from_ for one in parts if one is not None and one.from_ is not None)


def _rescue(estimate: RiskEstimate, results: tuple[StudyResult, ...]) -> Ranged | NotMeasured:
    """How probable it is that nobody notices in time, of the error that P1 is about."""
    declared = estimate.not_rescued
    if declared is None:
        return Ranged(low=CERTAIN, high=CERTAIN, said="")
    if declared.metric is None:
        said = "that somebody notices is shown by no study, so it is taken as never"
        return Ranged(low=CERTAIN, high=CERTAIN, said=said)
    error = estimate.p1.metric if estimate.p1 is not None else None
    if error is not None:
        fitting = _RESCUES.get(error, set())
        if declared.metric not in fitting:
            names = " or ".join(sorted(one.value for one in fitting))
            instead = f"; name {names}" if names else ": P1 has the reader's part in it"
            why = f"{declared.metric.value} does not say how often {error.value} goes unnoticed"
            return NotMeasured(why=f"{why}{instead}")
    return _ranged("not noticed", declared, results)


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
    found = rate(result, metric, declared.stratum)
    if isinstance(found, NoRate):
        why = f": {found.why}" if found.why else ""
        return NotMeasured(why=f"{declared.from_} has no {metric.value} for {where}{why}")
    said = (
        f"{name} at most {found.high:.4g}, the {metric.value} of {declared.from_} for "
        f"{where} (upper bound, {found.level:.0%})"
    )
    return Ranged(
        low=found.low,
        high=found.high,
        value=found.value,
        n=found.n,
        level=found.level,
        said=said,
        source=f"{declared.from_} {metric.value} {sorted(declared.stratum.items())}",
    )


def _exposure(p1: Probability | None, dossier: Dossier) -> Ranged:
    """The share of uses in which the error can happen at all."""
    if p1 is None or p1.metric not in _MISSES | _FALSE_ALARMS:
        return Ranged(low=CERTAIN, high=CERTAIN, said="of every use")
    population = dossier.intended_use.population
    prevalence = population.prevalence if population else None
    if prevalence is None:
        said = "no prevalence is declared, so every use counts as exposed"
        return Ranged(low=CERTAIN, high=CERTAIN, said=said)
    low = 0.0 if prevalence.from_ is None else prevalence.from_
    high = 1.0 if prevalence.to is None else prevalence.to
    healthy = p1.metric in _FALSE_ALARMS
    if healthy:
        low, high = 1 - high, 1 - low
    said = f"{low:g} to {high:g} of uses are exposed (prevalence of the intended use)"
    return Ranged(low=low, high=high, said=said, source=PREVALENCE, complement=healthy)
