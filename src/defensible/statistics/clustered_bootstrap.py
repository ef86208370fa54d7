"""A proportion with several cases a patient, its interval by drawing whole patients anew."""

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics.arrays import (
    Bools,
    Floats,
    Ints,
    bools,
    codes,
    confidence_level,
    same_length,
)
from defensible.statistics.estimate import Caution, Estimate

FEW_CLUSTERS = 30
_CHUNK = 4_000_000  # draws held at a time


def proportion(
    success: Bools,
    cluster: ArrayLike,
    *,
    seed: int,
    n_replicates: int = 10_000,
    level: float = 0.95,
) -> Estimate:
    """Proportion of cases, with the percentile interval of a bootstrap of patients.

    For an interval that rests on no variance formula; `clustered.proportion` is usually better with
    few patients or near 0 and 1.

    Parameters
    ----------
    success : bool array, shape (n_cases,)
        True where the case has the outcome.
    cluster : array, shape (n_cases,)
        Patient of each case; two or more patients.
    seed : int
        The same seed gives the same interval, whatever the order of the cases.
    n_replicates : int
        Draws; 100 or more.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        Lengths differ, fewer than two patients, fewer than 100 replicates.

    Notes
    -----
    Patients alike in cases and outcomes are drawn as one kind, by a multinomial: the same
    distribution at O(n_replicates * kinds), independent of the number of patients.
    """
    confidence_level(level)
    outcome, patient = bools("success", success), codes("cluster", cluster)
    n = same_length(success=outcome, cluster=patient)
    sizes = np.bincount(patient)
    k = sizes.size
    if k < 2:
        raise ValueError(f"cluster must hold two or more patients; {k} found")
    if n_replicates < 100:
        raise ValueError(f"n_replicates must be 100 or more; {n_replicates} found")
    counts = np.bincount(patient[outcome], minlength=k)
    kinds, patients = np.unique(np.stack([sizes, counts]), axis=1, return_counts=True)
    shares = _drawn(kinds, patients / k, k, n_replicates, np.random.default_rng(seed))
    low, high = np.quantile(shares, [0.5 - level / 2, 0.5 + level / 2])
    facts = {
        Caution.FEW: k < FEW_CLUSTERS,
        Caution.BOUNDARY: int(counts.sum()) in {0, n},
        Caution.NO_VARIANCE: bool(low == high),
    }
    return Estimate(
        value=int(counts.sum()) / n,
        low=float(low),
        high=float(high),
        level=level,
        method=f"Bootstrap of patients, percentile, {n_replicates} draws, seed {seed}",
        n=n,
        n_clusters=k,
        count=int(counts.sum()),
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )


def _drawn(
    kinds: Ints, chances: Floats, k: int, n_replicates: int, rng: np.random.Generator
) -> Floats:
    """Proportions of redrawn patients."""
    shares = np.empty(n_replicates)
    step = max(1, _CHUNK // chances.size)
    for first in range(0, n_replicates, step):
        part = slice(first, min(first + step, n_replicates))
        drawn = rng.multinomial(k, chances, size=part.stop - part.start)
        shares[part] = (drawn @ kinds[1]) / (drawn @ kinds[0])
    return shares
