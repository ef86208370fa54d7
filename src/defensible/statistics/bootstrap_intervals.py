"""Intervals from bootstrap replicates; one function, one method.

Quantiles interpolate between order statistics as NumPy does by default (type 7), which is what
pROC and scipy do; R's boot has another rule, of no weight at 2,000 replicates. The value shown is
that of the data, never the mean or median of the replicates.

References
----------
Efron. Journal of the American Statistical Association 1987;82:171-185 (BCa).
Davison, Hinkley. Bootstrap Methods and their Application, 1997, chapter 5.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from defensible.statistics import bootstrap
from defensible.statistics.arrays import Floats, Ints, confidence_level
from defensible.statistics.bootstrap import Design, Replicates, Statistic
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.jackknife import LeftOut, acceleration, n_clusters, position


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    name: str
    value: float
    drawn: Floats


def percentile(replicates: Replicates, name: str, *, level: float = 0.95) -> Estimate:
    """Quantiles of the replicates: simple, respects the range, poor where the estimate is biased.

    Parameters
    ----------
    replicates : Replicates
        From `bootstrap.replicates`.
    name : str
        Which statistic.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        There is no such statistic, or `level` does not lie between 0 and 1.
    """
    column = _column(replicates, name)
    low, high = np.quantile(column.drawn, _tails(level))
    return _estimate(replicates, column, (float(low), float(high)), level, "percentile")


def basic(replicates: Replicates, name: str, *, level: float = 0.95) -> Estimate:
    """Quantiles mirrored at the estimate; may leave the range of the statistic.

    Parameters and errors as in `percentile`.
    """
    column = _column(replicates, name)
    low, high = np.quantile(column.drawn, _tails(level))
    limits = 2 * column.value - float(high), 2 * column.value - float(low)
    return _estimate(replicates, column, limits, level, "basic")


def normal(replicates: Replicates, name: str, *, level: float = 0.95) -> Estimate:
    """The estimate with the replicates' standard deviation as standard error.

    Parameters and errors as in `percentile`.
    """
    column = _column(replicates, name)
    reach = float(ndtri(_tails(level)[1])) * float(column.drawn.std(ddof=1))
    return _estimate(
        replicates, column, (column.value - reach, column.value + reach), level, "normal"
    )


def bca(replicates: Replicates, units: LeftOut, name: str, *, level: float = 0.95) -> Estimate:
    """Bias-corrected and accelerated interval: second-order right, respects the range.

    Parameters
    ----------
    replicates : Replicates
        From `bootstrap.replicates`.
    units : LeftOut
        From `jackknife.left_out`, with the same design and statistic.
    name : str
        Which statistic.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Returns
    -------
    Estimate
        Where all replicates lie on one side of the estimate the correction has no value: the
        limits are then those of `percentile`, and `Caution.BOUNDARY` says so.

    Raises
    ------
    ValueError
        There is no such statistic, `units` are of other cases, `level` does not lie between 0
        and 1.
    """
    column = _column(replicates, name)
    if units.design.n_units != replicates.design.n_units:
        raise ValueError(
            f"units must be those of the replicates; {units.design.n_units} and "
            f"{replicates.design.n_units} found"
        )
    tails = np.array(_tails(level))
    below = (column.drawn < column.value).mean() + (column.drawn <= column.value).mean()
    shift = float(ndtri(below / 2))
    if not np.isfinite(shift):
        plain = percentile(replicates, name, level=level)
        return _estimate(
            replicates, column, (plain.low, plain.high), level, "BCa", Caution.BOUNDARY
        )
    moved = shift + ndtri(tails)
    corrected = ndtr(shift + moved / (1 - acceleration(units, name) * moved))
    low, high = np.quantile(column.drawn, corrected)
    return _estimate(replicates, column, (float(low), float(high)), level, "BCa")


def studentized(
    design: Design,
    statistic: Statistic,
    name: str,
    *,
    seed: int,
    n_replicates: int = 1000,
    n_inner: int = 50,
    level: float = 0.95,
) -> Estimate:
    """Bootstrap-t interval, each replicate's standard error by a bootstrap within it.

    Parameters
    ----------
    design, statistic, name
        As for `bootstrap.replicates`; a design that draws sites themselves is refused.
    seed : int
        Of NumPy's SeedSequence.
    n_replicates, n_inner : int
        Outer and inner resamples; the cost is their product. 2 or more.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        As `bootstrap.replicates`; also where a replicate has no variance of its own.
    """
    if design.sites_drawn:
        raise ValueError("the studentized interval needs one kind of unit: use percentile or BCa")
    if min(n_replicates, n_inner) < 2:
        raise ValueError(f"2 resamples or more are needed; {n_replicates} and {n_inner} found")
    values = bootstrap.observed(design, statistic)
    place = position(statistic.names, name)
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    outer = bootstrap.counts_of_units(design, generator, n_replicates)
    drawn = bootstrap.evaluated(design, statistic, [outer])
    errors = np.empty(n_replicates)
    for row, counts in enumerate(outer):
        inner = _within(design, generator, counts, n_inner)
        errors[row] = bootstrap.evaluated(design, statistic, [inner])[:, place].std(ddof=1)
    if not (np.isfinite(drawn).all() and np.isfinite(errors).all() and errors.min() > 0):
        raise ValueError(
            f"{name} must be defined, with some variance, in every resample; use percentile or BCa"
        )
    replicates = Replicates(
        names=statistic.names, values=values, drawn=drawn, design=design, seed=seed
    )
    column = _column(replicates, name)
    se = float(column.drawn.std(ddof=1))
    low, high = np.quantile((column.drawn - column.value) / errors, _tails(level))
    limits = column.value - float(high) * se, column.value - float(low) * se
    return _estimate(replicates, column, limits, level, "studentized")


def _within(design: Design, generator: np.random.Generator, counts: Ints, n: int) -> Ints:
    """Resamples of a resample: its units, as often as they were drawn."""
    pool = np.repeat(np.arange(design.n_units), counts)
    again = bootstrap.counts_of_units(design, generator, n)
    # A stratum keeps its size, so the pool's places are strata's places, too.
    inner = np.zeros_like(again)
    for row, often in zip(inner, again, strict=True):
        np.add.at(row, pool, often)
    return inner


def _tails(level: float) -> tuple[float, float]:
    confidence_level(level)
    return 0.5 - level / 2, 0.5 + level / 2


def _column(replicates: Replicates, name: str) -> _Column:
    place = position(replicates.names, name)
    return _Column(
        name=name, value=float(replicates.values[place]), drawn=replicates.drawn[:, place]
    )


def _estimate(
    replicates: Replicates,
    column: _Column,
    limits: tuple[float, float],
    level: float,
    method: str,
    *cautions: Caution,
) -> Estimate:
    design = replicates.design
    se = float(column.drawn.std(ddof=1))
    still = (Caution.NO_VARIANCE,) if np.ptp(column.drawn) == 0 else ()
    return Estimate(
        value=column.value,
        low=limits[0],
        high=limits[1],
        level=level,
        method=f"bootstrap of {design.says}, {method}, {column.drawn.size} replicates",
        n=design.n_cases,
        n_clusters=n_clusters(design),
        se=se,
        cautions=(*still, *cautions),
    )
