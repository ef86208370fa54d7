"""How often the joint tests of interaction reject where there is none, under Roe and Metz's model.

Three strata of cases that hold 20, 30 and 50 % of them; three groups of readers of equal size. The
AUC rises by the same in all. Then the same where each patient has `OF_PATIENT` cases, a third of
them of both classes, that fall into strata at random, and what a patient's cases share makes up
most of the variance; beside it the tests that take strata, and cases, as independent.
`... [N_STUDIES]`; at 1,000 the Monte Carlo error of 0.05 is 0.007.
"""

import sys

import numpy as np

from defensible.statistics import (
    error_covariance,
    joint_interaction,
    patient_covariance,
    strata_differences,
)
from defensible.statistics.arrays import Bools, Floats, Ints
from defensible.statistics.mrmc_inference import EqualityTest
from defensible.statistics.reader_table import ReaderTable

SIZES = ((6, 120), (6, 300), (12, 120), (12, 300))
STRUCTURES = {"HL": (0.0055, 0.3, 0.3, 0.2, 0.2), "LH": (0.030, 0.1, 0.1, 0.2, 0.6)}
"""Variances: modality by reader, case, modality by case, reader by case, error."""
GAP, GAIN, CELL, ALPHA = 1.5, 0.3, 0.03, 0.05
"""`CELL`: variance of readers' own reactions to a stratum, in each modality."""
OF_PATIENT = 3
PATIENT, PATIENT_MODALITY = 0.3, 0.3
"""Variances: what all cases of a patient share, in both modalities and in each alone."""


def study(
    rng: np.random.Generator,
    structure: tuple[float, ...],
    n_readers: int,
    n_cases: int,
    cell: float,
    *,
    more: Floats | float = 0.0,
) -> tuple[ReaderTable, Ints]:
    """A study and the stratum of each case; `more` is added to the gain, by reader and case."""
    reader, case, modality_case, reader_case, error = structure
    truth = np.arange(n_cases) % 2 == 0
    stratum = np.searchsorted([0.2, 0.5], np.arange(n_cases) / n_cases, side="right")
    gains = np.array([0.0, GAIN])[:, None, None] + rng.normal(0, reader**0.5, (2, n_readers, 1))
    gains = gains + rng.normal(0, cell**0.5, (2, n_readers, 3))[:, :, stratum]
    gains[1] += more
    ratings = (GAP + gains) * truth
    ratings = ratings + rng.normal(0, case**0.5, n_cases)
    ratings += rng.normal(0, modality_case**0.5, (2, 1, n_cases))
    ratings += rng.normal(0, reader_case**0.5, (1, n_readers, n_cases))
    ratings += rng.normal(0, error**0.5, (2, n_readers, n_cases))
    return table(truth, ratings), stratum


def table(
    truth: Bools,
    ratings: Floats,
) -> ReaderTable:
    """Everything read."""
    return ReaderTable(
        modalities=("unaided", "aided"),
        readers=tuple(f"R{i}" for i in range(ratings.shape[1])),
        cases=tuple(f"K{i}" for i in range(truth.size)),
        truth=truth,
        ratings=ratings,
        read=np.ones(ratings.shape, dtype=np.bool_),
    )


def repeated(
    rng: np.random.Generator, n_readers: int, n_cases: int
) -> tuple[ReaderTable, Ints, Ints]:
    """A study, the stratum of each case and its patient."""
    patient = np.arange(n_cases) // OF_PATIENT
    truth = np.where(patient % 3 == 2, np.arange(n_cases) % 2 == 0, patient % 3 == 0)
    stratum = rng.choice(3, p=[0.2, 0.3, 0.5], size=n_cases)
    n_patients = int(patient.max()) + 1
    ratings = (GAP + np.array([0.0, GAIN])[:, None, None]) * truth
    ratings = ratings + rng.normal(0, PATIENT**0.5, n_patients)[patient]
    ratings += rng.normal(0, PATIENT_MODALITY**0.5, (2, 1, n_patients))[:, :, patient]
    ratings = ratings + rng.normal(0, 0.01**0.5, (2, n_readers, 2))[:, :, truth.astype(int)]
    ratings += rng.normal(0, 0.1**0.5, n_cases) + rng.normal(0, 0.1**0.5, (2, 1, n_cases))
    ratings += rng.normal(0, 0.2**0.5, (2, n_readers, n_cases))
    return table(truth, ratings), stratum, patient


def part(whole: ReaderTable, cases: Bools) -> ReaderTable:
    """Some cases of a study."""
    return table(whole.truth[cases], whole.ratings[:, :, cases])


def rejects(found: EqualityTest | None) -> bool:
    """Whether a test is significant; one that cannot be made is not."""
    return found is not None and found.p < ALPHA


def of_repeated(n_studies: int) -> None:
    """Print the shares where patients have several cases."""
    rng = np.random.default_rng(20261126)
    for n_readers, n_cases in ((6, 180), (6, 450), (12, 180), (12, 450)):
        held = []
        for _ in range(n_studies):
            whole, stratum, patient = repeated(rng, n_readers, n_cases)
            inside = [stratum == k for k in range(3)]
            parts = [patient_covariance.of_auc(part(whole, at), patient[at]) for at in inside]
            shared = strata_differences.of_patients(parts)
            apart = strata_differences.independent([one.errors for one in parts])
            cases = strata_differences.independent(
                [error_covariance.delong(part(whole, at)) for at in inside]
            )
            held.append(
                [rejects(joint_interaction.of_cases(one)) for one in (shared, apart, cases)]
                + [rejects(joint_interaction.of_cases_by_these_readers(shared))]
            )
        share = np.mean(held, axis=0)
        print(
            f"{OF_PATIENT} cases a patient, {n_readers} readers, {n_cases} cases: strata "
            f"{share[0]:.3f}, these readers {share[3]:.3f}; as if strata were independent "
            f"{share[1]:.3f}, as if cases were {share[2]:.3f}",
            flush=True,
        )


def main(n_studies: int) -> None:
    """Print the share of studies in which each test rejects where cases are independent."""
    rng = np.random.default_rng(20261125)
    for name, structure in STRUCTURES.items():
        for cell in (0.0, CELL):
            for n_readers, n_cases in SIZES:
                of_cases, of_readers = [], []
                for _ in range(n_studies):
                    whole, stratum = study(rng, structure, n_readers, n_cases, cell)
                    parts = [error_covariance.delong(part(whole, stratum == k)) for k in range(3)]
                    strata = strata_differences.independent(parts)
                    of_cases.append(rejects(joint_interaction.of_cases(strata)))
                    values = error_covariance.delong(whole).values
                    groups = np.arange(n_readers) % 3
                    of_readers.append(
                        rejects(joint_interaction.of_readers(values[1] - values[0], groups))
                    )
                print(
                    f"{name}, reactions {cell}, {n_readers} readers, {n_cases} cases: strata of "
                    f"cases {np.mean(of_cases):.3f}, groups of readers {np.mean(of_readers):.3f}",
                    flush=True,
                )


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    main(n)
    of_repeated(n)
