"""Sites needed for a further one to be predicted above its goal, or closely enough.

The prediction is that of `new_site` where sites are few, with a log-normal prior for the standard
deviation between them, so that sites which look alike are not taken to be alike; from so many sites
on, and for means, for which there is no prior, it is Higgins' t interval. Sites are of equal size,
their results normal on the scale of the analysis.

With the prior a true spread below what it expects takes more sites than the t interval.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log, sqrt

import numpy as np
from scipy.special import expit, gdtrix, logit, logsumexp, ndtr, ndtri, stdtrit

from defensible.statistics import sizing
from defensible.statistics.arrays import Floats
from defensible.statistics.site_posterior import STEEPEST, TauPrior
from defensible.statistics.sizing import Size

_MOST_SITES = 10_000
_DRAWS = 200  # equally likely values of the variance between sites seen
_SPREADS = 121  # of the grid of the posterior
_HALVINGS = 50
_FEWEST, _FEWEST_BY_T = 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """How a further site is predicted.

    Attributes
    ----------
    prior : TauPrior or None
        On the scale of the proportion; None where there is none, and t decides alone.
    by_data_from : int or None
        Sites from which on t decides alone; None where the prior is always used.
    """

    prior: TauPrior | None
    by_data_from: int | None = None

    @property
    def first_by_data(self) -> int | None:
        """Sites from which on t decides; None where it never does."""
        return _FEWEST_BY_T if self.prior is None else self.by_data_from


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sites:
    """Sites on the scale of the analysis, the prior on it, too."""

    tau: float
    within: float
    analysis: Analysis

    @property
    def total(self) -> float:
        """Variance of a site's result."""
        return self.tau**2 + self.within

    def reaches(self, n_sites: int, level: float) -> Floats:
        """How far from the mean the prediction reaches, for equally likely variances seen."""
        share = (np.arange(_DRAWS) + 0.5) / _DRAWS
        seen = 2 * self.total * gdtrix(1, (n_sites - 1) / 2, share) / (n_sites - 1)
        alpha, first = sizing.one_sided(level), self.analysis.first_by_data
        if self.analysis.prior is None or (first is not None and n_sites >= first):
            between = np.maximum(seen - self.within, 0)
            width = np.sqrt(between + np.maximum(seen, self.within) / n_sites)
            reach: Floats = float(stdtrit(n_sites - 2, 1 - alpha)) * width
            return reach
        return _by_prior(seen, self.within, n_sites, self.analysis.prior, alpha)


def of_proportion(
    *,
    expected: float,
    goal: float,
    tau: float,
    cases_per_site: int,
    analysis: Analysis,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Sites from which on the prediction of a further one clears the goal with the power.

    Parameters
    ----------
    expected, goal : float in (0, 1)
        True proportion of the average site, and what the prediction must clear.
    tau : float
        True between-site standard deviation on the logit scale, above 0.
    cases_per_site : int
        Cases of the class that the proportion is of, 1 or more.
    analysis : Analysis
        How a further site is predicted.
    power, level : float in (0, 1)
        Chance of clearing it; level of the two-sided prediction.

    Raises
    ------
    ValueError
        A value out of range, `expected` is `goal`, sites that differ too much for any number of
        them, or ten thousand that do not suffice.

    Notes
    -----
    Where the prior gives way to t from some number of sites on, fewer are given only if the power
    is kept from them on.
    """
    gap, sites = _on_logits(expected, goal, tau, cases_per_site, analysis)
    n, met = _lasting(gap, sites, power, level, goal)
    return _size(n, met, power, level, "prediction of a further site", cases_per_site)


def of_proportion_power(
    n_sites: int,
    *,
    expected: float,
    goal: float,
    tau: float,
    cases_per_site: int,
    analysis: Analysis,
    level: float = 0.95,
) -> float:
    """Chance with `n_sites` sites; errors as in `of_proportion`, and too few sites to predict."""
    gap, sites = _on_logits(expected, goal, tau, cases_per_site, analysis)
    return _power(n_sites, gap, sites, level)


def of_mean(
    *,
    expected: float,
    goal: float,
    tau: float,
    sd: float,
    cases_per_site: int,
    power: float = 0.8,
    level: float = 0.95,
) -> Size:
    """Sites for the t prediction of a further site's mean (Dice, relative error) to clear the goal.

    Parameters
    ----------
    expected, goal : float
        True mean of the average site, and what the prediction must clear.
    tau, sd : float
        True standard deviations between sites, and of a case's figure within one; above 0.
    cases_per_site, power, level
        As in `of_proportion`.

    Raises
    ------
    ValueError
        As in `of_proportion`.
    """
    if not (0 < tau < inf and 0 < sd < inf) or cases_per_site < 1 or expected == goal:
        raise ValueError(
            "tau and sd must lie above 0, cases_per_site be 1 or more and expected differ from the "
            f"goal; {tau}, {sd}, {cases_per_site}, {expected} and {goal} found"
        )
    sites = _Sites(tau=tau, within=sd**2 / cases_per_site, analysis=Analysis(prior=None))
    n, met = _lasting(abs(expected - goal), sites, power, level, goal)
    return _size(n, met, power, level, "prediction of a further site's mean, t", cases_per_site)


def of_width(
    *,
    expected: float,
    width: float,
    tau: float,
    cases_per_site: int,
    analysis: Analysis,
    level: float = 0.95,
) -> Size:
    """Sites from which on the prediction for a further one is on average no wider than `width`.

    A size for precision, without a goal: `power` and `wanted` are 1, and say nothing.

    Parameters
    ----------
    expected, tau, cases_per_site, analysis, level
        As in `of_proportion`.
    width : float in (0, 1)
        From the lower to the upper limit, on the scale of the proportion.

    Raises
    ------
    ValueError
        A value out of range, or ten thousand sites do not suffice: what lies between sites stays.
    """
    sizing.proportion("expected", expected)
    sizing.proportion("width", width)
    sites = _sites(expected, tau, cases_per_site, analysis)
    middle = float(logit(expected))

    def narrow(k: int) -> float:
        reach = sites.reaches(k, level)
        return float((expit(middle + reach) - expit(middle - reach)).mean())

    least = narrow(_MOST_SITES)
    if least > width:
        raise ValueError(
            f"sites differ by {tau:.3g} on the logit scale, so the prediction stays {least:.3f} "
            "wide however many have been seen: narrow the claim's scope, or find why they differ"
        )
    n = _from_on(lambda k: narrow(k) <= width, analysis)
    return _size(n, 1.0, 1.0, level, "width of the prediction for a further site", cases_per_site)


def _lasting(
    gap: float, sites: _Sites, wanted: float, level: float, goal: float
) -> tuple[int, float]:
    z = float(ndtri(1 - sizing.one_sided(level)))
    if gap <= z * sites.tau:
        scale = "" if sites.analysis.prior is None else " on the logit scale"
        raise ValueError(
            f"sites differ by {sites.tau:.3g}{scale}, so a further one may miss the goal of "
            f"{goal:g} however many have been seen: narrow the claim's scope, or find why they "
            "differ"
        )
    sizing.power_wanted(wanted)
    most = _power(_MOST_SITES, gap, sites, level)
    if most < wanted:
        raise ValueError(
            f"no number of sites up to {_MOST_SITES:,} reaches power {wanted:g}; at "
            f"{_MOST_SITES:,} it is {most:.3f}: the goal may be out of reach"
        )
    n = _from_on(lambda k: _power(k, gap, sites, level) >= wanted, sites.analysis)
    return n, _power(n, gap, sites, level)


def _from_on(holds: Callable[[int], bool], analysis: Analysis) -> int:
    """The number from which on it holds: by t first, and among fewer sites only if those hold."""
    first = analysis.first_by_data or _FEWEST
    below, n = first - 1, first
    while not holds(n):
        below, n = n, min(2 * n, _MOST_SITES)
    while n - below > 1:
        middle = (below + n) // 2
        below, n = (below, middle) if holds(middle) else (middle, n)
    least = _FEWEST if analysis.prior is not None else _FEWEST_BY_T
    while n == first and n > least and holds(n - 1):
        n = first = n - 1
    return n


def _power(n_sites: int, gap: float, sites: _Sites, level: float) -> float:
    least = _FEWEST if sites.analysis.prior is not None else _FEWEST_BY_T
    if n_sites < least:
        raise ValueError(f"{least} sites or more are needed; {n_sites} found")
    reach = sites.reaches(n_sites, level)
    return float(ndtr((gap - reach) / sqrt(sites.total / n_sites)).mean())


def _by_prior(seen: Floats, within: float, n_sites: int, prior: TauPrior, alpha: float) -> Floats:
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


def _on_logits(
    expected: float, goal: float, tau: float, cases_per_site: int, analysis: Analysis
) -> tuple[float, _Sites]:
    """Distance to the goal, and the sites, on the logit scale."""
    sizing.proportion("expected", expected)
    sizing.proportion("goal", goal)
    if expected == goal:
        raise ValueError(f"expected must differ from the goal; both are {goal}")
    gap = abs(float(logit(expected)) - float(logit(goal)))
    return gap, _sites(expected, tau, cases_per_site, analysis)


def _sites(expected: float, tau: float, cases_per_site: int, analysis: Analysis) -> _Sites:
    if not 0 < tau < inf or cases_per_site < 1:
        raise ValueError(
            f"tau must lie above 0 and cases_per_site be 1 or more; {tau}, {cases_per_site} found"
        )
    prior = analysis.prior
    if prior is not None:
        p = min(max(expected, 1 - STEEPEST), STEEPEST)
        prior = TauPrior(mean=prior.mean / (p * (1 - p)), sd=prior.sd / (p * (1 - p)))
    return _Sites(
        tau=tau,
        within=1 / (cases_per_site * expected * (1 - expected)),
        analysis=Analysis(prior=prior, by_data_from=analysis.by_data_from),
    )


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
