"""Covariance of readers' figures of merit where patients have several cases: patients independent.

Obuchowski-Rockette takes the covariance of figures due to cases from any estimator; these take it
between patients, whatever happens within one. With one case a patient they are DeLong's and the
jackknife's. `of_auc`, `of_decisions` and `of_marks` give beside it what each patient adds.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defensible.statistics import error_covariance, froc, placements
from defensible.statistics.arrays import Bools, Floats, Ints, codes
from defensible.statistics.clustered import FEW_CLUSTERS
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.leave_one_out import LeaveOneOut
from defensible.statistics.reader_table import ReaderTable, two_classes

FEW_PATIENTS = FEW_CLUSTERS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfPatients:
    """A figure's covariance between patients, and what each of them adds to it.

    Attributes
    ----------
    errors : ErrorCovariance
        Patients as independent.
    patient : array, shape (n_patients,)
        Their names, sorted.
    added : float array, shape (n_cells, n_patients)
        What the cases of a patient add to each cell beyond its value, linearized; sums to 0.
    """

    errors: ErrorCovariance
    patient: NDArray[np.generic]
    added: Floats


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
    return of_auc(table, patient).errors


def of_auc(table: ReaderTable, patient: ArrayLike) -> OfPatients:
    """The AUC with Obuchowski's covariance. Parameters and errors as in `obuchowski`."""
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
    errors = ErrorCovariance(
        figure="AUC",
        method="Obuchowski's clustered",
        modalities=table.modalities,
        readers=table.readers,
        values=placed.auc.reshape(len(table.modalities), len(table.readers)),
        matrix=matrix,
        n_cases=table.n_cases,
        n_diseased=table.n_diseased,
    )
    return OfPatients(errors=errors, patient=np.unique(patient), added=diseased + healthy)


def of_sensitivity(table: ReaderTable, patient: ArrayLike, *, threshold: float) -> OfPatients:
    """Share of diseased cases rated at or above a threshold; readings may be missing.

    Parameters
    ----------
    table : ReaderTable
        Two or more patients with a diseased case that is read, in each cell.
    patient : array, shape (n_cases,)
        Patient of each case of the table, any type that sorts.
    threshold : float
        Ratings from here on are positive.

    Raises
    ------
    ValueError
        Lengths differ, or a cell has fewer than two cases of a class, or patients with one.
    """
    right = table.ratings >= threshold
    name = f"sensitivity at rating {threshold:g} or above"
    return _of_share(table, patient, table.truth, right, name)


def of_specificity(table: ReaderTable, patient: ArrayLike, *, threshold: float) -> OfPatients:
    """Share of healthy cases rated below a threshold; the rest as in `of_sensitivity`."""
    right = table.ratings < threshold
    name = f"specificity at rating {threshold:g} or above"
    return _of_share(table, patient, ~table.truth, right, name)


def _of_share(
    table: ReaderTable, patient: ArrayLike, kind: Bools, right: Bools, name: str
) -> OfPatients:
    two_classes(table)
    _patients(patient, table.n_cases)
    names, at = np.unique(np.asarray(patient)[kind], return_inverse=True)
    read = table.read.reshape(-1, table.n_cases)[:, kind]
    n = read.sum(axis=1)
    right = right.reshape(-1, table.n_cases)
    values = (right[:, kind] & read).sum(axis=1) / n
    apart = np.where(read, right[:, kind] - values[:, None], 0.0)
    added, seen = np.zeros((2, names.size, n.size))
    np.add.at(added, at, (apart / n[:, None]).T)
    np.add.at(seen, at, read.T)
    held = (seen > 0).astype(np.float64)
    shared = held.T @ held
    fewest = int(np.diag(shared).min())
    if fewest < 2:
        raise ValueError(f"two or more patients must have cases of the class; {fewest} found")
    # one shared patient says nothing about a covariance; its term is left out
    correction = np.divide(shared, shared - 1, out=np.zeros_like(shared), where=shared > 1)
    errors = ErrorCovariance(
        figure=name,
        method="linearized over patients",
        modalities=table.modalities,
        readers=table.readers,
        values=values.reshape(len(table.modalities), len(table.readers)),
        matrix=added.T @ added * correction,
        n_cases=table.n_cases,
        n_diseased=table.n_diseased,
    )
    return OfPatients(errors=errors, patient=names, added=added.T)


def jackknife_of_marks(
    table: FrocTable, figure: froc.PairFigure, patient: ArrayLike
) -> ErrorCovariance:
    """Jackknife covariance of a free-response figure, leaving out one patient at a time.

    Raises `ValueError` where fewer than two patients have cases with, or without, lesions.
    """
    return of_marks(table, figure, patient).errors


def of_marks(table: FrocTable, figure: froc.PairFigure, patient: ArrayLike) -> OfPatients:
    """A free-response figure with its jackknife over patients. Errors as there."""
    at = _patients(patient, len(table.cases))
    without = leave_patients_out(table, figure, at)
    errors = replace(error_covariance.jackknife(without), method="jackknife over patients")
    k = without.left_out.shape[0]
    left_out = without.left_out.reshape(k, -1)
    added = (k - 1) / k * (left_out.mean(axis=0) - left_out)
    return OfPatients(errors=errors, patient=np.unique(patient), added=added.T)


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
