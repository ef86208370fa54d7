"""What pictures of a reader study are drawn from: ROC curves and reading times."""

import numpy as np

from defensible.evidence.device_finding import DeviceCurve
from defensible.evidence.reader_finding import ReaderCurve, ReadingTimes
from defensible.evidence.readings import AIDED, UNAIDED, Readings
from defensible.statistics import figures_of_merit
from defensible.statistics.arrays import Floats

_GRID = np.linspace(0, 1, 51)
_MOST_READERS = 30
"""Most readers whose own curves are kept."""


def curves(of: Readings) -> tuple[ReaderCurve, ...]:
    """Each reader's curve in each condition, then their average: sensitivities at a rate."""
    if of.rating is None:
        return ()
    found = []
    for condition in (UNAIDED, AIDED)[: len(of.conditions)]:
        heights = []
        for index, reader in enumerate(of.readers):
            seen = of.read[condition, index]
            truth = of.truth[seen]
            if truth.all() or not truth.any():
                continue
            points = figures_of_merit.roc_points(truth, of.rating[condition, index][seen])
            heights.append(_height(*points))
            if index < _MOST_READERS:
                found.append(_curve(reader, condition, heights[-1]))
        if heights:
            found.append(_curve(None, condition, np.mean(heights, axis=0)))
    return tuple(found)


def times(of: Readings) -> tuple[ReadingTimes, ...]:
    """Quantiles of the reading time in each condition."""
    if of.time_s is None:
        return ()
    found = []
    for condition in (UNAIDED, AIDED)[: len(of.conditions)]:
        seconds = of.time_s[condition][of.read[condition]]
        if seconds.size:
            cuts = [float(one) for one in np.quantile(seconds, [0, 0.25, 0.5, 0.75, 1])]
            found.append(
                ReadingTimes(
                    aided=condition == AIDED,
                    n=int(seconds.size),
                    lowest=cuts[0],
                    quarter=cuts[1],
                    median=cuts[2],
                    three_quarters=cuts[3],
                    highest=cuts[4],
                )
            )
    return tuple(found)


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
        aided=condition == AIDED,
        false_positive_rate=(0.0, *(round(float(one), 4) for one in _GRID)),
        sensitivity=(0.0, *(round(float(one), 6) for one in height)),
    )
