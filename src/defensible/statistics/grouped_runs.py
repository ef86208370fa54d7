"""Runs of equal scores within groups: the one pass that all grouped areas share."""

from typing import Any, NamedTuple

import numpy as np

from defensible.statistics.arrays import Bools, Floats, Ints, same_length
from defensible.statistics.ranking import Ranking


class GroupedRuns(NamedTuple):
    """Runs of equal scores, group after group; cases of no group are left out.

    `start` is the first run of each group, and the number of runs at its end. `beneath` is twice
    the number of the group's healthy cases below a run, those in it counting half; `above` the same
    for diseased cases above it. `at` holds the cases by group, then score.
    """

    at: Ints
    sorted_truth: Bools
    start: Ints
    diseased: Ints
    healthy: Ints
    beneath: Ints
    above: Ints
    n_diseased: Ints
    n_healthy: Ints


def runs_by_group(cases: Ranking, codes: Ints, n_groups: int) -> GroupedRuns:
    """Runs of equal scores within each group: a radix sort of the codes and a few sums."""
    group = group_codes(codes, n_groups)
    same_length(truth=cases.truth, codes=group)
    # Narrow counts halve the memory traffic.
    whole: type[Any] = np.int32 if group.size < 2**29 else np.int64
    # 16-bit codes are sorted by radix; stable, so that score order holds within a group.
    along = (group.astype(np.int16) if n_groups < 2**15 else group)[cases.order]
    sizes = np.bincount(group + 1, minlength=n_groups + 1)
    by_group = np.argsort(along, kind="stable")[sizes[0] :]
    stop = np.cumsum(sizes[1:])
    truth = cases.sorted_truth[by_group]
    # The last case of a run belongs to it.
    run: Ints = (np.cumsum(cases.closes, dtype=whole) - cases.closes)[by_group]
    closes = np.ones(by_group.size, dtype=np.bool_)
    np.not_equal(run[1:], run[:-1], out=closes[:-1])
    closes[stop[stop > 0] - 1] = True
    last: Ints = np.flatnonzero(closes).astype(whole)
    start = np.searchsorted(last, np.concatenate([[0], stop]))
    diseased_to: Ints = np.cumsum(truth, dtype=whole)[last]
    healthy_to = last + whole(1) - diseased_to
    diseased = np.diff(diseased_to, prepend=whole(0))
    healthy = np.diff(healthy_to, prepend=whole(0))
    n_runs = np.diff(start)
    n_diseased = np.diff(_at(diseased_to, start))
    n_healthy = np.diff(_at(healthy_to, start))
    healthy_before = np.cumsum(n_healthy) - n_healthy
    diseased_upto = np.cumsum(n_diseased)
    return GroupedRuns(
        at=by_group,
        sorted_truth=truth,
        start=start,
        diseased=diseased,
        healthy=healthy,
        beneath=2 * healthy_to - healthy - np.repeat((2 * healthy_before).astype(whole), n_runs),
        above=np.repeat((2 * diseased_upto).astype(whole), n_runs) - 2 * diseased_to + diseased,
        n_diseased=n_diseased,
        n_healthy=n_healthy,
    )


def _at(cumulated: Ints, start: Ints) -> Ints:
    """Cumulated counts before each group, and at the end."""
    return np.where(start > 0, cumulated[start - 1], 0) if cumulated.size else np.zeros_like(start)


def moments(weights: Ints, values: Ints, start: Ints, total: Ints) -> tuple[Floats, Floats]:
    """Weighted mean of the values of each group, and the weighted sum of squares about it."""
    held = np.flatnonzero(weights)
    bounds = np.searchsorted(held, start)
    weight = weights[held].astype(np.float64)
    value = values[held].astype(np.float64)
    mean = stretch_sums(weight * value, bounds) / np.maximum(total, 1)
    value -= np.repeat(mean, np.diff(bounds))
    weight *= value
    weight *= value
    return mean, stretch_sums(weight, bounds)


def stretch_sums(values: Floats, bounds: Ints) -> Floats:
    """Sums of consecutive stretches; an empty stretch sums to 0."""
    sums = np.zeros(bounds.size - 1)
    held = np.flatnonzero(np.diff(bounds))
    if held.size:
        sums[held] = np.add.reduceat(values, bounds[held])
    return sums


def group_codes(codes: Ints, n_groups: int) -> Ints:
    """Group codes as 64-bit integers, all between -1 and `n_groups` - 1, or a `ValueError`."""
    group = np.asarray(codes)
    if group.ndim != 1 or group.dtype.kind not in "iu":
        raise ValueError(
            f"codes must be one-dimensional integers; shape {group.shape}, type {group.dtype} found"
        )
    if n_groups < 1:
        raise ValueError(f"n_groups must be 1 or more; {n_groups} found")
    if group.size and (group.min() < -1 or group.max() >= n_groups):
        raise ValueError(
            f"codes must lie between -1 and n_groups - 1 = {n_groups - 1}; "
            f"{group.min()} to {group.max()} found"
        )
    return group.astype(np.int64, copy=False)
