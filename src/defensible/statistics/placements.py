"""Placement values: where each case of one class stands among the other, for every reader at once.

The placement of a diseased case is the share of non-diseased cases rated below it, a tie counting
half; of a non-diseased case, the share of diseased cases rated above it. Their means are the AUC.
"""

from dataclasses import dataclass

import numpy as np

from defensible.statistics.arrays import Bools, Floats, Ints
from defensible.statistics.reader_table import ReaderTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Placements:
    """Placement values of every cell (modality, reader), modality-major.

    Attributes
    ----------
    auc : float array, shape (n_cells,)
        Area under the empirical ROC curve of the cell.
    diseased : float array, shape (n_cells, n_diseased)
        Placement of each diseased case; 0 where not read.
    healthy : float array, shape (n_cells, n_healthy)
        Placement of each non-diseased case; 0 where not read.
    read_diseased, read_healthy : bool arrays
        What was read, same shapes.
    """

    auc: Floats
    diseased: Floats
    healthy: Floats
    read_diseased: Bools
    read_healthy: Bools


def of_table(table: ReaderTable) -> Placements:
    """Placement values of all cells of a table; each cell needs a case of either class.

    One sort a cell, O(cells * n log n); ties share the mean of the counts at both their ends.
    """
    cells = len(table.modalities) * len(table.readers)
    read = table.read.reshape(cells, -1)
    # What was not read sorts last and counts for nothing.
    keys = np.where(read, table.ratings.reshape(cells, -1), np.inf)
    order = np.argsort(keys, axis=1)
    ranked = np.take_along_axis(keys, order, axis=1)
    healthy = np.take_along_axis(read & ~table.truth, order, axis=1)
    diseased = np.take_along_axis(read & table.truth, order, axis=1)
    n, m = healthy.sum(axis=1)[:, None], diseased.sum(axis=1)[:, None]
    ends = np.ones(ranked.shape, dtype=np.bool_)
    np.not_equal(ranked[:, 1:], ranked[:, :-1], out=ends[:, :-1])
    placed = np.empty(ranked.shape)
    values = np.where(
        diseased,
        _doubled_counts(healthy, ends) / (2.0 * n),
        1.0 - _doubled_counts(diseased, ends) / (2.0 * m),
    )
    np.put_along_axis(placed, order, np.where(healthy | diseased, values, 0.0), axis=1)
    above, below = placed[:, table.truth], placed[:, ~table.truth]
    return Placements(
        auc=above.sum(axis=1) / m[:, 0],
        diseased=above,
        healthy=below,
        read_diseased=read[:, table.truth],
        read_healthy=read[:, ~table.truth],
    )


def _doubled_counts(counted: Bools, ends: Bools) -> Ints:
    """Twice the number counted below each place, ties counting half; `ends` closes tied runs."""
    upto = np.cumsum(counted, axis=1)
    if ends.all():
        return 2 * upto - counted
    last = np.flatnonzero(ends)
    first = np.concatenate([[0], last[:-1] + 1])
    doubled: Ints = upto.flat[last] + upto.flat[first] - counted.flat[first]
    runs: Ints = np.repeat(doubled, last - first + 1).reshape(upto.shape)
    return runs
