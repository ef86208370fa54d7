"""How often the intervals of a device's marks hold the truth, by the search model, with patients.

A patient has one to three cases. What the patient shares moves the impressions of lesions, and the
number of false marks is gamma-Poisson by patient. `... [N_STUDIES]`; at 20,000 the Monte Carlo
error of 0.95 is 0.0015. Beside each interval the one that was not taken: normal, or by t, on the
figure's own scale.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.special import ndtri, stdtrit

from defensible.statistics import clustered, device_marks
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.device_marks import CaseMarks
from defensible.statistics.estimate import Estimate

LEVEL, SHARED_SD, SHAPE, SEED = 0.95, 0.7, 1.0, 20261126
SETTINGS = (  # patients, mean of a lesion's impression, false impressions a case
    (40, 1.5, 1.0),
    (100, 1.5, 1.0),
    (100, 2.5, 0.5),
    (300, 2.5, 0.5),
    (100, 1.0, 3.0),
)
THRESHOLD, MARKED = 0.5, -1.0
"""Impressions from which on a mark is shown, and written at all; false ones have mean 0."""


def study(
    rng: np.random.Generator, n_patients: int, mean: float, false: float
) -> tuple[CaseMarks, Ints, Floats]:
    """A study with as many diseased as healthy patients: marks, false marks shown, and hits."""
    n_cases = rng.integers(1, 4, n_patients)
    patient = np.repeat(np.arange(n_patients), n_cases)
    diseased = patient % 2 == 0
    shared = rng.normal(0, SHARED_SD, n_patients)[patient]
    rate = false * rng.gamma(SHAPE, 1 / SHAPE, n_patients)[patient]
    lesions = np.where(diseased, 1 + rng.poisson(0.6, patient.size), 0)
    lesion_case = np.repeat(np.arange(patient.size), lesions)
    own = rng.normal(0, np.sqrt(1 - SHARED_SD**2), lesion_case.size)
    rating = mean + shared[lesion_case] + own
    number = rng.poisson(rate)
    of_case = np.repeat(np.arange(patient.size), number)
    drawn = rng.normal(0, 1, of_case.size)
    highest = np.full(patient.size, -np.inf)
    np.maximum.at(highest, of_case, drawn)
    highest[highest < MARKED] = -np.inf
    marks = CaseMarks(
        lesion_case=lesion_case,
        lesion_weight=1.0 / lesions[lesion_case],
        lesion_rating=np.where(rating < MARKED, -np.inf, rating),
        false_rating=highest,
        patient=patient,
    )
    return marks, np.bincount(of_case[drawn >= THRESHOLD], minlength=patient.size), rating


def estimates(found: tuple[CaseMarks, Ints, Floats]) -> Iterator[tuple[str, Estimate]]:
    """The interval of each figure, and the plain one beside it."""
    marks, false, rating = found
    who = np.asarray(marks.patient)
    hit = rating >= THRESHOLD
    yield "lesions found, Wilson", clustered.proportion(hit, who[marks.lesion_case], level=LEVEL)
    yield "lesions found, t", clustered.proportion_t(hit, who[marks.lesion_case], level=LEVEL)
    number = device_marks.marks_per_case(false, who, level=LEVEL)
    yield "false marks, t on the log scale", number
    yield "false marks, t", _plain(number, float(stdtrit((number.n_clusters or 2) - 1, 0.975)))
    area = device_marks.wafroc(marks, level=LEVEL)
    yield "wAFROC, logit", area
    yield "wAFROC, normal", _plain(area, float(ndtri(0.975)))


def _plain(of: Estimate, quantile: float) -> Estimate:
    half = quantile * (of.se or 0.0)
    return replace(of, low=of.value - half, high=of.value + half)


def truths(mean: float, false: float) -> dict[str, float]:
    """Values in one very large study: a ratio of means is what a study estimates."""
    found = study(np.random.default_rng(SEED + 1), 600_000, mean, false)
    return {name.split(",")[0]: one.value for name, one in estimates(found)}


def main(n_studies: int) -> None:
    """A table: each setting and interval, how often it covers, lies too low, too high."""
    print("| Interval (95%) | Studies | Covers | Too low | Too high |")
    print("| --- | --- | --- | --- | --- |")
    for setting in SETTINGS:
        rng = np.random.default_rng(SEED)
        true = truths(*setting[1:])
        counts: dict[str, list[int]] = {}
        for _ in range(n_studies):
            for name, one in estimates(study(rng, *setting)):
                value = true[name.split(",")[0]]
                held = counts.setdefault(name, [0, 0, 0])
                held[0] += one.low <= value <= one.high
                held[1] += one.high < value
                held[2] += one.low > value
        for name, held in counts.items():
            value = true[name.split(",")[0]]
            shares = " | ".join(f"{count / n_studies:.3f}" for count in held)
            print(f"| {name}, truth {value:.3f}; {setting[0]} patients | {n_studies} | {shares} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
