"""Rates and areas in every group of a grouping, where several cases belong to one patient.

As `grouped`, patients being independent: the ratio estimator of `clustered.proportion` and
Obuchowski's variance of `clustered.auc` in every group at one pass. A patient may have cases in
several groups, and counts once in each. A patient with one case in a group is an independent case
there, so that only `stays` of two cases or more are summed patient by patient.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from defensible.statistics.arrays import Bools, Floats, Ints, bools, same_length
from defensible.statistics.clustered import ROUNDING
from defensible.statistics.grouped import GroupedAuc
from defensible.statistics.grouped_patients import Stays, blocks_of_stays, sums_in_stays
from defensible.statistics.grouped_runs import Codes, Sorted, group_codes, two_by_two
from defensible.statistics.grouped_sums import GroupSums, of_groups, of_groups_and_cases
from defensible.statistics.proportions import wilson_of_shares


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedShare:
    """A proportion in each group, patients being independent; arrays of shape (n_groups,).

    Attributes
    ----------
    count, n : int arrays
        Cases with the outcome, and cases.
    n_clusters : int array
        Patients.
    se : float array
        Standard error of the ratio estimator; 0 where `defined` is False.
    defined : bool array
        The group holds two or more patients.
    """

    count: Ints
    n: Ints
    n_clusters: Ints
    se: Floats
    defined: Bools

    @property
    def value(self) -> Floats:
        """The proportion; 0 in an empty group."""
        return np.asarray(self.count / np.maximum(self.n, 1))

    @property
    def effective_n(self) -> Floats:
        """Cases over the design effect; the number of patients where the data show no variance."""
        share = self.value
        varies = self.se > 0
        variance = np.where(varies, self.se, 1.0) ** 2
        return np.where(varies, share * (1 - share) / variance, self.n_clusters)

    def limits(self, *, level: float = 0.95) -> tuple[Floats, Floats]:
        """Wilson's limits on effective cases, 0 and 1 where undefined."""
        effective = np.where(self.defined, self.effective_n, 1.0)
        low, high = wilson_of_shares(self.value, effective, level=level)
        return np.where(self.defined, low, 0.0), np.where(self.defined, high, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedRates:
    """Sensitivity and specificity in each group, patients being independent."""

    sensitivity: GroupedShare
    specificity: GroupedShare


def rates(truth: Bools, positive: Bools, held: Stays, codes: Codes, n_groups: int) -> GroupedRates:
    """Sensitivity and specificity in each group, with the ratio estimator's standard errors.

    Parameters
    ----------
    truth, positive : bool arrays, shape (n_cases,)
        Reference standard, and the device's decision.
    held : Stays
        What `grouped_patients.stays` returned for these codes.
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
    return GroupedRates(
        sensitivity=shares(decided, present, held, codes, n_groups),
        specificity=shares(~decided, ~present, held, codes, n_groups),
    )


def shares(success: Bools, of: Bools, held: Stays, codes: Codes, n_groups: int) -> GroupedShare:
    """Proportion with an outcome of the cases that `of` names, in each group; else as `rates`."""
    outcome, counts_in = bools("success", success), bools("of", of)
    group = group_codes(codes, n_groups)
    same_length(success=outcome, of=counts_in, codes=group)
    _, _, without, count = two_by_two(group, counts_in, outcome, n_groups).T
    n = without + count
    more = np.zeros((4, n_groups))
    for first, past, part in blocks_of_stays(held):
        at, where = held.cases[part], held.group[first:past]
        inside = counts_in[at]
        s = sums_in_stays(held, inside.astype(np.float64), first, past)
        c = sums_in_stays(held, (inside & outcome[at]).astype(np.float64), first, past)
        for row, one in enumerate((c * c - c, c * s - c, s * s - s, s - (s > 0))):
            more[row] += np.bincount(where, one, n_groups)
    both, mixed, sizes, fewer = more.astype(np.int64)
    k = n - fewer
    defined = k >= 2
    variance = (
        _squared_residuals(n, count, count + both, count + mixed, n + sizes)
        * k
        / np.maximum(k - 1, 1)
    )
    return GroupedShare(
        count=count,
        n=n,
        n_clusters=k,
        se=np.where(defined, np.sqrt(variance), 0.0),
        defined=defined,
    )


def _squared_residuals(n: Ints, count: Ints, both: Ints, mixed: Ints, sizes: Ints) -> Floats:
    """Sum over patients of ((n c - s count) / n^2)^2, from sums of c c, c s and s s.

    In whole numbers without limit, so that no variance is exactly zero.
    """
    cases, total = n.astype(object), count.astype(object)
    squares = cases**2 * both - 2 * cases * total * mixed + total**2 * sizes
    return np.asarray(squares / np.maximum(cases, 1) ** 4, dtype=np.float64)


def aucs(cases: Sorted, held: Stays, codes: Codes, n_groups: int) -> GroupedAuc:
    """Area under the empirical ROC curve in each group, with Obuchowski's standard error.

    Parameters
    ----------
    cases : Sorted
        What `grouped.sort` returned.
    held : Stays
        What `grouped_patients.stays` returned for these codes.
    codes, n_groups
        As in `grouped.aucs`.

    Raises
    ------
    ValueError
        Lengths differ, or a code lies outside -1..n_groups - 1.

    Notes
    -----
    O(n log n + n_groups) time, some 60 bytes a case.

    References
    ----------
    Obuchowski. Biometrics 1997;53:567-578.
    """
    if held.cases.size:
        apart = np.zeros(cases.truth.size, dtype=np.bool_)
        apart[held.cases] = True
        singles, placements = of_groups_and_cases(cases, codes, n_groups, apart)
    else:
        singles, placements = of_groups(cases, codes, n_groups), held.cases
    m, n = singles.n_diseased, singles.n_healthy
    sums = _sums_of_stays(cases.truth, placements, held, singles)
    of_diseased = sums.diseased + singles.squares_beneath
    of_healthy = sums.healthy + singles.squares_under
    with_diseased, with_healthy = m - sums.fewer_diseased, n - sums.fewer_healthy
    k = m + n - sums.fewer
    own = _unbiased(with_diseased) * of_diseased + _unbiased(with_healthy) * of_healthy
    variance = own + 2 * _unbiased(k) * sums.crossed
    defined = (with_diseased >= 2) & (with_healthy >= 2)
    # Placements are doubled counts over twice the size of the other class.
    scale = np.maximum(2.0 * m * n, 1.0)
    return GroupedAuc(
        value=singles.beneath / np.maximum(2.0 * n, 1.0),
        # What rounding leaves of no variance is none, as in `clustered.auc_variance`.
        se=np.where(defined & (variance > ROUNDING * own), np.sqrt(np.abs(variance)) / scale, 0.0),
        has_value=(m >= 1) & (n >= 1),
        defined=defined,
        n_diseased=m,
        n_healthy=n,
        n_clusters=k,
    )


class _StaySums(NamedTuple):
    """Sums over the stays of each group, of doubled counts less their mean.

    `diseased` and `healthy` are sums of squares of a stay's total, `crossed` of the product of
    both; `fewer...` say by how many the patients are fewer than the cases.
    """

    diseased: Floats
    healthy: Floats
    crossed: Floats
    fewer_diseased: Ints
    fewer_healthy: Ints
    fewer: Ints


def _sums_of_stays(truth: Bools, placements: Codes, held: Stays, mean: GroupSums) -> _StaySums:
    n_groups = mean.beneath.size
    sums = np.zeros((6, n_groups))
    for first, past, part in blocks_of_stays(held):
        at, where = held.cases[part], held.group[first:past]
        placed, present = placements[at], truth[at]
        here = np.repeat(where, np.diff(held.bounds[first : past + 1]))
        beneath = np.where(present, placed - mean.beneath[here], 0.0)
        # more diseased cases below are fewer above, and it is those above that count
        above = np.where(present, 0.0, mean.under[here] - placed)
        diseased, healthy = (sums_in_stays(held, one, first, past) for one in (beneath, above))
        m = sums_in_stays(held, present.astype(np.float64), first, past)
        size = np.diff(held.bounds[first : past + 1])
        n = size - m
        for row, more in enumerate(
            (diseased**2, healthy**2, diseased * healthy, m - (m > 0), n - (n > 0), size - 1)
        ):
            sums[row] += np.bincount(where, more, n_groups)
    return _StaySums(*sums[:3], *sums[3:].astype(np.int64))


def _unbiased(k: Ints) -> Floats:
    return np.asarray(k / np.maximum(k - 1.0, 1.0))
