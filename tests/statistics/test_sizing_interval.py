"""Sizes by the interval that a plan names: against enumeration, and against the exact test."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from defensible.statistics import proportions, sizing_interval, sizing_proportion

INTERVALS = {
    proportions.wilson: proportions.wilson_limits,
    proportions.wilson_corrected: proportions.wilson_corrected_limits,
    proportions.clopper_pearson: proportions.clopper_pearson_limits,
    proportions.agresti_coull: proportions.agresti_coull_limits,
    proportions.jeffreys: proportions.jeffreys_limits,
}


def enumerated(interval, n, expected, goal, level):
    """The chance of all counts whose interval, one by one, lies on the true side of the goal."""
    found = [interval(count, n, level=level) for count in range(n + 1)]
    held = [one.low > goal if expected > goal else one.high < goal for one in found]
    return float(stats.binom.pmf(np.arange(n + 1), n, expected)[held].sum())


@pytest.mark.parametrize("interval", INTERVALS, ids=lambda one: one.__name__)
@given(
    n=st.integers(1, 120),
    expected=st.floats(0.02, 0.98),
    goal=st.floats(0.02, 0.98),
    level=st.sampled_from([0.8, 0.95, 0.9993]),
)
@settings(max_examples=25, deadline=None)
def test_the_power_is_the_chance_of_all_counts_whose_interval_clears(
    interval, n, expected, goal, level
):
    if expected == goal:
        return

    power = sizing_interval.power_of(
        INTERVALS[interval], n, expected=expected, goal=goal, level=level
    )

    assert power == pytest.approx(enumerated(interval, n, expected, goal, level), abs=1e-10)


@pytest.mark.parametrize(
    ("interval", "n"),
    [
        (proportions.wilson, 184),
        (proportions.clopper_pearson, 185),
        (proportions.agresti_coull, 185),
        (proportions.jeffreys, 173),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_from_the_size_on_the_power_lasts_and_one_case_fewer_has_it_not(interval, n):
    size = sizing_interval.lasting(INTERVALS[interval], expected=0.92, goal=0.85)

    assert size.n == n
    assert size.power == pytest.approx(enumerated(interval, n, 0.92, 0.85, 0.95), abs=1e-12)
    assert enumerated(interval, n - 1, 0.92, 0.85, 0.95) < 0.8
    assert all(enumerated(interval, more, 0.92, 0.85, 0.95) >= 0.8 for more in range(n, n + 60))
    ((name, needed),) = size.besides
    assert name == "successes needed"
    assert interval(needed, n).low > 0.85 >= interval(needed - 1, n).low


@given(st.floats(0.5, 0.9), st.floats(0.03, 0.09), st.sampled_from([0.9, 0.95, 0.999]))
@settings(max_examples=25, deadline=None)
def test_by_clopper_and_pearson_it_is_the_exact_test(goal, gap, level):
    told = {"expected": goal + gap, "goal": goal, "level": level, "limit": 4_000}

    try:
        exact = sizing_proportion.exact_lasting(**told)
    except ValueError:
        return
    mine = sizing_interval.lasting(proportions.clopper_pearson_limits, **told)

    assert (mine.n, mine.besides) == (exact.n, exact.besides)
    assert mine.power == pytest.approx(exact.power, abs=1e-12)


def test_a_goal_from_below_is_the_mirror_of_one_from_above():
    for limits in INTERVALS.values():
        up = sizing_interval.lasting(limits, expected=0.95, goal=0.88)
        down = sizing_interval.lasting(limits, expected=0.05, goal=0.12)

        assert up.n == down.n
        assert down.besides == (("successes allowed", up.n - up.besides[0][1]),)


def test_an_interval_whose_limits_are_not_known_here_is_refused():
    with pytest.raises(ValueError, match="limits must be one of wilson_limits"):
        sizing_interval.lasting(proportions.wald_limits, expected=0.9, goal=0.8)
    with pytest.raises(ValueError, match="n must be 1 or more; 0 found"):
        sizing_interval.power_of(proportions.wilson_limits, 0, expected=0.9, goal=0.8)
    with pytest.raises(ValueError, match="expected must differ from the goal"):
        sizing_interval.lasting(proportions.wilson_limits, expected=0.9, goal=0.9)
    with pytest.raises(ValueError, match="no number of cases up to 50 reaches power"):
        sizing_interval.lasting(proportions.wilson_limits, expected=0.9, goal=0.85, limit=50)
