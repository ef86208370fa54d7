"""Whether probabilities mean what they say: of cases given 0.3, three in ten have the condition.

Probabilities must lie strictly between 0 and 1 where their logit is used (`slope`, `intercept`,
`in_the_large`): a device that says 0 or 1 claims certainty, and any one error is then infinitely
wrong; `clipped` moves such values by a stated amount.

References
----------
Cox. Biometrika 1958;45:562-565. Spiegelhalter. Statistics in Medicine 1986;5:421-433.
Van Calster et al. BMC Medicine 2019;17:230.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit, ndtr, ndtri

from defensible.statistics import bootstrap, bootstrap_intervals, logistic_line, weighted_ranks
from defensible.statistics.arrays import (
    Floats,
    bools,
    confidence_level,
    finite_floats,
    same_length,
)
from defensible.statistics.bootstrap import Design
from defensible.statistics.estimate import Caution, Estimate

_FEW_EVENTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BrierParts:
    """The Brier score over bins: reliability - resolution + uncertainty + within.

    Attributes
    ----------
    score : float
        Mean squared distance of probability and outcome.
    reliability : float
        Squared distance of probability and rate in a bin; 0 is perfect.
    resolution : float
        Spread of the bins' rates; higher is better.
    uncertainty : float
        Variance of the outcome itself.
    within : float
        What is left because probabilities differ within bins.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


def brier(truth: ArrayLike, probabilities: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Brier score with its normal interval over independent cases.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard.
    probabilities : float array, shape (n_cases,)
        In [0, 1].
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Returns
    -------
    Estimate
        `p` is Spiegelhalter's two-sided test that the probabilities are calibrated; None where
        all are 0, 0.5 or 1, which give it no variance.

    Raises
    ------
    ValueError
        Lengths differ, fewer than two cases, a probability outside [0, 1].
    """
    confidence_level(level)
    present, p = _checked(truth, probabilities)
    losses = (present - p) ** 2
    value, se = float(losses.mean()), float(losses.std(ddof=1)) / sqrt(losses.size)
    spread = float(((1 - 2 * p) ** 2 * p * (1 - p)).sum())
    z = float(((present - p) * (1 - 2 * p)).sum()) / sqrt(spread) if spread > 0 else None
    reach = float(ndtri(0.5 + level / 2)) * se
    return Estimate(
        value=value,
        low=max(value - reach, 0.0),
        high=min(value + reach, 1.0),
        level=level,
        method="Brier score, normal; Spiegelhalter's test",
        n=losses.size,
        se=se,
        p=None if z is None else float(2 * ndtr(-abs(z))),
        cautions=_width_cautions(se, value - reach < 0 or value + reach > 1),
    )


def brier_decomposition(
    truth: ArrayLike, probabilities: ArrayLike, *, edges: ArrayLike
) -> BrierParts:
    """Murphy's decomposition over bins, made exact by the part within bins.

    Parameters
    ----------
    truth, probabilities
        As in `brier`.
    edges : float array, shape (n_bins - 1,)
        Inner edges, from `equal_width` or `equal_mass`.

    Raises
    ------
    ValueError
        As in `brier`; also edges that do not ascend.
    """
    present, p = _checked(truth, probabilities)
    bins = np.digitize(p, _ascending(edges))
    counts = np.bincount(bins).astype(np.float64)
    kept = counts > 0
    share = counts[kept] / p.size
    rate = np.bincount(bins, weights=present)[kept] / counts[kept]
    said = np.bincount(bins, weights=p)[kept] / counts[kept]
    score, base = float(((present - p) ** 2).mean()), float(present.mean())
    reliability = float(share @ (said - rate) ** 2)
    resolution = float(share @ (rate - base) ** 2)
    uncertainty = base * (1 - base)
    return BrierParts(
        score=score,
        reliability=reliability,
        resolution=resolution,
        uncertainty=uncertainty,
        within=score - (reliability - resolution + uncertainty),
    )


def slope(truth: ArrayLike, probabilities: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Calibration slope: 1 is right, below 1 the probabilities are too extreme.

    From the logistic regression of the truth on the logit. `p` tests that it is 1.

    Parameters
    ----------
    truth, probabilities, level
        As in `brier`; probabilities strictly between 0 and 1, not all alike.

    Raises
    ------
    ValueError
        As in `brier`; also one class only, equal probabilities, or scores that separate the
        classes, for which no slope is best.
    """
    present, x = _logits(truth, probabilities)
    if np.ptp(x) == 0:
        raise ValueError("the slope is undefined where all probabilities are equal")
    values, covariance = logistic_line.fitted(present, x)
    return _wald(values[1], covariance[1, 1], 1.0, present, level, "calibration slope")


def intercept(truth: ArrayLike, probabilities: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Intercept of the same regression as `slope`; 0 is right if the slope is 1.

    Parameters and errors as in `slope`. `p` tests that it is 0.
    """
    present, x = _logits(truth, probabilities)
    if np.ptp(x) == 0:
        raise ValueError("the intercept is undefined where all probabilities are equal")
    values, covariance = logistic_line.fitted(present, x)
    return _wald(values[0], covariance[0, 0], 0.0, present, level, "calibration intercept")


def in_the_large(truth: ArrayLike, probabilities: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Calibration in the large: the shift of the logits that makes their mean right.

    The slope is held at 1. Above 0 the condition is more frequent than said. `p` tests 0.
    Parameters and errors as in `slope`, but equal probabilities are allowed.
    """
    present, x = _logits(truth, probabilities)
    value, information = logistic_line.shift(present, x)
    return _wald(value, 1 / information, 0.0, present, level, "calibration in the large")


def observed_over_expected(
    truth: ArrayLike, probabilities: ArrayLike, *, level: float = 0.95
) -> Estimate:
    """Number of cases with the condition over the number expected; 1 is right.

    The interval is on the log scale, the expected number taken as known.

    Parameters
    ----------
    truth, probabilities, level
        As in `brier`.

    Raises
    ------
    ValueError
        As in `brier`; also no case with the condition, all of them, or none expected.
    """
    confidence_level(level)
    present, p = _checked(truth, probabilities)
    observed, expected = float(present.sum()), float(p.sum())
    if observed in {0.0, float(p.size)} or expected == 0:
        raise ValueError(
            f"both classes and an expected number above 0 are needed; {observed:g} of {p.size} "
            f"cases have the condition, {expected:g} were expected"
        )
    se = sqrt((1 - observed / p.size) / observed)
    factor = float(np.exp(ndtri(0.5 + level / 2) * se))
    value = observed / expected
    return Estimate(
        value=value,
        low=value / factor,
        high=value * factor,
        level=level,
        method="observed over expected, log normal; se of the log",
        n=p.size,
        count=int(observed),
        se=se,
        cautions=(Caution.FEW,) if observed < _FEW_EVENTS else (),
    )


def expected_calibration_error(
    truth: ArrayLike,
    probabilities: ArrayLike,
    *,
    edges: ArrayLike,
    design: Design,
    seed: int,
    n_replicates: int = 2000,
    level: float = 0.95,
) -> Estimate:
    """Expected calibration error over bins, with a bootstrap interval.

    Parameters
    ----------
    truth, probabilities
        As in `brier`; both classes.
    edges : float array, shape (n_bins - 1,)
        Inner edges, from `equal_width` or `equal_mass`; they stay in every resample.
    design : Design
        What is drawn: `bootstrap.cases` or `clusters`.
    seed, n_replicates, level
        As in `bootstrap.replicates` and `bootstrap_intervals.basic`.

    Returns
    -------
    Estimate
        Basic interval, cut at 0: the error is biased upward by chance, the more so with many bins
        and few cases, and a resample repeats that bias, which the basic interval takes off.

    Raises
    ------
    ValueError
        As in `brier` and `bootstrap.replicates`.
    """
    present, p = _checked(truth, probabilities)
    measure = weighted_ranks.CalibrationError(edges=tuple(_ascending(edges).tolist()))
    statistic = weighted_ranks.of(present.astype(np.bool_), p, [measure])
    drawn = bootstrap.replicates(design, statistic, seed=seed, n_replicates=n_replicates)
    result = bootstrap_intervals.basic(drawn, measure.name, level=level)
    cautions = result.cautions + ((Caution.CUT,) if result.low < 0 else ())
    return Estimate(
        value=result.value,
        low=max(result.low, 0.0),
        high=max(result.high, 0.0),
        level=level,
        method=result.method,
        n=result.n,
        n_clusters=result.n_clusters,
        se=result.se,
        cautions=cautions,
    )


def equal_width(n_bins: int) -> Floats:
    """Inner edges of bins of equal width on [0, 1]; `ValueError` if below 1."""
    if n_bins < 1:
        raise ValueError(f"n_bins must be 1 or more; {n_bins} found")
    return np.arange(1, n_bins, dtype=np.float64) / n_bins


def equal_mass(probabilities: ArrayLike, n_bins: int) -> Floats:
    """Inner edges at quantiles, so that bins hold about as many cases; fewer bins where tied."""
    p = finite_floats("probabilities", probabilities)
    if n_bins < 1 or p.size == 0:
        raise ValueError(f"n_bins and cases must be 1 or more; {n_bins} and {p.size} found")
    edges = np.unique(np.quantile(p, np.arange(1, n_bins) / n_bins))
    inside: Floats = edges[edges > p.min()]
    return inside


def clipped(probabilities: ArrayLike, *, by: float) -> Floats:
    """Probabilities moved to at least `by` from 0 and 1; `by` belongs in the report."""
    if not 0 < by < 0.5:
        raise ValueError(f"by must lie strictly between 0 and 0.5; {by} found")
    moved: Floats = np.clip(finite_floats("probabilities", probabilities), by, 1 - by)
    return moved


def _checked(truth: ArrayLike, probabilities: ArrayLike) -> tuple[Floats, Floats]:
    present, p = bools("truth", truth), finite_floats("probabilities", probabilities)
    n = same_length(truth=present, probabilities=p)
    if n < 2:
        raise ValueError(f"two cases or more are needed; {n} found")
    bad = (p < 0) | (p > 1)
    if bad.any():
        case = int(np.argmax(bad))
        raise ValueError(f"probabilities must lie in [0, 1]; {p[case]:g} found at index {case}")
    return present.astype(np.float64), p


def _ascending(edges: ArrayLike) -> Floats:
    inner = finite_floats("edges", edges)
    if (np.diff(inner) <= 0).any():
        raise ValueError("edges must ascend")
    return inner


def _logits(truth: ArrayLike, probabilities: ArrayLike) -> tuple[Floats, Floats]:
    present, p = _checked(truth, probabilities)
    sure = (p == 0) | (p == 1)
    if sure.any():
        raise ValueError(
            f"probabilities must lie strictly between 0 and 1 here; {int(sure.sum())} do not: "
            "use clipped, and report by how much"
        )
    if present.sum() in {0, present.size}:
        raise ValueError("truth must hold cases of both classes; it holds one")
    return present, logit(p)


def _wald(
    value: float, variance: float, tested: float, present: Floats, level: float, name: str
) -> Estimate:
    confidence_level(level)
    se = sqrt(float(variance))
    reach = float(ndtri(0.5 + level / 2)) * se
    rarer = min(present.sum(), present.size - present.sum())
    return Estimate(
        value=float(value),
        low=float(value) - reach,
        high=float(value) + reach,
        level=level,
        method=f"{name}, Wald",
        n=present.size,
        se=se,
        p=float(2 * ndtr(-abs(value - tested) / se)),
        cautions=(Caution.FEW,) if rarer < _FEW_EVENTS else (),
    )


def _width_cautions(se: float, cut: bool) -> tuple[Caution, ...]:  # noqa: FBT001 - a fact
    return (
        *((Caution.NO_VARIANCE,) if se == 0 else ()),
        *((Caution.CUT,) if cut else ()),
    )
