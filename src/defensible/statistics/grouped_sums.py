"""Placements of the cases of each group among its other class, summed in one pass.

Cases stand by group, then score, as packed numbers. They are gone through a block of whole runs of
equal scores at a time, so that all arrays but the keys stay in the cache. A block gives each of its
groups a weight, a sum, and a sum of squares about the mean of that part; parts are put together at
the end, without cancellation.

References
----------
Chan, Golub, LeVeque. American Statistician 1983;37:242-247 (sums of squares of parts).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from defensible.statistics.arrays import Bools, Floats, Ints
from defensible.statistics.grouped_runs import (
    BLOCK,
    Codes,
    Packed,
    Sorted,
    narrow,
    packed_places,
    packed_runs,
    stretch_sums,
)


class GroupSums(NamedTuple):
    """Cases of each group, and means and sums of squares of their doubled placements.

    `beneath` is the mean over diseased cases of twice the number of healthy cases below, ties
    counting half; `under` the mean over healthy cases of the same of diseased cases. The squares
    are about these means.
    """

    n_diseased: Ints
    n_healthy: Ints
    beneath: Floats
    under: Floats
    squares_beneath: Floats
    squares_under: Floats


class _Block(NamedTuple):
    """Sorted cases `at` to `end`: run of each, its class in the lowest bit, and which case it is.

    `cases` is empty where nobody asks.
    """

    at: int
    end: int
    runs: Codes
    cases: Codes


class _Runs(NamedTuple):
    """The runs of a block, parted by `bounds` into those of the groups from `group` on.

    `last` is the last case of each, `truth` the class of the cases of the block.
    """

    group: int
    bounds: Ints
    last: Codes
    truth: Bools
    diseased: Codes
    healthy: Codes
    beneath: Codes
    under: Codes


class _Part(NamedTuple):
    """One class of the groups of a block: all of its cases, and those whose squares count."""

    group: Ints
    n: Floats
    total: Floats
    n_squared: Floats
    mean_squared: Floats
    squares: Floats


def of_groups(cases: Sorted, codes: Codes, n_groups: int) -> GroupSums:
    """The sums of every group."""
    packed = packed_runs(cases, codes, n_groups)
    parts = [
        (
            _part(runs, runs.diseased, runs.beneath, runs.diseased),
            _part(runs, runs.healthy, runs.under, runs.healthy),
        )
        for _, runs in _runs_of(packed, _blocks_of_runs(packed))
    ]
    return _together(parts, n_groups)


def of_groups_and_cases(
    cases: Sorted, codes: Codes, n_groups: int, apart: Bools
) -> tuple[GroupSums, Codes]:
    """The same, without the squares of the cases that are `apart`; and the placements of these.

    Placements are doubled, in the order of the cases given, and 0 for a case that is not `apart`.
    """
    n = cases.truth.size
    packed = packed_places(cases, codes, n_groups)
    placements = np.zeros(n, dtype=narrow(n))
    parts = []
    for block, runs in _runs_of(packed, _blocks_of_places(packed, cases)):
        held = np.flatnonzero(apart[block.cases])
        n_runs = runs.last.size
        run = np.repeat(np.arange(n_runs), runs.diseased + runs.healthy)[held]
        present = runs.truth[held]
        placed = np.where(present, runs.beneath[run], runs.under[run])
        placements[block.cases[held]] = placed
        diseased = runs.diseased - np.bincount(run[present], minlength=n_runs)
        healthy = runs.healthy - np.bincount(run[~present], minlength=n_runs)
        parts.append(
            (
                _part(runs, runs.diseased, runs.beneath, diseased),
                _part(runs, runs.healthy, runs.under, healthy),
            )
        )
    return _together(parts, n_groups), placements


def _blocks_of_runs(packed: Packed) -> Iterator[_Block]:
    """Blocks where the lower number of a key is the run."""
    keys, none = packed.keys, np.empty(0, dtype=np.int64)
    at = 0
    while at < keys.size:
        end = min(at + BLOCK, keys.size)
        if end < keys.size:  # the diseased cases of a run come last
            end = int(np.searchsorted(keys, keys[end - 1] | keys.dtype.type(1), side="right"))
        yield _Block(at, end, keys[at:end], none)
        at = end


def _blocks_of_places(packed: Packed, cases: Sorted) -> Iterator[_Block]:
    """Blocks where the lower number of a key is the place in the order of score."""
    keys = packed.keys
    mask = keys.dtype.type((1 << packed.bits) - 1)
    at = 0
    while at < keys.size:
        end = min(at + BLOCK, keys.size)
        if end < keys.size:
            place = int(keys[end - 1] & mask)
            more = int(np.argmax(cases.closes[place:]))
            last = keys.dtype.type(int(keys[end - 1]) + more)
            end = int(np.searchsorted(keys, last, side="right"))
        places = keys[at:end] & mask
        yield _Block(at, end, cases.runs[places], cases.order[places])
        at = end


def _runs_of(packed: Packed, blocks: Iterator[_Block]) -> Iterator[tuple[_Block, _Runs]]:
    """The runs of every block; what a group had in earlier blocks is carried along."""
    start, whole = packed.start, narrow(packed.keys.size)  # narrow counts are summed much faster
    diseased_before = healthy_before = 0
    for block in blocks:
        group = int(np.searchsorted(start, block.at, side="right")) - 1
        past = int(np.searchsorted(start, block.end))
        edges = np.clip(start[group : past + 1], block.at, block.end) - block.at
        truth = (block.runs & block.runs.dtype.type(1)).astype(np.bool_)
        last = _last_of_runs(block.runs, edges)
        bounds = np.searchsorted(last, edges)
        diseased_to = np.cumsum(truth, dtype=whole)[last]
        healthy_to = last + whole(1) - diseased_to
        diseased, healthy = _steps(diseased_to), _steps(healthy_to)
        n_runs = np.diff(bounds)
        carried = start[group] < block.at
        base_diseased, base_healthy = _before(diseased_to, bounds), _before(healthy_to, bounds)
        if carried:
            base_diseased[0], base_healthy[0] = -diseased_before, -healthy_before
        diseased_before = int(diseased_to[-1] - base_diseased[-1])
        healthy_before = int(healthy_to[-1] - base_healthy[-1])
        yield (
            block,
            _Runs(
                group=group,
                bounds=bounds,
                last=last,
                truth=truth,
                diseased=diseased,
                healthy=healthy,
                beneath=whole(2) * (healthy_to - np.repeat(base_healthy, n_runs)) - healthy,
                under=whole(2) * (diseased_to - np.repeat(base_diseased, n_runs)) - diseased,
            ),
        )


def _last_of_runs(runs: Codes, edges: Ints) -> Codes:
    """The last case of each run; a run ends with its group."""
    closes = np.ones(runs.size, dtype=np.bool_)
    halves = runs >> runs.dtype.type(1)
    np.not_equal(halves[1:], halves[:-1], out=closes[:-1])
    ends = edges[1:]
    closes[ends[ends > 0] - 1] = True
    return np.flatnonzero(closes).astype(narrow(runs.size))


def _steps(cumulated: Codes) -> Codes:
    """What each entry adds to the one before."""
    found = cumulated.copy()
    found[1:] -= cumulated[:-1]
    return found


def _before(cumulated: Codes, bounds: Ints) -> Codes:
    """Cumulated counts before the first run of each group."""
    first = bounds[:-1]
    return np.where(first > 0, cumulated[first - 1], cumulated.dtype.type(0))


def _part(runs: _Runs, weights: Codes, values: Codes, squared: Codes) -> _Part:
    """Sum of the values by weight, and of squares of those that are `squared`, group by group."""
    bounds = runs.bounds
    n, total = stretch_sums(weights, bounds), stretch_sums(_products(weights, values), bounds)
    n_squared, total_squared = n, total
    if squared is not weights:
        n_squared = stretch_sums(squared, bounds)
        total_squared = stretch_sums(_products(squared, values), bounds)
    mean = total_squared / np.maximum(n_squared, 1)
    centred: Floats = values.astype(np.float64)
    centred -= np.repeat(mean, np.diff(bounds))
    centred *= centred
    centred *= squared
    group = np.arange(runs.group, runs.group + n.size)
    return _Part(group, n, total, n_squared, mean, stretch_sums(centred, bounds))


def _products(weights: Codes, values: Codes) -> Floats:
    found: Floats = values.astype(np.float64)
    found *= weights
    return found


def _together(parts: list[tuple[_Part, _Part]], n_groups: int) -> GroupSums:
    """The parts of all blocks put together, group by group."""
    found = []
    for of_class in (0, 1):
        if not parts:
            found.append((np.zeros(n_groups, dtype=np.int64), *np.zeros((2, n_groups))))
            continue
        held = _Part(
            *(np.concatenate(one) for one in zip(*(p[of_class] for p in parts), strict=True))
        )
        n, total = (np.bincount(held.group, one, n_groups) for one in (held.n, held.total))
        mean = total / np.maximum(n, 1)
        off = held.mean_squared - mean[held.group]
        squares = np.bincount(held.group, held.squares + held.n_squared * off * off, n_groups)
        found.append((n.astype(np.int64), mean, squares))
    (m, beneath, squares_beneath), (n, under, squares_under) = found
    return GroupSums(m, n, beneath, under, squares_beneath, squares_under)
