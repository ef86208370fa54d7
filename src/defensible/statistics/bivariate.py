"""Sensitivity and specificity of several sites together: the bivariate model of Reitsma.

A site that reads more liberally trades one for the other, so their logits vary together. Counts
come as true positives, diseased, true negatives, non-diseased of each site.

References
----------
Reitsma et al. Journal of Clinical Epidemiology 2005;58:982-990.
"""

from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, ndtri, stdtrit

from defensible.statistics.arrays import Floats, confidence_level, same_length
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.site_logits import logit_proportions

_FEW_SITES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bivariate:
    """One bivariate fit.

    Attributes
    ----------
    sensitivity, specificity : Estimate
        Of the average site, with normal intervals on the logit scale; `se` is on that scale.
    further_sensitivity, further_specificity : Estimate or None
        Of a site not yet seen: t interval with k - 2 df on the logit scale; None with two sites.
    logits : float array, shape (2,)
        Average logits of sensitivity and specificity.
    covariance : float array, shape (2, 2)
        Of `logits`.
    between : float array, shape (2, 2)
        Covariance between sites, on the logit scale.
    correlation : float or None
        Of the logits between sites; None where one of them does not vary.
    log_likelihood : float
        At the optimum (restricted, for REML).
    n_sites : int
        Number of sites.
    method : str
        "REML" or "ML".
    """

    sensitivity: Estimate
    specificity: Estimate
    further_sensitivity: Estimate | None
    further_specificity: Estimate | None
    logits: Floats
    covariance: Floats
    between: Floats
    correlation: float | None
    log_likelihood: float
    n_sites: int
    method: str


def reitsma_reml(
    true_positives: ArrayLike,
    diseased: ArrayLike,
    true_negatives: ArrayLike,
    healthy: ArrayLike,
    *,
    level: float = 0.95,
) -> Bivariate:
    """Bivariate normal model of the logits, by restricted maximum likelihood.

    Parameters
    ----------
    true_positives, diseased, true_negatives, healthy : int arrays, shape (n_sites,)
        Counts of each site; two sites or more, a case of either class in each.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Raises
    ------
    ValueError
        Fewer than two sites, lengths differ, counts that cannot be.

    Notes
    -----
    Half a case is added to both cells of a proportion that is 0 or 1, in that site only. The
    optimum over the Cholesky factor is searched from three starts; digits beyond the sixth
    depend on the optimiser.
    """
    return _fit(true_positives, diseased, true_negatives, healthy, level, restricted=True)


def reitsma_ml(
    true_positives: ArrayLike,
    diseased: ArrayLike,
    true_negatives: ArrayLike,
    healthy: ArrayLike,
    *,
    level: float = 0.95,
) -> Bivariate:
    """Bivariate normal model of the logits, by maximum likelihood.

    Between-site variances are smaller than with `reitsma_reml`, the more so with few sites.
    Parameters and errors as there.
    """
    return _fit(true_positives, diseased, true_negatives, healthy, level, restricted=False)


def _fit(
    true_positives: ArrayLike,
    diseased: ArrayLike,
    true_negatives: ArrayLike,
    healthy: ArrayLike,
    level: float,
    *,
    restricted: bool,
) -> Bivariate:
    confidence_level(level)
    first, first_within = logit_proportions(true_positives, diseased)
    second, second_within = logit_proportions(true_negatives, healthy)
    k = same_length(diseased=first, healthy=second)
    if k < 2:
        raise ValueError(f"the bivariate model needs two or more sites; {k} found")
    effects, within = np.stack([first, second], 1), np.stack([first_within, second_within], 1)
    between = _optimum(effects, within, restricted=restricted)
    height, logits, covariance = _likelihood(effects, within, between, restricted=restricted)
    method = f"bivariate (Reitsma), {'REML' if restricted else 'ML'}"
    spreads = np.sqrt(np.diag(between))
    averages = [_average(logits, covariance, i, k, level, method) for i in (0, 1)]
    further = [_further(logits, covariance + between, i, k, level, method) for i in (0, 1)]
    return Bivariate(
        sensitivity=averages[0],
        specificity=averages[1],
        further_sensitivity=further[0],
        further_specificity=further[1],
        logits=logits,
        covariance=covariance,
        between=between,
        correlation=_correlation(float(between[0, 1]), float(spreads[0]), float(spreads[1])),
        log_likelihood=height,
        n_sites=k,
        method="REML" if restricted else "ML",
    )


def _correlation(covariance: float, first: float, second: float) -> float | None:
    if min(first, second) < 1e-6:
        return None
    return float(np.clip(covariance / (first * second), -1, 1))


def _optimum(effects: Floats, within: Floats, *, restricted: bool) -> Floats:
    from scipy.optimize import minimize

    def cost(factor: Floats) -> float:
        return -_likelihood(effects, within, _square(factor), restricted=restricted)[0]

    spread = np.sqrt(np.maximum(effects.var(axis=0, ddof=1) - within.mean(axis=0), 0.01))
    starts = [np.array([spread[0], rho * spread[1], spread[1]]) for rho in (0.0, -0.7, 0.7)]
    found = [
        minimize(
            cost,
            start,
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000},
        )
        for start in starts
    ]
    best = min(found, key=lambda item: float(item.fun))
    return _square(np.asarray(best.x, dtype=np.float64))


def _square(factor: Floats) -> Floats:
    lower = np.array([[factor[0], 0.0], [factor[1], factor[2]]])
    square: Floats = lower @ lower.T
    return square


def _likelihood(
    effects: Floats, within: Floats, between: Floats, *, restricted: bool
) -> tuple[float, Floats, Floats]:
    """Log (restricted) likelihood, generalised least squares means and their covariance."""
    total = within[:, :, None] * np.eye(2) + between
    precision = np.linalg.inv(total)
    information = precision.sum(axis=0)
    covariance = np.linalg.inv(information)
    mean = covariance @ np.einsum("kij,kj->i", precision, effects)
    residual = effects - mean
    squares = np.einsum("ki,kij,kj->", residual, precision, residual)
    height = -0.5 * float(np.log(np.linalg.det(total)).sum() + squares)
    free = effects.size
    if restricted:
        height -= 0.5 * float(np.log(np.linalg.det(information)))
        free -= 2
    return height - 0.5 * free * log(2 * np.pi), mean, covariance


def _average(
    logits: Floats, covariance: Floats, index: int, k: int, level: float, method: str
) -> Estimate:
    se = sqrt(float(covariance[index, index]))
    reach = float(ndtri(0.5 + level / 2)) * se
    return _estimate(float(logits[index]), reach, se, None, k, level, method)


def _further(
    logits: Floats, covariance: Floats, index: int, k: int, level: float, method: str
) -> Estimate | None:
    if k < 3:
        return None
    se = sqrt(float(covariance[index, index]))
    reach = float(stdtrit(k - 2, 0.5 + level / 2)) * se
    name = f"prediction, {method}"
    return _estimate(float(logits[index]), reach, se, float(k - 2), k, level, name)


def _estimate(
    value: float, reach: float, se: float, df: float | None, k: int, level: float, method: str
) -> Estimate:
    return Estimate(
        value=float(expit(value)),
        low=float(expit(value - reach)),
        high=float(expit(value + reach)),
        level=level,
        method=method,
        n=k,
        se=se,
        df=df,
        cautions=(Caution.FEW,) if k < _FEW_SITES else (),
    )
