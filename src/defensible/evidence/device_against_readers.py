"""The device alone less the average unaided reader: AUC, sensitivity, specificity.

Which analysis a figure rests on follows from the plan and the design alone:

- AUC where every reader read every case: Obuchowski-Rockette of one modality against a device that
  is fixed, with the jackknife (Hupse et al.), or Obuchowski's clustered covariance where patients
  have several cases.
- All else: the analysis of aided less unaided, the device's output standing for each reader in
  place of the aided reading of the same cases. So a reader who missed a case is held against the
  device on the cases that the reader read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.reader_study import ReaderAnalysis, ReaderStudy, Sample
from defensible.evidence import reader_differences, reader_pictures
from defensible.evidence.device_finding import BesideReader, DeviceFigure, DeviceFindings
from defensible.evidence.reader_differences import FIGURES, Part, Taken
from defensible.evidence.reader_intervals import spread_of
from defensible.evidence.readings import UNAIDED, Readings
from defensible.statistics import (
    clustered,
    error_covariance,
    leave_one_out,
    paired_clustered,
    patient_covariance,
    proportions,
    roc,
    standalone_reader,
    two_way,
)
from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.mrmc_inference import MrmcResult
from defensible.statistics.reader_table import ReaderTable
from defensible.statistics.standalone_reader import StandaloneComparison
from defensible.statistics.two_way_spread import Ratio

PAIRED = {
    MetricName.STANDALONE_AUC_DIFFERENCE: MetricName.AUC_DIFFERENCE,
    MetricName.STANDALONE_SENSITIVITY_DIFFERENCE: MetricName.SENSITIVITY_DIFFERENCE,
    MetricName.STANDALONE_SPECIFICITY_DIFFERENCE: MetricName.SPECIFICITY_DIFFERENCE,
}
"""Each metric, and the difference between conditions whose analysis it shares."""
NO_SCORE = (
    "the device has no score: its output is no number in some row, or another in two rows of a case"
)
_DEVICE = "\0device"
_COMPARED = {
    (Sample.RANDOM, Sample.RANDOM): standalone_reader.random_readers,
    (Sample.FIXED, Sample.RANDOM): standalone_reader.fixed_readers,
    (Sample.RANDOM, Sample.FIXED): standalone_reader.fixed_cases,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A difference with the figures behind it, or why there is none."""

    taken: Taken
    figure: DeviceFigure | None = None
    method: str = ""


def repeated(of: Readings) -> Readings:
    """Unaided readings, and in place of aided ones the device's output on the same cases."""
    read = of.read[[UNAIDED, UNAIDED]]

    def both(values: Any, device: Any) -> Any:
        if values is None or device is None:
            return None
        own = np.broadcast_to(device, read.shape[1:]) * read[UNAIDED]
        return np.stack([values[UNAIDED], own])

    return replace(
        of,
        conditions=("unaided", "aided"),
        written=(of.written[UNAIDED], "device alone"),
        read=read,
        rating=both(of.rating, of.device_score),
        decision=both(of.decision, of.device),
        time_s=None,
        order=None,
        day=None,
        session=None,
        marks=None,
    )


def findings(study: ReaderStudy, of: Readings, found: Sequence[Against]) -> DeviceFindings:
    """What pictures and reports are made of, from the differences on the whole study."""
    return DeviceFindings(
        named=(
            f"column {study.data.columns.device}"
            if study.device_reader is None
            else f"reader {study.device_reader}"
        ),
        figures=tuple(one.figure for one in found if one.figure is not None),
        curve=reader_pictures.of_device(of),
    )


def against(metric: MetricName, of: Readings, part: Part, plan: ReaderAnalysis) -> Against:
    """One difference on a part of the study."""
    try:
        return _against(metric, of, part, plan)
    except ValueError as error:
        return _none(str(error))


def _against(metric: MetricName, of: Readings, part: Part, plan: ReaderAnalysis) -> Against:
    area = metric is MetricName.STANDALONE_AUC_DIFFERENCE
    if (of.device_score if area else of.device) is None:
        return _none(NO_SCORE if area else "no rule says which outputs of the device are positive")
    both = repeated(of)
    read = both.read[UNAIDED][part.readers][:, part.cases]
    seen = read.any(axis=0)
    several = of.rating is not None and min(part.readers.sum(), seen.sum()) > 1
    if area and several and read[:, seen].all():
        return _of_areas(_areas(of, part), of, part, plan)
    taken = reader_differences.taken(PAIRED[metric], both, part, plan)
    if taken.estimate is None:
        return Against(taken=taken)
    figure = DeviceFigure(
        metric=FIGURES[PAIRED[metric]],
        device=_device(metric, both, part, plan),
        readers=_average(metric, taken, both, part, plan),
        difference=taken.estimate,
        of_readers=_beside(metric, taken, both, part, plan),
    )
    method = taken.analysis.method if taken.analysis is not None else taken.estimate.method
    return Against(
        taken=taken,
        figure=figure,
        method=f"{method}, the device repeated for each reader",
    )


def _none(why: str) -> Against:
    return Against(taken=Taken(estimate=None, why=why))


def _areas(of: Readings, part: Part) -> ReaderTable:
    """The unaided ratings of a part, the device's score as those of one reader more."""
    at_reader = np.flatnonzero(part.readers)
    at_case = np.flatnonzero(part.cases & of.read[UNAIDED][part.readers].any(axis=0))
    assert of.rating is not None and of.device_score is not None  # noqa: S101, PT018 - asked above
    ratings = np.vstack([of.rating[UNAIDED][at_reader][:, at_case], of.device_score[at_case]])
    return ReaderTable(
        modalities=("unaided",),
        readers=(*(of.readers[at] for at in at_reader), _DEVICE),
        cases=tuple(of.cases[at] for at in at_case),
        truth=of.truth[at_case],
        ratings=ratings[None],
        read=np.ones((1, *ratings.shape), dtype=np.bool_),
    )


def _of_areas(table: ReaderTable, of: Readings, part: Part, plan: ReaderAnalysis) -> Against:
    patient = of.patient[part.cases & of.read[UNAIDED][part.readers].any(axis=0)]
    n_patients = int(np.unique(patient).size)
    if n_patients < patient.size:
        errors = patient_covariance.obuchowski(table, patient)
    else:
        errors = error_covariance.jackknife(leave_one_out.auc(table))
    found = _COMPARED[plan.readers, plan.cases](errors, _DEVICE, level=plan.level)
    gap = _turned(found.difference)
    if n_patients < patient.size:
        gap = replace(gap, n_clusters=n_patients)
    return Against(
        taken=Taken(estimate=gap, alone=found), figure=_figure(found, gap), method=found.method
    )


def _figure(found: StandaloneComparison, gap: Estimate) -> DeviceFigure:
    return DeviceFigure(
        metric="auc",
        device=found.standalone,
        readers=found.readers_average,
        difference=gap,
        of_readers=tuple(
            BesideReader(
                reader=one.reader, estimate=one.estimate, difference=_turned(one.difference)
            )
            for one in found.of_readers
        ),
    )


def _turned(estimate: Estimate) -> Estimate:
    """The difference the other way round."""
    return replace(estimate, value=-estimate.value, low=-estimate.high, high=-estimate.low)


def _cases_of(metric: MetricName, of: Readings) -> Bools:
    """Cases that a metric counts."""
    match metric:
        case MetricName.STANDALONE_SENSITIVITY_DIFFERENCE:
            return of.truth
        case MetricName.STANDALONE_SPECIFICITY_DIFFERENCE:
            return ~of.truth
        case _:
            return np.ones_like(of.truth)


def _device(metric: MetricName, both: Readings, part: Part, plan: ReaderAnalysis) -> Estimate:
    """The device's figure on all cases of the part that a reader read."""
    seen = part.cases & both.read[UNAIDED][part.readers].any(axis=0) & _cases_of(metric, both)
    if metric is MetricName.STANDALONE_AUC_DIFFERENCE:
        assert both.device_score is not None  # noqa: S101 - asked above
        own = _area(both.truth[seen], both.device_score[seen], both.patient[seen], plan.level)
    else:
        assert both.device is not None  # noqa: S101 - asked above
        own = _share(both.device[seen] == both.truth[seen], both.patient[seen], plan.level)
    if plan.cases is Sample.RANDOM:
        return own
    return Estimate(
        value=own.value,
        low=own.value,
        high=own.value,
        level=plan.level,
        method="fixed cases",
        n=own.n,
        cautions=(Caution.NO_VARIANCE,),
    )


def _area(truth: Bools, score: Floats, patient: Any, level: float) -> Estimate:
    if np.unique(patient).size < patient.size:
        return clustered.auc(truth, score, patient, level=level)
    return roc.auc(truth, score, level=level)


def _share(right: Bools, patient: Any, level: float) -> Estimate:
    if np.unique(patient).size < patient.size:
        return clustered.proportion(right, patient, level=level)
    return proportions.wilson(int(right.sum()), right.size, level=level)


def _average(
    metric: MetricName, taken: Taken, both: Readings, part: Part, plan: ReaderAnalysis
) -> Estimate | None:
    """The average reader's figure."""
    if taken.analysis is not None:
        of = {one.modality: one.estimate for one in taken.analysis.modalities}
        return of["unaided"]
    assert both.decision is not None  # noqa: S101 - only decisions have no analysis
    at = both.read[UNAIDED] & (part.cases & _cases_of(metric, both)) & part.readers[:, None]
    right = both.decision[UNAIDED] == both.truth
    return two_way.share(
        Ratio(number=at & right, of=at), both.patient, level=plan.level, spread_of=spread_of(plan)
    )


def _beside(
    metric: MetricName, taken: Taken, both: Readings, part: Part, plan: ReaderAnalysis
) -> tuple[BesideReader, ...]:
    """Each reader beside the device, where cases are random."""
    if plan.cases is Sample.FIXED:
        return ()
    if taken.analysis is not None:
        return _of_analysis(taken.analysis)
    assert both.decision is not None  # noqa: S101 - only decisions have no analysis
    found = []
    for at in np.flatnonzero(part.readers):
        seen = both.read[UNAIDED, at] & part.cases & _cases_of(metric, both)
        if np.unique(both.patient[seen]).size < 2:
            continue
        truth, patient = both.truth[seen], both.patient[seen]
        own, device = (both.decision[n, at][seen] == truth for n in (0, 1))
        found.append(
            BesideReader(
                reader=both.readers[at],
                estimate=_share(own, patient, plan.level),
                difference=paired_clustered.difference(device, own, patient, level=plan.level),
            )
        )
    return tuple(found)


def _of_analysis(analysis: MrmcResult[Any]) -> tuple[BesideReader, ...]:
    gaps = {
        one.reader: one.estimate if one.first == "aided" else _turned(one.estimate)
        for one in analysis.differences
        if one.reader is not None
    }
    return tuple(
        BesideReader(reader=one.reader, estimate=one.estimate, difference=gaps.get(one.reader))
        for one in analysis.readers
        if one.modality == "unaided"
    )
