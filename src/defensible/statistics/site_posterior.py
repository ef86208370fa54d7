"""Posterior of the average site and of the spread between sites, on a grid, with a prior for it.

One point of the grid is an average and a spread; a further site is a mixture of normals over it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt

import numpy as np
from scipy.special import expit, log_expit, logsumexp, ndtr

from defensible.statistics.arrays import Floats
from defensible.statistics.heterogeneity import restricted_log_likelihood, weighted_mean
from defensible.statistics.root import root

_STEPS = np.linspace(-8.0, 8.0, 97)  # of the average, in its standard errors
STEEPEST = 0.9  # beyond it the prior is held constant on the logit scale
_NODES, _NODE_WEIGHTS = np.polynomial.hermite.hermgauss(24)

SiteLikelihood = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class TauPrior:
    """Log-normal prior of the between-site standard deviation, by its own mean and SD.

    Raises `ValueError` unless both are finite and above 0.
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        for name, value in (("mean", self.mean), ("sd", self.sd)):
            if not 0 < value < inf:
                raise ValueError(f"{name} of the prior must lie above 0; {value} found")

    @property
    def log_sd(self) -> float:
        """Standard deviation of the logarithm."""
        return sqrt(log(1 + (self.sd / self.mean) ** 2))

    @property
    def log_mean(self) -> float:
        """Mean of the logarithm."""
        return log(self.mean) - self.log_sd**2 / 2

    def log_density_of_log(self, log_tau: Floats) -> Floats:
        """Log density of log tau, up to a constant."""
        density: Floats = -0.5 * ((log_tau - self.log_mean) / self.log_sd) ** 2
        return density


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Weights of the points of a grid.

    Attributes
    ----------
    mean, spread : float arrays, shape (n_points,)
        Average of the sites and their standard deviation, on the scale of the model.
    tau : float array, shape (n_points,)
        The same standard deviation on the scale of the prior.
    weight : float array, shape (n_points,)
        Sums to 1.
    """

    mean: Floats
    spread: Floats
    tau: Floats
    weight: Floats


def of_normal_sites(effects: Floats, variances: Floats, prior: TauPrior) -> Posterior:
    """Posterior on any scale; the average is flat, so tau has its restricted likelihood."""
    log_tau = _tau_grid(prior, float(np.ptp(effects)))
    tau = np.exp(log_tau)
    height = [restricted_log_likelihood(effects, variances, float(item**2)) for item in tau]
    mean, _ = _averages(effects, variances, tau)
    log_weight = np.array(height) + prior.log_density_of_log(log_tau)
    spread = np.broadcast_to(tau[:, None], mean.shape)
    return _posterior(mean, spread, tau, log_weight[:, None] - _STEPS**2 / 2)


def of_logits(
    effects: Floats, variances: Floats, sites: Sequence[SiteLikelihood], prior: TauPrior
) -> Posterior:
    """Posterior on the logit scale, the average uniform on (0, 1), tau on that scale, too.

    `effects` and `variances` only place the grid; `sites` hold the likelihood.
    """
    log_tau = _tau_grid(prior, float(np.ptp(expit(effects))))
    tau = np.exp(log_tau)
    typical = tau * float(_steepness(effects.mean(keepdims=True))[0])
    mean, width = _averages(effects, variances, typical)
    spread = tau[:, None] * _steepness(mean)
    height = np.log(width)[:, None] + prior.log_density_of_log(log_tau)[:, None]
    height = height + log_expit(mean) + log_expit(-mean)  # density of a uniform proportion
    for site in sites:
        height = height + site(mean, spread)
    return _posterior(mean, spread, tau, height)


def normal_site(effect: float, variance: float) -> SiteLikelihood:
    """Log likelihood of a normal result, given average and spread of the sites."""

    def log_likelihood(mean: Floats, spread: Floats) -> Floats:
        total = variance + spread**2
        height: Floats = -0.5 * (np.log(total) + (effect - mean) ** 2 / total)
        return height

    return log_likelihood


def binomial_site(count: float, total: float) -> SiteLikelihood:
    """Log likelihood of a count, up to a constant, its logit normal among the sites.

    Adaptive Gauss-Hermite quadrature: the nodes lie about the mode of binomial times normal.
    """

    def log_likelihood(mean: Floats, spread: Floats) -> Floats:
        mode, width = _mode(count, total, mean, spread)
        theta = mode[..., None] + sqrt(2) * width[..., None] * _NODES
        inside = count * log_expit(theta) + (total - count) * log_expit(-theta)
        inside -= 0.5 * ((theta - mean[..., None]) / spread[..., None]) ** 2
        inside += np.log(_NODE_WEIGHTS) + _NODES**2
        height: Floats = np.log(width / spread) + logsumexp(inside, axis=-1)
        return height

    return log_likelihood


def further_site(posterior: Posterior, probability: float) -> float:
    """Quantile of the predictive distribution of a site not yet seen."""

    def excess(x: float) -> float:
        share = ndtr((x - posterior.mean) / posterior.spread)
        return float(posterior.weight @ share) - probability

    reach = 40 * posterior.spread
    low, high = (posterior.mean - reach).min(), (posterior.mean + reach).max()
    return root(excess, float(low), float(high))


def average_site(posterior: Posterior, probability: float) -> float:
    """Quantile of the posterior of the average."""
    return _weighted_quantile(posterior.mean, posterior.weight, probability)


def spread_of_sites(posterior: Posterior, probability: float) -> float:
    """Quantile of the posterior of tau, on the scale of the prior."""
    return exp(_weighted_quantile(np.log(posterior.tau), posterior.weight, probability))


def _averages(effects: Floats, variances: Floats, tau: Floats) -> tuple[Floats, Floats]:
    """Grid of averages about the weighted mean at each tau, and its standard errors."""
    moments = np.array([weighted_mean(effects, variances, float(item**2)) for item in tau])
    width = 1 / np.sqrt(moments[:, 1])
    return moments[:, :1] + width[:, None] * _STEPS, width


def _posterior(mean: Floats, spread: Floats, tau: Floats, log_weight: Floats) -> Posterior:
    return Posterior(
        mean=mean.ravel(),
        spread=spread.ravel(),
        tau=np.repeat(tau, _STEPS.size),
        weight=np.exp(log_weight - logsumexp(log_weight)).ravel(),
    )


def _tau_grid(prior: TauPrior, span: float) -> Floats:
    """Logarithms of tau from well below the prior to well above both prior and data."""
    low, high = prior.log_mean - 6 * prior.log_sd, prior.log_mean + 6 * prior.log_sd
    return np.linspace(low, max(high, log(3 * span)) if span > 0 else high, 61)


def _steepness(mean: Floats) -> Floats:
    """What turns a spread on the scale of the proportion into one on the logit scale."""
    p = np.clip(expit(mean), 1 - STEEPEST, STEEPEST)
    factor: Floats = 1 / (p * (1 - p))
    return factor


def _mode(count: float, total: float, mean: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Mode and width of binomial times normal in the logit: Newton, no step beyond 1."""
    theta = np.clip(mean, -30, 30)
    for _ in range(80):
        p = expit(theta)
        slope = count - total * p - (theta - mean) / spread**2
        step = np.clip(slope / (total * p * (1 - p) + 1 / spread**2), -1, 1)
        theta = theta + step
        if np.abs(step).max() < 1e-8:
            break
    p = expit(theta)
    return theta, 1 / np.sqrt(total * p * (1 - p) + 1 / spread**2)


def _weighted_quantile(values: Floats, weight: Floats, probability: float) -> float:
    points, place = np.unique(values, return_inverse=True)
    mass = np.bincount(place, weights=weight)
    return float(np.interp(probability, np.cumsum(mass) - mass / 2, points))
