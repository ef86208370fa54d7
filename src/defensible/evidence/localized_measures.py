"""Lesions found, false marks a case and wAFROC in every stratum, patients being independent.

A false mark has no lesion, so at a level of a dimension of lesions (small ones) the false marks are
those of all cases that go with it, and the wAFROC is that of these lesions alone, weighed anew.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.localization_study import LocalizationStudy
from defensible.evidence.finding import Errors, Measurement
from defensible.evidence.localized_cases import LocalizedCases
from defensible.evidence.localized_parts import Part
from defensible.evidence.measurements import share
from defensible.evidence.strata import Grouping
from defensible.statistics import device_marks, grouped_clustered, grouped_means, grouped_patients
from defensible.statistics.arrays import Ints
from defensible.statistics.device_marks import CaseMarks
from defensible.statistics.estimate import Estimate
from defensible.statistics.grouped_runs import Codes

METRICS = (MetricName.LESION_SENSITIVITY, MetricName.FALSE_MARKS_PER_CASE, MetricName.WAFROC)
_ONE_PATIENT = "one patient only: intervals by patient need two"
Given = tuple[Estimate | None, str | None]
"""An estimate, or why there is none."""


def lacks(study: LocalizationStudy, metric: MetricName) -> tuple[str, ...]:
    """What the plan lacks for `metric`, as keys to write."""
    scored = study.data.marks.columns.score is not None
    if metric is MetricName.WAFROC:
        return () if scored else ("data.marks.columns.score",)
    return ("analysis.threshold",) if scored and study.analysis.threshold is None else ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Slices:
    """Which lesions, diseased and healthy cases each stratum has, without a pass over all."""

    lesions: tuple[Ints, ...]
    healthy: tuple[Ints, ...]


def measured(
    study: LocalizationStudy,
    read: LocalizedCases,
    part: Part,
    wanted: Container[MetricName] = frozenset(METRICS),
) -> Iterator[Measurement]:
    """Every wanted metric that the plan takes, in each stratum of one part."""
    slices = _sliced(read, part)
    given = {
        metric: values
        for metric, taken in (
            (MetricName.LESION_SENSITIVITY, _found),
            (MetricName.FALSE_MARKS_PER_CASE, _false),
            (MetricName.WAFROC, _wafroc),
        )
        if metric in wanted and not lacks(study, metric)
        for values in [taken(read, part, slices, study.analysis.level)]
    }
    for group, stratum in enumerate(part.strata):
        n_diseased = np.unique(read.lesions.case[slices.lesions[group]]).size
        n_healthy = slices.healthy[group].size
        for metric, values in given.items():
            estimate, why = values[group]
            yield Measurement(
                metric=metric,
                stratum=stratum,
                estimate=estimate,
                n_cases=n_diseased + n_healthy,
                n_diseased=n_diseased,
                n_healthy=n_healthy,
                why=why,
            )


def _sliced(read: LocalizedCases, part: Part) -> _Slices:
    healthy = np.flatnonzero(~read.cases.truth)
    by_group = _split(part.cases[healthy], part.n_case_groups)
    return _Slices(
        lesions=_split(part.lesions, len(part.strata)),
        healthy=tuple(healthy[by_group[at]] for at in part.at.tolist()),
    )


def _split(codes: Codes, n: int) -> tuple[Ints, ...]:
    """Indices of the members of each group."""
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(n + 1))
    return tuple(order[first:past] for first, past in pairwise(bounds))


def _found(read: LocalizedCases, part: Part, slices: _Slices, level: float) -> list[Given]:
    """The share of lesions found at the operating point."""
    del slices
    assert read.found is not None  # noqa: S101 - the plan has an operating point
    n = len(part.strata)
    by_patient = grouped_patients.by_patient(read.patient[read.lesions.case])
    held = grouped_patients.stays(by_patient, part.lesions, n)
    everyone = np.ones_like(read.found)
    found = grouped_clustered.shares(read.found, everyone, held, part.lesions, n)
    low, high = found.limits(level=level)
    return [
        share(found, group, limits, level=level, nothing="no lesion")
        for group, limits in enumerate(zip(low.tolist(), high.tolist(), strict=True))
    ]


def _false(read: LocalizedCases, part: Part, slices: _Slices, level: float) -> list[Given]:
    """The mean number of false marks at the operating point."""
    del slices
    assert read.n_false is not None  # noqa: S101 - the plan has an operating point
    marks = read.n_false.astype(np.float64)
    found = grouped_means.means(marks, read.patient, part.cases, part.n_case_groups)
    given: list[Given] = []
    for group in range(part.n_case_groups):
        n, k = int(found.n[group]), int(found.n_clusters[group])
        if not found.defined[group]:
            given.append((None, _ONE_PATIENT if n else "no case"))
            continue
        value, se = float(found.value[group]), float(found.se[group])
        given.append((device_marks.mean_number(value, se, n=n, k=k, level=level), None))
    return [given[at] for at in part.at.tolist()]


def _wafroc(read: LocalizedCases, part: Part, slices: _Slices, level: float) -> list[Given]:
    return [
        _area(read, lesions, healthy, level, anew=part.of_lesions)
        for lesions, healthy in zip(slices.lesions, slices.healthy, strict=True)
    ]


def _area(read: LocalizedCases, lesions: Ints, healthy: Ints, level: float, *, anew: bool) -> Given:
    """The wAFROC of some lesions against some healthy cases; weights `anew` sum to 1 of these."""
    of_lesion, weight = read.lesions.case[lesions], read.lesions.weight[lesions]
    if anew:
        sums = np.bincount(of_lesion, weight, minlength=read.cases.truth.size)[of_lesion]
        counts = sums > 0
        lesions, of_lesion, weight = lesions[counts], of_lesion[counts], weight[counts]
        weight = weight / sums[counts]
    diseased = np.unique(of_lesion)
    for cases, what in ((diseased, "lesion"), (healthy, "healthy case")):
        n_patients = np.unique(read.patient[cases]).size
        if not n_patients:
            return None, f"no {what}"
        if n_patients < 2:
            return None, f"one patient only with a {what}: the jackknife needs two"
    both = np.concatenate([diseased, healthy])
    of = CaseMarks(
        lesion_case=np.searchsorted(diseased, of_lesion),
        lesion_weight=weight,
        lesion_rating=read.lesion_rating[lesions],
        false_rating=read.false_rating[both],
        patient=read.patient[both],
    )
    return device_marks.wafroc(of, level=level), None


def errors(read: LocalizedCases, by: Sequence[Grouping]) -> tuple[Errors, ...]:
    """Diseased cases with no lesion found, healthy ones with a false mark, in each stratum."""
    if read.found is None or read.n_false is None:
        return ()
    truth = read.cases.truth
    hit = np.zeros(truth.size, dtype=np.bool_)
    hit[read.lesions.case[read.found]] = True
    wrong = np.where(truth, ~hit, read.n_false > 0)
    found: list[Errors] = []
    for one in by:
        n = len(one.strata)
        diseased, healthy = (np.bincount(one.codes[k], minlength=n) for k in (truth, ~truth))
        missed, alarms = (np.bincount(one.codes[k & wrong], minlength=n) for k in (truth, ~truth))
        found += [
            Errors(
                stratum=stratum,
                false_negatives=int(missed[at]),
                n_diseased=int(diseased[at]),
                false_positives=int(alarms[at]),
                n_healthy=int(healthy[at]),
            )
            for at, stratum in enumerate(one.strata)
        ]
    return tuple(found)


def of_class(read: LocalizedCases, level: float, *, diseased: bool) -> Estimate | None:
    """False marks a case of one class at the operating point, for the report."""
    if read.n_false is None:
        return None
    kind = read.cases.truth if diseased else ~read.cases.truth
    if np.unique(read.patient[kind]).size < 2:
        return None
    return device_marks.marks_per_case(read.n_false[kind], read.patient[kind], level=level)
