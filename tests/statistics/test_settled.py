"""An interval held against a goal, and how many further cases would settle it."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.statistics import proportions, settled
from defensible.statistics.settled import Answer


@pytest.mark.parametrize(
    ("goal", "answer"),
    [
        (0.80, Answer.SUPPORTED),
        (0.90, Answer.INCONCLUSIVE),
        (0.99, Answer.FAILED),
    ],
)
def test_the_interval_answers_only_if_all_of_it_lies_on_one_side(goal, answer):
    estimate = proportions.wilson(84, 90)  # 0.862 to 0.969

    assert settled.above(estimate, goal) is answer


def test_a_limit_that_touches_the_goal_does_not_clear_it():
    assert settled.answers_above(0.8, 0.9, 0.8) is Answer.INCONCLUSIVE
    assert settled.answers_above(0.7, 0.8, 0.8) is Answer.INCONCLUSIVE


def test_a_goal_to_stay_below_is_the_mirror_image():
    estimate = proportions.wilson(6, 90)  # 0.031 to 0.138

    assert settled.below(estimate, 0.15) is Answer.SUPPORTED
    assert settled.below(estimate, 0.10) is Answer.INCONCLUSIVE
    assert settled.below(estimate, 0.02) is Answer.FAILED


def test_further_cases_are_the_fewest_that_clear_the_goal():
    ours = settled.further_cases(48, 50, goal=0.9, rate=0.96)

    assert (ours.n, ours.answer) == (34, Answer.SUPPORTED)
    assert proportions.wilson(48 + 33, 50 + 34).low > 0.9
    assert proportions.wilson(48 + 32, 50 + 33).low < 0.9


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    st.integers(0, 40),
    st.integers(0, 40),
    st.sampled_from([0.5, 0.8, 0.9]),
    st.sampled_from([0.6, 0.97, 1.0]),
    st.sampled_from([proportions.wilson_limits, proportions.clopper_pearson_limits]),
)
def test_no_smaller_number_settles_it_and_none_from_lasting_on_unsettles_it(
    first, second, goal, rate, limits
):
    count, n = min(first, second), max(first, second)

    ours = settled.further_cases(count, n, goal=goal, rate=rate, limits=limits)

    def answer(further):
        if n + further == 0:
            return Answer.INCONCLUSIVE
        low, high = limits(count + round(rate * further), n + further, level=0.95)
        return settled.answers_above(float(low), float(high), goal)

    assert answer(ours.n) is ours.answer
    assert all(answer(k) is not ours.answer for k in range(ours.n))
    if ours.n:
        assert ours.answer is (Answer.SUPPORTED if rate > goal else Answer.FAILED)
        assert ours.lasting >= ours.n
        assert all(answer(k) is ours.answer for k in range(ours.lasting, ours.lasting + 40))


def test_a_lucky_case_does_not_settle_what_the_rate_would_undo():
    ours = settled.further_cases(23, 24, goal=0.8, rate=0.6)

    assert proportions.wilson(24, 25).low > 0.8
    assert (ours.answer, ours.n > 30) == (Answer.FAILED, True)


def test_what_is_settled_now_needs_no_further_case():
    ours = settled.further_cases(50, 50, goal=0.8, rate=0.5)

    assert (ours.n, ours.answer, ours.lasting) == (0, Answer.SUPPORTED, 0)


def test_at_the_rate_of_the_goal_nothing_settles_it():
    ours = settled.further_cases(45, 50, goal=0.9, rate=0.9, most=5000)

    assert (ours.n, ours.answer, ours.lasting) == (None, Answer.INCONCLUSIVE, None)
    assert ours.searched == 5000


def test_from_nothing_it_says_how_many_cases_are_needed():
    ours = settled.further_cases(0, 0, goal=0.9, rate=1.0)

    assert ours.n == 35
    assert proportions.wilson(35, 35).low > 0.9 > proportions.wilson(34, 34).low


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"goal": 85}, "goal must lie between 0 and 1; 85 found"),
        ({"rate": -0.1}, "rate must lie between 0 and 1; -0.1 found"),
        ({"count": 9}, "count must lie between 0 and n; 9 of 8 found"),
        ({"most": 0}, "most must be 1 or more; 0 found"),
    ],
)
def test_what_cannot_be_is_refused_by_name(change, message):
    asked = {"count": 7, "n": 8, "goal": 0.8, "rate": 0.9} | change

    with pytest.raises(ValueError, match=message):
        settled.further_cases(**asked)


def test_a_goal_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="goal must be a number; nan found"):
        settled.answers_above(0.1, 0.2, math.nan)
    with pytest.raises(ValueError, match=r"low must not exceed high; 0\.3 and 0\.2 found"):
        settled.answers_above(0.3, 0.2, 0.1)
