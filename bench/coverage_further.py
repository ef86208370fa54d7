"""Coverage of the intervals that answer rarer questions; see coverage_remaining for the others.

    python bench/coverage_further.py [replicates, 10000]

Each row simulates studies whose truth is known by a formula and counts the 95% intervals that
hold it. Seeded.
"""

import sys
from collections.abc import Iterator
from math import exp, sqrt
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from coverage_table import Study, Trial, printed
from defensible.statistics import (
    agreement,
    binormal,
    bland_altman,
    clustered_bootstrap,
    dorfman_berbaum_metz,
    error_covariance,
    leave_one_out,
    lroc,
    mrmc_limits,
    obuchowski_rockette,
    predictive,
    predictive_paired,
    reader_table,
    repeatability,
    roc_band,
    standalone_reader,
)
from defensible.statistics.estimate import Estimate

Generator = np.random.Generator


def measured(generator: Generator) -> Iterator[Trial]:
    """Thirty subjects, two methods that do not differ: pairs, replicates, scatter in proportion."""
    subject = np.repeat(np.arange(30), 3)
    value = generator.normal(0, 2, 30)
    own = generator.normal(0, 0.6, 30)  # a subject's own difference of the methods
    first = value[subject] + own[subject] + generator.normal(size=90)
    second = value[subject] + generator.normal(size=90)
    reach = float(ndtri(0.975)) * sqrt(0.36 + 2)
    pairs = bland_altman.limits_of_pairs(subject, first, second)
    yield "bias, several pairs; 30 subjects", 0.0, pairs.bias
    yield "upper limit, several pairs; 30 subjects", reach, pairs.upper
    steady = bland_altman.limits_of_replicates(first.reshape(30, 3), second.reshape(30, 3))
    yield "upper limit, replicates; 30 subjects", reach, steady.upper
    scatter = np.exp(value[:, None] + generator.normal(0, 0.1, (30, 2)))
    cv = sqrt(exp(0.01) - 1)
    yield "within-subject CV; 30 subjects", cv, repeatability.within_subject_cv(scatter)
    repeats = value[:, None] + generator.normal(size=(30, 2))
    coefficient = float(ndtri(0.975)) * sqrt(2)
    found = repeatability.repeatability_coefficient(repeats)
    yield "repeatability coefficient; 30 subjects", coefficient, found


def readers_measure(generator: Generator) -> Iterator[Trial]:
    """Six readers measure 40 cases in two modalities without a difference."""
    shape = (6, 40)
    case = generator.normal(0, 2, 40)
    reader = generator.normal(0, 0.4, (6, 1))
    first, second = (
        case + reader + generator.normal(0, 0.5, (1, 40)) + generator.normal(size=shape)
        for _ in range(2)
    )
    limits = mrmc_limits.within_reader_between_modality(first, second)
    yield "bias, MRMC limits; 6 readers, 40 cases", 0.0, limits.bias


def raters(generator: Generator) -> Iterator[Trial]:
    """Four raters, two categories; a rating copies the subject's own one with chance 0.8."""
    own = generator.random((60, 1)) < 0.3
    copied = generator.random((60, 4)) < 0.8
    ratings = np.where(copied, own, generator.random((60, 4)) < 0.3).astype(float)
    yield "Light kappa, 4 raters; 60 subjects", 0.64, agreement.light(ratings)


def curves(generator: Generator) -> Iterator[Trial]:
    """Binormal scores of 50 and 100 cases; the band counts where it holds the whole curve."""
    truth = np.arange(150) < 50
    shift = sqrt(2) * float(ndtri(0.8))
    scores = generator.normal(size=150) + shift * truth
    yield "binormal area; 50 + 100 cases", 0.8, binormal.fit(truth, scores).area
    band = roc_band.fixed_width(truth, scores)
    right = ndtr(shift - ndtri(band.specificity))
    outside = max(float((band.low - right).max()), 0.0), max(float((right - band.high).max()), 0.0)
    whole = Estimate(
        value=0.0, low=outside[0], high=-outside[1], level=0.95, method=band.method, n=150
    )
    yield "whole ROC curve, band; 50 + 100 cases", 0.0, whole


def tests(generator: Generator) -> Iterator[Trial]:
    """Two binary tests of 100 diseased and 200 healthy cases, dependent, equally good."""
    truth = np.arange(300) < 100
    shared = generator.normal(size=300)
    first, second = (
        (shared + generator.normal(size=300)) / sqrt(2) + 2.0 * truth > 1.0 for _ in range(2)
    )
    counts = predictive_paired.two_tests(truth, first, second)
    where = "100 + 200 cases"
    yield f"ratio of PPVs; {where}", 1.0, predictive_paired.relative_ppv(counts)
    yield f"ratio of NPVs; {where}", 1.0, predictive_paired.relative_npv(counts)
    ratio = predictive_paired.relative_likelihood_ratio_positive(counts)
    yield f"ratio of LR+; {where}", 1.0, ratio
    tp, fp = int(first[:100].sum()), int(first[100:].sum())
    one = predictive.Counts(tp=tp, fn=100 - tp, fp=fp, tn=200 - fp)
    positive = float(ndtr(1.0) / ndtr(-1.0))
    yield f"LR+, Simel; {where}", positive, predictive.likelihood_ratio_positive(one)
    negative = float(ndtr(-1.0) / ndtr(1.0))
    yield f"LR-, Simel; {where}", negative, predictive.likelihood_ratio_negative(one)


def resampled(generator: Generator) -> Iterator[Trial]:
    """Forty patients with 1 to 5 cases, correlated 0.5."""
    patient = np.repeat(np.arange(40), generator.integers(1, 6, 40))
    latent = generator.normal(size=40)[patient] + generator.normal(size=patient.size)
    success = latent < sqrt(2) * float(ndtri(0.8))
    seed = int(generator.integers(1 << 31))
    found = clustered_bootstrap.proportion(success, patient, seed=seed, n_replicates=1000)
    yield "clustered proportion, percentile; 40 patients", 0.8, found


def reader_study(generator: Generator) -> Iterator[Trial]:
    """Five readers, 100 cases, no difference; the same readers where they are fixed."""
    truth = np.arange(100) % 2 == 0
    ratings = 1.5 * truth + sqrt(0.3) * generator.normal(size=100)
    ratings = ratings + sqrt(0.3) * generator.normal(size=(2, 1, 100))
    ratings = ratings + sqrt(0.2) * generator.normal(size=(1, 5, 100))
    ratings = ratings + sqrt(0.2) * generator.normal(size=(2, 5, 100))
    table = reader_table.from_dense(truth, ratings)
    area = float(ndtr(1.5 / sqrt(2)))
    where = "5 readers, 100 cases"
    errors = error_covariance.delong(table)
    fixed = obuchowski_rockette.fixed_readers(errors)
    yield f"difference, OR, fixed readers; {where}", 0.0, fixed.differences[0].estimate
    yield f"AUC, OR, fixed readers; {where}", area, fixed.modalities[0].estimate
    left_out = leave_one_out.auc(table)
    dbm: Any = dorfman_berbaum_metz.random_readers(left_out)
    yield f"difference, DBM; {where}", 0.0, dbm.differences[0].estimate
    one = error_covariance.delong(reader_table.select(table, modalities=("1",)))
    device = standalone_reader.random_readers(one, "1")
    yield f"device against readers; {where}", 0.0, device.difference


def located(generator: Generator) -> Iterator[Trial]:
    """LROC and highest-rating areas of 4 readers on 80 cases in 2 modalities, no difference."""
    m, r, c = (axis.ravel() for axis in np.indices((2, 4, 80)))
    truth = np.arange(80) % 2 == 0
    lure = generator.normal(size=80)
    rating = truth[c] + 0.6 * lure[c] + generator.normal(size=c.size)
    localised = truth[c] & (generator.random(c.size) < 0.5 + 0.4 * (rating > 0.5))
    table = lroc.from_long(
        reader=r, case=c, modality=m, truth=truth[c], rating=rating, localised=localised
    )
    errors = error_covariance.jackknife(lroc.leave_one_out(table, lroc.area()))
    found = obuchowski_rockette.random_readers(errors)
    yield "LROC area difference; 4 readers, 80 cases", 0.0, found.differences[0].estimate


STUDIES: dict[Study, int] = {
    measured: 1,
    readers_measure: 1,
    raters: 10,
    curves: 1,
    tests: 1,
    resampled: 1,
    reader_study: 1,
    located: 5,
}
"""Study, and by how many times fewer are simulated since one costs much."""


if __name__ == "__main__":
    printed(STUDIES.items(), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
