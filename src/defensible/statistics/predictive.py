"""Predictive values and likelihood ratios of one binary test.

A study's own predictive values hold at the study's prevalence, and only where its cases were
sampled as they come: then they are plain proportions (`proportions.wilson(tp, tp + fp)`). Anywhere
else they are computed from sensitivity and specificity at a stated prevalence, as here.
"""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from scipy.special import expit, ndtri

from defensible.statistics.arrays import confidence_level, whole_count
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.two_proportions import ratio_log

FEW_OUTCOMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Cases by reference standard and test; one or more diseased, one or more healthy."""

    tp: int
    fp: int
    fn: int
    tn: int

    def __post_init__(self) -> None:
        for name in ("tp", "fp", "fn", "tn"):
            whole_count(name, getattr(self, name))
        for word, found in (("diseased", self.n_diseased), ("healthy", self.n_healthy)):
            if found == 0:
                raise ValueError(f"counts must hold one or more {word} cases; 0 found")

    @property
    def n_diseased(self) -> int:
        """Diseased cases."""
        return self.tp + self.fn

    @property
    def n_healthy(self) -> int:
        """Healthy cases."""
        return self.tn + self.fp

    @property
    def n(self) -> int:
        """Cases."""
        return self.n_diseased + self.n_healthy

    @property
    def few(self) -> bool:
        """Whether a cell holds too few cases for normal theory."""
        return min(self.tp, self.fp, self.fn, self.tn) < FEW_OUTCOMES


def ppv_at(counts: Counts, *, prevalence: float, level: float = 0.95) -> Estimate:
    """Positive predictive value at a stated prevalence, with the logit interval of Mercaldo.

    The prevalence is taken as known. Where a cell is empty the logit or its variance is not finite;
    the result is then that of `ppv_at_adjusted`, and the method says so.

    Parameters
    ----------
    counts : Counts
        Cases by reference standard and test; diseased and healthy may be sampled apart.
    prevalence : float in (0, 1)
        Prevalence in use.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        `prevalence` or `level` outside (0, 1).

    References
    ----------
    Mercaldo, Lau, Zhou. Stat Med 2007;26:2170-2183.
    """
    if min(counts.tp, counts.fp, counts.fn, counts.tn) == 0:
        return _of_empty_cell(ppv_at_adjusted(counts, prevalence=prevalence, level=level))
    return _predictive(counts, _plain(counts), prevalence, level, "Mercaldo logit", positive=True)


def npv_at(counts: Counts, *, prevalence: float, level: float = 0.95) -> Estimate:
    """Negative predictive value at a stated prevalence, with the logit interval of Mercaldo.

    Parameters, errors and empty cells as in `ppv_at`.
    """
    if min(counts.tp, counts.fp, counts.fn, counts.tn) == 0:
        return _of_empty_cell(npv_at_adjusted(counts, prevalence=prevalence, level=level))
    return _predictive(counts, _plain(counts), prevalence, level, "Mercaldo logit", positive=False)


def ppv_at_adjusted(counts: Counts, *, prevalence: float, level: float = 0.95) -> Estimate:
    """Positive predictive value at a stated prevalence, with Mercaldo's adjusted logit interval.

    Value and limits rest on sensitivity and specificity shrunk as by Agresti and Coull, so that
    they exist with empty cells. Parameters and errors as in `ppv_at`.
    """
    shrunk = _shrunk(counts, level)
    return _predictive(counts, shrunk, prevalence, level, "Mercaldo adjusted logit", positive=True)


def npv_at_adjusted(counts: Counts, *, prevalence: float, level: float = 0.95) -> Estimate:
    """Negative predictive value at a stated prevalence, with Mercaldo's adjusted logit interval.

    Parameters and errors as in `ppv_at`; value and limits as in `ppv_at_adjusted`.
    """
    shrunk = _shrunk(counts, level)
    return _predictive(counts, shrunk, prevalence, level, "Mercaldo adjusted logit", positive=False)


def likelihood_ratio_positive(counts: Counts, *, level: float = 0.95) -> Estimate:
    """Likelihood ratio of a positive test, with Simel's interval.

    Sensitivity over 1 - specificity; infinite where no healthy case is positive. Where a cell that
    the logarithm needs is empty, the interval is Miettinen and Nurminen's and the method says so.

    Parameters
    ----------
    counts : Counts
        Cases by reference standard and test.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        No case is positive (there is no ratio); `level` outside (0, 1).

    References
    ----------
    Simel, Samsa, Matchar. J Clin Epidemiol 1991;44:763-770.
    """
    ours = ratio_log(counts.tp, counts.n_diseased, counts.fp, counts.n_healthy, level=level)
    return replace(ours, method=ours.method.replace("Katz", "Simel"))


def likelihood_ratio_negative(counts: Counts, *, level: float = 0.95) -> Estimate:
    """Likelihood ratio of a negative test, with Simel's interval.

    1 - sensitivity over specificity. Parameters and empty cells as in `likelihood_ratio_positive`.

    Raises
    ------
    ValueError
        No case is negative (there is no ratio); `level` outside (0, 1).
    """
    ours = ratio_log(counts.fn, counts.n_diseased, counts.tn, counts.n_healthy, level=level)
    return replace(ours, method=ours.method.replace("Katz", "Simel"))


class _Accuracy(NamedTuple):
    """Sensitivity and specificity, and the numbers of cases that they are taken to rest on."""

    sensitivity: float
    specificity: float
    n_diseased: float
    n_healthy: float


def _plain(counts: Counts) -> _Accuracy:
    return _Accuracy(
        counts.tp / counts.n_diseased,
        counts.tn / counts.n_healthy,
        counts.n_diseased,
        counts.n_healthy,
    )


def _shrunk(counts: Counts, level: float) -> _Accuracy:
    added = float(ndtri(0.5 + confidence_level(level) / 2)) ** 2
    diseased, healthy = counts.n_diseased + added, counts.n_healthy + added
    return _Accuracy(
        (counts.tp + added / 2) / diseased, (counts.tn + added / 2) / healthy, diseased, healthy
    )


def _predictive(
    counts: Counts,
    of: _Accuracy,
    prevalence: float,
    level: float,
    method: str,
    *,
    positive: bool,
) -> Estimate:
    confidence_level(level)
    if not 0 < prevalence < 1:
        raise ValueError(f"prevalence must lie strictly between 0 and 1; {prevalence} found")
    se, sp, m, n = of
    odds = math.log(prevalence) - math.log1p(-prevalence)
    if positive:
        middle = math.log(se) - math.log1p(-sp) + odds
        variance = (1 - se) / (se * m) + sp / ((1 - sp) * n)
    else:
        middle = math.log(sp) - math.log1p(-se) - odds
        variance = se / ((1 - se) * m) + (1 - sp) / (sp * n)
    half = float(ndtri(0.5 + level / 2)) * math.sqrt(variance)
    return Estimate(
        value=float(expit(middle)),
        low=float(expit(middle - half)),
        high=float(expit(middle + half)),
        level=level,
        method=f"{method}, prevalence {prevalence:g}",
        n=counts.n,
        cautions=(Caution.FEW,) if counts.few else (),
    )


def _of_empty_cell(estimate: Estimate) -> Estimate:
    return replace(estimate, method=f"{estimate.method} (a cell is 0)")
