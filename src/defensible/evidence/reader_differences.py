"""Aided less unaided reading: AUC, sensitivity, specificity, reading time, on any part of a study.

Which analysis a figure rests on follows from the plan and the design alone:

- AUC, wAFROC: Obuchowski-Rockette with DeLong's covariance, and with the jackknife, where every
  reader read every case in every condition, else centred U-statistics.
- AUC, wAFROC where patients have several cases: Obuchowski-Rockette with Obuchowski's clustered
  covariance, and the jackknife over patients, whatever was not read.
- Sensitivity, specificity: U-statistics, centred where readings are missing; two-way clusters where
  patients have several cases.
- Readers or cases fixed: Obuchowski-Rockette in that form, decisions with the jackknife.
- Reading time: a ratio of sums, two-way clusters.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.reader_study import ReaderAnalysis, Sample
from defensible.evidence import readings
from defensible.evidence.reader_intervals import spread_of
from defensible.evidence.readings import AIDED, UNAIDED, Readings
from defensible.statistics import (
    binary_endpoints,
    error_covariance,
    figures_of_merit,
    froc,
    froc_table,
    leave_one_out,
    obuchowski_rockette,
    patient_covariance,
    two_way,
    u_statistics,
    unequal_readings,
)
from defensible.statistics.arrays import Bools, Floats, Ints
from defensible.statistics.estimate import Estimate
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.mrmc_inference import MrmcResult, difference
from defensible.statistics.reader_table import ReaderTable
from defensible.statistics.standalone_reader import StandaloneComparison
from defensible.statistics.two_way_spread import Ratio

FIGURES = {
    MetricName.AUC_DIFFERENCE: "auc",
    MetricName.WAFROC_DIFFERENCE: "wafroc",
    MetricName.SENSITIVITY_DIFFERENCE: "sensitivity",
    MetricName.SPECIFICITY_DIFFERENCE: "specificity",
}
"""Metrics that are differences of a figure, and the figure."""
_OF_DECISIONS = (MetricName.SENSITIVITY_DIFFERENCE, MetricName.SPECIFICITY_DIFFERENCE)
_RANDOM = (Sample.RANDOM, Sample.RANDOM)
_HALF = 0.5
"""Between a negative decision, 0, and a positive one, 1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Readers and cases of a study that are looked at together."""

    readers: Bools
    cases: Bools


def whole(of: Readings) -> Part:
    """All of a study."""
    return Part(
        readers=np.ones(len(of.readers), dtype=np.bool_),
        cases=np.ones(len(of.cases), dtype=np.bool_),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A difference with the analysis behind it, or why there is none."""

    estimate: Estimate | None
    analysis: MrmcResult[Any] | None = None
    why: str | None = None
    ratios: tuple[Ratio, ...] = ()
    """What a difference without an analysis is made of, over the cases of its part."""
    alone: StandaloneComparison | None = None
    """The analysis of the device alone against readers, where it is one of its own."""


def taken(
    metric: MetricName,
    of: Readings,
    part: Part,
    plan: ReaderAnalysis,
    *,
    against: int = UNAIDED,
    new: int = AIDED,
) -> Taken:
    """One difference on a part of the study; errors are pooled over all its conditions."""
    try:
        two = readings.pair(of, against, new)
        if metric is MetricName.READING_TIME_CHANGE:
            return _time(two, part, plan)
        if metric in _OF_DECISIONS and of.n_repeated:
            return _clustered(two, part, plan, diseased=_of_diseased(metric))
        table = table_of(metric, of, part)
        if isinstance(table, str):
            return Taken(estimate=None, why=table)
        patient = repeated(of, table)
        found = _analysis(metric, table, plan, patient)
        names = of.conditions
        gap = difference(found, new=names[new], reference=names[against])
        if patient is not None:
            gap = replace(gap, n_clusters=int(np.unique(patient).size))
        return Taken(estimate=gap, analysis=found)
    except ValueError as error:
        return Taken(estimate=None, why=str(error))


def between(
    done: Taken,
    metric: MetricName,
    of: Readings,
    part: Part,
    plan: ReaderAnalysis,
    *,
    against: int = UNAIDED,
    new: int,
) -> Taken:
    """The difference of another pair than that of `done`: from its analysis, which holds all."""
    if (against, new) == (UNAIDED, AIDED):
        return done
    if done.analysis is None or done.estimate is None:
        return taken(metric, of, part, plan, against=against, new=new)
    names = of.conditions
    gap = difference(done.analysis, new=names[new], reference=names[against])
    return replace(done, estimate=replace(gap, n_clusters=done.estimate.n_clusters))


def table_of(metric: MetricName, of: Readings, part: Part) -> ReaderTable | FrocTable | str:
    """The readings or marks of a part as a table; why not, where it cannot be one."""
    if metric is MetricName.WAFROC_DIFFERENCE:
        return _marks_of(of, part)
    values = of.rating if metric is MetricName.AUC_DIFFERENCE else of.decision
    if values is None:
        return "no rating" if metric is MetricName.AUC_DIFFERENCE else "no decision"
    read = of.read[:, part.readers][:, :, part.cases]
    seen = read.any(axis=(0, 1))
    if min(part.readers.sum(), seen.sum()) < 2:
        return "fewer than two readers, or two cases, in this part"
    at_reader, at_case = np.flatnonzero(part.readers), np.flatnonzero(part.cases)[seen]
    return ReaderTable(
        modalities=of.conditions,
        readers=tuple(of.readers[i] for i in at_reader),
        cases=tuple(of.cases[i] for i in at_case),
        truth=of.truth[at_case],
        ratings=np.asarray(values, dtype=np.float64)[:, at_reader][:, :, at_case],
        read=read[:, :, seen],
    )


def _marks_of(of: Readings, part: Part) -> FrocTable | str:
    if of.marks is None:
        return "no marks"
    if part.readers.sum() < 2:
        return "fewer than two readers in this part"
    seen: Bools = np.asarray(of.read[:, part.readers].any(axis=(0, 1)))
    return froc_table.part(
        of.marks,
        modalities=np.arange(len(of.conditions)),
        readers=part.readers,
        cases=part.cases & seen,
    )


def patients(of: Readings, table: ReaderTable | FrocTable) -> Ints:
    """Patient of each case of a table."""
    place = {case: at for at, case in enumerate(of.cases)}
    found: Ints = of.patient[[place[case] for case in table.cases]]
    return found


def repeated(of: Readings, table: ReaderTable | FrocTable) -> Ints | None:
    """Patient of each case of a table; None where none has two of them."""
    if not of.n_repeated:
        return None
    found = patients(of, table)
    return found if np.unique(found).size < found.size else None


def covariance(
    metric: MetricName, table: ReaderTable | FrocTable, patient: Ints | None = None
) -> error_covariance.ErrorCovariance:
    """Covariance of a figure's cells due to cases, or to patients where they have several."""
    if patient is not None:
        return of_patients(metric, table, patient).errors
    if isinstance(table, FrocTable):
        return error_covariance.jackknife_by_cell(froc.leave_one_out(table, froc.WAFROC))
    if metric is MetricName.AUC_DIFFERENCE:
        return error_covariance.delong(table)
    figure = (
        figures_of_merit.sensitivity(_HALF)
        if _of_diseased(metric)
        else figures_of_merit.specificity(_HALF)
    )
    return error_covariance.jackknife_by_cell(leave_one_out.of(table, figure))


def of_patients(
    metric: MetricName, table: ReaderTable | FrocTable, patient: Ints
) -> patient_covariance.OfPatients:
    """Covariance of a figure's cells between patients, and what each patient adds to them."""
    if isinstance(table, FrocTable):
        return patient_covariance.of_marks(table, froc.WAFROC, patient)
    if metric is MetricName.AUC_DIFFERENCE:
        return patient_covariance.of_auc(table, patient)
    if _of_diseased(metric):
        return patient_covariance.of_sensitivity(table, patient, threshold=_HALF)
    return patient_covariance.of_specificity(table, patient, threshold=_HALF)


def _analysis(
    metric: MetricName,
    table: ReaderTable | FrocTable,
    plan: ReaderAnalysis,
    patient: Ints | None,
) -> MrmcResult[Any]:
    level = plan.level
    if (plan.readers, plan.cases) == _RANDOM and patient is None:
        if metric in _OF_DECISIONS and isinstance(table, ReaderTable):
            endpoint = (
                binary_endpoints.sensitivity
                if _of_diseased(metric)
                else binary_endpoints.specificity
            )
            return endpoint(table, threshold=_HALF, level=level)
        if not table.crossed:
            return u_statistics.centred(table, level=level)
    by = obuchowski_rockette if table.crossed else unequal_readings
    inferred: Callable[..., MrmcResult[Any]] = by.random_readers
    if plan.readers is Sample.FIXED:
        inferred = by.fixed_readers
    elif plan.cases is Sample.FIXED:
        inferred = by.fixed_cases
    return inferred(covariance(metric, table, patient), level=level)


def _of_diseased(metric: MetricName) -> bool:
    return metric is MetricName.SENSITIVITY_DIFFERENCE


def _clustered(of: Readings, part: Part, plan: ReaderAnalysis, *, diseased: bool) -> Taken:
    """Sensitivity or specificity where patients have several cases."""
    if of.decision is None:
        return Taken(estimate=None, why="no decision")
    cases = part.cases & (of.truth if diseased else ~of.truth)
    right = of.decision == diseased
    ratios = [
        Ratio(number=at & right[condition], of=at, weight=sign)
        for condition, sign in ((AIDED, 1.0), (UNAIDED, -1.0))
        for at in (of.read[condition] & cases & part.readers[:, None],)
    ]
    by = spread_of(plan)
    found = two_way.combined(
        ratios, of.patient, level=plan.level, spread_of=by, lowest=-1, highest=1
    )
    return _found(found, ratios, part)


def _time(of: Readings, part: Part, plan: ReaderAnalysis) -> Taken:
    """Mean aided reading time relative to the unaided one, less 1."""
    if of.time_s is None:
        return Taken(estimate=None, why="no reading time")
    inside = part.readers[:, None] & part.cases
    means: list[float] = []
    sums: list[tuple[Floats, Bools]] = []
    for condition in (UNAIDED, AIDED):
        at: Bools = of.read[condition] & inside
        sums.append((of.time_s[condition] * at, at))
        means.append(float(sums[-1][0].sum() / max(int(at.sum()), 1)))
    before, after = means
    if not before > 0:
        return Taken(estimate=None, why="no unaided reading took any time")
    # d(A / U) = dA / U - A / U^2 dU
    weights = (-after / before**2, 1 / before)
    ratios = [
        Ratio(number=number, of=at, weight=weight)
        for (number, at), weight in zip(sums, weights, strict=True)
    ]
    found = two_way.combined(
        ratios,
        of.patient,
        level=plan.level,
        spread_of=spread_of(plan),
        value=after / before - 1,
        lowest=-1,
    )
    return _found(found, ratios, part)


def _found(estimate: Estimate | None, ratios: list[Ratio], part: Part) -> Taken:
    if estimate is None:
        return Taken(estimate=None, why="no reading of one condition, or fewer than two readers")
    inside = tuple(
        replace(one, number=one.number[:, part.cases], of=one.of[:, part.cases]) for one in ratios
    )
    return Taken(estimate=replace(estimate, p=None), ratios=inside)
