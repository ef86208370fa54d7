"""Operating points of a score: at a threshold, or chosen on the cases at hand.

A case is positive where its score is at or above the threshold. A point chosen on the same cases on
which its sensitivity and specificity are then given flatters both; `Caution.SAME_CASES` says so.
Only cases that had no part in the choice show what the point does.
"""

from dataclasses import dataclass, replace

import numpy as np

from defensible.statistics.arrays import Bools, Floats, bools, finite_floats, same_length
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.proportions import wilson
from defensible.statistics.roc import Curve, curve


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """Sensitivity and specificity at one threshold, each with Wilson's interval.

    Attributes
    ----------
    threshold : float
        Positive at or above it; infinity where no case is positive.
    sensitivity, specificity : Estimate
        At the threshold; `n` diseased and `n` healthy cases.
    choice : str
        How the point was chosen.
    """

    threshold: float
    sensitivity: Estimate
    specificity: Estimate
    choice: str


def at_threshold(
    truth: Bools, scores: Floats, *, threshold: float, level: float = 0.95
) -> OperatingPoint:
    """Operating point at a threshold that was set beforehand.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard. One or more of each.
    scores : float array, shape (n_cases,)
        Device output, higher is more suspicious. Finite.
    threshold : float
        Positive at or above it.
    level : float in (0, 1)
        Confidence level of either interval.

    Raises
    ------
    ValueError
        Lengths differ, a score is not finite, a class is missing, the threshold is NaN.
    """
    present, values = bools("truth", truth), finite_floats("scores", scores)
    same_length(truth=present, scores=values)
    if np.isnan(threshold):
        raise ValueError("threshold must be a number; nan found")
    positive = values >= threshold
    n_diseased = int(np.count_nonzero(present))
    for word, found in (("diseased", n_diseased), ("healthy", present.size - n_diseased)):
        if found == 0:
            raise ValueError(f"truth must hold 1 or more {word} cases; 0 found")
    tp = int(np.count_nonzero(positive & present))
    tn = int(np.count_nonzero(~positive & ~present))
    return OperatingPoint(
        threshold=float(threshold),
        sensitivity=wilson(tp, n_diseased, level=level),
        specificity=wilson(tn, present.size - n_diseased, level=level),
        choice="threshold set beforehand",
    )


def youden(truth: Bools, scores: Floats, *, level: float = 0.95) -> OperatingPoint:
    """Operating point with the largest Youden index, sensitivity + specificity - 1.

    Of equal points the one with the higher specificity. Parameters and errors as in `at_threshold`.

    References
    ----------
    Youden. Cancer 1950;3:32-35.
    """
    points = curve(truth, scores)
    best = _first_largest(points.sensitivity + points.specificity)
    return _chosen(points, best, truth, scores, level, "largest Youden index")


def closest_to_corner(truth: Bools, scores: Floats, *, level: float = 0.95) -> OperatingPoint:
    """Operating point closest to sensitivity 1 and specificity 1.

    Of equal points the one with the higher specificity. Parameters and errors as in `at_threshold`.
    """
    points = curve(truth, scores)
    best = _first_largest(-((1 - points.sensitivity) ** 2 + (1 - points.specificity) ** 2))
    return _chosen(points, best, truth, scores, level, "closest to sensitivity 1, specificity 1")


def at_sensitivity(
    truth: Bools, scores: Floats, *, at_least: float, level: float = 0.95
) -> OperatingPoint:
    """Operating point with the highest threshold whose sensitivity reaches a share.

    Parameters and errors as in `at_threshold`; `at_least` lies in [0, 1].
    """
    _share(at_least)
    points = curve(truth, scores)
    best = int(np.argmax(points.sensitivity >= at_least - _ROUNDING))
    return _chosen(points, best, truth, scores, level, f"sensitivity at least {at_least:g}")


def at_specificity(
    truth: Bools, scores: Floats, *, at_least: float, level: float = 0.95
) -> OperatingPoint:
    """Operating point with the lowest threshold whose specificity reaches a share.

    Parameters and errors as in `at_threshold`; `at_least` lies in [0, 1].
    """
    _share(at_least)
    points = curve(truth, scores)
    best = int(np.flatnonzero(points.specificity >= at_least - _ROUNDING)[-1])
    return _chosen(points, best, truth, scores, level, f"specificity at least {at_least:g}")


_ROUNDING = 1e-12  # 0.9 of 10 cases is 9 of them, whatever binary fractions make of it


def _share(at_least: float) -> None:
    if not 0 <= at_least <= 1:
        raise ValueError(f"at_least must lie between 0 and 1; {at_least} found")


def _first_largest(values: Floats) -> int:
    return int(np.argmax(values >= values.max() - _ROUNDING))


def _chosen(
    points: Curve, best: int, truth: Bools, scores: Floats, level: float, choice: str
) -> OperatingPoint:
    point = at_threshold(truth, scores, threshold=float(points.thresholds[best]), level=level)
    return OperatingPoint(
        threshold=point.threshold,
        sensitivity=_on_same_cases(point.sensitivity),
        specificity=_on_same_cases(point.specificity),
        choice=f"{choice}, on these cases",
    )


def _on_same_cases(estimate: Estimate) -> Estimate:
    return replace(estimate, cautions=(*estimate.cautions, Caution.SAME_CASES))
