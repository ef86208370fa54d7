"""Joint tests of interaction: with two groups those of the contrast; laws; written out."""

import numpy as np
import pytest
from scipy import stats

from defensible.statistics import (
    error_covariance,
    joint_interaction,
    reader_interaction,
    strata_differences,
)
from defensible.statistics.reader_table import ReaderTable


def errors(seed=1, readers=5, cases=60):
    """Covariance of the AUCs of readers in two modalities, on cases of its own."""
    rng = np.random.default_rng(seed)
    truth = np.arange(cases) % 2 == 0
    ratings = truth * 1.2 + rng.normal(0, 0.6, cases) + rng.normal(0, 0.8, (2, readers, cases))
    ratings[1] += 0.4 * truth
    return error_covariance.delong(
        ReaderTable(
            modalities=("unaided", "aided"),
            readers=tuple(f"R{i}" for i in range(readers)),
            cases=tuple(f"K{i}" for i in range(cases)),
            truth=truth,
            ratings=ratings,
            read=np.ones(ratings.shape, dtype=bool),
        )
    )


def gaps(of):
    return of.values[1] - of.values[0]


def strata(*parts):
    return strata_differences.independent(parts)


def test_groups_of_readers_are_an_analysis_of_variance():
    differences = np.random.default_rng(3).normal(0.05, 0.03, 9)
    group = np.array([0, 0, 1, 1, 1, 2, 2, 2, 2])

    found = joint_interaction.of_readers(differences, group)

    expected = stats.f_oneway(*(differences[group == code] for code in range(3)))
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-10)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-10)
    assert (found.numerator_df, found.denominator_df) == (2, 6)


@pytest.mark.parametrize(
    ("joint", "contrast"),
    [
        (joint_interaction.of_cases, reader_interaction.between_cases),
        (
            joint_interaction.of_cases_by_these_readers,
            reader_interaction.between_cases_by_these_readers,
        ),
        (joint_interaction.of_these_cases, reader_interaction.between_these_cases),
    ],
)
def test_two_strata_are_tested_as_their_contrast(joint, contrast):
    one, other = errors(1, cases=40), errors(2, cases=100)

    found, expected = joint(strata(one, other)), contrast(strata(one, other))

    assert found.statistic == pytest.approx((expected.value / expected.se) ** 2, rel=1e-9)
    assert found.p == pytest.approx(expected.p, rel=1e-9)


def test_two_groups_of_readers_are_tested_as_their_contrast():
    of = errors(readers=7)
    group = np.array([0, 0, 0, 1, 1, 1, 1])

    random = joint_interaction.of_readers(gaps(of), group)
    fixed = joint_interaction.of_these_readers(of, group)

    expected = reader_interaction.between_readers(gaps(of), group == 1)
    assert random.p == pytest.approx(expected.p, rel=1e-9)
    expected = reader_interaction.between_these_readers(of, group == 1)
    assert fixed.p == pytest.approx(expected.p, rel=1e-9)
    assert fixed.denominator_df is None


@pytest.mark.parametrize(
    "joint",
    [
        joint_interaction.of_cases,
        joint_interaction.of_cases_by_these_readers,
        joint_interaction.of_these_cases,
    ],
)
def test_the_order_of_strata_does_not_matter(joint):
    parts = [errors(seed, cases=cases) for seed, cases in ((1, 40), (2, 60), (3, 90))]

    assert joint(strata(*parts)).p == pytest.approx(joint(strata(*parts[::-1])).p, rel=1e-9)


def test_these_readers_in_strata_are_weighted_by_their_own_variance():
    parts = [errors(seed, cases=cases) for seed, cases in ((1, 40), (2, 60), (3, 90))]

    found = joint_interaction.of_cases_by_these_readers(strata(*parts))

    contrast = np.kron(np.array([-1, 1]), np.full(5, 1 / 5))
    variances = np.array([contrast @ one.matrix @ contrast for one in parts])
    means = np.array([gaps(one).mean() for one in parts])
    middle = (means / variances).sum() / (1 / variances).sum()
    statistic = ((means - middle) ** 2 / variances).sum()
    assert found.statistic == pytest.approx(statistic, rel=1e-9)
    assert found.p == pytest.approx(stats.chi2.sf(statistic, 2), rel=1e-9)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: joint_interaction.of_readers(np.arange(3.0), np.zeros(3, int)),
            "two groups of readers or more are needed; 1 found",
        ),
        (
            lambda: joint_interaction.of_readers(np.arange(3.0), np.arange(3)),
            "some group must hold two readers or more",
        ),
        (lambda: strata(errors()), "two strata or more are needed"),
        (
            lambda: strata(errors(), errors(readers=4)),
            "read by the same two or more readers",
        ),
        (
            lambda: reader_interaction.between_cases(strata(errors(), errors(2), errors(3))),
            "two strata are needed; 3 found",
        ),
        (
            lambda: reader_interaction.between_these_readers(errors(), np.ones(5, bool)),
            "a reader is needed in the group, and one outside",
        ),
    ],
)
def test_what_gives_no_test_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()
