"""Cohen's kappa of two raters: agreement beyond what their own rates of use would give by chance.

Two raters of the same subjects; for more raters see `agreement`. Intervals use the large-sample
variance of Fleiss, Cohen and Everitt, `p` the one under no agreement beyond chance.

References
----------
Fleiss, Cohen, Everitt. Psychological Bulletin 1969;72:323-327.
"""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from defensible.statistics.arrays import Floats, confidence_level, finite_matrix, same_length
from defensible.statistics.estimate import Caution, Estimate


def cohen(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Unweighted kappa: categories agree or do not.

    Parameters
    ----------
    first, second : arrays, shape (n_subjects,)
        Category that each rater gave; numbers or strings.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        Lengths differ, no subject, or both raters used one and the same category throughout, so
        that there is no agreement beyond chance to speak of.
    """
    return cohen_of_table(cross_table(first, second), level=level)


def linear(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Kappa with linear weights (Cicchetti-Allison), for ordered categories.

    Categories are equally spaced in their sorted order; see `of_table` for ones that nobody used.
    Parameters and errors as in `cohen`.
    """
    table = cross_table(first, second)
    return of_table(table, linear_weights(table.shape[0]), name="linear kappa", level=level)


def quadratic(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Kappa with quadratic weights (Fleiss-Cohen), for ordered categories.

    Parameters and errors as in `linear`.
    """
    table = cross_table(first, second)
    return of_table(table, quadratic_weights(table.shape[0]), name="quadratic kappa", level=level)


def cohen_of_table(table: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Unweighted kappa from the square table of counts, first rater in rows."""
    counts = finite_matrix("table", table)
    return of_table(counts, np.eye(counts.shape[0]), name="Cohen kappa", level=level)


def of_table(
    table: ArrayLike, weights: ArrayLike, *, name: str = "weighted kappa", level: float = 0.95
) -> Estimate:
    """Kappa from a square table of counts with weights of agreement, 1 on the diagonal.

    Parameters
    ----------
    table : float array, shape (n_categories, n_categories)
        Subjects by category of the first rater (rows) and of the second (columns).
    weights : float array, same shape
        Credit for each pair of categories, in [0, 1].
    name : str
        For `Estimate.method`.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        Not square, shapes differ, a count below 0, no subject, agreement by chance is complete.
    """
    confidence_level(level)
    counts, credit = finite_matrix("table", table), finite_matrix("weights", weights)
    n = _checked(counts, credit)
    share = counts / n
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, chance = float((share * credit).sum()), float(rows @ credit @ columns)
    if 1 - chance < 1e-14:
        raise ValueError(
            "kappa is undefined where both raters give one category to every subject; "
            "report the percent agreement"
        )
    value = (observed - chance) / (1 - chance)
    mean_credit = (credit @ columns)[:, None] + (rows @ credit)[None, :]
    inner = float((share * (credit - mean_credit * (1 - value)) ** 2).sum())
    variance = (inner - (value - chance * (1 - value)) ** 2) / (n * (1 - chance) ** 2)
    null = float((np.outer(rows, columns) * (credit - mean_credit) ** 2).sum()) - chance**2
    return _estimate(value, variance, null / (n * (1 - chance) ** 2), round(n), level, name)


def cross_table(first: ArrayLike, second: ArrayLike) -> Floats:
    """Square table of counts over all categories that either rater used, in sorted order."""
    one, two = np.asarray(first), np.asarray(second)
    for label, given in (("first", one), ("second", two)):
        if given.ndim != 1:
            raise ValueError(f"{label} must be one-dimensional; its shape is {given.shape}")
        if given.dtype.kind == "f" and not np.isfinite(given).all():
            raise ValueError(f"{label} must be finite; leave out subjects that were not rated")
    n = same_length(first=one, second=two)
    categories, code = np.unique(np.concatenate([one, two]), return_inverse=True)
    size = categories.size
    counts = np.bincount(code[:n] * size + code[n:], minlength=size**2)
    return counts.reshape(size, size).astype(np.float64)


def linear_weights(n_categories: int) -> Floats:
    """1 minus the distance of categories over the greatest."""
    return 1 - _distance(n_categories)


def quadratic_weights(n_categories: int) -> Floats:
    """1 minus the squared distance of categories over the greatest."""
    weights: Floats = 1 - _distance(n_categories) ** 2
    return weights


def _distance(n_categories: int) -> Floats:
    place = np.arange(n_categories, dtype=np.float64)
    distance: Floats = np.abs(place[:, None] - place) / max(n_categories - 1, 1)
    return distance


def _checked(counts: Floats, credit: Floats) -> float:
    if counts.shape[0] != counts.shape[1]:
        raise ValueError(f"table must be square; its shape is {counts.shape}")
    if credit.shape != counts.shape:
        raise ValueError(
            f"weights must have the table's shape {counts.shape}; {credit.shape} found"
        )
    if counts.size and counts.min() < 0:
        raise ValueError(f"table must hold counts of 0 or more; {counts.min():g} found")
    total = float(counts.sum())
    if total == 0:
        raise ValueError("table must hold one subject or more; it is empty")
    return total


def _estimate(
    value: float, variance: float, null: float, n: int, level: float, name: str
) -> Estimate:
    se = sqrt(max(variance, 0.0))
    reach = float(ndtri(0.5 + level / 2)) * se
    low, high = max(value - reach, -1.0), min(value + reach, 1.0)
    cautions = (
        *((Caution.NO_VARIANCE,) if se == 0 else ()),
        *((Caution.CUT,) if value - reach < -1 or value + reach > 1 else ()),
        *((Caution.BOUNDARY,) if value in (-1.0, 1.0) else ()),
    )
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        method=f"{name}, large-sample (Fleiss-Cohen-Everitt)",
        n=n,
        se=se,
        p=float(2 * ndtr(-abs(value) / sqrt(null))) if null > 0 else None,
        cautions=cautions,
    )
