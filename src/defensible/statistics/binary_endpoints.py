"""Sensitivity and specificity of binary reads as U-statistics: random readers and cases.

A read is positive where the rating is at or above a threshold. The success of a pair of cases is
then the decision on one of them, so everything in `u_statistics` holds, whatever was left unread:
with readings missing its moments are centred.
"""

from dataclasses import replace

import numpy as np

from defensible.statistics import u_statistics
from defensible.statistics.reader_table import ReaderTable, decisions


def sensitivity(
    table: ReaderTable, *, threshold: float, level: float = 0.95
) -> u_statistics.Result:
    """Sensitivity at a rating threshold; a reader counts by the diseased cases she read.

    Parameters
    ----------
    table : ReaderTable
        Any design; each modality read by two or more readers.
    threshold : float
        Positive where the rating is at or above it.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Raises
    ------
    ValueError
        A modality has fewer than two readers of diseased cases, or there is no diseased case.
    """
    return _one_class(table, threshold, level, diseased=True)


def specificity(
    table: ReaderTable, *, threshold: float, level: float = 0.95
) -> u_statistics.Result:
    """Specificity at a rating threshold; a reader counts by the non-diseased cases she read.

    Parameters and errors as in `sensitivity`, for non-diseased cases.
    """
    return _one_class(table, threshold, level, diseased=False)


def sensitivity_weighted_by_pairs(
    table: ReaderTable, *, threshold: float, level: float = 0.95
) -> u_statistics.Result:
    """Sensitivity where a reader counts by the pairs she read, as when it is fed to iMRMC.

    Differs from `sensitivity` only if readers read different numbers of cases.
    """
    return _all_pairs(table, threshold, level, diseased=True)


def specificity_weighted_by_pairs(
    table: ReaderTable, *, threshold: float, level: float = 0.95
) -> u_statistics.Result:
    """Specificity where a reader counts by the pairs she read, as when it is fed to iMRMC."""
    return _all_pairs(table, threshold, level, diseased=False)


def _one_class(
    table: ReaderTable, threshold: float, level: float, *, diseased: bool
) -> u_statistics.Result:
    kept = table.truth if diseased else ~table.truth
    n_units = int(kept.sum())
    if n_units == 0:
        word = "diseased" if diseased else "non-diseased"
        raise ValueError(f"the table must hold {word} cases; it has none")
    decided = _against_one_dummy(decisions(table, threshold), diseased=diseased)
    of = u_statistics.analysis if table.crossed else u_statistics.centred
    return of(
        decided,
        level=level,
        figure=f"{_name(diseased=diseased)} at rating {threshold:g} or above",
        n_units=n_units,
        n_diseased=n_units if diseased else 0,
    )


def _all_pairs(
    table: ReaderTable, threshold: float, level: float, *, diseased: bool
) -> u_statistics.Result:
    binary = decisions(table, threshold)
    own = table.truth if diseased else ~table.truth
    name = _name(diseased=diseased)
    return u_statistics.analysis(
        replace(binary, ratings=np.where(own, binary.ratings, 0.5)),
        level=level,
        figure=f"{name} at rating {threshold:g} or above, readers weighted by case pairs",
    )


def _against_one_dummy(binary: ReaderTable, *, diseased: bool) -> ReaderTable:
    """One class against a single case of the other, read by all and always rated one half.

    The success of a pair is then the decision itself, and no decision counts twice.
    """
    kept = binary.truth if diseased else ~binary.truth
    n_modalities, n_readers, _ = binary.ratings.shape
    ratings = np.full((n_modalities, n_readers, int(kept.sum()) + 1), 0.5)
    ratings[:, :, 1:] = binary.ratings[:, :, kept]
    read = np.ones(ratings.shape, dtype=np.bool_)
    read[:, :, 1:] = binary.read[:, :, kept]
    return replace(
        binary,
        cases=("", *np.array(binary.cases)[kept].tolist()),
        truth=np.concatenate([[not diseased], binary.truth[kept]]),
        ratings=ratings,
        read=read,
    )


def _name(*, diseased: bool) -> str:
    return "sensitivity" if diseased else "specificity"
