"""Means by group against one group at a time, and against clusters written out."""

import numpy as np
import pytest
from scipy.stats import t

from defensible.statistics.grouped_means import means

RNG = np.random.default_rng(20261125)
VALUES = RNG.normal(0.8, 0.1, 60)
CODES = RNG.integers(-1, 3, 60)


def test_with_one_case_a_patient_it_is_the_usual_mean_and_interval():
    found = means(VALUES, np.arange(60), CODES, 3)
    low, high = found.limits(level=0.9)

    for group in range(3):
        inside = VALUES[group == CODES]
        se = inside.std(ddof=1) / np.sqrt(inside.size)
        half = t.ppf(0.95, inside.size - 1) * se
        assert found.value[group] == pytest.approx(inside.mean(), abs=1e-14)
        assert found.se[group] == pytest.approx(se, rel=1e-12)
        assert (low[group], high[group]) == pytest.approx(
            (inside.mean() - half, inside.mean() + half), rel=1e-12
        )


def test_patients_with_several_cases_are_one_residual_each():
    patient = np.arange(60) // 3
    found = means(VALUES, patient, np.zeros(60, dtype=np.int64), 1)

    residual = [(VALUES[patient == p] - VALUES.mean()).sum() / 60 for p in range(20)]
    assert found.se[0] == pytest.approx(np.sqrt(np.sum(np.square(residual)) * 20 / 19), rel=1e-12)
    assert (found.n[0], found.n_clusters[0]) == (60, 20)


def test_one_patient_alone_bounds_nothing_and_an_empty_group_is_there():
    found = means(VALUES[:2], np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64), 2)
    low, high = found.limits()

    assert found.defined.tolist() == [False, False]
    assert (low[0], high[0]) == (-np.inf, np.inf)
    assert found.n.tolist() == [2, 0]
