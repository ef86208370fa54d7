"""Cases sorted for grouping: by score once for all groupings, then by group for each.

A case's group, and its place in the order of score or the run of equal scores that holds it, are
packed into one whole number, 32 bits where that is enough: one plain sort parts the groups, and
nothing is gathered after it.
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


class Packed(NamedTuple):
    """Cases by group, then by a lower number of `bits` bits, one key each, sorted.

    `start` is where each group begins, and where the last one ends.
    """

    keys: Codes
    bits: int
    start: Ints


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


def packed_runs(cases: Sorted, codes: Codes, n_groups: int) -> Packed:
    """Cases by group, then run of equal scores, the class in the lowest bit."""
    group = _along(cases, codes, n_groups)
    return _packed(group.codes, group.of(cases.runs), n_groups)


def packed_places(cases: Sorted, codes: Codes, n_groups: int) -> Packed:
    """Cases by group, then place in the order of score."""
    n = cases.truth.size
    group = _along(cases, codes, n_groups)
    kind: type[Any] = np.uint32 if n < 2**32 else np.uint64
    return _packed(group.codes, group.of(np.arange(n, dtype=kind)), n_groups)


class _Along(NamedTuple):
    """Group of each case along the order of score, and which cases have one."""

    codes: Codes
    kept: Bools | None

    def of(self, along: Codes) -> Codes:
        """What stands along the order of score, of the cases that have a group."""
        return along if self.kept is None else along[self.kept]


def _along(cases: Sorted, codes: Codes, n_groups: int) -> _Along:
    group = group_codes(codes, n_groups)
    same_length(truth=cases.truth, codes=group)
    along = group[cases.order]
    kept = along >= 0
    return _Along(along, None) if kept.all() else _Along(along[kept], kept)


def _packed(group: Codes, lower: Codes, n_groups: int) -> Packed:
    bits = int(lower.max()).bit_length() if lower.size else 0
    kind: type[Any] = np.uint32 if bits + (n_groups - 1).bit_length() <= 32 else np.uint64
    keys: Codes = group.astype(kind)
    keys <<= keys.dtype.type(bits)
    keys |= lower
    keys.sort()
    firsts = np.arange(n_groups, dtype=np.uint64) << np.uint64(bits)
    starts = np.searchsorted(keys, firsts.astype(kind))
    return Packed(keys, bits, np.append(starts, keys.size))


def blocks(n: int) -> Iterator[slice]:
    """All of `n` entries, so many at a time that their arrays stay in the cache."""
    return (slice(at, min(at + BLOCK, n)) for at in range(0, n, BLOCK))


def stretch_sums(values: Floats | Codes, bounds: Ints) -> Floats:
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
