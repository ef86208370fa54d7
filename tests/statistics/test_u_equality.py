"""The joint test of modalities: a t test of two, near the analysis of variance of more."""

import numpy as np
import pytest

from defensible.statistics import (
    error_covariance,
    obuchowski_rockette,
    reader_table,
    u_statistics,
)

N_CASES = 120


def study(n_modalities: int, gain: float = 0.0, n_readers: int = 6):
    generator = np.random.default_rng(11)
    truth = np.arange(N_CASES) % 2 == 0
    case = generator.normal(size=N_CASES) + 1.2 * truth
    better = (np.arange(n_modalities) == 0)[:, None, None] * gain * truth
    own = generator.normal(size=(n_modalities, n_readers, N_CASES))
    return reader_table.from_dense(truth, case + better + own)


def test_of_two_modalities_it_is_the_test_of_their_difference():
    for analysis in (
        u_statistics.unbiased,
        u_statistics.biased,
    ):
        found = analysis(study(2, gain=0.5))

        gap = found.differences[0].estimate
        assert found.equality.numerator_df == pytest.approx(1)
        assert found.equality.denominator_df == pytest.approx(gap.df, rel=1e-12)
        assert found.equality.p == pytest.approx(gap.p, rel=1e-9)


@pytest.mark.parametrize("gain", [0.0, 0.4, 0.8])
def test_of_four_modalities_it_is_near_the_analysis_of_variance(gain):
    table = study(4, gain=gain)

    found = u_statistics.unbiased(table).equality
    other = obuchowski_rockette.random_readers(error_covariance.delong(table)).equality

    assert 1 <= found.numerator_df <= other.numerator_df == 3
    # another model: variances may differ between modalities here
    assert found.statistic == pytest.approx(other.statistic, rel=0.25)


def test_the_order_of_modalities_does_not_matter():
    table = study(3, gain=0.4)
    turned = reader_table.from_dense(table.truth, table.ratings[::-1])

    first, second = u_statistics.unbiased(table).equality, u_statistics.unbiased(turned).equality

    assert first.statistic == pytest.approx(second.statistic, rel=1e-9)


def test_equal_modalities_are_found_unequal_as_often_as_alpha_says():
    generator = np.random.default_rng(3)
    truth = np.arange(60) % 2 == 0
    n_trials, found = 300, 0
    for _ in range(n_trials):
        case = generator.normal(size=60) + truth
        ratings = case + generator.normal(size=(3, 5, 60)) + generator.normal(size=(1, 5, 60))
        test = u_statistics.unbiased(reader_table.from_dense(truth, ratings)).equality
        found += test.p < 0.05

    assert 0.01 < found / n_trials < 0.10  # 0.05 with a standard error of 0.0126


def test_one_modality_has_no_test():
    assert u_statistics.unbiased(study(1)).equality is None
