"""FROC and wAFROC curves of a device's marks, with the operating point, laid out as figures."""

from defensible.documents import numbers
from defensible.documents.figures import Scale, numbers_up_to
from defensible.documents.roc import BOTTOM, LEFT, RIGHT, TOP, Roc
from defensible.documents.words import short
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import StudyResult
from defensible.evidence.localization_finding import MarkCurve
from defensible.statistics.estimate import Estimate

MOST_ROWS = 12
"""Points of the curve that its table has."""


def curves(result: StudyResult) -> tuple[Roc, ...]:
    """Both figures of a study of marks; none where marks have no score."""
    found = result.localization
    if found is None:
        return ()
    made = []
    if found.froc is not None:
        made.append(_froc(result, found.froc))
    if found.wafroc is not None:
        made.append(_wafroc(result, found.wafroc))
    return tuple(made)


def _froc(result: StudyResult, curve: MarkCurve) -> Roc:
    lesions = _estimate(result, MetricName.LESION_SENSITIVITY)
    false = _estimate(result, MetricName.FALSE_MARKS_PER_CASE)
    shown = curve.operating_point is not None and lesions is not None and false is not None
    most = max(curve.across[-1], false.high if shown and false is not None else 0.0)
    across = numbers_up_to(most, start=LEFT, end=RIGHT)
    up = Scale(low=0, high=1, start=BOTTOM, end=TOP)
    words, spread = "No operating point", ""
    if shown and lesions is not None and false is not None:
        words = (
            f"Operating point: {numbers.figure(lesions)} of lesions found, "
            f"{numbers.figure(false)} false marks a case"
        )
        x, y = across.at(false.value), up.at(lesions.value)
        spread = (
            f"M{across.at(false.low)} {y}H{across.at(false.high)}"
            f"M{x} {up.at(lesions.low)}V{up.at(lesions.high)}"
        )
    return Roc(
        title=f"FROC curve of {short(result.study, 60)}",
        about=f"{words}. {_rise(curve)}",
        path=_path(curve, across, up),
        point=_point(curve, across, up),
        point_words=words,
        area="",
        across=across,
        up=up,
        across_words="False marks a case",
        up_words="Lesions found",
        dashed="",
        dashed_words="The cross is its two intervals." if spread else "",
        spread=spread,
        table_heads=("Score", "False marks", "Lesions"),
        table=_rows(curve),
    )


def _wafroc(result: StudyResult, curve: MarkCurve) -> Roc:
    across = Scale(low=0, high=1, start=LEFT, end=RIGHT)
    up = Scale(low=0, high=1, start=BOTTOM, end=TOP)
    at, area = curve.operating_point, _estimate(result, MetricName.WAFROC)
    words = (
        f"Operating point: {numbers.proportion(at[0])} of healthy cases with a false mark, "
        f"{numbers.proportion(at[1])} of lesions by weight found"
        if at
        else "No operating point"
    )
    told = f"wAFROC {numbers.figure(area)}" if area else ""
    return Roc(
        title=f"wAFROC curve of {short(result.study, 60)}",
        about=f"{told + '. ' if told else ''}{words}.",
        path=_path(curve, across, up),
        point=_point(curve, across, up),
        point_words=words,
        area=told,
        across=across,
        up=up,
        across_words="Healthy cases with a false mark",
        up_words="Lesions found, by weight",
        dashed=f"M{across.at(curve.across[-1])} {up.at(curve.up[-1])}L{RIGHT} {TOP}",
        dashed_words="Dashed: to what nothing marked, of which half counts.",
        table_heads=("Score", "Healthy cases", "Lesions"),
        table=_rows(curve),
    )


def _estimate(result: StudyResult, metric: MetricName) -> Estimate | None:
    measured = result.measurement(metric)
    return measured.estimate if measured else None


def _path(curve: MarkCurve, across: Scale, up: Scale) -> str:
    steps = [f"{across.at(x)},{up.at(y)}" for x, y in zip(curve.across, curve.up, strict=True)]
    return f"M{' L'.join(dict.fromkeys(steps))}"


def _point(curve: MarkCurve, across: Scale, up: Scale) -> tuple[float, float] | None:
    at = curve.operating_point
    return (across.at(at[0]), up.at(at[1])) if at else None


def _rise(curve: MarkCurve) -> str:
    """Where the curve ends: what the lowest score written gives."""
    return (
        f"With every mark: {numbers.proportion(curve.up[-1])} of lesions, "
        f"{numbers.proportion(curve.across[-1])} false marks a case."
    )


def _rows(curve: MarkCurve) -> tuple[tuple[str, ...], ...]:
    """Points spread along the curve, with their scores."""
    marked = [
        (score, x, y)
        for score, x, y in zip(curve.threshold, curve.across, curve.up, strict=True)
        if score is not None
    ]
    if not marked:
        return ()
    at = sorted({round(one * (len(marked) - 1) / (MOST_ROWS - 1)) for one in range(MOST_ROWS)})
    return tuple(
        (f"{score:g}", numbers.proportion(x), numbers.proportion(y))
        for score, x, y in (marked[one] for one in at)
    )
