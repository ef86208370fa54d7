"""How much results differ between sites: random effects, and what they predict.

Site results come as `effects` with known `variances`, on a scale where a normal distribution is
credible (the logit for proportions and AUCs, see `new_site`). A `RandomEffects` holds one fit;
intervals for the average site and for a further site are read off it::

    fit = heterogeneity.random_effects_reml(effects, variances)
    average = heterogeneity.hartung_knapp(fit)
    further = heterogeneity.prediction_higgins(fit)

With few sites every one of these rests on a poor estimate of the between-site variance; `new_site`
brings a prior for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, chdtri, ndtri, stdtrit

from defensible.statistics.arrays import Floats, confidence_level, measurements, same_length
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.root import root

_FEW_SITES = 5
_SMALLEST = 1e-100  # a weight beyond its inverse overflows when squared


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomEffects:
    """One random-effects fit to site results.

    Attributes
    ----------
    mean : Estimate
        The average site, with the normal interval that takes tau2 as known; `n` counts sites.
    tau2, tau2_low, tau2_high : float
        Between-site variance, and its Q-profile interval; `tau2_high` is never cut.
    i2, i2_low, i2_high : float in [0, 1]
        Share of the variance of a typical site that is between sites, from tau2 and its limits.
    q, q_df, q_p : float
        Cochran's Q, its degrees of freedom, and the p-value of "all sites are alike".
    effects, variances : float arrays, shape (n_sites,)
        As given.
    weights : float array, shape (n_sites,)
        1 / (variance + tau2).
    method : str
        How tau2 was estimated.
    level : float
        Level of all intervals.
    """

    mean: Estimate
    tau2: float
    tau2_low: float
    tau2_high: float
    i2: float
    i2_low: float
    i2_high: float
    q: float
    q_df: int
    q_p: float
    effects: Floats
    variances: Floats
    weights: Floats
    method: str
    level: float

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return self.effects.size


def random_effects_reml(
    effects: ArrayLike, variances: ArrayLike, *, level: float = 0.95
) -> RandomEffects:
    """Random effects with tau2 by restricted maximum likelihood: the one to start with.

    Parameters
    ----------
    effects : float array, shape (n_sites,)
        Result of each site; two or more.
    variances : float array, shape (n_sites,)
        Its within-site variance, above 0.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Raises
    ------
    ValueError
        Fewer than two sites, lengths differ, an effect is not finite, a variance is not above 0.

    Notes
    -----
    The restricted likelihood is scanned over a grid of tau2 before its highest peak is refined,
    since with few sites it may have two.

    References
    ----------
    Viechtbauer. Journal of Educational and Behavioral Statistics 2005;30:261-293.
    """
    return _fit(effects, variances, _tau2_reml, "REML", level)


def random_effects_dersimonian_laird(
    effects: ArrayLike, variances: ArrayLike, *, level: float = 0.95
) -> RandomEffects:
    """Random effects with tau2 by the method of moments of DerSimonian and Laird.

    What most older reviews used. Parameters and errors as in `random_effects_reml`.

    References
    ----------
    DerSimonian, Laird. Controlled Clinical Trials 1986;7:177-188.
    """
    return _fit(effects, variances, _tau2_dersimonian_laird, "DerSimonian-Laird", level)


def random_effects_paule_mandel(
    effects: ArrayLike, variances: ArrayLike, *, level: float = 0.95
) -> RandomEffects:
    """Random effects with tau2 by Paule and Mandel: where the generalised Q meets its mean.

    Parameters and errors as in `random_effects_reml`.

    References
    ----------
    Paule, Mandel. Journal of Research of the NBS 1982;87:377-385.
    """
    return _fit(effects, variances, _tau2_paule_mandel, "Paule-Mandel", level)


def hartung_knapp(fit: RandomEffects) -> Estimate:
    """The average site, with the interval of Hartung, Knapp, Sidik and Jonkman.

    Allows for tau2 being estimated. Narrower than the normal interval where sites happen to agree
    closely; `hartung_knapp_modified` is never so.

    References
    ----------
    Hartung, Knapp. Statistics in Medicine 2001;20:3875-3889.
    Sidik, Jonkman. Statistics in Medicine 2002;21:3153-3159.
    """
    return _t_interval(fit, _knapp_scale(fit), "Hartung-Knapp-Sidik-Jonkman")


def hartung_knapp_modified(fit: RandomEffects) -> Estimate:
    """The average site by Hartung and Knapp, its standard error never below the normal one.

    References
    ----------
    Röver, Knapp, Friede. BMC Medical Research Methodology 2015;15:99.
    """
    return _t_interval(fit, max(1.0, _knapp_scale(fit)), "Hartung-Knapp, modified")


def prediction_higgins(fit: RandomEffects) -> Estimate:
    """A further site: where the result of one site not yet seen is expected, with t, k - 2 df.

    Raises
    ------
    ValueError
        Fewer than three sites: there is no degree of freedom left; see `new_site`.

    References
    ----------
    Higgins, Thompson, Spiegelhalter. JRSS A 2009;172:137-159.
    """
    return _prediction(fit, 1.0, "Higgins prediction")


def prediction_hartung_knapp(fit: RandomEffects) -> Estimate:
    """A further site, with Hartung and Knapp's standard error of the average; t with k - 2 df.

    Raises
    ------
    ValueError
        Fewer than three sites.

    References
    ----------
    Partlett, Riley. Statistics in Medicine 2017;36:301-317.
    """
    return _prediction(fit, _knapp_scale(fit), "Hartung-Knapp prediction")


def site_results(effects: ArrayLike, variances: ArrayLike) -> tuple[Floats, Floats]:
    """`effects` and `variances` as arrays of one length, every variance above 0."""
    results, within = measurements("effects", effects), measurements("variances", variances)
    same_length(effects=results, variances=within)
    if within.size and within.min() < _SMALLEST:
        site = int(np.argmin(within))
        raise ValueError(
            f"variances must lie above 0 (by {_SMALLEST:g}); {within[site]:g} found at index {site}"
        )
    return results, within


def weighted_mean(effects: Floats, variances: Floats, tau2: float) -> tuple[float, float]:
    """Mean of the sites weighted by 1 / (variance + tau2), and the sum of those weights."""
    weights = 1 / (variances + tau2)
    total = float(weights.sum())
    return float(weights @ effects) / total, total


def restricted_log_likelihood(effects: Floats, variances: Floats, tau2: float) -> float:
    """Log restricted likelihood of tau2, up to a constant; flat if there is one site."""
    mean, total = weighted_mean(effects, variances, tau2)
    spread = variances + tau2
    squares = (effects - mean) ** 2 / spread
    return -0.5 * float(np.log(spread).sum() + np.log(total) + squares.sum())


def _fit(
    effects: ArrayLike,
    variances: ArrayLike,
    tau2_of: Callable[[Floats, Floats], float],
    method: str,
    level: float,
) -> RandomEffects:
    confidence_level(level)
    results, within = site_results(effects, variances)
    k = results.size
    if k < 2:
        raise ValueError(f"effects must hold two or more sites; {k} found")
    tau2 = tau2_of(results, within)
    mean, total = weighted_mean(results, within, tau2)
    q = _generalised_q(results, within, 0.0)
    low, high = _q_profile(results, within, level)
    typical = _typical_variance(within)
    se = 1 / sqrt(total)
    reach = float(ndtri(0.5 + level / 2)) * se
    return RandomEffects(
        mean=Estimate(
            value=mean,
            low=mean - reach,
            high=mean + reach,
            level=level,
            method=f"random effects, {method}, normal",
            n=k,
            se=se,
            cautions=_cautions(k, tau2),
        ),
        tau2=tau2,
        tau2_low=low,
        tau2_high=high,
        i2=tau2 / (tau2 + typical),
        i2_low=low / (low + typical),
        i2_high=high / (high + typical),
        q=q,
        q_df=k - 1,
        q_p=float(chdtrc(k - 1, q)),
        effects=results,
        variances=within,
        weights=1 / (within + tau2),
        method=method,
        level=level,
    )


def _cautions(n_sites: int, tau2: float) -> tuple[Caution, ...]:
    few = (Caution.FEW,) if n_sites < _FEW_SITES else ()
    return (*few, Caution.BOUNDARY) if tau2 == 0 else few


def _generalised_q(effects: Floats, variances: Floats, tau2: float) -> float:
    mean, _ = weighted_mean(effects, variances, tau2)
    return float(((effects - mean) ** 2 / (variances + tau2)).sum())


def _typical_variance(variances: Floats) -> float:
    # Higgins and Thompson 2002, eq. 9: makes I2 of DerSimonian-Laird equal (Q - df) / Q.
    weights = 1 / variances
    return float((variances.size - 1) * weights.sum()) / _cross_products(weights)


def _cross_products(weights: Floats) -> float:
    """(sum w)^2 - sum w^2, as the sum of products of pairs, which cannot cancel to zero."""
    later = np.cumsum(weights[:0:-1])[::-1]
    return 2 * float(weights[:-1] @ later)


def _tau2_dersimonian_laird(effects: Floats, variances: Floats) -> float:
    weights = 1 / variances
    excess = _generalised_q(effects, variances, 0.0) - (effects.size - 1)
    return max(0.0, excess * float(weights.sum()) / _cross_products(weights))


def _tau2_paule_mandel(effects: Floats, variances: Floats) -> float:
    return _tau2_where_q_is(effects, variances, effects.size - 1)


def _tau2_where_q_is(effects: Floats, variances: Floats, target: float) -> float:
    """The tau2 at which the generalised Q falls to `target`; 0 where it starts below."""

    def excess(tau2: float) -> float:
        return _generalised_q(effects, variances, tau2) - target

    if excess(0.0) <= 0:
        return 0.0
    top = max(float(np.var(effects)), float(variances.max()))
    while excess(top) > 0:
        top *= 2
    return root(excess, 0.0, top)


def _q_profile(effects: Floats, variances: Floats, level: float) -> tuple[float, float]:
    """Limits of tau2 after Viechtbauer, Statistics in Medicine 2007;26:37-52."""
    df = effects.size - 1
    upper, lower = chdtri(df, 0.5 - level / 2), chdtri(df, 0.5 + level / 2)
    return (
        _tau2_where_q_is(effects, variances, float(upper)),
        _tau2_where_q_is(effects, variances, float(lower)),
    )


def _tau2_reml(effects: Floats, variances: Floats) -> float:
    top = 10 * float(np.var(effects, ddof=1)) + float(variances.max())
    scan = np.concatenate([[0.0], np.geomspace(float(variances.min()) * 1e-6, top, 200)])
    heights = [restricted_log_likelihood(effects, variances, float(tau2)) for tau2 in scan]
    peak = int(np.argmax(heights))
    return _root_of_score(effects, variances, scan[max(peak - 1, 0) : peak + 2])


def _root_of_score(effects: Floats, variances: Floats, around: Floats) -> float:
    """The peak of the restricted likelihood between the first and last of `around`."""

    def score(tau2: float) -> float:
        mean, total = weighted_mean(effects, variances, tau2)
        weights = 1 / (variances + tau2)
        squares = float((weights**2) @ (effects - mean) ** 2)
        return squares - total + float(weights @ weights) / total

    low, high = float(around[0]), float(around[-1])
    if score(low) <= 0 or score(high) >= 0:
        return low  # the likelihood falls from the start of the range, which is 0
    return root(score, low, high)


def _knapp_scale(fit: RandomEffects) -> float:
    squares = float(fit.weights @ (fit.effects - fit.mean.value) ** 2)
    return sqrt(squares / (fit.n_sites - 1))


def _t_interval(fit: RandomEffects, scale: float, method: str) -> Estimate:
    df, mean = fit.n_sites - 1, fit.mean
    se = scale / sqrt(float(fit.weights.sum()))
    reach = float(stdtrit(df, 0.5 + fit.level / 2)) * se
    still = (Caution.NO_VARIANCE,) if se == 0 else ()
    return Estimate(
        value=mean.value,
        low=mean.value - reach,
        high=mean.value + reach,
        level=fit.level,
        method=f"{method} ({fit.method})",
        n=fit.n_sites,
        se=se,
        df=float(df),
        cautions=(*mean.cautions, *still),
    )


def _prediction(fit: RandomEffects, scale: float, method: str) -> Estimate:
    df, mean = fit.n_sites - 2, fit.mean.value
    if df < 1:
        raise ValueError(
            f"a prediction interval with t needs three or more sites; {fit.n_sites} found: "
            "use new_site, which brings a prior for the between-site variance"
        )
    se = sqrt(fit.tau2 + scale**2 / float(fit.weights.sum()))
    reach = float(stdtrit(df, 0.5 + fit.level / 2)) * se
    return Estimate(
        value=mean,
        low=mean - reach,
        high=mean + reach,
        level=fit.level,
        method=f"{method} ({fit.method})",
        n=fit.n_sites,
        se=se,
        df=float(df),
        cautions=fit.mean.cautions,
    )
