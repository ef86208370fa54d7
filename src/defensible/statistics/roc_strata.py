"""Areas under the ROC curve that compare like with like: within strata of a covariate.

A pooled area can be high only because the device tells strata apart (scanners, sites) that differ
in prevalence. These count a pair only if both cases are of one stratum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics import grouped
from defensible.statistics.arrays import Bools, Floats, confidence_level, same_length
from defensible.statistics.estimate import Estimate
from defensible.statistics.roc import normal_area

FEW_OF_A_CLASS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratified:
    """An area within strata, and what each stratum adds to it.

    Attributes
    ----------
    area : Estimate
        The weighted mean of the strata's areas.
    strata : tuple of str
        Names of the strata, sorted.
    areas, weights : float arrays, shape (n_strata,)
        Area of each stratum and its weight; weights sum to 1.
    """

    area: Estimate
    strata: tuple[str, ...]
    areas: Floats
    weights: Floats


def adjusted(
    truth: Bools, scores: Floats, stratum: ArrayLike, *, level: float = 0.95
) -> Stratified:
    """Covariate-adjusted area: each diseased case against the healthy ones of its stratum.

    The weights are the shares of diseased cases, as in Janes and Pepe's adjusted ROC curve for a
    discrete covariate.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard. Two or more of each in every stratum.
    scores : float array, shape (n_cases,)
        Device output, higher is more suspicious. Finite.
    stratum : array, shape (n_cases,)
        Stratum of each case, any type that sorts.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        Lengths differ, a score is not finite, a stratum holds fewer than two cases of a class:
        merge it with another, since dropping it would change the question.

    Notes
    -----
    Strata are taken as fixed; the variance adds up DeLong's of each stratum.

    References
    ----------
    Janes, Pepe. Biometrika 2009;96:371-382.
    """
    return _weighted(truth, scores, stratum, level, by_pairs=False)


def within_pairs(
    truth: Bools, scores: Floats, stratum: ArrayLike, *, level: float = 0.95
) -> Stratified:
    """Share of the pairs of one stratum that are ranked right, over all strata.

    The weights are the numbers of such pairs, so that large strata count most. Parameters and
    errors as in `adjusted`.
    """
    return _weighted(truth, scores, stratum, level, by_pairs=True)


def _weighted(
    truth: Bools, scores: Floats, stratum: ArrayLike, level: float, *, by_pairs: bool
) -> Stratified:
    confidence_level(level)
    cases = grouped.sort(truth, scores)
    names, codes = np.unique(np.asarray(stratum), return_inverse=True)
    same_length(truth=cases.truth, stratum=codes)
    if names.size == 0:
        raise ValueError("truth must hold two or more cases of each class; it is empty")
    of = grouped.aucs(cases, codes, names.size)
    if not of.defined.all():
        first = int(np.argmin(of.defined))
        raise ValueError(
            f"stratum {names[first]} must hold two or more cases of each class; "
            f"{of.n_diseased[first]} diseased and {of.n_healthy[first]} healthy found"
        )
    size = of.n_diseased * of.n_healthy if by_pairs else of.n_diseased
    weights = size / size.sum()
    kind = "pairs within strata" if by_pairs else "covariate-adjusted"
    area = normal_area(
        float(weights @ of.value),
        float(np.sqrt(weights**2 @ of.se**2)),
        level=level,
        method=f"DeLong, {kind}",
        n=codes.size,
        few=min(int(of.n_diseased.min()), int(of.n_healthy.min())) < FEW_OF_A_CLASS,
    )
    return Stratified(
        area=area,
        strata=tuple(str(name) for name in names.tolist()),
        areas=of.value,
        weights=weights,
    )
