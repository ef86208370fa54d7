"""Variance components of reader studies in the terms of each method, and their conversions.

Every value is kept as estimated; `negative` names those below zero. What a test does about them
is said by the test.
"""

from dataclasses import dataclass, fields

import numpy as np

from defensible.statistics.arrays import Floats

# A component this small beside the largest is 0, whatever its sign.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ObuchowskiRockette:
    """Components of Obuchowski and Rockette's model.

    `reader` and `modality_reader` are variances; `error` is the variance due to cases, `cov1` the
    covariance of one reader in two modalities, `cov2` of two readers in one modality, `cov3` of
    two readers in two modalities. With one modality `cov1`, `cov3` and `modality_reader` are 0.
    """

    reader: float
    modality_reader: float
    error: float
    cov1: float
    cov2: float
    cov3: float

    @property
    def negative(self) -> tuple[str, ...]:
        """Names of the variances estimated below zero, and "cov2 - cov3" where that is."""
        least = -_ROUNDING * abs(self.error)
        names = tuple(
            name for name in ("reader", "modality_reader", "error") if getattr(self, name) < least
        )
        return (*names, "cov2 - cov3") if self.cov2 - self.cov3 < least else names


@dataclass(frozen=True, slots=True, kw_only=True)
class DorfmanBerbaumMetz:
    """Variance components of the pseudovalue ANOVA; `error` includes the three-way interaction."""

    reader: float
    case: float
    modality_reader: float
    modality_case: float
    reader_case: float
    error: float

    @property
    def negative(self) -> tuple[str, ...]:
        """Names of the components estimated below zero."""
        return _below_zero(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanSquares:
    """Mean squares of the pseudovalue ANOVA; `modality` is None where none was computed."""

    modality: float | None
    reader: float
    case: float
    modality_reader: float
    modality_case: float
    reader_case: float
    modality_reader_case: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BarrettClarksonKupinski:
    """Components of one (co)variance by what is random: cases of either class and readers."""

    healthy: float
    diseased: float
    healthy_diseased: float
    reader: float
    healthy_reader: float
    diseased_reader: float
    reader_healthy_diseased: float

    @property
    def negative(self) -> tuple[str, ...]:
        """Names of the components estimated below zero."""
        return _below_zero(self)


# Rows: components in the order above; columns: moments M1 to M8 (Gallas et al. 2009, eq. 19).
_MOMENTS_TO_COMPONENTS = np.array(
    [
        [0, 0, 0, 0, 0, 0, 1, -1],
        [0, 0, 0, 0, 0, 1, 0, -1],
        [0, 0, 0, 0, 1, -1, -1, 1],
        [0, 0, 0, 1, 0, 0, 0, -1],
        [0, 0, 1, -1, 0, 0, -1, 1],
        [0, 1, 0, -1, 0, -1, 0, 1],
        [1, -1, -1, 1, -1, 1, 1, -1],
    ],
    dtype=np.float64,
)
# A component counts for every moment in which what it names is shared.
_COEFFICIENTS_TO_COMPONENTS = np.array(
    [
        [1, 0, 1, 0, 1, 0, 1, 0],
        [1, 1, 0, 0, 1, 1, 0, 0],
        [1, 0, 0, 0, 1, 0, 0, 0],
        [1, 1, 1, 1, 0, 0, 0, 0],
        [1, 0, 1, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0, 0, 0],
    ],
    dtype=np.float64,
)


def components_of_moments(moments: Floats) -> BarrettClarksonKupinski:
    """Barrett-Clarkson-Kupinski components from the eight moments of Gallas.

    References
    ----------
    Gallas, Bandos, Samuelson, Wagner. Commun Stat Theory Methods 2009;38:2586-2603.
    """
    return BarrettClarksonKupinski(**_named(_MOMENTS_TO_COMPONENTS @ moments))


def coefficients_of_components(coefficients: Floats) -> BarrettClarksonKupinski:
    """What each component is multiplied by in the variance, from the moments' coefficients."""
    return BarrettClarksonKupinski(**_named(_COEFFICIENTS_TO_COMPONENTS @ coefficients))


def obuchowski_rockette(
    within: tuple[BarrettClarksonKupinski, BarrettClarksonKupinski],
    between: BarrettClarksonKupinski,
    *,
    n_healthy: int,
    n_diseased: int,
) -> ObuchowskiRockette:
    """Obuchowski-Rockette components of two modalities, from those of Barrett and colleagues.

    `within` holds each modality's components, `between` those of their covariance; for a fully
    crossed study.
    """
    reader = (within[0].reader + within[1].reader) / 2
    one_reader = [_of_cases(item, n_healthy, n_diseased, own=True) for item in within]
    two_readers = [_of_cases(item, n_healthy, n_diseased, own=False) for item in within]
    return ObuchowskiRockette(
        reader=between.reader,
        modality_reader=reader - between.reader,
        error=sum(one_reader) / 2,
        cov1=_of_cases(between, n_healthy, n_diseased, own=True),
        cov2=sum(two_readers) / 2,
        cov3=_of_cases(between, n_healthy, n_diseased, own=False),
    )


def single_modality(
    within: BarrettClarksonKupinski, *, n_healthy: int, n_diseased: int
) -> ObuchowskiRockette:
    """Obuchowski-Rockette components of one modality, from those of Barrett and colleagues."""
    return ObuchowskiRockette(
        reader=within.reader,
        modality_reader=0.0,
        error=_of_cases(within, n_healthy, n_diseased, own=True),
        cov1=0.0,
        cov2=_of_cases(within, n_healthy, n_diseased, own=False),
        cov3=0.0,
    )


def dorfman_berbaum_metz(components: ObuchowskiRockette, *, n_cases: int) -> DorfmanBerbaumMetz:
    """Pseudovalue components that correspond to Obuchowski-Rockette components.

    References
    ----------
    Hillis, Obuchowski, Schartz, Berbaum. Statistics in Medicine 2005;24:1579-1607.
    """
    error, cov1 = components.error, components.cov1
    cov2, cov3 = components.cov2, components.cov3
    return DorfmanBerbaumMetz(
        reader=components.reader,
        case=n_cases * cov3,
        modality_reader=components.modality_reader,
        modality_case=n_cases * (cov2 - cov3),
        reader_case=n_cases * (cov1 - cov3),
        error=n_cases * (error - cov1 - cov2 + cov3),
    )


def obuchowski_rockette_of_pseudovalues(
    components: DorfmanBerbaumMetz, *, n_cases: int
) -> ObuchowskiRockette:
    """Obuchowski-Rockette components that correspond to pseudovalue components."""
    case, modality_case = components.case / n_cases, components.modality_case / n_cases
    reader_case, error = components.reader_case / n_cases, components.error / n_cases
    return ObuchowskiRockette(
        reader=components.reader,
        modality_reader=components.modality_reader,
        error=case + modality_case + reader_case + error,
        cov1=case + reader_case,
        cov2=case + modality_case,
        cov3=case,
    )


def mean_squares(
    components: DorfmanBerbaumMetz, *, n_modalities: int, n_readers: int, n_cases: int
) -> MeanSquares:
    """Mean squares whose expectation the components are; none for the modalities' own effect."""
    t, r, k = n_modalities, n_readers, n_cases
    noise = components.error
    modality_reader = k * components.modality_reader + noise
    modality_case = r * components.modality_case + noise
    reader_case = t * components.reader_case + noise
    return MeanSquares(
        modality=None,
        reader=t * k * components.reader + modality_reader + reader_case - noise,
        case=t * r * components.case + modality_case + reader_case - noise,
        modality_reader=modality_reader,
        modality_case=modality_case,
        reader_case=reader_case,
        modality_reader_case=noise,
    )


def components_of_mean_squares(
    squares: MeanSquares, *, n_modalities: int, n_readers: int, n_cases: int
) -> DorfmanBerbaumMetz:
    """Pseudovalue components from mean squares, by equating them to their expectations."""
    t, r, k = n_modalities, n_readers, n_cases
    noise = squares.modality_reader_case
    return DorfmanBerbaumMetz(
        reader=(squares.reader - squares.modality_reader - squares.reader_case + noise) / (t * k),
        case=(squares.case - squares.modality_case - squares.reader_case + noise) / (t * r),
        modality_reader=(squares.modality_reader - noise) / k,
        modality_case=(squares.modality_case - noise) / r,
        reader_case=(squares.reader_case - noise) / t,
        error=noise,
    )


def _of_cases(
    item: BarrettClarksonKupinski, n_healthy: int, n_diseased: int, *, own: bool
) -> float:
    pairs = n_healthy * n_diseased
    shared = item.healthy / n_healthy + item.diseased / n_diseased + item.healthy_diseased / pairs
    if not own:
        return shared
    return (
        shared
        + item.healthy_reader / n_healthy
        + item.diseased_reader / n_diseased
        + item.reader_healthy_diseased / pairs
    )


def _named(values: Floats) -> dict[str, float]:
    names = [field.name for field in fields(BarrettClarksonKupinski)]
    return dict(zip(names, values.tolist(), strict=True))


def _below_zero(components: DorfmanBerbaumMetz | BarrettClarksonKupinski) -> tuple[str, ...]:
    return tuple(field.name for field in fields(components) if getattr(components, field.name) < 0)
