"""Partial area under the empirical ROC curve, over a range of specificity or of sensitivity.

Areas are plain (at most the width of the range) or standardised after McClish (0.5 by chance, 1 at
best). Operating points are joined by straight lines, as in pROC. The variance is that of DeLong,
restricted to the range: with the whole range it is DeLong's digit for digit.
"""

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from defensible.statistics.arrays import Bools, Floats, bools, confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.ranking import rank, runs
from defensible.statistics.roc import on_logit_scale

FEW_OF_A_CLASS = 10


def over_specificity(
    truth: Bools, scores: Floats, *, lowest: float, highest: float = 1.0, level: float = 0.95
) -> Estimate:
    """Partial area where specificity lies between `lowest` and `highest`.

    Parameters
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard. Two or more of each.
    scores : float array, shape (n_cases,)
        Device output, higher is more suspicious. Finite.
    lowest, highest : float in [0, 1]
        The range; `lowest` below `highest`.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Returns
    -------
    Estimate
        Between 0 and `highest` - `lowest`; normal-theory limits cut to that range.

    Raises
    ------
    ValueError
        As `roc.auc`; or the range is empty or outside [0, 1].

    Notes
    -----
    The interval takes each case's influence on the area; in small samples, or a narrow range with
    few cases in it, a bootstrap of patients judges better. Reference values of the area: pROC.

    References
    ----------
    McClish. Med Decis Making 1989;9:190-195. He, Escobar. Stat Med 2008;27:5291-5308.
    """
    _range(lowest, highest)
    return _partial(truth, scores, _Range(1 - highest, 1 - lowest), level)


def over_sensitivity(
    truth: Bools, scores: Floats, *, lowest: float, highest: float = 1.0, level: float = 0.95
) -> Estimate:
    """Partial area where sensitivity lies between `lowest` and `highest`.

    The area is that between the curve and specificity 0. Parameters and errors as in
    `over_specificity`.
    """
    _range(lowest, highest)
    turned = -np.asarray(scores, dtype=np.float64)
    return _partial(~bools("truth", truth), turned, _Range(1 - highest, 1 - lowest), level)


def over_specificity_logit(
    truth: Bools, scores: Floats, *, lowest: float, highest: float = 1.0, level: float = 0.95
) -> Estimate:
    """Partial area over a range of specificity, its interval on the logit scale of its share.

    Covers better than `over_specificity` where the area nearly fills the range. Parameters and
    errors as there; an area of nothing or of the whole range keeps the plain limits and a caution.
    """
    plain = over_specificity(truth, scores, lowest=lowest, highest=highest, level=level)
    return _on_logit_scale(plain, highest - lowest)


def over_sensitivity_logit(
    truth: Bools, scores: Floats, *, lowest: float, highest: float = 1.0, level: float = 0.95
) -> Estimate:
    """Partial area over a range of sensitivity, its interval on the logit scale of its share.

    Parameters and errors as in `over_specificity_logit`.
    """
    plain = over_sensitivity(truth, scores, lowest=lowest, highest=highest, level=level)
    return _on_logit_scale(plain, highest - lowest)


def standardised_over_specificity(
    truth: Bools, scores: Floats, *, lowest: float, highest: float = 1.0, level: float = 0.95
) -> Estimate:
    """McClish's standardised partial area over a range of specificity: 0.5 by chance, 1 at best.

    Parameters and errors as in `over_specificity`. Below 0.5, even below 0, if worse than chance.
    """
    plain = over_specificity(truth, scores, lowest=lowest, highest=highest, level=level)
    return _standardised(plain, _Range(1 - highest, 1 - lowest))


def standardised_over_sensitivity(
    truth: Bools, scores: Floats, *, lowest: float, highest: float = 1.0, level: float = 0.95
) -> Estimate:
    """McClish's standardised partial area over a range of sensitivity: 0.5 by chance, 1 at best.

    Parameters and errors as in `over_specificity`.
    """
    plain = over_sensitivity(truth, scores, lowest=lowest, highest=highest, level=level)
    return _standardised(plain, _Range(1 - highest, 1 - lowest))


class _Range(NamedTuple):
    """False-positive rates between which the area is taken."""

    first: float
    last: float

    @property
    def width(self) -> float:
        return self.last - self.first


def _range(lowest: float, highest: float) -> None:
    if not 0 <= lowest < highest <= 1:
        raise ValueError(
            f"lowest must be below highest, both between 0 and 1; {lowest} and {highest} found"
        )


def _partial(truth: Bools, scores: Floats, over: _Range, level: float) -> Estimate:
    z = float(ndtri(0.5 + confidence_level(level) / 2))
    of = runs(rank(truth, scores, fewest=2))
    m, n = int(of.diseased.sum()), int(of.healthy.sum())
    # A run of ties takes the curve from `start` to `end` on the axis of false positives.
    end = (n - of.healthy_below) / n
    start = (n - of.healthy_below - of.healthy) / n
    credit = _credit(start, end, over)
    area = float(of.diseased @ credit) / m
    beaten = _beaten(of.diseased / m, start, end, over)
    centre = float(of.healthy @ beaten) / n
    variance = float(of.diseased @ (credit - area) ** 2) / (m * (m - 1))
    variance += float(of.healthy @ (beaten - centre) ** 2) / (n * (n - 1))
    se = math.sqrt(variance)
    low, high = area - z * se, area + z * se
    facts = {
        Caution.FEW: min(m, n) < FEW_OF_A_CLASS,
        Caution.BOUNDARY: area <= 0 or area >= over.width * (1 - 1e-12),
        Caution.NO_VARIANCE: se == 0,
        Caution.CUT: low < 0 or high > over.width,
    }
    return Estimate(
        value=area,
        low=max(low, 0.0),
        high=max(min(high, over.width), area),
        level=level,
        method="Partial area, DeLong in the range",
        n=m + n,
        se=se,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )


def _credit(start: Floats, end: Floats, over: _Range) -> Floats:
    """What a diseased case of each run adds to the area: the range past its false-positive rate.

    Averaged along the run, from `start` to `end`.
    """
    width = end - start
    # Antiderivative of last - clip(u) between the run's ends, over the run's width.
    early = np.minimum(end, over.first) - np.minimum(start, over.first)
    left, right = np.clip(start, *over), np.clip(end, *over)
    inner = (right - left) * (over.last - (left + right) / 2)
    spread = width > 0
    averaged = (over.width * early + inner) / np.where(spread, width, 1.0)
    return np.where(spread, averaged, over.last - np.clip(start, *over))


def _beaten(diseased: Floats, start: Floats, end: Floats, over: _Range) -> Floats:
    """Share of diseased cases, of those in the range, that a healthy case of each run outscores."""
    width = end - start
    spread = width > 0
    left, right = np.clip(start, *over), np.clip(end, *over)
    safe = np.where(spread, width, 1.0)
    inside = (start > over.first) & (start <= over.last) | (start == 0) & (over.first == 0)
    share = np.where(spread, (right - left) / safe, inside)
    held = diseased * share
    # Of its own run a healthy case outscores a part that grows along the run.
    own = np.where(spread, ((right - start) ** 2 - (left - start) ** 2) / (2 * safe**2), 0.0)
    below: Floats = np.cumsum(held) - held
    return below + diseased * own


def _on_logit_scale(plain: Estimate, width: float) -> Estimate:
    if Caution.BOUNDARY in plain.cautions or not plain.se:
        return plain
    share = on_logit_scale(replace(plain, value=plain.value / width, se=plain.se / width))
    return replace(
        plain,
        low=share.low * width,
        high=share.high * width,
        method=share.method,
        cautions=share.cautions,
    )


def _standardised(plain: Estimate, over: _Range) -> Estimate:
    chance = (over.last**2 - over.first**2) / 2
    scale = 2 * (over.width - chance)

    def of(area: float) -> float:
        return 0.5 + (area - chance) / scale

    return replace(
        plain,
        value=of(plain.value),
        low=of(plain.low),
        high=of(plain.high),
        se=None if plain.se is None else plain.se / scale,
        method="Partial area, McClish standardised",
    )
