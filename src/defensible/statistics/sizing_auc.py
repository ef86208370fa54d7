"""Diseased cases needed for one AUC against a goal, or for two AUCs on the same cases.

Variances of an AUC not yet measured come from a model: Obuchowski's (binormal ratings) or Hanley
and McNeil's (exponential ones). `ratio` is healthy cases for each diseased one.

References
----------
Hanley, McNeil. Radiology 1982;143:29-36.
Obuchowski. Statistical Methods in Medical Research 1998;7:371-392.
Obuchowski, McClish. Statistics in Medicine 1997;16:1529-1542.
"""

from collections.abc import Callable
from math import ceil, exp, inf, sqrt

from scipy.special import ndtr, ndtri

from defensible.statistics import sizing
from defensible.statistics.sizing import Size

Variance = Callable[[float, int, float], float]


def obuchowski_variance(auc: float, *, ratio: float = 1.0) -> float:
    """Variance of an AUC times the number of diseased cases, for binormal ratings.

    With A = sqrt(2) times the normal quantile of the AUC. Programs that write 1.414 for the root
    (pROC) differ in the fifth digit.

    Raises
    ------
    ValueError
        The AUC does not lie between 0 and 1, the ratio is not above 0.
    """
    _checked(auc, ratio)
    a2 = 2 * float(ndtri(auc)) ** 2
    return 0.0099 * exp(-a2 / 2) * ((5 * a2 + 8) + (a2 + 8) / ratio)


def hanley_mcneil_variance(auc: float, *, n_diseased: int, n_healthy: float) -> float:
    """Variance of an AUC by Hanley and McNeil's formula.

    Raises
    ------
    ValueError
        The AUC does not lie between 0 and 1, or a number of cases is below 1.
    """
    sizing.proportion("auc", auc)
    if min(n_diseased, n_healthy) < 1:
        raise ValueError(f"cases must be 1 or more; {n_diseased} and {n_healthy} found")
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    total = auc * (1 - auc) + (n_diseased - 1) * (q1 - auc**2)
    return (total + (n_healthy - 1) * (q2 - auc**2)) / (n_diseased * n_healthy)


def one_obuchowski(
    *,
    expected: float,
    goal: float = 0.5,
    ratio: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Diseased cases to show that an AUC clears its goal, by Obuchowski's variance.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        True AUC planned for; what the lower limit must clear (the upper, if it lies below).
    ratio : float
        Healthy cases for each diseased one.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Raises
    ------
    ValueError
        An AUC, power or level does not lie between 0 and 1, both AUCs are equal, the ratio is not
        above 0, or a million cases do not suffice.

    Notes
    -----
    The null variance is that at the goal. At goal 0.5 this is pROC's `power.roc.test`.
    """
    return _one(_by_obuchowski, expected, goal, ratio, power, level, "AUC, Obuchowski")


def one_hanley_mcneil(
    *,
    expected: float,
    goal: float = 0.5,
    ratio: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Diseased cases to show that an AUC clears its goal, by Hanley and McNeil's variance.

    Parameters and errors as in `one_obuchowski`.
    """
    return _one(_by_hanley_mcneil, expected, goal, ratio, power, level, "AUC, Hanley-McNeil")


def one_obuchowski_power(
    n_diseased: int, *, expected: float, goal: float = 0.5, ratio: float = 1.0, level: float = 0.95
) -> float:
    """Power with `n_diseased` cases and `ratio` times as many healthy; errors as there."""
    return _power(_by_obuchowski, expected, goal, ratio, level, n_diseased)


def paired(
    *,
    first: float,
    second: float,
    correlation: float,
    ratio: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Diseased cases to show that two AUCs on the same cases differ, by Obuchowski's variance.

    Parameters
    ----------
    first, second : float in (0, 1)
        True AUCs planned for; the null variance takes `first` for both.
    correlation : float in [-1, 1)
        Of the two estimates, as they come from the same cases.
    ratio, power, level
        As in `one_obuchowski`; the test is two-sided.

    Raises
    ------
    ValueError
        As in `one_obuchowski`; also a correlation outside [-1, 1).
    """
    if first == second:
        raise ValueError(f"the AUCs must differ; both are {first}")
    if not -1 <= correlation < 1:
        raise ValueError(f"correlation must lie in [-1, 1); {correlation} found")
    one, two = (obuchowski_variance(auc, ratio=ratio) for auc in (first, second))
    null = 2 * one * (1 - correlation)
    true = one + two - 2 * correlation * sqrt(one * two)
    z = float(ndtri(1 - sizing.one_sided(level)))

    def power_at(n: int) -> float:
        return float(ndtr((abs(first - second) * sqrt(n) - z * sqrt(null)) / sqrt(true)))

    n, met = sizing.smallest(power_at, power, unit="diseased cases", first=2)
    return _size(n, ratio, met, power, level, "paired AUCs, Obuchowski")


def paired_from_pilot(
    *,
    difference: float,
    variance: float,
    n_diseased: int,
    n_healthy: int,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Diseased cases for a paired difference, its variance scaled from a pilot study.

    Parameters
    ----------
    difference, variance : float
        Of the AUCs in the pilot (DeLong's, say), or a difference that would matter.
    n_diseased, n_healthy : int
        Cases of the pilot; their ratio is kept.
    power, level : float in (0, 1)
        As in `paired`.

    Raises
    ------
    ValueError
        No difference, no variance, no cases, or a million cases do not suffice.
    """
    if difference == 0 or not 0 < variance < inf or min(n_diseased, n_healthy) < 1:
        raise ValueError(
            "the pilot must have a difference, a variance above 0 and cases of both classes; "
            f"{difference}, {variance}, {n_diseased} and {n_healthy} found"
        )
    z = float(ndtri(1 - sizing.one_sided(level)))

    def power_at(n: int) -> float:
        return float(ndtr(abs(difference) / sqrt(variance * n_diseased / n) - z))

    n, met = sizing.smallest(power_at, power, unit="diseased cases", first=2)
    return _size(n, n_healthy / n_diseased, met, power, level, "paired AUCs, from a pilot")


def _one(
    variance: Variance,
    expected: float,
    goal: float,
    ratio: float,
    power: float,
    level: float,
    method: str,
) -> Size:
    def power_at(n: int) -> float:
        return _power(variance, expected, goal, ratio, level, n)

    n, met = sizing.smallest(power_at, power, unit="diseased cases", first=2)
    return _size(n, ratio, met, power, level, method)


def _power(
    variance: Variance, expected: float, goal: float, ratio: float, level: float, n: int
) -> float:
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    if n < 1:
        raise ValueError(f"n_diseased must be 1 or more; {n} found")
    z = float(ndtri(1 - sizing.one_sided(level)))
    null, true = sqrt(variance(goal, n, ratio)), sqrt(variance(expected, n, ratio))
    return float(ndtr((abs(expected - goal) - z * null) / true))


def _by_obuchowski(auc: float, n: int, ratio: float) -> float:
    return obuchowski_variance(auc, ratio=ratio) / n


def _by_hanley_mcneil(auc: float, n: int, ratio: float) -> float:
    _checked(auc, ratio)
    return hanley_mcneil_variance(auc, n_diseased=n, n_healthy=max(1.0, ratio * n))


def _checked(auc: float, ratio: float) -> None:
    sizing.proportion("auc", auc)
    if not 0 < ratio < inf:
        raise ValueError(f"ratio must lie above 0; {ratio} found")


def _size(n: int, ratio: float, met: float, power: float, level: float, method: str) -> Size:
    return Size(
        n=n,
        unit="diseased cases",
        power=met,
        wanted=power,
        level=level,
        method=method,
        besides=(("non-diseased cases", max(1, ceil(n * ratio - 1e-9))),),
    )
