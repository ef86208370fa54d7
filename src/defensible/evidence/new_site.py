"""What to expect of each metric at a site not yet seen, from the sites that a study has.

Proportions: random effects on the logit scale (REML) and Higgins' prediction interval, from three
sites on; no survey says how much sensitivities differ between sites, so the data alone speak. AUC:
the same with a prior for the spread, taken from 1,603 external validations; from two sites on.
A site with fewer than five cases of either class that a metric needs is left out, and named.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
from scipy.special import expit

from defensible.dossier.claims import MetricName
from defensible.evidence.faults import counted
from defensible.evidence.finding import Measurement, NewSite
from defensible.evidence.strata import NOT_KNOWN
from defensible.statistics import heterogeneity
from defensible.statistics.arrays import Floats
from defensible.statistics.estimate import Estimate
from defensible.statistics.new_site import new_site_auc
from defensible.statistics.site_logits import logit_proportions

SITE = "site"
FEWEST_CASES = 5
FEWEST_SITES = {MetricName.AUC: 2}
FEWEST_SITES_OF_PROPORTIONS = 3
MOST_NAMED = 6
Seen = list[tuple[Measurement, Estimate]]


def predictions(measurements: tuple[Measurement, ...], level: float) -> tuple[NewSite, ...]:
    """A prediction for each metric that enough sites have; none without a dimension `site`."""
    by_metric: dict[MetricName, list[Measurement]] = {}
    for one in measurements:
        if len(one.stratum.levels) == 1 and one.stratum.levels[0][0] == SITE:
            by_metric.setdefault(one.metric, []).append(one)
    found = (_prediction(metric, sites, level) for metric, sites in by_metric.items())
    return tuple(one for one in found if one is not None)


def _prediction(metric: MetricName, sites: list[Measurement], level: float) -> NewSite | None:
    seen: Seen = []
    left: list[tuple[str, str]] = []
    for one in sites:
        name = one.stratum.levels[0][1]
        why = _why_left_out(name, one)
        if why is None and one.estimate is not None:
            seen.append((one, one.estimate))
        elif one.n_cases:
            left.append((name, why or one.why or "no estimate"))
    if len(seen) < FEWEST_SITES.get(metric, FEWEST_SITES_OF_PROPORTIONS):
        return None
    estimate, spread = _of_aucs(seen, level) if metric is MetricName.AUC else _of_rates(seen, level)
    return NewSite(
        metric=metric,
        estimate=estimate,
        n_sites=len(seen),
        between_site_sd=spread,
        left_out=_named(left),
    )


def _why_left_out(name: str, one: Measurement) -> str | None:
    """Why a site cannot enter, if it cannot."""
    if name == NOT_KNOWN:
        return f"the site of {counted(one.n_cases, 'case')} is not known"
    if one.estimate is None:
        return one.why
    diseased, healthy = one.n_diseased, one.n_healthy
    match one.metric:
        case MetricName.SENSITIVITY:
            n, what = diseased, "diseased case"
        case MetricName.SPECIFICITY:
            n, what = healthy, "healthy case"
        case MetricName.AUC:
            n, what = min((diseased, "diseased case"), (healthy, "healthy case"))
        case _:
            n, what = one.estimate.n, "case"
    return f"{counted(n, what)}" if n < FEWEST_CASES else None


def _of_rates(seen: Seen, level: float) -> tuple[Estimate, float]:
    effects, variances = _logits(seen)
    fit = heterogeneity.random_effects_reml(effects, variances, level=level)
    further = heterogeneity.prediction_higgins(fit)
    estimate = replace(
        further,
        value=float(expit(further.value)),
        low=float(expit(further.low)),
        high=float(expit(further.high)),
        method=f"{further.method}, logit scale",
        se=None,
    )
    return estimate, float(np.sqrt(fit.tau2))


def _logits(seen: Seen) -> tuple[Floats, Floats]:
    """Logit and its variance for each site; clustered ones have the variance of their patients."""
    counts, ns = zip(*(_effective(estimate) for _, estimate in seen), strict=True)
    effects, variances = logit_proportions(counts, ns)
    for site, (_, estimate) in enumerate(seen):
        if estimate.n_clusters is not None and estimate.se and 0 < estimate.value < 1:
            steepness = 1 / (estimate.value * (1 - estimate.value))
            variances[site] = (estimate.se * steepness) ** 2
    return effects, variances


def _effective(estimate: Estimate) -> tuple[int, int]:
    """Count and cases; with clusters, patients stand for cases where no variance is seen."""
    if estimate.n_clusters is not None and not estimate.se:
        return round(estimate.value * estimate.n_clusters), estimate.n_clusters
    return estimate.count or 0, estimate.n


def _of_aucs(seen: Seen, level: float) -> tuple[Estimate, float]:
    answer = new_site_auc(
        [estimate.value for _, estimate in seen],
        [estimate.se or 0.0 for _, estimate in seen],
        n_diseased=[one.n_diseased for one, _ in seen],
        n_healthy=[one.n_healthy for one, _ in seen],
        level=level,
    )
    # the prior's scale is that of the AUC; its steepness is held beyond 0.1 and 0.9
    p = min(max(answer.average.value, 0.1), 0.9)
    estimate = replace(answer.predicted, value=answer.average.value)
    return estimate, answer.tau.value / (p * (1 - p))


def _named(left: list[tuple[str, str]]) -> tuple[str, ...]:
    """Each site with its reason; many of them are counted by reason."""
    if len(left) <= MOST_NAMED:
        return tuple(f"{name} ({why})" for name, why in left)
    reasons = Counter(why for _, why in left)
    return tuple(f"{counted(n, 'site')} ({why} each)" for why, n in reasons.most_common())
