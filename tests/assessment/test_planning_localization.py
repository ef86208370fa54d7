"""How much evidence marks need: of a device, of readers without a pilot, of their agreement."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.special import logit

from defensible.dossier.claims import MetricName
from defensible.dossier.plan import Plan
from defensible.evidence.finding import OVERALL, Measurement
from defensible.statistics import (
    search_model,
    sizing_froc,
    sizing_marks,
    sizing_new_site,
    sizing_readers,
    sizing_wafroc,
)
from defensible.statistics.estimate import Estimate
from defensible.statistics.new_site import BETWEEN_VALIDATIONS
from defensible.statistics.sizing_new_site import Analysis
from tests.assessment.test_planning import assessed
from tests.assessment.test_planning_evidence import EXAMPLES, above, below, lines, readers, wilson

LESIONS = {"per_case": 1.5, "correlation": 0.2}
MARKS = {"false_marks": 0.5, "found": 0.85}
FOUND = above("lesion_sensitivity", 0.75)
FALSE = below("false_marks_per_case", 0.45)


def test_lesions_found_count_cases_that_have_any():
    plan = {"expected": {"lesion_sensitivity": 0.85}, "lesions": LESIONS}

    line = lines({**plan, "prevalence": 0.2, "drop_out": 0.1}, FOUND)[0]

    effect = sizing_marks.design_effect(1.5, 0.2)
    alone = wilson(expected=0.85, goal=0.75)
    size = sizing_marks.lesions_found(expected=0.85, goal=0.75, lesions=1.5, correlation=0.2)
    assert line.n_diseased == size.n == -(-int(-(-alone.n * effect // 1)) // 1.5)
    assert line.n_screened == -(-size.n * 100 // 18)
    assert "1.5 lesions a case, correlated by 0.2: design effect 1.17" in line.why


def test_several_cases_of_a_patient_make_lesions_count_for_less():
    plan = {"expected": {"lesion_sensitivity": 0.85}, "lesions": LESIONS}
    clusters = {"cases_per_patient": 2, "correlation": 0.5}

    more = lines({**plan, "clusters": clusters}, FOUND)[0].n_diseased

    assert more == pytest.approx(1.5 * lines(plan, FOUND)[0].n_diseased, abs=2)


def test_false_marks_a_case_rest_on_their_spread():
    plan = {"expected": {"false_marks_per_case": 0.3}, "spread": {"false_marks_per_case": 0.7}}

    line = lines(plan, FALSE)[0]

    told = {"expected": 0.3, "goal": 0.45}
    assert line.n_cases == sizing_marks.false_marks(**told, dispersion=0.49 / 0.3).n
    assert [one for one, _ in line.sensitivity] == pytest.approx([0.24, 0.27, 0.3, 0.33, 0.36])
    rare = lines({**plan, "spread": {"false_marks_per_case": 0.1}}, FALSE)[0]
    assert rare.n_cases == sizing_marks.false_marks(**told).n  # no less than by chance
    assert "(no less)" in rare.why


def test_a_number_of_marks_above_one_can_be_expected():
    plan = {"expected": {"false_marks_per_case": 1.2}, "spread": {"false_marks_per_case": 1.5}}

    line = lines(plan, below("false_marks_per_case", 1.5))[0]

    size = sizing_marks.false_marks(expected=1.2, goal=1.5, dispersion=2.25 / 1.2)
    assert line.n_cases == size.n


def test_the_wafroc_of_a_device_rests_on_what_it_marks():
    plan = {"expected": {"wafroc": 0.78}, "lesions": LESIONS, "marks": MARKS}

    line = lines(plan, above("wafroc", 0.7))[0]

    told = {"marks": 0.5, "found": 0.85, "lesions": 1.5, "correlation": 0.2}
    size = sizing_wafroc.one(expected=0.78, goal=0.7, **told)
    assert (line.n_diseased, line.n_healthy) == (size.n, size.n)
    assert line.power == size.power


@pytest.mark.parametrize(
    ("endpoint", "plan", "said"),
    [
        (FOUND, {}, "write `expected: {lesion_sensitivity: ..}`"),
        (FOUND, {"expected": {"lesion_sensitivity": 0.85}}, "write `lesions: {per_case: .., "),
        (FALSE, {"expected": {"false_marks_per_case": 0.3}}, "0.55 where marks fall as by chance"),
        (FALSE, {"expected": {"false_marks_per_case": 0.5}}, "not below the goal of 0.45"),
        (
            above("wafroc", 0.7),
            {"expected": {"wafroc": 0.78}, "lesions": LESIONS},
            "write `marks: {false_marks: .., found: ..}` in plan.yaml",
        ),
        (
            above("wafroc", 0.7),
            {"expected": {"wafroc": 0.95}, "lesions": LESIONS, "marks": MARKS},
            "no ratings give wAFROC 0.95",
        ),
    ],
)
def test_a_line_that_cannot_be_sized_names_the_number_to_give(endpoint, plan, said):
    line = lines(plan, endpoint)[0]

    assert line.power is None
    assert said in line.why


def test_endpoints_of_marks_have_a_line_of_all_together():
    plan = {
        "expected": {"lesion_sensitivity": 0.85, "false_marks_per_case": 0.3},
        "spread": {"false_marks_per_case": 0.7},
        "lesions": LESIONS,
    }

    found, false, together = lines(plan, FOUND, FALSE)[:3]

    assert together.part == "all endpoints together"
    assert together.n_diseased > found.n_diseased
    assert together.n_cases > false.n_cases


READERS = {
    "unaided": {"wafroc": 0.68},
    "marks": {"false_marks": 0.8, "found": 0.9},
    "variability": "small",
    "readers": 6,
}


def conjectured(before, after):
    of = sizing_froc.conjecture(before, after, lesions=1.5, correlation=0.2)
    return sizing_readers.frontier(
        lambda n: of.pilot(n, "small"), expected=of.difference, goal=0.0, readers=(6,)
    )[0].n_cases


def test_readers_of_marks_need_no_pilot():
    plan = {"expected": {"wafroc_difference": 0.06}, "lesions": LESIONS, "readers": READERS}

    line = lines(plan, above("wafroc_difference", 0.0))[0]

    told = {"false_marks": 0.8, "found": 0.9}
    models = [search_model.of_wafroc(one, **told) for one in (0.68, 0.74)]
    assert line.n_readers == 6
    assert line.n_diseased == line.n_healthy == conjectured(*models)
    assert "wAFROC 0.680 unaided, 0.8 false marks a case and 0.9 of lesions marked" in line.why
    assert dict(line.frontier)[6] == 2 * line.n_diseased


def test_a_change_of_the_auc_is_converted_where_that_of_the_wafroc_is_not_known():
    marks = {"false_marks": 0.8, "found": 0.9}
    of_readers = {
        **READERS,
        "unaided": {"auc": 0.80},
        "aided_marks": {"false_marks": 0.7, "found": 0.95},
    }
    plan = {"expected": {"auc_difference": 0.04}, "lesions": LESIONS, "readers": of_readers}

    line = lines(plan, above("wafroc_difference", 0.0))[0]

    counts = search_model.lesion_counts(1.5)
    before = search_model.of_auc(0.80, counts, **marks)
    after = search_model.of_auc(0.84, counts, false_marks=0.7, found=0.95)
    gain = search_model.wafroc(after) - search_model.wafroc(before)
    assert line.expected == pytest.approx(gain, abs=1e-6)
    assert line.source == "auc_difference 0.04 of plan.yaml, by the search model"
    assert line.n_diseased == pytest.approx(conjectured(before, after), abs=1)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (
            {"expected": {"wafroc_difference": 0.05}},
            "write `readers: {unaided: {wafroc: ..}}` (or auc), `readers: {marks: {false_marks",
        ),
        (
            {"expected": {"auc_difference": 0.05}, "readers": READERS},
            "auc_difference 0.05 can be converted: write `lesions: {per_case: .., ",
        ),
        (
            {
                "expected": {"wafroc_difference": 0.3},
                "readers": READERS,
                "lesions": LESIONS,
            },
            "no ratings give wAFROC 0.98",
        ),
        (
            {"expected": {"auc_difference": 0.19}, "readers": READERS, "lesions": LESIONS},
            "no ratings give AUC",
        ),
    ],
)
def test_readers_of_marks_are_open_while_a_number_lacks(plan, said):
    line = lines(plan, above("wafroc_difference", 0.0))[0]

    assert line.power is None
    assert said in line.why


def test_agreement_of_readers_takes_a_multiple_of_the_study_that_measured_it():
    of = readers()
    kappa = Estimate(
        value=0.7, low=0.5, high=0.9, level=0.95, method="Fleiss", n=60, se=0.09, df=9.0
    )
    measured = Measurement(
        metric=MetricName.READER_KAPPA,
        stratum=OVERALL,
        estimate=kappa,
        n_cases=60,
        n_diseased=30,
        n_healthy=30,
    )
    results = tuple(
        replace(one, measurements=(*one.measurements, measured)) if one.readers else one
        for one in of.results
    )
    plan = {"expected": {"reader_kappa": 0.7}}

    line = lines(plan, above("reader_kappa", 0.6), of=replace(of, results=results))[0]

    times = sizing_readers.times_pilot(expected=0.7, goal=0.6, se=0.09, df=9.0)
    pilot = next(one.readers for one in of.results if one.readers)
    assert line.n_readers == -(-times * pilot.n_readers // 1)
    assert line.n_diseased == line.n_healthy == -(-times * 30 // 1)


@pytest.mark.parametrize(
    ("metric", "alone"), [("reader_kappa", "kappa"), ("reader_icc_difference", "icc")]
)
def test_agreement_of_readers_without_a_study_asks_for_one(metric, alone):
    line = lines({"expected": {metric: 0.7}}, above(metric, 0.6))[0]

    assert line.power is None
    assert f"measure {metric} in a reader study" in line.why
    assert f"`defensible stats size {alone}`" in line.why


def test_marks_are_declared_within_their_range():
    with pytest.raises(ValueError, match="found"):
        Plan.model_validate({"marks": {"false_marks": 0.5, "found": 1.2}})
    with pytest.raises(ValueError, match="it must be at most 1"):
        Plan.model_validate({"expected": {"lesion_sensitivity": 85}})
    with pytest.raises(ValueError, match="no standard deviation of its own"):
        Plan.model_validate({"spread": {"wafroc": 0.1}})


def test_lesions_found_at_a_further_site_count_by_their_design_effect():
    plan = {
        "expected": {"lesion_sensitivity": 0.85},
        "lesions": LESIONS,
        "site_sd": 0.2,
        "cases_per_site": 60,
    }

    line = next(one for one in lines(plan, FOUND, scope={"site": "any"}) if one.n_sites)

    effect = sizing_marks.design_effect(1.5, 0.2)
    size = sizing_new_site.of_proportion(
        expected=0.85,
        goal=0.75,
        tau=0.2,
        cases_per_site=int(60 * 1.5 / effect),
        analysis=Analysis(prior=BETWEEN_VALIDATIONS, by_data_from=5),
    )
    assert line.n_sites == size.n
    assert "60 cases with lesions at each" in line.why


def test_marks_at_a_further_site_are_sized_on_the_scale_of_their_prediction():
    plan = {
        "expected": {"false_marks_per_case": 0.3, "wafroc": 0.85},
        "spread": {"false_marks_per_case": 0.7},
        "lesions": LESIONS,
        "marks": MARKS,
        "site_sd": 0.2,
        "site_spread": {"false_marks_per_case": 0.15},
        "cases_per_site": 60,
    }
    endpoints = below("false_marks_per_case", 0.6), above("wafroc", 0.75)

    found = [one for one in lines(plan, *endpoints, scope={"site": "any"}) if one.n_sites]

    false = sizing_new_site.of_mean(
        expected=np.log(0.3), goal=np.log(0.6), tau=0.15, sd=0.7 / 0.3, cases_per_site=60
    )
    of = search_model.of_wafroc(0.85, **MARKS)
    parts = search_model.placement_variances(of, search_model.lesion_counts(1.5), 0.2)
    area = sizing_new_site.of_mean(
        expected=logit(0.85),
        goal=logit(0.75),
        tau=0.2,
        sd=np.sqrt(sum(parts)) / (0.85 * 0.15),
        cases_per_site=60,
    )
    assert [one.n_sites for one in found] == [false.n, area.n]


def test_a_further_site_of_marks_is_open_without_a_spread_between_sites():
    plan = {
        "expected": {"false_marks_per_case": 0.3},
        "spread": {"false_marks_per_case": 0.7},
        "cases_per_site": 60,
    }

    found = lines(plan, below("false_marks_per_case", 0.6), scope={"site": "any"})

    line = next(one for one in found if one.part == "a site not yet seen")
    assert "write `site_spread: {false_marks_per_case: ..}` in plan.yaml, on the log" in line.why


@cache
def marked():
    return assessed(EXAMPLES / "nodule-marks")


def test_what_a_localization_study_shows_is_taken():
    of = marked()
    result = next(one for one in of.results if one.study == "S-marks")
    asked = (
        above("lesion_sensitivity", 0.70),
        below("false_marks_per_case", 0.25),
        above("wafroc", 0.80),
    )

    found = [one for one in lines({}, *asked, of=of) if one.part == "overall" and one.claim]

    seen = {one.metric: result.measurement(one.metric) for one in found}
    lesions = seen[MetricName.LESION_SENSITIVITY]
    alone = wilson(expected=lesions.estimate.value, goal=0.70)
    each = lesions.estimate.n / lesions.n_diseased
    assert found[0].n_diseased >= alone.n / each - 1  # lesions of a patient are rather alike
    false = seen[MetricName.FALSE_MARKS_PER_CASE].estimate
    dispersion = max(false.se**2 * false.n / false.value, 1.0)
    size = sizing_marks.false_marks(expected=false.value, goal=0.25, dispersion=dispersion)
    assert found[1].n_cases == size.n
    area = seen[MetricName.WAFROC]
    variance = 2 * area.estimate.se**2 / (1 / area.n_diseased + 1 / area.n_healthy)
    size = sizing_wafroc.by_variance(expected=area.estimate.value, goal=0.80, variance=variance)
    assert (found[2].n_diseased, found[2].n_healthy) == (size.n, size.n)
    assert all("as in S-marks" in one.why for one in found)
