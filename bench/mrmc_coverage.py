"""Coverage of reader-study intervals under the model of Roe and Metz, by simulation.

    python bench/mrmc_coverage.py --replicates 10000

Two modalities without a difference, random readers and cases. Prints how often the 95% interval
of the difference holds 0, and that of one modality holds its AUC, with the Monte Carlo error.

Roe, Metz. Academic Radiology 1997;4:298-303 (structures HL, LH; their variance components).
"""

import argparse
from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import ndtr

from defensible.statistics import (
    error_covariance,
    leave_one_out,
    near_ceiling,
    obuchowski_rockette,
    reader_table,
    u_statistics,
)
from defensible.statistics.estimate import Estimate
from defensible.statistics.reader_table import ReaderTable

# Variances: reader (and modality by reader), case, modality by case, reader by case, error.
STRUCTURES = {
    "HL, AUC 0.855": (1.5, 0.0055, 0.3, 0.3, 0.2, 0.2),
    "LH, AUC 0.855": (1.5, 0.030, 0.1, 0.1, 0.2, 0.6),
    "HL, AUC 0.961": (2.5, 0.0055, 0.3, 0.3, 0.2, 0.2),
}
Analysis = Callable[[ReaderTable], Any]
METHODS: dict[str, Analysis] = {
    "OR, DeLong": lambda table: obuchowski_rockette.random_readers(error_covariance.delong(table)),
    "OR, jackknife": lambda table: obuchowski_rockette.random_readers(
        error_covariance.jackknife(leave_one_out.auc(table))
    ),
    "U, BDG df": u_statistics.unbiased,
    "U, Hillis df": u_statistics.unbiased_with_hillis_df,
}


def study(
    generator: np.random.Generator,
    structure: tuple[float, ...],
    n_readers: int,
    n_cases: int,
) -> ReaderTable:
    gap, reader, case, modality_case, reader_case, error = structure
    truth = np.arange(n_cases) % 2 == 0

    def effects(variance: float, *shape: int) -> np.ndarray[Any, np.dtype[np.float64]]:
        return generator.normal(scale=sqrt(variance), size=shape)

    ratings = (
        gap * truth
        + effects(case, n_cases)
        + effects(modality_case, 2, 1, n_cases)
        + effects(reader_case, 1, n_readers, n_cases)
        + effects(error, 2, n_readers, n_cases)
    )
    # Readers differ by class, so that they differ in accuracy and not just in scale.
    for of_class in (truth, ~truth):
        ratings[:, :, of_class] += effects(reader, 1, n_readers, 1)
        ratings[:, :, of_class] += effects(reader, 2, n_readers, 1)
    return reader_table.from_dense(truth, ratings)


def holds(estimate: Estimate, value: float) -> bool:
    return estimate.low <= value <= estimate.high


def logit(estimate: Estimate) -> Estimate:
    if estimate.se is None or not 0 < estimate.value < 1:
        return estimate
    return near_ceiling.logit_interval(estimate)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--cases", type=int, default=100)
    asked = parser.parse_args()
    n = asked.replicates
    print(f"{asked.readers} readers, {asked.cases} cases, {n} replicates, seed 7, level 95%")
    print(f"Monte Carlo error at 95%: {100 * sqrt(0.95 * 0.05 / n):.2f} points")
    print("| structure | method | difference | one modality | logit scale |")
    print("| --- | --- | --- | --- | --- |")
    for name, structure in STRUCTURES.items():
        area = float(ndtr(structure[0] / sqrt(2 * (1 + 2 * structure[1]))))
        counts = {method: np.zeros(3, dtype=np.int64) for method in METHODS}
        generator = np.random.default_rng(7)
        for _ in range(n):
            table = study(generator, structure, asked.readers, asked.cases)
            for method, analysis in METHODS.items():
                result = analysis(table)
                one = result.modalities[0].estimate
                counts[method] += (
                    holds(result.differences[0].estimate, 0.0),
                    holds(one, area),
                    holds(logit(one), area),
                )
        for method, count in counts.items():
            gap, own, scaled = 100 * count / n
            print(f"| {name} | {method} | {gap:.1f} | {own:.1f} | {scaled:.1f} |")


if __name__ == "__main__":
    main()
