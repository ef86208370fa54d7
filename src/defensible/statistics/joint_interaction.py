"""One test that the difference of two modalities is the same in all groups, of readers or cases.

Beside the contrasts of `reader_interaction`, one level against the others, of which there are many.
With two groups each test is that of the contrast.

- Groups of readers: F of readers' differences between groups over that within them, as what readers
  share through the cases cancels; of these readers alone, a chi-square by the cases' covariance.
- Strata of cases, by the same readers: F of the strata's mean differences by their covariance under
  the Obuchowski-Rockette model, which holds what lies between strata where these share patients;
  with readers or cases fixed, what is left of it.

References
----------
Obuchowski, Rockette. Commun Stat Simul Comput 1995;24:285-308.
Hillis. Statistics in Medicine 2007;26:596-619 (denominator degrees of freedom).
"""

from math import inf

import numpy as np

from defensible.statistics import mrmc_inference as inference
from defensible.statistics import strata_differences
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.mrmc_inference import EqualityTest
from defensible.statistics.strata_differences import Strata

_CANCELLED = 1e-12
"""What is left of the variance of a contrast, beside its parts, where it is but rounding."""


def of_readers(differences: Floats, group: Ints) -> EqualityTest | None:
    """Groups of readers, readers random.

    Parameters
    ----------
    differences : float array, shape (n_readers,)
        Second less first modality, one a reader.
    group : int array, shape (n_readers,)
        Group of each reader, 0, 1, ...

    Returns
    -------
    EqualityTest or None
        None where readers of a group do not vary at all.

    Raises
    ------
    ValueError
        Fewer than two groups, or no group of two readers.
    """
    codes, sizes, means = _groups(differences, group)
    df1, df2 = codes.size - 1, differences.size - codes.size
    if df2 < 1:
        raise ValueError("some group must hold two readers or more")
    within = float(((differences - means[np.searchsorted(codes, group)]) ** 2).sum()) / df2
    between = float((sizes * (means - differences.mean()) ** 2).sum()) / df1
    return inference.f_test(between, within, df1, df2)


def of_readers_with_gaps(errors: ErrorCovariance, group: Ints) -> EqualityTest | None:
    """As `of_readers`, where readings are missing; with two groups the test of that contrast.

    Notes
    -----
    What readers share through the cases differs with the cases that they read, so that it does not
    cancel between groups: what is left of it stands beside the mean square within groups.
    """
    differences = strata_differences.difference(errors)
    codes, sizes, means = _groups(differences, group)
    place = np.searchsorted(codes, group)
    df2 = differences.size - codes.size
    if df2 < 1:
        raise ValueError("some group must hold two readers or more")
    square = float(((differences - means[place]) ** 2).sum()) / df2
    centred = np.eye(codes.size) - 1 / codes.size
    shared = _floored(centred @ strata_differences.between_groups(errors, place) @ centred)
    own = np.diag(square / sizes)
    part, total = _in_contrasts(own), _in_contrasts(own + shared)
    return _tested(means, own + shared, df2 * (total / part) ** 2 if part > 0 else inf)


def of_these_readers(errors: ErrorCovariance, group: Ints) -> EqualityTest | None:
    """Groups of readers, these readers alone; the covariance due to cases is the whole variance.

    Parameters, result and errors as in `of_readers`; groups of one reader do.
    """
    differences = strata_differences.difference(errors)
    codes, sizes, means = _groups(differences, group)
    average = (group == codes[:, None]) / sizes[:, None]
    covariance = average @ strata_differences.covariance(errors) @ average.T
    return _tested(means, covariance, inf)


def of_cases(of: Strata) -> EqualityTest | None:
    """Strata of cases, readers and cases random; None without variance.

    Notes
    -----
    The variance of readers' own reactions to a stratum is pooled over strata, beside what the
    covariance of each stratum gives; the error that readers share is each stratum's own.
    """
    n_strata, r = of.differences.shape
    own, shared = _errors(of)
    square = _square_of_interaction(of.differences)
    covariance = _floored(_of_reactions(square, own)) / r + _floored(shared)
    total = square + r * _in_contrasts(_floored(shared))
    part = square / total if total > 0 else 1.0
    df2 = inf if part == 0 else (r - 1) * (n_strata - 1) / part**2
    return _tested(of.differences.mean(axis=1), covariance, df2)


def of_cases_by_these_readers(of: Strata) -> EqualityTest | None:
    """Strata of cases, these readers alone; None without variance."""
    return _tested(of.differences.mean(axis=1), of.covariance.mean(axis=(2, 3)), inf)


def of_these_cases(of: Strata) -> EqualityTest | None:
    """Strata of these cases alone, readers random; None without variance."""
    n_strata, r = of.differences.shape
    square = _square_of_interaction(of.differences)
    between = r * float(np.var(of.differences.mean(axis=1), ddof=1))
    return inference.f_test(between, square, n_strata - 1, (r - 1) * (n_strata - 1))


def _groups(differences: Floats, group: Ints) -> tuple[Ints, Floats, Floats]:
    codes, sizes = np.unique(group, return_counts=True)
    if codes.size < 2:
        raise ValueError(f"two groups of readers or more are needed; {codes.size} found")
    means = np.array([differences[group == code].mean() for code in codes])
    return codes, sizes.astype(np.float64), means


def _errors(of: Strata) -> tuple[Floats, Floats]:
    """Covariance of strata in readers' own errors, and in those that readers share."""
    r = of.differences.shape[1]
    same = np.trace(of.covariance, axis1=2, axis2=3)
    shared = (of.covariance.sum(axis=(2, 3)) - same) / (r * (r - 1))
    return same / r - shared, shared


def _square_of_interaction(gaps: Floats) -> float:
    """Mean square of readers by strata, in differences."""
    n_strata, r = gaps.shape
    rest: Floats = gaps - gaps.mean(axis=0) - gaps.mean(axis=1, keepdims=True) + gaps.mean()
    return float((rest**2).sum() / ((n_strata - 1) * (r - 1)))


def _of_reactions(square: float, own: Floats) -> Floats:
    """The mean square parted to strata: errors as their covariances say, the rest evenly."""
    expected = _in_contrasts(own)
    if square >= expected or expected <= 0:
        return np.asarray(own + (square - expected) * np.eye(own.shape[0]))
    return np.asarray(own * (square / expected))


def _in_contrasts(covariance: Floats) -> float:
    """Mean variance less mean covariance: what strata have apart from one another."""
    n = len(covariance)
    variances = float(np.trace(covariance))
    between = float(covariance.sum()) - variances
    return variances / n - between / (n * (n - 1))


def _floored(covariance: Floats) -> Floats:
    """The nearest matrix without a negative variance in any direction."""
    sizes, directions = np.linalg.eigh(covariance)
    if sizes[0] >= 0:
        return covariance
    return np.asarray((directions * np.maximum(sizes, 0.0)) @ directions.T)


def _tested(means: Floats, covariance: Floats, df2: float) -> EqualityTest | None:
    if not (np.diag(covariance) > 0).all():
        return None
    df1 = means.size - 1
    contrast = np.eye(means.size)[1:] - np.eye(means.size)[:1]
    spread, gaps = contrast @ covariance @ contrast.T, contrast @ means
    if np.linalg.eigvalsh(spread)[0] <= _CANCELLED * float(np.trace(covariance)):
        return None
    return inference.f_test(float(gaps @ np.linalg.solve(spread, gaps)) / df1, 1.0, df1, df2)
