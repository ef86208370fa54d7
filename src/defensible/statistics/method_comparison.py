"""Two methods that measure the same thing: lines through both errors, and concordance.

Ordinary regression takes the first method as free of error; Deming's and Passing and Bablok's lines
do not. Two methods agree where the slope's interval holds 1 and the intercept's holds 0.
"""

from dataclasses import dataclass
from math import atanh, sqrt, tanh

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from defensible.statistics.arrays import Floats, confidence_level, measurements, same_length
from defensible.statistics.estimate import Caution, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """second = intercept + slope * first, with intervals."""

    slope: Estimate
    intercept: Estimate
    n: int


def deming(
    first: ArrayLike, second: ArrayLike, *, error_ratio: float = 1.0, level: float = 0.95
) -> Line:
    """Deming's line: both methods err, with a known ratio of error variances.

    Parameters
    ----------
    first, second : float arrays, shape (n_subjects,)
        One measurement a subject by either method; four subjects or more.
    error_ratio : float
        Error variance of `second` over that of `first`; 1 is orthogonal regression.
    level : float in (0, 1)
        Confidence level of the jackknife intervals (t with n - 2 df).

    Raises
    ------
    ValueError
        Lengths differ, a value is not finite, fewer than four subjects, the ratio is not above 0,
        or the methods are uncorrelated (with any one subject left out), so that no line is best.

    References
    ----------
    Linnet. Clinical Chemistry 1990;36:2158-2167, 1993;39:424-432.
    """
    confidence_level(level)
    one, two = _pair(first, second, least=4)
    if not 0 < error_ratio < np.inf:
        raise ValueError(f"error_ratio must lie above 0; {error_ratio} found")
    n = one.size
    whole = _deming(one, two, error_ratio)
    keep = ~np.eye(n, dtype=np.bool_)
    left_out = np.array([_deming(one[row], two[row], error_ratio) for row in keep])
    pseudo = n * np.array(whole) - (n - 1) * left_out
    errors = np.sqrt(pseudo.var(axis=0, ddof=1) / n)
    quantile = float(stdtrit(n - 2, 0.5 + level / 2))

    def estimate(index: int) -> Estimate:
        value, se = whole[index], float(errors[index])
        return Estimate(
            value=value,
            low=value - quantile * se,
            high=value + quantile * se,
            level=level,
            method="Deming, jackknife",
            n=n,
            se=se,
            df=float(n - 2),
        )

    return Line(slope=estimate(0), intercept=estimate(1), n=n)


def passing_bablok(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Line:
    """Passing and Bablok's line: a shifted median of all pairwise slopes, free of distributions.

    Parameters
    ----------
    first, second : float arrays, shape (n_subjects,)
        One measurement a subject by either method, positively related; ten subjects or more make
        sense, three are demanded.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Raises
    ------
    ValueError
        Lengths differ, a value is not finite, fewer than three subjects, all pairs of subjects
        coincide, or most slopes lie below -1 (the methods run against each other).

    Notes
    -----
    Pairs that coincide in both methods and slopes of exactly -1 are left out, as in the paper.
    O(n^2) time and memory. A limit is infinite where the data do not bound it.

    References
    ----------
    Passing, Bablok. Journal of Clinical Chemistry and Clinical Biochemistry 1983;21:709-720.
    """
    confidence_level(level)
    one, two = _pair(first, second, least=3)
    n = one.size
    slopes = _pairwise_slopes(one, two)
    count, offset = slopes.size, int((slopes < -1).sum())
    if count == 0 or 2 * offset >= count:
        raise ValueError(
            "the methods must be positively related; "
            f"{offset} of {count} pairwise slopes lie below -1"
        )
    reach = float(ndtri(0.5 + level / 2)) * sqrt(n * (n - 1) * (2 * n + 5) / 18)
    start = round((count - reach) / 2)
    values = (
        _median_at(slopes, offset),
        slopes[start - 1 + offset] if start - 1 + offset >= 0 else -np.inf,
        slopes[count - start + offset] if count - start + offset < count else np.inf,
    )
    slope, low, high = (float(value) for value in values)
    if not np.isfinite(slope):
        raise ValueError("the first method must vary; more than half of its pairs tie")
    cut = (Caution.FEW,) if not np.isfinite([low, high]).all() or n < 10 else ()
    intercepts = (_intercept(one, two, high, -np.inf), _intercept(one, two, low, np.inf))
    middle = float(np.median(two - slope * one))
    return Line(
        slope=_line_part(slope, (low, high), level, n, cut),
        intercept=_line_part(middle, intercepts, level, n, cut),
        n=n,
    )


def concordance(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Lin's concordance correlation: closeness to the line of identity, by Fisher's z.

    Moments divide by n, as in Lin's paper and R's epiR.

    Parameters
    ----------
    first, second : float arrays, shape (n_subjects,)
        One measurement a subject by either method; three subjects or more.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        Lengths differ, a value is not finite, fewer than three subjects, a method is constant.

    References
    ----------
    Lin. Biometrics 1989;45:255-268, with the correction of 2000;56:324-325.
    """
    confidence_level(level)
    one, two = _pair(first, second, least=3)
    n = one.size
    sx, sy = float(one.var()), float(two.var())
    if sx == 0 or sy == 0:
        raise ValueError("the concordance correlation is undefined where a method is constant")
    covariance = float(((one - one.mean()) * (two - two.mean())).mean())
    gap = float(one.mean() - two.mean())
    value, r = 2 * covariance / (sx + sy + gap**2), covariance / sqrt(sx * sy)
    if abs(value) >= 1 - 1e-15 or abs(r) < 1e-15:
        caution = Caution.BOUNDARY if abs(value) >= 1 - 1e-15 else Caution.NO_VARIANCE
        return Estimate(
            value=value,
            low=value,
            high=value,
            level=level,
            method="concordance correlation, z",
            n=n,
            cautions=(caution,),
        )
    u = gap / (sx * sy) ** 0.25
    # Lin 2000: variance of the z transform.
    inner = (1 - r**2) * value**2 / ((1 - value**2) * r**2)
    inner += 2 * value**3 * (1 - value) * u**2 / (r * (1 - value**2) ** 2)
    inner -= value**4 * u**4 / (2 * r**2 * (1 - value**2) ** 2)
    reach = float(ndtri(0.5 + level / 2)) * sqrt(max(inner, 0.0) / (n - 2))
    return Estimate(
        value=value,
        low=tanh(atanh(value) - reach),
        high=tanh(atanh(value) + reach),
        level=level,
        method="concordance correlation, z",
        n=n,
    )


def _pair(first: ArrayLike, second: ArrayLike, *, least: int) -> tuple[Floats, Floats]:
    one, two = measurements("first", first), measurements("second", second)
    n = same_length(first=one, second=two)
    if n < least:
        raise ValueError(f"{least} subjects or more are needed; {n} found")
    return one, two


def _deming(one: Floats, two: Floats, error_ratio: float) -> tuple[float, float]:
    x, y = one - one.mean(), two - two.mean()
    cross = float(x @ y)
    if abs(cross) <= 1e-14 * sqrt(float(x @ x) * float(y @ y)):
        raise ValueError("the methods must be correlated, also with any one subject left out")
    excess = float(y @ y) - error_ratio * float(x @ x)
    slope = (excess + sqrt(excess**2 + 4 * error_ratio * cross**2)) / (2 * cross)
    return slope, float(two.mean()) - slope * float(one.mean())


def _pairwise_slopes(one: Floats, two: Floats) -> Floats:
    """Sorted slopes of all pairs of subjects; infinite where the first method ties."""
    i, j = np.triu_indices(one.size, 1)
    run, rise = one[j] - one[i], two[j] - two[i]
    kept = (run != 0) | (rise != 0)
    run, rise = run[kept], rise[kept]
    upright = run == 0
    with np.errstate(over="ignore"):  # a run of no size to speak of is as good as upright
        slopes = np.where(upright, np.copysign(np.inf, rise), rise / np.where(upright, 1.0, run))
    return np.sort(slopes[slopes != -1])


def _median_at(slopes: Floats, offset: int) -> float:
    """Median of sorted slopes, shifted up by `offset` places."""
    middle, odd = divmod(slopes.size, 2)
    if odd:
        return float(slopes[middle + offset])
    last = min(middle + offset, slopes.size - 1)
    return float((slopes[middle - 1 + offset] + slopes[last]) / 2)


def _intercept(one: Floats, two: Floats, slope: float, unbounded: float) -> float:
    return float(np.median(two - slope * one)) if np.isfinite(slope) else unbounded


def _line_part(
    value: float,
    limits: tuple[float, float],
    level: float,
    n: int,
    cautions: tuple[Caution, ...],
) -> Estimate:
    return Estimate(
        value=value,
        low=limits[0],
        high=limits[1],
        level=level,
        method="Passing-Bablok",
        n=n,
        cautions=cautions,
    )
