"""Several endpoints of one study at once: bounds that hold, and a simulation that lies in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from defensible.statistics import proportions, sizing_auc_delong, sizing_joint, sizing_proportion
from defensible.statistics.sizing_joint import Target


def test_the_bounds_are_bonferronis_and_the_weakest():
    low, high = sizing_joint.bounds([0.8, 0.85, 0.9])

    assert low == pytest.approx(0.55)
    assert high == 0.8
    assert sizing_joint.bounds([0.3, 0.4])[0] == 0.0
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\]"):
        sizing_joint.bounds([])


@given(st.floats(0.6, 0.98), st.floats(0.6, 0.98), st.floats(0.7, 2.0))
@settings(max_examples=50, deadline=None)
def test_scores_have_the_operating_point_and_the_area_that_were_asked(sensitivity, specificity, sd):
    threshold = norm.ppf(specificity)
    mean = threshold + sd * norm.ppf(sensitivity)
    auc = norm.cdf(mean / (1 + sd**2) ** 0.5)
    if not 0.01 < auc < 0.9999:
        return

    found = sizing_joint.scores_of(sensitivity=sensitivity, specificity=specificity, auc=auc)

    assert 1 - norm.cdf((found.threshold - found.mean) / found.sd) == pytest.approx(sensitivity)
    assert norm.cdf(found.threshold) == pytest.approx(specificity)
    assert norm.cdf(found.mean / (1 + found.sd**2) ** 0.5) == pytest.approx(auc, abs=1e-9)


def test_an_area_that_no_normal_scores_have_there_is_named():
    with pytest.raises(ValueError, match="no normal scores have sensitivity"):
        sizing_joint.scores_of(sensitivity=0.95, specificity=0.95, auc=0.7)


def test_the_simulated_chance_lies_between_the_bounds_and_above_independence():
    told = {
        "sensitivity": Target(expected=0.9, goal=0.8),
        "specificity": Target(expected=0.85, goal=0.75),
        "auc": Target(expected=0.94, goal=0.9),
    }
    powers = [
        sizing_proportion.exact_power(140, expected=0.9, goal=0.8),
        sizing_proportion.exact_power(160, expected=0.85, goal=0.75),
        sizing_auc_delong.one_power(140, expected=0.94, goal=0.9, ratio=160 / 140),
    ]

    share = sizing_joint.rates_and_area(**told, n_diseased=140, n_healthy=160, seed=3)

    low, high = sizing_joint.bounds(powers)
    assert low < share < high
    # an area goes with both rates: all three hold together more often than by chance (0.655)
    assert share == pytest.approx(0.70, abs=0.04)
    assert share > powers[0] * powers[1] * powers[2]


def test_an_endpoint_that_hardly_fails_leaves_the_product_of_the_rates():
    share = sizing_joint.rates_and_area(
        sensitivity=Target(expected=0.9, goal=0.8),
        specificity=Target(expected=0.85, goal=0.75),
        auc=Target(expected=0.94, goal=0.6),
        n_diseased=140,
        n_healthy=160,
        seed=4,
        times=4000,
    )

    product = sizing_proportion.exact_power(
        140, expected=0.9, goal=0.8
    ) * sizing_proportion.exact_power(160, expected=0.85, goal=0.75)
    assert share == pytest.approx(product, abs=3 * (0.2 * 0.8 / 4000) ** 0.5)


def test_a_study_too_small_to_draw_is_named():
    one = Target(expected=0.9, goal=0.8)

    with pytest.raises(ValueError, match="two cases of each class"):
        sizing_joint.rates_and_area(
            sensitivity=one, specificity=one, auc=one, n_diseased=1, n_healthy=9, seed=1
        )
    with pytest.raises(ValueError, match="must differ"):
        Target(expected=0.8, goal=0.8)


TRUE = {"sensitivity": 0.9, "specificity": 0.95, "prevalence": 0.2}
EXACT = proportions.clopper_pearson_limits


def test_rates_of_one_table_hold_together_as_often_as_enumeration_says():
    target, n = Target(expected=0.94, goal=0.9), 300

    alone = sizing_joint.rates_of_a_table(
        {"accuracy": target}, **TRUE, n_cases=n, limits={"accuracy": EXACT}, seed=1, times=40_000
    )

    power = sizing_proportion.exact_power(n, expected=0.94, goal=0.9)
    assert alone == pytest.approx(power, abs=3 * (power * (1 - power) / 40_000) ** 0.5)


def test_sensitivity_of_cases_as_they_come_averages_over_how_many_are_diseased():
    n, goal = 400, 0.8
    target = {"sensitivity": Target(expected=0.9, goal=goal)}

    share = sizing_joint.rates_of_a_table(
        target, **TRUE, n_cases=n, limits={"sensitivity": EXACT}, seed=2, times=40_000
    )

    mean = sum(
        binom.pmf(m, n, 0.2) * sizing_proportion.exact_power(m, expected=0.9, goal=goal)
        for m in range(1, n + 1)
    )
    assert share == pytest.approx(mean, abs=3 * (0.25 / 40_000) ** 0.5)


def test_predictive_values_go_with_the_rates_of_the_same_table():
    targets = {
        "sensitivity": Target(expected=0.9, goal=0.85),
        "npv": Target(expected=0.76 / 0.78, goal=0.955),
    }
    told = {**TRUE, "n_cases": 1500, "limits": dict.fromkeys(targets, EXACT), "times": 20_000}

    both = sizing_joint.rates_of_a_table(targets, **told, seed=3)
    one, other = (
        sizing_joint.rates_of_a_table({name: target}, **told, seed=3)
        for name, target in targets.items()
    )

    low, high = sizing_joint.bounds([one, other])
    assert low <= both <= high
    assert both > one * other + 0.02  # few false negatives are good for both


def test_what_is_no_rate_of_a_table_is_named():
    with pytest.raises(ValueError, match="targets must be of sensitivity, specificity, ppv, npv"):
        sizing_joint.rates_of_a_table(
            {"auc": Target(expected=0.9, goal=0.8)}, **TRUE, n_cases=9, limits={}, seed=1
        )
