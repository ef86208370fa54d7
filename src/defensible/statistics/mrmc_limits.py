"""Limits of agreement of a reader study with measurements: readers and cases both random.

Matrices have a row a reader and a column a case, complete. The limits enclose the difference of
two single measurements of one case; which two is said by the function. Normal intervals, as in
iMRMC.

References
----------
Wen, Gallas. Journal of Medical Imaging 2022;9:045501.
"""

from dataclasses import dataclass
from math import sqrt

from numpy.typing import ArrayLike
from scipy.special import ndtri

from defensible.statistics.arrays import Floats, confidence_level, finite_matrix
from defensible.statistics.estimate import Caution, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class MrmcLimits:
    """Mean difference and limits of agreement of a reader study.

    Attributes
    ----------
    bias : Estimate
        Mean difference over readers and cases.
    variance : float
        Of the difference of two single measurements.
    lower, upper : float
        Limits of agreement.
    coverage : float
        Share of differences between them.
    n_readers, n_cases : int
        Sizes of the study.
    """

    bias: Estimate
    variance: float
    lower: float
    upper: float
    coverage: float
    n_readers: int
    n_cases: int


def within_reader_between_modality(
    first: ArrayLike, second: ArrayLike, *, coverage: float = 0.95, level: float = 0.95
) -> MrmcLimits:
    """One reader in two modalities: first minus second.

    Parameters
    ----------
    first, second : float arrays, shape (n_readers, n_cases)
        Measurements in either modality; two or more readers and cases.
    coverage, level : float in (0, 1)
        Share of differences enclosed; confidence level of the bias.

    Raises
    ------
    ValueError
        Shapes differ, a value is not finite, fewer than two readers or cases.
    """
    one, two = _pair(first, second)
    readers, cases, error = _two_way(one - two)
    bias = _bias(one - two, readers, cases, error, level)
    return _limits(bias, readers + cases + error, coverage, one.shape)


def between_reader_between_modality(
    first: ArrayLike, second: ArrayLike, *, coverage: float = 0.95, level: float = 0.95
) -> MrmcLimits:
    """One reader in the first modality against another reader in the second.

    Parameters and errors as in `within_reader_between_modality`.

    Notes
    -----
    Twice the sum of all components but those of case and of modality. The design is complete, so
    sums of squares of type 1 and 2 coincide; iMRMC's type 3 depends on how factors are coded.
    """
    one, two = _pair(first, second)
    half = (one - two) / 2
    readers, cases, error = _two_way(one - two)
    mean_readers, _, mean_error = _two_way(one - half)
    # Components of the three-way table: of the half difference and of the mean of modalities.
    own = error / 2
    modality_reader, modality_case = readers / 2, cases / 2
    reader_case = mean_error - own / 2
    reader = mean_readers - modality_reader / 2
    variance = 2 * (reader + reader_case + modality_reader + modality_case + own)
    return _limits(_bias(one - two, readers, cases, error, level), variance, coverage, one.shape)


def between_reader_within_modality(
    ratings: ArrayLike, *, coverage: float = 0.95, level: float = 0.95
) -> MrmcLimits:
    """Two readers in one modality; their mean difference is 0 by symmetry.

    Parameters and errors as in `within_reader_between_modality`.
    """
    confidence_level(level)
    given = _checked("ratings", ratings)
    reader, _, error = _two_way(given)
    bias = Estimate(
        value=0.0,
        low=0.0,
        high=0.0,
        level=level,
        method="zero by symmetry of readers",
        n=given.shape[1],
    )
    return _limits(bias, 2 * (reader + error), coverage, given.shape)


def _pair(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    one, two = _checked("first", first), _checked("second", second)
    if one.shape != two.shape:
        raise ValueError(f"first and second must have one shape; {one.shape}, {two.shape} found")
    return one, two


def _checked(name: str, values: ArrayLike) -> Floats:
    given = finite_matrix(name, values)
    if min(given.shape) < 2:
        raise ValueError(f"{name} must hold two or more readers and cases; {given.shape} found")
    return given


def _two_way(values: Floats) -> tuple[float, float, float]:
    """Variance components of readers, cases and the rest, by moments."""
    r, c = values.shape
    centred = values - values.mean()
    rows, columns = centred.mean(axis=1), centred.mean(axis=0)
    residual = centred - rows[:, None] - columns
    error = float((residual**2).sum()) / ((r - 1) * (c - 1))
    readers = float(rows @ rows) / (r - 1) - error / c
    cases = float(columns @ columns) / (c - 1) - error / r
    return readers, cases, error


def _bias(values: Floats, readers: float, cases: float, error: float, level: float) -> Estimate:
    confidence_level(level)
    r, c = values.shape
    variance = readers / r + cases / c + error / (r * c)
    value, se = float(values.mean()), sqrt(max(variance, 0.0))
    reach = float(ndtri(0.5 + level / 2)) * se
    cautions = (
        *((Caution.NEGATIVE_COMPONENT,) if min(readers, cases) < 0 else ()),
        *((Caution.NO_VARIANCE,) if se == 0 else ()),
    )
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        level=level,
        method="mean difference, readers and cases random",
        n=c,
        se=se,
        cautions=cautions,
    )


def _limits(bias: Estimate, variance: float, coverage: float, shape: tuple[int, ...]) -> MrmcLimits:
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must lie strictly between 0 and 1; {coverage} found")
    reach = float(ndtri(0.5 + coverage / 2)) * sqrt(max(variance, 0.0))
    return MrmcLimits(
        bias=bias,
        variance=variance,
        lower=bias.value - reach,
        upper=bias.value + reach,
        coverage=coverage,
        n_readers=shape[0],
        n_cases=shape[1],
    )
