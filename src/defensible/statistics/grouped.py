"""One table of cases, many groupings: rates and areas in every group, at one pass a grouping.

Cases are sorted by score once (`sort`); a grouping is an int code a case, 0 to k-1, or -1 for a
case that is in no group of it. Each grouping then costs one plain sort of whole numbers and a few
sums over the cases, however many groups it has. The figures are those of `roc.auc` and
`clustered.auc` on each group alone; where a group cannot have one, `defined` is False and the entry
is 0, not NaN.
"""

from dataclasses import dataclass

import numpy as np

from defensible.statistics.arrays import Bools, Floats, Ints, bools, finite_floats, same_length
from defensible.statistics.grouped_runs import (
    Codes,
    Sorted,
    group_codes,
    sorted_once,
    two_by_two,
)
from defensible.statistics.grouped_sums import of_groups
from defensible.statistics.ranking import rank_any


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Counts of a binary decision in each group; int arrays of shape (n_groups,)."""

    tp: Ints
    fp: Ints
    fn: Ints
    tn: Ints

    @property
    def n_diseased(self) -> Ints:
        """Diseased cases of each group."""
        return self.tp + self.fn

    @property
    def n_healthy(self) -> Ints:
        """Healthy cases of each group."""
        return self.tn + self.fp


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedAuc:
    """Area under the empirical ROC curve in each group; arrays of shape (n_groups,).

    Attributes
    ----------
    value : float array
        The area; 0 where `has_value` is False.
    se : float array
        Its standard error; 0 where `defined` is False.
    has_value : bool array
        The group holds a case of either class.
    defined : bool array
        The group holds what the standard error needs: two cases (or patients) of either class.
    n_diseased, n_healthy : int arrays
        Cases of either class.
    n_clusters : int array or None
        Patients, where the method respects them.
    """

    value: Floats
    se: Floats
    has_value: Bools
    defined: Bools
    n_diseased: Ints
    n_healthy: Ints
    n_clusters: Ints | None = None


def sort(truth: Bools, scores: Floats) -> Sorted:
    """Cases in order of score, to be shared by all groupings of them.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard; either class may be missing.
    scores : float array, shape (n_cases,)
        Device output, higher is more suspicious. Finite.

    Raises
    ------
    ValueError
        Lengths differ, a score is not finite, `truth` holds other than booleans or 0 and 1.
    """
    present, values = bools("truth", truth), finite_floats("scores", scores)
    same_length(truth=present, scores=values)
    return sorted_once(rank_any(present, values))


def rates(truth: Bools, positive: Bools, codes: Codes, n_groups: int) -> Confusion:
    """Counts of true and false positives and negatives in each group.

    Parameters
    ----------
    truth, positive : bool arrays, shape (n_cases,)
        Reference standard, and the device's decision.
    codes : int array, shape (n_cases,)
        Group of each case, 0 to `n_groups` - 1, or -1 for none.
    n_groups : int
        Groups, empty ones included.

    Raises
    ------
    ValueError
        Lengths differ, or a code lies outside -1..n_groups - 1.
    """
    present, decided = bools("truth", truth), bools("positive", positive)
    group = group_codes(codes, n_groups)
    same_length(truth=present, positive=decided, codes=group)
    tn, fp, fn, tp = two_by_two(group, present, decided, n_groups).T
    return Confusion(tp=tp, fp=fp, fn=fn, tn=tn)


def aucs(cases: Sorted, codes: Codes, n_groups: int) -> GroupedAuc:
    """Area under the empirical ROC curve in each group, with DeLong's standard error.

    Parameters
    ----------
    cases : Sorted
        What `sort` returned.
    codes : int array, shape (n_cases,)
        Group of each case, in the order given to `sort`: 0 to `n_groups` - 1, or -1 for none.
    n_groups : int
        Groups, empty ones included.

    Raises
    ------
    ValueError
        Lengths differ, or a code lies outside -1..n_groups - 1.

    Notes
    -----
    O(n log n + n_groups) time, some 40 bytes a case.

    References
    ----------
    DeLong, DeLong, Clarke-Pearson. Biometrics 1988;44:837-845.
    """
    sums = of_groups(cases, codes, n_groups)
    m, n = sums.n_diseased, sums.n_healthy
    # Placements are doubled counts over twice the size of the other class.
    defined = (m >= 2) & (n >= 2)
    scale = np.where(defined, 4.0 * m * n, 1.0)
    of_diseased = sums.squares_beneath / np.where(defined, n * (m - 1.0), 1.0)
    of_healthy = sums.squares_under / np.where(defined, m * (n - 1.0), 1.0)
    return GroupedAuc(
        value=sums.beneath / np.maximum(2.0 * n, 1.0),
        se=np.where(defined, np.sqrt((of_diseased + of_healthy) / scale), 0.0),
        has_value=(m >= 1) & (n >= 1),
        defined=defined,
        n_diseased=m,
        n_healthy=n,
    )
