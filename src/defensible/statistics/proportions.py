"""Intervals for one proportion: a function a method, and the same method on whole tables.

`wilson(count, n)` returns an `Estimate`; `wilson_limits(counts, ns)` returns two arrays, for a
table of a thousand strata in one call. Both run the same lines. Counts are of independent cases:
with several cases a patient use `clustered.proportion`.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtri

from defensible.statistics.arrays import Floats, Ints, confidence_level
from defensible.statistics.estimate import Caution, Estimate

Limits: TypeAlias = tuple[Floats, Floats]
LimitsOf: TypeAlias = Callable[[Floats, Floats, float], Limits]

FEW_CASES = 10
FEW_OUTCOMES_FOR_WALD = 5


def wilson(count: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion with Wilson's score interval.

    Covers close to its level on average for every n, so it is our usual choice; it can fall short
    by a few points where the true proportion is near 0 or 1.

    Parameters
    ----------
    count : int
        Cases with the outcome, 0 to `n`.
    n : int
        Independent cases, 1 or more.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        `n` is below 1, `count` is not in 0..n, either is not a whole number, `level` not in (0, 1).

    References
    ----------
    Wilson. J Am Stat Assoc 1927;22:209-212. Newcombe. Stat Med 1998;17:857-872 (method 3).
    """
    return _estimate(count, n, level, _wilson, "Wilson")


def wilson_corrected(count: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion with Wilson's score interval, corrected for continuity.

    Nearly as wide as Clopper-Pearson, and nearly always covers. Parameters and errors as in
    `wilson`.

    References
    ----------
    Newcombe. Stat Med 1998;17:857-872 (method 4).
    """
    return _estimate(count, n, level, _wilson_corrected, "Wilson with continuity correction")


def clopper_pearson(count: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion with the exact interval of Clopper and Pearson.

    Never covers less often than its level, hence wide in small samples: what a reviewer means by
    "exact". Parameters and errors as in `wilson`.

    References
    ----------
    Clopper, Pearson. Biometrika 1934;26:404-413.
    """
    return _estimate(count, n, level, _clopper_pearson, "Clopper-Pearson")


def agresti_coull(count: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion with the adjusted Wald interval of Agresti and Coull, cut to [0, 1].

    Adds z squared cases, half with the outcome, then takes Wald's interval. `value` is still
    count / n, not the shrunken midpoint. Parameters and errors as in `wilson`.

    References
    ----------
    Agresti, Coull. Am Stat 1998;52:119-126.
    """
    return _estimate(count, n, level, _agresti_coull, "Agresti-Coull")


def jeffreys(count: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion with Jeffreys' interval: equal tails, but an observed 0 or 1 is inside.

    Quantiles of Beta(count + 1/2, n - count + 1/2), with `low` 0 where no case has the outcome and
    `high` 1 where all have it (the convention of Brown and colleagues and of DescTools; statsmodels
    keeps the quantile there, which is `jeffreys_equal_tails`; the R package binom gives a one-sided
    bound). Parameters and errors as in `wilson`.

    References
    ----------
    Brown, Cai, DasGupta. Stat Sci 2001;16:101-133.
    """
    return _estimate(count, n, level, _jeffreys, "Jeffreys")


def jeffreys_equal_tails(count: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion with the equal-tailed credible interval under Jeffreys' prior, ends included.

    At no or all cases with the outcome it excludes the observed proportion; as in statsmodels.
    Parameters and errors as in `wilson`.
    """
    return _estimate(count, n, level, _jeffreys_equal_tails, "Jeffreys, equal tails")


def wald(count: int, n: int, *, level: float = 0.95) -> Estimate:
    """Proportion with Wald's interval, cut to [0, 1]: for comparison with published figures only.

    Covers too seldom in small samples and near 0 and 1, where its width even becomes zero.
    Parameters and errors as in `wilson`.
    """
    return _estimate(count, n, level, _wald, "Wald")


def wilson_limits(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Wilson's limits for arrays of counts that broadcast against each other.

    Parameters
    ----------
    count, n : int arrays
        Cases with the outcome, and independent cases (1 or more; leave empty strata out).
    level : float in (0, 1)
        Confidence level of each interval.

    Returns
    -------
    tuple of float arrays
        `low` and `high`, of the broadcast shape.

    Raises
    ------
    ValueError
        As in `wilson`, naming the first entry that breaks the rule.
    """
    return _limits(count, n, level, _wilson)


def wilson_corrected_limits(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Limits of `wilson_corrected` for arrays; parameters as in `wilson_limits`."""
    return _limits(count, n, level, _wilson_corrected)


def clopper_pearson_limits(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Limits of `clopper_pearson` for arrays; parameters as in `wilson_limits`."""
    return _limits(count, n, level, _clopper_pearson)


def agresti_coull_limits(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Limits of `agresti_coull` for arrays; parameters as in `wilson_limits`."""
    return _limits(count, n, level, _agresti_coull)


def jeffreys_limits(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Limits of `jeffreys` for arrays; parameters as in `wilson_limits`."""
    return _limits(count, n, level, _jeffreys)


def jeffreys_equal_tails_limits(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Limits of `jeffreys_equal_tails` for arrays; parameters as in `wilson_limits`."""
    return _limits(count, n, level, _jeffreys_equal_tails)


def wald_limits(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Limits:
    """Limits of `wald` for arrays; parameters as in `wilson_limits`."""
    return _limits(count, n, level, _wald)


def wilson_of_shares(share: ArrayLike, n: ArrayLike, *, level: float) -> Limits:
    """Wilson's limits for shares of effective numbers of cases, which need not be whole."""
    confidence_level(level)
    shares, cases = np.asarray(share, dtype=np.float64), np.asarray(n, dtype=np.float64)
    return _wilson(shares * cases, cases, level)


def of_each(
    interval: Callable[..., Estimate], counts: Ints, ns: Ints, *, level: float = 0.95
) -> list[Estimate | None]:
    """Many proportions at once, each as `interval` gives it; None where there is no case.

    Parameters
    ----------
    interval : function
        `wilson`, `clopper_pearson`, `agresti_coull` or `jeffreys`.
    counts, ns : int arrays, shape (n_groups,)
        Cases with the outcome, and cases, of each group.
    level : float in (0, 1)
        Confidence level.

    Raises
    ------
    ValueError
        A count that is not in 0..n, or `level` not in (0, 1).

    Notes
    -----
    The limits of all groups in one pass; some ten times as fast as one call a group.
    """
    limits, method = _OF_EACH[interval]
    some = ns > 0
    found: list[Estimate | None] = [None] * ns.size
    if some.any():
        low, high = _limits(counts[some], ns[some], level, limits)
        rows = zip(
            np.flatnonzero(some).tolist(),
            counts[some].tolist(),
            ns[some].tolist(),
            low.tolist(),
            high.tolist(),
            strict=True,
        )
        for group, count, n, lower, upper in rows:
            found[group] = _made((count, n), (lower, upper), level, limits, method)
    return found


def _estimate(count: int, n: int, level: float, limits: LimitsOf, method: str) -> Estimate:
    low, high = _limits(count, n, level, limits)
    return _made((int(count), int(n)), (float(low), float(high)), level, limits, method)


def _made(
    of: tuple[int, int],
    between: tuple[float, float],
    level: float,
    limits: LimitsOf,
    method: str,
) -> Estimate:
    (count, n), (low, high) = of, between
    cautions = []
    fewest = min(count, n - count)
    if n < FEW_CASES or (limits is _wald and fewest < FEW_OUTCOMES_FOR_WALD):
        cautions.append(Caution.FEW)
    if fewest == 0:
        cautions.append(Caution.BOUNDARY)
    if low == high:
        cautions.append(Caution.NO_VARIANCE)
    elif limits in {_wald, _agresti_coull} and (low == 0 or high == 1):
        cautions.append(Caution.CUT)
    return Estimate(
        value=count / n,
        low=low,
        high=high,
        level=level,
        method=method,
        n=n,
        count=count,
        cautions=tuple(cautions),
    )


def _limits(count: ArrayLike, n: ArrayLike, level: float, limits: LimitsOf) -> Limits:
    confidence_level(level)
    cases = _whole("n", n)
    outcomes = _whole("count", count)
    if (cases < 1).any():
        raise ValueError(f"n must be 1 or more; {cases.min():g} found")
    outcomes, cases = np.broadcast_arrays(outcomes, cases)
    outside = (outcomes < 0) | (outcomes > cases)
    if outside.any():
        first = np.flatnonzero(outside)[0]
        raise ValueError(
            "count must lie between 0 and n; "
            f"{outcomes.flat[first]:g} of {cases.flat[first]:g} found"
        )
    low, high = limits(outcomes, cases, level)
    return low, high


def _whole(name: str, values: ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    bad = ~(array == np.floor(array))  # NaN compares unequal to itself
    bad |= np.isinf(array)
    if bad.any():
        raise ValueError(f"{name} must be whole; {array[bad].flat[0]} found")
    return array


def _z(level: float) -> float:
    return float(ndtri(0.5 + level / 2))


def _wilson(count: Floats, n: Floats, level: float) -> Limits:
    z = _z(level)
    middle = (count + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * np.sqrt(count * (n - count) / n + z * z / 4)
    # At the ends the limit is 0 or 1 exactly; rounding would leave 1e-17.
    low = np.where(count <= 0, 0.0, middle - half)
    high = np.where(count >= n, 1.0, middle + half)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def _wilson_corrected(count: Floats, n: Floats, level: float) -> Limits:
    z = _z(level)
    share = count / n
    scale = 2 * (n + z * z)
    spread = 4 * n * share * (1 - share)
    # The roots are taken of max(0, .): where negative, the limit is set to the end below.
    lower = np.sqrt(np.maximum(z * z - 2 - 1 / n + spread + 4 * share, 0.0))
    upper = np.sqrt(np.maximum(z * z + 2 - 1 / n + spread - 4 * share, 0.0))
    low = np.where(count <= 0, 0.0, (2 * count + z * z - 1 - z * lower) / scale)
    high = np.where(count >= n, 1.0, (2 * count + z * z + 1 + z * upper) / scale)
    return np.clip(low, 0.0, share), np.clip(high, share, 1.0)


def _clopper_pearson(count: Floats, n: Floats, level: float) -> Limits:
    tail = (1 - level) / 2
    # The parameters are kept positive at the ends, whose limits are known.
    low = betaincinv(np.maximum(count, 1), n - np.maximum(count, 1) + 1, tail)
    high = betaincinv(np.minimum(count, n - 1) + 1, np.maximum(n - count, 1), 1 - tail)
    return np.where(count == 0, 0.0, low), np.where(count == n, 1.0, high)


def _agresti_coull(count: Floats, n: Floats, level: float) -> Limits:
    z = _z(level)
    return _normal((count + z * z / 2) / (n + z * z), n + z * z, z)


def _jeffreys_equal_tails(count: Floats, n: Floats, level: float) -> Limits:
    tail = (1 - level) / 2
    a, b = count + 0.5, n - count + 0.5
    return betaincinv(a, b, tail), betaincinv(a, b, 1 - tail)


def _jeffreys(count: Floats, n: Floats, level: float) -> Limits:
    low, high = _jeffreys_equal_tails(count, n, level)
    return np.where(count == 0, 0.0, low), np.where(count == n, 1.0, high)


def _wald(count: Floats, n: Floats, level: float) -> Limits:
    return _normal(count / n, n, _z(level))


def _normal(share: Floats, n: Floats, z: float) -> Limits:
    half = z * np.sqrt(share * (1 - share) / n)
    return np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)


_OF_EACH: dict[Callable[..., Estimate], tuple[LimitsOf, str]] = {
    wilson: (_wilson, "Wilson"),
    clopper_pearson: (_clopper_pearson, "Clopper-Pearson"),
    agresti_coull: (_agresti_coull, "Agresti-Coull"),
    jeffreys: (_jeffreys, "Jeffreys"),
}
"""What `of_each` knows."""
