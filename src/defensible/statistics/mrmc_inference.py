"""What an analysis of a reader study returns, and the tests that are read off its estimates.

Differences are first minus second modality in the table's order; `difference` turns them so that
they read new minus reference. No p-value is given where there is no variance to rest it on.
"""

from dataclasses import dataclass, replace
from math import inf, isfinite, isinf, sqrt
from typing import Generic, TypeVar

from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtr, stdtrit

from defensible.statistics.arrays import confidence_level
from defensible.statistics.estimate import Caution, Estimate

Components = TypeVar("Components")

# Variances this small beside the squared range come from rounding, not from readings; so do
# differences this small beside what was subtracted.
_ROUNDING = 1e-26
_CANCELLED = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ModalityEstimate:
    """The figure of merit of one modality, averaged over readers."""

    modality: str
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderEstimate:
    """The figure of merit of one reader in one modality."""

    modality: str
    reader: str
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """First minus second modality; `reader` is None for the average over readers."""

    first: str
    second: str
    reader: str | None
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualityTest:
    """The test that all modalities are equal: F, or chi-square where `denominator_df` is None."""

    statistic: float
    numerator_df: float
    denominator_df: float | None
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MrmcResult(Generic[Components]):
    """One analysis of one reader study.

    Attributes
    ----------
    method : str
        The analysis by its name in the field, with what is random and the covariance used.
    figure : str
        Figure of merit ("AUC", "wAFROC").
    modalities, readers, differences : tuples
        Estimates of modalities, of readers in modalities, and of differences (averaged over
        readers first, then reader by reader).
    equality : EqualityTest or None
        None with one modality, or where no variance is left to test against.
    variance_components : Components
        In the terms of the method.
    n_readers, n_cases, n_diseased : int
        Sizes of the study.
    cautions : tuple of Caution
        Facts about the whole analysis.
    """

    method: str
    figure: str
    modalities: tuple[ModalityEstimate, ...]
    readers: tuple[ReaderEstimate, ...]
    differences: tuple[Difference, ...]
    equality: EqualityTest | None
    variance_components: Components
    n_readers: int
    n_cases: int
    n_diseased: int
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginTest:
    """One-sided test that an estimate lies above a bound.

    Attributes
    ----------
    estimate : Estimate
        What is tested, with its two-sided interval.
    bound : float
        What it must lie above: minus the margin for non-inferiority, 0 for superiority.
    statistic : float or None
        (estimate - bound) / standard error; None without variance.
    p : float or None
        One-sided p-value.
    shown : bool
        The lower limit of the two-sided interval lies above the bound.
    """

    estimate: Estimate
    bound: float
    statistic: float | None
    p: float | None
    shown: bool


def interval(
    value: float,
    variance: float,
    *,
    df: float,
    level: float,
    method: str,
    n: int,
    lowest: float,
    highest: float,
    parts: float = 0.0,
    tested: bool = False,
    cautions: tuple[Caution, ...] = (),
) -> Estimate:
    """An estimate with its t interval (normal where `df` is infinite), cut to its range.

    Without variance the interval has no width, `se` and `p` are None and a caution says so.
    `parts` is the size of what the variance is a difference of, to tell rounding from variance.
    """
    confidence_level(level)
    span = highest - lowest
    scale = span if isfinite(span) else max(1.0, abs(value))
    if not variance > max(_ROUNDING * scale**2, _CANCELLED * parts):
        return Estimate(
            value=value,
            low=value,
            high=value,
            level=level,
            method=method,
            n=n,
            cautions=(*cautions, Caution.NO_VARIANCE, *_boundary(value, lowest, highest)),
        )
    se = sqrt(variance)
    reach = t_quantile(0.5 + level / 2, df) * se
    low, high = max(value - reach, lowest), min(value + reach, highest)
    cut = value - reach < lowest or value + reach > highest
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        method=method,
        n=n,
        se=se,
        df=df if isfinite(df) else None,
        p=2 * t_upper(abs(value) / se, df) if tested else None,
        cautions=(
            *cautions,
            *((Caution.CUT,) if cut else ()),
            *_boundary(value, lowest, highest),
        ),
    )


def difference(result: MrmcResult[Components], *, new: str, reference: str) -> Estimate:
    """New minus reference modality, averaged over readers.

    Raises `ValueError` if the analysis holds no such difference.
    """
    for item in result.differences:
        if item.reader is None and (item.first, item.second) == (new, reference):
            return item.estimate
        if item.reader is None and (item.first, item.second) == (reference, new):
            return _negated(item.estimate)
    known = ", ".join(item.modality for item in result.modalities)
    raise ValueError(f"no difference of {new!r} and {reference!r}; the modalities are {known}")


def non_inferiority(new_minus_reference: Estimate, *, margin: float) -> MarginTest:
    """Whether new is worse than reference by less than `margin`.

    One-sided at half of one minus the interval's level (0.025 at 95%).

    Raises
    ------
    ValueError
        `margin` is not above 0.
    """
    if not (margin > 0 and isfinite(margin)):
        raise ValueError(f"margin must be above 0; {margin} found")
    return versus(new_minus_reference, -margin)


def superiority(new_minus_reference: Estimate, *, by: float = 0.0) -> MarginTest:
    """Whether new is better than reference by more than `by`, one-sided.

    Raises `ValueError` if `by` is negative: that is non-inferiority.
    """
    if not (by >= 0 and isfinite(by)):
        raise ValueError(f"by must be 0 or above; {by} found; use non_inferiority for a margin")
    return versus(new_minus_reference, by)


def versus(estimate: Estimate, bound: float) -> MarginTest:
    """Whether an estimate lies above a bound fixed beforehand, such as a performance goal."""
    if not isfinite(bound):
        raise ValueError(f"bound must be finite; {bound} found")
    if estimate.se is None:
        return MarginTest(estimate=estimate, bound=bound, statistic=None, p=None, shown=False)
    statistic = (estimate.value - bound) / estimate.se
    df = inf if estimate.df is None else estimate.df
    return MarginTest(
        estimate=estimate,
        bound=bound,
        statistic=statistic,
        p=t_upper(statistic, df),
        shown=estimate.low > bound,
    )


def whole_degrees_of_freedom(estimate: Estimate, *, tested_value: float | None = None) -> Estimate:
    """The estimate in the convention of iMRMC: whole degrees of freedom, normal above 50.

    Everything else here keeps fractional degrees of freedom. `tested_value` is what the two-sided
    p-value is against: 0 for a difference, 0.5 for an AUC in that program; None for no p-value.
    """
    if estimate.se is None:
        return estimate
    df = inf if estimate.df is None or estimate.df > 50 else max(1.0, float(int(estimate.df)))
    reach = t_quantile(0.5 + estimate.level / 2, df) * estimate.se
    statistic = None if tested_value is None else abs(estimate.value - tested_value) / estimate.se
    return replace(
        estimate,
        low=estimate.value - reach,
        high=estimate.value + reach,
        p=None if statistic is None else 2 * t_upper(statistic, df),
        cautions=tuple(item for item in estimate.cautions if item is not Caution.CUT),
    )


def surplus(first: float, second: float, *, parts: float) -> float:
    """First minus second; 0 where that is rounding beside `parts`."""
    gap = first - second
    return gap if abs(gap) > _CANCELLED * abs(parts) else 0.0


def t_quantile(probability: float, df: float) -> float:
    """Quantile of Student's t; of the normal where `df` is infinite."""
    return float(ndtri(probability) if isinf(df) else stdtrit(df, probability))


def t_upper(statistic: float, df: float) -> float:
    """Upper tail of Student's t; of the normal where `df` is infinite."""
    return float(ndtr(-statistic) if isinf(df) else stdtr(df, -statistic))


def f_test(
    numerator: float, denominator: float, df1: float, df2: float, *, parts: float = 0.0
) -> EqualityTest | None:
    """F test of equal modalities; None without variance. Chi-square limit at infinite `df2`."""
    if isinf(df2):
        return chi_square_test(numerator * df1, denominator, df1, parts=parts)
    if not denominator > max(_ROUNDING, _CANCELLED * parts):
        return None
    statistic = numerator / denominator
    return EqualityTest(
        statistic=statistic,
        numerator_df=df1,
        denominator_df=df2,
        p=float(fdtrc(df1, df2, statistic)),
    )


def chi_square_test(
    numerator: float, denominator: float, df: float, *, parts: float = 0.0
) -> EqualityTest | None:
    """Chi-square test of equal modalities; None without variance."""
    if not denominator > max(_ROUNDING, _CANCELLED * parts):
        return None
    statistic = numerator / denominator
    return EqualityTest(
        statistic=statistic, numerator_df=df, denominator_df=None, p=float(chdtrc(df, statistic))
    )


def _boundary(value: float, lowest: float, highest: float) -> tuple[Caution, ...]:
    return (Caution.BOUNDARY,) if value in (lowest, highest) else ()


def _negated(estimate: Estimate) -> Estimate:
    return replace(estimate, value=-estimate.value, low=-estimate.high, high=-estimate.low)
