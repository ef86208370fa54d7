"""Difference and ratio of two independent proportions: the first group's against the second's.

A positive difference, or a ratio above 1, means that the outcome is more frequent in the first
group. Groups share no patient; for two readings of the same cases see `paired`.
"""

import math
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

from defensible.statistics.arrays import confidence_level, whole_count
from defensible.statistics.bisection import turning_point
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.proportions import wilson

FEW_OUTCOMES = 5
_FARTHEST = 300.0  # logarithm of a ratio that no data reach, and whose square is still finite


@dataclass(frozen=True, slots=True, kw_only=True)
class _Groups:
    count: tuple[int, int]
    n: tuple[int, int]
    z: float
    level: float

    @property
    def shares(self) -> tuple[float, float]:
        return self.count[0] / self.n[0], self.count[1] / self.n[1]

    @property
    def difference(self) -> float:
        return self.shares[0] - self.shares[1]

    @property
    def total(self) -> int:
        return self.n[0] + self.n[1]


def newcombe(count1: int, n1: int, count2: int, n2: int, *, level: float = 0.95) -> Estimate:
    """Difference of two independent proportions, with Newcombe's hybrid score interval.

    Combines the Wilson intervals of the two groups; covers well from small groups on.

    Parameters
    ----------
    count1, n1 : int
        Cases with the outcome and cases of the first group.
    count2, n2 : int
        The same of the second group.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        A group is empty, a count exceeds its group, `level` outside (0, 1).

    References
    ----------
    Newcombe. Stat Med 1998;17:873-890 (method 10).
    """
    groups = _groups(count1, n1, count2, n2, level)
    one, two = wilson(count1, n1, level=level), wilson(count2, n2, level=level)
    below = math.hypot(one.value - one.low, two.high - two.value)
    above = math.hypot(one.high - one.value, two.value - two.low)
    return _difference(groups, groups.difference - below, groups.difference + above, "Newcombe")


def miettinen_nurminen(
    count1: int, n1: int, count2: int, n2: int, *, level: float = 0.95
) -> Estimate:
    """Difference of two independent proportions, with Miettinen and Nurminen's score interval.

    Holds the differences that a score test, with its variance at the tested difference and scaled
    by N/(N-1), does not reject; `p` is that test's of no difference. Parameters as in `newcombe`.

    References
    ----------
    Miettinen, Nurminen. Stat Med 1985;4:213-226.
    """
    groups = _groups(count1, n1, count2, n2, level)
    scale = groups.total / (groups.total - 1)
    return _by_score(groups, scale, "Miettinen-Nurminen")


def mee(count1: int, n1: int, count2: int, n2: int, *, level: float = 0.95) -> Estimate:
    """Difference of two independent proportions, with Mee's score interval: no N/(N-1).

    Parameters as in `newcombe`; `p` is the pooled z test's of no difference.

    References
    ----------
    Mee. Biometrics 1984;40:1175-1176.
    """
    return _by_score(_groups(count1, n1, count2, n2, level), 1.0, "Mee")


def agresti_caffo(count1: int, n1: int, count2: int, n2: int, *, level: float = 0.95) -> Estimate:
    """Difference of two independent proportions, with Wald's interval after adding four cases.

    One case with and one without the outcome are added to each group; cut to [-1, 1]. Parameters as
    in `newcombe`.

    References
    ----------
    Agresti, Caffo. Am Stat 2000;54:280-288.
    """
    groups = _groups(count1, n1, count2, n2, level)
    shrunk = _groups(count1 + 1, n1 + 2, count2 + 1, n2 + 2, level)
    half = groups.z * _wald_se(shrunk)
    return _difference(groups, shrunk.difference - half, shrunk.difference + half, "Agresti-Caffo")


def wald(count1: int, n1: int, count2: int, n2: int, *, level: float = 0.95) -> Estimate:
    """Difference of two independent proportions, with Wald's interval cut to [-1, 1].

    For comparison with published figures: covers too seldom in small groups. Parameters as in
    `newcombe`.
    """
    groups = _groups(count1, n1, count2, n2, level)
    se = _wald_se(groups)
    half = groups.z * se
    return _difference(groups, groups.difference - half, groups.difference + half, "Wald", se=se)


def ratio_miettinen_nurminen(
    count1: int, n1: int, count2: int, n2: int, *, level: float = 0.95
) -> Estimate:
    """Ratio of two independent proportions, with Miettinen and Nurminen's score interval.

    Defined where a group has no case with the outcome: `high` is infinite where the second has
    none, `low` is 0 where the first has none. Parameters as in `newcombe`.

    Raises
    ------
    ValueError
        As in `newcombe`; and where neither group has the outcome, so that there is no ratio.

    References
    ----------
    Miettinen, Nurminen. Stat Med 1985;4:213-226.
    """
    groups = _groups(count1, n1, count2, n2, level)
    if count1 == 0 and count2 == 0:
        raise ValueError("count1 or count2 must be above 0 for a ratio; 0 and 0 found")
    value = groups.shares[0] / groups.shares[1] if count2 else math.inf
    # A ratio of 0 or infinity is not rejected however near its end one starts.
    middle = math.log(value) if 0 < value < math.inf else math.copysign(_FARTHEST, value - 1)

    def inside(logarithm: float) -> bool:
        return abs(_ratio_score(groups, math.exp(logarithm))) <= groups.z

    low = 0.0 if count1 == 0 else math.exp(turning_point(inside, middle, -_FARTHEST))
    high = math.inf if count2 == 0 else math.exp(turning_point(inside, middle, _FARTHEST))
    return _ratio(groups, value, low, high, "Miettinen-Nurminen")


def ratio_log(count1: int, n1: int, count2: int, n2: int, *, level: float = 0.95) -> Estimate:
    """Ratio of two independent proportions, with the normal interval of its logarithm.

    The method of Katz and colleagues, used by Simel for likelihood ratios. Parameters as in
    `newcombe`. Where a count is 0 the interval is that of `ratio_miettinen_nurminen`; the method
    says so.

    References
    ----------
    Katz, Baptista, Azen, Pike. Biometrics 1978;34:469-474.
    """
    groups = _groups(count1, n1, count2, n2, level)
    if count1 == 0 or count2 == 0:
        score = ratio_miettinen_nurminen(count1, n1, count2, n2, level=level)
        return _ratio(groups, score.value, score.low, score.high, f"{score.method} (a count is 0)")
    value = groups.shares[0] / groups.shares[1]
    # A logarithm's variance (1-p)/count, summed; the difference of reciprocals would cancel.
    terms = [(n - x) / (n * x) for x, n in zip(groups.count, groups.n, strict=True)]
    se = math.sqrt(sum(terms))
    return _ratio(
        groups, value, value * math.exp(-groups.z * se), value * math.exp(groups.z * se), "Katz log"
    )


def _groups(count1: int, n1: int, count2: int, n2: int, level: float) -> _Groups:
    confidence_level(level)
    for name, count, n in (("1", count1, n1), ("2", count2, n2)):
        whole_count(f"n{name}", n, least=1)
        if whole_count(f"count{name}", count) > n:
            raise ValueError(f"count{name} must lie between 0 and n{name}; {count} of {n} found")
    z = float(ndtri(0.5 + level / 2))
    return _Groups(count=(int(count1), int(count2)), n=(int(n1), int(n2)), z=z, level=level)


def _wald_se(groups: _Groups) -> float:
    return math.sqrt(
        sum(share * (1 - share) / n for share, n in zip(groups.shares, groups.n, strict=True))
    )


def _by_score(groups: _Groups, scale: float, method: str) -> Estimate:
    def inside(difference: float) -> bool:
        return abs(_difference_score(groups, difference, scale)) <= groups.z

    low = turning_point(inside, groups.difference, -1.0)
    high = turning_point(inside, groups.difference, 1.0)
    p = 2 * float(ndtr(-abs(_difference_score(groups, 0.0, scale))))
    return _difference(groups, low, high, method, p=p)


def _difference_score(groups: _Groups, difference: float, scale: float) -> float:
    gap = groups.difference - difference
    if gap == 0:
        return 0.0
    second = _share_given_difference(groups, difference)
    first = min(max(second + difference, 0.0), 1.0)
    variance = first * (1 - first) / groups.n[0] + second * (1 - second) / groups.n[1]
    return math.copysign(math.inf, gap) if variance <= 0 else gap / math.sqrt(variance * scale)


def _share_given_difference(groups: _Groups, difference: float) -> float:
    """Likeliest share of the second group, the first's being higher by `difference`.

    The score falls as the share rises; halving needs no case distinction and loses no digits, as
    the closed cubic does where its roots lie close together.
    """
    count, n = groups.count, groups.n

    def rising(share: float) -> bool:
        first = share + difference
        slope = 0.0
        for hits, misses, at in (
            (count[0], n[0] - count[0], first),
            (count[1], n[1] - count[1], share),
        ):
            slope += hits / at if hits else 0.0
            slope -= misses / (1 - at) if misses else 0.0
        return slope > 0

    lowest, highest = max(0.0, -difference), min(1.0, 1.0 - difference)
    inside, outside = lowest, highest
    for _ in range(200):
        middle = (inside + outside) / 2
        if middle in {inside, outside} or not (0 < middle < 1 and 0 < middle + difference < 1):
            break
        if rising(middle):
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2


def _ratio_score(groups: _Groups, ratio: float) -> float:
    (x1, x2), (n1, n2) = groups.count, groups.n
    gap = groups.shares[0] - ratio * groups.shares[1]
    # The likeliest second share solves a quadratic; this root form does not cancel.
    half = n1 * ratio + x1 + n2 + x2 * ratio
    root = math.sqrt(max(half * half - 4 * groups.total * ratio * (x1 + x2), 0.0))
    second = min(2 * (x1 + x2) / (half + root), 1.0)
    first = min(ratio * second, 1.0)
    variance = first * (1 - first) / n1 + ratio * ratio * second * (1 - second) / n2
    variance *= groups.total / (groups.total - 1)
    if variance <= 0:
        return 0.0 if gap == 0 else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)


def _difference(
    groups: _Groups,
    low: float,
    high: float,
    method: str,
    *,
    se: float | None = None,
    p: float | None = None,
) -> Estimate:
    low, high, cut = max(low, -1.0), min(high, 1.0), low < -1 or high > 1
    facts = {
        Caution.FEW: _few(groups),
        Caution.BOUNDARY: abs(groups.difference) == 1,
        Caution.NO_VARIANCE: low == high,
        Caution.CUT: cut and low != high,
    }
    return Estimate(
        value=groups.difference,
        low=low,
        high=high,
        level=groups.level,
        method=method,
        n=groups.total,
        se=se,
        p=p,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )


def _ratio(groups: _Groups, value: float, low: float, high: float, method: str) -> Estimate:
    facts = {Caution.FEW: _few(groups), Caution.BOUNDARY: value in {0.0, math.inf}}
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=groups.level,
        method=method,
        n=groups.total,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )


def _few(groups: _Groups) -> bool:
    return any(
        min(count, n - count) < FEW_OUTCOMES
        for count, n in zip(groups.count, groups.n, strict=True)
    )
