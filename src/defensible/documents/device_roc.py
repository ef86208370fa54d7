"""ROC curves of the device alone and of unaided readers, in one figure."""

from dataclasses import dataclass

from defensible.documents import device_words
from defensible.documents.figures import Scale
from defensible.documents.roc import BOTTOM, LEFT, RIGHT, TOP
from defensible.documents.words import short
from defensible.evidence.finding import StudyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRoc:
    """The figure: readers thin, their average thick, the device over them."""

    title: str
    about: str
    readers: tuple[str, ...]
    average: str | None
    device: str
    point: tuple[float, float] | None
    """The operating point of the device; None without a rule for its calls."""
    across: Scale
    up: Scale


def device_roc(result: StudyResult) -> DeviceRoc | None:
    """The figure of a study; None where no score of the device is held against readers."""
    found, readers = result.against_readers, result.readers
    if found is None or found.curve is None or readers is None:
        return None
    across = Scale(low=0, high=1, start=LEFT, end=RIGHT)
    up = Scale(low=0, high=1, start=BOTTOM, end=TOP)

    def path(rates: tuple[float, ...], heights: tuple[float, ...]) -> str:
        steps = [f"{across.at(x)},{up.at(y)}" for x, y in zip(rates, heights, strict=True)]
        return f"M{' L'.join(steps)}"

    drawn = [
        (one.reader, path(one.false_positive_rate, one.sensitivity))
        for one in readers.curves
        if not one.aided
    ]
    area = next((one for one in found.figures if one.metric == "auc"), None)
    said = "" if area is None else f"Device {device_words.figure(area.device)}"
    if area is not None and area.readers is not None:
        said += f"; average reader {device_words.figure(area.readers)}"
    at = found.curve.operating_point
    return DeviceRoc(
        title=f"ROC curves of the device alone and of readers, {short(result.study, 40)}",
        about=f"AUC: {said}." if said else "Sensitivities at each rate.",
        readers=tuple(one for reader, one in drawn if reader is not None),
        average=next((one for reader, one in drawn if reader is None), None),
        device=path(found.curve.false_positive_rate, found.curve.sensitivity),
        point=None if at is None else (across.at(at[0]), up.at(at[1])),
        across=across,
        up=up,
    )
