"""Areas under several ROC curves: their covariance, their differences, and whether they are equal.

A difference is the first area less the second. Scores of the same cases are paired; areas of
different cases are not. `paired_clustered` is for several cases a patient.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

from defensible.statistics import clustered, roc
from defensible.statistics.arrays import Bools, Floats, codes, confidence_level, same_length
from defensible.statistics.estimate import Caution, Estimate, Significance
from defensible.statistics.ranking import Placed, place, rank

FEW_OF_A_CLASS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariance:
    """Areas of several scores of the same cases, and their covariance matrix.

    Attributes
    ----------
    areas : float array, shape (n_scores,)
        Area under each empirical ROC curve.
    matrix : float array, shape (n_scores, n_scores)
        DeLong's covariances of the areas.
    n_diseased, n_healthy : int
        Cases of either class.
    """

    areas: Floats
    matrix: Floats
    n_diseased: int
    n_healthy: int


def covariance(truth: Bools, scores: Floats) -> Covariance:
    """Areas under the ROC curves of several scores of the same cases, with DeLong's covariances.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard: True where the condition is present. Two or more of each.
    scores : float array, shape (n_scores, n_cases)
        One row a score, each on any scale, higher is more suspicious. Finite.

    Raises
    ------
    ValueError
        Shapes differ, a score is not finite, a class has fewer than two cases.

    Notes
    -----
    One sort a score, O(n_scores * n log n). Reference values: pROC,
    `../shared/reference/values/{asah,pancreatic}/roc-proc.json`.

    References
    ----------
    DeLong, DeLong, Clarke-Pearson. Biometrics 1988;44:837-845.
    """
    rows = np.asarray(scores, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[0] == 0:
        raise ValueError(f"scores must have shape (n_scores, n_cases); {rows.shape} found")
    placed = [place(rank(truth, row, fewest=2)) for row in rows]
    present = placed[0].truth
    m = int(np.count_nonzero(present))
    n = present.size - m
    matrix = np.zeros((len(placed), len(placed)))
    for kind, size in ((present, m), (~present, n)):
        centred = np.stack([item.placements[kind] - item.area for item in placed])
        matrix += centred @ centred.T / ((size - 1) * size)
    areas = np.array([item.area for item in placed])
    return Covariance(areas=areas, matrix=matrix, n_diseased=m, n_healthy=n)


def paired(truth: Bools, first: Floats, second: Floats, *, level: float = 0.95) -> Estimate:
    """Difference of two areas on the same cases, with DeLong's interval.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard. Two or more of each.
    first, second : float arrays, shape (n_cases,)
        The two scores of each case; each on its own scale.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Returns
    -------
    Estimate
        First area less the second; `p` tests a difference of 0; limits cut to [-1, 1].

    Raises
    ------
    ValueError
        Lengths differ, a score is not finite, a class has fewer than two cases.

    Notes
    -----
    Where the two scores rank all cases alike there is no variance: `p` is 1 and the interval has no
    width, with a caution.
    """
    confidence_level(level)
    one, two = (place(rank(truth, scores, fewest=2)) for scores in (first, second))
    moved = one.placements - two.placements
    gap = one.area - two.area
    variance = 0.0
    for kind in (one.truth, ~one.truth):
        centred = moved[kind] - gap
        variance += float(centred @ centred) / (centred.size * (centred.size - 1))
    return _normal_gap(gap, variance, one, level, "DeLong, paired")


def paired_clustered(
    truth: Bools, first: Floats, second: Floats, cluster: ArrayLike, *, level: float = 0.95
) -> Estimate:
    """Difference of two areas on the same cases, patients being independent, after Obuchowski.

    Parameters
    ----------
    truth, first, second, level
        As in `paired`.
    cluster : array, shape (n_cases,)
        Patient of each case; two or more patients with a diseased case, and with a healthy one.

    Raises
    ------
    ValueError
        As in `paired`; or fewer than two patients have a case of either class.

    References
    ----------
    Obuchowski. Biometrics 1997;53:567-578.
    """
    confidence_level(level)
    one, two = (place(rank(truth, scores)) for scores in (first, second))
    patient = codes("cluster", cluster)
    same_length(truth=one.truth, cluster=patient)
    gap = one.area - two.area
    moved = one.placements - two.placements - gap
    variance = clustered.auc_variance(one.truth, moved, patient)
    n_clusters = int(patient.max()) + 1
    return _normal_gap(gap, variance, one, level, "Obuchowski, clustered, paired", n_clusters)


def unpaired(
    truth1: Bools, scores1: Floats, truth2: Bools, scores2: Floats, *, level: float = 0.95
) -> Estimate:
    """Difference of two areas on different cases, with DeLong's variances and a t interval.

    Degrees of freedom as Welch and Satterthwaite, on the cases of either group (pROC's choice).

    Parameters
    ----------
    truth1, scores1, truth2, scores2 : arrays, shapes (n1,) and (n2,)
        Reference standard and score of the first group's cases, and of the second's.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        As `roc.auc`, for either group.
    """
    one, two = roc.auc(truth1, scores1), roc.auc(truth2, scores2)
    confidence_level(level)
    gap = one.value - two.value
    variances = [(item.se or 0.0) ** 2 for item in (one, two)]
    variance = sum(variances)
    if variance == 0:
        return _gap(gap, 0.0, 0.0, one.n + two.n, level, "DeLong, unpaired", p=float(gap == 0))
    df = variance**2 / sum(
        part**2 / (item.n - 1) for part, item in zip(variances, (one, two), strict=True)
    )
    se = math.sqrt(variance)
    return _gap(
        gap,
        se,
        float(stdtrit(df, 0.5 + level / 2)),
        one.n + two.n,
        level,
        "DeLong, unpaired",
        df=df,
        p=2 * float(stdtr(df, -abs(gap) / se)),
        few=Caution.FEW in (*one.cautions, *two.cautions),
    )


def equal(truth: Bools, scores: Floats) -> Significance:
    """DeLong's chi-square test that several scores of the same cases have one area.

    Parameters and errors as in `covariance`; two or more scores. Contrasts that no case moves (two
    scores that rank alike) take no degree of freedom.
    """
    found = covariance(truth, scores)
    k = found.areas.size
    if k < 2:
        raise ValueError(f"scores must hold two or more rows to compare; {k} found")
    contrasts = np.hstack([np.eye(k - 1), -np.ones((k - 1, 1))])
    gaps = contrasts @ found.areas
    spread = contrasts @ found.matrix @ contrasts.T
    inverse = np.linalg.pinv(spread, rcond=1e-12, hermitian=True)
    df = int(np.linalg.matrix_rank(spread, rtol=1e-12, hermitian=True)) if spread.any() else 0
    statistic = float(gaps @ inverse @ gaps) if df else 0.0
    few = min(found.n_diseased, found.n_healthy) < FEW_OF_A_CLASS
    none = (Caution.NO_VARIANCE,) if df < k - 1 else ()
    return Significance(
        p=float(chdtrc(df, statistic)) if df else 1.0,
        method="DeLong, several areas",
        n=found.n_diseased + found.n_healthy,
        statistic=statistic,
        df=df,
        cautions=(*((Caution.FEW,) if few else ()), *none),
    )


def _normal_gap(
    gap: float,
    variance: float,
    placed: Placed,
    level: float,
    method: str,
    n_clusters: int | None = None,
) -> Estimate:
    m = int(np.count_nonzero(placed.truth))
    n = placed.truth.size
    se = math.sqrt(variance)
    none = se == 0
    return _gap(
        gap,
        se,
        float(ndtri(0.5 + level / 2)),
        n,
        level,
        method,
        p=float(gap == 0) if none else 2 * float(ndtr(-abs(gap) / se)),
        few=min(m, n - m) < FEW_OF_A_CLASS
        or (n_clusters is not None and n_clusters < clustered.FEW_CLUSTERS),
        n_clusters=n_clusters,
    )


def _gap(
    gap: float,
    se: float,
    quantile: float,
    n: int,
    level: float,
    method: str,
    *,
    p: float,
    df: float | None = None,
    few: bool = False,
    n_clusters: int | None = None,
) -> Estimate:
    low, high = gap - quantile * se, gap + quantile * se
    facts = {
        Caution.FEW: few,
        Caution.BOUNDARY: abs(gap) == 1,
        Caution.NO_VARIANCE: se == 0,
        Caution.CUT: low < -1 or high > 1,
    }
    return Estimate(
        value=gap,
        low=max(low, -1.0),
        high=min(high, 1.0),
        level=level,
        method=method,
        n=n,
        n_clusters=n_clusters,
        se=se,
        df=df,
        p=p,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )
