"""Ratios of sums over readings, with a variance that respects readers and patients at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from defensible.statistics.arrays import Floats, Ints, confidence_level
from defensible.statistics.estimate import Caution, Estimate

FEW_OF_EITHER = 5
METHOD = "two-way linearized (readers, patients)"
_BLOCK = 2**23  # numbers in one block of replicates: 64 MB


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratio:
    """A weight times a sum over readings by another: arrays of shape (n_readers, n_cases)."""

    number: NDArray[np.generic]
    of: NDArray[np.generic]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spread:
    """Variance of a measure, its degrees of freedom, and what it rests on."""

    variance: float
    df: float
    n_readers: int
    n_patients: int


def share(ratio: Ratio, patient: Ints, *, level: float = 0.95) -> Estimate | None:
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
    spread = _spread([ratio], patient)
    if spread is None:
        return Estimate(
            value=value,
            low=0.0,
            high=1.0,
            level=level,
            method=f"{METHOD}: not bounded by one reader or patient",
            n=n,
            count=count,
            cautions=(Caution.FEW,),
        )
    flat = spread.variance <= 0 or count in {0, n}
    effective = spread.n_patients if flat else value * (1 - value) / spread.variance
    df = min(spread.n_readers, spread.n_patients) - 1 if flat else spread.df
    t = float(stdtrit(df, 0.5 + level / 2))
    middle = (value + t * t / (2 * effective)) / (1 + t * t / effective)
    half = t * np.sqrt(value * (1 - value) / effective + (t / effective) ** 2 / 4)
    half = float(half) / (1 + t * t / effective)
    return Estimate(
        value=value,
        low=0.0 if count == 0 else max(middle - half, 0.0),
        high=1.0 if count == n else min(middle + half, 1.0),
        level=level,
        method=f"{METHOD}, Wilson, t",
        n=n,
        n_clusters=spread.n_patients,
        count=count,
        se=float(np.sqrt(max(spread.variance, 0.0))),
        df=df,
        cautions=_cautions(spread, boundary=count in {0, n}),
    )


def combined(
    ratios: Sequence[Ratio],
    patient: Ints,
    *,
    level: float = 0.95,
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
    value : float or None
        The estimate, where the ratios are the derivative of it and not itself.
    lowest, highest : float or None
        Range to which limits are cut.
    """
    confidence_level(level)
    if any(one.weight and not np.sum(one.of) for one in ratios):
        return None
    asked = [one for one in ratios if one.weight]
    spread = _spread(asked, patient)
    if spread is None:
        return None
    if value is None:
        value = sum(one.weight * float(np.sum(one.number) / np.sum(one.of)) for one in asked)
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
        method=f"{METHOD}, t",
        n=int(np.sum(np.any([one.of for one in asked], axis=0))),
        n_clusters=spread.n_patients,
        se=se,
        df=spread.df,
        cautions=(*facts, Caution.CUT) if cut else facts,
    )


def resampled(
    ratios: Sequence[Ratio], patient: Ints, *, n_replicates: int, seed: int
) -> Floats | None:
    """The weighted sum in replicates with readers and patients drawn anew; None where undefined.

    Replicate by replicate the same draws for every call with the same seed, readers and patients.
    """
    if any(one.weight and not np.sum(one.of) for one in ratios):
        return None
    n_readers, n_patients = ratios[0].of.shape[0], int(patient.max()) + 1
    rng = np.random.default_rng(seed)
    sums = [
        (one.weight, _by_patient(one.number, patient), _by_patient(one.of, patient))
        for one in ratios
        if one.weight
    ]
    found = np.empty(n_replicates)
    step = max(1, _BLOCK // n_patients)
    for start in range(0, n_replicates, step):
        size = min(step, n_replicates - start)
        readers = rng.multinomial(n_readers, np.full(n_readers, 1 / n_readers), size=size)
        patients = rng.multinomial(n_patients, np.full(n_patients, 1 / n_patients), size=size)
        total = np.zeros(size)
        for weight, number, of in sums:
            above = np.einsum("bp,bp->b", readers @ number, patients)
            below = np.einsum("bp,bp->b", readers @ of, patients)
            total += weight * np.divide(above, below, out=np.full(size, np.nan), where=below > 0)
        found[start : start + size] = total
    return found


def percentile(replicates: Floats, value: float, n: int, *, level: float = 0.95) -> Estimate:
    """The percentile interval of replicates; those that are undefined are left out."""
    kept = replicates[np.isfinite(replicates)]
    low, high = np.quantile(kept, [0.5 - level / 2, 0.5 + level / 2]) if kept.size else (value,) * 2
    return Estimate(
        value=value,
        low=float(low),
        high=float(high),
        level=level,
        method="MRMC bootstrap, percentile",
        n=n,
        se=float(kept.std(ddof=1)) if kept.size > 1 else None,
    )


def _by_patient(readings: NDArray[np.generic], patient: Ints) -> Floats:
    """Sums over the cases of each patient; shape (n_readers, n_patients)."""
    n_patients = int(patient.max()) + 1
    values = np.asarray(readings, dtype=np.float64)
    if n_patients == values.shape[1] and np.array_equal(patient, np.arange(n_patients)):
        return values
    sums = np.zeros((values.shape[0], n_patients))
    np.add.at(sums.T, patient, values.T)
    return sums


def _spread(ratios: Sequence[Ratio], patient: Ints) -> _Spread | None:
    """Two-way variance of the weighted sum; None with fewer than two readers or patients in it."""
    cells, touched = 0.0, np.zeros((ratios[0].of.shape[0], int(patient.max()) + 1), np.bool_)
    for one in ratios:
        number, of = _by_patient(one.number, patient), _by_patient(one.of, patient)
        total = of.sum()
        cells = cells + one.weight * (number - number.sum() / total * of) / total
        touched |= of > 0
    n_readers, n_patients = int(touched.any(axis=1).sum()), int(touched.any(axis=0).sum())
    if n_readers < 2 or n_patients < 2:
        return None
    residual = np.asarray(cells)
    readers = float((residual.sum(axis=1) ** 2).sum()) * n_readers / (n_readers - 1)
    patients = float((residual.sum(axis=0) ** 2).sum()) * n_patients / (n_patients - 1)
    both = float((residual**2).sum())
    # where readers or patients do not vary the difference can fall below either part alone
    variance = max(readers + patients - both, both)
    spent = readers**2 / (n_readers - 1) + patients**2 / (n_patients - 1)
    df = variance**2 / spent if spent > 0 else float(min(n_readers, n_patients) - 1)
    return _Spread(variance=variance, df=max(df, 1.0), n_readers=n_readers, n_patients=n_patients)


def _cautions(spread: _Spread, *, boundary: bool) -> tuple[Caution, ...]:
    facts = {
        Caution.FEW: min(spread.n_readers, spread.n_patients) < FEW_OF_EITHER,
        Caution.BOUNDARY: boundary,
        Caution.NO_VARIANCE: spread.variance <= 0,
    }
    return tuple(caution for caution, holds in facts.items() if holds)
