"""The AUC adjusted by a line: what is left over after the healthy's own fit."""

import numpy as np
import pytest
import statsmodels.api as models
from scipy.special import ndtr
from sklearn.metrics import roc_auc_score

from defensible.statistics import roc_covariates
from defensible.statistics.estimate import Caution


def cases(n: int = 400, effect: float = 2.0):
    """Diseased patients are older, and the score rises with age: part of the AUC is age alone."""
    generator = np.random.default_rng(12)
    truth = np.arange(n) % 2 == 0
    age = generator.normal(size=n) + 0.8 * truth
    size = generator.normal(size=n)
    return truth, effect * age + 0.5 * size + truth + generator.normal(size=n), age, size


def test_it_is_the_area_of_the_residuals_of_the_line_of_the_healthy():
    truth, score, age, size = cases()
    design = models.add_constant(np.column_stack([age, size]))
    line = models.OLS(score[~truth], design[~truth]).fit().params

    found = roc_covariates.linear(truth, score, np.column_stack([age, size]), seed=1)

    assert found.value == pytest.approx(roc_auc_score(truth, score - design @ line), abs=1e-12)
    assert found.low < ndtr(1 / np.sqrt(2)) < found.high
    assert found.value < roc_auc_score(truth, score)


def test_the_interval_is_repeated_by_its_seed():
    truth, score, age, _ = cases(80)

    first, again, other = (
        roc_covariates.linear(truth, score, age[:, None], seed=seed, n_replicates=200)
        for seed in (1, 1, 2)
    )

    assert first == again
    assert (first.low, first.high) != (other.low, other.high)
    assert first.se == pytest.approx(other.se, rel=0.3)


@pytest.mark.parametrize(
    ("truth", "covariates", "said"),
    [
        ([0, 0, 0, 0], [[1], [2], [3], [4]], "must hold diseased cases"),
        ([1, 1, 0, 0], [[1], [2], [3], [4]], "4 healthy cases or more are needed"),
        ([1, 0, 0, 0, 0], [[1], [5], [5], [5], [5]], "do not tell"),
        ([1, 0, 0, 0, 0], [[1], [0], [0], [0], [0]], "do not tell"),
        ([1, 0, 0, 0, 0], [[1], [2], [np.nan], [5], [5]], "finite"),
        ([1, 0, 0, 0], [[1], [2], [3], [5], [5]], "length"),
    ],
)
def test_what_cannot_be_fitted_is_refused(truth, covariates, said):
    scores = np.arange(len(truth), dtype=float)

    with pytest.raises(ValueError, match=said):
        roc_covariates.linear(truth, scores, covariates, seed=1)


def test_perfect_parting_lies_on_the_boundary():
    truth = np.array([True] * 5 + [False] * 6)
    scores = np.where(truth, 100.0, 0.0) + np.arange(11)

    found = roc_covariates.linear(truth, scores, np.arange(11.0)[:, None], seed=1)

    assert (found.value, found.low, found.high, found.se) == (1.0, 1.0, 1.0, None)
    assert set(found.cautions) == {Caution.FEW, Caution.BOUNDARY, Caution.NO_VARIANCE}
