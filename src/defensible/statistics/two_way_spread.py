"""The variance of a weighted sum of ratios over readings, by what is random: one function a method.

A ratio is linearized: a cell of a reader and a patient holds what the two add to it beyond its
value, and the cells of a ratio sum to 0. Two readings are dependent where they share the reader or
the patient, so the variance is made of products of cells that share one.

- `linearized`: readers and patients random; sum over readers, plus that over patients, less that
  over their cells, each of the first two times n / (n - 1).
- `u_statistic`: the same products over the share of pairs of readings that share nothing, which is
  the unbiased (U-statistic) covariance of Gallas for a mean over readings, subset by subset.
- `readers_fixed`, `cases_fixed`, and the same with `u_`: one of the two random, the other as it is.

References
----------
Cameron, Gelbach, Miller. J Business & Economic Statistics 2011;29:238-249 (two-way variance).
Gallas, Bandos, Samuelson, Wagner. Commun Stat Theory Methods 2009;38:2586-2603 (U-statistics).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from defensible.statistics.arrays import Floats, Ints

READERS_FIXED = "(patients), readers fixed"
CASES_FIXED = "(readers), cases fixed"
_NONE_APART = 1e-12
"""Share of pairs of readings from which none is independent, but for rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratio:
    """A weight times a sum over readings by another: arrays of shape (n_readers, n_cases)."""

    number: NDArray[np.generic]
    of: NDArray[np.generic]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Variance of a measure and what it rests on.

    Attributes
    ----------
    variance, df : float
        Of the measure; degrees of freedom after Satterthwaite.
    n_readers, n_patients : int
        With a reading that the measure is taken of.
    independent : int
        What is random: patients, readers, or the fewer of both.
    units : int
        What counts in place of readings where no variance is seen: patients, unless they are fixed.
    method : str
        By its name in the field.
    squares : three floats
        Sums over readers and over patients, each times n / (n - 1), and over cells of both.
    """

    variance: float
    df: float
    n_readers: int
    n_patients: int
    independent: int
    units: int
    method: str
    squares: tuple[float, float, float]


SpreadOf = Callable[[Sequence[Ratio], Ints], Spread | None]
"""A method: the spread, or None with fewer than two of what is random."""


def linearized(ratios: Sequence[Ratio], patient: Ints) -> Spread | None:
    """Both random, two-way clusters; cautious where readers or patients hardly vary."""
    cells = _cells(ratios, patient)
    if cells.fewest < 2:
        return None
    readers, patients = _of_readers(cells), _of_patients(cells)
    both = float((cells.total**2).sum())
    # where readers or patients do not vary the difference can fall below either part alone
    variance = max(readers + patients - both, both)
    df = _satterthwaite(variance, cells, readers, patients)
    return _spread(cells, variance, df, cells.fewest, "two-way linearized (readers, patients)")


def u_statistic(ratios: Sequence[Ratio], patient: Ints) -> Spread | None:
    """Both random, unbiased moments on each subset of the readings.

    Notes
    -----
    O(k^2 n_readers n_patients) for k ratios. Where the unbiased variance is not above 0, that of
    `linearized` stands, and the method says so.
    """
    plain = linearized(ratios, patient)
    cells = _cells(ratios, patient)
    variance = _unbiased(cells, _sharing) if plain else None
    if plain is None or variance is None:
        return None
    method = "two-way U-statistics (readers, patients)"
    if not variance > 0:
        fallen = f"{method}, linearized variance since the unbiased is not above 0"
        return replace(plain, method=fallen)
    df = _satterthwaite(variance, cells, _of_readers(cells), _of_patients(cells))
    return _spread(cells, variance, df, cells.fewest, method)


def readers_fixed(ratios: Sequence[Ratio], patient: Ints) -> Spread | None:
    """These readers alone; patients random."""
    cells = _cells(ratios, patient)
    if cells.n_patients < 2:
        return None
    n = cells.n_patients
    return _spread(cells, _of_patients(cells), n - 1.0, n, f"linearized {READERS_FIXED}")


def cases_fixed(ratios: Sequence[Ratio], patient: Ints) -> Spread | None:
    """These cases alone; readers random."""
    cells = _cells(ratios, patient)
    if cells.n_readers < 2:
        return None
    n = cells.n_readers
    return _spread(cells, _of_readers(cells), n - 1.0, n, f"linearized {CASES_FIXED}")


def u_readers_fixed(ratios: Sequence[Ratio], patient: Ints) -> Spread | None:
    """These readers alone; patients random, unbiased moments on each subset."""
    plain = readers_fixed(ratios, patient)
    return plain and _replaced(
        plain, _unbiased(_cells(ratios, patient), _sharing_patients), READERS_FIXED
    )


def u_cases_fixed(ratios: Sequence[Ratio], patient: Ints) -> Spread | None:
    """These cases alone; readers random, unbiased moments on each subset."""
    plain = cases_fixed(ratios, patient)
    return plain and _replaced(
        plain, _unbiased(_cells(ratios, patient), _sharing_readers), CASES_FIXED
    )


def by_patient(readings: NDArray[np.generic], patient: Ints) -> Floats:
    """Sums over the cases of each patient; shape (n_readers, n_patients)."""
    n_patients = int(patient.max()) + 1
    values = np.asarray(readings, dtype=np.float64)
    if n_patients == values.shape[1] and np.array_equal(patient, np.arange(n_patients)):
        return values
    sums = np.zeros((values.shape[0], n_patients))
    np.add.at(sums.T, patient, values.T)
    return sums


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cells:
    """Linearized ratios, each by reader and patient, with the share of its readings in a cell."""

    ratios: tuple[Floats, ...]
    weights: tuple[Floats, ...]
    total: Floats
    n_readers: int
    n_patients: int

    @property
    def fewest(self) -> int:
        """Readers or patients, whichever are fewer."""
        return min(self.n_readers, self.n_patients)


def _cells(ratios: Sequence[Ratio], patient: Ints) -> _Cells:
    given, weights = [], []
    touched = np.zeros((ratios[0].of.shape[0], int(patient.max()) + 1), np.bool_)
    for one in ratios:
        number, of = by_patient(one.number, patient), by_patient(one.of, patient)
        total = of.sum()
        given.append(one.weight * (number - number.sum() / total * of) / total)
        weights.append(of / total)
        touched |= of > 0
    return _Cells(
        ratios=tuple(given),
        weights=tuple(weights),
        total=np.sum(given, axis=0),
        n_readers=int(touched.any(axis=1).sum()),
        n_patients=int(touched.any(axis=0).sum()),
    )


def _unbiased(cells: _Cells, sharing: Callable[[Floats, Floats], float]) -> float | None:
    """The sum of products that share something, over the share of those that share nothing."""
    variance = 0.0
    for one, its in zip(cells.ratios, cells.weights, strict=True):
        for other, others in zip(cells.ratios, cells.weights, strict=True):
            apart = 1 - sharing(its, others)
            if apart <= _NONE_APART:
                return None
            variance += sharing(one, other) / apart
    return variance


def _replaced(plain: Spread, variance: float | None, fixed: str) -> Spread | None:
    if variance is None:
        return None
    return replace(plain, variance=variance, method=f"U-statistics {fixed}")


def _sharing(one: Floats, other: Floats) -> float:
    """Products of the cells of two ratios that share the reader, the patient, or both."""
    both = float((one * other).sum())
    return _sharing_readers(one, other) + _sharing_patients(one, other) - both


def _sharing_readers(one: Floats, other: Floats) -> float:
    return float(one.sum(axis=1) @ other.sum(axis=1))


def _sharing_patients(one: Floats, other: Floats) -> float:
    return float(one.sum(axis=0) @ other.sum(axis=0))


def _of_readers(cells: _Cells) -> float:
    n = cells.n_readers
    return float((cells.total.sum(axis=1) ** 2).sum()) * n / (n - 1)


def _of_patients(cells: _Cells) -> float:
    n = cells.n_patients
    return float((cells.total.sum(axis=0) ** 2).sum()) * n / (n - 1)


def _satterthwaite(variance: float, cells: _Cells, readers: float, patients: float) -> float:
    spent = readers**2 / (cells.n_readers - 1) + patients**2 / (cells.n_patients - 1)
    return max(variance**2 / spent if spent > 0 else cells.fewest - 1.0, 1.0)


def _spread(cells: _Cells, variance: float, df: float, independent: int, method: str) -> Spread:
    return Spread(
        variance=variance,
        df=df,
        n_readers=cells.n_readers,
        n_patients=cells.n_patients,
        independent=independent,
        units=cells.n_readers if method.endswith(CASES_FIXED) else cells.n_patients,
        method=method,
        squares=(
            _of_readers(cells) if cells.n_readers > 1 else 0.0,
            _of_patients(cells) if cells.n_patients > 1 else 0.0,
            float((cells.total**2).sum()),
        ),
    )
