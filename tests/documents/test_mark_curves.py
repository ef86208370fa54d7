"""FROC and wAFROC figures of the example of marks, and plots of numbers that are no proportions."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible import assessment, dossier, evidence, regulation
from defensible.documents import content, forest, html, mark_curves, mark_words
from defensible.documents.figures import numbers_up_to

EXAMPLE = Path(__file__).parents[2] / "examples/nodule-marks"
TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def assessed():
    read = dossier.load(EXAMPLE)
    found = regulation.classify(read.intended_use, read.device.markets)
    return assessment.assess(read, found, evidence.run(read), today=TODAY)


def test_both_curves_have_the_operating_point_and_its_words(assessed):
    froc, wafroc = mark_curves.curves(assessed.results[0])

    assert froc.title == "FROC curve of S-marks"
    assert froc.point_words == (
        "Operating point: 0.841 (0.800 to 0.875) of lesions found, 0.105 (0.080 to 0.137) false "
        "marks a case"
    )
    assert froc.about.endswith("With every mark: 0.995 of lesions, 0.410 false marks a case.")
    x, y = froc.point
    assert (x, y) == pytest.approx((froc.across.at(0.105), froc.up.at(0.841)), abs=0.2)
    low = float(froc.spread[1:].split()[0])
    assert low == pytest.approx(froc.across.at(0.080), abs=0.5)
    assert [label for _, label in froc.across.ticks()] == ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]
    assert wafroc.area == "wAFROC 0.959 (0.943 to 0.971)"
    assert wafroc.dashed.endswith("L334 10")  # what nothing marked ends in the corner


def test_the_table_beside_runs_from_the_highest_score_to_the_lowest(assessed):
    froc, _ = mark_curves.curves(assessed.results[0])

    scores = [float(one[0]) for one in froc.table]
    assert len(scores) == mark_curves.MOST_ROWS
    assert scores == sorted(scores, reverse=True)
    assert froc.table[-1][1:] == ("0.410", "0.995")


def test_the_page_has_figures_with_words_for_those_who_cannot_see_them(assessed):
    page = html(assessed, on=TODAY)

    assert '<title id="roc-1-t">FROC curve of S-marks</title>' in page
    assert "wAFROC 0.959 (0.943 to 0.971). Operating point: 0.084" in page
    assert mark_words.said(assessed.results[0])[1] in page
    assert "Lesions and marks" in page


def test_false_marks_are_plotted_on_a_scale_of_their_own(assessed):
    pictures = content.pictures(assessed)
    shared = forest.domain(pictures)

    lesions, false = (forest.forests(one, forest.WIDE, domain=shared)[0] for one in pictures)

    assert (lesions.scale.low, lesions.scale.high) == (0.4, 1.0)
    assert (false.scale.low, false.scale.high) == (0.0, 1.0)
    assert false.goal_x == false.scale.at(0.25)


@given(st.floats(1e-3, 1e6))
def test_a_scale_of_numbers_holds_the_largest_and_has_few_round_ticks(most):
    scale = numbers_up_to(most, start=0, end=100)

    ticks = scale.ticks()
    assert scale.high >= most * (1 - 1e-9)
    assert 2 <= len(ticks) <= 7
    assert ticks[0] == (0, "0")
    assert float(ticks[-1][1]) == pytest.approx(scale.high, rel=1e-5)
