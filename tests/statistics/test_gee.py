"""GEE of binary reads: the figures of geepack, and the sandwich computed by hand."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, logit

from defensible.statistics import binary_endpoints, gee, reader_table
from defensible.statistics.estimate import Caution

SHARED = Path(__file__).resolve().parents[3] / "shared/reference"


def study(n_cases: int = 100):
    generator = np.random.default_rng(5)
    truth = np.arange(n_cases) % 2 == 0
    case = generator.normal(size=n_cases) + truth
    gain = np.array([0.0, 0.5])[:, None, None] * truth
    return reader_table.from_dense(truth, case + gain + generator.normal(size=(2, 5, n_cases)))


def test_rates_are_those_of_the_readings_and_the_variance_is_the_sandwich():
    table = study()

    found = gee.sensitivity(table, threshold=0.5)

    positive = (table.ratings >= 0.5)[:, :, table.truth]
    rates = positive.mean(axis=(1, 2))
    scores = (positive - rates[:, None, None]).sum(axis=1) / positive[0].size
    by_hand = scores @ scores.T
    values = [one.estimate.value for one in found.modalities]
    assert values == pytest.approx(rates, abs=1e-10)
    errors = [one.estimate.se for one in found.modalities]
    assert errors == pytest.approx(np.sqrt(np.diag(by_hand)), rel=1e-8)
    gap = found.differences[0].estimate
    variance = by_hand[0, 0] + by_hand[1, 1] - 2 * by_hand[0, 1]
    assert gap.value == pytest.approx(rates[0] - rates[1], abs=1e-10)
    assert gap.se == pytest.approx(np.sqrt(variance), rel=1e-8)


def test_crossed_readings_have_the_same_rates_with_either_working_correlation():
    table = study()

    first = gee.specificity(table, threshold=0.5)
    second = gee.specificity_exchangeable(table, threshold=0.5)

    for one, other in zip(first.modalities, second.modalities, strict=True):
        assert one.estimate.value == pytest.approx(other.estimate.value, abs=1e-6)


def test_readers_taken_as_fixed_give_a_narrower_interval_than_readers_in_general():
    generator = np.random.default_rng(6)
    truth = np.ones(80, dtype=bool)
    truth[40:] = False
    own = generator.normal(scale=0.8, size=(2, 8, 1))  # readers differ in their thresholds
    table = reader_table.from_dense(truth, own + generator.normal(size=(2, 8, 80)) + truth)

    fixed = gee.sensitivity(table, threshold=0.5).modalities[0].estimate
    general = binary_endpoints.sensitivity(table, threshold=0.5).modalities[0].estimate

    assert fixed.value == pytest.approx(general.value, abs=1e-9)
    assert fixed.high - fixed.low < general.high - general.low


def test_a_modality_that_is_always_right_has_no_logit():
    table = reader_table.from_dense([1, 1, 0], [[[2, 2, 0], [2, 2, 0]], [[2, 0, 0], [2, 2, 0]]])

    with pytest.raises(ValueError, match="in modality 1 4 of 4 readings are right"):
        gee.sensitivity(table, threshold=1)


def test_one_case_is_too_few_and_few_are_a_caution():
    table = reader_table.from_dense([1, 0], [[[2, 0], [0, 0]]])

    with pytest.raises(ValueError, match="two diseased cases or more are needed; 1 found"):
        gee.sensitivity(table, threshold=1)
    assert gee.sensitivity(study(20), threshold=0.5).cautions == (Caution.FEW,)


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the reference data of other programs are not on this machine"
)
@pytest.mark.parametrize("analysis", [gee.sensitivity, gee.sensitivity_exchangeable])
def test_wheezing_children_have_the_rate_and_limits_of_geepack(analysis):
    with (SHARED / "data/ohio_wheeze.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    values = (SHARED / "values/ohio_wheeze/clustered-proportion.json").read_text(encoding="utf-8")
    wanted = next(
        one["results"]
        for one in json.loads(values)["records"]
        if one["method"].startswith("GEE logistic intercept, independence")
    )

    table = reader_table.from_long(
        reader=[row["age"] for row in rows],
        case=[row["cluster"] for row in rows],
        modality=["all"] * len(rows),
        truth=[True] * len(rows),
        rating=[float(row["y"]) for row in rows],
    )
    found = analysis(table, threshold=1).modalities[0].estimate

    assert found.value == pytest.approx(wanted["p"], abs=1e-9)
    assert (found.low, found.high) == pytest.approx(wanted["ci95"], rel=1e-7)
    assert logit(found.value) == pytest.approx(wanted["logit"], rel=1e-8)
    assert expit(wanted["logit"]) == pytest.approx(wanted["p"])
