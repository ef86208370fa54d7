"""Reader studies planned for their own readers or their own cases: a pilot of the same kind."""

from dataclasses import replace
from math import ceil

from defensible.assessment.planning.asked import Asked
from defensible.assessment.planning.needed import Needed
from defensible.assessment.planning.reader_plan import ReaderPlan, beside
from defensible.assessment.result import Assessment
from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.reader_study import ReaderStudy, Sample
from defensible.evidence.by_condition import overall
from defensible.evidence.finding import Measurement, StudyResult
from defensible.statistics import sizing_fixed
from defensible.statistics.sizing import Size


def fixed(plan: ReaderPlan) -> bool:
    """Whether results are to hold for the study's own readers or cases alone."""
    return Sample.FIXED in {plan.readers, plan.cases}


def unlike(assessment: Assessment, plan: ReaderPlan, study: str) -> str:
    """Why a study is no pilot of the one that is planned; empty where it is like it."""
    found = next((one for one in assessment.dossier.studies if one.id == study), None)
    if not isinstance(found, ReaderStudy):
        return f"{study} is no reader study"
    for name, mine, other in (
        ("readers", plan.readers, found.analysis.readers),
        ("cases", plan.cases, found.analysis.cases),
    ):
        if mine is not other:
            to_come = plan.study or "the study to come"
            return (
                f"{study} takes its {name} as {other.value} and {to_come} as {mine.value}, so it "
                "is no pilot"
            )
    return ""


def sized(assessment: Assessment, of: Asked, plan: ReaderPlan, part: str) -> Needed:
    """Cases for these readers, or readers for these cases, from a pilot that is fixed likewise."""
    expected, whys = of.expected or 0.0, []
    for result in assessment.results:
        measured = overall(result, of.metric, of.condition, of.against)
        if result.readers is None or measured is None:
            continue
        if why := unlike(assessment, plan, result.study):
            whys.append(why)
        elif measured.estimate is not None and measured.estimate.se:
            return _from(of, plan, part, result, measured, expected)
    what = "readers" if plan.readers is Sample.FIXED else "cases"
    whys = whys or [
        f"{plan.study} takes its {what} as fixed: a pilot with the same {what} is needed"
    ]
    return of.open(part, "; ".join(whys))


def _from(
    of: Asked,
    plan: ReaderPlan,
    part: str,
    result: StudyResult,
    measured: Measurement,
    expected: float,
) -> Needed:
    estimate, readers = measured.estimate, result.readers
    assert estimate is not None  # noqa: S101 - the caller has one, with its error
    assert readers is not None  # noqa: S101 - a result of readers
    se, n_cases = estimate.se or 0.0, _counted(measured)
    by_cases = plan.readers is Sample.FIXED

    def size_of(expected: float) -> Size:
        told = {"expected": expected, "goal": of.bound, "se": se}
        told |= {"power": of.plan.power, "level": of.level}
        if by_cases:
            return sizing_fixed.cases_for_these_readers(n_cases=n_cases, **told)
        return sizing_fixed.readers_for_these_cases(n_readers=readers.n_readers, **told)

    def power_at(goal: Goal) -> str:
        told = {
            "expected": expected,
            "goal": replace(of, goal=goal).bound,
            "se": se,
            "level": of.level,
        }
        if by_cases:
            return f"{sizing_fixed.power_of_cases(size.n, n_cases=n_cases, **told):.2f}"
        return f"{sizing_fixed.power_of_readers(size.n, n_readers=readers.n_readers, **told):.2f}"

    try:
        size = size_of(expected)
    except ValueError as error:
        return of.open(part, str(error))
    n = size.n if by_cases else n_cases
    whose, by_whom = (
        ("readers", f"{readers.n_readers} readers") if by_cases else ("cases", f"{n_cases:,} cases")
    )
    held = (
        f"for the {by_whom} of {result.study} alone, its {whose} being fixed; standard error there "
        f"{se:.3g} with {readers.n_readers} readers and {n_cases:,} cases"
    )
    diseased, healthy = _classes(measured)
    return Needed(
        claim=of.claim,
        metric=of.metric,
        goal=of.goal,
        part=part,
        expected=of.expected,
        source=of.source,
        n_readers=readers.n_readers if by_cases else size.n,
        n_diseased=ceil(n * diseased - 1e-9) if diseased else None,
        n_healthy=ceil(n * healthy - 1e-9) if healthy else None,
        power=size.power,
        level=of.level,
        method=size.method,
        why="; ".join(one for one in (held, plan.said, *beside(of, plan, power_at)) if one),
        sensitivity=of.moved(lambda value: size_of(value).n) if by_cases else (),
    )


def _classes(measured: Measurement) -> tuple[float, float]:
    """Diseased and healthy cases for each that the figure is of."""
    if measured.metric is MetricName.SENSITIVITY_DIFFERENCE:
        return 1.0, 0.0
    if measured.metric is MetricName.SPECIFICITY_DIFFERENCE:
        return 0.0, 1.0
    diseased = measured.n_diseased / measured.n_cases if measured.n_cases else 0.5
    return diseased, 1 - diseased


def _counted(measured: Measurement) -> int:
    """Cases that the figure is of, whatever the analysis counts."""
    if measured.metric is MetricName.SENSITIVITY_DIFFERENCE:
        return measured.n_diseased
    if measured.metric is MetricName.SPECIFICITY_DIFFERENCE:
        return measured.n_healthy
    return measured.n_cases
