"""A segmentation measure over cases: none dropped, each kind counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from defensible.statistics.arrays import Floats, codes, confidence_level, same_length
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.segmentation import Kind, SegmentedCase

MEASURES = (
    "dice",
    "jaccard",
    "volumetric_similarity",
    "hausdorff_mm",
    "hausdorff95_mm",
    "average_surface_distance_mm",
    "normalized_surface_distance",
)
_FEW = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentationSummary:
    """One measure over cases.

    Attributes
    ----------
    measure : str
        By its name in `SegmentedCase`.
    mean : Estimate
        Over all cases, the worst case standing in where a mask was missed or false.
    median : float
        Over all cases.
    measured_only : Estimate or None
        Mean over cases in which both masks hold voxels: how well found structures are outlined,
        not how well structures are found. None with fewer than two such cases.
    n_measured, n_missed, n_false, n_both_empty : int
        Cases of each kind.
    """

    measure: str
    mean: Estimate
    median: float
    measured_only: Estimate | None
    n_measured: int
    n_missed: int
    n_false: int
    n_both_empty: int


def summary(
    cases: Sequence[SegmentedCase],
    measure: str,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> SegmentationSummary:
    """Mean of a measure over cases, with a t interval and the number of cases of each kind.

    Parameters
    ----------
    cases : sequence of SegmentedCase
        Two or more.
    measure : str
        One of `MEASURES`.
    cluster : array, shape (n_cases,), optional
        Patient of each case: the interval is then over patients.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Raises
    ------
    ValueError
        No such measure, fewer than two cases or patients, lengths differ.
    """
    confidence_level(level)
    if measure not in MEASURES:
        raise ValueError(f"there is no measure {measure!r}; there are: {', '.join(MEASURES)}")
    values = np.array([float(getattr(case, measure)) for case in cases])
    kinds = [case.kind for case in cases]
    unit = np.arange(values.size) if cluster is None else codes("cluster", cluster)
    same_length(cases=values, cluster=unit)
    if np.unique(unit).size < 2:
        raise ValueError(f"two cases (patients) or more are needed; {np.unique(unit).size} found")
    kept = np.array([kind is Kind.MEASURED for kind in kinds])
    enough = np.unique(unit[kept]).size >= 2
    clustered = cluster is not None
    return SegmentationSummary(
        measure=measure,
        mean=_mean(values, unit, level, f"mean {measure}, all cases, t", clustered),
        median=float(np.median(values)),
        measured_only=_mean(
            values[kept], unit[kept], level, f"mean {measure}, measured cases only, t", clustered
        )
        if enough
        else None,
        n_measured=int(kept.sum()),
        n_missed=kinds.count(Kind.MISSED),
        n_false=kinds.count(Kind.FALSE),
        n_both_empty=kinds.count(Kind.BOTH_EMPTY),
    )


def _mean(
    values: Floats,
    unit: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    level: float,
    method: str,
    clustered: bool,  # noqa: FBT001 - whether `unit` came from patients
) -> Estimate:
    n, mean = values.size, float(values.mean())
    places = np.unique(unit, return_inverse=True)[1]
    residual = np.bincount(places, weights=values - mean)
    groups = residual.size
    se = sqrt(groups / (groups - 1) * float(residual @ residual)) / n
    reach = float(stdtrit(groups - 1, 0.5 + level / 2)) * se
    cautions = (
        *((Caution.FEW,) if groups < _FEW else ()),
        *((Caution.NO_VARIANCE,) if se == 0 else ()),
    )
    return Estimate(
        value=mean,
        low=mean - reach,
        high=mean + reach,
        level=level,
        method=method,
        n=n,
        n_clusters=groups if clustered else None,
        se=se,
        df=float(groups - 1),
        cautions=cautions,
    )
