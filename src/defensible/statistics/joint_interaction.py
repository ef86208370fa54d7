"""One test that the difference of two modalities is the same in all groups, of readers or cases.

Beside the contrasts of `reader_interaction`, one level against the others, of which there are many.
With two groups each test is that of the contrast.

- Groups of readers: F of readers' differences between groups over that within them, as what readers
  share through the cases cancels; of these readers alone, a chi-square by the cases' covariance.
- Strata of cases, by the same readers: F of the strata's mean differences, each weighted by its own
  variance under the Obuchowski-Rockette model; with readers or cases fixed, what is left of it.

References
----------
Obuchowski, Rockette. Commun Stat Simul Comput 1995;24:285-308.
Hillis. Statistics in Medicine 2007;26:596-619 (denominator degrees of freedom).
"""

from collections.abc import Sequence
from math import inf

import numpy as np

from defensible.statistics import mrmc_inference as inference
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.mrmc_inference import EqualityTest


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


def of_these_readers(errors: ErrorCovariance, group: Ints) -> EqualityTest | None:
    """Groups of readers, these readers alone; the covariance due to cases is the whole variance.

    Parameters, result and errors as in `of_readers`; groups of one reader do.
    """
    differences = _differences(errors)
    codes, sizes, means = _groups(differences, group)
    average = (group == codes[:, None]) / sizes[:, None]
    covariance = average @ _covariance(errors) @ average.T
    contrast = np.eye(codes.size)[1:] - np.eye(codes.size)[:1]
    spread, gaps = contrast @ covariance @ contrast.T, contrast @ means
    if np.linalg.matrix_rank(spread) < codes.size - 1:
        return None
    statistic = float(gaps @ np.linalg.solve(spread, gaps))
    return inference.chi_square_test(statistic, 1.0, codes.size - 1)


def of_cases(parts: Sequence[ErrorCovariance]) -> EqualityTest | None:
    """Strata of cases, readers and cases random.

    Parameters
    ----------
    parts : sequence of ErrorCovariance
        Of the same two modalities and readers, on sets of cases that share none.

    Returns
    -------
    EqualityTest or None
        None without variance.

    Raises
    ------
    ValueError
        Fewer than two strata, other than two modalities, other readers, or fewer than two of them.

    Notes
    -----
    The variance of readers' own reactions to a stratum is pooled over strata, beside what the
    covariance of each stratum gives; the error that readers share is each stratum's own.
    """
    gaps, own, shared = _strata(parts)
    n_strata, r = gaps.shape
    square = _square_of_interaction(gaps)
    variances = np.maximum(_of_reactions(square, own), 0.0) / r + np.maximum(shared, 0.0)
    total = square + r * float(np.maximum(shared, 0.0).mean())
    part = square / total if total > 0 else 1.0
    df2 = inf if part == 0 else (r - 1) * (n_strata - 1) / part**2
    return _weighted(gaps.mean(axis=1), variances, df2)


def of_cases_by_these_readers(parts: Sequence[ErrorCovariance]) -> EqualityTest | None:
    """Strata of cases, these readers alone. Parameters, result and errors as in `of_cases`."""
    gaps, _, _ = _strata(parts)
    variances = np.array([float(_covariance(one).mean()) for one in parts])
    return _weighted(gaps.mean(axis=1), variances, inf)


def of_these_cases(parts: Sequence[ErrorCovariance]) -> EqualityTest | None:
    """Strata of these cases alone, readers random. Parameters, result, errors as in `of_cases`."""
    gaps, _, _ = _strata(parts)
    n_strata, r = gaps.shape
    square = _square_of_interaction(gaps)
    between = r * float(np.var(gaps.mean(axis=1), ddof=1))
    return inference.f_test(between, square, n_strata - 1, (r - 1) * (n_strata - 1))


def _groups(differences: Floats, group: Ints) -> tuple[Ints, Floats, Floats]:
    codes, sizes = np.unique(group, return_counts=True)
    if codes.size < 2:
        raise ValueError(f"two groups of readers or more are needed; {codes.size} found")
    means = np.array([differences[group == code].mean() for code in codes])
    return codes, sizes.astype(np.float64), means


def _strata(parts: Sequence[ErrorCovariance]) -> tuple[Floats, Floats, Floats]:
    """Differences by stratum and reader; variances of readers' own errors, and of shared ones."""
    readers = parts[0].readers if parts else ()
    same = all(one.readers == readers and len(one.modalities) == 2 for one in parts)
    if len(parts) < 2 or not same or len(readers) < 2:
        raise ValueError(
            "two strata or more are needed, read by the same two or more readers in the same two "
            "modalities"
        )
    r = len(readers)
    gaps = np.array([_differences(one) for one in parts])
    covariances = [_covariance(one) for one in parts]
    shared = np.array([(one.sum() - np.trace(one)) / (r * (r - 1)) for one in covariances])
    own = np.array([np.trace(one) / r for one in covariances]) - shared
    return gaps, own, shared


def _square_of_interaction(gaps: Floats) -> float:
    """Mean square of readers by strata, in differences."""
    n_strata, r = gaps.shape
    rest: Floats = gaps - gaps.mean(axis=0) - gaps.mean(axis=1, keepdims=True) + gaps.mean()
    return float((rest**2).sum() / ((n_strata - 1) * (r - 1)))


def _of_reactions(square: float, own: Floats) -> Floats:
    """The mean square parted to strata: errors as their covariances say, the rest evenly."""
    expected = float(own.mean())
    if square >= expected or expected <= 0:
        return np.asarray(own + (square - expected))
    return np.asarray(own * (square / expected))


def _weighted(means: Floats, variances: Floats, df2: float) -> EqualityTest | None:
    if not (variances > 0).all():
        return None
    weights = 1 / variances
    middle = float(weights @ means / weights.sum())
    df1 = means.size - 1
    square = float((weights * (means - middle) ** 2).sum()) / df1
    return inference.f_test(square, 1.0, df1, df2)


def _differences(errors: ErrorCovariance) -> Floats:
    found: Floats = errors.values[1] - errors.values[0]
    return found


def _covariance(errors: ErrorCovariance) -> Floats:
    """Covariance of the readers' differences, second less first modality."""
    r = len(errors.readers)
    blocks = errors.matrix.reshape(2, r, 2, r)
    found: Floats = blocks[0, :, 0] + blocks[1, :, 1] - blocks[0, :, 1] - blocks[1, :, 0]
    return found
