"""Net benefit of acting on a device's probabilities, against acting on all or on none.

At a threshold t one false alarm is worth t / (1 - t) of a found case: that is what choosing the
threshold says. Net benefit is the mean over cases of what each decision brings, so its standard
error is that of a mean, over cases or over patients.

References
----------
Vickers, Elkin. Medical Decision Making 2006;26:565-574.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from defensible.statistics.arrays import (
    Floats,
    Ints,
    bools,
    codes,
    confidence_level,
    finite_floats,
    same_length,
)
from defensible.statistics.estimate import Caution, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class NetBenefit:
    """Net benefit at one threshold, in found cases per case.

    Attributes
    ----------
    threshold : float
        Probability at or above which one acts.
    device : Estimate
        Of acting on the device.
    act_on_all : Estimate
        Of acting on every case; acting on none is 0.
    gain : Estimate
        Device minus the better of acting on all and on none (the better one in these data).
    """

    threshold: float
    device: Estimate
    act_on_all: Estimate
    gain: Estimate


def net_benefit(
    truth: ArrayLike,
    probabilities: ArrayLike,
    *,
    thresholds: ArrayLike,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> tuple[NetBenefit, ...]:
    """Net benefit at each threshold, with intervals.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard, in a sample whose prevalence is that of use.
    probabilities : float array, shape (n_cases,)
        In [0, 1].
    thresholds : float array, shape (n_thresholds,)
        Strictly between 0 and 1.
    cluster : array, shape (n_cases,), optional
        Patient of each case: the standard error is then over patients, with t.
    level : float in (0, 1)
        Confidence level of the two-sided intervals, each for itself.

    Raises
    ------
    ValueError
        Lengths differ, a value out of range, fewer than two cases or patients.
    """
    confidence_level(level)
    present = bools("truth", truth).astype(np.float64)
    p, at = finite_floats("probabilities", probabilities), finite_floats("thresholds", thresholds)
    same_length(truth=present, probabilities=p)
    _in_range(p, at)
    unit = None if cluster is None else codes("cluster", cluster)
    if unit is not None:
        same_length(truth=present, cluster=unit)
    n_units = p.size if unit is None else int(unit.max(initial=-1)) + 1
    if n_units < 2:
        raise ValueError(f"two cases (patients, with clusters) or more are needed; {n_units} found")
    return tuple(_at(present, p, float(threshold), unit, level) for threshold in at)


def _at(
    present: Floats, p: Floats, threshold: float, unit: Ints | None, level: float
) -> NetBenefit:
    price = threshold / (1 - threshold)
    worth = present - (1 - present) * price
    acted = np.where(p >= threshold, worth, 0.0)
    best = worth if worth.mean() > 0 else np.zeros_like(worth)
    return NetBenefit(
        threshold=threshold,
        device=_mean(acted, unit, level, "net benefit"),
        act_on_all=_mean(worth, unit, level, "net benefit of acting on all"),
        gain=_mean(acted - best, unit, level, "gain in net benefit over the better default"),
    )


def _mean(values: Floats, unit: Ints | None, level: float, name: str) -> Estimate:
    n, mean = values.size, float(values.mean())
    if unit is None:
        groups, se, df = None, float(values.std(ddof=1)) / sqrt(n), None
        reach = float(ndtri(0.5 + level / 2)) * se
    else:
        residual = np.bincount(unit, weights=values - mean)
        groups = residual.size
        se = sqrt(groups / (groups - 1) * float(residual @ residual)) / n
        df = float(groups - 1)
        reach = float(stdtrit(df, 0.5 + level / 2)) * se
    return Estimate(
        value=mean,
        low=mean - reach,
        high=mean + reach,
        level=level,
        method=name,
        n=n,
        n_clusters=groups,
        se=se,
        df=df,
        cautions=() if se > 0 else (Caution.NO_VARIANCE,),
    )


def _in_range(p: Floats, thresholds: Floats) -> None:
    if p.size and (p.min() < 0 or p.max() > 1):
        raise ValueError(
            f"probabilities must lie in [0, 1]; they run from {p.min():g} to {p.max():g}"
        )
    bad = (thresholds <= 0) | (thresholds >= 1)
    if bad.any():
        raise ValueError(
            f"thresholds must lie strictly between 0 and 1; {thresholds[bad][0]:g} found"
        )
