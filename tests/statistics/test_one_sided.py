"""One-sided p-values: the tail at which the interval of the same name touches the goal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.statistics import one_sided, proportions, roc

METHODS = {
    "wilson": (lambda k, n, goal: one_sided.wilson(k / n, n, goal), proportions.wilson),
    "clopper_pearson": (one_sided.clopper_pearson, proportions.clopper_pearson),
    "jeffreys": (one_sided.jeffreys, proportions.jeffreys),
    "agresti_coull": (one_sided.agresti_coull, proportions.agresti_coull),
}


def test_the_exact_test_gives_the_binomial_tail():
    p = one_sided.clopper_pearson(9, 10, 0.8)

    assert p == pytest.approx(10 * 0.8**9 * 0.2 + 0.8**10, rel=1e-12)


def test_the_score_test_gives_the_normal_tail():
    p = one_sided.wilson(0.9, 100, 0.8)

    assert p == pytest.approx(0.006209665325776132, rel=1e-12)  # z = 2.5


@pytest.mark.parametrize("method", METHODS)
@given(
    n=st.integers(1, 400),
    share=st.floats(0, 1),
    goal=st.floats(0.02, 0.98),
)
def test_the_interval_at_its_p_touches_the_goal(method, n, share, goal):
    p_of, interval = METHODS[method]
    k = round(share * n)
    p = p_of(k, n, goal)

    if 1e-9 < p < 0.499:
        assert interval(k, n, level=1 - 2 * p).low == pytest.approx(goal, abs=1e-6)
    elif p >= 0.499:
        assert interval(k, n, level=0.95).low <= goal


@given(value=st.floats(0.02, 0.98), se=st.floats(1e-3, 0.3), goal=st.floats(0.02, 0.98))
def test_an_area_on_either_scale_touches_the_goal_at_its_p(value, se, goal):
    plain, by_logit = (
        one_sided.normal(value, se, goal),
        one_sided.on_logit_scale(value, se, goal),
    )

    for p, scale in ((plain, False), (by_logit, True)):
        if 1e-9 < p < 0.499:
            area = roc.normal_area(value, se, level=1 - 2 * p, method="DeLong", n=10)
            shown = roc.on_logit_scale(area) if scale else area
            assert shown.low == pytest.approx(goal, abs=1e-6)


@pytest.mark.parametrize(("m", "n"), [(3, 5), (20, 40)])
def test_an_area_of_one_is_held_against_its_goal_by_newcombe(m, n):
    p = one_sided.newcombe(1.0, m, n, 0.8)

    assert roc.newcombe(1.0, m, n, level=1 - 2 * p).low == pytest.approx(0.8, abs=1e-9)


def test_without_variance_nothing_is_shown():
    assert one_sided.normal(0.9, 0.0, 0.5) == 1.0
    assert one_sided.on_logit_scale(1.0, 0.1, 0.5) == 1.0


def test_a_goal_at_the_end_of_the_scale_is_never_cleared():
    assert one_sided.wilson(1.0, 50, 1.0) == 1.0
    assert one_sided.clopper_pearson(0, 50, 0.0) == 1.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: one_sided.wilson(1.2, 10, 0.5),
        lambda: one_sided.wilson(0.5, 0, 0.5),
        lambda: one_sided.clopper_pearson(11, 10, 0.5),
        lambda: one_sided.jeffreys(5, 10, 1.5),
        lambda: one_sided.agresti_coull(5, 0, 0.5),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ValueError, match=r"must (lie|be)"):
        call()
