"""What to expect of a mean (Dice, relative error), of false marks or a wAFROC at a further site.

Sites are taken as normal on the scale of the mean itself: a mean of many cases is about normal, and
a bias has no logit. False marks a case are taken on the log scale, a wAFROC on the logit scale:
their intervals are, too, and a site where either is at its end is left out and named. Random
effects by REML; the average site by Hartung, Knapp, Sidik and Jonkman; the next site by Higgins'
interval, t with two degrees of freedom fewer than sites. No survey of how far such figures differ
between sites is known to us, so there is no prior: two sites predict nothing, and three give the
wide interval that they deserve. Limits of a Dice are cut to 0 and 1.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from scipy.special import expit, logit

from defensible.dossier.claims import MetricName
from defensible.evidence.faults import counted
from defensible.evidence.finding import Measurement
from defensible.evidence.new_site_finding import SCALES, NewSite
from defensible.evidence.site_influence import influence
from defensible.evidence.strata import NOT_KNOWN
from defensible.statistics import heterogeneity
from defensible.statistics.arrays import Floats
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
    scale = _OF_SCALE[SCALES[metric]]
    seen: list[tuple[str, Estimate, float]] = []
    left: list[tuple[str, str]] = []
    for one in sites:
        name, estimate = one.stratum.levels[0][1], one.estimate
        why = _why_left_out(name, one) or scale.why_not(one)
        if why is None and estimate is not None and estimate.se:
            seen.append((name, estimate, estimate.se))
        elif one.n_cases:
            left.append((name, why or "no spread among its cases"))
    if len(seen) < FEWEST_SITES:
        return None
    values = np.array([estimate.value for _, estimate, _ in seen])
    effects = scale.there(values)
    variances = (np.array([se for _, _, se in seen]) * scale.slope(values)) ** 2

    def back(estimate: Estimate) -> Estimate:
        return _shown(metric, scale.back(estimate), SCALES[metric])

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """A scale on which sites are normal, by its name in `SCALES`."""

    there: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    inverse: Callable[[float], float]
    lowest: float = -inf
    highest: float = inf

    def back(self, estimate: Estimate) -> Estimate:
        """An estimate on the scale, as it is shown."""
        value, low, high = (
            float(self.inverse(one)) for one in (estimate.value, estimate.low, estimate.high)
        )
        own = self.lowest == -inf
        return replace(estimate, value=value, low=low, high=high, se=estimate.se if own else None)

    def why_not(self, one: Measurement) -> str | None:
        """Why a site's value has no place on the scale, if it has none."""
        value = one.estimate.value if one.estimate else None
        if value is None or self.lowest < value < self.highest:
            return None
        return f"{value:g} there, an end of the scale"


def _itself(values: Floats) -> Floats:
    return values


_OF_SCALE = {
    "mean": _Scale(there=_itself, slope=np.ones_like, inverse=float),
    "log": _Scale(there=np.log, slope=np.reciprocal, inverse=np.exp, lowest=0.0),
    "logit": _Scale(
        there=logit, slope=lambda p: 1 / (p * (1 - p)), inverse=expit, lowest=0.0, highest=1.0
    ),
}


def _shown(metric: MetricName, estimate: Estimate, scale: str) -> Estimate:
    """The estimate with limits that the metric can have."""
    words = "scale of the mean" if scale == "mean" else f"{scale} scale"
    named = replace(estimate, method=f"{estimate.method}, {words}")
    if metric.signed or scale != "mean":
        return named
    low, high = max(estimate.low, 0.0), min(estimate.high, 1.0)
    if (low, high) == (estimate.low, estimate.high):
        return named
    cautions = (*estimate.cautions, Caution.CUT)
    return replace(named, low=low, high=high, cautions=cautions)
