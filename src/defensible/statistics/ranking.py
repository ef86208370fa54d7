"""Cases in order of score, and what follows from the order: runs of ties, counts below, placements.

A rank statistic needs one sort. Keys of 64 bits hold a 32-bit image of the score above the case's
index, so that one plain sort of integers gives the order, at a quarter of an argsort's time; where
the image is too coarse to part two scores, the few left out of order are sorted again. Scores that
are equal, and only those, are ties.
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from defensible.statistics.arrays import Bools, Floats, Ints, bools, finite_floats, same_length

_IMAGE_MAX = 2.0**32 - 1
_SMALL = 4096  # below this an argsort costs less than packing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Cases by increasing score.

    Attributes
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard, in the order of the cases given.
    order : int array, shape (n_cases,)
        Cases from the lowest score to the highest.
    sorted_truth : bool array, shape (n_cases,)
        `truth` along `order`.
    closes : bool array, shape (n_cases,)
        Along `order`: True at the last case of each run of equal scores.
    """

    truth: Bools
    order: Ints
    sorted_truth: Bools
    closes: Bools


class Runs(NamedTuple):
    """Runs of tied scores from the lowest up: the cases of either class in and below each."""

    diseased: Ints
    healthy: Ints
    diseased_below: Ints
    healthy_below: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Each case's placement among the other class, and the area they average to.

    Attributes
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard.
    placements : float array, shape (n_cases,)
        For a diseased case the share of healthy cases below it, for a healthy case the share of
        diseased cases above it; a tie counts half.
    area : float
        Area under the empirical curve, the mean of the placements of either class.
    """

    truth: Bools
    placements: Floats
    area: float


def rank(truth: Bools, scores: Floats, *, fewest: int = 1) -> Ranking:
    """Ranking of cases, each class having at least `fewest`; a `ValueError` says which has not."""
    present, values = bools("truth", truth), finite_floats("scores", scores)
    n = same_length(truth=present, scores=values)
    n_diseased = int(np.count_nonzero(present))
    for word, found in (("diseased", n_diseased), ("healthy", n - n_diseased)):
        if found < fewest:
            raise ValueError(f"truth must hold {fewest} or more {word} cases; {found} found")
    return rank_any(present, values)


def rank_any(truth: Bools, scores: Floats) -> Ranking:
    """Ranking of checked arrays, whatever classes they hold."""
    order, ranked = _increasing(scores)
    closes = np.ones(scores.size, dtype=np.bool_)
    np.not_equal(ranked[1:], ranked[:-1], out=closes[:-1])
    return Ranking(truth=truth, order=order, sorted_truth=truth[order], closes=closes)


def increasing(scores: Floats) -> Ints:
    """Indices that sort finite scores from the lowest up; ties keep their order."""
    return _increasing(scores)[0]


def _increasing(scores: Floats) -> tuple[Ints, Floats]:
    """Indices that sort the scores, and the scores so sorted."""
    if scores.size < _SMALL:
        return _plainly(scores)
    low, high = float(scores.min()), float(scores.max())
    span = high - low
    scale = _IMAGE_MAX / span if span > 0 else math.inf
    if not (math.isfinite(span) and math.isfinite(scale)):
        return _plainly(scores)
    # Subtraction, product and truncation are monotone, so the image never reverses an order.
    order = _packed_order(((scores - low) * scale).astype(np.uint64))
    ranked = scores[order]
    if (ranked[1:] < ranked[:-1]).any():
        again = np.argsort(ranked, kind="stable")
        return order[again], ranked[again]
    return order, ranked


def _plainly(scores: Floats) -> tuple[Ints, Floats]:
    order: Ints = np.argsort(scores, kind="stable").astype(np.int64)
    return order, scores[order]


def _packed_order(keys: NDArray[np.uint64]) -> Ints:
    """Indices that sort keys below 2**32, which are overwritten; ties keep their order."""
    keys <<= np.uint64(32)
    keys |= np.arange(keys.size, dtype=np.uint64)
    keys.sort()
    keys &= np.uint64(0xFFFFFFFF)
    order: Ints = keys.view(np.int64)
    return order


def increasing_codes(codes: NDArray[np.integer[Any]]) -> Ints:
    """Indices that sort whole numbers from 0 up; ties keep their order."""
    if codes.size < _SMALL or codes.max() >= 2**32:
        return np.argsort(codes, kind="stable").astype(np.int64)
    return _packed_order(codes.astype(np.uint64))


def runs(ranking: Ranking) -> Runs:
    """Counts of either class in each run of ties and below it, from the lowest score up."""
    last = np.flatnonzero(ranking.closes)
    diseased_to = np.cumsum(ranking.sorted_truth, dtype=np.int64)[last]
    healthy_to = last + 1 - diseased_to
    diseased = np.diff(diseased_to, prepend=0)
    healthy = np.diff(healthy_to, prepend=0)
    return Runs(diseased, healthy, diseased_to - diseased, healthy_to - healthy)


def place(ranking: Ranking) -> Placed:
    """Placements of all cases, in the order given; both classes must be there."""
    diseased, healthy = (
        np.flatnonzero(kind) for kind in (ranking.sorted_truth, ~ranking.sorted_truth)
    )
    m, n = diseased.size, healthy.size
    if ranking.closes.all():
        beneath = 2 * (diseased - np.arange(m))
        above = 2 * (m - healthy + np.arange(n))
    else:
        beneath, above = _among_ties(ranking, diseased, healthy)
    placed = np.empty(ranking.truth.size)
    placed[ranking.order[diseased]] = beneath / (2 * n)
    placed[ranking.order[healthy]] = above / (2 * m)
    return Placed(truth=ranking.truth, placements=placed, area=int(beneath.sum()) / (2 * m * n))


def _among_ties(ranking: Ranking, diseased: Ints, healthy: Ints) -> tuple[Ints, Ints]:
    """Doubled counts of the other class below or above, for sorted places of either class.

    Whole numbers: equal placements stay equal to the last bit.
    """
    of = runs(ranking)
    run: Ints = np.cumsum(ranking.closes) - ranking.closes  # the last case of a run belongs to it
    beneath = 2 * of.healthy_below + of.healthy
    above = 2 * (diseased.size - of.diseased_below) - of.diseased
    return beneath[run[diseased]], above[run[healthy]]
