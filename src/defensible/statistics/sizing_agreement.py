"""Subjects needed to show agreement: kappa, intraclass correlation, limits of agreement.

References
----------
Donner, Eliasziw. Statistics in Medicine 1992;11:1511-1519 (kappa).
Bloch, Kraemer. Biometrics 1989;45:269-287 (variance of kappa).
Walter, Eliasziw, Donner. Statistics in Medicine 1998;17:101-110 (ICC).
Lu et al. International Journal of Biostatistics 2016;12(2) (limits of agreement).
"""

from collections.abc import Callable
from math import inf, sqrt

import numpy as np
from scipy.special import chdtri, chndtr, fdtrc, fdtri, gdtrix, nctdtrit, ndtr, ndtri, stdtrit

from defensible.statistics import sizing
from defensible.statistics.root import root
from defensible.statistics.sizing import Size

_POINTS = 4000  # of the distribution of a standard deviation


def kappa_of_two_raters(
    *, expected: float, goal: float, prevalence: float, power: float = 0.8, level: float = 0.95
) -> Size:
    """Subjects for two raters and two categories, by the goodness-of-fit test.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        True kappa planned for, and the one to be told from it (two-sided test).
    prevalence : float in (0, 1)
        Share of positive ratings, the same for both raters.
    power, level : float in (0, 1)
        Chance of telling them apart; one minus the type I error.

    Raises
    ------
    ValueError
        A value outside (0, 1), equal kappas, or a million subjects do not suffice.
    """

    def power_at(n: int) -> float:
        return kappa_power(n, expected=expected, goal=goal, prevalence=prevalence, level=level)

    n, met = sizing.smallest(power_at, power, unit="subjects", first=2)
    return _size(n, met, power, level, "kappa, goodness of fit (Donner-Eliasziw)")


def kappa_power(
    n: int, *, expected: float, goal: float, prevalence: float, level: float = 0.95
) -> float:
    """Power of the goodness-of-fit test of kappa with `n` subjects; errors as there."""
    for name, value in (("expected", expected), ("goal", goal), ("prevalence", prevalence)):
        sizing.proportion(name, value)
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    null, true = (_outcomes(kappa, prevalence) for kappa in (goal, expected))
    shift = n * float(((true - null) ** 2 / null).sum())
    return 1 - float(chndtr(chdtri(1, 2 * sizing.one_sided(level)), 1, shift))


def kappa_by_interval(
    *, expected: float, goal: float, prevalence: float, power: float = 0.8, level: float = 0.95
) -> Size:
    """Subjects for Cohen's large-sample interval of two raters to clear its goal.

    Parameters and errors as in `kappa_of_two_raters`; the lower limit must clear the goal (the
    upper one, if `expected` is below).

    Notes
    -----
    Fewer than the goodness-of-fit test asks for where the goal lies below: that interval takes its
    variance at the kappa seen, which is smaller than at the goal.
    """

    def power_at(n: int) -> float:
        return kappa_interval_power(
            n, expected=expected, goal=goal, prevalence=prevalence, level=level
        )

    n, met = sizing.smallest(power_at, power, unit="subjects", first=2)
    return _size(n, met, power, level, "kappa, large-sample interval (Cohen)")


def kappa_interval_power(
    n: int, *, expected: float, goal: float, prevalence: float, level: float = 0.95
) -> float:
    """Power of Cohen's large-sample interval with `n` subjects; errors as there."""
    for name, value in (("expected", expected), ("goal", goal), ("prevalence", prevalence)):
        sizing.proportion(name, value)
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    side = 1 if expected > goal else -1
    z = float(ndtri(1 - sizing.one_sided(level)))

    def error(kappa: float) -> float:
        # variance of kappa in the common correlation model (Bloch, Kraemer)
        spread = (1 - kappa) * (1 - 2 * kappa) + kappa * (2 - kappa) / (
            2 * prevalence * (1 - prevalence)
        )
        return sqrt((1 - kappa) * spread / n)

    def over(kappa: float) -> float:
        return side * (kappa - goal) - z * error(kappa)

    best = 1 - 1e-12 if side > 0 else 1e-12
    if over(best) <= 0:
        return 0.0
    clears = root(over, min(goal, best), max(goal, best))
    return float(ndtr(side * (expected - clears) / error(expected)))


def icc(
    *, expected: float, goal: float, n_raters: int, power: float = 0.8, level: float = 0.95
) -> Size:
    """Subjects to show that the one-way ICC of single ratings exceeds its goal, exact F test.

    Parameters
    ----------
    expected, goal : float
        True ICC planned for, above the goal that its lower limit must clear; goal in [0, 1).
    n_raters : int
        Ratings of each subject, 2 or more.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Raises
    ------
    ValueError
        `expected` is not above `goal`, a value out of range, or a million subjects do not suffice.
    """

    def power_at(n: int) -> float:
        return icc_power(n, expected=expected, goal=goal, n_raters=n_raters, level=level)

    n, met = sizing.smallest(power_at, power, unit="subjects", first=2)
    return _size(n, met, power, level, "ICC(1), exact F", ("raters", n_raters))


def icc_power(n: int, *, expected: float, goal: float, n_raters: int, level: float = 0.95) -> float:
    """Power of the one-sided F test of a one-way ICC with `n` subjects; errors as there."""
    if not 0 <= goal < expected < 1:
        raise ValueError(f"0 <= goal < expected < 1 must hold; {goal} and {expected} found")
    if n_raters < 2 or n < 2:
        raise ValueError(f"two subjects and raters or more are needed; {n}, {n_raters} found")
    df = n * (n_raters - 1.0)
    null, true = (1 + n_raters * rho / (1 - rho) for rho in (goal, expected))
    critical = float(fdtri(n - 1, df, 1 - sizing.one_sided(level)))
    return float(fdtrc(n - 1, df, critical * null / true))


def limits_of_agreement(
    *,
    bias: float,
    sd: float,
    margin: float,
    coverage: float = 0.95,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Subjects for both limits' exact intervals to lie within plus and minus `margin`.

    Parameters
    ----------
    bias, sd : float
        True mean and standard deviation of the differences.
    margin : float
        Difference that would not matter.
    coverage : float in (0, 1)
        Share of differences that the limits enclose.
    power, level : float in (0, 1)
        Chance that both outer ends lie within the margin; level of each limit's interval.

    Raises
    ------
    ValueError
        A value out of range, or limits that do not lie within the margin in truth, so that no
        number of subjects will do.

    Notes
    -----
    Exact for normal differences: the standard deviation's distribution is integrated over 4,000
    equally likely values. `limits_of_agreement_1999` has Bland and Altman's interval instead.
    """
    return _limits(_exact_reach, bias, sd, margin, coverage, power, level, "exact")


def limits_of_agreement_1999(
    *,
    bias: float,
    sd: float,
    margin: float,
    coverage: float = 0.95,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """The same for Bland and Altman's approximate intervals of 1999, as in Lu et al."""
    return _limits(_reach_1999, bias, sd, margin, coverage, power, level, "Bland-Altman 1999")


def _outcomes(kappa: float, prevalence: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Chances of two positive, mixed, and two negative ratings (common correlation model)."""
    p, q = prevalence, 1 - prevalence
    return np.array([p**2 + p * q * kappa, 2 * p * q * (1 - kappa), q**2 + p * q * kappa])


def _limits(
    reach: Callable[[int, float, float], float],
    bias: float,
    sd: float,
    margin: float,
    coverage: float,
    power: float,
    level: float,
    name: str,
) -> Size:
    sizing.proportion("coverage", coverage)
    if not (0 < sd < inf and 0 < margin < inf):
        raise ValueError(f"sd and margin must lie above 0; {sd} and {margin} found")
    z = float(ndtri(0.5 + coverage / 2))
    sizing.one_sided(level)
    if abs(bias) + z * sd >= margin:
        raise ValueError(
            f"the limits of agreement themselves reach {abs(bias) + z * sd:g}; no number of "
            f"subjects puts their intervals within the margin of {margin:g}"
        )

    def power_at(n: int) -> float:
        # s / sd from equally likely quantiles of its chi distribution.
        share = (np.arange(_POINTS) + 0.5) / _POINTS
        s = sd * np.sqrt(2 * gdtrix(1, (n - 1) / 2, share) / (n - 1))
        room = margin - reach(n, z, level) * s
        scale = sqrt(n) / sd
        chance = ndtr((room - bias) * scale) - ndtr((-room - bias) * scale)
        return float(np.maximum(chance, 0).mean())

    n, met = sizing.smallest(power_at, power, unit="subjects", first=3)
    return _size(n, met, power, level, f"limits of agreement, {name}")


def _exact_reach(n: int, z: float, level: float) -> float:
    return float(nctdtrit(n - 1, z * sqrt(n), 0.5 + level / 2)) / sqrt(n)


def _reach_1999(n: int, z: float, level: float) -> float:
    spread = sqrt(1 / n + z**2 / (2 * (n - 1)))
    return z + float(stdtrit(n - 1, 0.5 + level / 2)) * spread


def _size(
    n: int, met: float, power: float, level: float, method: str, *besides: tuple[str, int]
) -> Size:
    return Size(
        n=n,
        unit="subjects",
        power=met,
        wanted=power,
        level=level,
        method=method,
        besides=besides,
    )
