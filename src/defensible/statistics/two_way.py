"""Ratios of sums over readings with intervals by their variance: t, and Wilson's for proportions.

What is random, readers or patients or both, is the choice of the variance: `two_way_spread`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from defensible.statistics.arrays import Ints, confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.two_way_spread import Ratio, Spread, SpreadOf, linearized

FEW_OF_EITHER = 5
WILSON_BY_T = "Wilson, t"
"""How the method of a proportion of readings ends."""


def share(
    ratio: Ratio, patient: Ints, *, level: float = 0.95, spread_of: SpreadOf = linearized
) -> Estimate | None:
    """A proportion of readings: Wilson's interval on effective readings, with a t quantile.

    None where the denominator is empty. Where no variance is seen (none or all of them), the
    patients count in place of readings, which is cautious. One reader or one patient alone does not
    bound it: the limits are then 0 and 1.
    """
    confidence_level(level)
    n, count = int(np.sum(ratio.of)), int(np.sum(ratio.number))
    if n == 0:
        return None
    value = count / n
    spread = spread_of([ratio], patient)
    if spread is None:
        return Estimate(
            value=value,
            low=0.0,
            high=1.0,
            level=level,
            method="not bounded by one reader or patient",
            n=n,
            count=count,
            cautions=(Caution.FEW,),
        )
    flat = spread.variance <= 0 or count in {0, n}
    effective = spread.units if flat else value * (1 - value) / spread.variance
    df = spread.independent - 1 if flat else spread.df
    low, high = wilson_by_t(value, effective, df, level)
    return Estimate(
        value=value,
        low=0.0 if count == 0 else low,
        high=1.0 if count == n else high,
        level=level,
        method=f"{spread.method}, {WILSON_BY_T}",
        n=n,
        n_clusters=spread.n_patients,
        count=count,
        se=float(np.sqrt(max(spread.variance, 0.0))),
        df=df,
        cautions=_cautions(spread, boundary=count in {0, n}),
    )


def wilson_by_t(value: float, effective: float, df: float, level: float) -> tuple[float, float]:
    """Wilson's limits of a proportion of so many effective readings, with a t quantile."""
    t = float(stdtrit(df, 0.5 + level / 2))
    middle = (value + t * t / (2 * effective)) / (1 + t * t / effective)
    half = t * float(np.sqrt(value * (1 - value) / effective + (t / effective) ** 2 / 4))
    half /= 1 + t * t / effective
    return max(middle - half, 0.0), min(middle + half, 1.0)


def combined(
    ratios: Sequence[Ratio],
    patient: Ints,
    *,
    level: float = 0.95,
    spread_of: SpreadOf = linearized,
    value: float | None = None,
    lowest: float | None = None,
    highest: float | None = None,
) -> Estimate | None:
    """A weighted sum of ratios with a t interval; None where one of them has no reading.

    Parameters
    ----------
    ratios : sequence of Ratio
        Of the same readings.
    patient : int array, shape (n_cases,)
        Patient of each case as a code 0, 1, ...
    level : float in (0, 1)
        Confidence level.
    spread_of : SpreadOf
        The variance, by what is random.
    value : float or None
        The estimate, where the ratios are the derivative of it and not itself.
    lowest, highest : float or None
        Range to which limits are cut.
    """
    confidence_level(level)
    if any(one.weight and not np.sum(one.of) for one in ratios):
        return None
    asked = [one for one in ratios if one.weight]
    spread = spread_of(asked, patient)
    if spread is None:
        return None
    if value is None:
        value = weighted(asked)
    se = float(np.sqrt(max(spread.variance, 0.0)))
    half = float(stdtrit(spread.df, 0.5 + level / 2)) * se
    low, high = value - half, value + half
    cut = (lowest is not None and low < lowest) or (highest is not None and high > highest)
    facts = _cautions(spread, boundary=False)
    return Estimate(
        value=value,
        low=low if lowest is None else max(low, lowest),
        high=high if highest is None else min(high, highest),
        level=level,
        method=f"{spread.method}, t",
        n=int(np.sum(np.any([one.of for one in asked], axis=0))),
        n_clusters=spread.n_patients,
        se=se,
        df=spread.df,
        cautions=(*facts, Caution.CUT) if cut else facts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """Intervals by a variance: Wilson's or t; of the root of a line, by its derivative."""

    spread_of: SpreadOf = linearized

    def share(self, ratio: Ratio, patient: Ints, *, level: float) -> Estimate | None:
        """A proportion of readings; None where no reading could show it."""
        return share(ratio, patient, level=level, spread_of=self.spread_of)

    def combined(self, ratios: Sequence[Ratio], patient: Ints, *, level: float) -> Estimate | None:
        """A weighted sum of ratios; None where one of them has no reading."""
        return combined(ratios, patient, level=level, spread_of=self.spread_of)

    def root(
        self, start: Sequence[Ratio], end: Sequence[Ratio], patient: Ints, *, level: float
    ) -> Estimate | None:
        """Where a line from `start` at 0 to `end` at 1 crosses 0; it must cross in between."""
        slope = weighted(end) - weighted(start)
        rate = -weighted(start) / slope
        # d rate = -((1 - rate) d start + rate d end) / slope
        parts = [replace(one, weight=one.weight * -(1 - rate) / slope) for one in start]
        parts += [replace(one, weight=one.weight * -rate / slope) for one in end]
        return combined(
            parts,
            patient,
            level=level,
            spread_of=self.spread_of,
            value=rate,
            lowest=0,
            highest=1,
        )


def weighted(ratios: Sequence[Ratio]) -> float:
    """The weighted sum itself; a weight of 0 asks for no reading."""
    return sum(
        one.weight * float(np.sum(one.number) / np.sum(one.of)) for one in ratios if one.weight
    )


def _cautions(spread: Spread, *, boundary: bool) -> tuple[Caution, ...]:
    facts = {
        Caution.FEW: spread.independent < FEW_OF_EITHER,
        Caution.BOUNDARY: boundary,
        Caution.NO_VARIANCE: spread.variance <= 0,
    }
    return tuple(caution for caution, holds in facts.items() if holds)
