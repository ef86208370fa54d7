"""The endpoints of a reader study's plan: pairs of conditions, steps in sequence, one error rate.

A stricter goal (`then`) is tested only once the goal before it is shown. The two hypotheses are
nested, so the sequence costs nothing: it is the fixed sequence at full alpha. Where the plan tests
endpoints together, all steps of all endpoints that are differences share one alpha, one-sided, half
of one minus the level, on a graph (Bretz and Maurer):

- fixed sequence: in the order of the plan, each step once the one before it is shown;
- Holm, Bonferroni: an equal share to each endpoint, which its stricter step inherits; by Holm what
  an endpoint has wholly shown passes on to the others.
"""

from dataclasses import dataclass

import numpy as np

from defensible.dossier.claims import ClaimEndpoint, Goal, MetricName, Multiplicity
from defensible.dossier.reader_endpoint import ReaderEndpoint
from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import Criterion
from defensible.evidence import automation, goals, one_tail, reader_agreement, reader_measures
from defensible.evidence.device_against_readers import PAIRED, repeated
from defensible.evidence.finding import OVERALL, Answer, CriterionResult, Measurement
from defensible.evidence.reader_differences import FIGURES, Taken, between, whole
from defensible.evidence.reader_finding import EndpointResult, Step
from defensible.evidence.readings import Readings, pair
from defensible.statistics import multiplicity
from defensible.statistics.arrays import Floats
from defensible.statistics.estimate import Estimate

TOGETHER = (*FIGURES, *PAIRED, MetricName.READING_TIME_CHANGE)
"""Metrics whose endpoints are tested together: differences by t."""
DEVICE_ALONE = "device alone"
"""What stands as the condition where it is the device that is compared, which has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rung:
    """One step of one endpoint in the family."""

    endpoint: int
    then: bool
    p: float


def results(
    study: ReaderStudy, of: Readings, overall: dict[MetricName, Taken]
) -> tuple[tuple[CriterionResult, ...], tuple[EndpointResult, ...]]:
    """Each endpoint held against its goal, and beside it what it compares and what follows.

    Parameters
    ----------
    overall : dict
        Differences of the whole study with their analyses, which hold every pair.
    """
    measured = [_measured(study, one, of, overall) for one in study.endpoints]
    adjusted = _adjusted(study, measured)
    alpha = (1 - study.analysis.level) / 2
    criteria, beside = [], []
    for index, (one, measurement) in enumerate(zip(study.endpoints, measured, strict=True)):
        p = adjusted.get((index, False))
        met = _shown(measurement, one.goal, p, alpha)
        criteria.append(
            CriterionResult(
                criterion=Criterion(metric=one.metric, goal=one.goal, by="interval"),
                measurement=measurement,
                met=met,
            )
        )
        p_then = adjusted.get((index, True))
        step = None
        if one.then is not None:
            shown = met and _shown(measurement, one.then, p_then, alpha)
            step = Step(goal=one.then, tested=met, shown=shown, p_adjusted=p_then)
        new, against = _pair(study, one)
        beside.append(EndpointResult(condition=new, against=against, p_adjusted=p, then=step))
    return tuple(criteria), tuple(beside)


def held_back(
    study: ReaderStudy,
    end: ClaimEndpoint,
    criteria: tuple[CriterionResult, ...],
    beside: tuple[EndpointResult, ...],
) -> bool:
    """Whether the plan tests the goal of a claim, of that pair, with others and in vain."""
    named = DEVICE_ALONE if end.metric.against_readers else end.condition or study.conditions.aided
    pair = (named, end.against or study.conditions.unaided)
    found = []
    for one, other in zip(criteria, beside, strict=True):
        if pair != (other.condition, other.against) or one.criterion.metric is not end.metric:
            continue
        if one.criterion.goal == end.goal:
            found.append(one.met)
        if other.then is not None and other.then.goal == end.goal:
            found.append(other.then.shown)
    return study.multiplicity is not None and bool(found) and not any(found)


def _pair(study: ReaderStudy, one: ReaderEndpoint) -> tuple[str, str]:
    """What an endpoint compares, and what with."""
    conditions = study.conditions
    if one.metric.against_readers:
        return DEVICE_ALONE, conditions.unaided
    new = one.condition or conditions.aided
    assert new is not None  # noqa: S101 - the loader lets no such endpoint into one condition
    return new, one.against or conditions.unaided


def _shown(measurement: Measurement, goal: Goal, p: float | None, alpha: float) -> bool:
    """The interval clears the goal, and so does the adjusted p where there is one."""
    clears = goals.answer(measurement, goal) is Answer.SUPPORTED
    return clears and (p is None or p <= alpha)


def _measured(
    study: ReaderStudy, one: ReaderEndpoint, of: Readings, overall: dict[MetricName, Taken]
) -> Measurement:
    """The endpoint's metric between its two conditions, on all cases."""
    part = whole(of)
    if one.metric.against_readers:
        done = overall[one.metric]
        alone = repeated(of)
        return reader_measures.measurement(
            one.metric, OVERALL, alone, part, done.estimate, done.why
        )
    new, against = (of.written.index(name) for name in _pair(study, one))
    two = pair(of, against, new)
    if one.metric in TOGETHER:
        estimate, why = _difference(study, one.metric, of, overall, against, new)
    elif one.metric in reader_agreement.COEFFICIENTS:
        estimate, why = reader_agreement.measured(one.metric, two, part, study.analysis)
    else:
        found = automation.measures(study, automation.pairs(two, part))
        estimate, why = found[one.metric]
    return reader_measures.measurement(one.metric, OVERALL, two, part, estimate, why)


def _difference(
    study: ReaderStudy,
    metric: MetricName,
    of: Readings,
    overall: dict[MetricName, Taken],
    against: int,
    new: int,
) -> tuple[Estimate | None, str | None]:
    plan = study.analysis
    found = between(overall[metric], metric, of, whole(of), plan, against=against, new=new)
    return found.estimate, found.why


def _adjusted(study: ReaderStudy, measured: list[Measurement]) -> dict[tuple[int, bool], float]:
    """Adjusted one-sided p of each step in the family; none where the plan has no family."""
    if study.multiplicity is None:
        return {}
    rungs = []
    for index, (one, measurement) in enumerate(zip(study.endpoints, measured, strict=True)):
        if one.metric not in TOGETHER:
            continue
        for then, goal in ((False, one.goal), (True, one.then)):
            if goal is not None:
                p = one_tail.p_by_t(measurement.estimate, goal)
                rungs.append(_Rung(endpoint=index, then=then, p=1.0 if p is None else p))
    if not rungs:
        return {}
    alpha = (1 - study.analysis.level) / 2
    graph = _graph(rungs, study.multiplicity)
    found = multiplicity.graphical([one.p for one in rungs], graph, alpha=alpha)
    return {(one.endpoint, one.then): p for one, p in zip(rungs, found.adjusted, strict=True)}


def _graph(rungs: list[_Rung], how: Multiplicity) -> multiplicity.Graph:
    n = len(rungs)
    if how is Multiplicity.FIXED_SEQUENCE:
        return multiplicity.sequence_graph(n)
    first = [at for at, one in enumerate(rungs) if not one.then]
    weights, transitions = np.zeros(n), np.zeros((n, n))
    weights[first] = 1 / len(first)
    for at in range(n):
        if at + 1 < n and rungs[at + 1].then:
            transitions[at, at + 1] = 1.0
        elif how is Multiplicity.HOLM and len(first) > 1:
            _to_others(transitions, at, rungs, first)
    return multiplicity.Graph(weights=weights, transitions=transitions)


def _to_others(transitions: Floats, at: int, rungs: list[_Rung], first: list[int]) -> None:
    """What a wholly shown endpoint leaves goes to the others in equal parts."""
    others = [to for to in first if rungs[to].endpoint != rungs[at].endpoint]
    transitions[at, others] = 1 / len(others)
