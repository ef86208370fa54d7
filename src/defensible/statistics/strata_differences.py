"""Readers' differences of two modalities in strata of cases, and how these vary with the cases.

`independent`: strata share no patient, so that nothing lies between them. `of_patients`: cases of a
patient may lie in several strata, and what they add to the figures of two strata varies together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.patient_covariance import OfPatients


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strata:
    """Differences by stratum and reader, second less first modality.

    Attributes
    ----------
    differences : float array, shape (n_strata, n_readers)
    covariance : float array, shape (n_strata, n_strata, n_readers, n_readers)
        Due to cases.
    n_cases : int
        Of all strata.
    """

    differences: Floats
    covariance: Floats
    n_cases: int


def independent(parts: Sequence[ErrorCovariance]) -> Strata:
    """Strata that share no patient.

    Parameters
    ----------
    parts : sequence of ErrorCovariance
        Of the same two modalities and readers, on sets of cases that share none.

    Raises
    ------
    ValueError
        Fewer than two strata, other than two modalities, other readers, or fewer than two of them.
    """
    readers = parts[0].readers if parts else ()
    same = all(one.readers == readers and len(one.modalities) == 2 for one in parts)
    if len(parts) < 2 or not same or len(readers) < 2:
        raise ValueError(
            "two strata or more are needed, read by the same two or more readers in the same two "
            "modalities"
        )
    n, r = len(parts), len(readers)
    covariances = np.zeros((n, n, r, r))
    for at, one in enumerate(parts):
        covariances[at, at] = covariance(one)
    return Strata(
        differences=np.array([difference(one) for one in parts]),
        covariance=covariances,
        n_cases=sum(one.n_cases for one in parts),
    )


def of_patients(parts: Sequence[OfPatients]) -> Strata:
    """Strata that may share patients, of whom all have one name; errors as in `independent`.

    Notes
    -----
    Between two strata, products of what a patient adds to each are summed, times k / (k - 1) for k
    patients in either: what lies between diseased and healthy cases of a patient in Obuchowski's
    covariance, and the jackknife of them all. O(n_strata^2 n_readers^2 n_patients).
    """
    alone = independent([one.errors for one in parts])
    names = np.unique(np.concatenate([one.patient for one in parts]))
    n, r = alone.differences.shape
    inside = np.zeros((n, names.size), dtype=np.bool_)
    added = np.zeros((n, r, names.size))
    for at, one in enumerate(parts):
        place = np.searchsorted(names, one.patient)
        inside[at, place] = True
        before, after = np.split(one.added, 2)
        added[at][:, place] = after - before
    found = alone.covariance.copy()
    for first, second in combinations(range(n), 2):
        k = int((inside[first] | inside[second]).sum())
        found[first, second] = k / (k - 1) * (added[first] @ added[second].T)
        found[second, first] = found[first, second].T
    return Strata(differences=alone.differences, covariance=found, n_cases=alone.n_cases)


def between_groups(errors: ErrorCovariance, group: Ints) -> Floats:
    """Mean covariance of the differences of a reader in one group and another in the other.

    Parameters
    ----------
    errors : ErrorCovariance
        Of two modalities.
    group : int array, shape (n_readers,)
        Group of each reader, 0, 1, ..., none of them empty; some group with two readers.

    Returns
    -------
    float array, shape (n_groups, n_groups)
        On the diagonal two readers of the group; where it has but one, of any group with two.
    """
    inside = (group == np.arange(int(group.max()) + 1)[:, None]).astype(np.float64)
    of = covariance(errors)
    sizes = inside.sum(axis=1)
    found: Floats = inside @ of @ inside.T / np.outer(sizes, sizes)
    apart = np.einsum("gi,ij,gj->g", inside, of, inside) - inside @ np.diag(of)
    pairs = sizes * (sizes - 1)
    pooled = apart.sum() / pairs.sum()
    np.fill_diagonal(
        found, np.divide(apart, pairs, out=np.full_like(apart, pooled), where=pairs > 0)
    )
    return found


def difference(errors: ErrorCovariance) -> Floats:
    """Each reader's second less first modality."""
    found: Floats = errors.values[1] - errors.values[0]
    return found


def covariance(errors: ErrorCovariance) -> Floats:
    """Covariance of the readers' differences of two modalities."""
    r = len(errors.readers)
    blocks = errors.matrix.reshape(2, r, 2, r)
    found: Floats = blocks[0, :, 0] + blocks[1, :, 1] - blocks[0, :, 1] - blocks[1, :, 0]
    return found
