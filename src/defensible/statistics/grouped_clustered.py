"""Rates and areas in every group of a grouping, where several cases belong to one patient.

As `grouped`, patients being independent: the ratio estimator of `clustered.proportion` and
Obuchowski's variance of `clustered.auc` in every group at one pass. A patient may have cases in
several groups, and counts once in each.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from defensible.statistics.arrays import Bools, Floats, Ints, bools, same_length
from defensible.statistics.clustered import ROUNDING
from defensible.statistics.grouped import GroupedAuc
from defensible.statistics.grouped_runs import (
    GroupedRuns,
    group_codes,
    moments,
    runs_by_group,
    stretch_sums,
)
from defensible.statistics.proportions import wilson_of_shares
from defensible.statistics.ranking import Ranking, increasing_codes


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


def rates(truth: Bools, positive: Bools, patient: Ints, codes: Ints, n_groups: int) -> GroupedRates:
    """Sensitivity and specificity in each group, with the ratio estimator's standard errors.

    Parameters
    ----------
    truth, positive : bool arrays, shape (n_cases,)
        Reference standard, and the device's decision.
    patient : int array, shape (n_cases,)
        Patient of each case as a code 0, 1, ..., such as `arrays.codes` gives.
    codes : int array, shape (n_cases,)
        Group of each case, 0 to `n_groups` - 1, or -1 for none.
    n_groups : int
        Groups, empty ones included.

    Raises
    ------
    ValueError
        Lengths differ, a code lies outside -1..n_groups - 1, a patient's code is negative.
    """
    present, decided = bools("truth", truth), bools("positive", positive)
    group = group_codes(codes, n_groups)
    same_length(truth=present, positive=decided, codes=group)
    return GroupedRates(
        sensitivity=shares(decided, patient, np.where(present, group, -1), n_groups),
        specificity=shares(~decided, patient, np.where(present, -1, group), n_groups),
    )


def shares(success: Bools, patient: Ints, codes: Ints, n_groups: int) -> GroupedShare:
    """Proportion of cases with an outcome in each group; parameters as in `rates`."""
    outcome, group = bools("success", success), group_codes(codes, n_groups)
    same_length(success=outcome, codes=group)
    held = stays(group, patient, n_groups)
    sizes = held.sizes
    counts = stretch_sums(outcome[held.cases].astype(np.float64), held.bounds)
    n = stretch_sums(sizes.astype(np.float64), held.start)
    total = stretch_sums(counts, held.start)
    k = np.diff(held.start)
    here = np.repeat(np.arange(n_groups), k)
    # The numerator is whole, so that no variance is exactly zero.
    residual = (n[here] * counts - sizes * total[here]) / n[here] ** 2
    squares = stretch_sums(residual**2, held.start)
    defined = k >= 2
    return GroupedShare(
        count=total.astype(np.int64),
        n=n.astype(np.int64),
        n_clusters=k,
        se=np.where(defined, np.sqrt(squares * k / np.maximum(k - 1, 1)), 0.0),
        defined=defined,
    )


def aucs(cases: Ranking, patient: Ints, codes: Ints, n_groups: int) -> GroupedAuc:
    """Area under the empirical ROC curve in each group, with Obuchowski's standard error.

    Parameters
    ----------
    cases : Ranking
        What `grouped.sort` returned.
    patient : int array, shape (n_cases,)
        Patient of each case as a code 0, 1, ..., in the order given to `grouped.sort`.
    codes, n_groups
        As in `grouped.aucs`.

    Raises
    ------
    ValueError
        Lengths differ, a code lies outside -1..n_groups - 1, a patient's code is negative.

    References
    ----------
    Obuchowski. Biometrics 1997;53:567-578.
    """
    held = stays(group_codes(codes, n_groups), patient, n_groups)
    runs = runs_by_group(cases, codes, n_groups)
    value, share = _contributions(cases, runs)
    truth, along = cases.truth[held.cases], share[held.cases]
    diseased = stretch_sums(np.where(truth, along, 0.0), held.bounds)
    healthy = stretch_sums(np.where(truth, 0.0, along), held.bounds)
    n_diseased = stretch_sums(truth.astype(np.float64), held.bounds)
    with_diseased = stretch_sums((n_diseased > 0).astype(np.float64), held.start)
    with_healthy = stretch_sums((n_diseased < held.sizes).astype(np.float64), held.start)
    k = np.diff(held.start)
    own = _unbiased(with_diseased) * stretch_sums(diseased**2, held.start)
    own += _unbiased(with_healthy) * stretch_sums(healthy**2, held.start)
    variance = own + 2 * _unbiased(k) * stretch_sums(diseased * healthy, held.start)
    m, n = runs.n_diseased, runs.n_healthy
    defined = (with_diseased >= 2) & (with_healthy >= 2)
    return GroupedAuc(
        value=value,
        # What rounding leaves of no variance is none, as in `clustered.auc_variance`.
        se=np.where(defined & (variance > ROUNDING * own), np.sqrt(np.abs(variance)), 0.0),
        has_value=(m >= 1) & (n >= 1),
        defined=defined,
        n_diseased=m,
        n_healthy=n,
        n_clusters=k,
    )


class Stays(NamedTuple):
    """Cases by group, then patient: a stay is one patient in one group.

    `bounds` parts `cases` into stays of `sizes` cases; `start` parts the stays into groups.
    """

    cases: Ints
    bounds: Ints
    sizes: Ints
    start: Ints


def stays(group: Ints, patient: Ints, n_groups: int) -> Stays:
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
    keys = group[kept] * n_patients + who[kept]
    order = increasing_codes(keys)
    sorted_keys = keys[order]
    first = np.flatnonzero(np.concatenate([[True], sorted_keys[1:] != sorted_keys[:-1]]))
    first = first[: keys.size]  # no stay where no case was kept
    bounds = np.append(first, keys.size)
    start = np.searchsorted(sorted_keys[first] // n_patients, np.arange(n_groups + 1))
    return Stays(kept[order], bounds, np.diff(bounds), start)


def _contributions(cases: Ranking, runs: GroupedRuns) -> tuple[Floats, Floats]:
    """Area of each group; and each case's placement less its mean, over the size of its class."""
    m, n = runs.n_diseased, runs.n_healthy
    n_runs = np.diff(runs.start)
    pairs = np.repeat(1 / np.maximum(2.0 * m * n, 1.0), n_runs)
    share = np.zeros(cases.truth.size)
    means = []
    for kind, weights, doubled, total in (
        (runs.sorted_truth, runs.diseased, runs.beneath, m),
        (~runs.sorted_truth, runs.healthy, runs.above, n),
    ):
        mean, _ = moments(weights, doubled, runs.start, total)
        means.append(mean)
        centred = (doubled - np.repeat(mean, n_runs)) * pairs
        share[cases.order[runs.at[kind]]] = np.repeat(centred, weights)
    return means[0] / np.maximum(2.0 * n, 1.0), share


def _unbiased(k: Floats | Ints) -> Floats:
    return np.asarray(k / np.maximum(k - 1.0, 1.0))
