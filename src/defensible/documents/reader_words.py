"""What a reader study says of its plan: each endpoint, steps in sequence, more than two conditions.

Superiority is said only where it was tested, which is once non-inferiority was shown; "not shown"
is not "no difference".
"""

from collections.abc import Callable

from defensible.documents import numbers
from defensible.documents.words import METRIC_INSIDE, clean, short
from defensible.dossier.claims import Goal, MetricName
from defensible.evidence.finding import CriterionResult, StudyResult
from defensible.evidence.reader_finding import EndpointResult, ReaderFindings, Step


def endpoints(
    result: StudyResult,
    found: ReaderFindings,
    wanted: Callable[[MetricName, str], bool],
) -> list[str]:
    """`Plan: AUC difference above -0.05: shown, 0.068 (0.026 to 0.109).`, and what followed.

    Parameters
    ----------
    wanted : callable
        Which endpoints are said, by their metric and their condition.
    """
    return [
        _endpoint(one, beside, found)
        for one, beside in zip(result.criteria, found.endpoints, strict=True)
        if wanted(one.criterion.metric, beside.condition)
    ]


def conditions(found: ReaderFindings) -> list[str]:
    """The test that all conditions are equal; nothing with two conditions."""
    said = []
    for one in found.equality:
        name = METRIC_INSIDE[one.metric].removesuffix(" difference")
        if one.p is None or one.statistic is None:
            said.append(f"Whether the {name} is equal in all conditions: {clean(one.why or '')}.")
            continue
        test = (
            f"chi-square {one.statistic:.2f} on {one.df or 0:.0f}"
            if one.denominator_df is None
            else f"F {one.statistic:.2f} on {one.df or 0:.3g} and {one.denominator_df:.1f}"
        )
        said.append(
            f"Test that the {name} is equal in all {len(found.conditions)} conditions: {test} "
            f"degrees of freedom, p {numbers.proportion(one.p)}."
        )
    return said


def _endpoint(one: CriterionResult, beside: EndpointResult, found: ReaderFindings) -> str:
    measured = one.measurement
    name = METRIC_INSIDE[one.criterion.metric.value]
    main = (beside.against, beside.condition) == found.conditions[:2]
    main = main or one.criterion.metric.against_readers
    pair = "" if main else f", {_less(beside.condition, beside.against)},"
    value = numbers.figure(measured.estimate) if measured.estimate else measured.why or "no case"
    answer = "shown" if one.met else "not shown"
    told = (
        f"Plan: {name}{pair} {_bound(one.criterion.goal, beside)}: {answer}, {clean(value)}"
        f"{_adjusted(beside.p_adjusted, found)}"
    )
    if beside.then is None:
        return f"{told}."
    return f"{told}; {_step(beside.then, found)}."


def _bound(goal: Goal, beside: EndpointResult) -> str:
    """`above -0.05`; named a margin where a stricter step says that it is one."""
    words = numbers.goal(goal)
    margin = _margin(goal)
    if beside.then is None or margin is None:
        return words
    return f"{words} (not inferior, margin {numbers.proportion(margin)})"


def _step(step: Step, found: ReaderFindings) -> str:
    edge = step.goal.above if step.goal.above is not None else step.goal.below
    words = f"{numbers.goal(step.goal)}{' (superior)' if edge == 0 else ''}"
    if not step.tested:
        return f"then {words}: not tested, since the step before it is not shown"
    answer = "shown" if step.shown else "not shown, and so not claimed"
    return f"then {words}: {answer}{_adjusted(step.p_adjusted, found)}"


def _margin(goal: Goal) -> float | None:
    """How much worse is still not inferior; None where the bound allows nothing worse."""
    if goal.above is not None:
        return -goal.above if goal.above < 0 else None
    return goal.below if goal.below is not None and goal.below > 0 else None


def _adjusted(p: float | None, found: ReaderFindings) -> str:
    if p is None:
        return ""
    return (
        f", one-sided p {numbers.proportion(p)} by {(found.multiplicity or '').replace('-', ' ')}"
    )


def _less(condition: str, against: str) -> str:
    return f"{short(condition, 30)} less {short(against, 30)}"
