"""Sites needed: for the average site to clear a goal, and for a further site to be predicted to.

Proportions and AUCs are normal between sites on the logit scale, with standard deviation `tau`
there (a standard deviation s of the proportion is s / (p (1 - p))). More cases cannot replace
sites: what is between sites stays.
"""

from math import inf, sqrt

import numpy as np
from scipy.special import gdtrix, logit, nctdtr, ndtr, ndtri, stdtrit

from defensible.statistics import sizing
from defensible.statistics.sizing import Size

_MOST_SITES = 10_000
_POINTS = 4000


def for_average(
    *,
    expected: float,
    goal: float,
    tau: float,
    cases_per_site: int,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Sites for the interval of the average site (t, k - 1 df) to clear the goal.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        True proportion of the average site, and what its interval must clear.
    tau : float
        Between-site standard deviation on the logit scale, 0 or above.
    cases_per_site : int
        Cases of the class that the proportion is of, 1 or more.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided interval.

    Raises
    ------
    ValueError
        A value out of range, `expected` is `goal`, or ten thousand sites do not suffice.
    """

    def power_at(k: int) -> float:
        return for_average_power(
            k, expected=expected, goal=goal, tau=tau, cases_per_site=cases_per_site, level=level
        )

    n, met = sizing.smallest(power_at, power, unit="sites", first=2, limit=_MOST_SITES)
    return _size(n, met, power, level, "average site, logit t", cases_per_site)


def for_average_power(
    n_sites: int,
    *,
    expected: float,
    goal: float,
    tau: float,
    cases_per_site: int,
    level: float = 0.95,
) -> float:
    """Power with `n_sites` sites; errors as in `for_average`."""
    gap, within = _planned(expected, goal, tau, cases_per_site)
    _two_or_more(n_sites, 2)
    shift = gap / sqrt((tau**2 + within) / n_sites)
    critical = float(stdtrit(n_sites - 1, 1 - sizing.one_sided(level)))
    if shift > 37:  # the non-central t is 1 to all digits there, and slow
        return 1.0
    return 1 - float(nctdtr(n_sites - 1, shift, critical))


def for_prediction(
    *,
    expected: float,
    goal: float,
    tau: float,
    cases_per_site: int,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Sites for the prediction interval of a further site (t, k - 2 df) to clear the goal.

    Parameters as in `for_average`.

    Raises
    ------
    ValueError
        As there; also where sites differ so much that a further one may miss the goal however many
        have been seen.

    Notes
    -----
    Sites of equal size: the between-site variance estimate is that of the sites' results less the
    within-site one, not below 0, and is integrated over its distribution.
    """
    gap, _ = _planned(expected, goal, tau, cases_per_site)
    z = float(ndtri(1 - sizing.one_sided(level)))
    if gap <= z * tau:
        raise ValueError(
            f"sites differ by {tau:.3g} on the logit scale, so a further one may miss the goal of "
            f"{goal:g} however many have been seen: narrow the claim's scope, or find why they "
            "differ"
        )

    def power_at(k: int) -> float:
        return for_prediction_power(
            k, expected=expected, goal=goal, tau=tau, cases_per_site=cases_per_site, level=level
        )

    n, met = sizing.smallest(power_at, power, unit="sites", first=3, limit=_MOST_SITES)
    return _size(n, met, power, level, "further site, logit t", cases_per_site)


def for_prediction_power(
    n_sites: int,
    *,
    expected: float,
    goal: float,
    tau: float,
    cases_per_site: int,
    level: float = 0.95,
) -> float:
    """Chance with `n_sites` sites; errors as in `for_average`, and fewer than three sites."""
    gap, within = _planned(expected, goal, tau, cases_per_site)
    _two_or_more(n_sites, 3)
    share = (np.arange(_POINTS) + 0.5) / _POINTS
    total = tau**2 + within
    spread = 2 * total * gdtrix(1, (n_sites - 1) / 2, share) / (n_sites - 1)
    width = np.sqrt(np.maximum(spread - within, 0) + np.maximum(spread, within) / n_sites)
    reach = float(stdtrit(n_sites - 2, 1 - sizing.one_sided(level))) * width
    return float(ndtr((gap - reach) / sqrt(total / n_sites)).mean())


def _planned(expected: float, goal: float, tau: float, cases_per_site: int) -> tuple[float, float]:
    """Distance to the goal, and variance of a site's result, on the logit scale."""
    sizing.proportion("expected", expected)
    sizing.proportion("goal", goal)
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    if not 0 <= tau < inf or cases_per_site < 1:
        raise ValueError(
            f"tau must be 0 or above and cases_per_site 1 or more; {tau}, {cases_per_site} found"
        )
    gap = abs(float(logit(expected)) - float(logit(goal)))
    return gap, 1 / (cases_per_site * expected * (1 - expected))


def _two_or_more(n_sites: int, least: int) -> None:
    if n_sites < least:
        raise ValueError(f"{least} sites or more are needed; {n_sites} found")


def _size(n: int, met: float, power: float, level: float, method: str, cases_per_site: int) -> Size:
    return Size(
        n=n,
        unit="sites",
        power=met,
        wanted=power,
        level=level,
        method=method,
        besides=(("cases per site", cases_per_site), ("cases", n * cases_per_site)),
    )
