"""ROC curves of a reader study: each reader and their average, without the device and with it."""

from dataclasses import dataclass

from defensible.documents import numbers
from defensible.documents.figures import Scale
from defensible.documents.roc import BOTTOM, LEFT, RIGHT, TOP
from defensible.documents.words import short
from defensible.evidence.finding import StudyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One curve."""

    path: str
    aided: bool
    average: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRoc:
    """The figure; averages come last, so that they lie above the readers."""

    title: str
    about: str
    lines: tuple[Line, ...]
    across: Scale
    up: Scale


def reader_roc(result: StudyResult) -> ReaderRoc | None:
    """The figure of a study's readers; None where they gave no ratings."""
    found = result.readers
    if found is None or not found.curves or _with_device(result):
        return None
    across = Scale(low=0, high=1, start=LEFT, end=RIGHT)
    up = Scale(low=0, high=1, start=BOTTOM, end=TOP)
    lines = []
    for one in sorted(found.curves, key=lambda curve: curve.reader is None):
        steps = [
            f"{across.at(x)},{up.at(y)}"
            for x, y in zip(one.false_positive_rate, one.sensitivity, strict=True)
        ]
        lines.append(Line(path=f"M{' L'.join(steps)}", aided=one.aided, average=one.reader is None))
    mean = next((one for one in found.figures if (one.metric, one.reader) == ("auc", None)), None)
    said = (
        [
            f"average AUC {word} {numbers.figure(estimate)}"
            for word, estimate in (("unaided", mean.unaided), ("aided", mean.aided))
            if estimate is not None
        ]
        if mean is not None
        else []
    )
    return ReaderRoc(
        title=f"ROC curves of the readers of {short(result.study, 40)}",
        about=f"The {'; the '.join(said)}." if said else "Sensitivities averaged at each rate.",
        lines=tuple(lines),
        across=across,
        up=up,
    )


def _with_device(result: StudyResult) -> bool:
    """Whether the readers, in their one condition, are drawn with the device (`device_roc`)."""
    one = result.readers is not None and len(result.readers.conditions) == 1
    return one and result.against_readers is not None and result.against_readers.curve is not None
