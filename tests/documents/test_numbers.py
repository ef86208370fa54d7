"""Numbers as a reader takes them."""

from dataclasses import replace

import pytest

from defensible.documents import numbers
from defensible.dossier.claims import Goal
from tests.documents.four_hospitals import wilson


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.8741, "0.874"),
        (1.0, "1.000"),
        (0.99996, ">0.999"),
        (0.00004, "<0.001"),
        (0.0, "0.000"),
        (-0.00004, "0.000"),
    ],
)
def test_a_proportion_has_three_decimals_and_never_rounds_to_certainty(value, shown):
    assert numbers.proportion(value) == shown


def test_an_estimate_is_shown_with_its_interval():
    assert numbers.figure(wilson(41, 56)) == "0.732 (0.604 to 0.830)"


@pytest.mark.parametrize(
    ("goal", "shown"),
    [
        (Goal(above=0.7), "above 0.70"),
        (Goal(above=0.825), "above 0.825"),
        (Goal(below=0.1), "below 0.10"),
    ],
)
def test_a_goal_is_shown_as_it_was_declared(goal, shown):
    assert numbers.goal(goal) == shown


def test_a_level_is_a_percentage():
    assert [numbers.level(one) for one in (0.95, 0.975, 0.9)] == ["95%", "97.5%", "90%"]


def test_a_measurement_without_estimate_says_how_many_cases_there_were(heart):
    measured = heart.results[0].measurements[0]

    assert numbers.denominator(measured) == "41 of 56"
    assert numbers.denominator(replace(measured, estimate=None)) == "101 cases"
