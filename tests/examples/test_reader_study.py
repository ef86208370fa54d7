"""The synthetic reader study: its data anew, its known truth, what the report says."""

import runpy
from datetime import date
from pathlib import Path

import pytest

from defensible import assessment, dossier, evidence, regulation
from defensible.assessment import Status
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import Answer, Presence

EXAMPLE = Path(__file__).parents[2] / "examples/reader-study"


@pytest.fixture(scope="module")
def model():
    return runpy.run_path(str(EXAMPLE / "simulate.py"))


@pytest.fixture(scope="module")
def results():
    return evidence.run(dossier.load(EXAMPLE))


def test_the_data_are_those_that_the_script_draws(model, tmp_path):
    path = tmp_path / "readings.csv"
    columns = "reader,case,condition,truth,rating,device,seconds,day,years,hospital"

    model["write"](path, columns, model["readings"]())

    assert path.read_bytes() == (EXAMPLE / "data/readings.csv").read_bytes()


def test_the_intervals_hold_what_is_true(model, results):
    found = results[0]

    truth = {MetricName.AUC_DIFFERENCE: model["true_difference"]()}
    truth[MetricName.COMMISSION], truth[MetricName.OMISSION] = 0.342, 0.343  # `simulate.py truth`
    for metric, true in truth.items():
        estimate = found.measurement(metric).estimate
        assert estimate.low < true < estimate.high


def test_the_closed_form_is_what_many_readings_give(model):
    import numpy as np

    truth, _, unaided, aided = model["impressions"](np.random.default_rng(5), 40, 4000)
    areas = [
        np.mean(
            [
                np.searchsorted(np.sort(one[~truth]), one[truth]).mean() / (~truth).sum()
                for one in seen
            ]
        )
        for seen in (unaided, aided)
    ]

    assert areas[1] - areas[0] == pytest.approx(model["true_difference"](), abs=0.015)


def test_the_claim_is_supported_and_row_seven_is_partly_met(results):
    loaded = dossier.load(EXAMPLE)
    classification = regulation.classify(loaded.intended_use, loaded.device.markets)

    found = assessment.assess(loaded, classification, results, today=date(2026, 9, 1))

    assert found.cells[0].answer is Answer.SUPPORTED
    cell = found.rows[6].regulatory
    assert cell.status is Status.PARTLY
    assert [need.what for need in cell.needs][:2] == [
        "S-use: use errors are not shown to stay under the bound at T-off",
        (
            "us.human-factors.validation: S-use: 15 participants of the smallest user group; "
            "use errors are not under the plan's bound at T-off"
        ),
    ]
    assert any("commission and omission" in need.what for need in cell.needs)


def test_no_check_of_the_design_finds_anything(results):
    assert [one.kind for one in results[0].confounders if one.presence is Presence.PRESENT] == []
