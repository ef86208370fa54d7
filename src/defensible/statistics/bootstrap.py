"""Bootstrap by weights: sort once, then a replicate is a vector of counts.

A resample says how often each case was drawn. Whatever depends on cases through ranks or sums is a
function of those counts, so nothing is gathered or sorted again::

    design = bootstrap.clusters(patient, strata=site)
    statistics = weighted_ranks.of(truth, scores, [weighted_ranks.Auc()])
    drawn = bootstrap.replicates(design, statistics, seed=1)
    bootstrap_intervals.percentile(drawn, "AUC")

Replicates are drawn in chunks of a fixed size, each with its own child of the seed, so the digits
do not depend on how many workers share the chunks, nor on the memory at hand.
"""

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import repeat
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics.arrays import Floats, Ints, codes, same_length

_CHUNK = 100  # replicates with one seed; part of what a seed means, so never changed
_MANY_STRATA = 32  # beyond it one call draws for all strata
_BLOCK = 1 << 18  # counts held at once: they stay in the cache of one core


class Statistic(Protocol):
    """Functions of how often each case was drawn, for many resamples at once."""

    @property
    def names(self) -> tuple[str, ...]:
        """Their names in the field."""
        ...

    @property
    def order(self) -> Ints:
        """The cases in the order in which `of` wants their counts."""
        ...

    def of(self, counts: Ints) -> Floats:
        """Their values, shape (n_resamples, n_names), from counts (n_resamples, n_cases).

        A resample in which one is not defined gives NaN.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is drawn with replacement. Made by `cases`, `clusters` or `clusters_within_sites`.

    Attributes
    ----------
    unit : int array, shape (n_cases,)
        The unit that a case comes with; units of one stratum are numbered in one run.
    sizes : tuple of int
        Number of units in each stratum.
    sites_drawn : bool
        True where the strata themselves are drawn first.
    says : str
        The design in words, for `Estimate.method`.
    """

    unit: Ints
    sizes: tuple[int, ...]
    sites_drawn: bool
    says: str

    @property
    def n_cases(self) -> int:
        """Number of cases."""
        return self.unit.size

    @property
    def n_units(self) -> int:
        """Number of units that are drawn."""
        return sum(self.sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """Statistics of the data and of each resample.

    Attributes
    ----------
    names : tuple of str
        The statistics.
    values : float array, shape (n_statistics,)
        Of the data.
    drawn : float array, shape (n_replicates, n_statistics)
        Of each resample.
    design : Design
        What was drawn.
    seed : int
        Of the whole.
    """

    names: tuple[str, ...]
    values: Floats
    drawn: Floats
    design: Design
    seed: int


def cases(n_cases: int, *, strata: ArrayLike | None = None) -> Design:
    """Draw cases, each for itself; within strata, if given (the truth, to fix both classes).

    Raises
    ------
    ValueError
        No case, or `strata` has another length.
    """
    return clusters(np.arange(n_cases), strata=strata)


def clusters(cluster: ArrayLike, *, strata: ArrayLike | None = None) -> Design:
    """Draw clusters (patients, sites), each with all its cases; within strata, if given.

    Parameters
    ----------
    cluster : array, shape (n_cases,)
        Patient or site of each case.
    strata : array, shape (n_cases,), optional
        A cluster lies in one stratum.

    Raises
    ------
    ValueError
        No case, lengths differ, or a cluster lies in two strata.
    """
    cluster_code = codes("cluster", cluster)
    if cluster_code.size == 0:
        raise ValueError("cluster must hold one case or more; it is empty")
    if strata is None:
        says = "cases" if cluster_code.max() + 1 == cluster_code.size else "clusters"
        return Design(
            unit=cluster_code, sizes=(int(cluster_code.max()) + 1,), sites_drawn=False, says=says
        )
    stratum_code = codes("strata", strata)
    same_length(cluster=cluster_code, strata=stratum_code)
    unit, sizes = _numbered(cluster_code, stratum_code, ("cluster", "strata", "strata"))
    says = "cases within strata" if len(unit) == sum(sizes) else "clusters within strata"
    return Design(unit=unit, sizes=sizes, sites_drawn=False, says=says)


def clusters_within_sites(site: ArrayLike, cluster: ArrayLike) -> Design:
    """Draw sites, then clusters within each site drawn: for a claim about sites not seen.

    Parameters
    ----------
    site, cluster : arrays, shape (n_cases,)
        Site and patient of each case; a patient belongs to one site.

    Raises
    ------
    ValueError
        No case, lengths differ, fewer than two sites, or a cluster lies in two sites.
    """
    site_code, cluster_code = codes("site", site), codes("cluster", cluster)
    same_length(site=site_code, cluster=cluster_code)
    unit, sizes = _numbered(cluster_code, site_code, ("cluster", "sites", "site"))
    if len(sizes) < 2:
        raise ValueError(f"site must hold two or more sites; {len(sizes)} found")
    return Design(unit=unit, sizes=sizes, sites_drawn=True, says="sites, then clusters in them")


def replicates(
    design: Design,
    statistic: Statistic,
    *,
    seed: int,
    n_replicates: int = 2000,
    executor: Executor | None = None,
) -> Replicates:
    """The statistics of the data and of `n_replicates` resamples.

    Parameters
    ----------
    design : Design
        What is drawn.
    statistic : Statistic
        One or more numbers of the same cases.
    seed : int
        Of NumPy's SeedSequence, 0 or above.
    n_replicates : int
        2 or more; 2,000 for intervals that are reported.
    executor : Executor, optional
        Where chunks run: a process pool, a thread pool or a cluster's; the digits do not change.

    Raises
    ------
    ValueError
        Fewer than two replicates, a statistic of other cases, or one that is not defined in the
        data or in some resample.

    Notes
    -----
    O(n_replicates * n_cases) time; about 2 MB of counts at once and worker.
    """
    if n_replicates < 2:
        raise ValueError(f"n_replicates must be 2 or more; {n_replicates} found")
    values = observed(design, statistic)
    sizes = [min(_CHUNK, n_replicates - start) for start in range(0, n_replicates, _CHUNK)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    work = (repeat(design), repeat(statistic), seeds, sizes)
    parts = executor.map(_chunk, *work) if executor else map(_chunk, *work)
    drawn = np.concatenate(list(parts))
    _defined(statistic, drawn)
    return Replicates(names=statistic.names, values=values, drawn=drawn, design=design, seed=seed)


def observed(design: Design, statistic: Statistic) -> Floats:
    """The statistics of the data, after checking that they are of the design's cases."""
    if statistic.order.size != design.n_cases:
        raise ValueError(
            f"{statistic.names[0]} is of {statistic.order.size} cases, "
            f"the design of {design.n_cases}"
        )
    values: Floats = statistic.of(np.ones((1, design.n_cases), dtype=np.int64))[0]
    if not np.isfinite(values).all():
        raise ValueError(f"{statistic.names[int(np.argmin(np.isfinite(values)))]} is not defined")
    return values


def evaluated(design: Design, statistic: Statistic, blocks: Iterable[Ints]) -> Floats:
    """The statistics of resamples, given in blocks of counts of units (n_resamples, n_units)."""
    unit = design.unit[statistic.order]
    return np.concatenate([statistic.of(np.take(counts, unit, axis=1)) for counts in blocks])


def block_sizes(design: Design, n: int) -> list[int]:
    """`n` resamples in blocks that fit the cache."""
    rows = max(1, _BLOCK // design.n_cases)
    return [min(rows, n - start) for start in range(0, n, rows)]


def counts_of_units(design: Design, generator: np.random.Generator, n: int) -> Ints:
    """How often each unit was drawn in each of `n` resamples, shape (n, n_units).

    Resamples are drawn one after the other, so `n` at once or one by one give the same.
    """
    if design.sites_drawn:
        return np.stack([_two_stages(design, generator) for _ in range(n)])
    if len(design.sizes) == 1:
        return _counted(generator.integers(0, design.n_units, size=(n, design.n_units)))
    sizes = np.array(design.sizes)
    starts = np.cumsum(sizes) - sizes
    if len(design.sizes) > _MANY_STRATA:
        reach, first = np.repeat(sizes, sizes), np.repeat(starts, sizes)
        return _counted(first + generator.integers(0, reach, size=(n, design.n_units)))
    drawn = np.empty((n, design.n_units), dtype=np.int64)
    for row in drawn:
        for start, size in zip(starts, sizes, strict=True):
            row[start : start + size] = generator.integers(start, start + size, size=size)
    return _counted(drawn)


def _counted(drawn: Ints) -> Ints:
    n, n_units = drawn.shape
    drawn += n_units * np.arange(n)[:, None]
    return np.bincount(drawn.ravel(), minlength=drawn.size).reshape(n, n_units)


def _two_stages(design: Design, generator: np.random.Generator) -> Ints:
    sizes = np.array(design.sizes)
    starts = np.cumsum(sizes) - sizes
    sites = generator.integers(0, sizes.size, size=sizes.size)
    reach = np.repeat(sizes[sites], sizes[sites])
    drawn = np.repeat(starts[sites], sizes[sites]) + generator.integers(0, reach)
    return np.bincount(drawn, minlength=design.n_units)


def _chunk(design: Design, statistic: Statistic, seed: np.random.SeedSequence, size: int) -> Floats:
    generator = np.random.default_rng(seed)
    sizes = block_sizes(design, size)
    return evaluated(design, statistic, (counts_of_units(design, generator, n) for n in sizes))


def _numbered(
    cluster: Ints, stratum: Ints, names: tuple[str, str, str]
) -> tuple[Ints, tuple[int, ...]]:
    """Clusters renumbered so that those of one stratum follow each other."""
    if cluster.size == 0:
        raise ValueError(f"{names[0]} must hold one case or more; it is empty")
    n = int(cluster.max()) + 1
    home = np.empty(n, dtype=np.int64)
    home[cluster] = stratum
    astray = home[cluster] != stratum
    if astray.any():
        raise ValueError(
            f"each {names[0]} must lie in one of the {names[1]}; the {names[0]} of case "
            f"{int(np.argmax(astray))} lies in two: give one {names[2]} value a {names[0]}"
        )
    place = np.empty(n, dtype=np.int64)
    place[np.argsort(home, kind="stable")] = np.arange(n)
    return place[cluster], tuple(int(size) for size in np.bincount(home))


def _defined(statistic: Statistic, drawn: Floats) -> None:
    lacking = ~np.isfinite(drawn)
    if lacking.any():
        worst = int(np.argmax(lacking.sum(axis=0)))
        raise ValueError(
            f"{statistic.names[worst]} is not defined in {int(lacking[:, worst].sum())} of "
            f"{drawn.shape[0]} resamples, such as those without a diseased case: "
            "draw within strata of the truth, or use a method without resampling"
        )
