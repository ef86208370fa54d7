"""The simulated table that the project carries, against pROC, survey, epiR and Python programs."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from defensible.statistics import (
    binomial_test,
    clustered,
    operating_point,
    paired,
    predictive,
    proportions,
    roc,
    roc_compare,
    roc_fixed,
    roc_partial,
    two_proportions,
)

FOLDER = Path(__file__).parents[1] / "reference" / "diagnostic"
R = json.loads((FOLDER / "values-r.json").read_text())
PYTHON = json.loads((FOLDER / "values-python.json").read_text())
SCORES = ["score", "rating"]


def columns():
    with (FOLDER / "table.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


TABLE = columns()
TRUTH, PATIENT = TABLE["truth"] == 1, TABLE["patient"]
FIRST, SECOND = TABLE["first"] == 1, TABLE["second"] == 1
COUNTS = predictive.Counts(**dict(zip(("tp", "fp", "fn", "tn"), R["counts"], strict=True)))


@pytest.mark.parametrize("name", SCORES)
def test_the_area_is_that_of_proc_and_scikit_learn(name):
    ours = roc.auc(TRUTH, TABLE[name], level=0.9)

    assert ours.value == pytest.approx(R[name]["auc"], rel=1e-12)
    assert ours.value == pytest.approx(PYTHON["auc"][name], rel=1e-12)
    assert ours.se**2 == pytest.approx(R[name]["var"], rel=1e-10)
    assert [ours.low, ours.high] == pytest.approx(R[name]["ci90"], rel=1e-10)


@pytest.mark.parametrize("name", SCORES)
def test_partial_areas_are_those_of_proc_and_scikit_learn(name):
    cases = TRUTH, TABLE[name]
    plain = roc_partial.over_specificity(*cases, lowest=0.8)
    high = roc_partial.standardised_over_specificity(*cases, lowest=0.8)
    turned = roc_partial.standardised_over_sensitivity(*cases, lowest=0.6, highest=0.9)

    assert plain.value == pytest.approx(R[name]["partial"], rel=1e-10)
    assert high.value == pytest.approx(PYTHON["mcclish_specificity_0.8"][name], rel=1e-10)
    assert turned.value == pytest.approx(R[name]["mcclish"], rel=1e-10)


@pytest.mark.parametrize("name", SCORES)
def test_points_of_the_curve_are_those_of_proc(name):
    fixed = roc_fixed.sensitivity_at(TRUTH, TABLE[name], specificity=0.9)
    best = operating_point.youden(TRUTH, TABLE[name])

    assert fixed.value == pytest.approx(R[name]["sensitivity_at_0.9"], rel=1e-10)
    assert best.sensitivity.value == pytest.approx(R[name]["youden"]["sensitivity"], rel=1e-12)
    assert best.specificity.value == pytest.approx(R[name]["youden"]["specificity"], rel=1e-12)


def test_the_curve_is_that_of_scikit_learn():
    ours = roc.curve(TRUTH, TABLE["rating"])

    assert 1 - ours.specificity == pytest.approx(np.array(PYTHON["curve_rating"][0]), abs=1e-12)
    assert ours.sensitivity == pytest.approx(np.array(PYTHON["curve_rating"][1]), abs=1e-12)


def test_differences_of_areas_are_those_of_proc():
    early = PATIENT < 55
    scores = np.stack([TABLE[name] for name in SCORES])

    ours = roc_compare.paired(TRUTH, *scores)
    matrix = roc_compare.covariance(TRUTH, scores).matrix
    apart = roc_compare.unpaired(TRUTH[early], scores[0][early], TRUTH[~early], scores[0][~early])

    assert (ours.value / ours.se, ours.p) == pytest.approx(
        (R["paired"]["z"], R["paired"]["p"]), rel=1e-10
    )
    assert matrix[0, 1] == pytest.approx(R["covariance"], rel=1e-10)
    assert (apart.value / apart.se, apart.df, apart.p) == pytest.approx(
        (R["unpaired"]["D"], R["unpaired"]["df"], R["unpaired"]["p"]), rel=1e-10
    )


def test_clustered_proportions_are_those_of_survey_and_of_statsmodels():
    for kept, key in ((TRUTH, "sensitivity"), (~TRUTH, "specificity_complement")):
        normal = clustered.proportion_wald(FIRST[kept], PATIENT[kept])
        student = clustered.proportion_t(FIRST[kept], PATIENT[kept])
        assert (normal.value, normal.se) == pytest.approx((R[key]["p"], R[key]["se"]), rel=1e-10)
        assert [normal.low, normal.high] == pytest.approx(R[key]["normal"], rel=1e-10)
        assert [student.low, student.high] == pytest.approx(R[key]["t"], rel=1e-10)

    # The sandwich of an estimating equation lacks the factor K/(K-1), and is of the logit.
    ours = clustered.proportion_wald(FIRST[TRUTH], PATIENT[TRUTH])
    without = ours.se * np.sqrt(1 - 1 / ours.n_clusters) / (ours.value * (1 - ours.value))
    assert without == pytest.approx(PYTHON["sensitivity_logit_se"], rel=1e-8)


def test_one_proportion_is_that_of_statsmodels_scipy_and_r():
    count, n = COUNTS.tp, COUNTS.n_diseased
    assert R["counts"] == PYTHON["counts"]
    for method, key in (
        (proportions.clopper_pearson, "beta"),
        (proportions.wilson, "wilson"),
        (proportions.agresti_coull, "agresti_coull"),
        (proportions.jeffreys, "jeffreys"),
        (proportions.wald, "normal"),
    ):
        ours = method(count, n, level=0.9)
        assert [ours.low, ours.high] == pytest.approx(PYTHON["proportion"][key], rel=1e-10)
    corrected = proportions.wilson_corrected(count, n, level=0.9)
    exact = proportions.clopper_pearson(count, n, level=0.9)
    assert [corrected.low, corrected.high] == pytest.approx(PYTHON["wilson_corrected"], rel=1e-10)
    assert [exact.low, exact.high] == pytest.approx(R["clopper_pearson"], rel=1e-10)
    assert binomial_test.two_sided(count, n, goal=0.6).p == pytest.approx(R["binomial"], rel=1e-9)


def test_accuracy_and_likelihood_ratios_are_those_of_epir():
    for ours, key in (
        (proportions.wilson(COUNTS.tp, COUNTS.n_diseased), "se"),
        (proportions.wilson(COUNTS.tn, COUNTS.n_healthy), "sp"),
        (predictive.likelihood_ratio_positive(COUNTS), "lr_positive"),
        (predictive.likelihood_ratio_negative(COUNTS), "lr_negative"),
    ):
        assert [ours.value, ours.low, ours.high] == pytest.approx(R[key], rel=1e-10)


def test_independent_proportions_are_those_of_statsmodels():
    groups = [number for group in PYTHON["groups"] for number in group]
    for method, key in (
        (two_proportions.newcombe, "newcomb"),
        (two_proportions.agresti_caffo, "agresti-caffo"),
        (two_proportions.wald, "wald"),
    ):
        ours = method(*groups)
        assert [ours.low, ours.high] == pytest.approx(PYTHON["difference"][key], rel=1e-10)
    ratio = two_proportions.ratio_log(*groups)
    assert [ratio.low, ratio.high] == pytest.approx(PYTHON["ratio_log"], rel=1e-10)


def test_mcnemar_tests_are_those_of_r_and_statsmodels():
    counts = paired.pairs(FIRST, SECOND)

    assert paired.mcnemar(counts).p == pytest.approx(R["mcnemar"], rel=1e-10)
    assert paired.mcnemar_corrected(counts).p == pytest.approx(R["mcnemar_corrected"], rel=1e-10)
    assert paired.mcnemar_exact(counts).p == pytest.approx(PYTHON["mcnemar_exact"], rel=1e-10)
