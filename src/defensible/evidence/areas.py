"""The AUC in every stratum, with the interval that the plan names, and the curve for a picture."""

from dataclasses import replace

import numpy as np

from defensible.dossier.studies import AucInterval, StandaloneStudy
from defensible.evidence.cases import Cases
from defensible.evidence.finding import RocCurve
from defensible.statistics import grouped, grouped_clustered, roc
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.clustered import FEW_CLUSTERS
from defensible.statistics.estimate import Estimate
from defensible.statistics.grouped import GroupedAuc
from defensible.statistics.grouped_patients import Stays
from defensible.statistics.grouped_runs import Codes, Sorted
from defensible.statistics.roc import FEW_OF_A_CLASS

MOST_POINTS = 400
_NO_WIDTH = "Newcombe, since DeLong's variance is 0"

Given = list[tuple[Estimate | None, str | None]]


def by_score(study: StandaloneStudy, cases: Cases) -> Sorted | None:
    """The cases sorted by score, once for all groupings; None where no AUC is planned."""
    if study.analysis.auc is None or cases.scores is None:
        return None
    return grouped.sort(cases.truth, cases.scores)


def by_group(
    study: StandaloneStudy,
    cases: Cases,
    cases_sorted: Sorted,
    held: Stays | None,
    codes: Codes,
    n_groups: int,
) -> Given:
    """The AUC of each group, or why there is none; `held` where patients are respected."""
    if study.analysis.auc is AucInterval.CLUSTERED:
        assert held is not None  # noqa: S101 - found for every grouping of such a study
        found = grouped_clustered.aucs(cases_sorted, held, codes, n_groups)
        return [_by_patient(found, group, study.analysis.level) for group in range(n_groups)]
    found = grouped.aucs(cases_sorted, codes, n_groups)
    return [_by_case(study, cases, found, codes, group) for group in range(n_groups)]


def _by_case(
    study: StandaloneStudy, cases: Cases, found: GroupedAuc, codes: Codes, group: int
) -> tuple[Estimate | None, str | None]:
    m, n = int(found.n_diseased[group]), int(found.n_healthy[group])
    if (why := _why_none(found, group, "cases of either class")) is not None:
        return None, why
    level, few = study.analysis.level, min(m, n) < FEW_OF_A_CLASS
    value, se = float(found.value[group]), float(found.se[group])
    if se == 0:
        assert cases.scores is not None  # noqa: S101 - a group with an area has scores
        inside = codes == group
        flat = roc.auc_newcombe(cases.truth[inside], cases.scores[inside], level=level)
        return replace(flat, method=_NO_WIDTH), None
    plain = roc.normal_area(value, se, level=level, method="DeLong", n=m + n, few=few)
    if study.analysis.auc is AucInterval.DELONG_LOGIT and 0 < value < 1:
        return roc.on_logit_scale(plain), None
    return plain, None


def _by_patient(found: GroupedAuc, group: int, level: float) -> tuple[Estimate | None, str | None]:
    if (why := _why_none(found, group, "patients with cases of either class")) is not None:
        return None, why
    assert found.n_clusters is not None  # noqa: S101 - the clustered areas count patients
    n_clusters = int(found.n_clusters[group])
    plain = roc.normal_area(
        float(found.value[group]),
        float(found.se[group]),
        level=level,
        method="Obuchowski, clustered",
        n=int(found.n_diseased[group] + found.n_healthy[group]),
        few=n_clusters < FEW_CLUSTERS,
    )
    return replace(plain, n_clusters=n_clusters), None


def _why_none(found: GroupedAuc, group: int, needed: str) -> str | None:
    if not found.has_value[group]:
        return "no healthy case" if found.n_diseased[group] else "no diseased case"
    return None if found.defined[group] else f"its interval needs two {needed}"


def curve(cases: Cases, cases_sorted: Sorted | None) -> RocCurve | None:
    """The empirical ROC curve, thinned to `MOST_POINTS` along its length; corners always stay."""
    n_diseased = int(cases.truth.sum())
    n_healthy = cases.truth.size - n_diseased
    if cases_sorted is None or not n_diseased or not n_healthy:
        return None
    closes = np.flatnonzero(cases_sorted.closes)
    diseased_to = np.cumsum(cases_sorted.sorted_truth)[closes]
    missed = np.concatenate([[0], diseased_to])[::-1]
    cleared = np.concatenate([[0], closes + 1 - diseased_to])[::-1]
    sensitivity, false_positive = 1 - missed / n_diseased, 1 - cleared / n_healthy
    kept = _thinned(false_positive, sensitivity)
    return RocCurve(
        false_positive_rate=tuple(false_positive[kept].tolist()),
        sensitivity=tuple(sensitivity[kept].tolist()),
        operating_point=_operating_point(cases, n_diseased, n_healthy),
    )


def _thinned(across: Floats, up: Floats) -> Ints:
    """Indices of points spread evenly along a curve that rises from (0, 0) to (1, 1)."""
    turns = np.ones(across.size, dtype=np.bool_)
    # a point on a straight horizontal or vertical piece adds nothing to the picture
    flat = (up[2:] == up[1:-1]) & (up[1:-1] == up[:-2])
    steep = (across[2:] == across[1:-1]) & (across[1:-1] == across[:-2])
    turns[1:-1] = ~(flat | steep)
    kept = np.flatnonzero(turns)
    if kept.size <= MOST_POINTS:
        return kept
    along = across[kept] + up[kept]
    nearest = np.searchsorted(along, np.linspace(0, 2, MOST_POINTS))
    thinned: Ints = kept[np.unique(np.minimum(nearest, kept.size - 1))]
    return thinned


def _operating_point(cases: Cases, n_diseased: int, n_healthy: int) -> tuple[float, float] | None:
    if cases.positive is None:
        return None
    flagged = cases.positive
    return (
        float((flagged & ~cases.truth).sum() / n_healthy),
        float((flagged & cases.truth).sum() / n_diseased),
    )
