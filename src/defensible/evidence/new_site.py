"""What to expect of each metric at a site not yet seen, from the sites that a study has.

The average site is by random effects on the logit scale (REML) with the interval of Hartung, Knapp,
Sidik and Jonkman. The prediction for a further site:

- proportions, five sites or more: Higgins' interval from the same fit;
- proportions, two to four sites: the prior for the spread of `statistics.new_site`, so that few
  sites give an honestly wide interval and not one without end. Where the sites differ more than
  chance allows (Cochran's Q, p < 0.1) the prior is contradicted, and Higgins' interval stands;
  two sites that differ so much predict nothing;
- AUC: the prior, from two sites on; it was taken from AUCs of 1,603 external validations;
- means (Dice, relative error) on their own scale, false marks a case on the log scale and wAFROC
  on the logit scale without a prior, see `new_site_means`.

A site with fewer than five cases of either class that a metric needs is left out, and named.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
from scipy.special import expit

from defensible.dossier.claims import MetricName
from defensible.evidence import new_site_means
from defensible.evidence.faults import counted
from defensible.evidence.finding import Measurement
from defensible.evidence.new_site_finding import SCALES, JointNewSite, NewSite
from defensible.evidence.site_influence import influence
from defensible.evidence.strata import NOT_KNOWN
from defensible.statistics import bivariate, heterogeneity
from defensible.statistics.arrays import Floats
from defensible.statistics.estimate import Estimate
from defensible.statistics.heterogeneity import RandomEffects
from defensible.statistics.new_site import NewSite as Prediction
from defensible.statistics.new_site import new_site_auc, new_site_proportion
from defensible.statistics.site_logits import logit_aucs, logit_proportions

SITE = "site"
FEWEST_CASES = 5
FEWEST_SITES = 2
BY_DATA_ALONE = 5
"""Sites from which on proportions need no prior."""
CONTRADICTED = 0.1
"""p-value of Cochran's Q under which few sites speak against the prior."""
MOST_NAMED = 6
FEWEST_SITES_TOGETHER = 4
"""Sites from which on sensitivity and specificity are fitted together: five figures from eight."""
Seen = list[tuple[Measurement, Estimate]]


def predictions(measurements: tuple[Measurement, ...], level: float) -> tuple[NewSite, ...]:
    """A prediction for each metric that enough sites have; none without a dimension `site`."""
    by_metric: dict[MetricName, list[Measurement]] = {}
    for one in measurements:
        if len(one.stratum.levels) == 1 and one.stratum.levels[0][0] == SITE:
            by_metric.setdefault(one.metric, []).append(one)
    found = (
        new_site_means.prediction(metric, sites, level, _named)
        if metric in SCALES
        else _prediction(metric, sites, level)
        for metric, sites in by_metric.items()
    )
    return tuple(one for one in found if one is not None)


def together(measurements: tuple[Measurement, ...], level: float) -> JointNewSite | None:
    """Sensitivity and specificity by the bivariate model; None with fewer than four sites.

    Clustered proportions enter with the cases that they are worth.
    """
    by_site: dict[str, dict[MetricName, Measurement]] = {}
    for one in measurements:
        if len(one.stratum.levels) == 1 and one.stratum.levels[0][0] == SITE:
            by_site.setdefault(one.stratum.levels[0][1], {})[one.metric] = one
    pairs = [
        (found[MetricName.SENSITIVITY], found[MetricName.SPECIFICITY])
        for name, found in by_site.items()
        if {MetricName.SENSITIVITY, MetricName.SPECIFICITY} <= found.keys()
        and all(_why_left_out(name, one) is None for one in found.values() if _counts(one))
    ]
    whole = [(one.estimate, other.estimate) for one, other in pairs]
    known = [(_effective(one), _effective(other)) for one, other in whole if one and other]
    if len(known) < FEWEST_SITES_TOGETHER:
        return None
    (tp, diseased), (tn, healthy) = (
        tuple(zip(*side, strict=True)) for side in zip(*known, strict=True)
    )
    fit = bivariate.reitsma_reml(tp, diseased, tn, healthy, level=level)
    if fit.further_sensitivity is None or fit.further_specificity is None:
        return None
    return JointNewSite(
        sensitivity=fit.sensitivity,
        specificity=fit.specificity,
        further_sensitivity=fit.further_sensitivity,
        further_specificity=fit.further_specificity,
        correlation=fit.correlation,
        n_sites=fit.n_sites,
    )


def _counts(one: Measurement) -> bool:
    return one.metric in {MetricName.SENSITIVITY, MetricName.SPECIFICITY}


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
    if len(seen) < FEWEST_SITES:
        return None
    of_auc = metric is MetricName.AUC
    effects, variances = _logits_of_aucs(seen) if of_auc else _logits(seen)
    fit = heterogeneity.random_effects_reml(effects, variances, level=level)
    if not of_auc and len(seen) == FEWEST_SITES and fit.q_p < CONTRADICTED:
        return None
    estimate, spread = _of_aucs(seen, level) if of_auc else _of_rates(seen, fit)
    names = [one.stratum.levels[0][1] for one, _ in seen]
    return NewSite(
        metric=metric,
        estimate=estimate,
        n_sites=len(seen),
        between_site_sd=spread,
        left_out=_named(left),
        average=_back(heterogeneity.hartung_knapp(fit)),
        i2=fit.i2,
        q_p=fit.q_p,
        influence=influence(names, effects, variances, level, _back),
    )


def _back(estimate: Estimate) -> Estimate:
    """An estimate on the logit scale, as a proportion."""
    return replace(
        estimate,
        value=float(expit(estimate.value)),
        low=float(expit(estimate.low)),
        high=float(expit(estimate.high)),
        method=f"{estimate.method}, logit scale",
        se=None,
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
        case MetricName.LESION_SENSITIVITY:
            n, what = one.estimate.n, "lesion"
        case _:
            n, what = one.estimate.n, "case"
    return f"{counted(n, what)}" if n < FEWEST_CASES else None


def _of_rates(seen: Seen, fit: RandomEffects) -> tuple[Estimate, float]:
    if len(seen) >= BY_DATA_ALONE or (len(seen) > FEWEST_SITES and fit.q_p < CONTRADICTED):
        return _back(heterogeneity.prediction_higgins(fit)), float(np.sqrt(fit.tau2))
    counts, ns = zip(*(_effective(estimate) for _, estimate in seen), strict=True)
    answer = new_site_proportion(counts, ns, level=fit.level)
    return _with_prior(answer)


def _with_prior(answer: Prediction) -> tuple[Estimate, float]:
    # the prior's scale is that of the proportion; its steepness is held beyond 0.1 and 0.9
    p = min(max(answer.average.value, 0.1), 0.9)
    estimate = replace(answer.predicted, value=answer.average.value)
    return estimate, answer.tau.value / (p * (1 - p))


def _logits_of_aucs(seen: Seen) -> tuple[Floats, Floats]:
    effects, variances, _ = logit_aucs(
        [estimate.value for _, estimate in seen],
        [estimate.se or 0.0 for _, estimate in seen],
        n_diseased=[one.n_diseased for one, _ in seen],
        n_healthy=[one.n_healthy for one, _ in seen],
    )
    return effects, variances


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
    if estimate.count is None:  # a share of measured cases, taken as their mean
        return round(estimate.value * estimate.n), estimate.n
    return estimate.count, estimate.n


def _of_aucs(seen: Seen, level: float) -> tuple[Estimate, float]:
    answer = new_site_auc(
        [estimate.value for _, estimate in seen],
        [estimate.se or 0.0 for _, estimate in seen],
        n_diseased=[one.n_diseased for one, _ in seen],
        n_healthy=[one.n_healthy for one, _ in seen],
        level=level,
    )
    return _with_prior(answer)


def _named(left: list[tuple[str, str]]) -> tuple[str, ...]:
    """Each site with its reason; many of them are counted by reason."""
    if len(left) <= MOST_NAMED:
        return tuple(f"{name} ({why})" for name, why in left)
    reasons = Counter(why for _, why in left)
    return tuple(f"{counted(n, 'site')} ({why} each)" for why, n in reasons.most_common())
