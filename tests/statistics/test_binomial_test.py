"""Exact tests against a goal, as R's binom.test gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.statistics import binomial_test, proportions
from tests.statistics.scored_cases import NO_REFERENCE, REFERENCE, quick, record

METHODS = {"greater": binomial_test.above, "two.sided": binomial_test.two_sided}


@pytest.mark.skipif(not REFERENCE.is_dir(), reason=NO_REFERENCE)
def test_p_values_are_those_of_r():
    rows = record("proportions", "one-proportion", "Exact binomial test")["results"]
    for row in rows:
        ours = METHODS[row["alternative"]](row["x"], row["n"], goal=row["p0"])

        assert ours.p == pytest.approx(row["p"], rel=1e-8)

    assert len(rows) == 48


@quick
@given(st.integers(1, 200), st.floats(0.01, 0.99), st.data())
def test_the_one_sided_test_rejects_where_clopper_pearson_clears_the_goal(n, goal, data):
    count = data.draw(st.integers(0, n))

    low = proportions.clopper_pearson(count, n, level=0.95).low
    p = binomial_test.above(count, n, goal=goal).p

    assert (low > goal) == (p < 0.025) or abs(p - 0.025) < 1e-9


@quick
@given(st.integers(1, 100), st.floats(0, 1), st.data())
def test_counting_the_other_outcome_mirrors_the_test(n, goal, data):
    count = data.draw(st.integers(0, n))

    ours = binomial_test.below(count, n, goal=goal).p

    assert ours == pytest.approx(binomial_test.above(n - count, n, goal=1 - goal).p, abs=1e-12)
    assert 0 <= binomial_test.two_sided(count, n, goal=goal).p <= 1


def test_what_cannot_be_is_refused_by_name():
    for count, n, goal, message in (
        (0, 0, 0.5, "n must be whole and 1 or more; 0 found"),
        (3, 2, 0.5, "count must lie between 0 and n; 3 of 2 found"),
        (1, 2, 80, "goal must lie between 0 and 1; 80 found"),
    ):
        with pytest.raises(ValueError, match=message):
            binomial_test.above(count, n, goal=goal)
