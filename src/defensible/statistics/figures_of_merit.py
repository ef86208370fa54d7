"""Figures of merit of one reader for the jackknife and bootstrap, other than the AUC.

Each function returns a `Figure`: its name with its bounds, the function of (truth, ratings), the
cases it depends on and its range. Curves are empirical, joined by straight lines.
"""

import numpy as np

from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.leave_one_out import Figure, Uses


def sensitivity(threshold: float) -> Figure:
    """Share of diseased cases rated at or above a threshold."""
    return Figure(
        name=f"sensitivity at rating {threshold:g} or above",
        of=lambda truth, ratings: float(np.mean(ratings[truth] >= threshold)),
        uses=Uses.DISEASED,
    )


def specificity(threshold: float) -> Figure:
    """Share of non-diseased cases rated below a threshold."""
    return Figure(
        name=f"specificity at rating {threshold:g} or above",
        of=lambda truth, ratings: float(np.mean(ratings[~truth] < threshold)),
        uses=Uses.HEALTHY,
    )


def sensitivity_at_specificity(specificity_value: float) -> Figure:
    """Height of the ROC curve at a specificity; the top of the curve where it rises upright there.

    Raises `ValueError` if the specificity does not lie between 0 and 1.
    """
    _proportion("specificity_value", specificity_value)

    def height(truth: Bools, ratings: Floats) -> float:
        fpf, tpf = roc_points(truth, ratings)
        return _height(fpf, tpf, 1 - specificity_value)

    return Figure(name=f"sensitivity at specificity {specificity_value:g}", of=height)


def specificity_at_sensitivity(sensitivity_value: float) -> Figure:
    """Specificity of the ROC curve at a sensitivity; the largest where the curve is level there.

    Raises `ValueError` if the sensitivity does not lie between 0 and 1.
    """
    _proportion("sensitivity_value", sensitivity_value)

    def width(truth: Bools, ratings: Floats) -> float:
        fpf, tpf = roc_points(truth, ratings)
        return _height(1 - tpf[::-1], 1 - fpf[::-1], 1 - sensitivity_value)

    return Figure(name=f"specificity at sensitivity {sensitivity_value:g}", of=width)


def specificity_at_sensitivity_least(sensitivity_value: float) -> Figure:
    """Specificity at a sensitivity; the smallest where the curve is level there (MRMCaov)."""
    _proportion("sensitivity_value", sensitivity_value)

    def width(truth: Bools, ratings: Floats) -> float:
        sensitivities, specificities = _least_specificity(truth, ratings)
        return float(np.interp(sensitivity_value, sensitivities, specificities))

    name = f"specificity at sensitivity {sensitivity_value:g}, least where level"
    return Figure(name=name, of=width)


def partial_auc_over_specificity(low: float, high: float = 1.0) -> Figure:
    """Area under the ROC curve where specificity lies from `low` to `high`; at most high - low.

    Raises `ValueError` if the bounds do not satisfy 0 <= low < high <= 1.
    """
    _bounds(low, high)

    def area(truth: Bools, ratings: Floats) -> float:
        return _area(*roc_points(truth, ratings), 1 - high, 1 - low)

    name = f"partial AUC, specificity {low:g} to {high:g}"
    return Figure(name=name, of=area, highest=high - low)


def partial_auc_over_sensitivity(low: float, high: float = 1.0) -> Figure:
    """Area right of the ROC curve where sensitivity lies from `low` to `high`; at most high - low.

    Raises `ValueError` if the bounds do not satisfy 0 <= low < high <= 1.
    """
    _bounds(low, high)

    def area(truth: Bools, ratings: Floats) -> float:
        fpf, tpf = roc_points(truth, ratings)
        return _area(1 - tpf[::-1], 1 - fpf[::-1], 1 - high, 1 - low)

    name = f"partial AUC, sensitivity {low:g} to {high:g}"
    return Figure(name=name, of=area, highest=high - low)


def roc_points(truth: Bools, ratings: Floats) -> tuple[Floats, Floats]:
    """False and true positive fractions of the empirical ROC curve, from (0, 0) to (1, 1)."""
    cuts, at = np.unique(-ratings, return_inverse=True)
    fpf = np.cumsum(np.bincount(at[~truth], minlength=cuts.size)) / max(int((~truth).sum()), 1)
    tpf = np.cumsum(np.bincount(at[truth], minlength=cuts.size)) / max(int(truth.sum()), 1)
    return np.concatenate([[0.0], fpf]), np.concatenate([[0.0], tpf])


def _height(x: Floats, y: Floats, at: float) -> float:
    """Height of a rising polyline at `at`; its top where it rises upright."""
    last = int(np.searchsorted(x, at, side="right")) - 1
    if last == x.size - 1:
        return float(y[last])
    share = (at - x[last]) / (x[last + 1] - x[last])
    return float(y[last] + share * (y[last + 1] - y[last]))


def _area(x: Floats, y: Floats, start: float, stop: float) -> float:
    inside = (x > start) & (x < stop)
    # Upright pieces at the bounds add no area; heights there are taken from inside.
    first, last = _height(x, y, start), -_height(-x[::-1], -y[::-1], -stop)
    xs = np.concatenate([[start], x[inside], [stop]])
    ys = np.concatenate([[first], y[inside], [last]])
    return float(np.trapezoid(ys, xs))


def _least_specificity(truth: Bools, ratings: Floats) -> tuple[Floats, Floats]:
    fpf, tpf = roc_points(truth, ratings)
    last = np.append(tpf[1:] != tpf[:-1], True)
    return tpf[last], 1 - fpf[last]


def _proportion(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1; {value} found")


def _bounds(low: float, high: float) -> None:
    if not 0 <= low < high <= 1:
        raise ValueError(f"bounds must satisfy 0 <= low < high <= 1; {low} and {high} found")
