"""Overlap and surface distance of a device's mask against the reference standard's, 2-D or 3-D.

Where one mask is empty, distances do not exist, and leaving the case out would make a device look
better the more it misses. The rule here, named in each result:

- both masks empty: nothing to find, nothing found; overlap 1, distance 0;
- the device's mask empty (a miss) or the reference's (a false find): the worst case, overlap 0 and
  distance the diagonal of the image.

`segmentation_summary` counts cases of each kind and gives means over all and over measured ones.

Surfaces are the voxels of a mask with a face on the background or on the edge of the image;
distances run between their centres, in millimetres.

References
----------
Maier-Hein et al. Nature Methods 2024;21:195-212. Nikolov et al. JMIR 2021;23:e26151 (normalized
surface distance; theirs weighs surface elements by area, this one counts voxels, as MONAI does).
"""

from dataclasses import dataclass
from enum import Enum
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defensible.statistics.arrays import Bools, Floats


class Kind(Enum):
    """What the two masks of a case hold, which decides how the case counts."""

    MEASURED = "both masks hold voxels: measured"
    BOTH_EMPTY = "both masks are empty: counted as agreement"
    MISSED = "the device's mask is empty: counted as the worst case"
    FALSE = "the reference mask is empty: counted as the worst case"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedCase:
    """How one case's masks agree.

    Attributes
    ----------
    dice, jaccard : float in [0, 1]
        Overlap.
    volumetric_similarity : float in [0, 1]
        1 - |difference of volumes| / their sum; blind to place.
    hausdorff_mm, hausdorff95_mm : float
        Largest surface distance; the larger of both directions' 95th percentiles.
    average_surface_distance_mm : float
        Mean over the surface voxels of both masks.
    normalized_surface_distance : float in [0, 1]
        Share of surface voxels of both masks within the tolerance of the other.
    reference_ml, device_ml : float
        Volumes in millilitres (areas in cm2 for 2-D masks).
    kind : Kind
        Whether that was measured, or which rule gave it.
    """

    dice: float
    jaccard: float
    volumetric_similarity: float
    hausdorff_mm: float
    hausdorff95_mm: float
    average_surface_distance_mm: float
    normalized_surface_distance: float
    reference_ml: float
    device_ml: float
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surfaces:
    """Distances of each surface voxel of one mask to the other's surface, both ways."""

    of_reference: Floats
    of_device: Floats

    @property
    def pooled(self) -> Floats:
        return np.concatenate([self.of_reference, self.of_device])


def compare(
    reference: ArrayLike, device: ArrayLike, *, spacing_mm: ArrayLike, tolerance_mm: float
) -> SegmentedCase:
    """All measures of one case.

    Parameters
    ----------
    reference, device : bool arrays, shape (rows, columns) or (slices, rows, columns)
        Masks on one grid; bool, or 0 and 1.
    spacing_mm : float array, shape (n_dimensions,)
        Distance of voxel centres along each axis.
    tolerance_mm : float
        For the normalized surface distance, 0 or above; it belongs in the protocol.

    Raises
    ------
    ValueError
        Shapes differ, not 2-D or 3-D, no voxel, values other than 0 and 1, a spacing that is not
        above 0, a tolerance below 0.

    Notes
    -----
    Two exact Euclidean distance transforms of the box that holds both masks.
    """
    truth, found, spacing = _checked(reference, device, spacing_mm)
    if not 0 <= tolerance_mm < np.inf:
        raise ValueError(f"tolerance_mm must be 0 or above; {tolerance_mm} found")
    n_truth, n_found = int(truth.sum()), int(found.sum())
    shared = int((truth & found).sum())
    kind = _kind(n_truth, n_found)
    voxel_ml = float(np.prod(spacing)) / 10.0 ** len(spacing)
    hausdorff, hausdorff95, average, within = _distances(truth, found, spacing, kind, tolerance_mm)
    total = n_truth + n_found
    agreed = kind is Kind.BOTH_EMPTY
    return SegmentedCase(
        dice=1.0 if agreed else 2 * shared / total,
        jaccard=1.0 if agreed else shared / (total - shared),
        volumetric_similarity=1.0 if agreed else 1 - abs(n_truth - n_found) / total,
        hausdorff_mm=hausdorff,
        hausdorff95_mm=hausdorff95,
        average_surface_distance_mm=average,
        normalized_surface_distance=within,
        reference_ml=n_truth * voxel_ml,
        device_ml=n_found * voxel_ml,
        kind=kind,
    )


def dice(reference: ArrayLike, device: ArrayLike) -> float:
    """Dice coefficient of two masks; 1 where both are empty, 0 where one is.

    Raises
    ------
    ValueError
        As `compare`, for the masks.
    """
    truth, found, _ = _checked(reference, device, None)
    total = int(truth.sum()) + int(found.sum())
    return 1.0 if total == 0 else 2 * int((truth & found).sum()) / total


def jaccard(reference: ArrayLike, device: ArrayLike) -> float:
    """Jaccard index of two masks; 1 where both are empty, 0 where one is. Errors as `dice`."""
    overlap = dice(reference, device)
    return overlap / (2 - overlap)


def hausdorff95_pooled(reference: ArrayLike, device: ArrayLike, *, spacing_mm: ArrayLike) -> float:
    """95th percentile of the surface distances of both directions together, as medpy has it.

    `compare` gives the larger of both directions' percentiles, as MONAI does; this one is never
    larger than that by more than interpolation, and often smaller. Empty masks and errors as there.
    """
    truth, found, spacing = _checked(reference, device, spacing_mm)
    kind = _kind(int(truth.sum()), int(found.sum()))
    if kind is not Kind.MEASURED:
        return _unmeasured(truth, spacing, kind)[1]
    return float(np.percentile(_surfaces(truth, found, spacing).pooled, 95))


def average_surface_distance_of_directions(
    reference: ArrayLike, device: ArrayLike, *, spacing_mm: ArrayLike
) -> float:
    """Mean of both directions' mean surface distances, as medpy has it.

    `compare` pools the voxels of both surfaces, as MONAI does. Empty masks and errors as there.
    """
    truth, found, spacing = _checked(reference, device, spacing_mm)
    kind = _kind(int(truth.sum()), int(found.sum()))
    if kind is not Kind.MEASURED:
        return _unmeasured(truth, spacing, kind)[2]
    ways = _surfaces(truth, found, spacing)
    return float(ways.of_reference.mean() + ways.of_device.mean()) / 2


def _checked(
    reference: ArrayLike, device: ArrayLike, spacing_mm: ArrayLike | None
) -> tuple[Bools, Bools, Floats]:
    truth, found = _mask("reference", reference), _mask("device", device)
    if truth.shape != found.shape:
        raise ValueError(
            f"reference and device must have one shape; {truth.shape} and {found.shape} found"
        )
    spacing = np.ones(truth.ndim)
    if spacing_mm is not None:
        spacing = np.asarray(spacing_mm, dtype=np.float64)
    if spacing.shape != (truth.ndim,) or not ((spacing > 0) & np.isfinite(spacing)).all():
        raise ValueError(
            f"spacing_mm must hold {truth.ndim} distances above 0, one an axis; "
            f"{spacing.tolist()} found"
        )
    return truth, found, spacing


def _mask(name: str, values: ArrayLike) -> Bools:
    array: NDArray[Any] = np.asarray(values)
    if array.ndim not in {2, 3} or array.size == 0:
        raise ValueError(f"{name} must be a 2-D or 3-D mask with voxels; shape {array.shape} found")
    if array.dtype != np.bool_ and not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold booleans or 0 and 1; pick one label of a label map")
    return array.astype(np.bool_)


def _kind(n_truth: int, n_found: int) -> Kind:
    if n_truth and n_found:
        return Kind.MEASURED
    if n_truth:
        return Kind.MISSED
    return Kind.FALSE if n_found else Kind.BOTH_EMPTY


def _distances(
    truth: Bools, found: Bools, spacing: Floats, kind: Kind, tolerance_mm: float
) -> tuple[float, float, float, float]:
    """Hausdorff, its 95th percentile, mean distance, share within the tolerance."""
    if kind is not Kind.MEASURED:
        return _unmeasured(truth, spacing, kind)
    ways = _surfaces(truth, found, spacing)
    pooled = ways.pooled
    largest = max(float(np.percentile(way, 95)) for way in (ways.of_reference, ways.of_device))
    # A hair of tolerance: spacings like 0.7 do not sum exactly.
    within = float((pooled <= tolerance_mm * (1 + 1e-9)).mean())
    return float(pooled.max()), largest, float(pooled.mean()), within


def _unmeasured(mask: Bools, spacing: Floats, kind: Kind) -> tuple[float, float, float, float]:
    if kind is Kind.BOTH_EMPTY:
        return 0.0, 0.0, 0.0, 1.0
    diagonal = sqrt(float((((np.array(mask.shape) - 1) * spacing) ** 2).sum()))
    return diagonal, diagonal, diagonal, 0.0


def _surfaces(truth: Bools, found: Bools, spacing: Floats) -> _Surfaces:
    from scipy.ndimage import distance_transform_edt

    box = _box(truth | found)
    one, two = _surface(truth[box]), _surface(found[box])
    to_one = distance_transform_edt(~one, sampling=spacing)
    to_two = distance_transform_edt(~two, sampling=spacing)
    return _Surfaces(of_reference=to_two[one], of_device=to_one[two])


def _box(mask: Bools) -> tuple[slice, ...]:
    """The smallest box that holds a mask."""
    slices = []
    for axis in range(mask.ndim):
        others = tuple(other for other in range(mask.ndim) if other != axis)
        places = np.flatnonzero(mask.any(axis=others))
        slices.append(slice(int(places[0]), int(places[-1]) + 1))
    return tuple(slices)


def _surface(mask: Bools) -> Bools:
    """Voxels with a face on the background; what lies beyond the box is background."""
    from scipy.ndimage import binary_erosion

    surface: Bools = mask & ~binary_erosion(mask)
    return surface
