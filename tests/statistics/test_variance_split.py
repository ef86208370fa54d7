"""The variance by source: what each method states now, and what sizing says of other numbers."""

import numpy as np
import pytest

from defensible.statistics import (
    binary_endpoints,
    error_covariance,
    mrmc_inference,
    obuchowski_rockette,
    sizing_mrmc,
    two_way_spread,
    variance_split,
)
from defensible.statistics.reader_table import from_dense
from defensible.statistics.two_way_spread import Ratio
from defensible.statistics.variance_components import ObuchowskiRockette

R, K = 5, 80
COMPONENTS = ObuchowskiRockette(
    reader=0.002, modality_reader=0.0004, error=0.003, cov1=0.0012, cov2=0.0010, cov3=0.0006
)


def read(n_modalities=2, seed=2):
    rng = np.random.default_rng(seed)
    truth = np.arange(K) % 2 == 0
    seen = truth + rng.normal(0, 0.7, K) + rng.normal(0, 0.2, (n_modalities, R, 1)) * truth
    return from_dense(truth, seen + rng.normal(0, 0.8, (n_modalities, R, K)))


def now(split):
    variance, df = variance_split.at(split, np.array(split.n_readers), np.array(split.n_cases))
    return float(variance), float(df)


@pytest.mark.parametrize("n_modalities", [2, 3])
def test_at_the_numbers_of_the_study_it_is_the_analysis_itself(n_modalities):
    found = obuchowski_rockette.random_readers(error_covariance.delong(read(n_modalities)))

    split = variance_split.of_obuchowski_rockette(
        found.variance_components, n_modalities=n_modalities, n_readers=R, n_cases=K
    )

    gap = mrmc_inference.difference(found, new="2", reference="1")
    assert now(split) == pytest.approx((gap.se**2, gap.df), rel=1e-10)


@pytest.mark.parametrize(("n_readers", "n_cases"), [(5, 80), (9, 80), (5, 300), (20, 250)])
def test_at_other_numbers_it_is_hillis_sizing(n_readers, n_cases):
    split = variance_split.of_obuchowski_rockette(
        COMPONENTS, n_modalities=2, n_readers=R, n_cases=K
    )

    variance, df = variance_split.at(split, np.array(n_readers), np.array(n_cases))

    power = sizing_mrmc.random_readers_random_cases(
        sizing_mrmc.Pilot(components=COMPONENTS, n_cases=K),
        difference=0.05,
        n_readers=n_readers,
        n_cases=n_cases,
    )
    assert float(variance) == pytest.approx(0.05**2 / power.noncentrality, rel=1e-10)
    assert float(df) == pytest.approx(power.df, rel=1e-10)


def test_parts_of_u_statistics_add_to_their_variance():
    found = binary_endpoints.sensitivity(read(seed=4), threshold=0.5)

    split = variance_split.of_moments(found.variance_components, "1", "2", n_readers=R, n_cases=K)

    gap = mrmc_inference.difference(found, new="2", reference="1")
    assert min(split.readers, split.cases, split.both) > 0
    assert split.readers + split.cases + split.both == pytest.approx(gap.se**2, rel=1e-10)
    anchored = variance_split.anchored(split, gap.se**2, gap.df)
    assert now(anchored) == pytest.approx((gap.se**2, gap.df), rel=1e-10)


def test_two_way_sums_of_squares_are_parted_as_they_were_made():
    rng, parts, n = np.random.default_rng(5), [], 400
    patient = np.arange(30) // 2

    for _ in range(n):
        cells = 0.5 * rng.normal(size=(8, 1)) + 0.8 * rng.normal(size=15)[patient]
        cells = cells + rng.normal(size=(8, 15))[:, patient]
        ratio = Ratio(number=cells, of=np.ones((8, 30)))
        split = variance_split.of_two_way(two_way_spread.linearized([ratio], patient), n_cases=15)
        parts.append((split.readers, split.cases, split.both))

    # variances 0.25, 0.64 and 1 over 8 readers, 15 patients and 120 cells of both
    expected = np.array([0.25 / 8, 0.64 / 15, 1 / 120])
    error = np.std(parts, axis=0) / np.sqrt(n)
    assert np.mean(parts, axis=0) == pytest.approx(expected, abs=float(4 * error.max()))
    assert np.mean(parts, axis=0) == pytest.approx(expected, rel=0.15)


def test_what_is_fixed_has_no_part_and_more_of_it_says_nothing():
    readers = variance_split.readers_fixed(0.01, n_readers=4, n_cases=50, df=49)
    cases = variance_split.cases_fixed(0.01, n_readers=4, n_cases=50)

    assert (readers.by_readers, readers.by_cases) == (False, True)
    assert (cases.by_readers, cases.by_cases) == (True, False)
    variance, df = variance_split.at(readers, np.array(40), np.array(100))
    assert (float(variance), float(df)) == pytest.approx((0.005, 99))
    variance, df = variance_split.at(cases, np.array(8), np.array(5000))
    assert (float(variance), float(df)) == pytest.approx((0.005, 7))


def test_without_variance_there_is_nothing_to_split():
    split = variance_split.cases_fixed(0.0, n_readers=4, n_cases=50)

    assert variance_split.anchored(split, 0.0, None) is None
