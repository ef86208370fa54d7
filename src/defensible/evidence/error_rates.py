"""How often something goes wrong, as a study measured it: of the device, of readers, of users.

A rate of readers is of those who had the device's output before them. Nothing is carried over from
one rate to another: a stratum, a task or a condition that a study does not have gives none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from defensible.dossier.claims import MetricName
from defensible.dossier.risks import ErrorRate
from defensible.evidence.finding import Measurement, StudyResult
from defensible.evidence.usability_finding import SUMMATIVE
from defensible.statistics.estimate import Estimate

Levels = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """An error rate with its interval, and the cases, readings or participants behind it."""

    low: float
    value: float
    high: float
    level: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRate:
    """A rate that the study has no figure for; `why` where it says so itself."""

    why: str | None = None


Found = Rate | NoRate


def rate(result: StudyResult, metric: ErrorRate, stratum: Levels) -> Found:
    """An error rate of a study in a stratum; a task is a stratum of a usability study."""
    return _OF[metric](result, stratum)


def _misses(result: StudyResult, stratum: Levels) -> Found:
    one = _measurement(result, MetricName.SENSITIVITY, stratum)
    return _known(one, lambda estimate: _complement(estimate, one.n_diseased if one else 0))


def _false_alarms(result: StudyResult, stratum: Levels) -> Found:
    one = _measurement(result, MetricName.SPECIFICITY, stratum)
    return _known(one, lambda estimate: _complement(estimate, one.n_healthy if one else 0))


def _commission(result: StudyResult, stratum: Levels) -> Found:
    return _known(_measurement(result, MetricName.COMMISSION, stratum), _as_it_is)


def _omission(result: StudyResult, stratum: Levels) -> Found:
    return _known(_measurement(result, MetricName.OMISSION, stratum), _as_it_is)


def _misses_not_caught(result: StudyResult, stratum: Levels) -> Found:
    """Aided readings that call a case negative, among diseased cases that the device missed."""
    estimate = _aided(result, stratum, truth=True, device=False)
    return NoRate() if estimate is None else _complement(estimate, estimate.n)


def _false_alarms_not_caught(result: StudyResult, stratum: Levels) -> Found:
    """Aided readings that call a case positive, among healthy cases that the device marked."""
    estimate = _aided(result, stratum, truth=False, device=True)
    return NoRate() if estimate is None else _as_it_is(estimate)


def _use_error(result: StudyResult, stratum: Levels) -> Found:
    """Participants with a use error at a task; of the summative sessions if nothing else is said.

    Formative sessions are held on interfaces that still change.
    """
    if result.usability is None:
        return NoRate()
    if "task" not in stratum:
        return NoRate(why="it is measured task by task: name one as in `stratum: {task: T1}`")
    wanted = {"evaluation": SUMMATIVE, **stratum}
    for one in result.usability.figures:
        mine = {"task": one.task, "evaluation": one.evaluation}
        if wanted == (mine if one.group is None else {**mine, "group": one.group}):
            return NoRate() if one.rate is None else _as_it_is(one.rate)
    return NoRate()


def _missed_lesions(result: StudyResult, stratum: Levels) -> Found:
    """Missed lesions a diseased case: that any is missed is no more probable than their number."""
    one = _measurement(result, MetricName.LESION_SENSITIVITY, stratum)

    def number(estimate: Estimate) -> Rate:
        each = estimate.n / max(one.n_diseased, 1) if one else 1.0
        missed = _complement(estimate, estimate.n)
        return replace(
            missed,
            low=min(1.0, missed.low * each),
            value=min(1.0, missed.value * each),
            high=min(1.0, missed.high * each),
        )

    return _known(one, number)


def _false_marks(result: StudyResult, stratum: Levels) -> Found:
    """False marks a case: that a case has any is no more probable than their number."""
    return _known(_measurement(result, MetricName.FALSE_MARKS_PER_CASE, stratum), _as_it_is)


_OF: dict[ErrorRate, Callable[[StudyResult, Levels], Found]] = {
    ErrorRate.FALSE_NEGATIVE: _misses,
    ErrorRate.FALSE_POSITIVE: _false_alarms,
    ErrorRate.COMMISSION: _commission,
    ErrorRate.OMISSION: _omission,
    ErrorRate.MISSES_NOT_CAUGHT: _misses_not_caught,
    ErrorRate.FALSE_ALARMS_NOT_CAUGHT: _false_alarms_not_caught,
    ErrorRate.USE_ERROR: _use_error,
    ErrorRate.MISSED_LESIONS: _missed_lesions,
    ErrorRate.FALSE_MARKS: _false_marks,
}


def _measurement(result: StudyResult, metric: MetricName, stratum: Levels) -> Measurement | None:
    taken = (*result.measurements, *(one.measurement for one in result.pairs))
    wanted = set(stratum.items())
    return next(
        (one for one in taken if one.metric is metric and set(one.stratum.levels) == wanted), None
    )


def _known(one: Measurement | None, made: Callable[[Estimate], Rate]) -> Found:
    if one is None or one.estimate is None:
        return NoRate(why=None if one is None else one.why)
    return made(one.estimate)


def _aided(result: StudyResult, stratum: Levels, *, truth: bool, device: bool) -> Estimate | None:
    """How often readers with the device call such cases positive; only of all cases together."""
    if result.readers is None or stratum:
        return None
    return next(
        (
            one.aided
            for one in result.readers.conditional
            if (one.truth, one.device) == (truth, device)
        ),
        None,
    )


def _as_it_is(estimate: Estimate) -> Rate:
    return Rate(
        low=min(1.0, max(0.0, estimate.low)),
        value=min(1.0, max(0.0, estimate.value)),
        high=min(1.0, estimate.high),
        level=estimate.level,
        n=estimate.n,
    )


def _complement(estimate: Estimate, n: int) -> Rate:
    return Rate(
        low=max(0.0, 1 - estimate.high),
        value=min(1.0, max(0.0, 1 - estimate.value)),
        high=min(1.0, 1 - estimate.low),
        level=estimate.level,
        n=n,
    )
