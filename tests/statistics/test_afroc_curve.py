"""Curves of marks: by hand, their area, and the points of RJafroc."""

import numpy as np
import pytest
from hypothesis import given, settings

from defensible.statistics import afroc_curve, froc, froc_table
from tests.statistics.test_froc import LAW, SMALL, studies
from tests.statistics.test_froc_reference import REFERENCE, STUDIES, records, study


def test_the_curve_of_a_small_study_is_that_worked_out_by_hand():
    table = froc_table.from_marks(**SMALL)

    x, y = afroc_curve.points(table, froc.WAFROC, "x", "a")

    # Thresholds 3, then 2: a lesion of weight 1 in two cases, then one of 0.75 and a false mark.
    assert x.tolist() == [0, 0, 0.5, 1]
    assert y.tolist() == pytest.approx([0, 0.5, 0.875, 1])
    with pytest.raises(ValueError, match="no reader 'b' in modality 'x'"):
        afroc_curve.points(table, froc.WAFROC, "x", "b")


@pytest.mark.parametrize("figure", [froc.WAFROC, froc.AFROC, froc.WAFROC1, froc.AFROC1])
@settings(LAW, max_examples=20)
@given(rows=studies())
def test_the_area_under_the_curve_is_the_figure_of_merit(figure, rows):
    table = froc_table.from_marks(**rows)

    for at, modality in enumerate(table.modalities):
        for reader_at, reader in enumerate(table.readers):
            x, y = afroc_curve.points(table, figure, modality, reader)
            area = np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2)
            assert (np.diff(x) >= 0).all()
            assert (np.diff(y) >= -1e-12).all()
            expected = froc.values(table, figure)[at, reader_at]
            assert area == pytest.approx(expected, abs=1e-12)


@pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference values (../shared/reference) are not here"
)
@pytest.mark.parametrize("figure", ["AFROC", "wAFROC"])
@pytest.mark.parametrize("name", STUDIES)
def test_the_curves_of_marks_pass_through_the_points_of_rjafroc(name, figure):
    table = study(name)
    record = next(
        record for record in records(name) if f"operating points, {figure}," in record["method"]
    )

    x, y = afroc_curve.points(table, froc.FIGURES[figure], table.modalities[0], table.readers[0])

    points = {(row["genAbscissa"], row["genOrdinate"]) for row in record["results"]}
    assert len(points) > 2
    for across, up in points:
        assert np.hypot(x - across, y - up).min() < 1e-12
