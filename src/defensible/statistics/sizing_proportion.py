"""Cases needed to show that a proportion (sensitivity, specificity) clears its goal.

`exact` counts what the exact binomial test does at each number of cases; its power goes up and down
like a saw, so the first number that reaches the power may be followed by ones that do not:
`exact_lasting` gives the number from which on it is kept. `approximate` is the textbook formula.
"""

from math import ceil, sqrt

import numpy as np
from scipy.special import bdtrc, bdtrik, ndtr, ndtri

from defensible.statistics import sizing
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.sizing import Size

_SEARCHED = 20_000
_NEAR = 2_000  # searched first: most answers lie there


def exact(
    *,
    expected: float,
    goal: float,
    power: float = 0.8,
    level: float = 0.95,
    limit: int = _SEARCHED,
) -> Size:
    """The first number of cases at which the exact binomial test has the power.

    Parameters
    ----------
    expected : float in (0, 1)
        The true proportion planned for.
    goal : float in (0, 1)
        What the lower Clopper-Pearson limit must clear (the upper one, if `expected` is below).
    power : float in (0, 1)
        Chance that it does.
    level : float in (0, 1)
        Of the two-sided interval; 0.90 for a one-sided test at 0.05.
    limit : int
        How far to search.

    Returns
    -------
    Size
        `besides` holds the successes needed (the most allowed, if `expected` is below).

    Raises
    ------
    ValueError
        A proportion, power or level does not lie between 0 and 1, `expected` is `goal`, or no
        number up to `limit` will do.

    Notes
    -----
    Values for sensitivity 0.95 against 0.90 at power 0.8: 179 at one-sided 0.05 (168 successes),
    231 at one-sided 0.025 (217 successes).
    """
    sizing.power_wanted(power)
    powers, needed = _saw(expected, goal, level, min(limit, _NEAR))
    if limit > _NEAR and powers.max() < power:
        powers, needed = _saw(expected, goal, level, limit)
    n = sizing.first_of(powers, power, unit="cases")
    return _answer(n, powers, needed, expected > goal, power, level, "exact binomial, first")


def exact_lasting(
    *,
    expected: float,
    goal: float,
    power: float = 0.8,
    level: float = 0.95,
    limit: int = _SEARCHED,
) -> Size:
    """The number of cases from which on the exact binomial test keeps the power (up to `limit`).

    The one to plan with if the number of cases that will come in is not certain. Parameters and
    errors as in `exact`. The saw's teeth shrink with the number of cases, so a power kept from half
    of four times the approximate number on is not looked at beyond that.
    """
    near = min(limit, max(_NEAR, 4 * approximate_n(expected, goal, power, level)))
    powers, needed = _saw(expected, goal, level, near)
    if near < limit and (powers[near // 2 :] < power).any():
        powers, needed = _saw(expected, goal, level, limit)
    n = sizing.lasting_of(powers, power, unit="cases")
    return _answer(n, powers, needed, expected > goal, power, level, "exact binomial, lasting")


def exact_power(n: int, *, expected: float, goal: float, level: float = 0.95) -> float:
    """Power of the exact binomial test with `n` cases.

    Raises
    ------
    ValueError
        `n` below 1, or as in `exact`.
    """
    if n < 1:
        raise ValueError(f"n must be 1 or more; {n} found")
    low, high, _ = upward(expected, goal)
    return float(_powers(np.array([n]), low, high, sizing.one_sided(level))[0][0])


def approximate(*, expected: float, goal: float, power: float = 0.8, level: float = 0.95) -> Size:
    """Cases by the normal approximation; few where the exact test would ask for more.

    ((z_alpha sqrt(p0 q0) + z_beta sqrt(p1 q1)) / (p1 - p0))^2. Parameters and errors as in `exact`;
    `power` of the answer is that of the same approximation.
    """
    n = approximate_n(expected, goal, power, level)
    null, true = sqrt(goal * (1 - goal)), sqrt(expected * (1 - expected))
    z = float(ndtri(1 - sizing.one_sided(level)))
    met = float(ndtr((abs(expected - goal) * sqrt(n) - z * null) / true))
    return Size(
        n=n,
        unit="cases",
        power=met,
        wanted=power,
        level=level,
        method="one proportion, normal approximation",
    )


def approximate_n(expected: float, goal: float, power: float, level: float) -> int:
    """The number of `approximate` alone; errors as there."""
    upward(expected, goal)
    sizing.power_wanted(power)
    null, true = sqrt(goal * (1 - goal)), sqrt(expected * (1 - expected))
    z = float(ndtri(1 - sizing.one_sided(level)))
    return max(1, ceil(((z * null + float(ndtri(power)) * true) / (expected - goal)) ** 2 - 1e-9))


def independent(
    *,
    first: float,
    second: float,
    ratio: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Cases in the first of two independent groups, to show that their proportions differ.

    Parameters
    ----------
    first, second : float in (0, 1)
        True proportions planned for.
    ratio : float
        Cases of the second group for each of the first.
    power, level : float in (0, 1)
        As in `exact`; the test is two-sided, with pooled variance and no continuity correction.

    Raises
    ------
    ValueError
        A proportion, power or level does not lie between 0 and 1, they are equal, the ratio is
        not above 0.
    """
    sizing.proportion("first", first)
    sizing.proportion("second", second)
    sizing.power_wanted(power)
    if first == second or not 0 < ratio < np.inf:
        raise ValueError(
            f"first and second must differ and ratio lie above 0; {first}, {second}, {ratio} found"
        )
    pooled = (first + ratio * second) / (1 + ratio)
    null = sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    true = sqrt(first * (1 - first) + second * (1 - second) / ratio)
    z = float(ndtri(1 - sizing.one_sided(level)))
    n = ceil(((z * null + float(ndtri(power)) * true) / (first - second)) ** 2 - 1e-9)
    met = float(ndtr((abs(first - second) * sqrt(n) - z * null) / true))
    return Size(
        n=n,
        unit="cases in the first group",
        power=met,
        wanted=power,
        level=level,
        method="two independent proportions, pooled normal",
        besides=(("cases in the second group", ceil(n * ratio)),),
    )


def for_width(*, expected: float, width: float, level: float = 0.95) -> int:
    """Cases at which Wilson's interval about `expected` is no wider than `width`.

    A size for precision, without a goal, hence without a power.

    Raises
    ------
    ValueError
        `expected`, `width` or `level` does not lie between 0 and 1.
    """
    sizing.proportion("expected", expected)
    sizing.proportion("width", width)
    z = float(ndtri(1 - sizing.one_sided(level)))

    def wilson(n: int) -> float:
        spread = sqrt(expected * (1 - expected) / n + z**2 / (4 * n**2))
        return 2 * z * spread / (1 + z**2 / n)

    low, high = 0, 1
    while wilson(high) > width:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if wilson(middle) > width else (low, middle)
    return high


def upward(expected: float, goal: float) -> tuple[float, float, bool]:
    """Goal and expectation as proportions of which the true one is higher, and whether it was.

    Raises
    ------
    ValueError
        One does not lie between 0 and 1, or they are equal.
    """
    sizing.proportion("expected", expected)
    sizing.proportion("goal", goal)
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    if expected > goal:
        return goal, expected, True
    return 1 - goal, 1 - expected, False


def _saw(expected: float, goal: float, level: float, limit: int) -> tuple[Floats, Ints]:
    """Power, and successes needed, at each number of cases from 0 to `limit`."""
    low, high, _ = upward(expected, goal)
    n = np.arange(1, limit + 1)
    powers, needed = _powers(n, low, high, sizing.one_sided(level))
    return np.concatenate([[0.0], powers]), np.concatenate([[1], needed])


def _powers(n: Ints, goal: float, true: float, alpha: float) -> tuple[Floats, Ints]:
    # The smallest k with P(X >= k | goal) <= alpha, from a real-valued quantile put right.
    start = np.floor(bdtrik(1 - alpha, n, goal)) + 1
    needed = np.clip(np.nan_to_num(start, nan=0.0), 0, n + 1).astype(np.int64)
    for _ in range(3):
        lower = (needed >= 1) & (_above(needed - 1, n, goal) <= alpha)
        needed = np.where(lower, needed - 1, needed)
    for _ in range(4):
        needed = np.where(_above(needed, n, goal) > alpha, needed + 1, needed)
    return _above(needed, n, true), needed


def _above(k: Ints, n: Ints, p: float) -> Floats:
    """P(X >= k) of a binomial; 1 at k = 0 and 0 beyond n."""
    inside = np.clip(k - 1, 0, n - 1)
    share: Floats = np.where(k <= 0, 1.0, np.where(k > n, 0.0, bdtrc(inside, n, p)))
    return share


def _answer(
    n: int,
    powers: Floats,
    needed: Ints,
    upward: bool,  # noqa: FBT001 - which way the goal lies, not a switch
    wanted: float,
    level: float,
    method: str,
) -> Size:
    k = int(needed[n])
    besides = ("successes needed", k) if upward else ("successes allowed", n - k)
    return Size(
        n=n,
        unit="cases",
        power=float(powers[n]),
        wanted=wanted,
        level=level,
        method=method,
        besides=(besides,),
    )
