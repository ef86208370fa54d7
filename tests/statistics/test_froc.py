"""Marks and lesions: matching, figures of merit by hand, laws and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.statistics import error_covariance, froc, froc_table, lroc, marks
from defensible.statistics.estimate import Caution
from defensible.statistics.leave_one_out import Figure

# The same examples in every run, and no clock: the machine may be busy.
LAW = settings(derandomize=True, deadline=None)

# Two cases without a lesion (1, 2); case 3 with one, case 4 with two lesions.
SMALL = {
    "cases": [1, 2, 3, 4],
    "lesion_case": [3, 4, 4],
    "lesion_weight": [1.0, 0.75, 0.25],
    "reader": ["a"] * 5,
    "case": [1, 3, 3, 4, 4],
    "modality": ["x"] * 5,
    "found": [-1, 0, 0, 1, -1],
    "rating": [2.0, 1.0, 3.0, 2.0, 4.0],
}


def test_figures_of_merit_are_those_worked_out_by_hand():
    table = froc_table.from_marks(**SMALL)

    # Highest false marks: 2 and none; lesions 3, 2 and missed; ties and two missing marks 1/2.
    per_lesion = [1.0, (0.5 + 1.0) / 2, (0.0 + 0.5) / 2]
    value = {name: froc.values(table, figure)[0, 0] for name, figure in froc.FIGURES.items()}
    assert value["AFROC"] == pytest.approx(np.mean(per_lesion))
    assert value["wAFROC"] == pytest.approx((1.0 + 0.75 * 0.75 + 0.25 * 0.25) / 2)
    assert value["HrSe"] == 1.0
    assert value["HrSp"] == 0.5
    assert value["MaxLLF"] == pytest.approx(2 / 3)
    assert value["MaxNLF"] == 0.5
    assert value["MaxNLFAllCases"] == 0.5
    assert value["HrAuc"] == 1.0
    assert table.n_repeated == 1


def test_weights_are_equal_in_a_case_unless_given():
    table = froc_table.from_marks(**{**SMALL, "lesion_weight": None})

    assert table.lesion_weight.tolist() == [1.0, 0.5, 0.5]


@st.composite
def studies(draw):
    generator = np.random.default_rng(draw(st.integers(0, 10_000)))
    n_lesioned, n_clear = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    counts = generator.integers(1, 4, n_lesioned)
    lesion_case = np.repeat(np.arange(n_lesioned), counts)
    n_marks = draw(st.integers(4, 40))
    case = generator.integers(0, n_lesioned + n_clear, n_marks)
    found = np.full(n_marks, -1)
    for at in np.flatnonzero(case < n_lesioned):
        if generator.random() < 0.7:
            found[at] = generator.choice(np.flatnonzero(lesion_case == case[at]))
    reader = generator.integers(0, 2, n_marks)
    reader[:2] = [0, 1]
    return {
        "cases": np.arange(n_lesioned + n_clear),
        "lesion_case": lesion_case,
        "lesion_weight": 1 / counts[lesion_case],
        "reader": reader,
        "case": case,
        "modality": np.zeros(n_marks),
        "found": found,
        "rating": generator.integers(0, 5, n_marks).astype(float),
    }


def without_case(rows, gone):
    lesions = rows["lesion_case"] != gone
    place = np.cumsum(lesions) - 1
    stays = rows["case"] != gone
    found = rows["found"][stays]
    return {
        "cases": rows["cases"][rows["cases"] != gone],
        "lesion_case": rows["lesion_case"][lesions],
        "lesion_weight": rows["lesion_weight"][lesions],
        "reader": rows["reader"][stays],
        "case": rows["case"][stays],
        "modality": rows["modality"][stays],
        "found": np.where(found >= 0, place[found], -1),
        "rating": rows["rating"][stays],
    }


@pytest.mark.parametrize("name", ["wAFROC", "AFROC", "wAFROC1", "AFROC1", "HrAuc", "FROC"])
@settings(LAW, max_examples=20)
@given(rows=studies())
def test_closed_form_jackknife_is_the_figure_without_each_case(name, rows):
    figure = froc.FIGURES[name]
    replicates = froc.leave_one_out(froc_table.from_marks(**rows), figure)

    for at, gone in enumerate(rows["cases"]):
        rest = without_case(rows, gone)
        enough = np.bincount(np.isin(rest["cases"], rest["lesion_case"]), minlength=2).min() >= 2
        if enough and set(rest["reader"]) == {0, 1}:
            expected = froc.values(froc_table.from_marks(**rest), figure)
            assert replicates.left_out[at] == pytest.approx(expected, abs=1e-12)


@settings(LAW, max_examples=30)
@given(rows=studies(), shift=st.floats(-3, 3))
def test_order_scale_and_names_change_nothing(rows, shift):
    table = froc_table.from_marks(**rows)
    order = np.random.default_rng(1).permutation(rows["rating"].size)
    mixed = {
        name: values[order] if name in {"reader", "case", "modality", "found", "rating"} else values
        for name, values in rows.items()
    }
    mixed["rating"] = np.exp(mixed["rating"]) + shift

    other = froc_table.from_marks(**mixed)

    for figure in froc.FIGURES.values():
        assert froc.values(other, figure) == pytest.approx(froc.values(table, figure), abs=1e-12)


@settings(LAW, max_examples=20)
@given(rows=studies())
def test_no_figure_is_ever_undefined(rows):
    table = froc_table.from_marks(**rows)

    for figure in froc.FIGURES.values():
        replicates = froc.leave_one_out(table, figure)
        samples = froc.bootstrap(table, figure, seed=1, replicates=20)
        assert np.isfinite(replicates.left_out).all()
        assert np.isfinite(samples.replicates).all()
        assert samples.values == pytest.approx(replicates.values, abs=1e-12)


def test_bootstrap_and_jackknife_covariances_come_near():
    generator = np.random.default_rng(8)
    n = 60
    lesioned = np.arange(n) < n // 2
    reader = np.repeat([0, 1], n)
    case = np.tile(np.arange(n), 2)
    found = np.where(lesioned[case] & (generator.random(2 * n) < 0.8), case, -1)
    table = froc_table.from_marks(
        cases=np.arange(n),
        lesion_case=np.flatnonzero(lesioned),
        reader=reader,
        case=case,
        modality=np.zeros(2 * n),
        found=found,
        rating=generator.normal(size=2 * n) + (found >= 0),
    )

    jackknife = error_covariance.jackknife(froc.leave_one_out(table, froc.WAFROC))
    bootstrap = error_covariance.bootstrap(froc.bootstrap(table, froc.WAFROC, seed=2))

    # A bootstrap variance of 2000 samples has a relative error of sqrt(2 / 2000) = 0.032.
    assert np.diag(bootstrap.matrix) == pytest.approx(np.diag(jackknife.matrix), rel=0.15)


def test_operating_points_run_from_nothing_to_all_marks():
    table = froc_table.from_marks(**SMALL)

    thresholds, nlf, llf = froc.operating_points(table, "x", "a")

    assert thresholds.tolist() == [np.inf, 4.0, 3.0, 2.0]
    assert nlf.tolist() == [0, 0.25, 0.25, 0.5]
    assert llf.tolist() == pytest.approx([0, 0, 1 / 3, 2 / 3])
    with pytest.raises(ValueError, match="no reader 'b' in modality 'x'"):
        froc.operating_points(table, "x", "b")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"found": [-1, 0, 0, 1, 7]}, "found must lie between -1 and 2"),
        ({"found": [0, 0, 0, 1, -1]}, "lesion of its own case; the mark at index 0 is on case 1"),
        ({"found": [-1.0, 0, 0, 1, -1]}, "lesion indices"),
        ({"found": [-1, 0]}, "same length; 5 and 2 found"),
        ({"case": [9, 3, 3, 4, 4]}, "case must name cases given in cases; 9 is not there"),
        ({"cases": [1, 1, 3, 4]}, "a case must occur once in cases; 1 is there twice"),
        ({"cases": []}, "at least one case"),
        ({"lesion_weight": [1.0, 0.5, 0.2]}, "sum to 1 in a case; in case 4 they sum to 0.7"),
        ({"lesion_weight": [1.0, 1.5, -0.5]}, "lesion_weight must be 0 or above; -0.5 found"),
        ({"rating": [2.0, np.nan, 3.0, 2.0, 4.0]}, "rating must be finite"),
        ({"reader": ["a"]}, "same length"),
    ],
)
def test_a_table_of_marks_that_cannot_be_says_what_is_wrong(change, message):
    with pytest.raises(ValueError, match=message):
        froc_table.from_marks(**{**SMALL, **change})


def test_figures_need_two_cases_of_either_kind():
    lone = {**SMALL, "cases": [1, 3, 4]}

    with pytest.raises(ValueError, match="two or more cases without lesions; 1 found"):
        froc.values(froc_table.from_marks(**lone), froc.AFROC)
    with pytest.raises(ValueError, match="replicates must be 2 or more"):
        froc.bootstrap(froc_table.from_marks(**SMALL), froc.AFROC, seed=1, replicates=1)


def test_a_mark_takes_the_nearest_lesion_of_its_image_within_the_radius():
    found = marks.nearest_within(
        ["a", "a", "b", "a"],
        [[0, 0], [9, 0], [0, 0], [4, 0]],
        ["a", "a", "b"],
        [[1, 0], [5, 0], [30, 0]],
        radius=3,
    )

    assert found.tolist() == [0, -1, -1, 1]


def test_a_radius_may_belong_to_the_lesion():
    found = marks.nearest_within([1, 1], [[0.0], [8.0]], [1, 1], [[3.0], [5.0]], radius=[1.0, 4.0])

    assert found.tolist() == [-1, 1]


def test_one_to_one_gives_the_lesion_to_the_higher_mark():
    arguments = ([1, 1, 1], [[0.0], [0.5], [1.3]])
    lesions = ([1, 1], [[0.4], [2.0]])

    shared = marks.nearest_within(*arguments, *lesions, radius=1)
    single = marks.one_to_one_within(*arguments, [2.0, 1.0, 3.0], *lesions, radius=1)

    assert shared.tolist() == [0, 0, 1]
    assert single.tolist() == [0, -1, 1]


def test_boxes_match_by_intersection_over_union():
    mark_boxes = [[0, 0, 2, 2], [0, 0, 1, 1], [5, 5, 6, 6]]
    lesion_boxes = [[0, 0, 2, 1], [5, 5, 7, 6]]

    found = marks.most_overlapping([1, 1, 1], mark_boxes, [1, 1], lesion_boxes, least=0.5)
    single = marks.one_to_one_overlapping(
        [1, 1, 1], mark_boxes, [1.0, 2.0, 3.0], [1, 1], lesion_boxes, least=0.5
    )

    assert found.tolist() == [0, 0, 1]
    assert single.tolist() == [-1, 0, 1]


def test_no_marks_match_nothing():
    found = marks.nearest_within([], np.zeros((0, 2)), [1], [[0, 0]], radius=1)

    assert found.size == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: marks.nearest_within([1], [[0.0]], [1], [[1.0]], radius=0),
            "radius must be above",
        ),
        (
            lambda: marks.nearest_within([1], [[0.0]], [1], [[1.0, 2.0]], radius=1),
            "as many columns; 1 and 2 found",
        ),
        (
            lambda: marks.nearest_within([1], [[np.nan]], [1], [[1.0]], radius=1),
            "mark_centres must be finite",
        ),
        (lambda: marks.nearest_within([1], [0.0], [1], [[1.0]], radius=1), "two dimensions"),
        (
            lambda: marks.nearest_within([1, 2], [[0.0]], [1], [[1.0]], radius=1),
            "an entry for each image; 1 for 2",
        ),
        (
            lambda: marks.most_overlapping([1], [[0, 0]], [1], [[0, 1]], least=0.5),
            "mark_boxes must hold a lower corner",
        ),
        (
            lambda: marks.most_overlapping([1], [[0, 1]], [1], [[0, 1]], least=0),
            "least must lie above 0",
        ),
        (
            lambda: marks.one_to_one_within([1], [[0.0]], [1, 2], [1], [[1.0]], radius=1),
            "mark_ratings must have an entry",
        ),
    ],
)
def test_matching_refuses_what_it_cannot_match(call, message):
    with pytest.raises(ValueError, match=message):
        call()


LOCATED = {
    "reader": [1] * 6,
    "case": [1, 2, 3, 4, 5, 6],
    "modality": ["x"] * 6,
    "truth": [0, 0, 1, 1, 1, 0],
    "rating": [1.0, 2.0, 3.0, 2.0, 4.0, 0.0],
    "localised": [0, 0, 1, 1, 0, 0],
}


def test_a_wrong_location_is_found_at_no_threshold():
    table = lroc.from_long(**LOCATED)

    whole = lroc.leave_one_out(table, lroc.area()).values[0, 0]
    highest = lroc.leave_one_out(table, lroc.highest_correct_localisation_at(1)).values[0, 0]

    # (0, 0), (0, 1/3), then a tie to (1/3, 2/3), then level: the curve ends at 2/3.
    assert whole == pytest.approx((1 / 3) * (1 / 2) + (2 / 3) * (2 / 3))
    assert highest == pytest.approx(2 / 3)


def test_localisation_is_bootstrapped_with_the_seed():
    table = lroc.from_long(**LOCATED)

    one = lroc.bootstrap(table, lroc.area(), seed=1, replicates=30)
    two = lroc.bootstrap(table, lroc.area(), seed=1, replicates=30)

    assert one.replicates.tolist() == two.replicates.tolist()


def test_a_healthy_case_cannot_be_localised():
    with pytest.raises(ValueError, match="False in non-diseased cases; it is True at index 1"):
        lroc.from_long(**{**LOCATED, "localised": [0, 1, 1, 1, 0, 0]})
    with pytest.raises(ValueError, match="fpf must lie above 0"):
        lroc.area(0)
    with pytest.raises(ValueError, match="fpf must lie above 0"):
        lroc.correct_localisation_at(1.2)


def test_a_figure_names_its_range():
    assert isinstance(lroc.area(0.2), Figure)
    assert lroc.area(0.2).highest == 0.2
    assert Caution.CUT.value == "a limit was cut to the range of the quantity"
