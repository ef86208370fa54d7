"""Where the variances of a reader study come from: a study in the dossier, else conjectured."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from defensible.assessment.planning import reader_fixed
from defensible.assessment.planning.asked import Asked
from defensible.assessment.planning.localization import LESIONS
from defensible.assessment.planning.reader_plan import ReaderPlan
from defensible.assessment.result import Assessment
from defensible.dossier.claims import MetricName
from defensible.evidence.by_condition import compared
from defensible.evidence.finding import StudyResult
from defensible.evidence.reader_agreement import COEFFICIENTS
from defensible.evidence.reader_differences import FIGURES
from defensible.statistics import (
    reader_agreement,
    search_model,
    sizing_auc,
    sizing_froc,
    sizing_readers,
)
from defensible.statistics.search_model import Search
from defensible.statistics.sizing_mrmc import Pilot

NO_PILOT = "no reader study here is its pilot"
_UNAIDED = {
    "auc": MetricName.AUC,
    "sensitivity": MetricName.SENSITIVITY,
    "specificity": MetricName.SPECIFICITY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the variances come from, and how its cases divide into classes."""

    of: Callable[[int], Pilot]
    """The components for so many readers."""
    diseased: float
    healthy: float
    """Diseased and healthy cases for each case that the sizes count."""
    said: str


def variances(assessment: Assessment, of: Asked, plan: ReaderPlan) -> Source | str:
    """The variances; what to write, where nothing gives them."""
    no_pilot = NO_PILOT
    for result in assessment.results:
        if result.readers is None:
            continue
        if why := reader_fixed.unlike(assessment, plan, result.study):
            no_pilot = why
        elif (found := _pilot(of, result)) is not None:
            return found
    figure = FIGURES[of.metric]
    if figure == "wafroc":
        return _of_marks(of, no_pilot)
    if figure not in _UNAIDED:
        return without_pilot(of)
    unaided = of.plan.readers.unaided.get(_UNAIDED[figure])
    if unaided is None:
        return (
            f"{no_pilot}: write `readers: {{unaided: {{{figure}: ..}}}}` in plan.yaml, the mean of "
            "readers without the device"
        )
    middle = unaided + (of.expected or 0.0) / 2
    if not 0 < middle < 1:
        return f"{figure} {unaided:g} and a change of {of.expected:g} leave the range of a figure"
    area = figure == "auc"
    unit = sizing_auc.obuchowski_variance(middle) if area else middle * (1 - middle)
    variability = of.plan.readers.variability.value
    return Source(
        of=lambda n_readers: sizing_readers.conjectured(
            variability=variability, n_readers=n_readers, unit_variance=unit
        ),
        diseased=1.0 if figure != "specificity" else 0.0,
        healthy=1.0 if figure != "sensitivity" else 0.0,
        said=f"{no_pilot}: {_as_published(variability)}, {figure} {unaided:g} unaided by plan.yaml",
    )


def _as_published(variability: str) -> str:
    within, between = sizing_readers.RANGES[variability]
    return (
        f"{variability} differences of readers as published (range {between:g} "
        f"between readers, {within:g} within; correlations {sizing_readers.SAME_READER:g} and "
        f"{sizing_readers.OTHER_READER:g})"
    )


def effect(of: Asked) -> Asked:
    """The endpoint with what is expected; of a wAFROC from the change of the AUC, if that is known.

    The conversion is that of the search model (`sizing_froc`).

    Raises
    ------
    ValueError
        What the conversion rests on is not in the plan, or out of reach.
    """
    area = of.plan.expected.get(MetricName.AUC_DIFFERENCE)
    if of.metric is not MetricName.WAFROC_DIFFERENCE or of.expected is not None or area is None:
        return of
    models = _models(of, area=area)
    if isinstance(models, str):
        why = f"auc_difference {area:g} can be converted: {models}"
        raise ValueError(why)  # noqa: TRY004 - what the plan lacks
    change = search_model.wafroc(models[1]) - search_model.wafroc(models[0])
    return replace(
        of,
        expected=round(change, 6),
        source=f"auc_difference {area:g} of plan.yaml, by the search model",
    )


def _of_marks(of: Asked, no_pilot: str) -> Source | str:
    """The variances of a wAFROC by the search model of what readers mark."""
    lesions, readers = of.plan.lesions, of.plan.readers
    try:
        models = _models(of)
        if isinstance(models, str) or lesions is None:
            return f"{no_pilot}: {models}"
        conjecture = sizing_froc.conjecture(
            *models, lesions=lesions.per_case, correlation=lesions.correlation
        )
    except ValueError as error:
        return f"{no_pilot}, and {error}"
    variability = readers.variability.value
    said = (
        f"{no_pilot}: {_as_published(variability)}, of AUCs, {conjecture.per_auc:.2f} times as "
        "wide of wAFROCs; search model of plan.yaml: wAFROC "
        f"{search_model.wafroc(models[0]):.3f} unaided, {_told(models[0])}; {_told(models[1])} "
        f"aided; {lesions.per_case:g} lesions a case, "
        f"correlated by {lesions.correlation:g}"
    )
    return Source(
        of=lambda n_readers: conjecture.pilot(n_readers, variability),
        diseased=1.0,
        healthy=1.0,
        said=said,
    )


def _told(of: Search) -> str:
    """What a reader marks."""
    return f"{of.false_marks:g} false marks a case and {of.found:g} of lesions marked"


def _models(of: Asked, *, area: float | None = None) -> tuple[Search, Search] | str:
    """Readers without the device and with it; what to write, where the plan does not say.

    Raises
    ------
    ValueError
        A figure that the marks leave out of reach.
    """
    lesions, readers = of.plan.lesions, of.plan.readers
    figure = readers.unaided.get(MetricName.WAFROC)
    unaided_area = readers.unaided.get(MetricName.AUC)
    marks = readers.marks
    if lesions is None or marks is None or (figure is None and unaided_area is None):
        lacks = [] if figure or unaided_area else ["`readers: {unaided: {wafroc: ..}}` (or auc)"]
        lacks += [] if marks else ["`readers: {marks: {false_marks: .., found: ..}}`"]
        lacks += [] if lesions else [LESIONS]
        return f"write {', '.join(lacks)} in plan.yaml"
    counts = search_model.lesion_counts(lesions.per_case)
    without, aided = marks.model_dump(), (readers.aided_marks or marks).model_dump()
    if figure is not None:
        before = search_model.of_wafroc(figure, **without)
    else:
        before = search_model.of_auc(unaided_area or 0.0, counts, **without)
    if area is not None:
        return before, search_model.of_auc(search_model.auc(before, counts) + area, counts, **aided)
    change = search_model.wafroc(before) + (of.expected or 0.0)
    return before, search_model.of_wafroc(change, **aided)


def without_pilot(of: Asked) -> str:
    """What to do where no study has shown how variable a figure is."""
    why = f"its variance is known from a pilot alone: measure {of.metric.value} in a reader study"
    if of.metric not in COEFFICIENTS:
        return why
    alone = "icc" if COEFFICIENTS[of.metric] is reader_agreement.ICC else "kappa"
    return f"{why} (`defensible stats size {alone}` is of raters who are all there are)"


def _pilot(of: Asked, result: StudyResult) -> Source | None:
    """A reader study of the dossier as the pilot of the next; None where it cannot be one."""
    if result.readers is None:
        return None
    name = FIGURES[of.metric]
    side = compared(result, of.condition, of.against)
    figures = [one for one in side.figures if one.metric == name] if side else []
    average = next((one.difference for one in figures if one.reader is None), None)
    own = [
        (one.unaided.value, one.aided.value, one.difference.se**2)
        for one in figures
        if one.reader is not None and one.unaided and one.aided
        if one.difference is not None and one.difference.se
    ]
    measured = side.measurement(of.metric) if side else None
    if average is None or not average.se or len(own) < 2 or measured is None:
        return None
    classes = {"sensitivity": (1.0, 0.0), "specificity": (0.0, 1.0)}
    share = measured.n_diseased / measured.n_cases if measured.n_cases else 0.5
    diseased, healthy = classes.get(name, (share, 1 - share))
    try:
        pilot = sizing_readers.from_figures(
            [one[0] for one in own],
            [one[1] for one in own],
            variances=[one[2] for one in own],
            variance=average.se**2,
            n_cases=average.n,
        )
    except ValueError:
        return None
    return Source(
        of=lambda _: pilot,
        diseased=diseased,
        healthy=healthy,
        said=f"variances of {result.study} as pilot ({len(own)} readers, {average.n:,} cases)",
    )
