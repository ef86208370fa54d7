"""The empirical ROC curve of a study with its operating point, laid out as a figure."""

from dataclasses import dataclass

from defensible.documents import numbers
from defensible.documents.figures import Scale
from defensible.documents.words import short
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import StudyResult

WIDTH, HEIGHT = 344, 352
LEFT, RIGHT, TOP, BOTTOM = 48, 334, 10, 296


@dataclass(frozen=True, slots=True, kw_only=True)
class Roc:
    """The figure: a path, the operating point if there is one, and two scales."""

    title: str
    about: str
    path: str
    point: tuple[float, float] | None
    point_words: str
    area: str
    across: Scale
    up: Scale
    across_words: str = "1 \N{MINUS SIGN} specificity"
    up_words: str = "Sensitivity"
    dashed: str = f"M{LEFT} {BOTTOM}L{RIGHT} {TOP}"
    """A path beside the curve; none where it is empty."""
    dashed_words: str = "Dashed: chance."
    spread: str = ""
    """The intervals of the operating point, as a path."""
    table_heads: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    """Points of the curve in words, where the figure has a table."""


def roc(result: StudyResult) -> Roc | None:
    """The figure of a study's curve; None where it has none."""
    curve = result.curve
    if curve is None:
        return None
    across = Scale(low=0, high=1, start=LEFT, end=RIGHT)
    up = Scale(low=0, high=1, start=BOTTOM, end=TOP)
    steps = [
        f"{across.at(x)},{up.at(y)}"
        for x, y in zip(curve.false_positive_rate, curve.sensitivity, strict=True)
    ]
    at = curve.operating_point
    words = (
        f"Operating point: sensitivity {numbers.proportion(at[1])}, "
        f"specificity {numbers.proportion(1 - at[0])}"
        if at
        else "No operating point"
    )
    measured = result.measurement(MetricName.AUC)
    estimate = measured.estimate if measured else None
    area = f"AUC {numbers.figure(estimate)}" if estimate else ""
    return Roc(
        title=f"ROC curve of {short(result.study, 60)}",
        about=f"{area + '. ' if area else ''}{words}.",
        path=f"M{' L'.join(steps)}",
        point=(across.at(at[0]), up.at(at[1])) if at else None,
        point_words=words,
        area=area,
        across=across,
        up=up,
    )
