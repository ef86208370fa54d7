"""Sizes of means, reader studies, paired AUCs and usability evaluations."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from defensible.statistics import (
    proportions,
    sizing_auc_delong,
    sizing_mean,
    sizing_mrmc,
    sizing_readers,
    sizing_usability,
)


def test_a_mean_takes_the_patients_of_the_textbook():
    # R 4.2.2: power.t.test(delta=.5, sd=1, power=.8, type="one.sample") gives n = 33.36713
    size = sizing_mean.one(expected=0.5, goal=0.0, sd=1.0)

    assert size.n == 34
    assert size.power == pytest.approx(0.8077775, abs=1e-6)


def test_a_mean_below_its_goal_is_the_mirror_of_one_above():
    told = {"sd": 0.1, "power": 0.9}

    assert (
        sizing_mean.one(expected=0.02, goal=0.05, **told).n
        == sizing_mean.one(expected=-0.02, goal=-0.05, **told).n
    )


@given(st.integers(2, 300), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
@settings(max_examples=60, deadline=None)
def test_the_power_of_a_share_is_what_enumeration_gives(n, expected, goal):
    if abs(expected - goal) < 1e-6:
        return
    k = np.arange(1, n)
    p = k / n
    reach = stats.t.ppf(0.975, n - 1) * np.sqrt(p * (1 - p) / (n - 1))
    cleared = p - reach > goal if expected > goal else p + reach < goal
    told = stats.binom.pmf(k, n, expected)[cleared].sum()

    ours = sizing_mean.share_power(n, expected=expected, goal=goal)

    assert ours == pytest.approx(told, abs=1e-9)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"expected": 0.8, "goal": 0.8, "sd": 0.1}, "must differ"),
        ({"expected": 0.9, "goal": 0.8, "sd": 0.0}, "sd must lie above 0"),
        ({"expected": 0.9, "goal": 0.8, "sd": 0.1, "power": 1.0}, "power must lie"),
    ],
)
def test_a_mean_that_cannot_be_sized_says_why(told, said):
    with pytest.raises(ValueError, match=said):
        sizing_mean.one(**told)


def test_nobody_who_errs_bounds_the_rate_at_so_many_participants_and_not_one_before():
    n = sizing_usability.without_error(goal=0.05).n

    assert n == 72
    assert proportions.clopper_pearson(0, n, level=0.95).high < 0.05
    assert proportions.clopper_pearson(0, n - 1, level=0.95).high >= 0.05


def test_fifteen_participants_show_what_a_fifth_of_users_meet():
    assert sizing_usability.rarest_seen(15) == pytest.approx(1 - 0.05 ** (1 / 15))
    assert sizing_usability.to_see(rate=0.1813) == 15
    assert sizing_usability.to_see(rate=0.31, chance=0.85) == 6


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sizing_usability.to_see(rate=0.0), "rate must lie"),
        (lambda: sizing_usability.rarest_seen(0), "n must be 1"),
        (lambda: sizing_usability.without_error(goal=1.0), "goal must lie"),
    ],
)
def test_a_usability_size_out_of_range_is_named(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_conjectured_readers_take_the_cases_of_the_published_formula():
    # with Cov2 = Cov3 Hillis's degrees of freedom are the readers less one, as published
    for n_readers in (8, 12):
        pilot = sizing_readers.conjectured(
            variability="moderate", n_readers=n_readers, unit_variance=0.1
        )
        ours = sizing_mrmc.cases_for_readers(pilot, difference=0.06, n_readers=n_readers)
        published = sizing_mrmc.cases_by_ranges(
            difference=0.06,
            n_readers=n_readers,
            range_between=0.05,
            range_within=0.025,
            unit_variance=0.1,
        )
        assert ours.n == published.n


def test_a_pilot_is_found_again_from_what_its_report_prints():
    unaided, aided = [0.80, 0.84, 0.78, 0.86], [0.85, 0.86, 0.84, 0.88]
    pilot = sizing_readers.from_figures(
        unaided, aided, variances=[0.0004] * 4, variance=0.0003, n_cases=100
    )

    # at the pilot's own size the variance of the average is the one that was printed
    found = sizing_mrmc.random_readers_random_cases(
        pilot, difference=0.04, n_readers=4, n_cases=100
    )
    assert 0.04**2 / found.noncentrality == pytest.approx(0.0003, rel=1e-12)


def test_a_frontier_names_the_cases_or_that_none_will_do():
    points = sizing_readers.frontier(
        lambda n: sizing_readers.conjectured(variability="large", n_readers=n, unit_variance=0.1),
        expected=0.05,
        goal=0.0,
    )

    assert points[0].n_cases is None
    assert points[-1].power >= 0.8
    best = sizing_readers.fewest_readings(points)
    assert best.n_readers * best.n_cases == min(
        one.n_readers * one.n_cases for one in points if one.n_cases
    )
    assert sizing_readers.fewest_readings(points[:1]) is None


def test_twice_the_standard_error_takes_four_times_the_pilot():
    told = {"expected": 0.2, "goal": 0.3, "df": math.inf}

    assert sizing_readers.times_pilot(se=0.1, **told) == pytest.approx(
        4 * sizing_readers.times_pilot(se=0.05, **told)
    )


def test_two_aucs_alike_in_everything_but_luck_need_only_the_margin():
    told = {"reference": 0.9, "margin": 0.05}
    near = sizing_auc_delong.paired(expected=0.9, correlation=0.8, **told)
    far = sizing_auc_delong.paired(expected=0.9, correlation=0.0, **told)

    assert near.n == pytest.approx(far.n / 5, abs=1)
    with pytest.raises(ValueError, match="above minus it"):
        sizing_auc_delong.paired(expected=0.84, correlation=0.0, **told)
