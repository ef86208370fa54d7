"""Two binary readings of the same cases: difference, ratio and McNemar's test.

The difference is the first reading's proportion less the second's. Cases are independent of each
other; with several cases a patient see `paired_clustered`.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, chdtrc, gammaln, ndtri

from defensible.statistics.arrays import (
    Bools,
    bools,
    confidence_level,
    same_length,
    whole_count,
)
from defensible.statistics.bisection import turning_point
from defensible.statistics.estimate import Caution, Estimate, Significance
from defensible.statistics.proportions import wilson

FEW_DISCORDANT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Cases by what the two readings of each say.

    Attributes
    ----------
    both, first_only, second_only, neither : int
        Cases positive in both readings, in the first alone, in the second alone, in neither.
    """

    both: int
    first_only: int
    second_only: int
    neither: int

    def __post_init__(self) -> None:
        for name in ("both", "first_only", "second_only", "neither"):
            whole_count(name, getattr(self, name))
        if self.n == 0:
            raise ValueError("pairs must hold one or more cases; 0 found")

    @property
    def n(self) -> int:
        """Cases."""
        return self.both + self.first_only + self.second_only + self.neither

    @property
    def discordant(self) -> int:
        """Cases on which the readings differ."""
        return self.first_only + self.second_only

    @property
    def difference(self) -> float:
        """Proportion positive in the first reading, less that in the second."""
        return (self.first_only - self.second_only) / self.n


def pairs(first: Bools, second: Bools) -> Pairs:
    """Pairs counted from the two readings of each case, arrays of one length."""
    one, two = bools("first", first), bools("second", second)
    same_length(first=one, second=two)
    cells = np.bincount(2 * one.astype(np.int64) + two, minlength=4)
    neither, second_only, first_only, both = (int(count) for count in cells)
    return Pairs(both=both, first_only=first_only, second_only=second_only, neither=neither)


def tango(counts: Pairs, *, level: float = 0.95) -> Estimate:
    """Difference of paired proportions, with Tango's score interval.

    Holds the differences that the score test of McNemar's kind does not reject, so it agrees with
    `mcnemar`, whose p-value is given; defined where no case is discordant.

    Parameters
    ----------
    counts : Pairs
        Cases by what the two readings say.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        `level` outside (0, 1).

    References
    ----------
    Tango. Stat Med 1998;17:891-908.
    """
    z = _z(level)

    def inside(difference: float) -> bool:
        return abs(_tango_score(counts, difference)) <= z

    return _difference(
        counts,
        turning_point(inside, counts.difference, -1.0),
        turning_point(inside, counts.difference, 1.0),
        level,
        "Tango",
        p=mcnemar(counts).p,
    )


def newcombe(counts: Pairs, *, level: float = 0.95) -> Estimate:
    """Difference of paired proportions, with Newcombe's hybrid score interval.

    Combines the Wilson intervals of both readings by their correlation, which is corrected for
    continuity. Parameters and errors as in `tango`.

    References
    ----------
    Newcombe. Stat Med 1998;17:2635-2650 (method 10).
    """
    confidence_level(level)
    first = wilson(counts.both + counts.first_only, counts.n, level=level)
    second = wilson(counts.both + counts.second_only, counts.n, level=level)
    correlation = _corrected_correlation(counts)
    below = _combined(first.value - first.low, second.high - second.value, correlation)
    above = _combined(first.high - first.value, second.value - second.low, correlation)
    middle = counts.difference
    return _difference(counts, middle - below, middle + above, level, "Newcombe, paired")


def bonett_price(counts: Pairs, *, level: float = 0.95) -> Estimate:
    """Difference of paired proportions, with Bonett and Price's adjusted Wald interval.

    Adds one case to each discordant cell; cut to [-1, 1]. Parameters and errors as in `tango`.

    References
    ----------
    Bonett, Price. J Educ Behav Stat 2012;37:479-488.
    """
    return _adjusted(counts, 1.0, level, "Bonett-Price")


def agresti_min(counts: Pairs, *, level: float = 0.95) -> Estimate:
    """Difference of paired proportions, with Agresti and Min's adjusted Wald interval.

    Adds half a case to each of the four cells; cut to [-1, 1]. Parameters and errors as in `tango`.
    As PropCIs; DTComPair leaves the middle of the interval at the unadjusted difference.

    References
    ----------
    Agresti, Min. Stat Med 2005;24:729-740.
    """
    return _adjusted(counts, 0.5, level, "Agresti-Min")


def wald(counts: Pairs, *, level: float = 0.95) -> Estimate:
    """Difference of paired proportions, with Wald's interval cut to [-1, 1].

    For comparison with published figures. Parameters and errors as in `tango`.
    """
    return _adjusted(counts, 0.0, level, "Wald, paired")


def ratio(counts: Pairs, *, level: float = 0.95) -> Estimate:
    """Ratio of paired proportions, with the normal interval of its logarithm.

    Relative sensitivity where the pairs are of diseased cases. Parameters as in `tango`.

    Raises
    ------
    ValueError
        One of the readings has no positive case, so that the ratio or its logarithm is not finite.
    """
    confidence_level(level)
    first, second = counts.both + counts.first_only, counts.both + counts.second_only
    if first == 0 or second == 0:
        raise ValueError(
            f"both readings must have positive cases for a ratio; {first} and {second} found"
        )
    se = math.sqrt(counts.discordant / (first * second))
    value, half = first / second, _z(level) * se
    return Estimate(
        value=value,
        low=value * math.exp(-half),
        high=value * math.exp(half),
        level=level,
        method="Log ratio, paired",
        n=counts.n,
        cautions=_cautions(counts, no_variance=se == 0),
    )


def mcnemar(counts: Pairs) -> Significance:
    """McNemar's test that both readings are positive equally often, without correction."""
    gap, total = counts.first_only - counts.second_only, counts.discordant
    return _chi_square(counts, gap * gap / total if total else 0.0, "McNemar")


def mcnemar_corrected(counts: Pairs) -> Significance:
    """McNemar's test with Edwards' continuity correction: p-values on the high side."""
    gap, total = abs(counts.first_only - counts.second_only), counts.discordant
    statistic = max(gap - 1, 0) ** 2 / total if total else 0.0
    return _chi_square(counts, statistic, "McNemar with continuity correction")


def mcnemar_exact(counts: Pairs) -> Significance:
    """McNemar's exact test: binomial on the discordant cases, two-sided by doubling."""
    p = min(2 * _tail(counts), 1.0)
    return Significance(p=p, method="McNemar, exact", n=counts.n, cautions=_cautions(counts))


def mcnemar_midp(counts: Pairs) -> Significance:
    """McNemar's mid-p test: the exact two-sided p less the probability of what was observed.

    Where as many cases are discordant either way the exact p is 1, and the probability is taken off
    that (programs differ there; none comes near significance).

    References
    ----------
    Fagerland, Lydersen, Laake. BMC Med Res Methodol 2013;13:91.
    """
    smaller, total = min(counts.first_only, counts.second_only), counts.discordant
    choices = gammaln(total + 1) - gammaln(smaller + 1) - gammaln(total - smaller + 1)
    point = math.exp(float(choices) - total * math.log(2))
    return Significance(
        p=mcnemar_exact(counts).p - point if total else 1.0,
        method="McNemar, mid-p",
        n=counts.n,
        cautions=_cautions(counts),
    )


def _z(level: float) -> float:
    return float(ndtri(0.5 + confidence_level(level) / 2))


def _tail(counts: Pairs) -> float:
    return float(bdtr(min(counts.first_only, counts.second_only), counts.discordant, 0.5))


def _chi_square(counts: Pairs, statistic: float, method: str) -> Significance:
    return Significance(
        p=float(chdtrc(1, statistic)),
        method=method,
        n=counts.n,
        statistic=statistic,
        df=1,
        cautions=_cautions(counts, no_variance=counts.discordant == 0),
    )


def _tango_score(counts: Pairs, difference: float) -> float:
    b, c, n = counts.first_only, counts.second_only, counts.n
    gap = b - c - n * difference
    if gap == 0:
        return 0.0
    # Likeliest share of "second only" at this difference: the larger root of A q^2 + B q + C.
    linear = -b - c + (2 * n - b + c) * difference
    constant = -c * difference * (1 - difference)
    share = (math.sqrt(max(linear**2 - 8 * n * constant, 0.0)) - linear) / (4 * n)
    variance = n * (2 * share + difference * (1 - difference))
    return gap / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, gap)


def _corrected_correlation(counts: Pairs) -> float:
    a, b, c, d = counts.both, counts.first_only, counts.second_only, counts.neither
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if margins == 0:
        return 0.0
    product = a * d - b * c
    if product > 0:
        return max(product - counts.n / 2, 0.0) / math.sqrt(margins)
    return product / math.sqrt(margins)


def _combined(one: float, two: float, correlation: float) -> float:
    return math.sqrt(max(one**2 - 2 * correlation * one * two + two**2, 0.0))


def _adjusted(counts: Pairs, added: float, level: float, method: str) -> Estimate:
    """Wald's interval after `added` cases in each discordant cell, and two cases in all if any."""
    n = counts.n + (2 if added else 0)
    first, second = (counts.first_only + added) / n, (counts.second_only + added) / n
    middle = first - second
    se = math.sqrt(max(first + second - middle**2, 0.0) / n)
    half = _z(level) * se
    return _difference(
        counts, middle - half, middle + half, level, method, se=None if added else se
    )


def _difference(
    counts: Pairs,
    low: float,
    high: float,
    level: float,
    method: str,
    *,
    se: float | None = None,
    p: float | None = None,
) -> Estimate:
    cautions = _cautions(counts, no_variance=low == high)
    if low < -1 or high > 1:
        cautions = (*cautions, Caution.CUT)
    return Estimate(
        value=counts.difference,
        low=max(low, -1.0),
        high=min(high, 1.0),
        level=level,
        method=method,
        n=counts.n,
        se=se,
        p=p,
        cautions=cautions,
    )


def _cautions(counts: Pairs, *, no_variance: bool = False) -> tuple[Caution, ...]:
    facts = {
        Caution.FEW: counts.discordant < FEW_DISCORDANT,
        Caution.BOUNDARY: abs(counts.difference) == 1,
        Caution.NO_VARIANCE: no_variance,
    }
    return tuple(caution for caution, holds in facts.items() if holds)
