"""What to expect at a site not yet seen, with a prior for how much sites differ.

Three sites say next to nothing about the variance between sites, and an estimate of zero makes a
prediction look sure. Here the between-site standard deviation has a log-normal prior, taken from
how much the AUCs of 469 published prediction models moved between 1,603 external validations
(mean 0.055, standard deviation 0.015, on the scale of the AUC). So the interval for a further
site stays wide however large the sites seen are, and one site is enough to have one.

Scale: sites are normal on the logit scale. A prior standard deviation of s on the scale of the
proportion or AUC becomes s / (p (1 - p)) on the logit scale, at the average p of the sites; beyond
0.1 and 0.9 the factor of 0.1 and 0.9 is kept, since the published AUCs hold little beyond. For
sensitivities and specificities the same prior is used: an assumption, as no such survey of them
is known to us; give another `TauPrior` where you know better.

References
----------
van Leeuwen, Steyerberg, van Klaveren, Wessler, Kent, van Zwet. Instability of the AUROC of
clinical prediction models. Statistics in Medicine 2025;44:e70011 (arXiv 2406.08628).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from numpy.typing import ArrayLike
from scipy.special import expit

from defensible.statistics import site_posterior
from defensible.statistics.arrays import Floats, confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.heterogeneity import site_results
from defensible.statistics.site_logits import (
    logit_aucs,
    logit_proportions,
    some_sites,
    whole_counts,
)
from defensible.statistics.site_posterior import Posterior, SiteLikelihood, TauPrior

__all__ = [
    "BETWEEN_VALIDATIONS",
    "NewSite",
    "TauPrior",
    "new_site",
    "new_site_auc",
    "new_site_proportion",
]

_FEW_SITES = 5

BETWEEN_VALIDATIONS = TauPrior(mean=0.055, sd=0.015)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSite:
    """What the sites seen say of a further one.

    Attributes
    ----------
    predicted : Estimate
        The result of a further site: median and interval of the predictive distribution of its
        true value, without the sampling error that a study there would add.
    average : Estimate
        The average site: posterior median and interval.
    tau : Estimate
        Between-site standard deviation on the scale of the prior: posterior median and interval.
    prior : TauPrior
        As used.
    n_sites : int
        Sites seen.
    """

    predicted: Estimate
    average: Estimate
    tau: Estimate
    prior: TauPrior
    n_sites: int


def new_site(
    effects: ArrayLike, variances: ArrayLike, *, prior: TauPrior, level: float = 0.95
) -> NewSite:
    """A further site on any scale where results are normal, with `prior` on that same scale.

    Parameters
    ----------
    effects : float array, shape (n_sites,)
        Result of each site; one or more.
    variances : float array, shape (n_sites,)
        Its within-site variance, above 0.
    prior : TauPrior
        Of the between-site standard deviation, in the unit of `effects`.
    level : float in (0, 1)
        Probability that the intervals hold.

    Raises
    ------
    ValueError
        No site, lengths differ, an effect is not finite, a variance is not above 0.

    Notes
    -----
    The average has a flat prior, so each tau is weighted by its restricted likelihood; the
    predictive distribution is a mixture of normals over a grid of tau.
    """
    confidence_level(level)
    results, within = site_results(effects, variances)
    some_sites(results)
    posterior = site_posterior.of_normal_sites(results, within, prior)
    return _answer(posterior, prior, level, "normal sites", results.size, float)


def new_site_proportion(
    successes: ArrayLike,
    totals: ArrayLike,
    *,
    prior: TauPrior = BETWEEN_VALIDATIONS,
    level: float = 0.95,
) -> NewSite:
    """A further site's proportion (sensitivity, specificity), from the counts of each site.

    Counts are binomial around the site's own proportion, so 0 and all of n need no correction.

    Parameters
    ----------
    successes, totals : int array, shape (n_sites,)
        Counts; every total 1 or more.
    prior : TauPrior
        Of the between-site standard deviation, on the scale of the proportion.
    level : float in (0, 1)
        Probability that the intervals hold.

    Raises
    ------
    ValueError
        No site, lengths differ, a count is not whole, a total is below 1, successes exceed it.

    Notes
    -----
    The average proportion has a uniform prior on (0, 1). Grid of 97 by 61 points; the binomial
    is integrated over each site's logit by 24-point adaptive Gauss-Hermite quadrature.
    """
    confidence_level(level)
    count, total = whole_counts(successes, totals)
    effects, variances = logit_proportions(count, total)
    sites = [
        site_posterior.binomial_site(float(y), float(n)) for y, n in zip(count, total, strict=True)
    ]
    return _on_logits(effects, variances, sites, prior, level, "binomial-normal")


def new_site_auc(
    aucs: ArrayLike,
    standard_errors: ArrayLike,
    *,
    n_diseased: ArrayLike,
    n_healthy: ArrayLike,
    prior: TauPrior = BETWEEN_VALIDATIONS,
    level: float = 0.95,
) -> NewSite:
    """A further site's AUC, from the AUC and standard error of each site.

    Parameters
    ----------
    aucs : float array, shape (n_sites,)
        In [0, 1].
    standard_errors : float array, shape (n_sites,)
        Of the AUC (DeLong's, say), 0 or above.
    n_diseased, n_healthy : int array, shape (n_sites,)
        Cases of each class, 1 or more.
    prior : TauPrior
        Of the between-site standard deviation, on the scale of the AUC.
    level : float in (0, 1)
        Probability that the intervals hold.

    Raises
    ------
    ValueError
        No site, lengths differ, an AUC outside [0, 1], a standard error below 0 or not finite,
        a class without cases.

    Notes
    -----
    Delta method on the logit. Where the AUC is 0 or 1, or its standard error is 0, it counts as
    a proportion of the smaller class with half a case added to either side, which is cautious;
    `Caution.BOUNDARY` says so.
    """
    confidence_level(level)
    effects, variances, corner = logit_aucs(
        aucs, standard_errors, n_diseased=n_diseased, n_healthy=n_healthy
    )
    some_sites(effects)
    sites = [
        site_posterior.normal_site(float(y), float(v))
        for y, v in zip(effects, variances, strict=True)
    ]
    answer = _on_logits(effects, variances, sites, prior, level, "logit-normal")
    return _cautioned(answer, Caution.BOUNDARY) if corner else answer


def _on_logits(
    effects: Floats,
    variances: Floats,
    sites: Sequence[SiteLikelihood],
    prior: TauPrior,
    level: float,
    model: str,
) -> NewSite:
    posterior = site_posterior.of_logits(effects, variances, sites, prior)
    return _answer(posterior, prior, level, model, len(sites), lambda x: float(expit(x)))


def _answer(
    posterior: Posterior,
    prior: TauPrior,
    level: float,
    model: str,
    n_sites: int,
    shown: Callable[[float], float],
) -> NewSite:
    method = f"empirical Bayes, {model}, tau prior {prior.mean:g} (SD {prior.sd:g})"
    cautions = (Caution.FEW,) if n_sites < _FEW_SITES else ()

    def estimate(quantile: Callable[[float], float], what: str) -> Estimate:
        low, value, high = (quantile(p) for p in (0.5 - level / 2, 0.5, 0.5 + level / 2))
        return Estimate(
            value=value,
            low=low,
            high=high,
            level=level,
            method=f"{what}, {method}",
            n=n_sites,
            cautions=cautions,
        )

    return NewSite(
        predicted=estimate(
            lambda p: shown(site_posterior.further_site(posterior, p)), "prediction"
        ),
        average=estimate(
            lambda p: shown(site_posterior.average_site(posterior, p)), "average site"
        ),
        tau=estimate(lambda p: site_posterior.spread_of_sites(posterior, p), "between-site SD"),
        prior=prior,
        n_sites=n_sites,
    )


def _cautioned(answer: NewSite, caution: Caution) -> NewSite:
    predicted, average = (
        replace(item, cautions=(*item.cautions, caution))
        for item in (answer.predicted, answer.average)
    )
    return replace(answer, predicted=predicted, average=average)
