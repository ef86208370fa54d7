"""A device read alone against readers of the same cases: one modality, one of its readers apart.

The readers' figures minus the device's are analysed as one modality: the device is fixed, and so
are the readers or the cases where a plan says so. The result is the same as a two-modality analysis
with the device repeated.

References
----------
Hillis, Obuchowski, Berbaum. Academic Radiology 2011;18:129-142 (one modality).
Hupse et al. European Radiology 2013;23:93-100 (device against radiologists).
"""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from defensible.statistics import mrmc_inference as inference
from defensible.statistics.arrays import Floats, confidence_level
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.estimate import Caution, Estimate

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneReader:
    """One reader beside the device.

    Attributes
    ----------
    reader : str
        Name.
    estimate : Estimate
        The reader's figure.
    difference : Estimate
        Reader minus device.
    """

    reader: str
    estimate: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class StandaloneComparison:
    """A device against the average reader.

    Attributes
    ----------
    method, figure : str
        Analysis and figure of merit.
    standalone : Estimate
        The device's figure.
    readers_average : Estimate
        The average reader's figure.
    difference : Estimate
        Average reader minus device; `p` is against 0.
    of_readers : tuple of OneReader
        Each reader, taken as fixed; empty where cases are fixed, which leaves nothing random.
    n_readers : int
        Readers who face the device.
    readers_variance : float
        Variance of the readers' figures (mean square).
    error, cov2 : float
        Mean variance and mean covariance, due to cases, of readers' differences to the device.
    """

    method: str
    figure: str
    standalone: Estimate
    readers_average: Estimate
    difference: Estimate
    of_readers: tuple[OneReader, ...]
    n_readers: int
    readers_variance: float
    error: float
    cov2: float


def random_readers(
    errors: ErrorCovariance, standalone: str, *, level: float = 0.95
) -> StandaloneComparison:
    """Readers and cases both random.

    Parameters
    ----------
    errors : ErrorCovariance
        One modality; the device is one of its readers.
    standalone : str
        The device's name among the readers.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Raises
    ------
    ValueError
        More than one modality, no such reader, or fewer than two others.
    """
    device, others = _parts(errors, standalone, level)
    figures = errors.values[0]
    r, spread = others.size, float(figures[others].var(ddof=1))
    within, apart = _matrices(errors, device, others)
    cov2, own_cov2 = _off_diagonal(apart), _off_diagonal(within)
    mean = float(figures[others].mean())
    gap = _t(errors, level, mean - float(figures[device]), spread, r, cov2, tested=True)
    return StandaloneComparison(
        method=(
            "Obuchowski-Rockette, one modality against a fixed device, random readers and cases, "
            f"{errors.method} covariance"
        ),
        figure=errors.figure,
        standalone=_device(errors, device, level, random_cases=True),
        readers_average=_t(errors, level, mean, spread, r, own_cov2, tested=False),
        difference=gap,
        of_readers=_each(errors, device, others, apart, level),
        n_readers=others.size,
        readers_variance=spread,
        error=float(np.diag(apart).mean()),
        cov2=cov2,
    )


def fixed_readers(
    errors: ErrorCovariance, standalone: str, *, level: float = 0.95
) -> StandaloneComparison:
    """These readers, random cases: normal intervals by the covariance due to cases alone.

    `cov2` is kept as estimated, as in `obuchowski_rockette.fixed_readers`. Raises as
    `random_readers`.
    """
    device, others = _parts(errors, standalone, level)
    figures = errors.values[0]
    mean = float(figures[others].mean())
    within, apart = _matrices(errors, device, others)
    return StandaloneComparison(
        method=(
            "Obuchowski-Rockette, one modality against a fixed device, fixed readers, random "
            f"cases, {errors.method} covariance"
        ),
        figure=errors.figure,
        standalone=_device(errors, device, level, random_cases=True),
        readers_average=_normal(errors, level, mean, float(within.mean()), tested=False),
        difference=_normal(
            errors, level, mean - float(figures[device]), float(apart.mean()), tested=True
        ),
        of_readers=_each(errors, device, others, apart, level),
        n_readers=others.size,
        readers_variance=float(figures[others].var(ddof=1)),
        error=float(np.diag(apart).mean()),
        cov2=_off_diagonal(apart),
    )


def fixed_cases(
    errors: ErrorCovariance, standalone: str, *, level: float = 0.95
) -> StandaloneComparison:
    """These cases, random readers: a one-sample t test of readers' figures against the device's.

    Raises as `random_readers`.
    """
    device, others = _parts(errors, standalone, level)
    figures = errors.values[0]
    r, spread = others.size, float(figures[others].var(ddof=1))
    mean = float(figures[others].mean())
    return StandaloneComparison(
        method="one-sample t, readers against a fixed device, fixed cases",
        figure=errors.figure,
        standalone=_device(errors, device, level, random_cases=False),
        readers_average=_t(errors, level, mean, spread, r, 0.0, tested=False),
        difference=_t(errors, level, mean - float(figures[device]), spread, r, 0.0, tested=True),
        of_readers=(),
        n_readers=others.size,
        readers_variance=spread,
        error=0.0,
        cov2=0.0,
    )


def _parts(errors: ErrorCovariance, standalone: str, level: float) -> tuple[int, Places]:
    confidence_level(level)
    if len(errors.modalities) != 1:
        raise ValueError(
            f"there must be one modality; {len(errors.modalities)} found: select one first"
        )
    if standalone not in errors.readers:
        known = ", ".join(errors.readers)
        raise ValueError(f"there is no reader {standalone!r}; the readers are {known}")
    device = errors.readers.index(standalone)
    others = np.flatnonzero(np.arange(len(errors.readers)) != device)
    if others.size < 2:
        raise ValueError(f"two or more readers must face the device; {others.size} found")
    return device, others


def _matrices(errors: ErrorCovariance, device: int, others: Places) -> tuple[Floats, Floats]:
    """Covariance due to cases of the readers' figures, and of their differences to the device."""
    matrix = errors.matrix
    within = matrix[np.ix_(others, others)]
    apart = within - matrix[others, device][:, None] - matrix[device, others]
    return within, apart + matrix[device, device]


def _each(
    errors: ErrorCovariance, device: int, others: Places, apart: Floats, level: float
) -> tuple[OneReader, ...]:
    figures = errors.values[0]
    return tuple(
        OneReader(
            reader=errors.readers[place],
            estimate=_device(errors, int(place), level, random_cases=True),
            difference=_normal(
                errors,
                level,
                float(figures[place] - figures[device]),
                float(apart[at, at]),
                tested=True,
            ),
        )
        for at, place in enumerate(others)
    )


def _off_diagonal(matrix: Floats) -> float:
    size = matrix.shape[0]
    return float((matrix.sum() - np.trace(matrix)) / (size * (size - 1)))


def _t(
    errors: ErrorCovariance,
    level: float,
    value: float,
    spread: float,
    r: int,
    cov2: float,
    *,
    tested: bool,
) -> Estimate:
    total = spread + r * max(cov2, 0.0)
    span = errors.highest - errors.lowest
    return inference.interval(
        value,
        total / r,
        df=(r - 1) * (total / spread) ** 2 if spread > 0 else inf,
        level=level,
        method="Obuchowski-Rockette",
        n=errors.n_cases,
        lowest=-span if tested else errors.lowest,
        highest=span if tested else errors.highest,
        tested=tested,
        cautions=(Caution.NEGATIVE_COMPONENT,) if cov2 < 0 else (),
    )


def _normal(
    errors: ErrorCovariance, level: float, value: float, variance: float, *, tested: bool
) -> Estimate:
    span = errors.highest - errors.lowest
    return inference.interval(
        value,
        variance,
        df=inf,
        level=level,
        method=f"normal, {errors.method} covariance",
        n=errors.n_cases,
        lowest=-span if tested else errors.lowest,
        highest=span if tested else errors.highest,
        parts=float(np.diag(errors.matrix).max()),
        tested=tested,
    )


def _device(errors: ErrorCovariance, device: int, level: float, *, random_cases: bool) -> Estimate:
    return inference.interval(
        float(errors.values[0, device]),
        float(errors.matrix[device, device]) if random_cases else 0.0,
        df=inf,
        level=level,
        method=f"normal, {errors.method} variance" if random_cases else "fixed cases",
        n=errors.n_cases,
        lowest=errors.lowest,
        highest=errors.highest,
    )
