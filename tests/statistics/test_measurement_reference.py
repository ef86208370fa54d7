"""Agreement, calibration, segmentation and sizing on our own table, by two other programs.

The table, the calls and the values lie in tests/reference/measurement.
"""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from defensible.statistics import (
    agreement,
    bland_altman,
    calibration,
    icc,
    kappa,
    method_comparison,
    segmentation,
    sizing_proportion,
)

HERE = Path(__file__).resolve().parents[1] / "reference/measurement"
R = json.loads((HERE / "values-r.json").read_text(encoding="utf-8"))
PYTHON = json.loads((HERE / "values-python.json").read_text(encoding="utf-8"))


def near(value):
    return pytest.approx(value, rel=1e-8, abs=1e-12)


@pytest.fixture(scope="module")
def table() -> dict[str, list[str]]:
    with (HERE / "table.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def numbers(table, *names):
    columns = np.array([table[name] for name in names], dtype=float)
    return columns[0] if len(names) == 1 else columns.T


def test_kappa_of_two_raters(table):
    first, second = numbers(table, "a"), numbers(table, "b")

    found = kappa.cohen(first, second)

    assert found.value == near(R["kappa"]) == near(PYTHON["kappa"])
    assert found.se == near(PYTHON["kappa_se"]) == near(np.sqrt(R["kappa_var"]))
    assert (found.low, found.high) == near(PYTHON["kappa_limits"])


def test_weighted_kappa(table):
    first, second = numbers(table, "a"), numbers(table, "b")

    assert kappa.linear(first, second).value == near(PYTHON["kappa_linear"])
    quadratic = kappa.quadratic(first, second).value
    assert quadratic == near(R["weighted_quadratic"]) == near(PYTHON["kappa_quadratic"])


def test_several_raters(table):
    ratings = numbers(table, "a", "b", "c")

    assert agreement.fleiss(ratings).value == near(PYTHON["fleiss"])
    assert agreement.brennan_prediger(ratings).value == near(PYTHON["randolph"])


@pytest.mark.parametrize(
    ("place", "form"),
    [
        (0, icc.one_way_single),
        (1, icc.agreement_single),
        (2, icc.consistency_single),
        (3, icc.one_way_average),
        (4, icc.agreement_average),
        (5, icc.consistency_average),
    ],
)
def test_six_forms_of_the_intraclass_correlation(table, place, form):
    found = form(numbers(table, "a", "b", "c"))

    assert found.value == near(R["icc"]["value"][place])
    assert found.low == near(R["icc"]["low"][place])
    assert found.high == near(R["icc"]["high"][place])
    assert found.p == pytest.approx(R["icc"]["p"][place], rel=1e-6)
    if form is icc.one_way_single:
        f = PYTHON["icc_f"]
        assert found.value == near((f - 1) / (f + 2))  # three raters


def test_bias_and_slope_of_two_methods(table):
    first, second = numbers(table, "first"), numbers(table, "second")

    found = bland_altman.limits_of_agreement(first, second)

    assert (found.bias.low, found.bias.high) == near(R["bias"])
    assert (found.bias.value, found.sd) == near((R["mean_gap"], R["sd"]))
    slope, se, _, p = R["slope_p"]
    assert (found.slope.value, found.slope.se, found.slope.p) == near((slope, se, p))


def test_concordance_of_two_methods(table):
    found = method_comparison.concordance(numbers(table, "first"), numbers(table, "second"))

    assert found.value == near(np.ravel(R["ccc"])[0])


@pytest.mark.parametrize("name", ["slope", "intercept", "in_the_large"])
def test_calibration(table, name):
    truth, probability = numbers(table, "truth").astype(bool), numbers(table, "probability")

    found = getattr(calibration, name)(truth, probability)

    assert (found.value, found.se) == pytest.approx(R[name], rel=1e-7)
    assert (found.value, found.se) == near(PYTHON[name])


def test_brier_score(table):
    truth, probability = numbers(table, "truth").astype(bool), numbers(table, "probability")

    assert calibration.brier(truth, probability).value == near(R["brier"]) == near(PYTHON["brier"])


@pytest.mark.parametrize("case", range(5))
def test_masks(table, case):
    masks = [
        np.array(list(table[name][case]), dtype=int).reshape(12, 12).astype(bool)
        for name in ("reference_mask", "device_mask")
    ]

    found = segmentation.compare(*masks, spacing_mm=(1.0, 1.0), tolerance_mm=1.0)

    assert (found.dice, found.jaccard, found.hausdorff_mm) == near(PYTHON["masks"][case])
    assert (found.dice, found.jaccard, found.hausdorff_mm) == near(R["masks"][case])


def test_exact_sizes():
    asked = [(0.95, 0.90, 0.95, 0.8), (0.95, 0.90, 0.90, 0.8), (0.90, 0.80, 0.95, 0.9)]

    sizes = [
        sizing_proportion.exact(expected=expected, goal=goal, level=level, power=power).n
        for expected, goal, level, power in asked
    ]

    assert sizes == R["exact"] == PYTHON["exact"]


def test_two_independent_groups():
    size = sizing_proportion.independent(first=0.85, second=0.8)

    assert size.n == np.ceil(R["independent"])
