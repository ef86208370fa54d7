"""What pictures of a reader study are drawn from: curves and reading times of a condition."""

import numpy as np

from defensible.evidence.device_finding import DeviceCurve
from defensible.evidence.reader_finding import ReaderCurve, ReadingTimes
from defensible.evidence.readings import UNAIDED, Readings
from defensible.statistics import afroc_curve, figures_of_merit, froc
from defensible.statistics.arrays import Floats

_GRID = np.linspace(0, 1, 51)
_MOST_READERS = 30
"""Most readers whose own curves are kept."""


def curves(of: Readings, condition: int) -> tuple[ReaderCurve, ...]:
    """Each reader's ROC curve in a condition, then their average: sensitivities at a rate."""
    if of.rating is None:
        return ()
    heights = []
    for index, reader in enumerate(of.readers):
        seen = of.read[condition, index]
        truth = of.truth[seen]
        if truth.all() or not truth.any():
            continue
        points = figures_of_merit.roc_points(truth, of.rating[condition, index][seen])
        heights.append((reader, _height(*points)))
    return _curves(heights, condition)


def wafroc_curves(of: Readings, condition: int) -> tuple[ReaderCurve, ...]:
    """Each reader's curve of marks, then their average: lesions found at a rate of false marks."""
    if of.marks is None:
        return ()
    heights = []
    for reader in of.readers:
        name = of.marks.modalities[condition]
        try:
            points = afroc_curve.points(of.marks, froc.WAFROC, name, reader)
        except ValueError:
            return ()  # fewer than two cases of a class: no figure has such marks either
        heights.append((reader, _height(*points)))
    return _curves(heights, condition)


def times(of: Readings, condition: int) -> tuple[ReadingTimes, ...]:
    """Quantiles of the reading time in a condition; nothing where no reading has one."""
    if of.time_s is None:
        return ()
    seconds = of.time_s[condition][of.read[condition]]
    if not seconds.size:
        return ()
    cuts = [float(one) for one in np.quantile(seconds, [0, 0.25, 0.5, 0.75, 1])]
    found = ReadingTimes(
        aided=condition != UNAIDED,
        n=int(seconds.size),
        lowest=cuts[0],
        quarter=cuts[1],
        median=cuts[2],
        three_quarters=cuts[3],
        highest=cuts[4],
    )
    return (found,)


def _curves(heights: list[tuple[str, Floats]], condition: int) -> tuple[ReaderCurve, ...]:
    own = [_curve(reader, condition, height) for reader, height in heights[:_MOST_READERS]]
    if not heights:
        return ()
    mean = np.mean([height for _, height in heights], axis=0)
    return (*own, _curve(None, condition, mean))


def of_device(of: Readings) -> DeviceCurve | None:
    """The device's own curve on the cases that an unaided reader read; None without a score."""
    seen = of.read[UNAIDED].any(axis=0)
    truth = of.truth[seen]
    if of.device_score is None or truth.all() or not truth.any():
        return None
    height = _height(*figures_of_merit.roc_points(truth, of.device_score[seen]))
    at = None
    if of.device is not None:
        called = of.device[seen]
        at = (float(called[~truth].mean()), float(called[truth].mean()))
    drawn = _curve(None, UNAIDED, height)
    return DeviceCurve(
        false_positive_rate=drawn.false_positive_rate,
        sensitivity=drawn.sensitivity,
        operating_point=at,
    )


def _height(x: Floats, y: Floats) -> Floats:
    """The curve at the grid; at a rate where it rises, its highest point."""
    rate, last = np.unique(x[::-1], return_index=True)
    return np.asarray(np.interp(_GRID, rate, y[::-1][last]))


def _curve(reader: str | None, condition: int, height: Floats) -> ReaderCurve:
    return ReaderCurve(
        reader=reader,
        aided=condition != UNAIDED,
        false_positive_rate=(0.0, *(round(float(one), 4) for one in _GRID)),
        sensitivity=(0.0, *(round(float(one), 6) for one in height)),
    )
