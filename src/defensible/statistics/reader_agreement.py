"""Agreement between readers in two conditions, and what the second changes in it.

Three coefficients, each a function of sums over cases:

- `fleiss`: Fleiss's kappa of decisions, that of `agreement.fleiss`.
- `weighted_kappa`: quadratic weights on the values of ratings, averaged over pairs of readers.
- `icc`: ICC(A,1) of ratings, that of `icc.agreement_single`; of cases that all readers read.

The variance is a jackknife over what is random, readers or patients, or the sum of both. Drawing
readers with replacement would not do: a reader drawn twice agrees with herself.

References
----------
Fleiss, Davies. American Statistician 1982;36:131-134 (jackknife of kappa).
Light. Psychological Bulletin 1971;76:365-377 (mean over pairs).
McGraw, Wong. Psychological Methods 1996;1:30-46 (ICC).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from defensible.statistics.arrays import Bools, Floats, Ints, confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.split import Split

_FEW = 5
_BLOCK = 2**22
"""Numbers that are held at once of the sums without each patient: 32 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """A coefficient of agreement by the sums that it is made of.

    Attributes
    ----------
    name : str
        In the field.
    sums : function
        Values and readings, shape (n_readers, n_cases), to sums, shape (n_cases, n_sums).
    value : function
        Sums over cases, shape (..., n_sums), and the number of readers, to the coefficient; NaN
        where it is undefined.
    """

    name: str
    sums: Callable[[Floats, Bools], Floats]
    value: Callable[[Floats, int], Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rated:
    """Ratings or decisions of the same readers on the same cases in two conditions.

    Attributes
    ----------
    values : float array, shape (2, n_readers, n_cases)
        Unaided, then aided; anything where not read.
    read : bool array, shape (2, n_readers, n_cases)
        Where there is a reading.
    patient : int array, shape (n_cases,)
        Code of the patient of each case, 0 to n_patients - 1.
    """

    values: Floats
    read: Bools
    patient: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A coefficient in both conditions and aided less unaided; the variance of the last two."""

    unaided: Estimate
    aided: Estimate
    difference: Estimate
    split_of_aided: Split
    split_of_difference: Split


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Jackknife:
    """Values unaided, aided and aided less unaided, with the variance due to one kind of unit."""

    variance: Floats
    n: int
    name: str


def both_random(of: Rated, by: Coefficient, *, level: float = 0.95) -> Agreement:
    """Agreement such readers have on such cases.

    Parameters
    ----------
    of : Rated
        Three or more readers, three or more patients.
    by : Coefficient
        `FLEISS`, `WEIGHTED_KAPPA` or `ICC`.
    level : float in (0, 1)
        Confidence level of the two-sided t intervals.

    Raises
    ------
    ValueError
        Too few readers or patients, or a coefficient that is undefined, also without a unit.

    Notes
    -----
    O(n_cases n_readers^2) for pairs, times n_readers. The variance of single readings is counted in
    both jackknives, so that the interval errs on the wide side.
    """
    return _agreement(of, by, [_over_readers(of, by), _over_patients(of, by)], level)


def readers_fixed(of: Rated, by: Coefficient, *, level: float = 0.95) -> Agreement:
    """Agreement these readers have on such cases; two readers do. As `both_random`."""
    return _agreement(of, by, [_over_patients(of, by)], level)


def cases_fixed(of: Rated, by: Coefficient, *, level: float = 0.95) -> Agreement:
    """Agreement such readers have on these cases. As `both_random`."""
    return _agreement(of, by, [_over_readers(of, by)], level)


def _agreement(of: Rated, by: Coefficient, jackknives: list[_Jackknife], level: float) -> Agreement:
    confidence_level(level)
    sums = [by.sums(*one) for one in _conditions(of)]
    n_readers = of.read.shape[1]
    unaided, aided = (float(by.value(one.sum(axis=0), n_readers)) for one in sums)
    values = np.array([unaided, aided, aided - unaided])
    if not np.isfinite(values).all():
        raise ValueError(f"{by.name} is undefined: all ratings alike, or no case read by two")
    seen = [one.any(axis=1) for one in sums]
    n_cases = [int(seen[0].sum()), int(seen[1].sum()), int((seen[0] | seen[1]).sum())]
    n_patients = int(np.unique(of.patient[seen[0] | seen[1]]).size)
    estimates = []
    for place, (value, n) in enumerate(zip(values.tolist(), n_cases, strict=True)):
        parts = [(float(one.variance[place]), one.n) for one in jackknives]
        variance = sum(part for part, _ in parts)
        spent = sum(part**2 / (n - 1) for part, n in parts)
        df = variance**2 / spent if spent > 0 else float(min(n for _, n in parts) - 1)
        half = float(stdtrit(df, 0.5 + level / 2)) * sqrt(variance)
        lowest, highest = (-2.0, 2.0) if place == 2 else (-1.0, 1.0)
        facts = {
            Caution.FEW: min(n for _, n in parts) < _FEW,
            Caution.NO_VARIANCE: variance <= 0,
            Caution.CUT: value - half < lowest or value + half > highest,
        }
        estimates.append(
            Estimate(
                value=value,
                low=max(value - half, lowest),
                high=min(value + half, highest),
                level=level,
                method=f"{by.name}, jackknife over {' and '.join(one.name for one in jackknives)}",
                n=n,
                n_clusters=n_patients,
                se=sqrt(variance),
                df=df,
                cautions=tuple(caution for caution, holds in facts.items() if holds),
            )
        )
    splits = [_split(jackknives, place, n_readers, n_patients) for place in (1, 2)]
    return Agreement(
        unaided=estimates[0],
        aided=estimates[1],
        difference=estimates[2],
        split_of_aided=splits[0],
        split_of_difference=splits[1],
    )


def _split(jackknives: list[_Jackknife], place: int, n_readers: int, n_patients: int) -> Split:
    """Variance by source; single readings are in both, so that none falls with both alone."""
    due = {one.name: (float(one.variance[place]), one.n) for one in jackknives}
    of_patients, n = due.get("patients", (0.0, None))
    return Split(
        readers=due.get("readers", (0.0, 0))[0],
        cases=of_patients,
        both=0.0,
        n_readers=n_readers,
        n_cases=n_patients,
        df_of_cases=None if n is None else n - 1.0,
    )


def _conditions(of: Rated) -> list[tuple[Floats, Bools]]:
    return [(of.values[condition], of.read[condition]) for condition in (0, 1)]


def _over_patients(of: Rated, by: Coefficient) -> _Jackknife:
    """Without each patient in turn."""
    n_readers = of.read.shape[1]
    order = np.argsort(of.patient, kind="stable")
    starts = np.flatnonzero(np.diff(of.patient[order], prepend=-1))
    if starts.size < 3:
        raise ValueError(f"a jackknife over patients needs three or more; {starts.size} found")
    without = []
    for values, read in _conditions(of):
        n_sums = by.sums(values[:, :1], read[:, :1]).shape[1]
        step = max(1, _BLOCK // max(n_sums, 1))
        blocks = [order[at : at + step] for at in range(0, order.size, step)]
        total = sum(by.sums(values[:, at], read[:, at]).sum(axis=0) for at in blocks)
        found = []
        for first in range(0, starts.size, step):
            begin = starts[first : first + step]
            end = starts[first + step] if first + step < starts.size else order.size
            here = order[begin[0] : end]
            own = np.add.reduceat(by.sums(values[:, here], read[:, here]), begin - begin[0], axis=0)
            found.append(by.value(total - own, n_readers))
        without.append(np.concatenate(found))
    return _variance(np.array(without), by, "patients")


def _over_readers(of: Rated, by: Coefficient) -> _Jackknife:
    """Without each reader in turn."""
    n = of.read.shape[1]
    if n < 3:
        raise ValueError(
            f"agreement of readers who are random needs three or more; {n} found (or take these "
            "readers as fixed)"
        )
    without = [
        [
            float(by.value(by.sums(values[kept], read[kept]).sum(axis=0), n - 1))
            for reader in range(n)
            for kept in [np.arange(n) != reader]
        ]
        for values, read in _conditions(of)
    ]
    return _variance(np.array(without), by, "readers")


def _variance(without: Floats, by: Coefficient, name: str) -> _Jackknife:
    if not np.isfinite(without).all():
        raise ValueError(f"{by.name} is undefined without one of the {name}")
    values = np.vstack([without, without[1] - without[0]])
    n = values.shape[1]
    apart = values - values.mean(axis=1, keepdims=True)
    return _Jackknife(variance=(apart**2).sum(axis=1) * (n - 1) / n, n=n, name=name)


def _fleiss_sums(values: Floats, read: Bools) -> Floats:
    """Agreeing pairs as a share, cases read twice, share positive, cases read."""
    raters = read.sum(axis=0).astype(np.float64)
    positive = ((values > 0.5) & read).sum(axis=0)
    negative = raters - positive
    pairs = raters * (raters - 1)
    agreeing = positive * (positive - 1) + negative * (negative - 1)
    share = np.divide(agreeing, pairs, out=np.zeros_like(raters), where=pairs > 0)
    rate = np.divide(positive, raters, out=np.zeros_like(raters), where=raters > 0)
    return np.stack([share, pairs > 0, rate, raters > 0], axis=1).astype(np.float64)


def _fleiss_value(sums: Floats, n_readers: int) -> Floats:
    del n_readers
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = sums[..., 0] / sums[..., 1]
        rate = sums[..., 2] / sums[..., 3]
        chance = rate**2 + (1 - rate) ** 2
        return np.where(chance < 1 - 1e-14, (observed - chance) / (1 - chance), np.nan)


def _pair_sums(values: Floats, read: Bools) -> Floats:
    """For each pair of readers, over the cases that both read: n, x, y, xx, yy, xy."""
    pairs = list(combinations(range(values.shape[0]), 2))
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    both = (read[one] & read[other]).astype(np.float64)
    x, y = values[one] * both, values[other] * both
    found = np.stack([both, x, y, x * x, y * y, x * y], axis=1)
    return found.reshape(6 * len(pairs), -1).T


def _pair_value(sums: Floats, n_readers: int) -> Floats:
    """Mean over pairs of 2 cov / (var + var + squared distance of means)."""
    n_pairs = n_readers * (n_readers - 1) // 2
    n, x, y, xx, yy, xy = np.moveaxis(sums.reshape(*sums.shape[:-1], n_pairs, 6), -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        together = xy / n - (x / n) * (y / n)
        apart = xx / n + yy / n - 2 * (x / n) * (y / n)
        kappa = np.where(apart > 1e-14 * (xx + yy), 2 * together / apart, np.nan)
    return np.asarray(kappa.mean(axis=-1))


def _icc_sums(values: Floats, read: Bools) -> Floats:
    """Cases read by all, their sums by reader, squared totals, squares."""
    whole = read.all(axis=0)
    kept = values * whole
    totals = kept.sum(axis=0)
    return np.stack([whole, *kept, totals**2, (kept**2).sum(axis=0)], axis=1).astype(np.float64)


def _icc_value(sums: Floats, n_readers: int) -> Floats:
    n, by_reader = sums[..., 0], sums[..., 1:-2]
    squared_totals, squares = sums[..., -2], sums[..., -1]
    k = n_readers
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = by_reader.sum(axis=-1) ** 2 / (n * k)
        subjects = squared_totals / k - middle
        raters = (by_reader**2).sum(axis=-1) / n - middle
        error = (squares - middle - subjects - raters) / ((n - 1) * (k - 1))
        msr, msc = subjects / (n - 1), raters / (k - 1)
        below = msr + (k - 1) * error + k * (msc - error) / n
        # a sum that is rounding alone gives no share
        return np.where(below > 1e-14 * squares / n, (msr - error) / below, np.nan)


FLEISS = Coefficient(name="Fleiss kappa", sums=_fleiss_sums, value=_fleiss_value)
"""Of decisions, 0 or 1."""
WEIGHTED_KAPPA = Coefficient(
    name="kappa with quadratic weights, mean over pairs", sums=_pair_sums, value=_pair_value
)
"""Of ratings; weights fall with the squared distance of their values."""
ICC = Coefficient(name="ICC(A,1)", sums=_icc_sums, value=_icc_value)
"""Of ratings; offsets between readers count as disagreement."""
