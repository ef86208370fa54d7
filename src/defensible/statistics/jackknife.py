"""Jackknife: the statistic without each unit in turn, by weights of 0 and 1.

Units are those of a `bootstrap.Design`: cases, patients or sites. Above a thousand, groups of units
are left out together, which keeps the cost linear and the variance estimate consistent.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from defensible.statistics import bootstrap
from defensible.statistics.arrays import Floats, Ints, confidence_level
from defensible.statistics.bootstrap import Design, Statistic
from defensible.statistics.estimate import Caution, Estimate

_MOST_GROUPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Statistics of the data, and without each group of units.

    Attributes
    ----------
    names : tuple of str
        The statistics.
    values : float array, shape (n_statistics,)
        Of the data.
    without : float array, shape (n_groups, n_statistics)
        Without each group.
    stratum : int array, shape (n_groups,)
        Stratum of each group.
    design : Design
        What was left out.
    """

    names: tuple[str, ...]
    values: Floats
    without: Floats
    stratum: Ints
    design: Design


def left_out(design: Design, statistic: Statistic) -> LeftOut:
    """The statistics without each unit in turn (groups of units above a thousand).

    Raises
    ------
    ValueError
        A stratum with one unit, sites that are drawn themselves, a statistic of other cases, or
        one that is not defined without some unit.
    """
    values = bootstrap.observed(design, statistic)
    if design.sites_drawn:
        raise ValueError("the jackknife leaves out one kind of unit: make a design of the sites")
    if min(design.sizes) < 2:
        raise ValueError("each stratum must hold two or more units; one holds a single unit")
    group, stratum = _groups(design)
    blocks, start = [], 0
    for size in bootstrap.block_sizes(design, stratum.size):
        rows = np.arange(start, start + size)[:, None]
        blocks.append((group != rows).astype(np.int64))
        start += size
    without = bootstrap.evaluated(design, statistic, blocks)
    if not np.isfinite(without).all():
        bad = int(np.argmin(np.isfinite(without).all(axis=0)))
        raise ValueError(f"{statistic.names[bad]} is not defined without some unit")
    return LeftOut(
        names=statistic.names, values=values, without=without, stratum=stratum, design=design
    )


def estimate(units: LeftOut, name: str, *, level: float = 0.95) -> Estimate:
    """A statistic with the jackknife's standard error and t interval; the value as observed.

    Raises
    ------
    ValueError
        There is no such statistic, or `level` does not lie between 0 and 1.
    """
    confidence_level(level)
    place = position(units.names, name)
    deviations, sizes = _deviations(units, place)
    shrink = (sizes - 1) / sizes
    se = sqrt(float((shrink[units.stratum] * deviations**2).sum()))
    df = float((sizes - 1).sum())
    reach = float(stdtrit(df, 0.5 + level / 2)) * se
    value = float(units.values[place])
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        level=level,
        method=f"jackknife over {units.design.says}",
        n=units.design.n_cases,
        n_clusters=n_clusters(units.design),
        se=se,
        df=df,
        cautions=() if se > 0 else (Caution.NO_VARIANCE,),
    )


def acceleration(units: LeftOut, name: str) -> float:
    """The acceleration of BCa intervals: a sixth of the skewness of the units' influence.

    With strata as in Davison and Hinkley, Bootstrap Methods, 1997, section 5.3. Zero without
    variance.
    """
    deviations, sizes = _deviations(units, position(units.names, name))
    influence = deviations * ((sizes - 1) / sizes)[units.stratum]
    squares = float((influence**2).sum())
    return float((influence**3).sum()) / (6 * squares**1.5) if squares > 0 else 0.0


def position(names: tuple[str, ...], name: str) -> int:
    """Place of a statistic by its name, or a `ValueError` that lists them."""
    if name not in names:
        raise ValueError(f"there is no statistic {name!r}; there are: {', '.join(names)}")
    return names.index(name)


def n_clusters(design: Design) -> int | None:
    """Number of clusters, or None where each case is its own."""
    return None if design.n_units == design.n_cases else design.n_units


def _groups(design: Design) -> tuple[Ints, Ints]:
    """Group of each unit, and stratum of each group."""
    share = min(1.0, _MOST_GROUPS / design.n_units)
    groups, strata, first = [], [], 0
    for stratum, size in enumerate(design.sizes):
        n_groups = max(2, round(size * share))
        groups.append(first + np.arange(size) % n_groups)
        strata.append(np.full(n_groups, stratum))
        first += n_groups
    return np.concatenate(groups), np.concatenate(strata)


def _deviations(units: LeftOut, place: int) -> tuple[Floats, Floats]:
    """Stratum's mean minus each value, and the number of groups in each stratum."""
    without = units.without[:, place]
    sizes = np.bincount(units.stratum).astype(np.float64)
    means = np.bincount(units.stratum, weights=without) / sizes
    return means[units.stratum] - without, sizes
