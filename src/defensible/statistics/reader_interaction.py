"""Whether the difference between two modalities is another in some readers, or in some cases.

All are contrasts of readers' differences under the Obuchowski-Rockette model: readers and cases
random, or (`these`) the one that is named fixed. Two sets of cases are two strata, of which the
first is held against the second. `joint_interaction` tests several levels at once.

References
----------
Obuchowski, Rockette. Commun Stat Simul Comput 1995;24:285-308.
Hillis. Statistics in Medicine 2007;26:596-619 (degrees of freedom).
"""

from math import inf

import numpy as np

from defensible.statistics import mrmc_inference as inference
from defensible.statistics import strata_differences
from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.estimate import Estimate
from defensible.statistics.strata_differences import Strata


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


def between_readers_with_gaps(
    errors: ErrorCovariance, group: Bools, *, level: float = 0.95
) -> Estimate:
    """As `between_readers`, where readings are missing.

    Readers of a group may share more cases with each other than with the others, so that the error
    that they share does not cancel: what is left of it, if above 0, is added.
    """
    differences = strata_differences.difference(errors)
    plain = between_readers(differences, group, level=level)
    shared = strata_differences.between_groups(errors, group.astype(np.int64))
    excess = max(float(shared[0, 0] + shared[1, 1] - 2 * shared[0, 1]), 0.0)
    if plain.se is None or plain.df is None or not excess:
        return plain
    own = plain.se**2
    return inference.interval(
        plain.value,
        own + excess,
        df=plain.df * (1 + excess / own) ** 2,
        level=level,
        method="pooled t of readers' differences, and the covariance that readers do not share",
        n=plain.n,
        lowest=-2.0,
        highest=2.0,
        tested=True,
    )


def between_cases(two: Strata, *, level: float = 0.95) -> Estimate:
    """Mean difference of two modalities on some cases less that on others, by the same readers.

    Parameters
    ----------
    two : Strata
        The cases that are looked at, and the others.
    level : float in (0, 1)
        Confidence level.

    Raises
    ------
    ValueError
        Other than two strata.
    """
    contrasts = _contrasts(two)
    r = contrasts.size
    covariance = _of_contrasts(two)
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
        n=two.n_cases,
        lowest=-2.0,
        highest=2.0,
        parts=_parts(two),
        tested=True,
    )


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
        float(weights @ strata_differences.difference(errors)),
        float(weights @ strata_differences.covariance(errors) @ weights),
        errors.n_cases,
        level,
    )


def between_cases_by_these_readers(two: Strata, *, level: float = 0.95) -> Estimate:
    """As `between_cases`, for these readers alone. Parameters and errors as there."""
    variance = float(_of_contrasts(two).mean())
    value = float(_contrasts(two).mean())
    return _normal(value, variance, two.n_cases, level, parts=_parts(two))


def between_these_cases(two: Strata, *, level: float = 0.95) -> Estimate:
    """As `between_cases`, for these cases alone: readers' contrasts vary by the readers only."""
    contrasts = _contrasts(two)
    r = contrasts.size
    return inference.interval(
        float(contrasts.mean()),
        float(np.var(contrasts, ddof=1)) / r,
        df=r - 1,
        level=level,
        method="t of readers' contrasts, cases fixed",
        n=two.n_cases,
        lowest=-2.0,
        highest=2.0,
        tested=True,
    )


def _normal(value: float, variance: float, n: int, level: float, *, parts: float = 0.0) -> Estimate:
    return inference.interval(
        value,
        variance,
        df=inf,
        level=level,
        method="normal, readers fixed",
        n=n,
        lowest=-2.0,
        highest=2.0,
        parts=parts,
        tested=True,
    )


def _contrasts(two: Strata) -> Floats:
    """Each reader's difference in the first stratum less that in the second."""
    if two.differences.shape[0] != 2:
        raise ValueError(f"two strata are needed; {two.differences.shape[0]} found")
    found: Floats = two.differences[0] - two.differences[1]
    return found


def _of_contrasts(two: Strata) -> Floats:
    """Covariance of readers' contrasts."""
    sign = np.array([1.0, -1.0])
    return np.asarray(np.einsum("s,t,stij->ij", sign, sign, two.covariance))


def _parts(two: Strata) -> float:
    """What the variance of a contrast is a difference of, where strata share patients."""
    return float(np.trace(two.covariance.mean(axis=(2, 3))))
