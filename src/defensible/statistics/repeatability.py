"""How far a measurement scatters when it is repeated on the same subject.

`replicates` has a row a subject and a column a repeat, all under one condition (repeatability) or
across what the claim allows to change (reproducibility): which of them it is, the design decides.

References
----------
Bland, Altman. BMJ 1996;313:744 and 1996;313:106.
Raunig et al. (QIBA). Statistical Methods in Medical Research 2015;24:27-67.
"""

from math import exp, expm1, log, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri, ndtri

from defensible.statistics.arrays import Floats, confidence_level, finite_matrix
from defensible.statistics.estimate import Caution, Estimate


def within_subject_sd(replicates: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Within-subject standard deviation, with its chi-square interval.

    Parameters
    ----------
    replicates : float array, shape (n_subjects, n_replicates)
        Complete; one subject or more, two repeats or more.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        Not a matrix, a value not finite, no subject, fewer than two repeats.

    Notes
    -----
    Assumes normal scatter whose size does not change from subject to subject.
    """
    return _scaled(replicates, 1.0, level, "within-subject SD, chi-square")


def repeatability_coefficient(
    replicates: ArrayLike, *, coverage: float = 0.95, level: float = 0.95
) -> Estimate:
    """Difference that two repeats on one subject stay within, in `coverage` of pairs.

    z sqrt(2) times the within-subject standard deviation: 2.77 times at 95%. Parameters and
    errors as in `within_subject_sd`.
    """
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must lie strictly between 0 and 1; {coverage} found")
    factor = sqrt(2) * float(ndtri(0.5 + coverage / 2))
    return _scaled(replicates, factor, level, "repeatability coefficient, chi-square")


def within_subject_cv(replicates: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Within-subject coefficient of variation, by logarithms: for scatter that grows with size.

    sqrt(exp(s^2) - 1), with s the within-subject standard deviation of natural logarithms.
    Parameters and errors as in `within_subject_sd`; every value must be above 0.
    """
    logs = np.log(_positive(replicates))
    scatter = _scaled(logs, 1.0, level, "within-subject CV, logarithms")
    low, value, high = (sqrt(expm1(item**2)) for item in (scatter.low, scatter.value, scatter.high))
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        method=scatter.method,
        n=scatter.n,
        df=scatter.df,
        cautions=scatter.cautions,
    )


def within_subject_cv_root_mean_square(replicates: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Within-subject coefficient of variation, as the root mean square of subjects' own CVs.

    QIBA's form. The chi-square interval takes the squares of CVs for variances. Parameters and
    errors as in `within_subject_cv`.
    """
    given = _positive(replicates)
    relative = given / given.mean(axis=1, keepdims=True)
    return _scaled(relative, 1.0, level, "within-subject CV, root mean square")


def percent_change_limits(replicates: ArrayLike, *, coverage: float = 0.95) -> tuple[float, float]:
    """Ratios of two repeats on one subject between which `coverage` of pairs lie.

    Asymmetric about 1, from logarithms; a change beyond them is more than scatter. Parameters and
    errors as in `within_subject_cv`.
    """
    factor = repeatability_coefficient(np.log(_positive(replicates)), coverage=coverage).value
    return exp(-factor), exp(factor)


def _positive(replicates: ArrayLike) -> Floats:
    given = finite_matrix("replicates", replicates)
    if given.size == 0:
        raise ValueError(f"replicates must hold values; its shape is {given.shape}")
    if given.min() <= 0:
        raise ValueError(f"replicates must be above 0 for a CV; {given.min():g} found")
    return given


def _scaled(replicates: ArrayLike, factor: float, level: float, method: str) -> Estimate:
    confidence_level(level)
    given = finite_matrix("replicates", replicates)
    n, k = given.shape
    if n < 1 or k < 2:
        raise ValueError(
            f"replicates must hold a subject or more, each twice or more; {n} and {k} found"
        )
    df = n * (k - 1)
    sd = sqrt(float(given.var(axis=1, ddof=1).mean()))
    low = sd * sqrt(df / float(chdtri(df, 0.5 - level / 2)))
    high = sd * sqrt(df / float(chdtri(df, 0.5 + level / 2)))
    return Estimate(
        value=factor * sd,
        low=factor * low,
        high=factor * high,
        level=level,
        method=method,
        n=n,
        df=float(df),
        cautions=(Caution.NO_VARIANCE,) if sd == 0 else (),
    )


def limits_of_change(value: float, cv: float, *, coverage: float = 0.95) -> tuple[float, float]:
    """The measurements on a second visit that are within scatter of `value`, given a CV.

    Raises
    ------
    ValueError
        `value` or `cv` is not above 0, or `coverage` does not lie between 0 and 1.
    """
    for name, given in (("value", value), ("cv", cv)):
        if not 0 < given < np.inf:
            raise ValueError(f"{name} must lie above 0; {given} found")
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must lie strictly between 0 and 1; {coverage} found")
    reach = float(ndtri(0.5 + coverage / 2)) * sqrt(2 * log(1 + cv**2))
    return value * exp(-reach), value * exp(reach)
