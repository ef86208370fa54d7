"""Agreement between readers, without the device and with it: Fleiss's kappa of their decisions."""

import numpy as np

from defensible.evidence.reader_finding import ReaderFigure
from defensible.evidence.readings import AIDED, UNAIDED, Readings
from defensible.statistics import agreement
from defensible.statistics.estimate import Estimate

METRIC = "agreement"


def figure(of: Readings, level: float) -> tuple[ReaderFigure, ...]:
    """Kappa in each condition; nothing without decisions, or where patients have several cases."""
    if of.decision is None or of.n_repeated:
        return ()
    unaided, aided = (_kappa(of, condition, level) for condition in (UNAIDED, AIDED))
    if unaided is None and aided is None:
        return ()
    return (
        ReaderFigure(metric=METRIC, reader=None, unaided=unaided, aided=aided, difference=None),
    )


def _kappa(of: Readings, condition: int, level: float) -> Estimate | None:
    assert of.decision is not None  # noqa: S101 - asked above
    read = of.read[condition]
    ratings = np.where(read, of.decision[condition].astype(np.float64), np.nan).T
    try:
        return agreement.fleiss(ratings, level=level)
    except ValueError:
        return None  # all decisions alike, or no case read twice: kappa is undefined
