"""Proportions and AUC where several cases belong to one patient: patients are independent.

The variance of a proportion is that of the ratio estimator, linearised, with the factor K/(K-1)
for K clusters (Rao and Scott; Obuchowski; the R package survey). `proportion` builds Wilson's
interval on the effective number of cases; `proportion_wald` and `proportion_t` take the normal and
the t with K-1 degrees of freedom on the plain scale, `proportion_logit` the normal on the logit
scale.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtri, stdtrit

from defensible.statistics.arrays import Bools, Floats, bools, codes, confidence_level, same_length
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.proportions import wilson_of_shares
from defensible.statistics.ranking import place, rank
from defensible.statistics.roc import newcombe, normal_area, on_logit_scale

FEW_CLUSTERS = 30
ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ratio:
    share: float
    se: float
    count: int
    n: int
    n_clusters: int

    @property
    def no_variance(self) -> bool:
        return self.se == 0


def proportion(success: Bools, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Proportion of cases, patients being independent, with Wilson's interval on effective cases.

    The observed count and number of cases are divided by the design effect (the ratio of the
    clustered to the binomial variance), then Wilson's interval is taken with the normal quantile.

    Parameters
    ----------
    success : bool array, shape (n_cases,)
        True where the case has the outcome.
    cluster : array, shape (n_cases,)
        Patient of each case, any type that sorts. Two or more patients.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Returns
    -------
    Estimate
        `n` cases, `n_clusters` patients, `se` of the ratio estimator.

    Raises
    ------
    ValueError
        Lengths differ, no case, fewer than two clusters, `level` outside (0, 1).

    Notes
    -----
    O(n log n). Where the data show no variance between patients (all succeed, say), the design
    effect is 0/0 or 0: then each patient counts as one case, the widest that clustering can make
    it, and `NO_VARIANCE` is among the cautions. With one case a patient the effective number is
    n - 1.
    Reference values: the R package survey, `../shared/reference/values/*/clustered-*.json`.

    References
    ----------
    Rao, Scott. Biometrics 1992;48:577-585. Obuchowski. Stat Med 1998;17:1495-1507.
    """
    ratio = _ratio(success, cluster, level)
    effective = float(ratio.n_clusters)
    if not ratio.no_variance:
        effective = ratio.share * (1 - ratio.share) / ratio.se**2
    low, high = wilson_of_shares(ratio.share, effective, level=level)
    return _proportion(ratio, float(low), float(high), level, "Rao-Scott ratio estimator, Wilson")


def proportion_wald(success: Bools, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Proportion of cases, patients being independent, with the normal interval cut to [0, 1].

    Parameters and errors as in `proportion`.
    """
    ratio = _ratio(success, cluster, level)
    return _plain(ratio, float(ndtri(0.5 + level / 2)), level, "Rao-Scott ratio estimator, normal")


def proportion_t(success: Bools, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Proportion of cases, patients being independent, with the t interval, cut to [0, 1].

    Parameters and errors as in `proportion`.
    """
    ratio = _ratio(success, cluster, level)
    df = ratio.n_clusters - 1.0
    quantile = float(stdtrit(df, 0.5 + level / 2))
    return replace(_plain(ratio, quantile, level, "Rao-Scott ratio estimator, t"), df=df)


def proportion_logit(success: Bools, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Proportion of cases, patients being independent, with the normal interval of its logit.

    Parameters and errors as in `proportion`. Where the proportion is 0 or 1 its logit is infinite,
    and the interval is that of `proportion`; the method says so.
    """
    ratio = _ratio(success, cluster, level)
    if ratio.share in {0.0, 1.0}:
        fallback = proportion(success, cluster, level=level)
        return replace(fallback, method=f"{fallback.method} (logit not finite)")
    z = float(ndtri(0.5 + level / 2))
    half = z * ratio.se / (ratio.share * (1 - ratio.share))
    middle = logit(ratio.share)
    low, high = float(expit(middle - half)), float(expit(middle + half))
    return _proportion(ratio, low, high, level, "Rao-Scott ratio estimator, logit")


def auc(truth: Bools, scores: Floats, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Area under the empirical ROC curve, patients being independent, with Obuchowski's interval.

    The area itself is that of `roc.auc`; its variance adds up the placements within a patient, and
    the covariance of diseased and healthy cases of the same patient.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard: True where the condition is present.
    scores : float array, shape (n_cases,)
        Device output, any scale, higher is more suspicious. Finite.
    cluster : array, shape (n_cases,)
        Patient of each case; two or more patients with a diseased case, and with a healthy one.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Returns
    -------
    Estimate
        `value` in [0, 1]; `low` and `high` normal-theory bounds, cut to [0, 1].

    Raises
    ------
    ValueError
        Lengths differ, a score is not finite, fewer than two patients have a case of either class.

    Notes
    -----
    O(n log n). With one case a patient the variance is DeLong's, digit for digit. Reference values:
    doAUCcluster (R), `../shared/reference/values/froc_*/clustered-auc.json`.

    References
    ----------
    Obuchowski. Biometrics 1997;53:567-578.
    """
    confidence_level(level)
    placed = place(rank(truth, scores))
    patient = codes("cluster", cluster)
    n = same_length(truth=placed.truth, cluster=patient)
    variance = auc_variance(placed.truth, placed.placements - placed.area, patient)
    n_clusters = int(patient.max()) + 1
    estimate = normal_area(
        placed.area,
        float(np.sqrt(variance)),
        level=level,
        method="Obuchowski, clustered",
        n=n,
        few=n_clusters < FEW_CLUSTERS,
    )
    return replace(estimate, n_clusters=n_clusters)


def auc_logit(truth: Bools, scores: Floats, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Area under the empirical ROC curve, patients being independent, on the logit scale.

    The limits stay in (0, 1). Parameters and errors as in `auc`. At an area of 0 or 1 the logit is
    not finite: the interval is then Newcombe's, each patient counting as one case of either class
    that it has, and the method says so.
    """
    plain = auc(truth, scores, cluster, level=level)
    if plain.value not in {0.0, 1.0}:
        return on_logit_scale(plain)
    present, patient = bools("truth", truth), codes("cluster", cluster)
    having = [np.unique(patient[kind]).size for kind in (present, ~present)]
    limits = newcombe(plain.value, having[0], having[1], level=level)
    method = f"{limits.method}, patients as cases (logit not finite)"
    return replace(plain, low=limits.low, high=limits.high, method=method)


def auc_variance(truth: Bools, centred: Floats, patient: ArrayLike) -> float:
    """Obuchowski's variance of an area, from the placements of all cases less their mean."""
    groups = np.asarray(patient)
    sizes = [np.bincount(groups[kind]) for kind in (truth, ~truth)]
    having = [int((size > 0).sum()) for size in sizes]
    for word, found in zip(("diseased", "healthy"), having, strict=True):
        if found < 2:
            raise ValueError(
                f"cluster must hold two or more patients with {word} cases; {found} found"
            )
    k = int(groups.max()) + 1
    of_diseased, of_healthy = (
        np.bincount(groups, weights=np.where(kind, centred, 0.0), minlength=k) / kind.sum()
        for kind in (truth, ~truth)
    )
    own = having[0] / (having[0] - 1) * float(of_diseased @ of_diseased)
    own += having[1] / (having[1] - 1) * float(of_healthy @ of_healthy)
    variance = own + 2 * k / (k - 1) * float(of_diseased @ of_healthy)
    # k/(k-1) is the least of the three factors, so that only rounding brings it below zero.
    return variance if variance > ROUNDING * own else 0.0


def _ratio(success: Bools, cluster: ArrayLike, level: float) -> _Ratio:
    confidence_level(level)
    outcome = bools("success", success)
    patient = codes("cluster", cluster)
    n = same_length(success=outcome, cluster=patient)
    k = int(patient.max()) + 1 if n else 0
    if k < 2:
        raise ValueError(f"cluster must hold two or more patients; {k} found")
    sizes = np.bincount(patient, minlength=k)
    counts = np.bincount(patient[outcome], minlength=k)
    total = int(counts.sum())
    # The numerator is whole, so that no variance is exactly zero.
    residual = (n * counts - sizes * total) / n**2
    variance = k / (k - 1) * float(residual @ residual)
    return _Ratio(share=total / n, se=float(np.sqrt(variance)), count=total, n=n, n_clusters=k)


def _plain(ratio: _Ratio, quantile: float, level: float, method: str) -> Estimate:
    low, high = ratio.share - quantile * ratio.se, ratio.share + quantile * ratio.se
    return _proportion(ratio, low, high, level, method)


def _proportion(ratio: _Ratio, low: float, high: float, level: float, method: str) -> Estimate:
    facts = {
        Caution.FEW: ratio.n_clusters < FEW_CLUSTERS,
        Caution.BOUNDARY: ratio.share in {0.0, 1.0},
        Caution.NO_VARIANCE: ratio.no_variance,
        Caution.CUT: low < 0 or high > 1,
    }
    return Estimate(
        value=ratio.share,
        low=max(low, 0.0),
        high=min(high, 1.0),
        level=level,
        method=method,
        n=ratio.n,
        n_clusters=ratio.n_clusters,
        count=ratio.count,
        se=ratio.se,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )
