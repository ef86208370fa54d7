"""The synthetic marks of a device: their data anew, their known truth, what the report says."""

import runpy
from datetime import date
from pathlib import Path

import pytest

from defensible import assessment, dossier, evidence, regulation
from defensible.assessment import Status
from defensible.dossier.claims import MetricName
from defensible.dossier.risks import ErrorRate
from defensible.evidence.error_rates import NoRate, rate
from defensible.evidence.finding import OVERALL, Answer, Stratum
from defensible.risk.measured import Harm, harm, step

EXAMPLE = Path(__file__).parents[2] / "examples/nodule-marks"


@pytest.fixture(scope="module")
def model():
    return runpy.run_path(str(EXAMPLE / "simulate.py"))


@pytest.fixture(scope="module")
def found():
    return evidence.run(dossier.load(EXAMPLE))[0]


def test_the_data_are_those_that_the_script_draws(model):
    cases, lesions, marks = model["tables"]()

    for name, header, rows in (
        ("cases", "case,patient,hospital,sex,nodule", cases),
        ("lesions", "case,lesion,x,y,diameter_mm", lesions),
        ("marks", "case,x,y,score", marks),
    ):
        text = "".join(f"{','.join(map(str, one))}\n" for one in rows)
        expected = (EXAMPLE / f"data/{name}.csv").read_text(encoding="utf-8")
        assert f"{header}\n{text}" == expected


def test_the_intervals_hold_what_is_true(found):
    truth = {"lesion_sensitivity": 0.853, "false_marks_per_case": 0.106, "wafroc": 0.955}

    taken = {one.metric.value: one.estimate for one in found.measurements if one.stratum == OVERALL}
    assert set(taken) == set(truth)  # `simulate.py truth`
    for metric, true in truth.items():
        assert taken[metric].low < true < taken[metric].high


def test_the_claim_is_supported_overall_and_not_everywhere(found):
    overall = [one.answer for one in found.findings if one.measurement.stratum == OVERALL]

    assert overall == [Answer.SUPPORTED, Answer.SUPPORTED]
    assert Answer.INCONCLUSIVE in {one.answer for one in found.findings}


def test_what_a_device_that_marks_owes_is_answered_by_such_a_study():
    read = dossier.load(EXAMPLE)
    classified = regulation.classify(read.intended_use, read.device.markets)

    found = assessment.assess(read, classified, evidence.run(read), today=date(2026, 11, 26))

    owed = {one.obligation.id: one for one in found.obligations}
    assert owed["us.evidence.localization"].status is Status.MET
    assert owed["us.evidence.standalone"].status is Status.MET
    assert owed["us.evidence.accuracy"].status is Status.OPEN  # cases are not called by marks
    assert owed["us.evidence.failures"].status is Status.PARTLY  # no column of outputs


def test_estimates_of_risk_take_missed_lesions_and_false_marks_at_their_upper_bound(found):
    missed = rate(found, ErrorRate.MISSED_LESIONS, {"size": "5-7"})
    false = rate(found, ErrorRate.FALSE_MARKS, {})

    # 28 of 148 nodules of that size missed, on 124 cases that have one
    small = found.measurement(MetricName.LESION_SENSITIVITY, Stratum(levels=(("size", "5-7"),)))
    assert missed.value == pytest.approx(28 / 124, abs=1e-12)
    assert missed.high == pytest.approx((1 - small.estimate.low) * 148 / 124, abs=1e-12)
    assert false.high == pytest.approx(0.137, abs=5e-4)
    assert isinstance(rate(found, ErrorRate.MISSED_LESIONS, {"size": "3-4"}), NoRate)
    assert isinstance(rate(found, ErrorRate.FALSE_NEGATIVE, {}), NoRate)


def test_the_declared_steps_of_the_example_are_no_better_than_measured(found):
    read = dossier.load(EXAMPLE)

    for risk in read.risks.risks:
        came = harm(risk.initial, read, (found,))
        assert isinstance(came, Harm)
        assert step(read.risks.policy, came.upper) == risk.initial.probability
