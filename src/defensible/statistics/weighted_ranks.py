"""Rank and calibration statistics of resamples, as functions of how often each case was drawn.

Cases are sorted once, the classes apart; all measures of one `RankStatistics` share the sums::

    measures = [Auc(), PartialAuc(lowest_specificity=0.9), SensitivityAt(specificity=0.95)]
    weighted_ranks.of(truth, scores, measures)  # a bootstrap.Statistic

Ties count half and the ROC curve is joined by straight lines, as everywhere in this room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics.arrays import Floats, Ints, bools, finite_floats, same_length


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sorted:
    """Scores of both classes in ascending order, and where one class stands in the other.

    Attributes
    ----------
    healthy, diseased : float arrays
        Scores of either class, sorted.
    below, upto : int arrays, shape (n_diseased,)
        Healthy cases that score below, and at or below, each diseased one.
    tied : bool
        Whether any diseased case ties with a healthy one.
    """

    healthy: Floats
    diseased: Floats
    below: Ints
    upto: Ints
    tied: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """Counts of resamples, each array with a row a resample.

    Attributes
    ----------
    healthy, diseased : int arrays
        How often each case was drawn, in the order of `Sorted`.
    below, upto : int arrays, shape (n_resamples, n_diseased)
        Healthy cases drawn below, and at or below, each diseased one.
    n_healthy, n_diseased : float arrays, shape (n_resamples,)
        Cases drawn.
    """

    healthy: Ints
    diseased: Ints
    below: Ints
    upto: Ints
    n_healthy: Floats
    n_diseased: Floats


class Measure(Protocol):
    """One number for each resample."""

    @property
    def name(self) -> str:
        """Its name in the field."""
        ...

    def of(self, scores: Sorted, drawn: Drawn) -> Floats:
        """Its value in each resample; NaN where a class was not drawn."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Auc:
    """Area under the empirical ROC curve."""

    @property
    def name(self) -> str:
        """The name."""
        return "AUC"

    def of(self, scores: Sorted, drawn: Drawn) -> Floats:
        """Pairs ranked right, over pairs."""
        wins = np.vecdot(drawn.diseased, drawn.below).astype(np.float64)
        if scores.tied:
            wins = (wins + np.vecdot(drawn.diseased, drawn.upto)) / 2
        return _ratio(wins, drawn.n_diseased * drawn.n_healthy)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialAuc:
    """Area under the ROC curve at specificities above `lowest_specificity`, not rescaled.

    Raises `ValueError` unless that lies in [0, 1).
    """

    lowest_specificity: float

    def __post_init__(self) -> None:
        _proportion("lowest_specificity", self.lowest_specificity)

    @property
    def name(self) -> str:
        """The name with its bound."""
        return f"partial AUC, specificity above {self.lowest_specificity:g}"

    def of(self, scores: Sorted, drawn: Drawn) -> Floats:
        """Area right of the cut, each diseased case counting for the healthy ones it beats."""
        cut = _cut(drawn, self.lowest_specificity)
        beyond = np.maximum(drawn.upto - cut, 0.0)
        if scores.tied:
            split = np.maximum(drawn.below, cut)
            width = np.maximum(drawn.upto - drawn.below, 1)
            inside = np.maximum(drawn.upto - split, 0.0)
            beyond = np.maximum(drawn.below - cut, 0.0) + inside**2 / (2 * width)
        return _ratio(_total(drawn.diseased, beyond), drawn.n_diseased * drawn.n_healthy)


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityAt:
    """Sensitivity where the ROC curve has this specificity; the upper end of a vertical step.

    Raises `ValueError` unless the specificity lies in [0, 1).
    """

    specificity: float

    def __post_init__(self) -> None:
        _proportion("specificity", self.specificity)

    @property
    def name(self) -> str:
        """The name with its specificity."""
        return f"sensitivity at specificity {self.specificity:g}"

    def of(self, scores: Sorted, drawn: Drawn) -> Floats:
        """Share of diseased cases above the healthy quantile, a tied run being split."""
        cut = _cut(drawn, self.specificity)
        above = (drawn.below >= cut).astype(np.float64)
        if scores.tied:
            width = np.maximum(drawn.upto - drawn.below, 1)
            above = np.maximum(above, np.clip((drawn.upto - cut) / width, 0, 1))
        hits = _total(drawn.diseased, above)
        return np.where(drawn.n_healthy > 0, _ratio(hits, drawn.n_diseased), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrierScore:
    """Mean squared distance of probability and outcome."""

    @property
    def name(self) -> str:
        """The name."""
        return "Brier score"

    def of(self, scores: Sorted, drawn: Drawn) -> Floats:
        """The score; probabilities are checked first."""
        _probabilities(scores)
        total = drawn.healthy @ scores.healthy**2 + drawn.diseased @ (1 - scores.diseased) ** 2
        return _ratio(total, drawn.n_healthy + drawn.n_diseased)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationError:
    """Expected calibration error over bins whose inner `edges` stay the same in every resample.

    A probability on an edge belongs to the bin above it. Raises `ValueError` unless edges ascend.
    """

    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        if (np.diff(self.edges) <= 0).any():
            raise ValueError("edges must ascend")

    @property
    def name(self) -> str:
        """The name."""
        return "expected calibration error"

    def of(self, scores: Sorted, drawn: Drawn) -> Floats:
        """Sum over bins of the gap between cases with the condition and expected ones."""
        _probabilities(scores)
        gaps = _binned(drawn.diseased, 1 - scores.diseased, scores.diseased, self.edges)
        gaps -= _binned(drawn.healthy, scores.healthy, scores.healthy, self.edges)
        return _ratio(np.abs(gaps).sum(axis=1), drawn.n_healthy + drawn.n_diseased)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankStatistics:
    """Measures of the same cases, sharing one sort; a `bootstrap.Statistic`."""

    order: Ints
    scores: Sorted
    measures: tuple[Measure, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the measures."""
        return tuple(item.name for item in self.measures)

    def of(self, counts: Ints) -> Floats:
        """The measures of each resample, shape (n_resamples, n_measures)."""
        drawn = _drawn(self.scores, counts)
        return np.stack([item.of(self.scores, drawn) for item in self.measures], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mean:
    """Weighted mean of a value over the cases drawn; a `bootstrap.Statistic`. Made by `mean`."""

    names: tuple[str, ...]
    order: Ints
    values: Floats
    weights: Floats

    def of(self, counts: Ints) -> Floats:
        """The mean of each resample; NaN where the weights drawn sum to zero."""
        total = counts @ self.weights
        return _ratio(counts @ (self.values * self.weights), total)[:, None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Difference:
    """First minus second of two statistics of the same cases, measure by measure."""

    first: RankStatistics
    second: RankStatistics

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the differences."""
        return tuple(f"difference in {name}" for name in self.first.names)

    @property
    def order(self) -> Ints:
        """The cases as they came; either statistic then takes its own order."""
        return np.arange(self.first.order.size, dtype=np.int64)

    def of(self, counts: Ints) -> Floats:
        """The differences of each resample."""
        one, two = (item.of(counts[:, item.order]) for item in (self.first, self.second))
        difference: Floats = one - two
        return difference


def of(truth: ArrayLike, scores: ArrayLike, measures: Sequence[Measure]) -> RankStatistics:
    """Measures of scored cases as one statistic that can be resampled.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard.
    scores : float array, shape (n_cases,)
        Device output, higher is more suspicious; finite.
    measures : sequence of Measure
        One or more.

    Raises
    ------
    ValueError
        Lengths differ, a score is not finite, a class has no case, no measure.
    """
    present, score = bools("truth", truth), finite_floats("scores", scores)
    same_length(truth=present, scores=score)
    diseased = int(present.sum())
    if diseased in {0, present.size}:
        raise ValueError(
            f"truth must hold cases of both classes; {diseased} of {present.size} are diseased"
        )
    if not measures:
        raise ValueError("measures must hold one or more; none found")
    order = np.argsort(score, kind="stable").astype(np.int64)
    order = np.concatenate([order[~present[order]], order[present[order]]])
    lower, upper = np.split(score[order], [present.size - diseased])
    below, upto = (np.searchsorted(lower, upper, side=side) for side in ("left", "right"))
    tied = bool((below != upto).any())
    ranks = Sorted(healthy=lower, diseased=upper, below=below, upto=upto, tied=tied)
    return RankStatistics(order=order, scores=ranks, measures=tuple(measures))


def mean(values: ArrayLike, *, name: str, weights: ArrayLike | None = None) -> Mean:
    """Mean of a value over cases; with 0/1 values and weights, the proportion of a subset.

    Sensitivity is ``mean(positive, weights=truth, name="sensitivity")``.

    Raises
    ------
    ValueError
        Lengths differ, a value or weight is not finite, a weight lies below 0.
    """
    given = finite_floats("values", np.asarray(values, dtype=np.float64))
    weight = np.ones(given.size)
    if weights is not None:
        weight = finite_floats("weights", np.asarray(weights, dtype=np.float64))
    same_length(values=given, weights=weight)
    if weight.size and weight.min() < 0:
        raise ValueError(f"weights must be 0 or above; {weight.min():g} found")
    order = np.arange(given.size, dtype=np.int64)
    return Mean(names=(name,), values=given, weights=weight, order=order)


def _drawn(scores: Sorted, counts: Ints) -> Drawn:
    n = scores.healthy.size
    running = np.zeros((counts.shape[0], n + 1), dtype=np.int64)
    np.cumsum(counts[:, :n], axis=1, out=running[:, 1:])
    below = np.take(running, scores.below, axis=1)
    return Drawn(
        healthy=counts[:, :n],
        diseased=counts[:, n:],
        below=below,
        upto=np.take(running, scores.upto, axis=1) if scores.tied else below,
        n_healthy=running[:, -1].astype(np.float64),
        n_diseased=counts[:, n:].sum(axis=1).astype(np.float64),
    )


def _cut(drawn: Drawn, specificity: float) -> Floats:
    """Healthy cases to leave below, as a column; rounding must not lose an exact count."""
    cut = specificity * drawn.n_healthy
    whole = np.round(cut)
    return np.where(np.abs(cut - whole) < 1e-9 * drawn.n_healthy, whole, cut)[:, None]


def _binned(counts: Ints, values: Floats, scores: Floats, edges: tuple[float, ...]) -> Floats:
    """Sums of `values` over the bins of `scores`, shape (n_resamples, n_bins)."""
    places = [0, *np.searchsorted(scores, edges), scores.size]
    weights = counts.astype(np.float64)
    sums = [np.einsum("bi,i->b", weights[:, i:j], values[i:j]) for i, j in pairwise(places)]
    return np.stack(sums, axis=1)


def _total(counts: Ints, values: Floats) -> Floats:
    # Not vecdot or @: they hand small sums to threads that wait for each other.
    total: Floats = np.einsum("bi,bi->b", counts.astype(np.float64), values)
    return total


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    ratio: Floats = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=ratio, where=denominator > 0)
    return ratio


def _proportion(name: str, value: float) -> None:
    if not 0 <= value < 1:
        raise ValueError(f"{name} must lie in [0, 1); {value} found")


def _probabilities(scores: Sorted) -> None:
    low = min(scores.healthy[0], scores.diseased[0])
    high = max(scores.healthy[-1], scores.diseased[-1])
    if low < 0 or high > 1:
        raise ValueError(
            f"scores must be probabilities in [0, 1]; they run from {low:g} to {high:g}"
        )
