"""How often the interval of the wAFROC difference holds the truth where patients repeat.

Marks of readers in two conditions: a lesion is marked where it looks bright enough, false marks
fall at random, and both look alike within a patient, part of it in one condition alone. The true
difference is that between lesions and false marks of different patients, from 150 large studies.
Beside the jackknife over patients stands the one over cases. `... [N_STUDIES]`.
"""

import sys

import numpy as np

from defensible.statistics import (
    error_covariance,
    froc,
    froc_table,
    mrmc_inference,
    obuchowski_rockette,
    patient_covariance,
)
from defensible.statistics.arrays import Ints
from defensible.statistics.froc_table import FrocTable

SIZES = ((5, 30, 2), (5, 60, 2), (8, 60, 4), (10, 120, 2))
"""Readers, patients, cases of a patient."""
BRIGHT = (1.0, 1.3)
"""Mean of lesions, unaided and aided."""
PATIENT, PATIENT_MODALITY, LESION, READER, MODALITY_READER, ERROR = 0.3, 0.2, 0.1, 0.05, 0.02, 0.4
FALSE_MARKS = 0.6
"""Of a case, on average."""
MARKED_FROM = 0.0


def drawn(
    rng: np.random.Generator, n_readers: int, n_patients: int, n_cases: int
) -> tuple[FrocTable, Ints]:
    """The marks, and the patient of each case; a third of patients has cases of both kinds."""
    patient = np.repeat(np.arange(n_patients), n_cases)
    sick = (patient % 3 == 0) | ((patient % 3 == 1) & (np.arange(patient.size) % n_cases == 0))
    lesion_case = np.repeat(np.flatnonzero(sick), rng.integers(1, 4, int(sick.sum())))
    of_patient = rng.normal(0, PATIENT**0.5, n_patients)
    of_patient = of_patient + rng.normal(0, PATIENT_MODALITY**0.5, (2, n_patients))
    of_reader = rng.normal(0, READER**0.5, n_readers)
    of_reader = of_reader + rng.normal(0, MODALITY_READER**0.5, (2, n_readers))

    shape = (2, n_readers, lesion_case.size)
    seen = np.array(BRIGHT)[:, None, None] + of_reader[:, :, None]
    seen = seen + of_patient[:, None, patient[lesion_case]]
    seen = seen + rng.normal(0, LESION**0.5, lesion_case.size) + rng.normal(0, ERROR**0.5, shape)
    m, r, lesion = np.nonzero(seen > MARKED_FROM)
    counts = rng.poisson(FALSE_MARKS, (2, n_readers, patient.size))
    false = np.repeat(np.indices(counts.shape).reshape(3, -1), counts.ravel(), axis=1)
    rated = of_patient[false[0], patient[false[2]]] + rng.normal(0, ERROR**0.5, false.shape[1])
    weight = 1 / np.bincount(lesion_case, minlength=patient.size)[lesion_case]
    table = froc_table.coded(
        modalities=("1", "2"),
        readers=tuple(f"{i:03}" for i in range(n_readers)),
        cases=tuple(f"{i:06}" for i in range(patient.size)),
        lesion_case=lesion_case,
        lesion_weight=weight,
        at=np.concatenate([np.stack([m, r, lesion_case[lesion]]), false], axis=1),
        found=np.concatenate([lesion, np.full(false.shape[1], -1)]),
        rating=np.concatenate([seen[m, r, lesion], rated]),
    )
    return table, patient


def main(n_studies: int) -> None:
    """Print the coverage at each size, patients as independent and cases as independent."""
    rng = np.random.default_rng(20261201)
    large = [froc.values(drawn(rng, 20, 300, 2)[0], froc.WAFROC).mean(axis=1) for _ in range(150)]
    gaps = np.diff(large, axis=1)
    true, error = float(gaps.mean()), float(gaps.std() / len(gaps) ** 0.5)
    print(f"true difference {true:.4f}, Monte Carlo error {error:.4f}")
    for readers, patients, cases in SIZES:
        held, values, widths = np.zeros(2), [], []
        for _ in range(n_studies):
            table, patient = drawn(rng, readers, patients, cases)
            both = [
                mrmc_inference.difference(
                    obuchowski_rockette.random_readers(errors), new="2", reference="1"
                )
                for errors in (
                    patient_covariance.jackknife_of_marks(table, froc.WAFROC, patient),
                    error_covariance.jackknife(froc.leave_one_out(table, froc.WAFROC)),
                )
            ]
            held += [one.low <= true <= one.high for one in both]
            values.append(both[0].value)
            widths.append(both[0].high - both[0].low)
        share = held / n_studies
        print(
            f"{readers} readers, {patients} patients of {cases} cases: coverage {share[0]:.4f}, "
            f"cases as independent {share[1]:.4f}, mean {np.mean(values):.4f}, "
            f"width {np.mean(widths):.4f}",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
