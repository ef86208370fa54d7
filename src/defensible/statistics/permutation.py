"""Permutation tests: exact under exchangeability, whatever the distribution.

Where there are fewer arrangements than asked for, all are visited and the p-value is exact;
otherwise it is (1 + arrangements at least as far out) / (1 + arrangements drawn), which is never
zero and holds its level.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics.arrays import (
    Bools,
    Floats,
    Ints,
    bools,
    codes,
    finite_floats,
    same_length,
)

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PermutationTest:
    """Result of a permutation test.

    Attributes
    ----------
    statistic : float
        As observed.
    p : float
        Two-sided.
    n_arrangements : int
        Drawn, or visited where `exact`.
    exact : bool
        All arrangements were visited.
    method : str
        What was permuted.
    """

    statistic: float
    p: float
    n_arrangements: int
    exact: bool
    method: str


def sign_flips(
    differences: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    seed: int,
    n_arrangements: int = 9999,
) -> PermutationTest:
    """Whether paired differences have mean zero: each case's (or cluster's) sign may be either.

    Parameters
    ----------
    differences : float array, shape (n_cases,)
        New minus reference, case by case; symmetric about zero under the hypothesis.
    cluster : array, shape (n_cases,), optional
        Patient of each case: all its differences change sign together.
    seed : int
        Of NumPy's generator.
    n_arrangements : int
        1 or more.

    Raises
    ------
    ValueError
        No case, lengths differ, a value not finite, `n_arrangements` below 1.
    """
    given = finite_floats("differences", differences)
    sums, n = _cluster_sums(given, cluster), given.size
    observed = float(given.mean())
    if sums.size < 60 and 2**sums.size <= n_arrangements + 1:
        signs = _all_signs(sums.size)
        means, exact = signs @ sums / n, True
    else:
        generator = _generator(seed, n_arrangements)
        means, exact = _drawn_means(sums, generator, n_arrangements) / n, False
    return _test(observed, means, "signs of paired differences", exact=exact)


def labels(
    truth: ArrayLike, scores: ArrayLike, *, seed: int, n_arrangements: int = 9999
) -> PermutationTest:
    """Whether scores carry any information on the truth: AUC against 0.5, the truth shuffled.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard, both classes.
    scores : float array, shape (n_cases,)
        Device output. Cases must be independent.
    seed, n_arrangements
        As in `sign_flips`.

    Raises
    ------
    ValueError
        Lengths differ, a score is not finite, a class has no case, `n_arrangements` below 1.
    """
    present, score = bools("truth", truth), finite_floats("scores", scores)
    same_length(truth=present, scores=score)
    _both_classes(present)
    ranks = _midranks(score)
    generator = _generator(seed, n_arrangements)
    diseased = int(present.sum())
    sums = np.array(
        [ranks[generator.permutation(ranks.size)[:diseased]].sum() for _ in range(n_arrangements)]
    )
    observed = _auc_of_rank_sum(np.array([ranks[present].sum()]), diseased, ranks.size)
    areas = _auc_of_rank_sum(sums, diseased, ranks.size)
    return _test(float(observed[0]), areas, "truth among cases", centre=0.5, exact=False)


def swaps(
    truth: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    seed: int,
    n_arrangements: int = 1999,
) -> PermutationTest:
    """Whether two devices on the same cases have one AUC: their ranks may be exchanged.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard, both classes.
    first, second : float arrays, shape (n_cases,)
        Outputs on the same cases, each on any scale: they are ranked first.
    cluster : array, shape (n_cases,), optional
        Patient of each case: its cases are exchanged together.
    seed, n_arrangements
        As in `sign_flips`.

    Raises
    ------
    ValueError
        Lengths differ, a score is not finite, a class has no case, `n_arrangements` below 1.

    Notes
    -----
    Tests that the devices are exchangeable, of which equal AUC is one consequence.

    References
    ----------
    Bandos, Rockette, Gur. Statistics in Medicine 2005;24:2873-2893.
    """
    present = bools("truth", truth)
    one, two = finite_floats("first", first), finite_floats("second", second)
    same_length(truth=present, first=one, second=two)
    _both_classes(present)
    unit = np.arange(one.size) if cluster is None else codes("cluster", cluster)
    same_length(truth=present, cluster=unit)
    ranks = np.stack([_midranks(one), _midranks(two)])
    generator = _generator(seed, n_arrangements)
    kept = np.zeros(int(unit.max()) + 1, dtype=np.bool_)
    observed = _difference(present, ranks, kept[unit])
    drawn = np.array(
        [
            _difference(present, ranks, (generator.random(kept.size) < 0.5)[unit])
            for _ in range(n_arrangements)
        ]
    )
    return _test(observed, drawn, "devices within cases (ranks)", exact=False)


def _test(
    observed: float, drawn: Floats, method: str, *, exact: bool, centre: float = 0.0
) -> PermutationTest:
    # A hair of tolerance: arrangements equal in exact arithmetic may differ in the last digit.
    reach = abs(observed - centre) * (1 - 1e-12)
    beyond = int((np.abs(drawn - centre) >= reach).sum())
    p = beyond / drawn.size if exact else (1 + beyond) / (1 + drawn.size)
    return PermutationTest(
        statistic=observed, p=p, n_arrangements=drawn.size, exact=exact, method=method
    )


def _cluster_sums(differences: Floats, cluster: ArrayLike | None) -> Floats:
    if differences.size == 0:
        raise ValueError("differences must hold one case or more; it is empty")
    if cluster is None:
        return differences
    unit = codes("cluster", cluster)
    same_length(differences=differences, cluster=unit)
    return np.bincount(unit, weights=differences).astype(np.float64)


def _all_signs(n: int) -> Floats:
    bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    return np.where(bits > 0, -1.0, 1.0)


def _drawn_means(sums: Floats, generator: np.random.Generator, n: int) -> Floats:
    rows = max(1, _BLOCK // sums.size)
    parts = []
    for start in range(0, n, rows):
        heads = generator.random((min(rows, n - start), sums.size)) < 0.5
        parts.append(np.where(heads, sums, -sums).sum(axis=1))
    return np.concatenate(parts)


def _difference(present: Bools, ranks: Floats, exchanged: Bools) -> float:
    one = np.where(exchanged, ranks[1], ranks[0])
    two = np.where(exchanged, ranks[0], ranks[1])
    return _auc(present, one) - _auc(present, two)


def _auc(present: Bools, scores: Floats) -> float:
    healthy = np.sort(scores[~present])
    diseased = scores[present]
    below = np.searchsorted(healthy, diseased) + np.searchsorted(healthy, diseased, side="right")
    return float(below.mean()) / (2 * healthy.size)


def _auc_of_rank_sum(sums: Floats, diseased: int, n: int) -> Floats:
    areas: Floats = (sums - diseased * (diseased + 1) / 2) / (diseased * (n - diseased))
    return areas


def _midranks(scores: Floats) -> Floats:
    ordered = np.sort(scores)
    first: Ints = np.searchsorted(ordered, scores)
    last: Ints = np.searchsorted(ordered, scores, side="right")
    return (first + last + 1) / 2


def _both_classes(present: Bools) -> None:
    diseased = int(present.sum())
    if diseased in {0, present.size}:
        raise ValueError(
            f"truth must hold cases of both classes; {diseased} of {present.size} are diseased"
        )


def _generator(seed: int, n_arrangements: int) -> np.random.Generator:
    if n_arrangements < 1:
        raise ValueError(f"n_arrangements must be 1 or more; {n_arrangements} found")
    return np.random.default_rng(seed)
