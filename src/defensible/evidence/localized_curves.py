"""Curves of the device's marks over all thresholds, and its marks in numbers."""

import numpy as np

from defensible.dossier.localization_study import LocalizationStudy
from defensible.evidence import localized_measures
from defensible.evidence.localization_finding import LocalizationFindings, MarkCurve
from defensible.evidence.localized_cases import LocalizedCases
from defensible.evidence.localized_parts import Groupings
from defensible.statistics import device_marks
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.device_marks import CaseMarks

MOST_POINTS = 120


def findings(study: LocalizationStudy, read: LocalizedCases, by: Groupings) -> LocalizationFindings:
    """What only a study of marks has: counts, false marks by class, both curves."""
    level = study.analysis.level
    return LocalizationFindings(
        n_lesions=read.lesions.case.size,
        n_marks=read.n_marks,
        n_shown=read.n_shown,
        threshold=study.analysis.threshold,
        rule=_rule(study),
        n_repeated=read.n_repeated,
        false_marks_per_healthy_case=localized_measures.of_class(read, level, diseased=False),
        false_marks_per_diseased_case=localized_measures.of_class(read, level, diseased=True),
        lesions=tuple(
            (one.seen.name, stratum.levels[0][1], int((one.codes == code).sum()))
            for one in by.of_lesions
            if one.seen is not None
            for code, stratum in enumerate(one.strata)
        ),
        froc=_froc(study, read),
        wafroc=_wafroc(study, read),
    )


def _rule(study: LocalizationStudy) -> str:
    """How a mark finds a lesion."""
    declared = study.data.marks
    again = "nothing" if declared.repeats == "highest" else "false marks"
    if declared.columns.lesion is not None:
        by = "a mark finds the lesion that it names"
    elif declared.radius is not None:
        by = f"a mark finds the nearest lesion within {declared.radius:g}"
    else:
        by = "a mark finds the nearest lesion within its radius"
    return f"{by}; of several marks on a lesion all but the highest are {again}"


def _marks(read: LocalizedCases) -> CaseMarks:
    return CaseMarks(
        lesion_case=read.lesions.case,
        lesion_weight=read.lesions.weight,
        lesion_rating=read.lesion_rating,
        false_rating=read.false_rating,
        patient=read.patient,
    )


def _froc(study: LocalizationStudy, read: LocalizedCases) -> MarkCurve | None:
    """Lesions found against false marks a case; none where marks have no score."""
    if not read.scored:
        return None
    thresholds, across, up = device_marks.froc_curve(_marks(read), read.false_scores)
    return _curve(thresholds, across, up, study.analysis.threshold)


def _wafroc(study: LocalizationStudy, read: LocalizedCases) -> MarkCurve | None:
    if not read.scored or read.cases.truth.all():
        return None
    thresholds, across, up = device_marks.wafroc_curve(_marks(read))
    return _curve(thresholds, across, up, study.analysis.threshold)


def _curve(thresholds: Floats, across: Floats, up: Floats, at: float | None) -> MarkCurve:
    kept = _thinned(across, up)
    point = None
    if at is not None:  # thresholds descend: the last that is still at or above it
        last = int(np.searchsorted(-thresholds, -at, side="right")) - 1
        point = (float(across[last]), float(up[last]))
    return MarkCurve(
        threshold=tuple(None if np.isinf(one) else float(one) for one in thresholds[kept]),
        across=tuple(across[kept].tolist()),
        up=tuple(up[kept].tolist()),
        operating_point=point,
    )


def _thinned(across: Floats, up: Floats) -> Ints:
    """Indices of points spread evenly along a curve, its ends among them."""
    if across.size <= MOST_POINTS:
        return np.arange(across.size)
    along = across / max(float(across[-1]), 1e-300) + up / max(float(up[-1]), 1e-300)
    nearest = np.searchsorted(along, np.linspace(0, along[-1], MOST_POINTS))
    return np.unique(np.concatenate([[0], np.minimum(nearest, across.size - 1)]))
