"""How often intervals hold the truth where readers did not read every case in every condition.

A study's ratings are drawn by Roe and Metz's model with a patient in it; a case with the condition
has two lesions. What is rated below `MARKED` has no mark. Readings are there by one of two designs:
split-plot, four groups of readers with a quarter of the patients each, or a fifth of all readings
missing at random. True values are integrals. Where the readers are fixed they are all alike, so
that there is one truth. The last method, the unbiased moments of other programs, is none that a
reader study takes. `... [N_STUDIES]`.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from math import sqrt
from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.special import ndtr

from coverage_table import Study, Trial, printed
from defensible.statistics import (
    froc,
    froc_table,
    mrmc_inference,
    patient_covariance,
    u_statistics,
    unequal_readings,
)
from defensible.statistics.arrays import Bools, Floats, Ints
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.mrmc_inference import MrmcResult
from defensible.statistics.reader_table import ReaderTable, from_dense

MEANS = (1.5, 1.9)
"""Of lesions, and of cases with the condition, unaided and aided."""
MARKED = -0.3
"""What is rated lower has no mark."""
SHARED = (0.25, 0.15, 0.10)
"""Variances of a patient, of a patient in one condition, and of a case."""
OWN = (0.01, 0.01, 0.15, 0.33)
"""Variances of a reader, in one condition, with a case, and of what is left."""
GROUPS, MISSING = 4, 0.2
SIZES = ((8, 60), (8, 120), (12, 120))
"""Readers, patients; a patient has one case, or one to three."""


@cache
def true_differences(own: tuple[float, ...]) -> dict[str, float]:
    """Of the AUC and the wAFROC, between cases of different patients, averaged over readers."""
    spread = sqrt(sum(SHARED) + sum(own))
    auc = [float(ndtr(mean / (spread * sqrt(2)))) for mean in MEANS]

    def above(mean: float) -> float:
        def density(at: float) -> float:
            z = (at - mean) / spread
            return float(np.exp(-z * z / 2) / (spread * sqrt(2 * np.pi)) * ndtr(at / spread))

        tied = float(ndtr((MARKED - mean) / spread) * ndtr(MARKED / spread))
        return float(quad(density, MARKED, mean + 12 * spread)[0]) + tied / 2

    return {"AUC": auc[1] - auc[0], "wAFROC": above(MEANS[1]) - above(MEANS[0])}


def patients_of(patients: int, *, several: bool) -> tuple[Bools, Ints]:
    """Truth and patient of each case; of several cases a third of patients has both classes."""
    patient = np.repeat(np.arange(patients), 1 + np.arange(patients) % 3 if several else 1)
    first = np.concatenate([[True], np.diff(patient) > 0])
    by = patient // 3 if several else patient
    return (by % 3 == 0) | ((by % 3 == 1) & first), patient


def rated(
    rng: np.random.Generator, truth: Bools, patient: Ints, readers: int, own: tuple[float, ...]
) -> Floats:
    """Ratings, shape (2, n_readers, n_cases, 2): of each lesion, or of the case."""

    def normal(variance: float, *shape: int) -> Floats:
        return rng.normal(0, sqrt(variance), shape)

    k, n = int(patient.max()) + 1, patient.size
    of_case = normal(SHARED[0], k)[patient] + normal(SHARED[2], n)
    of_case = of_case + normal(SHARED[1], 2, 1, k)[:, :, patient]
    of_reader = normal(own[0], 1, readers, 2) + normal(own[1], 2, readers, 2)
    seen = of_case + of_reader[:, :, truth.astype(np.int64)] + normal(own[2], 1, readers, n)
    left = normal(own[3], 2, readers, n, 2)
    found: Floats = seen[..., None] + left + (np.array(MEANS)[:, None, None] * truth)[..., None]
    return found


def read_by(rng: np.random.Generator, design: str, readers: int, patient: Ints) -> Bools:
    """What is read, shape (2, n_readers, n_cases)."""
    shape = (2, readers, patient.size)
    if design == "missing at random":
        return np.asarray(rng.random(shape) >= MISSING)
    group = (patient // 9) % GROUPS  # blocks alike in truth and cases
    own = np.arange(readers) % GROUPS
    return np.broadcast_to(group == own[:, None], shape)


def of_ratings(truth: Bools, ratings: Floats, read: Bools) -> ReaderTable:
    """The ratings of cases as a table."""
    return replace(from_dense(truth, np.where(read, ratings, 0.0)), read=read)


def of_marks(truth: Bools, ratings: Floats, read: Bools) -> FrocTable:
    """Two lesions of each case with the condition; of others the first rating, as a false mark."""
    place = np.cumsum(truth) - 1
    modality, reader, case, kind = np.nonzero((ratings > MARKED) & read[..., None])
    kept = truth[case] | (kind == 0)
    modality, reader, case, kind = modality[kept], reader[kept], case[kept], kind[kept]
    sizes = [tuple(str(i) for i in range(size)) for size in read.shape]
    return froc_table.coded(
        modalities=("1", "2"),
        readers=sizes[1],
        cases=sizes[2],
        lesion_case=np.repeat(np.flatnonzero(truth), 2),
        lesion_weight=np.full(2 * int(truth.sum()), 0.5),
        at=np.stack([modality, reader, case]),
        found=np.where(truth[case], 2 * place[case] + kind, -1),
        rating=ratings[modality, reader, case, kind],
        read=read,
    )


def found(
    rng: np.random.Generator, design: str, readers: int, patients: int, *, several: bool
) -> Iterator[Trial]:
    """The differences of one study, readers random, and of one whose readers are all alike."""
    truth, patient = patients_of(patients, several=several)
    read = read_by(rng, design, readers, patient)
    size = f"{design}; {readers} readers, {patients} patients"
    size += " with 1 to 3 cases" if several else ""
    for own in (OWN, (0.0, 0.0, *OWN[2:])):
        ratings = rated(rng, truth, patient, readers, own)
        figures = of_ratings(truth, ratings[..., 0], read), of_marks(truth, ratings, read)
        for name, method, result in analyses(*figures, patient, several=several, alike=own != OWN):
            one = mrmc_inference.difference(result, new="2", reference="1")
            yield f"{name}, {method}; {size}", true_differences(own)[name], one


def analyses(
    table: ReaderTable, marks: FrocTable, patient: Ints, *, several: bool, alike: bool
) -> Iterator[tuple[str, str, MrmcResult[Any]]]:
    """Those that a reader study takes, by figure and method."""
    auc = patient_covariance.obuchowski(table, patient)
    wafroc = patient_covariance.jackknife_of_marks(marks, froc.WAFROC, patient)
    if alike:
        yield "AUC", "OR, readers fixed", unequal_readings.fixed_readers(auc)
        yield "wAFROC", "OR, readers fixed", unequal_readings.fixed_readers(wafroc)
        return
    yield "AUC", "OR", unequal_readings.random_readers(auc)
    yield "wAFROC", "OR", unequal_readings.random_readers(wafroc)
    if not several:
        yield "AUC", "U centred", u_statistics.centred(table)
        yield "wAFROC", "U centred", u_statistics.centred(marks)
        yield "AUC", "U unbiased", u_statistics.unbiased(table)


def studies() -> Iterator[tuple[Study, int]]:
    """Every design and size, patients with one case and with several."""
    for several in (False, True):
        for design in ("split-plot", "missing at random"):
            for readers, patients in SIZES:
                yield (
                    partial(
                        found, design=design, readers=readers, patients=patients, several=several
                    ),
                    1,
                )


if __name__ == "__main__":
    printed(studies(), int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
