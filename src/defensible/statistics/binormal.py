"""The binormal ROC curve, fitted by maximum likelihood: sensitivity is Phi(a + b Phi^-1(1 - spec)).

Only the order of scores counts. Runs of cases of one class in that order are the categories of the
fit (those of a rating scale where the scores are ratings), which loses nothing to the likelihood.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from defensible.statistics.arrays import Bools, Floats, Ints, confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.ranking import rank, runs

MOST_CATEGORIES = 400
FEW_OF_A_CLASS = 10
_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Binormal:
    """A fitted binormal curve.

    Attributes
    ----------
    a, b : float
        Intercept and slope on normal deviate axes.
    covariance : float array, shape (2, 2)
        Covariance of a and b, from the expected information.
    area : Estimate
        Area under the curve, Phi(a / sqrt(1 + b^2)), with an interval on the scale of its normal
        deviate.
    n_categories : int
        Categories that were fitted.
    log_likelihood : float
        At the fit, without the constant of the multinomial coefficients.
    """

    a: float
    b: float
    covariance: Floats
    area: Estimate
    n_categories: int
    log_likelihood: float

    def sensitivity_at(self, specificity: float) -> float:
        """Sensitivity of the fitted curve at a specificity strictly between 0 and 1."""
        if not 0 < specificity < 1:
            raise ValueError(f"specificity must lie strictly between 0 and 1; {specificity} found")
        return float(ndtr(self.a + self.b * ndtri(1 - specificity)))


def fit(truth: Bools, scores: Floats, *, level: float = 0.95) -> Binormal:
    """Binormal ROC curve of greatest likelihood.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard. Two or more of each.
    scores : float array, shape (n_cases,)
        Ratings or device output, higher is more suspicious. Finite.
    level : float in (0, 1)
        Confidence level of the area's two-sided interval.

    Raises
    ------
    ValueError
        As `roc.auc`; or there is no greatest likelihood: the classes are parted fully, fewer than
        three categories, or a degenerate (hooked) curve.

    Notes
    -----
    Fisher scoring with halved steps. More than 400 categories are merged to 400 of like size.
    Agrees with MRMCaov to 2e-7, the digits of its optimiser.

    References
    ----------
    Dorfman, Alf. J Math Psychol 1969;6:487-496. Metz, Herman, Shen. Stat Med 1998;17:1033-1053.
    """
    z = float(ndtri(0.5 + confidence_level(level) / 2))
    counts = _categories(truth, scores)
    point = _maximum(counts)
    inverse = np.linalg.inv(_information(point, counts))
    covariance = np.asarray(inverse[:2, :2], dtype=np.float64)
    a, b = point.a, point.b
    root = math.sqrt(1 + b * b)
    slope = np.array([1 / root, -a * b / root**3])
    se = math.sqrt(float(slope @ covariance @ slope))
    m, n = int(counts.diseased.sum()), int(counts.healthy.sum())
    area = Estimate(
        value=float(ndtr(a / root)),
        low=float(ndtr(a / root - z * se)),
        high=float(ndtr(a / root + z * se)),
        level=level,
        method="Binormal, maximum likelihood",
        n=m + n,
        se=se * math.exp(-(a**2) / (2 * root**2)) / math.sqrt(2 * math.pi),
        cautions=(Caution.FEW,) if min(m, n) < FEW_OF_A_CLASS else (),
    )
    return Binormal(
        a=a,
        b=b,
        covariance=covariance,
        area=area,
        n_categories=counts.diseased.size,
        log_likelihood=_log_likelihood(point, counts),
    )


class _Counts(NamedTuple):
    """Cases of either class in each category, from the least suspicious up."""

    diseased: Ints
    healthy: Ints


class _Point(NamedTuple):
    """Parameters: the curve's a and b, and the cuts between categories in healthy deviates."""

    a: float
    b: float
    cuts: Floats


def _categories(truth: Bools, scores: Floats) -> _Counts:
    of = runs(rank(truth, scores, fewest=2))
    # Neighbours that hold one and the same class only are one category.
    kind = np.sign(of.diseased) + 2 * np.sign(of.healthy)
    starts = np.flatnonzero(np.append(True, (kind[1:] != kind[:-1]) | (kind[1:] == 3)))
    diseased = np.add.reduceat(of.diseased, starts)
    healthy = np.add.reduceat(of.healthy, starts)
    if diseased.size > MOST_CATEGORIES:
        upto = np.cumsum(diseased + healthy)
        part = np.minimum(upto * MOST_CATEGORIES // (upto[-1] + 1), MOST_CATEGORIES - 1)
        merged = np.flatnonzero(np.append(True, part[1:] != part[:-1]))
        diseased, healthy = np.add.reduceat(diseased, merged), np.add.reduceat(healthy, merged)
    if diseased.size < 3:
        raise ValueError(
            f"scores must part the cases into three or more categories; {diseased.size} found"
        )
    return _Counts(diseased, healthy)


def _maximum(counts: _Counts) -> _Point:
    point = _start(counts)
    best = _log_likelihood(point, counts)
    for _ in range(_STEPS):
        solved = np.linalg.solve(_information(point, counts), _score(point, counts))
        step = np.asarray(solved, dtype=np.float64)
        stride = 1.0
        while stride > 1e-12:
            tried = _moved(point, stride * step)
            reached = -math.inf if tried is None else _log_likelihood(tried, counts)
            if tried is not None and reached >= best:
                break
            stride /= 2
        else:
            return point
        settled = float(np.abs(stride * step).max()) < 1e-10
        point, best = tried, reached
        if settled:
            return point
        if not (1e-3 < point.b < 1e3 and abs(point.a) < 1e3):
            break
    raise ValueError(
        "scores must have a binormal curve of greatest likelihood; none was found "
        f"(a {point.a:.3g}, b {point.b:.3g} after the last step): the curve is degenerate"
    )


def _start(counts: _Counts) -> _Point:
    deviates = []
    for cells in counts:
        padded = cells + 0.5
        deviates.append(ndtri(np.cumsum(padded)[:-1] / padded.sum()))
    diseased, healthy = deviates
    b = float(np.std(diseased) / np.std(healthy))
    a = b * float(np.mean(healthy)) - float(np.mean(diseased))
    return _Point(a, b, healthy)


def _moved(point: _Point, step: Floats) -> _Point | None:
    cuts = point.cuts + step[2:]
    b = point.b + float(step[1])
    if b <= 0 or (np.diff(cuts) <= 0).any():
        return None
    return _Point(point.a + float(step[0]), b, cuts)


def _cells(deviates: Floats) -> Floats:
    """Logarithms of the normal probabilities between deviates, both tails included."""
    upper = np.append(deviates, np.inf)
    lower = np.insert(deviates, 0, -np.inf)
    # On the side where the tails are small, so that far cells keep their digits.
    flip = lower > 0
    high = np.where(flip, -lower, upper)
    low = np.where(flip, -upper, lower)
    log_high, log_low = log_ndtr(high), log_ndtr(low)
    gap = np.where(np.isneginf(log_low), -np.inf, log_low - log_high)
    return np.asarray(log_high + np.log1p(-np.exp(np.minimum(gap, -1e-300))))


def _log_likelihood(point: _Point, counts: _Counts) -> float:
    of_diseased = _cells(point.b * point.cuts - point.a)
    of_healthy = _cells(point.cuts)
    return float(counts.diseased @ of_diseased + counts.healthy @ of_healthy)


def _slopes(point: _Point) -> tuple[Floats, Floats, Floats, Floats]:
    """Cell probabilities of either class, and their derivatives by a, b and each cut."""
    k = point.cuts.size
    deviates = point.b * point.cuts - point.a
    tables, cells = [], []
    for at, by_a, by_b, by_cut in (
        (deviates, -1.0, point.cuts, point.b),
        (point.cuts, 0.0, np.zeros(k), 1.0),
    ):
        density = np.exp(-(at**2) / 2) / math.sqrt(2 * math.pi)
        below = np.zeros((k + 2, k + 2))  # derivatives of the cumulated probability at each cut
        below[1:-1, 0] = density * by_a
        below[1:-1, 1] = density * by_b
        below[np.arange(1, k + 1), np.arange(2, k + 2)] = density * by_cut
        tables.append(np.diff(below, axis=0))
        cells.append(np.exp(_cells(at)))
    return cells[0], tables[0], cells[1], tables[1]


def _score(point: _Point, counts: _Counts) -> Floats:
    diseased, by_diseased, healthy, by_healthy = _slopes(point)
    return np.asarray(
        (counts.diseased / diseased) @ by_diseased + (counts.healthy / healthy) @ by_healthy
    )


def _information(point: _Point, counts: _Counts) -> Floats:
    diseased, by_diseased, healthy, by_healthy = _slopes(point)
    of_diseased = (by_diseased / diseased[:, None]).T @ by_diseased * counts.diseased.sum()
    of_healthy = (by_healthy / healthy[:, None]).T @ by_healthy * counts.healthy.sum()
    return np.asarray(of_diseased + of_healthy)
