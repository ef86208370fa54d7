"""Means of a measured figure in every group of a grouping, patients being independent.

As `grouped_clustered.shares`, for a real figure a case (Dice, an error in per cent): the ratio
estimator with residuals summed by patient, and a t interval.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from defensible.statistics.arrays import (
    Bools,
    Floats,
    Ints,
    confidence_level,
    finite_floats,
    same_length,
)
from defensible.statistics.grouped_runs import Codes, group_codes, stretch_sums
from defensible.statistics.ranking import increasing_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedMean:
    """A mean in each group; arrays of shape (n_groups,).

    Attributes
    ----------
    value : float array
        The mean; 0 in an empty group.
    n, n_clusters : int arrays
        Cases and patients.
    se : float array
        Standard error, by patients; 0 where `defined` is False.
    defined : bool array
        The group holds two or more patients.
    """

    value: Floats
    n: Ints
    n_clusters: Ints
    se: Floats
    defined: Bools

    def limits(self, *, level: float = 0.95) -> tuple[Floats, Floats]:
        """Limits by t with one degree of freedom fewer than patients; infinite where undefined."""
        confidence_level(level)
        df = np.maximum(self.n_clusters - 1, 1)
        half = np.where(self.defined, stdtrit(df, 0.5 + level / 2) * self.se, np.inf)
        return self.value - half, self.value + half


def means(values: Floats, patient: Codes, codes: Codes, n_groups: int) -> GroupedMean:
    """The mean of a figure in each group, with a standard error that respects patients.

    Parameters
    ----------
    values : float array, shape (n_cases,)
        Finite.
    patient : int array, shape (n_cases,)
        Patient of each case as a code 0, 1, ...; each its own for independent cases, and the
        standard error is then the usual one.
    codes : int array, shape (n_cases,)
        Group of each case, 0 to `n_groups` - 1, or -1 for none.
    n_groups : int
        Groups, empty ones included.

    Raises
    ------
    ValueError
        Lengths differ, a value is not finite, a code lies outside -1..n_groups - 1.

    Notes
    -----
    O(n log n) in the cases, for the sort by patient.
    """
    figures, group = finite_floats("values", values), group_codes(codes, n_groups)
    same_length(values=figures, codes=group)
    held = _stays(group, patient, n_groups)
    sums = stretch_sums(figures[held.cases], held.bounds)
    n = stretch_sums(held.sizes.astype(np.float64), held.start)
    value = stretch_sums(sums, held.start) / np.maximum(n, 1)
    k = np.diff(held.start)
    here = np.repeat(np.arange(n_groups), k)
    residual = (sums - value[here] * held.sizes) / np.maximum(n[here], 1)
    squares = stretch_sums(residual**2, held.start)
    defined = k >= 2
    return GroupedMean(
        value=value,
        n=n.astype(np.int64),
        n_clusters=k,
        se=np.where(defined, np.sqrt(squares * k / np.maximum(k - 1, 1)), 0.0),
        defined=defined,
    )


class _Stays(NamedTuple):
    """Cases by group, then patient: a stay is one patient in one group.

    `bounds` parts `cases` into stays of `sizes` cases; `start` parts the stays into groups.
    """

    cases: Ints
    bounds: Ints
    sizes: Ints
    start: Ints


def _stays(group: Codes, patient: Codes, n_groups: int) -> _Stays:
    """Cases sorted by group, then patient.

    Raises
    ------
    ValueError
        Lengths differ, or a patient's code is no whole number from 0 on.
    """
    who = np.asarray(patient)
    same_length(codes=group, patient=who)
    if who.dtype.kind not in "iu" or (who.size and who.min() < 0):
        raise ValueError(f"patient must hold codes 0, 1, ...; type {who.dtype}, or one below 0")
    n_patients = int(who.max()) + 1 if who.size else 1
    kept = np.flatnonzero(group >= 0)
    keys = group[kept].astype(np.int64) * n_patients + who[kept]
    order = increasing_codes(keys)
    sorted_keys = keys[order]
    first = np.flatnonzero(np.concatenate([[True], sorted_keys[1:] != sorted_keys[:-1]]))
    first = first[: keys.size]  # no stay where no case was kept
    bounds = np.append(first, keys.size)
    start = np.searchsorted(sorted_keys[first] // n_patients, np.arange(n_groups + 1))
    return _Stays(kept[order], bounds, np.diff(bounds), start)
