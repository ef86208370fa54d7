"""Readers and cases of a reader study, and the frontier of how many of both will do."""

from dataclasses import replace
from math import ceil, inf

from defensible.assessment.planning import reader_fixed
from defensible.assessment.planning.accuracy import with_screening
from defensible.assessment.planning.asked import Asked
from defensible.assessment.planning.needed import Needed
from defensible.assessment.planning.reader_plan import ReaderPlan, beside, planned
from defensible.assessment.planning.reader_sources import (
    Source,
    effect,
    variances,
    without_pilot,
)
from defensible.assessment.result import Assessment
from defensible.dossier.claims import Goal
from defensible.dossier.reader_study import Sample
from defensible.evidence.by_condition import overall
from defensible.evidence.reader_differences import FIGURES
from defensible.statistics import sizing_readers
from defensible.statistics.sizing_readers import Point

READERS = "reader study"
SHIFTS = (-0.02, -0.01, 0.0, 0.01, 0.02)


def sized(assessment: Assessment, of: Asked) -> Needed:
    """Readers and cases at which the interval clears the goal with the power of the plan."""
    try:
        return _sized(assessment, effect(of))
    except ValueError as error:
        return of.open(READERS, str(error))


def _sized(assessment: Assessment, of: Asked) -> Needed:
    if of.expected is None:
        return of.open(
            READERS,
            f"write `expected: {{{of.metric.value}: ..}}` in plan.yaml, "
            f"{'device less readers' if of.metric.against_readers else 'aided less unaided'}",
        )
    if not of.clears(of.expected):
        return of.open(READERS, of.not_clearing)
    plan = planned(assessment, of)
    line = _by_plan(assessment, of, plan)
    read_again = plan.cases is Sample.FIXED  # they are there
    return line if line.power is None or read_again else with_screening(of, line)


def _by_plan(assessment: Assessment, of: Asked, plan: ReaderPlan) -> Needed:
    at_start = replace(of, level=plan.level)
    if of.metric not in FIGURES:
        return _from_readings(assessment, at_start, plan)
    if reader_fixed.fixed(plan):
        return reader_fixed.sized(assessment, at_start, plan, READERS)
    return _crossed(assessment, at_start, plan, of.expected or 0.0)


def _crossed(assessment: Assessment, of: Asked, plan: ReaderPlan, expected: float) -> Needed:
    """Every reader reads every case twice; readers and cases random."""
    source = variances(assessment, of, plan)
    if isinstance(source, str):
        return of.open(READERS, source)
    points = _frontier(of, source, expected)
    wanted = of.plan.readers.readers
    best = (
        next(one for one in points if one.n_readers == wanted)
        if wanted is not None
        else sizing_readers.fewest_readings(points)
    )
    if best is None or best.n_cases is None:
        who = f"with {wanted} readers" if wanted is not None else "with up to 30 readers"
        return of.open(READERS, f"no number of cases has the power {who}; {source.said}")

    chosen = "the number of readers of plan.yaml" if wanted is not None else "the fewest readings"

    def cases(expected: float) -> int:
        found = _frontier(of, source, expected, readers=(best.n_readers,))[0].n_cases
        if found is None:
            raise ValueError("no number of cases will do")
        return _total(source, found)

    return Needed(
        claim=of.claim,
        metric=of.metric,
        goal=of.goal,
        part=READERS,
        expected=of.expected,
        source=of.source,
        n_readers=best.n_readers,
        n_diseased=ceil(best.n_cases * source.diseased - 1e-9) if source.diseased else None,
        n_healthy=ceil(best.n_cases * source.healthy - 1e-9) if source.healthy else None,
        power=best.power,
        level=of.level,
        method="Obuchowski-Rockette (Hillis), readers and cases random",
        why="; ".join(
            one
            for one in (
                f"every reader reads every case in both conditions; {chosen}; {source.said}",
                plan.said,
                *beside(of, plan, lambda goal: _power_for(of, goal, source, best)),
            )
            if one
        ),
        sensitivity=of.moved(cases, SHIFTS),
        frontier=tuple(
            (one.n_readers, None if one.n_cases is None else _total(source, one.n_cases))
            for one in points
        ),
    )


def _power_for(of: Asked, goal: Goal, source: Source, best: Point) -> str:
    """`0.14 at these numbers and takes 1,108 cases with as many readers for 0.8`."""
    other, expected = replace(of, goal=goal), of.expected or 0.0
    power = sizing_readers.power(
        source.of(best.n_readers),
        expected=expected,
        goal=other.bound,
        n_readers=best.n_readers,
        n_cases=best.n_cases or 0,
        level=of.level,
    )
    if power >= of.plan.power:
        return f"{power:.2f} at these numbers"
    more = _frontier(other, source, expected, readers=(best.n_readers,))[0].n_cases
    takes = "no number of cases" if more is None else f"{_total(source, more):,} cases"
    return (
        f"{power:.2f} at these numbers and takes {takes} with as many readers for {of.plan.power:g}"
    )


def _total(source: Source, n: int) -> int:
    return ceil(n * source.diseased - 1e-9) + ceil(n * source.healthy - 1e-9)


def _frontier(
    of: Asked, source: Source, expected: float, readers: tuple[int, ...] | None = None
) -> tuple[Point, ...]:
    wanted = of.plan.readers.readers
    asked = readers or tuple(sorted({*sizing_readers.READERS, *([wanted] if wanted else [])}))
    return sizing_readers.frontier(
        source.of,
        expected=expected,
        goal=of.bound,
        power_wanted=of.plan.power,
        level=of.level,
        readers=asked,
    )


def _from_readings(assessment: Assessment, of: Asked, plan: ReaderPlan) -> Needed:
    """Figures of readings: how many times the pilot certainly suffices."""
    result, measured = next(
        (
            (one, found)
            for one in assessment.results
            if one.readers is not None
            if (found := overall(one, of.metric, of.condition, of.against)) is not None
            if found.estimate is not None
        ),
        (None, None),
    )
    if result is not None and (why := reader_fixed.unlike(assessment, plan, result.study)):
        return of.open(READERS, why)
    if result is None or result.readers is None or measured is None:
        return of.open(READERS, without_pilot(of))
    estimate = measured.estimate
    if estimate is None or not estimate.se:
        return of.open(READERS, without_pilot(of))
    times = sizing_readers.times_pilot(
        expected=of.expected or 0.0,
        goal=of.bound,
        se=estimate.se,
        df=estimate.df or inf,
        power=of.plan.power,
        level=of.level,
    )
    k = max(times, 1.0)
    readers = result.readers.n_readers * (1.0 if plan.readers is Sample.FIXED else k)
    of_cases = 1.0 if plan.cases is Sample.FIXED else k
    what = {
        (True, False): "cases",  # the readers being fixed, all variance is due to cases
        (False, True): "readers",
    }.get((plan.readers is Sample.FIXED, plan.cases is Sample.FIXED), "readers and cases")
    whose = "" if reader_fixed.fixed(plan) else ", whoever it is due to"
    told = (
        f"no more than {k:.2f} times the {what} of {result.study}, in its mix: then its "
        f"variance falls at least so far{whose}"
    )
    return Needed(
        claim=of.claim,
        metric=of.metric,
        goal=of.goal,
        part=READERS,
        expected=of.expected,
        source=of.source,
        n_readers=ceil(readers - 1e-9),
        n_diseased=ceil(of_cases * measured.n_diseased - 1e-9),
        n_healthy=ceil(of_cases * measured.n_healthy - 1e-9),
        power=of.plan.power,
        level=of.level,
        method="a multiple of the pilot",
        why="; ".join(one for one in (told, plan.said) if one),
    )
