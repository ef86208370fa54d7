"""How often the interval of the AUC difference holds the truth where patients have several cases.

Roe and Metz's model of ratings with a patient in it: what all cases of a patient share is seen by
all readers, part of it in one condition alone. The true difference has a closed form. Beside the
interval by Obuchowski's clustered covariance stands the one that takes cases as independent.
`... [N_STUDIES]`.
"""

import sys
from math import sqrt

import numpy as np
from scipy.special import ndtr

from defensible.statistics import (
    error_covariance,
    mrmc_inference,
    obuchowski_rockette,
    patient_covariance,
)
from defensible.statistics.arrays import Bools, Floats, Ints
from defensible.statistics.reader_table import from_dense

MEANS = (1.5, 1.9)
"""Of diseased cases, unaided and aided."""
PATIENT, PATIENT_MODALITY, CASE, READER, MODALITY_READER, ERROR = 0.3, 0.2, 0.1, 0.01, 0.01, 0.4
"""Variances: what all cases of a patient share, in both conditions and in one, and so on."""
SIZES = ((5, 30, 2), (5, 60, 2), (8, 60, 4), (10, 120, 2))
"""Readers, patients, cases of a patient."""


def true_difference() -> float:
    """Between cases of different patients, averaged over readers."""
    spread = 2 * (PATIENT + PATIENT_MODALITY + CASE + READER + MODALITY_READER + ERROR)
    unaided, aided = (float(ndtr(mean / sqrt(spread))) for mean in MEANS)
    return aided - unaided


def drawn(
    rng: np.random.Generator, readers: int, patients: int, cases: int
) -> tuple[Bools, Ints, Floats]:
    """Truth and patient of each case, and ratings; a third of patients has both classes."""
    patient = np.repeat(np.arange(patients), cases)
    truth = (patient % 3 == 0) | ((patient % 3 == 1) & (np.arange(patient.size) % cases == 0))

    def normal(variance: float, *shape: int) -> Floats:
        return rng.normal(0, sqrt(variance), shape)

    seen = normal(PATIENT, patients)[patient] + normal(CASE, patient.size)
    seen = seen + normal(PATIENT_MODALITY, 2, 1, patients)[:, :, patient]
    of_reader = normal(READER, 1, readers, 2) + normal(MODALITY_READER, 2, readers, 2)
    ratings = seen + of_reader[:, :, truth.astype(np.int64)]
    ratings = ratings + normal(ERROR, 2, readers, patient.size)
    return truth, patient, ratings + np.array(MEANS)[:, None, None] * truth


def main(n_studies: int) -> None:
    """Print the coverage at each size, patients as independent and cases as independent."""
    true, rng = true_difference(), np.random.default_rng(20261127)
    for readers, patients, cases in SIZES:
        held, found, widths = np.zeros(2), [], []
        for _ in range(n_studies):
            truth, patient, ratings = drawn(rng, readers, patients, cases)
            table = from_dense(truth, ratings)
            gaps = [
                mrmc_inference.difference(
                    obuchowski_rockette.random_readers(errors), new="2", reference="1"
                )
                for errors in (
                    patient_covariance.obuchowski(table, patient),
                    error_covariance.delong(table),
                )
            ]
            held += [one.low <= true <= one.high for one in gaps]
            found.append(gaps[0].value)
            widths.append(gaps[0].high - gaps[0].low)
        share = held / n_studies
        print(
            f"{readers} readers, {patients} patients of {cases} cases: coverage {share[0]:.4f}, "
            f"cases as independent {share[1]:.4f}, mean {np.mean(found):.4f} (true {true:.4f}), "
            f"width {np.mean(widths):.4f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
