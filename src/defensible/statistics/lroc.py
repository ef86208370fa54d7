"""Localisation ROC: one rating and one location a case, right or wrong where there is a lesion.

The LROC curve is the share of diseased cases rated at or above a threshold **and** localised,
against the false positive fraction. A wrong location is no localisation at any threshold, so the
curve may end below 1.

    figures = lroc.leave_one_out(table, lroc.area(0.2))
    obuchowski_rockette.random_readers(error_covariance.jackknife(figures))

References
----------
Swensson. Medical Physics 1996;23:1709-1725.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics import case_bootstrap, reader_table
from defensible.statistics import leave_one_out as jackknife
from defensible.statistics.arrays import Bools, Floats, bools, same_length
from defensible.statistics.leave_one_out import Figure, LeaveOneOut
from defensible.statistics.reader_table import ReaderTable


@dataclass(frozen=True, slots=True, kw_only=True)
class LrocTable:
    """Ratings of a study with what was localised.

    Attributes
    ----------
    table : ReaderTable
        Ratings.
    localised : bool array, shape (n_modalities, n_readers, n_cases)
        True where the reader pointed at the lesion; False in non-diseased cases.
    """

    table: ReaderTable
    localised: Bools


def from_long(
    *,
    reader: ArrayLike,
    case: ArrayLike,
    modality: ArrayLike,
    truth: ArrayLike,
    rating: ArrayLike,
    localised: ArrayLike,
) -> LrocTable:
    """The table of a study given as one row a reading.

    Columns as in `reader_table.from_long`; `localised` is True where the location was right, and
    False or 0 elsewhere. Raises `ValueError` also where a non-diseased case is localised.
    """
    right, present = bools("localised", localised), bools("truth", truth)
    same_length(truth=present, localised=right)
    strange = right & ~present
    if strange.any():
        raise ValueError(
            "localised must be False in non-diseased cases; "
            f"it is True at index {int(np.argmax(strange))}"
        )
    columns = {"reader": reader, "case": case, "modality": modality, "truth": truth}
    table = reader_table.from_long(**columns, rating=rating)
    of_right = reader_table.from_long(**columns, rating=right.astype(np.float64))
    return LrocTable(table=table, localised=of_right.ratings > 0)


def correct_localisation_at(fpf: float) -> Figure:
    """Height of the LROC curve at a false positive fraction (PCL), reached from the left.

    At a fraction where the curve rises upright this is the foot of the rise, as in RJafroc.
    Raises `ValueError` if the fraction does not lie above 0 and at most at 1.
    """
    _fraction(fpf)

    def height(truth: Bools, ratings: Floats) -> float:
        x, y = curve(truth, ratings)
        return _height_from_left(x, y, fpf)

    return Figure(name=f"PCL at FPF {fpf:g}", of=height)


def highest_correct_localisation_at(fpf: float) -> Figure:
    """The same, at the top of the rise where the curve rises upright at that fraction."""
    _fraction(fpf)

    def height(truth: Bools, ratings: Floats) -> float:
        x, y = curve(truth, ratings)
        return _height(x, y, fpf)

    return Figure(name=f"PCL at FPF {fpf:g}, top of the rise", of=height)


def area(fpf: float = 1.0) -> Figure:
    """Area under the LROC curve up to a false positive fraction; at most that fraction (ALROC).

    Raises `ValueError` if it does not lie above 0 and at most at 1.
    """
    _fraction(fpf)

    def under(truth: Bools, ratings: Floats) -> float:
        x, y = curve(truth, ratings)
        inside = x < fpf
        xs = np.append(x[inside], fpf)
        ys = np.append(y[inside], _height_from_left(x, y, fpf))
        return float(np.trapezoid(ys, xs))

    return Figure(name=f"ALROC to FPF {fpf:g}", of=under, highest=fpf)


def leave_one_out(table: LrocTable, figure: Figure) -> LeaveOneOut:
    """A figure of merit of this module with all cases and without each one."""
    return jackknife.of(_masked(table), figure)


def bootstrap(
    table: LrocTable, figure: Figure, *, seed: int, replicates: int = 2000
) -> case_bootstrap.CaseBootstrap:
    """A figure of merit of this module in bootstrap samples of cases."""
    return case_bootstrap.of(_masked(table), figure, seed=seed, replicates=replicates)


def curve(truth: Bools, ratings: Floats) -> tuple[Floats, Floats]:
    """False positive and correctly localised fractions, from (0, 0) to the curve's end.

    `ratings` is minus infinity in diseased cases that were not localised.
    """
    cuts, at = np.unique(-ratings, return_inverse=True)
    fpf = np.cumsum(np.bincount(at[~truth], minlength=cuts.size)) / int((~truth).sum())
    pcl = np.cumsum(np.bincount(at[truth], minlength=cuts.size)) / int(truth.sum())
    real = np.isfinite(cuts)
    return np.concatenate([[0.0], fpf[real]]), np.concatenate([[0.0], pcl[real]])


def _masked(table: LrocTable) -> ReaderTable:
    missed = table.table.truth & ~table.localised & table.table.read
    return replace(table.table, ratings=np.where(missed, -np.inf, table.table.ratings))


def _height(x: Floats, y: Floats, at: float) -> float:
    last = int(np.searchsorted(x, at, side="right")) - 1
    if last == x.size - 1 or x[last] == at:
        return float(y[last])
    share = (at - x[last]) / (x[last + 1] - x[last])
    return float(y[last] + share * (y[last + 1] - y[last]))


def _height_from_left(x: Floats, y: Floats, at: float) -> float:
    """Height reached from the left: the foot of an upright piece, which adds no area."""
    first = int(np.searchsorted(x, at))
    if first == x.size:
        return float(y[-1])
    if first == 0:
        return float(y[0])
    share = (at - x[first - 1]) / (x[first] - x[first - 1])
    return float(y[first - 1] + share * (y[first] - y[first - 1]))


def _fraction(fpf: float) -> None:
    if not 0 < fpf <= 1:
        raise ValueError(f"fpf must lie above 0 and at most at 1; {fpf} found")
