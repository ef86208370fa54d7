"""Curves of a reader study, ROC and of marks: each reader and their average, in each condition.

Two conditions share one panel. With more, each has a panel of its own, and the average of the
unaided one is in all of them, so that each is seen beside it.
"""

from dataclasses import dataclass

from defensible.documents import numbers
from defensible.documents.figures import Scale
from defensible.documents.roc import BOTTOM, LEFT, RIGHT, TOP
from defensible.documents.words import short
from defensible.evidence.by_condition import by_condition
from defensible.evidence.finding import StudyResult
from defensible.evidence.reader_finding import ReaderCurve, ReaderFindings
from defensible.statistics.estimate import Estimate

_FIGURES = {
    "auc": ("ROC", "AUC", "1 − specificity", "Sensitivity"),
    "wafroc": (
        "wAFROC",
        "area under the wAFROC curve",
        "Healthy cases with a false mark",
        "Lesions marked, weighted",
    ),
}
"""Of each figure: its curve, its name in a sentence, and the two axes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One curve."""

    path: str
    aided: bool
    average: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Axes with curves; averages come last, so that they lie above the readers."""

    title: str
    about: str
    legend: str
    lines: tuple[Line, ...]
    across: Scale
    up: Scale
    x_axis: str
    y_axis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """A condition before it is drawn."""

    name: str
    curves: tuple[ReaderCurve, ...]
    mean: Estimate | None


def pictures(result: StudyResult) -> tuple[tuple[Panel, ...], ...]:
    """The panels of each kind of curve that the study's readers gave."""
    found = result.readers
    if found is None:
        return ()
    drawn = []
    for figure in _FIGURES:
        unaided, *others = _sides(result, found, figure)
        if not others and figure == "auc" and _with_device(result):
            continue
        if len(others) < 2:
            drawn.append(_both(result, figure, [unaided, *others]))
        else:
            alone = _panel(result, figure, unaided, None)
            drawn.append((alone, *(_panel(result, figure, one, unaided) for one in others)))
    return tuple(tuple(one for one in panels if one.lines) for panels in drawn if panels[0].lines)


def _sides(result: StudyResult, found: ReaderFindings, figure: str) -> list[_Side]:
    """The unaided condition, then the others in the order of the plan."""
    all_of = found.curves if figure == "auc" else found.wafroc_curves
    means = [
        next((each for each in one.figures if (each.metric, each.reader) == (figure, None)), None)
        for one in by_condition(result)
    ]
    first = _Side(
        name=found.conditions[0],
        curves=tuple(one for one in all_of if not one.aided),
        mean=means[0].unaided if means and means[0] else None,
    )
    others = [
        _Side(
            name=one.condition,
            curves=one.curves if figure == "auc" else one.wafroc_curves,
            mean=mean.aided if mean else None,
        )
        for one, mean in zip(by_condition(result), means, strict=True)
    ]
    return [first, *others]


def _with_device(result: StudyResult) -> bool:
    """Whether the readers of one condition are drawn with the device (`device_roc`)."""
    return result.against_readers is not None and result.against_readers.curve is not None


def _both(result: StudyResult, figure: str, sides: list[_Side]) -> tuple[Panel, ...]:
    """One panel of two conditions, or of one."""
    curve, area, *_ = _FIGURES[figure]
    said = [
        f"average {area} {word} {numbers.figure(one.mean)}"
        for word, one in zip(("unaided", "aided"), sides, strict=False)
        if one.mean is not None
    ]
    panel = _drawn(
        figure,
        tuple(curve for one in sides for curve in one.curves),
        title=f"{curve} curves of the readers of {short(result.study, 40)}",
        about=f"The {'; the '.join(said)}." if said else "Averaged at each rate.",
        legend="Solid: aided; dashed: unaided; thin: each reader; thick: their average.",
    )
    return (panel,)


def _panel(result: StudyResult, figure: str, side: _Side, beside: _Side | None) -> Panel:
    """One condition, with the average of the unaided one beside it."""
    curve, area, *_ = _FIGURES[figure]
    average = tuple(one for one in beside.curves if one.reader is None) if beside else ()
    dashed = f"; dashed: average of {short(beside.name, 30)}" if beside else ""
    return _drawn(
        figure,
        (*average, *side.curves) if side.curves else (),
        title=f"{curve} curves of {short(result.study, 40)}, {short(side.name, 30)}",
        about=f"Average {area} {numbers.figure(side.mean)}."
        if side.mean
        else "Averaged at each rate.",
        legend=f"Thin: each reader; thick: their average{dashed}.",
    )


def _drawn(
    figure: str, curves: tuple[ReaderCurve, ...], *, title: str, about: str, legend: str
) -> Panel:
    *_, x_axis, y_axis = _FIGURES[figure]
    across = Scale(low=0, high=1, start=LEFT, end=RIGHT)
    up = Scale(low=0, high=1, start=BOTTOM, end=TOP)
    lines = []
    for one in sorted(curves, key=lambda curve: curve.reader is None):
        steps = [
            f"{across.at(x)},{up.at(y)}"
            for x, y in zip(one.false_positive_rate, one.sensitivity, strict=True)
        ]
        lines.append(Line(path=f"M{' L'.join(steps)}", aided=one.aided, average=one.reader is None))
    return Panel(
        title=title,
        about=about,
        legend=legend,
        lines=tuple(lines),
        across=across,
        up=up,
        x_axis=x_axis,
        y_axis=y_axis,
    )
