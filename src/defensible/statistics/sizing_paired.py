"""Cases needed to compare two devices, or readers without and with one, on the same cases.

What counts is how often the two disagree: `better` is the share of cases that only the new one gets
right, `worse` the share that only the reference gets right.
"""

from math import ceil, sqrt

import numpy as np
from scipy.special import bdtrc, betaln, ndtr, ndtri, xlogy

from defensible.statistics import sizing
from defensible.statistics.arrays import Floats
from defensible.statistics.sizing import Size

_SEARCHED = 3_000


def exact_mcnemar(
    *,
    better: float,
    worse: float,
    power: float = 0.8,
    level: float = 0.95,
    limit: int = _SEARCHED,
) -> Size:
    """Cases from which on the exact McNemar test keeps the power, the discordant number random.

    Parameters
    ----------
    better, worse : float in (0, 1)
        Shares of cases that only the new one, and only the reference, gets right; their sum is at
        most 1.
    power, level : float in (0, 1)
        Chance that the two-sided test rejects in the direction of the true difference.
    limit : int
        How far to search.

    Raises
    ------
    ValueError
        Shares that cannot be, or equal ones; no number up to `limit` will do.

    Notes
    -----
    The power averages that of the exact conditional test over the binomial number of discordant
    cases. O(limit^2) time and O(limit) memory.
    """
    powers = _mcnemar_powers(better, worse, level, limit)
    n = sizing.lasting_of(powers, power, unit="cases")
    return Size(
        n=n,
        unit="cases",
        power=float(powers[n]),
        wanted=power,
        level=level,
        method="exact McNemar, unconditional power",
        besides=(("discordant cases expected", round(n * (better + worse))),),
    )


def exact_mcnemar_power(n: int, *, better: float, worse: float, level: float = 0.95) -> float:
    """Unconditional power of the exact McNemar test with `n` cases; errors as there."""
    if n < 1:
        raise ValueError(f"n must be 1 or more; {n} found")
    return float(_mcnemar_powers(better, worse, level, n)[n])


def approximate_mcnemar(
    *, better: float, worse: float, power: float = 0.8, level: float = 0.95
) -> Size:
    """Cases for McNemar's test by Connor's normal approximation.

    Parameters and errors as in `exact_mcnemar`.

    References
    ----------
    Connor. Biometrics 1987;43:207-211.
    """
    total, difference = _discordant(better, worse)
    sizing.power_wanted(power)
    z = float(ndtri(1 - sizing.one_sided(level)))
    spread = sqrt(total - difference**2)
    n = ceil(((z * sqrt(total) + float(ndtri(power)) * spread) / difference) ** 2 - 1e-9)
    met = float(ndtr((difference * sqrt(n) - z * sqrt(total)) / spread))
    return Size(
        n=n,
        unit="cases",
        power=met,
        wanted=power,
        level=level,
        method="McNemar, normal approximation (Connor)",
    )


def non_inferiority(
    *, better: float, worse: float, margin: float, power: float = 0.8, level: float = 0.95
) -> Size:
    """Cases to show that a paired proportion is worse by less than `margin`, Wald form.

    Parameters
    ----------
    better, worse : float in [0, 1)
        As in `exact_mcnemar`; equal shares mean no true difference.
    margin : float
        Above 0, and above the true loss `worse - better`.
    power, level : float in (0, 1)
        As there; the test is one-sided.

    Raises
    ------
    ValueError
        Shares that cannot be, or a margin that the expected loss does not leave room in.
    """
    total = better + worse
    if min(better, worse) < 0 or not 0 < total <= 1:
        raise ValueError(
            f"better and worse must be 0 or above, not both 0, and sum to at most 1; "
            f"{better} and {worse} found"
        )
    room = better - worse + margin
    if not (margin > 0 and room > 0):
        raise ValueError(f"margin must exceed 0 and the true loss {worse - better:g}; {margin}")
    sizing.power_wanted(power)
    z = float(ndtri(1 - sizing.one_sided(level)))
    spread = sqrt(total - (better - worse) ** 2)
    n = max(1, ceil(((z + float(ndtri(power))) * spread / room) ** 2 - 1e-9))
    met = float(ndtr(room * sqrt(n) / spread - z)) if spread > 0 else 1.0
    return Size(
        n=n,
        unit="cases",
        power=met,
        wanted=power,
        level=level,
        method="paired proportions, non-inferiority, Wald",
    )


def _discordant(better: float, worse: float) -> tuple[float, float]:
    sizing.proportion("better", better)
    sizing.proportion("worse", worse)
    if better + worse > 1 or better == worse:
        raise ValueError(
            f"better and worse must differ and sum to at most 1; {better} and {worse} found"
        )
    return better + worse, abs(better - worse)


def _mcnemar_powers(better: float, worse: float, level: float, limit: int) -> Floats:
    """Power at each number of cases from 0 to `limit`."""
    total, _ = _discordant(better, worse)
    conditional = _rejections(max(better, worse) / total, sizing.one_sided(level), limit)
    m = np.arange(limit + 1)
    powers = np.zeros(limit + 1)
    for n in range(1, limit + 1):
        discordant = m[: n + 1]
        log_share = -betaln(discordant + 1, n - discordant + 1) - np.log(n + 1)
        log_share += xlogy(discordant, total) + xlogy(n - discordant, 1 - total)
        powers[n] = np.exp(log_share) @ conditional[: n + 1]
    return powers


def _rejections(share: float, alpha: float, limit: int) -> Floats:
    """Chance that the conditional test rejects upward, at each number of discordant cases."""
    chances, k = np.zeros(limit + 1), 0
    for m in range(1, limit + 1):
        # The number needed grows by at most one with each discordant case.
        while k <= m and (k == 0 or bdtrc(k - 1, m, 0.5) > alpha):
            k += 1
        if k <= m:
            chances[m] = bdtrc(k - 1, m, share)
    return chances
