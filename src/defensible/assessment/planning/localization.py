"""Cases for a device that marks lesions: lesions found, false marks a case, wAFROC."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from defensible.assessment.planning.accuracy import Counts, screened, surely
from defensible.assessment.planning.asked import SHIFTS, Asked, design
from defensible.assessment.planning.needed import Needed
from defensible.dossier.claims import MetricName
from defensible.dossier.plan_evidence import Lesions, Marks
from defensible.evidence.further import design_effect
from defensible.statistics import (
    proportions,
    search_model,
    sizing_interval,
    sizing_marks,
    sizing_wafroc,
)
from defensible.statistics.sizing import Size

OF_A_NUMBER = (-0.2, -0.1, 0.0, 0.1, 0.2)
"""How far a number of marks is moved, as shares of it."""
LESIONS = "`lesions: {per_case: .., correlation: ..}`"
MARKS = "`marks: {false_marks: .., found: ..}`"


@dataclass(frozen=True, slots=True, kw_only=True)
class _By:
    """How a true value is sized, and what that rests on."""

    size: Callable[[float], Size]
    cases: Callable[[Size], int]
    """Cases of the metric's denominator that a size stands for."""
    said: str


def sized(of: Asked, part: str, level: float, why: str) -> Needed:
    """Cases at which the interval at `level` clears the goal with the power of the plan."""
    if of.expected is None:
        return of.open(part, f"write `expected: {{{of.metric.value}: ..}}` in plan.yaml")
    if not of.clears(of.expected):
        return of.open(part, of.not_clearing)
    by = _BY[of.metric](of, level)
    if isinstance(by, str):
        return of.open(part, by)
    try:
        size = by.size(of.expected)
    except ValueError as error:
        return of.open(part, str(error))
    counts = _counted(of.metric, by.cases(size))
    number = of.metric is MetricName.FALSE_MARKS_PER_CASE
    return Needed(
        claim=of.claim,
        metric=of.metric,
        goal=of.goal,
        part=part,
        expected=of.expected,
        source=of.source,
        n_diseased=counts.diseased,
        n_healthy=counts.healthy,
        n_cases=counts.mixed,
        n_screened=screened(of, counts),
        n_screened_surely=surely(of, counts),
        power=size.power,
        level=level,
        method=size.method,
        why="; ".join(one for one in (why, by.said) if one),
        sensitivity=of.moved(
            lambda expected: by.cases(by.size(expected)),
            tuple(one * of.expected for one in OF_A_NUMBER) if number else SHIFTS,
        ),
    )


def lesions_of(of: Asked) -> tuple[float, float, str] | None:
    """Lesions of a case that has any, how many count as one, and who says so; None if nobody does.

    By the plan, else as a study shows it where it measured the lesions found.
    """
    declared = of.plan.lesions
    if declared is not None:
        effect = sizing_marks.design_effect(declared.per_case, declared.correlation)
        said = [f"{_alike(declared)}: design effect {effect:.2f}"]
        each, patients = _patients(of)
        return declared.per_case, effect * each, "; ".join([*said, patients])
    seen = of.seen
    if seen is None or not seen.measured.n_diseased:
        return None
    each, effect = seen.estimate.n / seen.measured.n_diseased, design_effect(seen.estimate)
    effect = max(effect, 1.0)
    told = f"{each:.2f} lesions a case and design effect {effect:.2f}, as in {seen.study}"
    return each, effect, told


def _found(of: Asked, level: float) -> _By | str:
    """Lesions found: Wilson's interval on effective lesions, as the study takes it."""
    lesions = lesions_of(of)
    if lesions is None:
        return f"write {LESIONS} in plan.yaml, of cases that have any"
    each, effect, said = lesions

    def size(expected: float) -> Size:
        return sizing_interval.lasting(
            proportions.wilson_limits,
            expected=expected,
            goal=of.bound,
            power=of.plan.power,
            level=level,
        )

    def cases(size: Size) -> int:
        return ceil(ceil(size.n * effect - 1e-9) / each - 1e-9)

    return _By(size=size, cases=cases, said=f"Wilson's interval on effective lesions; {said}")


def dispersion_of(of: Asked) -> tuple[float, float, str] | str:
    """Variance of a case's number of marks by its mean, how many cases count as one, who says so.

    What to write, where nobody does.
    """
    sd, seen, expected = of.plan.spread.get(of.metric), of.seen, of.expected or 0.0
    if not expected > 0:
        return "no mark at all is expected, and a number without any has no spread"
    effect = 1.0
    if sd is not None:
        (effect, patients), dispersion = _patients(of), sd**2 / expected
        said = f"standard deviation {sd:g} of a case's number, by plan.yaml; {patients}"
    elif seen is not None and seen.estimate.se and seen.estimate.value > 0:
        dispersion = seen.estimate.se**2 * seen.estimate.n / seen.estimate.value
        said = "as in " + seen.study
    else:
        return (
            f"write `spread: {{{of.metric.value}: ..}}` in plan.yaml, the standard deviation of a "
            f"case's number: {expected**0.5:.2f} where marks fall as by chance (Poisson), more if "
            "not"
        )
    least = max(dispersion, 1.0)
    told = f"variance {least:.2f} times the mean" + ("" if dispersion >= 1 else " (no less)")
    return least, effect, f"{told}, {said}"


def area_variance(of: Asked) -> tuple[float, str] | str:
    """Variance of a wAFROC times the cases of each class, and who says so; what to write, if none.

    Raises
    ------
    ValueError
        A wAFROC that its marks leave out of reach.
    """
    lesions, marks, seen = of.plan.lesions, of.plan.marks, of.seen
    if lesions is not None and marks is not None:
        model = search_model.of_wafroc(of.expected or 0.0, **marks.model_dump())
        counts = search_model.lesion_counts(lesions.per_case)
        parts = search_model.placement_variances(model, counts, lesions.correlation)
        effect, patients = _patients(of)
        said = f"{_marked(marks)}; {_alike(lesions)}, by plan.yaml; {patients}"
        return sum(parts) * effect, said
    if seen is None or not seen.estimate.se or not seen.measured.fewest:
        lacks = [LESIONS] if lesions is None else []
        lacks += [MARKS] if marks is None else []
        return f"write {' and '.join(lacks)} in plan.yaml, of all that the device marks"
    of_each = 1 / seen.measured.n_diseased + 1 / seen.measured.n_healthy
    return 2 * seen.estimate.se**2 / of_each, f"variance as in {seen.study}"


def _false(of: Asked, level: float) -> _By | str:
    """False marks a case: by t on the log scale, their spread declared or as a study shows it."""
    spread = dispersion_of(of)
    if isinstance(spread, str):
        return spread
    dispersion, effect, said = spread

    def size(value: float) -> Size:
        return sizing_marks.false_marks(
            expected=value, goal=of.bound, dispersion=dispersion, power=of.plan.power, level=level
        )

    return _By(size=size, cases=lambda size: ceil(size.n * effect - 1e-9), said=said)


def _area(of: Asked, level: float) -> _By | str:
    """The wAFROC: by the search model of what is marked, else as variable as a study shows it."""
    try:
        found = area_variance(of)
    except ValueError as error:
        return str(error)
    if isinstance(found, str):
        return found
    variance, said = found
    told = f"as many healthy cases as with lesions; {said}"
    if of.plan.lesions is not None and of.plan.marks is not None:
        return _by_model(of, level, of.plan.lesions, of.plan.marks, told)

    def size(expected: float) -> Size:
        return sizing_wafroc.by_variance(
            expected=expected,
            goal=of.bound,
            variance=variance,
            power=of.plan.power,
            level=level,
        )

    return _By(size=size, cases=lambda size: size.n, said=told)


def _by_model(of: Asked, level: float, lesions: Lesions, marks: Marks, said: str) -> _By:
    effect, _ = _patients(of)

    def size(expected: float) -> Size:
        return sizing_wafroc.one(
            expected=expected,
            goal=of.bound,
            marks=marks.false_marks,
            found=marks.found,
            lesions=lesions.per_case,
            correlation=lesions.correlation,
            power=of.plan.power,
            level=level,
        )

    return _By(size=size, cases=lambda size: ceil(size.n * effect - 1e-9), said=said)


def _patients(of: Asked) -> tuple[float, str]:
    """How many cases count as one by `clusters` of the plan, and in words."""
    if of.plan.clusters is None:
        return 1.0, "one case a patient"
    return design(of).effect, design(of).said


def _marked(marks: Marks) -> str:
    """`0.5 false marks a case, 0.85 of lesions marked`."""
    return f"{marks.false_marks:g} false marks a case, {marks.found:g} of lesions marked"


def _alike(lesions: Lesions) -> str:
    return f"{lesions.per_case:g} lesions a case, correlated by {lesions.correlation:g}"


_BY: dict[MetricName, Callable[[Asked, float], _By | str]] = {
    MetricName.LESION_SENSITIVITY: _found,
    MetricName.FALSE_MARKS_PER_CASE: _false,
    MetricName.WAFROC: _area,
}


def _counted(metric: MetricName, n: int) -> Counts:
    """The classes that `n` cases are of; a wAFROC takes as many of each."""
    match metric:
        case MetricName.LESION_SENSITIVITY:
            return Counts(diseased=n)
        case MetricName.FALSE_MARKS_PER_CASE:
            return Counts(mixed=n)
        case _:
            return Counts(diseased=n, healthy=n)
