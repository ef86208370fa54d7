"""Covariance of readers' figures of merit where patients have several cases: patients independent.

Obuchowski-Rockette takes the covariance of figures due to cases from any estimator; these take it
between patients, whatever happens within one and whatever was not read. With one case a patient
they are DeLong's and the jackknife's. `of_auc`, `of_sensitivity`, `of_specificity` and `of_marks`
give beside it what each patient adds.
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
        Any design in which each reader read, in each modality, diseased cases of two or more
        patients, and healthy ones.
    patient : array, shape (n_cases,)
        Patient of each case of the table, any type that sorts. A patient may have cases of both
        classes.

    Raises
    ------
    ValueError
        Lengths differ, or a reader read cases of a class of fewer than two patients.

    Notes
    -----
    Placements of a cell (reader, modality) are summed within patients over the cases it read; the
    covariance of diseased and healthy cases of the same patient is part of it. Where two cells
    share only some patients, `error_covariance.correction` counts those.
    O(cells * n log n + cells^2 * patients). Reference values: doAUCcluster (R),
    `../shared/reference/values/froc_*/clustered-auc.json`.

    References
    ----------
    Obuchowski. Biometrics 1997;53:567-578.
    """
    return of_auc(table, patient).errors


def of_auc(table: ReaderTable, patient: ArrayLike) -> OfPatients:
    """The AUC with Obuchowski's covariance. Parameters and errors as in `obuchowski`."""
    two_classes(table)
    at = _patients(patient, table.n_cases)
    read = _two_patients(table, at)
    placed = placements.of_table(table)
    diseased = _sums(placed.diseased, placed.read_diseased, placed.auc, at[table.truth], read)
    healthy = _sums(placed.healthy, placed.read_healthy, placed.auc, at[~table.truth], read)
    matrix = (diseased @ diseased.T) * error_covariance.correction(read[0])
    matrix += (healthy @ healthy.T) * error_covariance.correction(read[1])
    between = diseased @ healthy.T
    matrix += (between + between.T) * error_covariance.correction(read[0] | read[1])
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
    fewest = int((seen > 0).sum(axis=0).min())
    if fewest < 2:
        raise ValueError(f"two or more patients must have cases of the class; {fewest} found")
    errors = ErrorCovariance(
        figure=name,
        method="linearized over patients",
        modalities=table.modalities,
        readers=table.readers,
        values=values.reshape(len(table.modalities), len(table.readers)),
        matrix=(added.T @ added) * error_covariance.correction(seen.T > 0),
        n_cases=table.n_cases,
        n_diseased=table.n_diseased,
    )
    return OfPatients(errors=errors, patient=names, added=added.T)


def jackknife_of_marks(
    table: FrocTable, figure: froc.PairFigure, patient: ArrayLike
) -> ErrorCovariance:
    """Jackknife covariance of a free-response figure, leaving out one patient at a time.

    Raises `ValueError` where a reader read cases with, or without, lesions of fewer than two
    patients. A reader's figure is left as it is without a patient of whom she read no case.
    """
    return of_marks(table, figure, patient).errors


def of_marks(table: FrocTable, figure: froc.PairFigure, patient: ArrayLike) -> OfPatients:
    """A free-response figure with its jackknife over patients. Errors as there."""
    at = _patients(patient, len(table.cases))
    without = leave_patients_out(table, figure, at)
    errors = error_covariance.jackknife_by_cell(without)
    return OfPatients(
        errors=replace(errors, method="jackknife over patients"),
        patient=np.unique(patient),
        added=error_covariance.added(without),
    )


def leave_patients_out(table: FrocTable, figure: froc.PairFigure, patient: Ints) -> LeaveOneOut:
    """A figure with all cases and without those of each patient, in closed form.

    `patient` has the codes 0, 1, ... of the table's cases. O(cells * n_lesions * n_cases).
    """
    whole = froc.leave_one_out(table, figure)
    with_lesions, without_lesions = _two_patients(table, patient)
    read = (with_lesions | without_lesions).T
    k = read.shape[0]
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
    return replace(whole, left_out=without, read=read.reshape(without.shape))


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


def _sums(placed: Floats, read: Bools, auc: Floats, patient: Ints, patients: Bools) -> Floats:
    """Deviations summed over each patient's cases of a class that a cell read, by their number."""
    sums = np.zeros((patients.shape[2], auc.size))
    np.add.at(sums, patient, np.where(read, placed - auc[:, None], 0.0).T)
    found: Floats = sums.T / read.sum(axis=1)[:, None]
    return found


def _two_patients(table: ReaderTable | FrocTable, patient: Ints) -> Bools:
    """Whether a cell read diseased, then healthy, cases of a patient: (2, n_cells, n_patients).

    Raises `ValueError` where some cell read those of fewer than two patients.
    """
    k = int(patient.max()) + 1
    read = table.read.reshape(-1, table.read.shape[2])
    found = np.zeros((2, read.shape[0], k), dtype=np.bool_)
    for place, (word, kind) in enumerate((("diseased", table.truth), ("healthy", ~table.truth))):
        np.logical_or.at(found[place].T, patient[kind], read[:, kind].T)
        counts = found[place].sum(axis=1)
        if counts.min() < 2:
            modality, reader = divmod(int(np.argmin(counts)), len(table.readers))
            raise ValueError(
                f"each reader must have read {word} cases of two or more patients in each "
                f"modality; reader {table.readers[reader]} read those of {counts.min()} in "
                f"modality {table.modalities[modality]}"
            )
    return found


def _patients(patient: ArrayLike, n_cases: int) -> Ints:
    found = codes("patient", patient)
    if found.size != n_cases:
        raise ValueError(f"patient must name one for each of {n_cases} cases; {found.size} found")
    return found
