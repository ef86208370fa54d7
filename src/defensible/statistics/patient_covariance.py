"""Covariance of readers' figures of merit where patients have several cases: patients independent.

Obuchowski-Rockette takes the covariance of figures due to cases from any estimator; these two take
it between patients, whatever happens within one. With one case a patient they are DeLong's and the
jackknife's, digit for digit.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics import error_covariance, froc, placements
from defensible.statistics.arrays import Floats, Ints, codes
from defensible.statistics.clustered import FEW_CLUSTERS
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.leave_one_out import LeaveOneOut
from defensible.statistics.reader_table import ReaderTable, two_classes

FEW_PATIENTS = FEW_CLUSTERS


def obuchowski(table: ReaderTable, patient: ArrayLike) -> ErrorCovariance:
    """Obuchowski's clustered covariance of the empirical AUCs of all readers and modalities.

    Parameters
    ----------
    table : ReaderTable
        Fully crossed: every reader read every case in every modality.
    patient : array, shape (n_cases,)
        Patient of each case of the table, any type that sorts; two or more patients with a
        diseased case, and with a healthy one. A patient may have cases of both classes.

    Raises
    ------
    ValueError
        Some reading is missing, lengths differ, or a class has fewer than two patients.

    Notes
    -----
    Placements are summed within patients; the covariance of diseased and healthy cases of the same
    patient is part of it. O(cells * n log n + cells^2 * patients). Reference values: doAUCcluster
    (R), `../shared/reference/values/froc_*/clustered-auc.json`.

    References
    ----------
    Obuchowski. Biometrics 1997;53:567-578.
    """
    two_classes(table)
    if not table.crossed:
        raise ValueError(
            "patients have several cases, and some readings are missing: every reader must have "
            "read every case in every modality"
        )
    at = _patients(patient, table.n_cases)
    k = int(at.max()) + 1
    placed = placements.of_table(table)
    diseased, n_diseased = _sums(placed.diseased - placed.auc[:, None], at[table.truth], k)
    healthy, n_healthy = _sums(placed.healthy - placed.auc[:, None], at[~table.truth], k)
    for word, found in (("diseased", n_diseased), ("healthy", n_healthy)):
        if found < 2:
            raise ValueError(f"two or more patients must have {word} cases; {found} found")
    matrix = n_diseased / (n_diseased - 1) * (diseased @ diseased.T)
    matrix += n_healthy / (n_healthy - 1) * (healthy @ healthy.T)
    between = diseased @ healthy.T
    matrix += k / (k - 1) * (between + between.T)
    return ErrorCovariance(
        figure="AUC",
        method="Obuchowski's clustered",
        modalities=table.modalities,
        readers=table.readers,
        values=placed.auc.reshape(len(table.modalities), len(table.readers)),
        matrix=matrix,
        n_cases=table.n_cases,
        n_diseased=table.n_diseased,
    )


def jackknife_of_marks(
    table: FrocTable, figure: froc.PairFigure, patient: ArrayLike
) -> ErrorCovariance:
    """Jackknife covariance of a free-response figure, leaving out one patient at a time.

    Raises `ValueError` where fewer than two patients have cases with, or without, lesions.
    """
    at = _patients(patient, len(table.cases))
    return replace(
        error_covariance.jackknife(leave_patients_out(table, figure, at)),
        method="jackknife over patients",
    )


def leave_patients_out(table: FrocTable, figure: froc.PairFigure, patient: Ints) -> LeaveOneOut:
    """A figure with all cases and without those of each patient, in closed form.

    `patient` has the codes 0, 1, ... of the table's cases. O(cells * n_lesions * n_cases).
    """
    whole = froc.leave_one_out(table, figure)
    k = int(patient.max()) + 1
    for word, kind in (("with", table.truth), ("without", ~table.truth)):
        if np.unique(patient[kind]).size < 2:
            raise ValueError(f"two or more patients must have cases {word} lesions")
    without = np.empty((k, *whole.values.shape))
    for cell in np.ndindex(*whole.values.shape):
        parts = froc.pairs(table, figure, cell)
        of_false, of_lesioned = patient[parts.falses], patient[parts.lesioned]
        n_false = np.bincount(of_false, minlength=k)
        size = np.bincount(of_lesioned, weights=parts.size, minlength=k)
        lost = np.bincount(of_false, weights=parts.success.sum(axis=1), minlength=k)
        lost += np.bincount(of_lesioned, weights=parts.success.sum(axis=0), minlength=k)
        within = _within(parts.success, of_false, of_lesioned, k)
        top = parts.success.sum() - lost + within
        without[:, *cell] = top / ((n_false.sum() - n_false) * (size.sum() - size))
    return replace(whole, left_out=without)


def _within(success: Floats, of_false: Ints, of_lesioned: Ints, k: int) -> Floats:
    """Successes of lesions against false marks of the same patient."""
    order = np.argsort(of_lesioned, kind="stable")
    first = np.searchsorted(of_lesioned[order], of_false, side="left")
    count = np.searchsorted(of_lesioned[order], of_false, side="right") - first
    row = np.repeat(np.arange(of_false.size), count)
    step = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    column = order[np.repeat(first, count) + step]
    found = np.bincount(of_false[row], weights=success[row, column], minlength=k)
    return found.astype(np.float64)


def _sums(centred: Floats, patient: Ints, k: int) -> tuple[Floats, int]:
    """Sums over each patient's cases of a class, by the class's size, and how many have any."""
    sums = np.zeros((k, centred.shape[0]))
    np.add.at(sums, patient, centred.T)
    return sums.T / patient.size, int(np.unique(patient).size)


def _patients(patient: ArrayLike, n_cases: int) -> Ints:
    found = codes("patient", patient)
    if found.size != n_cases:
        raise ValueError(f"patient must name one for each of {n_cases} cases; {found.size} found")
    return found
