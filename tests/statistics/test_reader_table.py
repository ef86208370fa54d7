"""The table of a reader study: what it holds and what it refuses."""

import numpy as np
import pytest

from defensible.statistics import reader_table

ROWS = {
    "reader": ["b", "a", "a", "b"],
    "case": [10, 10, 9, 9],
    "modality": ["x", "x", "x", "x"],
    "truth": [1, 1, 0, 0],
    "rating": [4.0, 3.0, 1.0, 2.0],
}


def test_axes_are_in_sorted_order_and_numbers_sort_as_numbers():
    table = reader_table.from_long(**ROWS)

    assert table.readers == ("a", "b")
    assert table.cases == ("9", "10")
    assert table.truth.tolist() == [False, True]
    assert table.ratings[0].tolist() == [[1.0, 3.0], [2.0, 4.0]]
    assert table.crossed


def test_what_was_not_read_is_masked():
    rows = {name: values[:3] for name, values in ROWS.items()}

    table = reader_table.from_long(**rows)

    assert table.read[0].tolist() == [[True, True], [False, True]]
    assert not table.crossed


def test_a_table_cannot_be_changed():
    table = reader_table.from_long(**ROWS)

    with pytest.raises(ValueError, match="read-only"):
        table.ratings[0, 0, 0] = 5


def test_selection_keeps_only_cases_read_there():
    rows = {name: [*values, values[-1]] for name, values in ROWS.items()}
    rows["modality"][-1], rows["case"][-1] = "y", 7

    table = reader_table.select(reader_table.from_long(**rows), modalities=("x",), readers=("a",))

    assert table.cases == ("9", "10")
    assert table.modalities == ("x",)


def test_decisions_are_positive_at_the_threshold_and_above():
    table = reader_table.decisions(reader_table.from_long(**ROWS), 3)

    assert table.ratings[0].tolist() == [[0.0, 1.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("rating", [1.0, 2.0, np.nan, 3.0], "rating must be finite.*index 2"),
        ("rating", [1.0, 2.0, np.inf, 3.0], "rating must be finite.*inf at index 2"),
        ("rating", [1.0, 2.0], "same length; 4 and 2 found"),
        ("truth", [1, 0, 0, 0], "truth must be the same in all rows of a case.*case 10"),
        ("truth", [1, 2, 0, 0], "truth must hold booleans or 0 and 1; found 2"),
        ("reader", ["a", "a", "a", "b"], "reader a, case 10, modality x occurs again at index 1"),
        ("reader", [[1, 2, 3, 4]], "reader must be one-dimensional"),
        ("case", [1.0, np.nan, 1.0, 1.0], "case must be finite"),
    ],
)
def test_a_table_that_cannot_be_says_what_is_wrong_and_where(column, values, message):
    with pytest.raises(ValueError, match=message):
        reader_table.from_long(**{**ROWS, column: values})


def test_an_empty_table_is_refused():
    with pytest.raises(ValueError, match="at least one reading"):
        reader_table.from_long(**{name: [] for name in ROWS} | {"truth": np.zeros(0, bool)})


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 5), (0, 3, 4)])
def test_a_dense_table_must_have_three_axes_and_the_cases_of_truth(shape):
    with pytest.raises(ValueError, match="n_modalities, n_readers, n_cases"):
        reader_table.from_dense([True, True, False, False], np.zeros(shape))


def test_unknown_names_and_thresholds_are_refused():
    table = reader_table.from_long(**ROWS)

    with pytest.raises(ValueError, match="no reader 'c'; there are a, b"):
        reader_table.select(table, readers=("c",))
    with pytest.raises(ValueError, match="threshold must be finite"):
        reader_table.decisions(table, np.nan)
    with pytest.raises(ValueError, match=r"2 or more diseased cases.*reader a read 1"):
        reader_table.two_classes(table)
