"""A band that holds the whole ROC curve at once, with no assumption on the scores."""

import math
from dataclasses import dataclass

import numpy as np

from defensible.statistics.arrays import Bools, Floats, confidence_level
from defensible.statistics.roc import curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Simultaneous limits of sensitivity along the axis of specificity.

    Attributes
    ----------
    specificity : float array, shape (n_points,)
        From 1 to 0, where either limit turns.
    low, high : float arrays, shape (n_points,)
        Limits of sensitivity at each; between points they are steps that hold to the right.
    level : float in (0, 1)
        Chance that the true curve lies inside everywhere.
    method : str
        How the band was made.
    n_diseased, n_healthy : int
        Cases of either class.
    """

    specificity: Floats
    low: Floats
    high: Floats
    level: float
    method: str
    n_diseased: int
    n_healthy: int


def fixed_width(truth: Bools, scores: Floats, *, level: float = 0.95) -> Band:
    """Simultaneous band of fixed width around the empirical ROC curve, after Campbell.

    The curve is moved by the widths of the Kolmogorov bands of sensitivity and of specificity, each
    at the square root of the level; widths by the inequality of Dvoretzky, Kiefer and Wolfowitz
    with Massart's constant, which holds at any number of cases. Wide: it is for reading a whole
    curve, a single point has narrower limits in `roc_fixed`.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard. One or more of each.
    scores : float array, shape (n_cases,)
        Device output, higher is more suspicious. Finite.
    level : float in (0, 1)
        Chance that the whole true curve lies inside the band.

    Raises
    ------
    ValueError
        As `roc.curve`; `level` outside (0, 1).

    References
    ----------
    Campbell. Stat Med 1994;13:499-508. Massart. Ann Probab 1990;18:1269-1283.
    """
    each = math.sqrt(confidence_level(level))
    points = curve(truth, scores)
    present = np.asarray(truth, dtype=np.bool_)
    m = int(np.count_nonzero(present))
    n = present.size - m
    up, across = (math.sqrt(math.log(2 / (1 - each)) / (2 * size)) for size in (m, n))
    false_positive = 1 - points.specificity
    turns = np.concatenate([[0.0, 1.0], false_positive - across, false_positive + across])
    at = np.unique(turns[(turns >= 0) & (turns <= 1)])
    return Band(
        specificity=1 - at,
        low=np.clip(_height(at - across, false_positive, points.sensitivity) - up, 0.0, 1.0),
        high=np.clip(_height(at + across, false_positive, points.sensitivity) + up, 0.0, 1.0),
        level=level,
        method="Fixed width, Campbell with Massart's bound",
        n_diseased=m,
        n_healthy=n,
    )


def _height(at: Floats, false_positive: Floats, sensitivity: Floats) -> Floats:
    """Sensitivity of the empirical curve at false-positive rates; 0 before it starts."""
    # A turn computed as rate - width + width may miss its rate by a rounding.
    last = np.searchsorted(false_positive, at + 1e-12, side="right") - 1
    return np.where(last >= 0, sensitivity[np.maximum(last, 0)], 0.0)
