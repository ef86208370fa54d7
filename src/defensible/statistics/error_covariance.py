"""Covariances of readers' figures of merit due to cases: what Obuchowski-Rockette starts from.

One function, one estimator: DeLong, unbiased (U-statistic), jackknife, bootstrap. Every one takes
cases as independent and returns the matrix over cells (modality, reader), modality-major. Cells
that share no case have covariance 0, so cases nested in modalities or readers need no flag.
"""

from dataclasses import dataclass, replace

import numpy as np

from defensible.statistics import case_bootstrap, leave_one_out, pair_products, placements
from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.reader_table import ReaderTable, two_classes


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCovariance:
    """Figures of merit of all readers in all modalities, and their covariance due to cases.

    Attributes
    ----------
    figure, method : str
        Figure of merit and estimator of the covariance.
    modalities, readers : tuple of str
        Names along the axes.
    values : float array, shape (n_modalities, n_readers)
        Figures of merit.
    matrix : float array, shape (n_modalities * n_readers, n_modalities * n_readers)
        Covariance over cells, modality-major.
    n_cases, n_diseased : int
        Sizes of the study.
    lowest, highest : float
        Range of the figure.
    """

    figure: str
    method: str
    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    values: Floats
    matrix: Floats
    n_cases: int
    n_diseased: int
    lowest: float = 0.0
    highest: float = 1.0


def delong(table: ReaderTable) -> ErrorCovariance:
    """DeLong's covariance of the empirical AUCs.

    Raises
    ------
    ValueError
        A reader read fewer than two cases of a class in a modality.

    Notes
    -----
    O(cells * n log n + cells^2 * n): placement values and one matrix product a class. Where two
    cells share only some cases, the product runs over those, divides by both cells' sizes and is
    corrected as `correction` says.

    References
    ----------
    DeLong, DeLong, Clarke-Pearson. Biometrics 1988;44:837-845.
    """
    two_classes(table)
    placed = placements.of_table(table)
    matrix = _placement_covariance(placed.diseased, placed.read_diseased, placed.auc)
    matrix += _placement_covariance(placed.healthy, placed.read_healthy, placed.auc)
    return _of_auc(table, placed.auc, matrix, "DeLong")


def unbiased(table: ReaderTable) -> ErrorCovariance:
    """Unbiased covariance of the empirical AUCs, from U-statistics.

    May give a matrix that is not positive semidefinite, as unbiased estimators do.

    Raises
    ------
    ValueError
        A reader read fewer than two cases of a class in a modality.

    Notes
    -----
    O(cells^2 * m * n) by matrix products over blocks of case pairs.

    References
    ----------
    Gallas. Academic Radiology 2006;13:353-362.
    """
    two_classes(table)
    sums = pair_products.of_cells(table)
    auc = sums.wins / sums.pairs
    same_both, same_healthy = sums.same_both, sums.same_healthy - sums.same_both
    same_diseased = sums.same_diseased - sums.same_both
    # Moments over distinct case pairs times their share of all pairs; the last is what remains.
    total = np.outer(sums.pairs, sums.pairs)
    apart = np.outer(sums.wins, sums.wins) - same_both - same_healthy - same_diseased
    n_apart = total - sums.n_same_healthy - sums.n_same_diseased + sums.n_same_both
    square = apart / n_apart
    n_shared = total - n_apart
    matrix = (same_both + same_healthy + same_diseased - n_shared * square) / total
    return _of_auc(table, auc, matrix, "unbiased")


def jackknife(replicates: leave_one_out.LeaveOneOut) -> ErrorCovariance:
    """Jackknife covariance of any figure of merit, from its values without each case.

    References
    ----------
    Hillis, Obuchowski, Schartz, Berbaum. Statistics in Medicine 2005;24:1579-1607.
    """
    n = replicates.left_out.shape[0]
    around = replicates.left_out.reshape(n, -1)
    around = around - around.mean(axis=0)
    return ErrorCovariance(
        figure=replicates.figure,
        method="jackknife",
        modalities=replicates.modalities,
        readers=replicates.readers,
        values=replicates.values,
        matrix=(n - 1) / n * (around.T @ around),
        n_cases=replicates.n_cases,
        n_diseased=replicates.n_diseased,
        lowest=replicates.lowest,
        highest=replicates.highest,
    )


def jackknife_by_cell(replicates: leave_one_out.LeaveOneOut) -> ErrorCovariance:
    """Jackknife covariance in which each cell counts the cases it read, whatever others read.

    Where every reader read every case in every modality it is `jackknife`; there, all cases of the
    study count in every cell, as in other programs.

    Raises
    ------
    ValueError
        Readings are missing, and the replicates do not say which.

    Notes
    -----
    Deviations are from the mean of a cell's own replicates; with n and n' cases, s of them shared,
    their products are scaled by (n - 1)(n' - 1) / (n n') times `correction`.
    """
    plain = jackknife(replicates)
    if replicates.crossed:
        return plain
    around = added(replicates)
    return replace(plain, matrix=(around @ around.T) * correction(_read(replicates)))


def added(replicates: leave_one_out.LeaveOneOut) -> Floats:
    """What each unit left out adds to each cell beyond its value, linearized.

    Shape (n_cells, n_left_out); 0 where the cell did not read the unit, and each cell sums to 0.
    Raises `ValueError` as `jackknife_by_cell`.
    """
    read = _read(replicates)
    left_out, size = replicates.left_out.reshape(read.shape[1], -1).T, read.sum(axis=1)[:, None]
    means = (left_out * read).sum(axis=1, keepdims=True) / size
    found: Floats = np.where(read, means - left_out, 0.0) * ((size - 1) / size)
    return found


def _read(replicates: leave_one_out.LeaveOneOut) -> Bools:
    """Which cells read which unit, shape (n_cells, n_left_out)."""
    n = replicates.left_out.shape[0]
    if replicates.crossed:
        return np.ones((replicates.values.size, n), dtype=np.bool_)
    if replicates.read is None:
        raise ValueError("readings are missing, and the replicates do not say which")
    return replicates.read.reshape(n, -1).T


def bootstrap(replicates: case_bootstrap.CaseBootstrap) -> ErrorCovariance:
    """Bootstrap covariance of any figure of merit, from its values in resampled cases."""
    n = replicates.replicates.shape[0]
    around = replicates.replicates.reshape(n, -1)
    around = around - around.mean(axis=0)
    return ErrorCovariance(
        figure=replicates.figure,
        method=f"bootstrap ({n} replicates, seed {replicates.seed})",
        modalities=replicates.modalities,
        readers=replicates.readers,
        values=replicates.values,
        matrix=around.T @ around / (n - 1),
        n_cases=replicates.n_cases,
        n_diseased=replicates.n_diseased,
        lowest=replicates.lowest,
        highest=replicates.highest,
    )


def _placement_covariance(placed: Floats, read: Bools, auc: Floats) -> Floats:
    centred = np.where(read, placed - auc[:, None], 0.0)
    size = read.sum(axis=1)
    return centred @ centred.T * correction(read) / np.outer(size, size)


def correction(read: Bools) -> Floats:
    """What makes the covariance of two means unbiased, each over the units that its cell read.

    Parameters
    ----------
    read : bool array, shape (n_cells, n_units)
        Cases, or patients, of each cell; two or more.

    Notes
    -----
    With n and n' units, s of them shared, products of deviations from the cells' own means sum to
    s (1 - 1/n - 1/n' + s / (n n')) covariances on average: n / (n - 1) where all are shared.
    """
    counts = read.astype(np.float64)
    shared, size = counts @ counts.T, counts.sum(axis=1)
    both = np.outer(size, size)
    rest = both - size[:, None] - size + shared
    found: Floats = np.divide(both, rest, out=np.zeros_like(both), where=(shared > 0) & (rest > 0))
    return found


def _of_auc(table: ReaderTable, auc: Floats, matrix: Floats, method: str) -> ErrorCovariance:
    return ErrorCovariance(
        figure="AUC",
        method=method,
        modalities=table.modalities,
        readers=table.readers,
        values=auc.reshape(len(table.modalities), len(table.readers)),
        matrix=matrix,
        n_cases=table.n_cases,
        n_diseased=table.n_diseased,
    )
