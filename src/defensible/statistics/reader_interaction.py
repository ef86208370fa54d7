"""Whether the difference between two modalities is another in some readers, or in some cases.

All are contrasts of readers' differences under the Obuchowski-Rockette model: readers and cases
random, or (`these`) the one that is named fixed. The covariances of sets of cases that share none
add. `joint_interaction` tests several levels at once.

References
----------
Obuchowski, Rockette. Commun Stat Simul Comput 1995;24:285-308.
Hillis. Statistics in Medicine 2007;26:596-619 (degrees of freedom).
"""

from math import inf

import numpy as np

from defensible.statistics import mrmc_inference as inference
from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.estimate import Estimate


def between_readers(differences: Floats, group: Bools, *, level: float = 0.95) -> Estimate:
    """Mean difference of the readers in a group less that of the others.

    Parameters
    ----------
    differences : float array, shape (n_readers,)
        Second less first modality, one a reader.
    group : bool array, shape (n_readers,)
        Two or more readers in it, and two or more outside.
    level : float in (0, 1)
        Confidence level.

    Raises
    ------
    ValueError
        Fewer than two readers on a side.

    Notes
    -----
    Pooled two-sample t. The error that readers share through the cases cancels in the contrast, so
    that the mean square of the differences is its whole variance.
    """
    inside, outside = differences[group], differences[~group]
    if min(inside.size, outside.size) < 2:
        raise ValueError("two readers are needed in the group, and two outside")
    df = inside.size + outside.size - 2
    square = float(((inside - inside.mean()) ** 2).sum() + ((outside - outside.mean()) ** 2).sum())
    return inference.interval(
        float(inside.mean() - outside.mean()),
        square / df * (1 / inside.size + 1 / outside.size),
        df=df,
        level=level,
        method="pooled t of readers' differences",
        n=int(differences.size),
        lowest=-2.0,
        highest=2.0,
        tested=True,
    )


def between_cases(
    inside: ErrorCovariance, outside: ErrorCovariance, *, level: float = 0.95
) -> Estimate:
    """Mean difference of two modalities on some cases less that on others, by the same readers.

    Parameters
    ----------
    inside, outside : ErrorCovariance
        Of the same two modalities and readers, on sets of cases that share none.
    level : float in (0, 1)
        Confidence level.

    Raises
    ------
    ValueError
        Other than two modalities, other readers, or fewer than two of them.
    """
    contrasts = _contrasts(inside, outside)
    r = contrasts.size
    covariance = _of_differences(inside) + _of_differences(outside)
    shared = float((covariance.sum() - np.trace(covariance)) / (r * (r - 1)))
    square = float(np.var(contrasts, ddof=1))
    total = square + r * max(shared, 0.0)
    share = square / total if total > 0 else 1.0
    return inference.interval(
        float(contrasts.mean()),
        total / r,
        df=inf if share == 0 else (r - 1) / share**2,
        level=level,
        method="Obuchowski-Rockette of readers' contrasts",
        n=inside.n_cases + outside.n_cases,
        lowest=-2.0,
        highest=2.0,
        tested=True,
    )


def _of_differences(errors: ErrorCovariance) -> Floats:
    """Covariance of the readers' differences, second less first modality."""
    r = len(errors.readers)
    blocks = errors.matrix.reshape(2, r, 2, r)
    found: Floats = blocks[0, :, 0] + blocks[1, :, 1] - blocks[0, :, 1] - blocks[1, :, 0]
    return found


def between_these_readers(
    errors: ErrorCovariance, group: Bools, *, level: float = 0.95
) -> Estimate:
    """As `between_readers`, for these readers alone: the covariance due to cases is the variance.

    Parameters
    ----------
    errors : ErrorCovariance
        Of two modalities.
    group : bool array, shape (n_readers,)
        A reader or more in it, and outside.
    level : float in (0, 1)
        Confidence level.

    Raises
    ------
    ValueError
        No reader on a side.
    """
    if group.all() or not group.any():
        raise ValueError("a reader is needed in the group, and one outside")
    weights = np.where(group, 1 / group.sum(), -1 / (~group).sum())
    return _normal(
        float(weights @ (errors.values[1] - errors.values[0])),
        float(weights @ _of_differences(errors) @ weights),
        errors.n_cases,
        level,
    )


def between_cases_by_these_readers(
    inside: ErrorCovariance, outside: ErrorCovariance, *, level: float = 0.95
) -> Estimate:
    """As `between_cases`, for these readers alone. Parameters and errors as there."""
    contrasts = _contrasts(inside, outside)
    variance = float(_of_differences(inside).mean() + _of_differences(outside).mean())
    return _normal(float(contrasts.mean()), variance, inside.n_cases + outside.n_cases, level)


def between_these_cases(
    inside: ErrorCovariance, outside: ErrorCovariance, *, level: float = 0.95
) -> Estimate:
    """As `between_cases`, for these cases alone: readers' contrasts vary by the readers only."""
    contrasts = _contrasts(inside, outside)
    r = contrasts.size
    return inference.interval(
        float(contrasts.mean()),
        float(np.var(contrasts, ddof=1)) / r,
        df=r - 1,
        level=level,
        method="t of readers' contrasts, cases fixed",
        n=inside.n_cases + outside.n_cases,
        lowest=-2.0,
        highest=2.0,
        tested=True,
    )


def _normal(value: float, variance: float, n: int, level: float) -> Estimate:
    return inference.interval(
        value,
        variance,
        df=inf,
        level=level,
        method="normal, readers fixed",
        n=n,
        lowest=-2.0,
        highest=2.0,
        tested=True,
    )


def _contrasts(inside: ErrorCovariance, outside: ErrorCovariance) -> Floats:
    """Each reader's difference inside less that outside."""
    if len(inside.modalities) != 2 or inside.readers != outside.readers or len(inside.readers) < 2:
        raise ValueError("the same two or more readers in the same two modalities are needed")
    found: Floats = (inside.values[1] - inside.values[0]) - (outside.values[1] - outside.values[0])
    return found
