"""Sums over pairs of cases for U-statistics of ratings or marks, as they are or about their means.

The success of a diseased case against a healthy one is that of the AUC for ratings. For marks it is
the weight of the lesions rated above the highest false mark of the healthy case, ties counting
half: the wAFROC; with one lesion a case it is the AUC's.

Moments with missing readings are means over different pairs, so what all successes share leaves
noise in their differences. About the mean of its modality (of the reader, for a reader's own
figure) nothing is shared, and where every reader read every case the variances are the same.
"""

from dataclasses import dataclass, replace

import numpy as np

from defensible.statistics import froc, u_moments
from defensible.statistics.arrays import Floats
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.reader_table import ReaderTable
from defensible.statistics.u_moments import PairSums, UMoments


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dense:
    """Sums as they are, with what takes them about a mean.

    `total` sums successes over readers for each pair of cases, (modality, healthy, diseased);
    `where_other`, (modality, other, reader), sums a modality's successes over the pairs that the
    reader read in the other one, too.
    """

    sums: PairSums
    total: Floats
    where_other: Floats


def plain(table: ReaderTable | FrocTable) -> UMoments:
    """Moments of the successes themselves, as `u_moments.of_table` has them for ratings."""
    return u_moments.of_sums(_dense(table).sums)


def centred(table: ReaderTable | FrocTable) -> UMoments:
    """Moments about the mean of each modality.

    Raises
    ------
    ValueError
        One class is missing, a modality was read by fewer than two readers, or no two readings of
        it are independent.

    Notes
    -----
    O(cells * n_diseased * n_healthy) time, lesions in place of cases for marks; memory for the
    pairs of cases of each modality, a few times.
    """
    dense = _dense(table)
    found = u_moments.of_sums(dense.sums)
    about = np.repeat(found.auc[:, None], len(table.readers), axis=1)
    sums = dense.sums
    both = np.einsum("arh,ard->ahd", sums.read_healthy, sums.read_diseased, optimize=True)
    rest = dense.total - found.auc[:, None, None] * both
    of_modality = replace(_about(dense, about), any_readers=_products(rest))
    return replace(
        found,
        covariances=u_moments.of_sums(of_modality).covariances,
        reader_covariance=u_moments.of_readers(_about(dense, np.nan_to_num(found.reader_auc))),
    )


def _about(dense: _Dense, mean: Floats) -> PairSums:
    """Sums of successes less the mean of their cell (modality, reader), but `any_readers`."""
    sums, across = dense.sums, dense.where_other
    d, h = sums.read_diseased, sums.read_healthy
    shared = np.einsum("ard,brd->abr", d, d) * np.einsum("arh,brh->abr", h, h)
    moved = mean[None] * across
    return replace(
        sums,
        diseased=sums.diseased - (mean * h.sum(axis=2))[..., None] * d,
        healthy=sums.healthy - (mean * d.sum(axis=2))[..., None] * h,
        one_reader=sums.one_reader - moved - moved.swapaxes(0, 1) + mean[:, None] * mean * shared,
    )


def _dense(table: ReaderTable | FrocTable) -> _Dense:
    t, r = table.read.shape[:2]
    m, n = int(table.truth.sum()), int((~table.truth).sum())
    if not (m and n):
        raise ValueError("the table must hold diseased and healthy cases; one class is missing")
    read = table.read.astype(np.float64)
    read_diseased, read_healthy = read[:, :, table.truth], read[:, :, ~table.truth]
    diseased, healthy = np.zeros((t, r, m)), np.zeros((t, r, n))
    one_reader, where_other = np.zeros((2, t, t, r))
    total = np.zeros((t, n, m))
    for reader in range(r):
        of = np.stack([_successes(table, (modality, reader)) for modality in range(t)])
        diseased[:, reader], healthy[:, reader] = of.sum(axis=1), of.sum(axis=2)
        one_reader[:, :, reader] = _products(of)
        on, off = read_diseased[:, reader].T, read_healthy[:, reader]
        where_other[:, :, reader] = ((of @ on).swapaxes(1, 2) * off).sum(axis=2)
        total += of
    return _Dense(
        sums=PairSums(
            modalities=table.modalities,
            diseased=diseased,
            healthy=healthy,
            read_diseased=read_diseased,
            read_healthy=read_healthy,
            pairs=read_diseased.sum(axis=2) * read_healthy.sum(axis=2),
            one_reader=one_reader,
            any_readers=_products(total),
        ),
        total=total,
        where_other=where_other,
    )


def _successes(table: ReaderTable | FrocTable, cell: tuple[int, int]) -> Floats:
    """Of all cases, shape (n_healthy, n_diseased); 0 where the cell did not read one of them."""
    on, off = table.read[cell][table.truth], table.read[cell][~table.truth]
    if isinstance(table, FrocTable):
        found = froc.pairs(table, froc.WAFROC, cell).success
        if on.all() and off.all():
            return found
        whole = np.zeros((off.size, on.size))
        whole[np.ix_(off, on)] = found
        return whole
    # What was not read loses every comparison.
    healthy = np.where(off, table.ratings[cell][~table.truth], np.inf)[:, None]
    diseased = np.where(on, table.ratings[cell][table.truth], -np.inf)
    successes: Floats = np.add(healthy < diseased, healthy <= diseased, dtype=np.float64)
    successes *= 0.5
    return successes


def _products(of: Floats) -> Floats:
    """Sums over case pairs of the products of any two modalities."""
    flat = of.reshape(of.shape[0], -1)
    found: Floats = flat @ flat.T
    return found
