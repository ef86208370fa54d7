"""The empirical ROC curve and the area under it, for independent cases.

Higher scores are more suspicious, ties count half, cases with a score at or above the threshold are
positive. Several cases a patient: `clustered.auc`. Many strata of one table: `grouped.aucs`.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit, ndtri

from defensible.statistics.arrays import Bools, Floats, confidence_level
from defensible.statistics.bisection import turning_point
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.ranking import Placed, Runs, place, rank, runs

FEW_OF_A_CLASS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Operating points of an empirical ROC curve, from all negative to all positive.

    Attributes
    ----------
    thresholds : float array, shape (n_points,)
        Infinity first, then each distinct score from the highest down; positive is at or above.
    sensitivity, specificity : float arrays, shape (n_points,)
        At each threshold: from 0 and 1 to 1 and 0.
    """

    thresholds: Floats
    sensitivity: Floats
    specificity: Floats


def auc(truth: Bools, scores: Floats, *, level: float = 0.95) -> Estimate:
    """Area under the empirical ROC curve, with DeLong's interval.

    The chance that a diseased case scores above a healthy one; a tie counts half.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard: True where the condition is present. Two or more of each.
    scores : float array, shape (n_cases,)
        Device output, any scale, higher is more suspicious. Finite.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Returns
    -------
    Estimate
        `value` in [0, 1]; `low` and `high` normal-theory bounds, cut to [0, 1].

    Raises
    ------
    ValueError
        Shapes differ, a score is not finite, a class has fewer than two cases.

    Notes
    -----
    O(n log n) time, O(n) memory. Assumes independent cases: with several cases a patient use
    `clustered.auc`. Where the classes are parted fully the interval has no width, and `NO_VARIANCE`
    says so: `auc_newcombe` still has one. Reference values: pROC,
    `../shared/reference/values/{asah,pancreatic}/roc-proc.json`.

    References
    ----------
    DeLong, DeLong, Clarke-Pearson. Biometrics 1988;44:837-845.
    Sun, Xu. IEEE Signal Processing Letters 2014;21:1389-1393 (linearithmic form).
    """
    confidence_level(level)
    of = runs(rank(truth, scores, fewest=2))
    value, variance = delong(of)
    m, n = int(of.diseased.sum()), int(of.healthy.sum())
    return normal_area(
        value,
        float(np.sqrt(variance)),
        level=level,
        method="DeLong",
        n=m + n,
        few=min(m, n) < FEW_OF_A_CLASS,
    )


def auc_logit(truth: Bools, scores: Floats, *, level: float = 0.95) -> Estimate:
    """Area under the empirical ROC curve, with DeLong's variance on the logit scale.

    The limits stay in (0, 1), and cover better than those of `auc` where the area is near 1.
    Parameters and errors as in `auc`. Where the logit is not finite (an area of 0 or 1), the
    interval is that of `auc_newcombe` and the method says so.

    References
    ----------
    Pepe. The Statistical Evaluation of Medical Tests. Oxford 2003, section 5.2.4.
    """
    plain = auc(truth, scores, level=level)
    if plain.value in {0.0, 1.0}:
        fallback = auc_newcombe(truth, scores, level=level)
        return replace(fallback, method=f"{fallback.method} (logit not finite)")
    return on_logit_scale(plain)


def auc_newcombe(truth: Bools, scores: Floats, *, level: float = 0.95) -> Estimate:
    """Area under the empirical ROC curve, with Newcombe's score-type interval.

    Needs only the area and the class sizes: the limits are the areas whose Hanley-McNeil variance
    (class sizes averaged) puts the observed area z standard errors away. It has width at an area of
    1, where DeLong's has none. Parameters as in `auc`; one case of each class will do.

    References
    ----------
    Newcombe. Stat Med 2006;25:559-573 (method 5).
    """
    of = runs(rank(truth, scores))
    m, n = int(of.diseased.sum()), int(of.healthy.sum())
    return newcombe(_area(of), m, n, level=level)


def newcombe(value: float, n_diseased: int, n_healthy: int, *, level: float = 0.95) -> Estimate:
    """Newcombe's score-type interval of an area that is known already; see `auc_newcombe`.

    Parameters
    ----------
    value : float in [0, 1]
        Area under the curve.
    n_diseased, n_healthy : int
        Independent cases of either class, 1 or more.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        The area lies outside [0, 1], a class is empty, `level` outside (0, 1).
    """
    confidence_level(level)
    if not 0 <= value <= 1:
        raise ValueError(f"value must lie between 0 and 1; {value} found")
    if min(n_diseased, n_healthy) < 1:
        raise ValueError(
            f"both classes must hold 1 or more cases; {n_diseased} and {n_healthy} found"
        )
    z = float(ndtri(0.5 + level / 2))

    def inside(area: float) -> bool:
        return abs(value - area) <= z * hanley_mcneil_se(area, n_diseased, n_healthy)

    # At an area of 0 or 1 the standard error is 0, so that an end is a limit only if observed.
    return Estimate(
        value=value,
        low=turning_point(inside, value, 0.0),
        high=turning_point(inside, value, 1.0),
        level=level,
        method="Newcombe's score-type interval",
        n=n_diseased + n_healthy,
        cautions=(Caution.BOUNDARY,) if value in {0.0, 1.0} else (),
    )


def curve(truth: Bools, scores: Floats) -> Curve:
    """Operating points of the empirical ROC curve, one for each distinct score.

    Parameters as in `auc`; one case of each class will do. O(n log n).
    """
    ranking = rank(truth, scores)
    of = runs(ranking)
    values = np.asarray(scores, dtype=np.float64)[ranking.order[ranking.closes]]
    below = np.append(of.diseased_below[::-1], 0)[:-1]
    # Above the highest score nothing is positive; at the lowest, everything.
    m, n = of.diseased.sum(), of.healthy.sum()
    return Curve(
        thresholds=np.concatenate([[np.inf], values[::-1]]),
        sensitivity=np.concatenate([[0.0], (m - below) / m]),
        specificity=np.concatenate([[1.0], of.healthy_below[::-1] / n]),
    )


def placements(truth: Bools, scores: Floats) -> Placed:
    """Placement of each case among the other class: the pieces of DeLong's variance.

    Parameters as in `auc`; one case of each class will do.
    """
    return place(rank(truth, scores))


def delong(of: Runs) -> tuple[float, float]:
    """Area and DeLong's variance from the counts of tied runs; two or more of each class."""
    m, n = int(of.diseased.sum()), int(of.healthy.sum())
    beneath = 2 * of.healthy_below + of.healthy
    above = 2 * m - 2 * of.diseased_below - of.diseased
    area = int(of.diseased @ beneath) / (2 * m * n)
    # ddof=1: the variance of the components is unbiased; pROC agrees.
    of_diseased = of.diseased @ (beneath / (2 * n) - area) ** 2 / (m - 1)
    of_healthy = of.healthy @ (above / (2 * m) - area) ** 2 / (n - 1)
    return area, float(of_diseased / m + of_healthy / n)


def normal_area(
    value: float, se: float, *, level: float, method: str, n: int, few: bool = False
) -> Estimate:
    """Area with a normal-theory interval cut to [0, 1], and what should be known of it."""
    half = float(ndtri(0.5 + level / 2)) * se
    low, high = value - half, value + half
    facts = {
        Caution.FEW: few,
        Caution.BOUNDARY: value in {0.0, 1.0},
        Caution.NO_VARIANCE: se == 0,
        Caution.CUT: low < 0 or high > 1,
    }
    return Estimate(
        value=value,
        low=max(low, 0.0),
        high=min(high, 1.0),
        level=level,
        method=method,
        n=n,
        se=se,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )


def on_logit_scale(plain: Estimate) -> Estimate:
    """An area strictly between 0 and 1 with the normal interval of its logit, by its `se`."""
    se = plain.se or 0.0
    half = float(ndtri(0.5 + plain.level / 2)) * se / (plain.value * (1 - plain.value))
    middle = float(logit(plain.value))
    return replace(
        plain,
        low=float(expit(middle - half)) if half else plain.value,
        high=float(expit(middle + half)) if half else plain.value,
        method=f"{plain.method}, logit scale",
        cautions=tuple(item for item in plain.cautions if item is not Caution.CUT),
    )


def _area(of: Runs) -> float:
    m, n = int(of.diseased.sum()), int(of.healthy.sum())
    return int(of.diseased @ (2 * of.healthy_below + of.healthy)) / (2 * m * n)


def hanley_mcneil_se(area: float, m: int, n: int) -> float:
    """Standard error of an area by Hanley and McNeil (1982), class sizes averaged (Newcombe)."""
    extra = (m + n) / 2 - 1
    pairs = 1 + extra * (1 - area) / (2 - area) + extra * area / (1 + area)
    return float(np.sqrt(area * (1 - area) / (m * n) * pairs))
