"""Cases for an AUC by DeLong's interval, checked through that interval."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from defensible.statistics import roc, sizing_auc, sizing_auc_delong


@pytest.mark.parametrize(("expected", "goal"), [(0.86, 0.80), (0.75, 0.65)])
def test_the_size_has_its_power_in_the_programs_own_interval(expected, goal):
    size = sizing_auc_delong.one(expected=expected, goal=goal)
    rng = np.random.default_rng(9)
    truth = np.repeat([True, False], size.n)
    shift = 2**0.5 * ndtri(expected)

    cleared = sum(
        roc.auc(truth, rng.normal(size=2 * size.n) + shift * truth).low > goal for _ in range(2000)
    )

    # three Monte Carlo standard errors of 2,000 studies
    assert cleared / 2000 == pytest.approx(size.power, abs=3 * (0.16 / 2000) ** 0.5)


def test_the_interval_of_the_logit_takes_more_cases_and_has_its_power():
    size = sizing_auc_delong.on_logit_scale(expected=0.95, goal=0.90)
    rng = np.random.default_rng(9)
    truth = np.repeat([True, False], size.n)
    shift = 2**0.5 * ndtri(0.95)

    cleared = sum(
        roc.auc_logit(truth, rng.normal(size=2 * size.n) + shift * truth).low > 0.9
        for _ in range(2000)
    )

    assert size.n == 104 > sizing_auc_delong.one(expected=0.95, goal=0.90).n == 76
    # a normal limit near 1: two points, besides three Monte Carlo errors of 2,000 studies
    assert cleared / 2000 == pytest.approx(size.power, abs=0.02 + 3 * (0.16 / 2000) ** 0.5)
    assert sizing_auc_delong.on_logit_scale_power(2, expected=0.6, goal=0.59) == 0.0


def test_a_placement_varies_as_a_uniform_where_the_score_says_nothing():
    assert sizing_auc_delong.placement_variance(0.5) == pytest.approx(1 / 12, abs=1e-12)


def test_obuchowskis_formula_asks_for_more():
    ours = sizing_auc_delong.one(expected=0.86, goal=0.8)
    other = sizing_auc.one_obuchowski(expected=0.86, goal=0.8)

    assert ours.n < other.n < 2 * ours.n


@given(st.integers(1, 5000), st.floats(0.55, 0.97), st.floats(0.2, 5))
def test_more_cases_never_lower_a_power_of_a_half_or_more(n, expected, ratio):
    told = {"expected": expected, "goal": 0.5, "ratio": ratio}
    first = sizing_auc_delong.one(power=0.5, **told).n

    more = sizing_auc_delong.one_power(first + n + 1, **told)

    assert more >= sizing_auc_delong.one_power(first + n, **told) >= 0.5


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"expected": 0.8, "goal": 0.8}, "differ from the goal"),
        ({"expected": 1.0}, "expected must lie"),
        ({"expected": 0.9, "ratio": 0}, "ratio must lie"),
        ({"expected": 0.9, "power": 1}, "power must lie"),
    ],
)
def test_what_cannot_be_sized_is_named(told, said):
    with pytest.raises(ValueError, match=said):
        sizing_auc_delong.one(**told)


def test_no_cases_have_no_power():
    with pytest.raises(ValueError, match="n_diseased must be 1"):
        sizing_auc_delong.one_power(0, expected=0.9)
