"""Sites needed for a further one to be predicted above its goal, by the prediction with a prior.

As `new_site` predicts: the between-site standard deviation has a log-normal prior, so that sites
which look alike are not taken to be alike. Where sites truly differ less than the prior expects,
more of them are needed than for the t interval of `sizing_sites.for_prediction`; where they are
few, fewer.
"""

from math import log, sqrt

import numpy as np
from scipy.special import expit, gdtrix, logit, logsumexp, ndtr, ndtri

from defensible.statistics import sizing
from defensible.statistics.arrays import Floats
from defensible.statistics.site_posterior import STEEPEST, TauPrior
from defensible.statistics.sizing import Size

_MOST_SITES = 10_000
_DRAWS = 200  # equally likely values of the variance between sites seen
_SPREADS = 121  # of the grid of the posterior
_HALVINGS = 50


def of_further_site(
    *,
    expected: float,
    goal: float,
    tau: float,
    cases_per_site: int,
    prior: TauPrior,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Sites at which the prediction of a further one clears the goal with the power.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        True proportion of the average site, and what the prediction must clear.
    tau : float
        True between-site standard deviation on the logit scale, above 0.
    cases_per_site : int
        Cases of the class that the proportion is of, 1 or more.
    prior : TauPrior
        Of the same standard deviation, on the scale of the proportion, as the analysis has it.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided prediction.

    Raises
    ------
    ValueError
        A value out of range, `expected` is `goal`, sites that differ too much for any number of
        them, or ten thousand that do not suffice.

    Notes
    -----
    Sites of equal size and results normal on the logit scale, where the prior is that at the
    expected proportion.
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
        return of_further_site_power(
            k,
            expected=expected,
            goal=goal,
            tau=tau,
            cases_per_site=cases_per_site,
            prior=prior,
            level=level,
        )

    n, met = sizing.smallest(power_at, power, unit="sites", first=2, limit=_MOST_SITES)
    return Size(
        n=n,
        unit="sites",
        power=met,
        wanted=power,
        level=level,
        method="further site, prediction with a prior",
        besides=(("cases per site", cases_per_site), ("cases", n * cases_per_site)),
    )


def of_further_site_power(
    n_sites: int,
    *,
    expected: float,
    goal: float,
    tau: float,
    cases_per_site: int,
    prior: TauPrior,
    level: float = 0.95,
) -> float:
    """Chance with `n_sites` sites; errors as in `of_further_site`, and fewer than two sites."""
    gap, within = _planned(expected, goal, tau, cases_per_site)
    if n_sites < 2:
        raise ValueError(f"two sites or more are needed; {n_sites} found")
    share = (np.arange(_DRAWS) + 0.5) / _DRAWS
    total = tau**2 + within
    seen = 2 * total * gdtrix(1, (n_sites - 1) / 2, share) / (n_sites - 1)
    reach = _reach(seen, within, n_sites, _on_logit_scale(prior, expected), sizing.one_sided(level))
    return float(ndtr((gap - reach) / sqrt(total / n_sites)).mean())


def of_width(
    *,
    expected: float,
    width: float,
    tau: float,
    cases_per_site: int,
    prior: TauPrior,
    level: float = 0.95,
) -> Size:
    """Sites at which the prediction for a further one is no wider than `width`, on average.

    A size for precision, without a goal: `power` and `wanted` are 1, and say nothing.

    Parameters
    ----------
    expected, tau, cases_per_site, prior, level
        As in `of_further_site`.
    width : float in (0, 1)
        From the lower to the upper limit, on the scale of the proportion.

    Raises
    ------
    ValueError
        A value out of range, or ten thousand sites do not suffice: what lies between sites stays.
    """
    sizing.proportion("expected", expected)
    sizing.proportion("width", width)
    within = _within(expected, tau, cases_per_site)

    def width_at(k: int) -> float:
        share = (np.arange(_DRAWS) + 0.5) / _DRAWS
        seen = 2 * (tau**2 + within) * gdtrix(1, (k - 1) / 2, share) / (k - 1)
        reach = _reach(seen, within, k, _on_logit_scale(prior, expected), sizing.one_sided(level))
        return float((expit(logit(expected) + reach) - expit(logit(expected) - reach)).mean())

    least = width_at(_MOST_SITES)
    if least > width:
        raise ValueError(
            f"sites differ by {tau:.3g} on the logit scale, so the prediction stays {least:.3f} "
            "wide however many have been seen: narrow the claim's scope, or find why they differ"
        )
    below, n = 1, 2
    while width_at(n) > width:
        below, n = n, min(2 * n, _MOST_SITES)
    while n - below > 1:
        middle = (below + n) // 2
        below, n = (middle, n) if width_at(middle) > width else (below, middle)
    return Size(
        n=n,
        unit="sites",
        power=1.0,
        wanted=1.0,
        level=level,
        method="width of the prediction for a further site, with a prior",
        besides=(("cases per site", cases_per_site), ("cases", n * cases_per_site)),
    )


def _reach(seen: Floats, within: float, n_sites: int, prior: TauPrior, alpha: float) -> Floats:
    """How far below the mean the prediction reaches, for each variance between the sites seen."""
    low, high = prior.log_mean - 6 * prior.log_sd, prior.log_mean + 6 * prior.log_sd
    log_tau = np.linspace(low, max(high, log(3 * sqrt(float(seen.max())))), _SPREADS)
    between = np.exp(2 * log_tau)
    each = between + within
    # restricted likelihood of sites of equal size, and the prior; rows are values of `seen`
    weight = -(n_sites - 1) / 2 * (np.log(each) + seen[:, None] / each)
    weight = weight + prior.log_density_of_log(log_tau)
    weight = np.exp(weight - logsumexp(weight, axis=1, keepdims=True))
    width = np.sqrt(between + each / n_sites)
    lower, upper = np.zeros(seen.size), np.full(seen.size, 10 * float(width.max()))
    for _ in range(_HALVINGS):
        middle = (lower + upper) / 2
        outside = (weight * ndtr(-middle[:, None] / width)).sum(axis=1) > alpha
        lower, upper = np.where(outside, middle, lower), np.where(outside, upper, middle)
    found: Floats = (lower + upper) / 2
    return found


def _on_logit_scale(prior: TauPrior, expected: float) -> TauPrior:
    p = min(max(expected, 1 - STEEPEST), STEEPEST)
    return TauPrior(mean=prior.mean / (p * (1 - p)), sd=prior.sd / (p * (1 - p)))


def _planned(expected: float, goal: float, tau: float, cases_per_site: int) -> tuple[float, float]:
    sizing.proportion("expected", expected)
    sizing.proportion("goal", goal)
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    gap = abs(float(logit(expected)) - float(logit(goal)))
    return gap, _within(expected, tau, cases_per_site)


def _within(expected: float, tau: float, cases_per_site: int) -> float:
    """Variance of a site's own result on the logit scale."""
    if not 0 < tau < np.inf or cases_per_site < 1:
        raise ValueError(
            f"tau must lie above 0 and cases_per_site be 1 or more; {tau}, {cases_per_site} found"
        )
    return 1 / (cases_per_site * expected * (1 - expected))
