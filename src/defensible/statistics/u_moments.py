"""Moments of the reader-averaged AUC, unbiased and biased, for any pattern of missing readings.

The moments M1 to M8 are mean products of two successes that share, in this order: reader and both
cases; reader and diseased case; reader and non-diseased case; reader; both cases; the diseased
case; the non-diseased case; nothing. The covariance of two modalities' AUCs is the sum of moments
times coefficients. Biased moments run over all products, unbiased ones over those that share no
more than is said.

References
----------
Gallas. Academic Radiology 2006;13:353-362.
Gallas, Bandos, Samuelson, Wagner. Commun Stat Theory Methods 2009;38:2586-2603.
Gallas, Brown. Neural Networks 2008;21:387-397 (arbitrary missing readings).
"""

from dataclasses import dataclass

import numpy as np

from defensible.statistics import pair_products, placements
from defensible.statistics.arrays import Floats
from defensible.statistics.reader_table import ReaderTable
from defensible.statistics.variance_components import (
    BarrettClarksonKupinski,
    coefficients_of_components,
    components_of_moments,
)

Eight = tuple[float, float, float, float, float, float, float, float]

# From sums over "shares at least this" to "shares just this", for one thing and for the three
# (reader, diseased, non-diseased), by inclusion and exclusion.
_ONE = np.array([[1.0, 0.0], [-1.0, 1.0]])
_JUST = np.kron(_ONE, np.kron(_ONE, _ONE))

# Each moment (counted from 0) as others give it where its own component of variance is 0.
_FROM_OTHERS = (
    (6, ((7, 1),)),
    (5, ((7, 1),)),
    (3, ((7, 1),)),
    (4, ((5, 1), (6, 1), (7, -1))),
    (2, ((3, 1), (6, 1), (7, -1))),
    (1, ((3, 1), (5, 1), (7, -1))),
    (0, ((1, 1), (2, 1), (3, -1), (4, 1), (5, -1), (6, -1), (7, 1))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModalityCovariance:
    """Variance of one modality's AUC, or covariance of two, with what it is made of.

    Attributes
    ----------
    first, second : str
        Modalities; the same for a variance.
    moments, biased_moments, coefficients : eight floats
        M1 to M8; a moment that no pair of readings can estimate is 0 and has coefficient 0.
    components, biased_components, component_coefficients : BarrettClarksonKupinski
        The same in terms of what is random.
    value, biased : float
        The (co)variance from unbiased and from biased moments.
    """

    first: str
    second: str
    moments: Eight
    biased_moments: Eight
    coefficients: Eight
    components: BarrettClarksonKupinski
    biased_components: BarrettClarksonKupinski
    component_coefficients: BarrettClarksonKupinski
    value: float
    biased: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UMoments:
    """AUCs of modalities and readers with their covariances.

    Attributes
    ----------
    auc : float array, shape (n_modalities,)
        Successes over pairs, over all readers: a reader counts by the pairs she read.
    covariances : dict from (modality, modality) indices to ModalityCovariance
        First index at most the second.
    reader_auc : float array, shape (n_modalities, n_readers)
        NaN where a reader read no pair.
    reader_covariance : float array, shape (n_modalities, n_modalities, n_readers)
        Unbiased covariance of one reader's AUCs with the reader fixed; NaN where undefined.
    """

    auc: Floats
    covariances: dict[tuple[int, int], ModalityCovariance]
    reader_auc: Floats
    reader_covariance: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSums:
    """Successes of pairs of a diseased and a non-diseased case, summed by case.

    Attributes
    ----------
    modalities : tuple of str
        Names along the first axis.
    diseased, healthy : float arrays, shape (n_modalities, n_readers, n_cases of the class)
        Sum over the other class; 0 where not read.
    read_diseased, read_healthy : float arrays, same shapes
        1 where read, else 0.
    pairs : float array, shape (n_modalities, n_readers)
        Pairs read.
    one_reader : float array, shape (n_modalities, n_modalities, n_readers)
        Products over the same pair of cases by one reader in two modalities.
    any_readers : float array, shape (n_modalities, n_modalities)
        The same over all pairs of readers, a reader with herself among them.
    """

    modalities: tuple[str, ...]
    diseased: Floats
    healthy: Floats
    read_diseased: Floats
    read_healthy: Floats
    pairs: Floats
    one_reader: Floats
    any_readers: Floats


def of_table(table: ReaderTable) -> UMoments:
    """Moments and covariances of the AUCs of all modalities of a table.

    Raises
    ------
    ValueError
        A modality was read by fewer than two readers, or no two readings of it are independent.

    Notes
    -----
    O(modalities * readers * m * n) comparisons of small integers in blocks, memory O(cells * n).
    """
    return of_sums(_sums(table))


def of_sums(sums: PairSums) -> UMoments:
    """The same of any mean of successes over pairs, each between 0 and 1; errors as `of_table`."""
    n_modalities = len(sums.modalities)
    for modality, name in enumerate(sums.modalities):
        n_readers = int((sums.pairs[modality] > 0).sum())
        if n_readers < 2:
            raise ValueError(
                "each modality must have two or more readers who read both classes; "
                f"modality {name} has {n_readers}"
            )
    covariances = {
        (first, second): _covariance(sums, first, second)
        for first in range(n_modalities)
        for second in range(first, n_modalities)
    }
    wins, pairs = sums.diseased.sum(axis=2), sums.pairs
    return UMoments(
        auc=wins.sum(axis=1) / pairs.sum(axis=1),
        covariances=covariances,
        reader_auc=_divided(wins, pairs),
        reader_covariance=of_readers(sums),
    )


def _sums(table: ReaderTable) -> PairSums:
    shape = (len(table.modalities), len(table.readers), -1)
    read_diseased = table.read[:, :, table.truth].astype(np.float64)
    read_healthy = table.read[:, :, ~table.truth].astype(np.float64)
    if not (read_diseased.size and read_healthy.size):
        raise ValueError("truth must hold diseased and non-diseased cases; one class is missing")
    with np.errstate(invalid="ignore", divide="ignore"):
        # A reader who read one class only has no placements: her sums are 0.
        placed = placements.of_table(table)
    diseased, healthy = pair_products.sums_by_case(placed)
    one_reader, any_readers = pair_products.same_pair(table)
    return PairSums(
        modalities=table.modalities,
        diseased=np.nan_to_num(diseased).reshape(shape),
        healthy=np.nan_to_num(healthy).reshape(shape),
        read_diseased=read_diseased,
        read_healthy=read_healthy,
        pairs=read_diseased.sum(axis=2) * read_healthy.sum(axis=2),
        one_reader=one_reader,
        any_readers=any_readers,
    )


def _covariance(sums: PairSums, first: int, second: int) -> ModalityCovariance:
    over_all, counts = _numerators(sums, first, second), _counts(sums, first, second)
    just, n_just = _JUST @ over_all, _JUST @ counts
    apart = _apart(sums, n_just)
    if apart is None:
        raise ValueError(
            "some two readings by two readers must share no case; there are none in modalities "
            f"{sums.modalities[first]} and {sums.modalities[second]}"
        )
    moments, biased = _ratio(just, n_just), _ratio(over_all, counts)
    share = n_just / counts[7]
    coefficients = share - np.eye(8)[apart]
    return ModalityCovariance(
        first=sums.modalities[first],
        second=sums.modalities[second],
        moments=_eight(moments),
        biased_moments=_eight(biased),
        coefficients=_eight(coefficients),
        components=components_of_moments(_filled(moments, n_just, apart)),
        biased_components=components_of_moments(_filled(biased, counts, apart)),
        component_coefficients=coefficients_of_components(coefficients),
        # The coefficients sum to 0: against one moment, equal moments give 0 without rounding.
        value=float(share @ np.where(share > 0, moments - moments[apart], 0)),
        biased=float(share @ np.where(share > 0, biased - biased[apart], 0)),
    )


def _apart(sums: PairSums, counts: Floats) -> int | None:
    """The moment of independent readings; a class of one case is fixed and may be shared."""
    if counts[7] > 0:
        return 7
    if sums.healthy.shape[2] == 1 and counts[6] > 0:
        return 6
    return 5 if sums.diseased.shape[2] == 1 and counts[5] > 0 else None


def _filled(moments: Floats, counts: Floats, apart: int) -> Floats:
    """Moments with those that no readings estimate set so that their own component is 0."""
    filled = moments.copy()
    if apart == 6:
        filled[1::2] = filled[::2]
    if apart == 5:
        filled[[2, 3, 6, 7]] = filled[[0, 1, 4, 5]]
    for moment, added in _FROM_OTHERS if apart == 7 else ():
        if not counts[moment] > 0:
            filled[moment] = sum(sign * filled[other] for other, sign in added)
    return filled


def _numerators(sums: PairSums, first: int, second: int) -> Floats:
    d, e = sums.diseased[first], sums.diseased[second]
    h, g = sums.healthy[first], sums.healthy[second]
    wins, other = d.sum(axis=1), e.sum(axis=1)
    return np.array(
        [
            sums.one_reader[first, second].sum(),
            (d * e).sum(),
            (h * g).sum(),
            wins @ other,
            sums.any_readers[first, second],
            d.sum(axis=0) @ e.sum(axis=0),
            h.sum(axis=0) @ g.sum(axis=0),
            wins.sum() * other.sum(),
        ]
    )


def _counts(sums: PairSums, first: int, second: int) -> Floats:
    d, e = sums.read_diseased[first], sums.read_diseased[second]
    h, g = sums.read_healthy[first], sums.read_healthy[second]
    m, m_other = d.sum(axis=1, keepdims=True), e.sum(axis=1, keepdims=True)
    n, n_other = h.sum(axis=1, keepdims=True), g.sum(axis=1, keepdims=True)
    pairs, others = sums.pairs[first], sums.pairs[second]
    return np.array(
        [
            ((d * e).sum(axis=1) * (h * g).sum(axis=1)).sum(),
            (n * n_other * d * e).sum(),
            (m * m_other * h * g).sum(),
            pairs @ others,
            ((d @ e.T) * (h @ g.T)).sum(),
            (n * d).sum(axis=0) @ (n_other * e).sum(axis=0),
            (m * h).sum(axis=0) @ (m_other * g).sum(axis=0),
            pairs.sum() * others.sum(),
        ]
    )


def of_readers(sums: PairSums) -> Floats:
    """Unbiased covariances of readers' own figures: the same moments without the reader's index."""
    just = np.kron(_ONE, _ONE)
    d, h = sums.diseased, sums.healthy
    u, v = sums.read_diseased, sums.read_healthy
    m, n = u.sum(axis=2), v.sum(axis=2)
    over_all = np.stack(
        [
            sums.one_reader,
            np.einsum("arj,brj->abr", d, d),
            np.einsum("ari,bri->abr", h, h),
            np.einsum("ar,br->abr", d.sum(axis=2), d.sum(axis=2)),
        ]
    )
    shared_diseased = np.einsum("arj,brj->abr", u, u)
    shared_healthy = np.einsum("ari,bri->abr", v, v)
    counts = np.stack(
        [
            shared_diseased * shared_healthy,
            shared_diseased * np.einsum("ar,br->abr", n, n),
            shared_healthy * np.einsum("ar,br->abr", m, m),
            np.einsum("ar,br->abr", m * n, m * n),
        ]
    )
    numerators = np.tensordot(just, over_all, axes=1)
    n_just = np.tensordot(just, counts, axes=1)
    apart = 2 if v.shape[2] == 1 else 1 if u.shape[2] == 1 else 3
    square = _divided(numerators[apart], n_just[apart])
    rest = numerators.sum(axis=0) - numerators[apart]
    covariance: Floats = _divided(rest, counts[3]) - square * _divided(
        counts[3] - n_just[apart], counts[3]
    )
    return covariance


def _divided(numerator: Floats, denominator: Floats) -> Floats:
    ratio: Floats = np.divide(
        numerator, denominator, out=np.full(denominator.shape, np.nan), where=denominator > 0
    )
    return ratio


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    ratio: Floats = np.divide(
        numerator, denominator, out=np.zeros(denominator.shape), where=denominator > 0
    )
    return ratio


def _eight(values: Floats) -> Eight:
    a, b, c, d, e, f, g, h = values.tolist()
    return a, b, c, d, e, f, g, h
