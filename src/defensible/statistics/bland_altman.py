"""Limits of agreement: how far two methods of measurement lie apart on most subjects.

Differences are first minus second. The limits themselves are estimates: each has an interval, and
a claim that two methods agree must hold at its far end. The exact interval is the one to use; the
two approximations are for comparison with published analyses.

References
----------
Bland, Altman. Lancet 1986;1:307-310. Statistical Methods in Medical Research 1999;8:135-160.
Bland, Altman. Journal of Biopharmaceutical Statistics 2007;17:571-582 (repeated measurements).
Carkeet. Optometry and Vision Science 2015;92:e71-e80 (exact intervals).
Zou. Statistical Methods in Medical Research 2013;22:630-642 (intervals, repeated measurements).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri, nctdtrit, ndtri, stdtr, stdtrit

from defensible.statistics.arrays import (
    Floats,
    Ints,
    codes,
    confidence_level,
    finite_matrix,
    measurements,
    same_length,
)
from defensible.statistics.estimate import Caution, Estimate

Reach = Callable[[float, int, float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsOfAgreement:
    """Bias and limits of agreement, each with its interval.

    Attributes
    ----------
    bias : Estimate
        Mean difference, first minus second.
    lower, upper : Estimate
        Limits between which `coverage` of the differences of single measurements lie.
    sd : float
        Standard deviation of such a difference.
    slope : Estimate or None
        Change of the difference with the mean of both, if measured once: `p` tests that there is
        none. None where replicated, or where all means are equal.
    coverage : float
        Share of differences that the limits enclose.
    n : int
        Number of subjects.
    """

    bias: Estimate
    lower: Estimate
    upper: Estimate
    sd: float
    slope: Estimate | None
    coverage: float
    n: int


def limits_of_agreement(
    first: ArrayLike, second: ArrayLike, *, coverage: float = 0.95, level: float = 0.95
) -> LimitsOfAgreement:
    """Limits of agreement with exact intervals, from the non-central t distribution.

    Parameters
    ----------
    first, second : float arrays, shape (n_subjects,)
        One measurement a subject by either method; three subjects or more.
    coverage : float in (0, 1)
        Share of differences that the limits enclose.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Raises
    ------
    ValueError
        Lengths differ, a value is not finite, fewer than three subjects.

    Notes
    -----
    Assumes normal differences, and a spread that does not change with size: look at `slope`.
    """
    return _single(first, second, _exact, "exact", coverage, level)


def limits_of_agreement_1999(
    first: ArrayLike, second: ArrayLike, *, coverage: float = 0.95, level: float = 0.95
) -> LimitsOfAgreement:
    """Limits with Bland and Altman's approximation of 1999: s sqrt(1/n + z^2 / (2 (n - 1))).

    Parameters and errors as in `limits_of_agreement`.
    """
    return _single(first, second, _approximate_1999, "Bland-Altman 1999", coverage, level)


def limits_of_agreement_1986(
    first: ArrayLike, second: ArrayLike, *, coverage: float = 0.95, level: float = 0.95
) -> LimitsOfAgreement:
    """Limits with Bland and Altman's approximation of 1986: s sqrt(3 / n).

    Parameters and errors as in `limits_of_agreement`. The 3 belongs to a coverage of 95%.
    """
    return _single(first, second, _approximate_1986, "Bland-Altman 1986", coverage, level)


def limits_of_pairs(
    subject: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    *,
    coverage: float = 0.95,
    level: float = 0.95,
) -> LimitsOfAgreement:
    """Limits where subjects have several pairs, and the true value may change between pairs.

    Parameters
    ----------
    subject : array, shape (n_pairs,)
        Whose pair it is; two subjects or more, one of them with two pairs or more.
    first, second : float arrays, shape (n_pairs,)
        The two measurements of each pair.
    coverage, level : float in (0, 1)
        As in `limits_of_agreement`.

    Raises
    ------
    ValueError
        Lengths differ, a value is not finite, fewer than two subjects, no subject with two pairs.

    Notes
    -----
    Variance of a difference: that of subjects' means plus the within-subject variance times one
    minus the mean reciprocal number of pairs. Intervals by Zou's variance recovery.
    """
    one, two = measurements("first", first), measurements("second", second)
    code = codes("subject", subject)
    same_length(subject=code, first=one, second=two)
    means, within, df, share = _within_subjects(code, one - two)
    return _recovered(means, [(share, within, df)], coverage, level, "pairs within subjects, Zou")


def limits_of_replicates(
    first: ArrayLike, second: ArrayLike, *, coverage: float = 0.95, level: float = 0.95
) -> LimitsOfAgreement:
    """Limits for single measurements where each method measured a steady value several times.

    Parameters
    ----------
    first, second : float arrays, shape (n_subjects, n_replicates)
        Replicates by either method, not paired; their numbers may differ between methods.
    coverage, level : float in (0, 1)
        As in `limits_of_agreement`.

    Raises
    ------
    ValueError
        Not matrices, numbers of subjects differ, fewer than two subjects, only one replicate of
        each method.
    """
    one, two = finite_matrix("first", first), finite_matrix("second", second)
    if one.shape[0] != two.shape[0]:
        raise ValueError(
            f"first and second must have the same subjects; {one.shape[0]} and "
            f"{two.shape[0]} rows found"
        )
    parts = [
        (1 - 1 / item.shape[1], float(item.var(axis=1, ddof=1).mean()), item.size - item.shape[0])
        for item in (one, two)
        if item.shape[1] > 1
    ]
    if not parts:
        raise ValueError("one method must have two or more replicates; use limits_of_agreement")
    means = one.mean(axis=1) - two.mean(axis=1)
    return _recovered(means, parts, coverage, level, "replicates, Zou")


def _single(
    first: ArrayLike, second: ArrayLike, reach: Reach, name: str, coverage: float, level: float
) -> LimitsOfAgreement:
    _share("coverage", coverage)
    confidence_level(level)
    one, two = measurements("first", first), measurements("second", second)
    n = same_length(first=one, second=two)
    if n < 3:
        raise ValueError(f"limits of agreement need three or more subjects; {n} found")
    difference = one - two
    centre, sd = float(difference.mean()), float(difference.std(ddof=1))
    z = float(ndtri(0.5 + coverage / 2))
    inner, outer = reach(z, n, level, sd)
    still = (Caution.NO_VARIANCE,) if sd == 0 else ()

    def estimate(value: float, low: float, high: float) -> Estimate:
        return Estimate(
            value=value,
            low=low,
            high=high,
            level=level,
            method=f"limits of agreement, {name}",
            n=n,
            cautions=still,
        )

    upper, lower = centre + z * sd, centre - z * sd
    return LimitsOfAgreement(
        bias=_bias(difference, level),
        lower=estimate(lower, centre - outer, centre - inner),
        upper=estimate(upper, centre + inner, centre + outer),
        sd=sd,
        slope=_slope(difference, (one + two) / 2, level),
        coverage=coverage,
        n=n,
    )


def _exact(z: float, n: int, level: float, sd: float) -> tuple[float, float]:
    shift = z * sqrt(n)
    scale = sd / sqrt(n)
    inner, outer = (
        float(nctdtrit(n - 1, shift, tail)) * scale for tail in (0.5 - level / 2, 0.5 + level / 2)
    )
    return inner, outer


def _approximate_1999(z: float, n: int, level: float, sd: float) -> tuple[float, float]:
    reach = float(stdtrit(n - 1, 0.5 + level / 2)) * sd * sqrt(1 / n + z**2 / (2 * (n - 1)))
    return z * sd - reach, z * sd + reach


def _approximate_1986(z: float, n: int, level: float, sd: float) -> tuple[float, float]:
    reach = float(stdtrit(n - 1, 0.5 + level / 2)) * sd * sqrt(3 / n)
    return z * sd - reach, z * sd + reach


def _bias(differences: Floats, level: float) -> Estimate:
    n = differences.size
    value, se = float(differences.mean()), float(differences.std(ddof=1)) / sqrt(n)
    reach = float(stdtrit(n - 1, 0.5 + level / 2)) * se
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        level=level,
        method="mean difference, t",
        n=n,
        se=se,
        df=float(n - 1),
        p=2 * float(stdtr(n - 1, -abs(value) / se)) if se > 0 else None,
        cautions=() if se > 0 else (Caution.NO_VARIANCE,),
    )


def _slope(differences: Floats, means: Floats, level: float) -> Estimate | None:
    centred = means - means.mean()
    squares = float(centred @ centred)
    n = differences.size
    if squares == 0:
        return None
    value = float(centred @ differences) / squares
    residual = differences - differences.mean() - value * centred
    se = sqrt(float(residual @ residual) / ((n - 2) * squares))
    reach = float(stdtrit(n - 2, 0.5 + level / 2)) * se
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        level=level,
        method="slope of difference on mean, t",
        n=n,
        se=se,
        df=float(n - 2),
        p=2 * float(stdtr(n - 2, -abs(value) / se)) if se > 0 else None,
        cautions=() if se > 0 else (Caution.NO_VARIANCE,),
    )


def _within_subjects(code: Ints, difference: Floats) -> tuple[Floats, float, int, float]:
    """Subjects' means, within-subject variance with its df, and one minus mean reciprocal count."""
    counts = np.bincount(code)
    n = counts.size
    df = int(counts.sum()) - n
    if n < 2 or df < 1:
        raise ValueError(
            "pairs must come from two or more subjects, one of them with two or more; "
            f"{n} subjects and {difference.size} pairs found"
        )
    means = np.bincount(code, weights=difference) / counts
    within = float(((difference - means[code]) ** 2).sum()) / df
    return means, within, df, 1 - float((1 / counts).mean())


def _recovered(
    means: Floats,
    parts: list[tuple[float, float, int]],
    coverage: float,
    level: float,
    name: str,
) -> LimitsOfAgreement:
    """Limits from subjects' mean differences and within-subject parts (share, variance, df)."""
    _share("coverage", coverage)
    confidence_level(level)
    n = means.size
    if n < 2:
        raise ValueError(f"limits of agreement need two or more subjects; {n} found")
    between = float(means.var(ddof=1))
    pieces = [(between, n - 1), *((share * variance, df) for share, variance, df in parts)]
    total = sum(variance for variance, _ in pieces)
    less = sum((v * (1 - df / float(chdtri(df, 0.5 - level / 2)))) ** 2 for v, df in pieces)
    more = sum((v * (df / float(chdtri(df, 0.5 + level / 2)) - 1)) ** 2 for v, df in pieces)
    sd = sqrt(total)
    sd_low, sd_high = sqrt(max(total - sqrt(less), 0.0)), sqrt(total + sqrt(more))
    z, centre = float(ndtri(0.5 + coverage / 2)), float(means.mean())
    drift = float(stdtrit(n - 1, 0.5 + level / 2)) ** 2 * between / n
    inner = sqrt(drift + (z * (sd - sd_low)) ** 2)
    outer = sqrt(drift + (z * (sd_high - sd)) ** 2)

    def estimate(value: float, low: float, high: float) -> Estimate:
        return Estimate(
            value=value,
            low=low,
            high=high,
            level=level,
            method=f"limits of agreement, {name}",
            n=n,
            cautions=() if sd > 0 else (Caution.NO_VARIANCE,),
        )

    upper, lower = centre + z * sd, centre - z * sd
    return LimitsOfAgreement(
        bias=_bias(means, level),
        lower=estimate(lower, lower - outer, lower + inner),
        upper=estimate(upper, upper - inner, upper + outer),
        sd=sd,
        slope=None,
        coverage=coverage,
        n=n,
    )


def _share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{name} must lie strictly between 0 and 1; {value} found")
