"""What to expect of a mean (Dice, relative error) at a site not yet seen.

Sites are taken as normal on the scale of the mean itself: a mean of many cases is about normal, and
a bias has no logit. Random effects by REML; the average site by Hartung, Knapp, Sidik and Jonkman;
the next site by Higgins' interval, t with two degrees of freedom fewer than sites. No survey
of how far such means differ between sites is known to us, so there is no prior: two sites predict
nothing, and three give the wide interval that they deserve. Limits of a Dice are cut to 0 and 1.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.evidence.faults import counted
from defensible.evidence.finding import Measurement, NewSite
from defensible.evidence.site_influence import influence
from defensible.evidence.strata import NOT_KNOWN
from defensible.statistics import heterogeneity
from defensible.statistics.estimate import Caution, Estimate

FEWEST_CASES = 5
FEWEST_SITES = 3


def prediction(
    metric: MetricName,
    sites: list[Measurement],
    level: float,
    named: Callable[[list[tuple[str, str]]], tuple[str, ...]],
) -> NewSite | None:
    """The prediction for a mean; None with fewer than three sites that can enter.

    Parameters
    ----------
    named : callable
        Words for the sites that are left out and why.
    """
    seen: list[tuple[str, Estimate, float]] = []
    left: list[tuple[str, str]] = []
    for one in sites:
        name, estimate = one.stratum.levels[0][1], one.estimate
        why = _why_left_out(name, one)
        if why is None and estimate is not None and estimate.se:
            seen.append((name, estimate, estimate.se))
        elif one.n_cases:
            left.append((name, why or "no spread among its cases"))
    if len(seen) < FEWEST_SITES:
        return None
    effects = np.array([estimate.value for _, estimate, _ in seen])
    variances = np.array([se**2 for _, _, se in seen])

    def back(estimate: Estimate) -> Estimate:
        return _shown(metric, estimate)

    fit = heterogeneity.random_effects_reml(effects, variances, level=level)
    return NewSite(
        metric=metric,
        estimate=back(heterogeneity.prediction_higgins(fit)),
        n_sites=len(seen),
        between_site_sd=float(np.sqrt(fit.tau2)),
        left_out=named(left),
        average=back(heterogeneity.hartung_knapp(fit)),
        i2=fit.i2,
        q_p=fit.q_p,
        influence=influence([name for name, _, _ in seen], effects, variances, level, back),
    )


def _why_left_out(name: str, one: Measurement) -> str | None:
    """Why a site cannot enter, if it cannot."""
    if name == NOT_KNOWN:
        return f"the site of {counted(one.n_cases, 'case')} is not known"
    if one.estimate is None:
        return one.why or "no estimate"
    return counted(one.estimate.n, "case") if one.estimate.n < FEWEST_CASES else None


def _shown(metric: MetricName, estimate: Estimate) -> Estimate:
    """The estimate with limits that the metric can have."""
    named = replace(estimate, method=f"{estimate.method}, scale of the mean")
    if metric.signed:
        return named
    low, high = max(estimate.low, 0.0), min(estimate.high, 1.0)
    if (low, high) == (estimate.low, estimate.high):
        return named
    cautions = (*estimate.cautions, Caution.CUT)
    return replace(named, low=low, high=high, cautions=cautions)
