"""Intraclass correlation: the share of the variance of a measurement that lies between subjects.

`ratings` has a row a subject and a column a rater (or repeat). The names are McGraw and Wong's,
with Shrout and Fleiss's in brackets:

============================  ======================  ====================================
function                      name                    raters
============================  ======================  ====================================
`one_way_single`              ICC(1) [1,1]            other raters for each subject
`one_way_average`             ICC(k) [1,k]            the mean of k of them
`agreement_single`            ICC(A,1) [2,1]          random, their offsets count as error
`agreement_average`           ICC(A,k) [2,k]          the mean of k of them
`consistency_single`          ICC(C,1) [3,1]          offsets do not count
`consistency_average`         ICC(C,k) [3,k]          the mean of k of them
============================  ======================  ====================================

`p` is the F test that subjects do not differ. An estimate below 0 stays so and is named by
`Caution.NEGATIVE_COMPONENT`.

References
----------
Shrout, Fleiss. Psychological Bulletin 1979;86:420-428.
McGraw, Wong. Psychological Methods 1996;1:30-46.
"""

from dataclasses import dataclass
from math import inf

from numpy.typing import ArrayLike
from scipy.special import fdtrc, fdtri

from defensible.statistics.arrays import Floats, confidence_level, finite_matrix
from defensible.statistics.estimate import Caution, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class _Squares:
    """Mean squares of the two-way table, and the one-way error."""

    n: int
    k: int
    subjects: float
    raters: float
    error: float
    within: float


def one_way_single(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """ICC(1): one rating, each subject rated by other raters.

    Parameters
    ----------
    ratings : float array, shape (n_subjects, n_raters)
        Complete; two or more of each.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        Not a matrix, a value not finite, fewer than two subjects or raters, all values equal.
    """
    squares = _squares(ratings)
    return _single(squares, _one_way_df(squares), level, "ICC(1), F")


def one_way_average(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """ICC(k): the mean of k ratings, each subject rated by other raters.

    Parameters and errors as in `one_way_single`.
    """
    squares = _squares(ratings)
    return _average(squares, _one_way_df(squares), level, "ICC(k), F")


def consistency_single(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """ICC(C,1): one rating, offsets between raters set aside.

    Parameters and errors as in `one_way_single`.
    """
    squares = _squares(ratings)
    return _single(squares, _two_way_df(squares), level, "ICC(C,1), F")


def consistency_average(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """ICC(C,k), Cronbach's alpha: the mean of k ratings, offsets between raters set aside.

    Parameters and errors as in `one_way_single`.
    """
    squares = _squares(ratings)
    return _average(squares, _two_way_df(squares), level, "ICC(C,k), F")


def agreement_single(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """ICC(A,1): one rating of any rater from a population; offsets between raters are error.

    Parameters and errors as in `one_way_single`.
    """
    squares = _squares(ratings)
    low, value, high = _agreement_limits(squares, level)
    return _estimate(squares, low, value, high, level, "ICC(A,1), Satterthwaite F")


def agreement_average(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """ICC(A,k): the mean of k raters from a population.

    The limits are those of ICC(A,1) stepped up by Spearman and Brown's formula, which is also what
    McGraw and Wong's formula for the average gives. Parameters and errors as in `one_way_single`.
    """
    s = _squares(ratings)
    low, value, high = (_stepped_up(item, s.k) for item in _agreement_limits(s, level))
    if value == -inf:
        raise ValueError("the ICC of an average is undefined: subjects differ less than the error")
    return _estimate(s, low, value, high, level, "ICC(A,k), Satterthwaite F")


def agreement_average_as_irr(ratings: ArrayLike, *, level: float = 0.95) -> Estimate:
    """ICC(A,k) with the limits that R's irr prints, for comparison with published analyses.

    There the degrees of freedom take the average's ICC where the formula has the single rater's.
    Parameters and errors as in `one_way_single`.
    """
    s = _squares(ratings)
    spread = s.raters - s.error
    value = _share(s.n * (s.subjects - s.error), s.n * s.subjects + spread)
    lower, upper = _agreement_quantiles(s, value, level)
    low = _share(s.n * (s.subjects - lower * s.error), lower * spread + s.n * s.subjects)
    high = _share(s.n * (upper * s.subjects - s.error), spread + s.n * upper * s.subjects)
    return _estimate(s, low, value, high, level, "ICC(A,k), as irr")


def _squares(ratings: ArrayLike) -> _Squares:
    given = finite_matrix("ratings", ratings)
    n, k = given.shape
    if n < 2 or k < 2:
        raise ValueError(f"ratings must hold two or more subjects and raters; {n} and {k} found")
    if given.min() == given.max():
        raise ValueError("the ICC is undefined where all ratings are equal")
    centred = given - given.mean()
    rows, columns = centred.mean(axis=1), centred.mean(axis=0)
    residual = centred - rows[:, None] - columns
    return _Squares(
        n=n,
        k=k,
        subjects=k * float(rows @ rows) / (n - 1),
        raters=n * float(columns @ columns) / (k - 1),
        error=_negligible((residual**2).sum(), given) / ((n - 1) * (k - 1)),
        within=_negligible(((centred - rows[:, None]) ** 2).sum(), given) / (n * (k - 1)),
    )


def _negligible(total: float, given: Floats) -> float:
    """A sum of squares, or 0 where it is rounding alone."""
    scale = float(abs(given).max()) * 1e-14
    return float(total) if total > given.size * scale**2 else 0.0


def _one_way_df(s: _Squares) -> tuple[float, float]:
    return s.within, s.n * (s.k - 1.0)


def _two_way_df(s: _Squares) -> tuple[float, float]:
    return s.error, (s.n - 1.0) * (s.k - 1.0)


def _f_limits(s: _Squares, df: float, level: float) -> tuple[float, float, float]:
    """Mean square of subjects with the limits of its F ratio: low, value, high."""
    confidence_level(level)
    tail = 0.5 + level / 2
    low = s.subjects / float(fdtri(s.n - 1, df, tail))
    return low, s.subjects, s.subjects * float(fdtri(df, s.n - 1, tail))


def _single(
    s: _Squares,
    error_df: tuple[float, float],
    level: float,
    method: str,
) -> Estimate:
    error, df = error_df
    ratios = _f_limits(s, df, level)
    if min(ratios) + (s.k - 1) * error <= 0:
        raise ValueError("the ICC is undefined where the ratings do not vary")
    low, value, high = ((item - error) / (item + (s.k - 1) * error) for item in ratios)
    return _estimate(s, low, value, high, level, method, error, df)


def _average(
    s: _Squares,
    error_df: tuple[float, float],
    level: float,
    method: str,
) -> Estimate:
    error, df = error_df
    ratios = _f_limits(s, df, level)
    if s.subjects == 0:
        raise ValueError("the ICC of an average is undefined where all subjects' means are equal")
    low, value, high = ((item - error) / item for item in ratios)
    return _estimate(s, low, value, high, level, method, error, df)


def _agreement_limits(s: _Squares, level: float) -> tuple[float, float, float]:
    spread = s.k * s.raters + (s.k * s.n - s.k - s.n) * s.error
    value = _share(s.n * (s.subjects - s.error), spread + s.n * s.subjects)
    lower, upper = _agreement_quantiles(s, value, level)
    low = _share(s.n * (s.subjects - lower * s.error), lower * spread + s.n * s.subjects)
    high = _share(s.n * (upper * s.subjects - s.error), spread + s.n * upper * s.subjects)
    return low, value, high


def _agreement_quantiles(s: _Squares, value: float, level: float) -> tuple[float, float]:
    """F quantiles with Satterthwaite's degrees of freedom (McGraw and Wong, table 7)."""
    confidence_level(level)
    if value >= 1:
        return 1.0, 1.0
    ratio = s.k * value / (s.n * (1 - value))
    a, b = ratio * s.raters, (1 + ratio * (s.n - 1)) * s.error
    df = (s.n - 1) * (s.k - 1)
    spread = a**2 / (s.k - 1) + b**2 / df
    v = max((a + b) ** 2 / spread, 1e-3) if spread > 0 else float(df)
    tail = 0.5 + level / 2
    return float(fdtri(s.n - 1, v, tail)), float(fdtri(v, s.n - 1, tail))


def _share(part: float, whole: float) -> float:
    if whole <= 0:
        raise ValueError(
            "the ICC is undefined here: subjects differ less than the error alone would make them"
        )
    return part / whole


def _stepped_up(value: float, k: int) -> float:
    """Spearman and Brown's formula; without end where it has no finite value."""
    whole = 1 + (k - 1) * value
    return k * value / whole if whole > 0 else -inf


def _estimate(
    s: _Squares,
    low: float,
    value: float,
    high: float,
    level: float,
    method: str,
    error: float | None = None,
    df: float | None = None,
) -> Estimate:
    against = s.error if error is None else error
    error_df = (s.n - 1.0) * (s.k - 1.0) if df is None else df
    p = float(fdtrc(s.n - 1, error_df, s.subjects / against)) if against > 0 else None
    cautions = (
        *((Caution.NEGATIVE_COMPONENT,) if value < 0 else ()),
        *((Caution.NO_VARIANCE,) if low == high else ()),
        *((Caution.BOUNDARY,) if value == 1 else ()),
    )
    return Estimate(
        value=value, low=low, high=high, level=level, method=method, n=s.n, p=p, cautions=cautions
    )
