"""Two independent proportions against R and printed examples, and the laws of their intervals."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.statistics import two_proportions
from defensible.statistics.estimate import Caution
from tests.statistics.scored_cases import NO_REFERENCE, REFERENCE, record

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=NO_REFERENCE)
DIFFERENCES = {
    "wald": two_proportions.wald,
    "ac": two_proportions.agresti_caffo,
    "score": two_proportions.newcombe,
    "mn": two_proportions.miettinen_nurminen,
    "mee": two_proportions.mee,
}
RATIOS = [two_proportions.ratio_miettinen_nurminen, two_proportions.ratio_log]
RATESCI = 2e-8  # absolute: its roots are found to about 1e-8, though it prints ten digits


def tables():
    return record("proportions", "two-independent", "Difference of two")["results"]


def counts_of(row):
    return row["x1"], row["n1"], row["x2"], row["n2"]


@st.composite
def two_groups(draw):
    n1, n2 = draw(st.integers(1, 200)), draw(st.integers(1, 200))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


@needs_reference
@pytest.mark.parametrize("name", DIFFERENCES)
def test_differences_are_those_of_desctools(name):
    for row in tables():
        theirs = next(item for item in row["DescTools"] if item["method"] == name)

        ours = DIFFERENCES[name](*counts_of(row))

        # Its score limits are roots found to about 1e-7.
        digits = 3e-7 if name in {"mn", "mee"} else 1e-10
        assert ours.value == pytest.approx(theirs["estimate"], abs=1e-14)
        assert (ours.low, ours.high) == pytest.approx((theirs["low"], theirs["high"]), abs=digits)


@needs_reference
def test_differences_are_those_of_statsmodels():
    for row in record("proportions", "two-independent", "Two independent")["results"]:
        ours = two_proportions.newcombe(*counts_of(row))

        assert (ours.low, ours.high) == pytest.approx(row["newcomb"], abs=1e-12)


@needs_reference
def test_score_limits_are_those_of_ratesci():
    for row in tables():
        ours = two_proportions.miettinen_nurminen(*counts_of(row))

        theirs = row["miettinen_nurminen_ratesci_RD"]
        assert (ours.low, ours.high) == pytest.approx(theirs, abs=RATESCI)
        assert two_proportions.mee(*counts_of(row)).p == pytest.approx(
            1.0 if row["chisq_p"] in {"NaN", "NA", None} else row["chisq_p"], rel=1e-8
        )


@needs_reference
def test_ratios_are_those_of_ratesci():
    checked = 0
    for row in tables():
        if row["x1"] == row["x2"] == 0:
            continue
        ours = two_proportions.ratio_miettinen_nurminen(*counts_of(row))

        low, high = (float(limit) for limit in row["miettinen_nurminen_ratesci_RR"])
        assert ours.low == pytest.approx(low, rel=1e-8, abs=RATESCI)
        assert ours.high == pytest.approx(high, rel=1e-8, abs=RATESCI)
        checked += 1

    assert checked == 6


@needs_reference
def test_differences_are_those_printed_by_newcombe():
    printed = record("proportions", "published", "Unpaired difference, Newcombe")["results"]
    others = record("proportions", "published", "Unpaired difference, Miettinen")["results"]

    for name, limits in (
        ("score", [printed["low"], printed["high"]]),
        ("mn", others["mn"]),
        ("mee", others["mee"]),
    ):
        ours = DIFFERENCES[name](56, 70, 48, 80)
        assert [round(ours.low, 4), round(ours.high, 4)] == limits


@pytest.mark.parametrize("name", DIFFERENCES)
@settings(max_examples=25, derandomize=True, deadline=None)
@given(two_groups())
def test_swapping_the_groups_mirrors_the_difference(name, groups):
    count1, n1, count2, n2 = groups

    ours, other = DIFFERENCES[name](*groups), DIFFERENCES[name](count2, n2, count1, n1)

    assert -1 <= ours.low <= ours.high <= 1
    assert (ours.low, ours.high) == pytest.approx((-other.high, -other.low), abs=1e-9)


@pytest.mark.parametrize("name", ["score", "mn", "mee", "wald"])
@settings(max_examples=25, derandomize=True, deadline=None)
@given(two_groups())
def test_the_interval_holds_the_difference(name, groups):
    ours = DIFFERENCES[name](*groups)

    assert ours.low - 1e-12 <= ours.value <= ours.high + 1e-12


@pytest.mark.parametrize("method", RATIOS)
@settings(max_examples=25, derandomize=True, deadline=None)
@given(two_groups())
def test_swapping_the_groups_turns_the_ratio_over(method, groups):
    count1, n1, count2, n2 = groups
    if count1 == count2 == 0:
        return

    ours, other = method(*groups), method(count2, n2, count1, n1)

    def over(limit):
        return 1 / limit if limit else math.inf

    assert ours.low <= ours.value * (1 + 1e-12)
    assert ours.value <= ours.high * (1 + 1e-12)
    assert ours.low == pytest.approx(over(other.high), rel=1e-7)
    assert ours.high == pytest.approx(over(other.low), rel=1e-7)


def test_a_score_limit_is_the_difference_that_the_test_just_rejects():
    ours = two_proportions.mee(30, 40, 20, 40)

    shares = np.linspace(0.001, 0.999, 9999)
    for limit in (ours.low, ours.high):
        kept = shares[(shares + limit > 0) & (shares + limit < 1)]
        first = kept + limit
        likelihood = 30 * np.log(first) + 10 * np.log(1 - first) + 20 * np.log(kept * (1 - kept))
        second = kept[np.argmax(likelihood)]
        first = second + limit
        variance = (first * (1 - first) + second * (1 - second)) / 40
        # The grid's step bounds the digits.
        assert (0.25 - limit) ** 2 / variance == pytest.approx(1.959964**2, rel=1e-4)


def test_where_the_second_group_has_none_the_ratio_has_no_upper_limit():
    ours = two_proportions.ratio_log(10, 10, 0, 20)

    assert (ours.value, ours.high) == (math.inf, math.inf)
    assert ours.method == "Miettinen-Nurminen (a count is 0)"
    assert ours.cautions == (Caution.FEW, Caution.BOUNDARY)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ((0, 0, 1, 2), "n1 must be whole and 1 or more; 0 found"),
        ((1, 2, 0.5, 2), r"count2 must be whole and 0 or more; 0\.5 found"),
        ((1, 2, float("nan"), 2), "count2 must be whole and 0 or more; nan found"),
        ((1, 2, 3, 2), "count2 must lie between 0 and n2; 3 of 2 found"),
    ],
)
@pytest.mark.parametrize("name", DIFFERENCES)
def test_what_cannot_be_is_refused_by_name(name, groups, message):
    with pytest.raises(ValueError, match=message):
        DIFFERENCES[name](*groups)


def test_two_empty_counts_have_no_ratio():
    with pytest.raises(ValueError, match="count1 or count2 must be above 0 for a ratio"):
        two_proportions.ratio_miettinen_nurminen(0, 5, 0, 5)
