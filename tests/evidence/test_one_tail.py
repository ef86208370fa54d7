"""The p-value of a cell and its interval say the same, by every method that a plan can name."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.studies import Analysis, AucInterval, ProportionInterval
from defensible.evidence import goals, one_tail
from defensible.evidence.finding import OVERALL, Answer, Measurement
from defensible.evidence.measurements import _INTERVALS
from defensible.statistics import one_sided, roc
from defensible.statistics.estimate import Estimate
from defensible.statistics.two_way import wilson_by_t

INDEPENDENT = sorted(_INTERVALS, key=lambda one: one.value)
LEVEL = 0.95


def plan(proportions=ProportionInterval.WILSON, auc=AucInterval.DELONG):
    return Analysis(level=LEVEL, proportions=proportions, auc=auc)


def taken(estimate, metric=MetricName.SENSITIVITY, diseased=60, healthy=60):
    return Measurement(
        metric=metric,
        stratum=OVERALL,
        estimate=estimate,
        n_cases=diseased + healthy,
        n_diseased=diseased,
        n_healthy=healthy,
    )


@given(
    n=st.integers(2, 400),
    share=st.floats(0, 1),
    bound=st.sampled_from([0.05, 0.5, 0.8, 0.95]),
    method=st.sampled_from(INDEPENDENT),
    above=st.booleans(),
)
def test_the_p_value_is_below_half_alpha_just_where_the_interval_clears_the_goal(
    n, share, bound, method, above
):
    count = round(share * n)
    goal = Goal(above=bound) if above else Goal(below=bound)
    measured = taken(_INTERVALS[method](count, n, level=LEVEL))

    p = one_tail.p_cleared(measured, goal, plan(method))

    supported = goals.answer(measured, goal) is Answer.SUPPORTED
    if abs(p - 0.025) > 1e-9:
        assert (p < 0.025) == supported


@given(value=st.floats(0.55, 0.99), se=st.floats(0.005, 0.1), bound=st.sampled_from([0.6, 0.8]))
@pytest.mark.parametrize("method", [AucInterval.DELONG, AucInterval.DELONG_LOGIT])
def test_the_same_holds_for_an_area(method, value, se, bound):
    plain = roc.normal_area(value, se, level=LEVEL, method="DeLong", n=120, few=False)
    estimate = roc.on_logit_scale(plain) if method is AucInterval.DELONG_LOGIT else plain
    measured = taken(estimate, MetricName.AUC)

    p = one_tail.p_cleared(measured, Goal(above=bound), plan(auc=method))

    if abs(p - 0.025) > 1e-9:
        assert (p < 0.025) == (estimate.low > bound)


@pytest.mark.parametrize("method", INDEPENDENT)
def test_limits_at_another_level_are_those_of_the_same_interval(method):
    measured = taken(_INTERVALS[method](48, 60, level=LEVEL))

    low, high = one_tail.at_level(measured, plan(method), 0.999)

    expected = _INTERVALS[method](48, 60, level=0.999)
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_without_width_nothing_is_shown_and_without_an_estimate_there_is_no_p_value():
    flat = Estimate(value=1.0, low=1.0, high=1.0, level=LEVEL, method="x", n=5, se=0.0)

    assert one_tail.p_cleared(taken(flat, MetricName.AUC), Goal(above=0.8), plan()) == 1.0
    assert one_tail.p_cleared(taken(None), Goal(above=0.8), plan()) is None
    assert one_tail.at_level(taken(None), plan(), 0.99) is None


def test_clustered_proportions_count_the_cases_that_they_are_worth():
    estimate = Estimate(
        value=0.9, low=0.8, high=0.95, level=LEVEL, method="Rao-Scott ratio estimator, Wilson",
        n=100, n_clusters=50, count=90, se=0.0424264068711928,
    )  # fmt: skip

    p = one_tail.p_cleared(taken(estimate), Goal(above=0.8), plan(ProportionInterval.CLUSTERED))

    # design effect 2: the score test of 45 in 50, z = 0.1 / sqrt(0.16 / 50)
    assert p == pytest.approx(0.03855, abs=5e-6)


def test_an_area_of_few_cases_is_as_uncertain_as_the_goal_says():
    few = roc.normal_area(0.98, 0.02, level=LEVEL, method="DeLong", n=10, few=True)
    measured = taken(few, MetricName.AUC, diseased=2, healthy=8)

    p = one_tail.p_cleared(measured, Goal(above=0.75), plan())

    assert p == one_sided.newcombe(0.98, 2, 8, 0.75)
    assert p > 0.05


@given(
    value=st.floats(0.02, 0.98),
    se=st.floats(0.01, 0.3),
    df=st.floats(1.5, 60),
    bound=st.floats(0.05, 0.95),
    above=st.booleans(),
)
def test_a_share_of_readings_clears_its_goal_where_its_p_is_below_alpha(
    value, se, df, bound, above
):
    effective = value * (1 - value) / se**2
    low, high = wilson_by_t(value, effective, df, LEVEL)
    estimate = Estimate(
        value=value,
        low=low,
        high=high,
        level=LEVEL,
        method="Wilson, t",
        n=100,
        count=50,
        se=se,
        df=df,
    )
    goal = Goal(above=bound) if above else Goal(below=bound)
    margin = low - bound if above else bound - high
    assume(abs(margin) > 1e-9)

    assert (one_tail.p_by_t(estimate, goal) < 0.025) == (margin > 0)
    measurement = taken(estimate, MetricName.COMMISSION)
    assert one_tail.by_t(measurement, LEVEL) == pytest.approx((low, high), abs=1e-12)


def test_a_difference_of_fixed_readers_has_limits_at_other_levels():
    estimate = Estimate(value=0.1, low=0.0, high=0.2, level=LEVEL, method="normal", n=9, se=0.05)

    found = one_tail.by_t(taken(estimate, MetricName.AUC_DIFFERENCE), 0.9)

    assert found == pytest.approx((0.1 - 1.644853627 * 0.05, 0.1 + 1.644853627 * 0.05), abs=1e-9)


def drawn(value, low, high, level=LEVEL):
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        method="MRMC bootstrap (readers, patients), percentile",
        n=60,
        count=round(60 * value),
        se=(high - low) / 4 + 0.01,
    )


@given(
    limits=st.lists(st.floats(0.001, 0.999), min_size=3, max_size=3).map(sorted),
    bound=st.floats(0.01, 0.99),
    above=st.booleans(),
    at=st.sampled_from([0, 1, 2]),
)
def test_the_same_holds_for_percentiles_of_a_bootstrap_however_skewed(limits, bound, above, at):
    low, value, high = limits
    value = (low, value, high)[at]  # the value may lie at a limit, where few replicates are lower
    assume(min(abs(bound - low), abs(bound - high)) > 1e-6)
    assume(high - low > 1e-3)
    goal = Goal(above=bound) if above else Goal(below=bound)
    measured = taken(drawn(value, low, high), MetricName.COMMISSION)

    p = one_tail.p_by_t(measured.estimate, goal)

    supported = goals.answer(measured, goal) is Answer.SUPPORTED
    assert (p <= (1 - LEVEL) / 2) == supported
    assert one_tail.by_t(measured, LEVEL) == pytest.approx((low, high), abs=1e-9)


def test_percentiles_that_lie_to_one_side_of_the_value_are_taken_about_their_middle():
    one = one_tail.halves(drawn(0.10, 0.12, 0.20))

    assert one.middle == pytest.approx(0.16)
    assert one.lower == pytest.approx(one.upper)


def test_limits_at_a_stricter_level_keep_the_skew():
    measured = taken(drawn(0.2, 0.15, 0.35), MetricName.COMMISSION)

    low, high = one_tail.by_t(measured, 0.995)

    times = 2.8070337683 / 1.9599639845  # normal quantiles of 0.9975 and 0.975
    assert (low, high) == pytest.approx((0.2 - 0.05 * times, 0.2 + 0.15 * times), rel=1e-8)
