"""Sums of products of success indicators over pairs of cases: the raw matter of U-statistics.

For reader r, non-diseased case i and diseased case j, the success is 1 where j is rated above i,
one half for a tie, 0 below or where one of them was not read. Doubled successes are small whole
numbers, so all sums here are exact; blocks of pairs keep memory flat.
"""

from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from defensible.statistics import placements
from defensible.statistics.arrays import Bools, Floats, Ints
from defensible.statistics.reader_table import ReaderTable

_Ranks: TypeAlias = NDArray[np.integer]
_PAIRS = 1 << 16  # case pairs in a block: its arrays stay in the cache


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProducts:
    """Sums over case pairs for each pair of cells (modality, reader), modality-major.

    Attributes
    ----------
    wins, pairs : float arrays, shape (n_cells,)
        Sum of successes and number of case pairs read.
    same_both, same_healthy, same_diseased : float arrays, shape (n_cells, n_cells)
        Sums of products of successes that share both cases, the non-diseased, the diseased one.
    n_same_both, n_same_healthy, n_same_diseased : float arrays, same shape
        Numbers of such products.
    """

    wins: Floats
    pairs: Floats
    same_both: Floats
    same_healthy: Floats
    same_diseased: Floats
    n_same_both: Floats
    n_same_healthy: Floats
    n_same_diseased: Floats


def of_cells(table: ReaderTable) -> CellProducts:
    """Sums for every pair of cells; O(cells^2 * m * n) by matrix products."""
    placed = placements.of_table(table)
    m = placed.read_diseased.sum(axis=1).astype(np.float64)
    n = placed.read_healthy.sum(axis=1).astype(np.float64)
    of_diseased, of_healthy = sums_by_case(placed)
    shared_diseased = _overlap(placed.read_diseased)
    shared_healthy = _overlap(placed.read_healthy)
    return CellProducts(
        wins=of_diseased.sum(axis=1),
        pairs=m * n,
        same_both=_gram(table),
        same_healthy=of_healthy @ of_healthy.T,
        same_diseased=of_diseased @ of_diseased.T,
        n_same_both=shared_healthy * shared_diseased,
        n_same_healthy=shared_healthy * np.outer(m, m),
        n_same_diseased=shared_diseased * np.outer(n, n),
    )


def sums_by_case(placed: placements.Placements) -> tuple[Floats, Floats]:
    """Sum of successes over the other class for each diseased and each non-diseased case, exact."""
    m = placed.read_diseased.sum(axis=1)[:, None]
    n = placed.read_healthy.sum(axis=1)[:, None]
    return np.rint(2 * placed.diseased * n) / 2, np.rint(2 * placed.healthy * m) / 2


def same_pair(table: ReaderTable) -> tuple[Floats, Floats]:
    """Sums of products over the same case pair: by each reader, and by any two readers.

    Returns
    -------
    one_reader : float array, shape (n_modalities, n_modalities, n_readers)
        One reader in both modalities.
    any_readers : float array, shape (n_modalities, n_modalities)
        Over all pairs of readers, including a reader with herself: only the sum over readers of
        each case pair is needed, never pairs of readers.
    """
    healthy, diseased = _ranks(table)
    doubled_wins, tied = _wins_and_ties(healthy, diseased)
    # The longer class along the rows of memory; 63 products of at most 4 fit a byte.
    upright = healthy.shape[2] <= diseased.shape[2]
    short, long = (healthy, diseased) if upright else (diseased, healthy)
    rows = min(63, max(1, _PAIRS // long.shape[2]))
    n_modalities, n_readers = tied.shape
    one, both = np.zeros((n_modalities, n_modalities, n_readers)), np.zeros((n_modalities,) * 2)
    for modality in range(n_modalities):
        # A success squared is itself, but for a tie: a quarter, not a half.
        one[modality, modality] = 2 * doubled_wins[modality] - tied[modality]
    for start in range(0, short.shape[2], rows):
        block = short[:, :, start : start + rows]
        pair = (block[..., None], long[:, :, None])
        summed = _block(*(pair if upright else pair[::-1]), tied > 0, one)
        for first, second in combinations_with_replacement(range(n_modalities), 2):
            both[first, second] += np.dot(summed[first], summed[second])
    return _symmetric(one) / 4, _symmetric(both) / 4


def _block(healthy: _Ranks, diseased: _Ranks, tied: Bools, one: Floats) -> Floats:
    """Doubled successes summed over readers; adds products of two modalities to `one`."""
    n_modalities, n_readers = tied.shape
    shape = np.broadcast_shapes(healthy.shape[2:], diseased.shape[2:])
    # A doubled success is at most 2 a reader: 127 readers fit a byte.
    summed = np.zeros((n_modalities, *shape), dtype=np.uint8 if n_readers < 128 else np.uint32)
    doubled = np.empty((n_modalities, *shape), dtype=np.uint8)
    scratch = np.empty(shape, dtype=np.uint8)
    for reader in range(n_readers):
        for modality in range(n_modalities):
            below, above = healthy[modality, reader], diseased[modality, reader]
            wins = doubled[modality]
            np.less(below, above, out=wins.view(np.bool_))
            if tied[modality, reader]:
                np.less_equal(below, above, out=scratch.view(np.bool_))
                wins += scratch
            else:
                wins += wins
            summed[modality] += wins
        for first, second in combinations(range(n_modalities), 2):
            np.multiply(doubled[first], doubled[second], out=scratch)
            one[first, second, reader] += scratch.sum(axis=0, dtype=np.uint8).sum(dtype=np.int64)
    return summed.reshape(n_modalities, -1).astype(np.float64)


def _wins_and_ties(healthy: _Ranks, diseased: _Ranks) -> tuple[Ints, Ints]:
    """Sum of doubled successes and number of tied case pairs of each cell."""
    wins, tied = np.empty((2, *healthy.shape[:2]), dtype=np.int64)
    for cell in np.ndindex(*tied.shape):
        up = np.sort(diseased[cell])
        below = np.searchsorted(up, healthy[cell])
        upto = np.searchsorted(up, healthy[cell], side="right")
        wins[cell] = 2 * healthy.shape[2] * up.size - below.sum() - upto.sum()
        tied[cell] = (upto - below).sum()
    return wins, tied


def _gram(table: ReaderTable) -> Floats:
    healthy, diseased = _ranks(table)
    healthy = healthy.reshape(-1, healthy.shape[2])
    diseased = diseased.reshape(-1, diseased.shape[2])
    cells = healthy.shape[0]
    # Products of doubled successes are at most 4: a block's float32 sums stay below 2^24, exact.
    rows = max(1, _PAIRS // diseased.shape[1])
    total = np.zeros((cells, cells))
    for start in range(0, healthy.shape[1], rows):
        block = healthy[:, start : start + rows]
        doubled = (block[:, :, None] < diseased[:, None]).astype(np.float32)
        doubled += block[:, :, None] <= diseased[:, None]
        flat = doubled.reshape(cells, -1)
        total += flat @ flat.T
    return total / 4


def _ranks(table: ReaderTable) -> tuple[_Ranks, _Ranks]:
    """Ratings as whole ranks per cell; what was not read loses every comparison."""
    ranks = np.empty(table.ratings.shape, dtype=np.int32)
    for cell in np.ndindex(*table.ratings.shape[:2]):
        ranks[cell] = np.unique(table.ratings[cell], return_inverse=True)[1]
    ranks += 1
    top = int(ranks.max()) + 1
    kind = np.min_scalar_type(top) if top < 2**16 else np.int32
    narrow = ranks.astype(kind)
    healthy = np.where(table.read, narrow, narrow.dtype.type(top))[:, :, ~table.truth]
    diseased = np.where(table.read, narrow, narrow.dtype.type(0))[:, :, table.truth]
    return healthy, diseased


def _overlap(read: NDArray[np.bool_]) -> Floats:
    counts = read.astype(np.float64)
    return counts @ counts.T


def _symmetric(upper: Floats) -> Floats:
    """The array with its first two axes made symmetric; below the diagonal it must be 0."""
    whole = upper + upper.swapaxes(0, 1)
    diagonal = np.arange(upper.shape[0])
    whole[diagonal, diagonal] = upper[diagonal, diagonal]
    return whole
