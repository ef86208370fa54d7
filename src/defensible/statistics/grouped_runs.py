"""Runs of equal scores within groups: the one pass that all grouped areas share.

A case's group, and its place in the order of score or the run of equal scores that holds it, are
packed into one whole number, 32 bits where that is enough: one plain sort parts the groups, and
nothing is gathered after it. What follows is done a block at a time, in the cache.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from defensible.statistics.arrays import Bools, Floats, Ints, same_length
from defensible.statistics.ranking import Ranking

Codes: TypeAlias = NDArray[np.integer[Any]]
"""Whole numbers of any width: a code a case takes as few bytes as hold it."""
BLOCK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted(Ranking):
    """Cases by increasing score, to be shared by all groupings of them.

    Attributes
    ----------
    runs : int array, shape (n_cases,)
        Along `order`: twice the number of runs of equal scores below, and 1 more where diseased.
    """

    runs: Codes


class GroupedRuns(NamedTuple):
    """Runs of equal scores, group after group; cases of no group are left out.

    `start` is the first run of each group, and the number of runs at its end. `diseased` and
    `healthy` are the cases of a run. `beneath` is twice the number of the group's healthy cases
    below a run, those in it counting half; `above` the same for diseased cases above it.
    """

    start: Ints
    diseased: Codes
    healthy: Codes
    beneath: Codes
    above: Codes
    n_diseased: Ints
    n_healthy: Ints


def sorted_once(ranking: Ranking) -> Sorted:
    """The ranking as groupings use it."""
    kind: type[Any] = np.uint32 if ranking.truth.size < 2**31 else np.uint64
    runs: Codes = np.cumsum(ranking.closes, dtype=kind)
    runs -= ranking.closes  # the last case of a run belongs to it
    runs *= kind(2)
    runs += ranking.sorted_truth
    return Sorted(
        truth=ranking.truth,
        order=ranking.order.astype(narrow(ranking.truth.size)),
        sorted_truth=ranking.sorted_truth,
        closes=ranking.closes,
        runs=runs,
    )


def narrow(n: int) -> type[Any]:
    """A type for twice any number of cases up to `n`, with a sign."""
    return np.int32 if n < 2**29 else np.int64


def runs_by_group(cases: Sorted, codes: Codes, n_groups: int) -> GroupedRuns:
    """Runs of equal scores within each group: one sort of whole numbers and a few sums."""
    group = _along(cases, codes, n_groups)
    lower = cases.runs if group.all_kept else cases.runs[group.kept]
    keys, bits = _packed(group.codes, lower, n_groups)
    return _runs(keys, _starts(keys, bits, n_groups))


def runs_and_places(cases: Sorted, codes: Codes, n_groups: int) -> tuple[GroupedRuns, Codes]:
    """The same, and the run of each case in the order of the cases given; 0 in no group."""
    n = cases.truth.size
    group = _along(cases, codes, n_groups)
    kind: type[Any] = np.uint32 if n < 2**32 else np.uint64
    lower: Codes = np.arange(n, dtype=kind)
    lower = lower if group.all_kept else lower[group.kept]
    keys, bits = _packed(group.codes, lower, n_groups)
    start = _starts(keys, bits, n_groups)
    keys &= keys.dtype.type((1 << bits) - 1)
    at = cases.order[keys]
    runs = cases.runs[keys]
    del keys
    closes = _closes(runs, start)
    place = np.zeros(n, dtype=narrow(n))
    number: Codes = np.cumsum(closes, dtype=place.dtype)
    number -= closes
    place[at] = number
    del at, number
    return _counted(runs, closes, start), place


class _Along(NamedTuple):
    """Group of each case along the order of score, and which cases have one."""

    codes: Codes
    kept: Bools
    all_kept: bool


def _along(cases: Sorted, codes: Codes, n_groups: int) -> _Along:
    group = group_codes(codes, n_groups)
    same_length(truth=cases.truth, codes=group)
    along = group[cases.order]
    kept = along >= 0
    every = bool(kept.all())
    return _Along(along if every else along[kept], kept, every)


def _packed(group: Codes, lower: Codes, n_groups: int) -> tuple[Codes, int]:
    """Group above a lower number in one key each, sorted; and the bits of the lower number."""
    bits = int(lower.max()).bit_length() if lower.size else 0
    kind: type[Any] = np.uint32 if bits + (n_groups - 1).bit_length() <= 32 else np.uint64
    keys: Codes = group.astype(kind)
    keys <<= keys.dtype.type(bits)
    keys |= lower
    keys.sort()
    return keys, bits


def _starts(keys: Codes, bits: int, n_groups: int) -> Ints:
    """Where each group begins among sorted keys, and where the last one ends."""
    firsts = np.arange(n_groups, dtype=np.uint64) << np.uint64(bits)
    starts: Ints = np.searchsorted(keys, firsts.astype(keys.dtype))
    return np.append(starts, keys.size)


def _runs(keys: Codes, start: Ints) -> GroupedRuns:
    return _counted(keys, _closes(keys, start), start)


def _closes(runs: Codes, start: Ints) -> Bools:
    """True at the last case of each run of a group; lowest bits are those of the class."""
    closes = np.ones(runs.size, dtype=np.bool_)
    halves = runs >> runs.dtype.type(1)
    np.not_equal(halves[1:], halves[:-1], out=closes[:-1])
    ends = start[1:]
    closes[ends[ends > 0] - 1] = True
    return closes


def _counted(runs: Codes, closes: Bools, start: Ints) -> GroupedRuns:
    """Cases of either class in each run, below and above it; the lowest bit is the class."""
    whole = narrow(runs.size)
    last = np.flatnonzero(closes).astype(whole)
    truth = (runs & runs.dtype.type(1)).astype(np.bool_)
    diseased_to = np.cumsum(truth, dtype=whole)[last]
    first = np.searchsorted(last, start)
    last += 1
    last -= diseased_to
    healthy_to = last
    diseased = np.diff(diseased_to, prepend=whole(0))
    healthy = np.diff(healthy_to, prepend=whole(0))
    n_runs = np.diff(first)
    n_diseased = np.diff(_before(diseased_to, first))
    n_healthy = np.diff(_before(healthy_to, first))
    healthy_before = 2 * (np.cumsum(n_healthy) - n_healthy)
    diseased_upto = 2 * np.cumsum(n_diseased)
    healthy_to *= whole(2)
    healthy_to -= healthy
    healthy_to -= np.repeat(healthy_before.astype(whole), n_runs)
    diseased_to *= whole(-2)
    diseased_to += diseased
    diseased_to += np.repeat(diseased_upto.astype(whole), n_runs)
    return GroupedRuns(
        start=first,
        diseased=diseased,
        healthy=healthy,
        beneath=healthy_to,
        above=diseased_to,
        n_diseased=n_diseased,
        n_healthy=n_healthy,
    )


def _before(cumulated: Codes, start: Ints) -> Ints:
    """Cumulated counts before each group, and at the end."""
    if not cumulated.size:
        return np.zeros_like(start)
    return np.where(start > 0, cumulated[start - 1], 0).astype(np.int64)


def weighted_means(weights: Codes, values: Codes, start: Ints, total: Ints) -> Floats:
    """Weighted mean of the values of each group, `total` being the sum of its weights."""
    sums = np.zeros(start.size - 1)
    for block, groups, bounds in _blocks_of_groups(start):
        value: Floats = values[block].astype(np.float64)
        value *= weights[block]
        sums[groups] += stretch_sums(value, bounds)
    return np.asarray(sums / np.maximum(total, 1))


def weighted_squares(weights: Codes, values: Codes, start: Ints, mean: Floats) -> Floats:
    """Weighted sum of squares of the values of each group about a mean."""
    sums = np.zeros(start.size - 1)
    for block, groups, bounds in _blocks_of_groups(start):
        value: Floats = values[block].astype(np.float64)
        value -= np.repeat(mean[groups], np.diff(bounds))
        value *= value
        value *= weights[block]
        sums[groups] += stretch_sums(value, bounds)
    return sums


def blocks(n: int) -> Iterator[slice]:
    """All of `n` entries, so many at a time that their arrays stay in the cache."""
    return (slice(at, min(at + BLOCK, n)) for at in range(0, n, BLOCK))


def _blocks_of_groups(start: Ints) -> Iterator[tuple[slice, slice, Ints]]:
    """Blocks of entries with the groups that they touch, and where these lie in the block."""
    for block in blocks(int(start[-1])):
        first = int(np.searchsorted(start, block.start, side="right")) - 1
        past = int(np.searchsorted(start, block.stop))
        bounds = np.clip(start[first : past + 1], block.start, block.stop) - block.start
        yield block, slice(first, past), bounds


def stretch_sums(values: Floats, bounds: Ints) -> Floats:
    """Sums of consecutive stretches; an empty stretch sums to 0."""
    sums = np.zeros(bounds.size - 1)
    held = np.flatnonzero(np.diff(bounds))
    if held.size:
        sums[held] = np.add.reduceat(values, bounds[held])
    return sums


def group_codes(codes: Codes, n_groups: int) -> Codes:
    """Group codes, all between -1 and `n_groups` - 1, of the width given, or a `ValueError`."""
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
    return group


def two_by_two(codes: Codes, first: Bools, second: Bools, n_groups: int) -> Ints:
    """Cases of each group by two facts, shape (n_groups, 4): neither, second, first, both."""
    counts = np.zeros(4 * (n_groups + 1), dtype=np.int64)
    for block in blocks(codes.size):
        cell = codes[block].astype(np.int64)
        cell += 1
        cell *= 2
        cell += first[block]
        cell *= 2
        cell += second[block]
        # bincount is as long as the largest of the block
        found = np.bincount(cell)
        counts[: found.size] += found
    return counts.reshape(-1, 4)[1:]
