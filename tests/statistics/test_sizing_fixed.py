"""Reader studies for their own readers or cases: powers against their definitions, and refusals."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from defensible.statistics import sizing_fixed, sizing_mrmc
from defensible.statistics.sizing_mrmc import Pilot
from defensible.statistics.variance_components import ObuchowskiRockette

TOLD = {"expected": 0.05, "goal": 0.0, "se": 0.03}


def test_with_the_readers_fixed_the_variance_falls_with_the_cases():
    size = sizing_fixed.cases_for_these_readers(**TOLD, n_cases=100)

    reach = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert size.n == -(-100 * (reach * 0.03 / 0.05) ** 2 // 1)
    assert size.power == pytest.approx(
        stats.norm.sf(1.959964 - 0.05 / (0.3 / sqrt(size.n))), abs=1e-6
    )


def test_with_the_cases_fixed_the_power_is_the_non_central_ts():
    size = sizing_fixed.readers_for_these_cases(**TOLD, n_readers=6)

    def power(n):
        shift = 0.05 / (0.03 * sqrt(6 / n))
        return stats.nct.sf(stats.t.ppf(0.975, n - 1), n - 1, shift)

    assert size.power == pytest.approx(power(size.n), abs=1e-9)
    assert power(size.n) >= 0.8 > power(size.n - 1)


def test_it_is_the_power_of_obuchowski_and_rockettes_model_with_the_readers_fixed():
    parts = ObuchowskiRockette(
        reader=0.001, modality_reader=0.0004, error=0.002, cov1=0.001, cov2=0.0008, cov3=0.0005
    )
    se = sqrt(2 / 6 * (0.001 + 5 * 0.0003))

    other = sizing_mrmc.fixed_readers_random_cases(
        Pilot(components=parts, n_cases=100), difference=0.05, n_readers=6, n_cases=150
    )
    mine = sizing_fixed.power_of_cases(150, expected=0.05, goal=0.0, se=se, n_cases=100)

    # the chi-square test rejects on the other side as well, hardly ever
    assert mine == pytest.approx(other.power, abs=1e-4)


@given(st.floats(-0.1, 0.1), st.floats(0.01, 0.1), st.integers(2, 40))
@settings(max_examples=40, deadline=None)
def test_a_loss_and_a_gain_as_far_from_their_goals_take_as_many(goal, gap, n):
    up = {"expected": goal + gap, "goal": goal, "se": 0.04}
    down = {"expected": goal - gap, "goal": goal, "se": 0.04}

    assert sizing_fixed.power_of_readers(n, **up, n_readers=8) == pytest.approx(
        sizing_fixed.power_of_readers(n, **down, n_readers=8)
    )
    assert sizing_fixed.power_of_cases(n, **up, n_cases=80) == pytest.approx(
        sizing_fixed.power_of_cases(n, **down, n_cases=80)
    )


def test_a_power_that_is_certain_is_one():
    assert sizing_fixed.power_of_readers(500, **TOLD, n_readers=2) == 1.0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"expected": 0.0}, "expected must differ from the goal"),
        ({"se": 0.0}, "se lie above 0"),
        ({"power": 1.0}, "power must lie"),
    ],
)
def test_what_cannot_be_sized_is_named(told, said):
    with pytest.raises(ValueError, match=said):
        sizing_fixed.cases_for_these_readers(**{**TOLD, "n_cases": 100, **told})
    with pytest.raises(ValueError, match=said):
        sizing_fixed.readers_for_these_cases(**{**TOLD, "n_readers": 5, **told})
    with pytest.raises(ValueError, match="the pilot have 2 or more"):
        sizing_fixed.power_of_readers(5, **TOLD, n_readers=1)
    with pytest.raises(ValueError, match="no number of cases up to 100,000"):
        sizing_fixed.cases_for_these_readers(expected=1e-4, goal=0.0, se=0.03, n_cases=100)
