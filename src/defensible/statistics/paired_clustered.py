"""Two binary readings of the same cases, several cases a patient: patients are independent."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtri

from defensible.statistics.arrays import Bools, Ints, bools, codes, confidence_level, same_length
from defensible.statistics.estimate import Caution, Estimate, Significance

FEW_CLUSTERS = 30


def difference(first: Bools, second: Bools, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Difference of paired proportions, patients being independent, by the ratio estimator.

    Normal interval cut to [-1, 1], its variance linearised with the factor K/(K-1).

    Parameters
    ----------
    first, second : bool arrays, shape (n_cases,)
        The two readings of each case.
    cluster : array, shape (n_cases,)
        Patient of each case; two or more patients.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        Lengths differ, fewer than two patients, `level` outside (0, 1).
    """
    confidence_level(level)
    of = _patients(first, second, cluster)
    k, total = of.sizes.size, int(of.sizes.sum())
    gap = int(of.gaps.sum())
    residual = (total * of.gaps - of.sizes * gap) / total**2
    se = math.sqrt(k / (k - 1) * float(residual @ residual))
    half = float(ndtri(0.5 + level / 2)) * se
    low, high = gap / total - half, gap / total + half
    facts = {
        Caution.FEW: k < FEW_CLUSTERS,
        Caution.BOUNDARY: abs(gap) == total,
        Caution.NO_VARIANCE: se == 0,
        Caution.CUT: low < -1 or high > 1,
    }
    return Estimate(
        value=gap / total,
        low=max(low, -1.0),
        high=min(high, 1.0),
        level=level,
        method="Ratio estimator, paired",
        n=total,
        n_clusters=k,
        se=se,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )


def obuchowski(first: Bools, second: Bools, cluster: ArrayLike) -> Significance:
    """Obuchowski's test that both readings are positive equally often, patients independent.

    The variance is that under no difference. Parameters and errors as in `difference`.

    References
    ----------
    Obuchowski. Stat Med 1998;17:1495-1507. Yang, Sun, Hardin. Stat Med 2010;29:2543-2561.
    """
    of = _patients(first, second, cluster)
    k = of.sizes.size
    squares = float(of.gaps @ of.gaps)
    statistic = (k - 1) / k * float(of.gaps.sum()) ** 2 / squares if squares else 0.0
    return _chi_square(of, statistic, "Obuchowski, clustered pairs")


def durkalski(first: Bools, second: Bools, cluster: ArrayLike) -> Significance:
    """Durkalski's test that both readings are positive equally often, each patient weighing alike.

    Parameters and errors as in `difference`.

    References
    ----------
    Durkalski, Palesch, Lipsitz, Rust. Stat Med 2003;22:2417-2428.
    """
    of = _patients(first, second, cluster)
    shares = of.gaps / of.sizes
    squares = float(shares @ shares)
    statistic = float(shares.sum()) ** 2 / squares if squares else 0.0
    return _chi_square(of, statistic, "Durkalski, clustered pairs")


class _Patients(NamedTuple):
    """Cases of each patient, and how many more are positive in the first reading."""

    sizes: Ints
    gaps: Ints


def _patients(first: Bools, second: Bools, cluster: ArrayLike) -> _Patients:
    one, two = bools("first", first), bools("second", second)
    patient = codes("cluster", cluster)
    same_length(first=one, second=two, cluster=patient)
    sizes = np.bincount(patient)
    if sizes.size < 2:
        raise ValueError(f"cluster must hold two or more patients; {sizes.size} found")
    k = sizes.size
    gaps = np.bincount(patient[one], minlength=k) - np.bincount(patient[two], minlength=k)
    return _Patients(sizes, gaps)


def _chi_square(of: _Patients, statistic: float, method: str) -> Significance:
    none = not of.gaps.any()
    few = of.sizes.size < FEW_CLUSTERS
    return Significance(
        p=float(chdtrc(1, statistic)),
        method=method,
        n=int(of.sizes.sum()),
        n_clusters=of.sizes.size,
        statistic=statistic,
        df=1,
        cautions=(*((Caution.FEW,) if few else ()), *((Caution.NO_VARIANCE,) if none else ())),
    )
