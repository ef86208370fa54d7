"""Coverage of the intervals that the other scripts leave out: pairs, patients, verification, marks.

    python bench/coverage_remaining.py [replicates, 10000]

Each row simulates studies whose truth is known by a formula and
counts the 95% intervals that hold it. Seeded.
"""

import sys
from collections.abc import Iterator
from math import sqrt

import numpy as np
from scipy.special import expit, logit, ndtr

from coverage_table import Study, Trial, printed
from defensible.statistics import (
    binary_endpoints,
    bivariate,
    clustered,
    error_covariance,
    froc,
    froc_table,
    gee,
    obuchowski_rockette,
    paired_clustered,
    reader_table,
    roc_compare,
    roc_strata,
    verification,
)
from defensible.statistics.arrays import Bools
from defensible.statistics.froc_table import FrocTable

Generator = np.random.Generator


def scores(generator: Generator) -> Iterator[Trial]:
    """Two scores of 40 diseased and 80 healthy cases, equally good and correlated 0.5."""
    truth = np.arange(120) < 40
    shared = generator.normal(size=120)
    first, second = (
        1.2 * truth + sqrt(0.5) * (shared + generator.normal(size=120)) for _ in range(2)
    )
    yield "paired AUCs, DeLong; 40 + 80 cases", 0.0, roc_compare.paired(truth, first, second)
    area = float(ndtr(1.2 / sqrt(2)))
    site = np.arange(120) % 3
    moved = first + site  # the site shifts the score of every case
    adjusted = roc_strata.adjusted(truth, moved, site.astype(str)).area
    yield "covariate-adjusted AUC, 3 strata; 40 + 80 cases", area, adjusted


def patients(generator: Generator) -> Iterator[Trial]:
    """Sixty patients with 1 to 4 cases, correlated 0.5 within a patient."""
    patient = np.repeat(np.arange(60), generator.integers(1, 5, 60))
    own = generator.normal(size=60)[patient]
    n = patient.size
    truth = generator.random(n) < 0.4
    first, second = (1.2 * truth + sqrt(0.5) * (own + generator.normal(size=n)) for _ in range(2))
    area = float(ndtr(1.2 / sqrt(2)))
    where = "60 patients, 1 to 4 cases"
    yield f"clustered AUC, Obuchowski; {where}", area, clustered.auc(truth, first, patient)
    yield f"clustered AUC, logit; {where}", area, clustered.auc_logit(truth, first, patient)
    gap = roc_compare.paired_clustered(truth, first, second, patient)
    yield f"paired clustered AUCs; {where}", 0.0, gap
    share = paired_clustered.difference(first > 0.6, second > 0.6, patient)
    yield f"paired clustered proportions; {where}", 0.0, share


def verified(generator: Generator) -> Iterator[Trial]:
    """Begg and Greenes: 300 cases, all positives and 40% of the negatives verified."""
    truth = generator.random(300) < 0.3
    positive = generator.random(300) < np.where(truth, 0.85, 0.1)
    seen = positive | (generator.random(300) < 0.4)

    def count(*conditions: Bools) -> int:
        return int(np.logical_and.reduce(conditions).sum())

    counts = verification.Verified(
        tp=count(seen, positive, truth),
        fp=count(seen, positive, ~truth),
        fn=count(seen, ~positive, truth),
        tn=count(seen, ~positive, ~truth),
        unverified_positive=count(~seen, positive),
        unverified_negative=count(~seen, ~positive),
    )
    where = "300 cases, 40% of negatives verified"
    yield f"sensitivity, Begg-Greenes; {where}", 0.85, verification.sensitivity(counts)
    yield f"specificity, Begg-Greenes; {where}", 0.9, verification.specificity(counts)


def reads(generator: Generator) -> Iterator[Trial]:
    """Binary reads of 60 diseased cases by 6 readers in 2 modalities without a difference."""
    truth = np.ones(61, dtype=bool)
    truth[60] = False
    latent = (
        generator.normal(scale=0.7, size=61)
        + generator.normal(scale=0.4, size=(1, 6, 1))
        + generator.normal(scale=0.6, size=(2, 6, 61))
    )
    table = reader_table.from_dense(truth, latent)
    share = float(ndtr(0.5 / sqrt(0.7**2 + 0.4**2 + 0.6**2)))
    general = binary_endpoints.sensitivity(table, threshold=-0.5)
    where = "6 readers, 60 cases"
    yield f"sensitivity, U-statistic; {where}", share, general.modalities[0].estimate
    yield f"difference, U-statistic; {where}", 0.0, general.differences[0].estimate
    fixed = gee.sensitivity(table, threshold=-0.5)
    yield f"difference, GEE; {where}", 0.0, fixed.differences[0].estimate


def _marks(generator: Generator, n_cases: int, n_readers: int = 4) -> FrocTable:
    """Half of the cases with one or two lesions; detection and false marks vary by case."""
    diseased = np.arange(n_cases // 2)
    lesions = np.repeat(diseased, generator.integers(1, 3, diseased.size))
    shape = (2, n_readers, lesions.size)
    visible = generator.normal(size=lesions.size)
    rating = 1.3 + 0.6 * visible + generator.normal(scale=0.8, size=shape)
    found = generator.random(shape) < expit(1.2 + visible)
    m, r, at = np.nonzero(found)
    lure = generator.normal(size=n_cases)
    false = generator.random((2, n_readers, n_cases)) < expit(lure - 0.5)
    fm, fr, fc = np.nonzero(false)
    noise = 0.6 * lure[fc] + generator.normal(scale=0.8, size=fc.size)
    return froc_table.from_marks(
        cases=np.arange(n_cases),
        lesion_case=lesions,
        reader=np.concatenate([r, fr]),
        case=np.concatenate([lesions[at], fc]),
        modality=np.concatenate([m, fm]),
        found=np.concatenate([at, np.full(fc.size, -1)]),
        rating=np.concatenate([rating[found], noise]),
    )


def marks(generator: Generator) -> Iterator[Trial]:
    """wAFROC of 4 readers on 80 cases in 2 modalities without a difference."""
    table = _marks(generator, 80)
    errors = error_covariance.jackknife(froc.leave_one_out(table, froc.WAFROC))
    found = obuchowski_rockette.random_readers(errors)
    yield "wAFROC difference, OR jackknife; 4 readers, 80 cases", 0.0, found.differences[0].estimate


def sites(generator: Generator) -> Iterator[Trial]:
    """Reitsma's bivariate model: 8 sites of 40 diseased and 80 healthy cases."""
    between = generator.multivariate_normal([0, 0], [[0.16, -0.05], [-0.05, 0.16]], 8)
    centre = np.array([logit(0.85), logit(0.8)])
    rates = expit(centre + between)
    tp, tn = generator.binomial(40, rates[:, 0]), generator.binomial(80, rates[:, 1])
    found = bivariate.reitsma_reml(tp, [40] * 8, tn, [80] * 8)
    yield "sensitivity, Reitsma REML; 8 sites", 0.85, found.sensitivity
    yield "specificity, Reitsma REML; 8 sites", 0.8, found.specificity


STUDIES: dict[Study, int] = {
    scores: 1,
    patients: 1,
    verified: 1,
    reads: 1,
    marks: 1,
    sites: 10,
}
"""Study, and by how many times fewer are simulated since one costs much."""


if __name__ == "__main__":
    printed(STUDIES.items(), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
