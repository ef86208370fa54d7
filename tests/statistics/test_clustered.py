"""Proportions and areas with several cases a patient, against R, and the laws of clustering."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.statistics import clustered, clustered_bootstrap, proportions, roc
from defensible.statistics.estimate import Caution
from tests.statistics.scored_cases import (
    NO_REFERENCE,
    REFERENCE,
    columns,
    quick,
    record,
    records,
    scored_cases,
)

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=NO_REFERENCE)
RATIO = "Clustered proportion, ratio estimator"


def wheeze(age=None):
    table = columns("ohio_wheeze")
    kept = [age is None or value == age for value in table["age"]]
    y = np.array(table["y"])[kept] == "1"
    return y, np.array(table["cluster"])[kept]


def froc(study, file):
    with (REFERENCE / "data" / study / f"{file}.csv").open() as rows:
        return list(csv.DictReader(rows))


def lesions_found(study, reader, modality, threshold):
    found = {
        (mark["case"], mark["lesion"])
        for mark in froc(study, "marks")
        if (mark["reader"], mark["modality"], mark["mark"]) == (reader, modality, "LL")
        and float(mark["rating"]) >= threshold
    }
    lesions = [(row["case"], row["lesion"]) for row in froc(study, "lesions")]
    return np.array([row in found for row in lesions]), np.array([case for case, _ in lesions])


def lesion_units(study, reader, modality):
    """Each lesion is a diseased unit, the highest non-lesion mark of each case a healthy one."""
    marks = froc(study, "marks")
    unmarked = min(float(mark["rating"]) for mark in marks) - 1
    rated = {}
    for mark in marks:
        if (mark["reader"], mark["modality"]) == (reader, modality):
            lesion = mark["lesion"] if mark["mark"] == "LL" else None
            key = (mark["case"], lesion)
            rated[key] = max(rated.get(key, unmarked), float(mark["rating"]))
    units = [(row["case"], row["lesion"]) for row in froc(study, "lesions")]
    units += [(row["case"], None) for row in froc(study, "cases")]
    truth = np.array([lesion is not None for _, lesion in units])
    scores = np.array([rated.get(unit, unmarked) for unit in units])
    return truth, scores, np.array([case for case, _ in units])


def agree(cases, theirs):
    for method, key in (
        (clustered.proportion, "wilson_on_effective_n"),
        (clustered.proportion_wald, "wald95"),
        (clustered.proportion_t, "t95"),
        (clustered.proportion_logit, "logit95"),
    ):
        ours = method(*cases)
        assert ours.value == pytest.approx(theirs["p"], rel=1e-12)
        assert ours.se == pytest.approx(theirs["se"], rel=1e-10)
        assert [ours.low, ours.high] == pytest.approx(theirs[key], rel=1e-10)
        assert (ours.n, ours.n_clusters) == (theirs["n_units"], theirs["n_clusters"])
        assert ours.count == theirs["x"]


@needs_reference
def test_the_ratio_estimator_is_that_of_survey_on_wheezing_children():
    agree(wheeze(), record("ohio_wheeze", "clustered-proportion", RATIO)["results"])


@needs_reference
def test_the_ratio_estimator_is_that_of_survey_on_lesions():
    found = [
        item
        for item in records("froc_thompson", "clustered-lesion-sensitivity")
        if item["method"].startswith(RATIO)
    ]
    assert len(found) == 2
    agree(lesions_found("froc_thompson", "1", "1", 1), found[0]["results"])
    agree(lesions_found("froc_thompson", "2", "2", 5), found[1]["results"])


@needs_reference
@pytest.mark.parametrize("study", ["froc_thompson", "froc_tony"])
def test_the_clustered_area_is_that_of_obuchowski_in_r(study):
    for item in records(study, "clustered-auc"):
        theirs = item["results"]
        names = item["method"].split("A = ")[1].replace(",", "").split()
        for arm, words in (("A", names[:4]), ("B", names[6:])):
            units = lesion_units(study, words[1], words[3])

            ours = clustered.auc(*units)

            assert ours.value == pytest.approx(theirs[f"auc.{arm}"], rel=1e-12)
            assert ours.se**2 == pytest.approx(theirs[f"auc.var.{arm}"], rel=1e-10)
            assert ours.low == pytest.approx(theirs[f"ci.bot.{arm}"], rel=1e-10)
            assert ours.high == pytest.approx(theirs[f"ci.top.{arm}"], rel=1e-10)
            assert (ours.n, ours.n_clusters) == (theirs["n_units"], theirs["n_clusters"])


@quick
@given(st.lists(st.booleans(), min_size=2, max_size=50))
def test_one_case_a_patient_gives_the_binomial_variance_of_n_minus_1(success):
    outcome = np.array(success)
    share, n = outcome.mean(), outcome.size

    ours = clustered.proportion_wald(outcome, np.arange(n))

    assert ours.se**2 == pytest.approx(share * (1 - share) / (n - 1), abs=1e-15)


@quick
@given(scored_cases())
def test_one_case_a_patient_gives_delong(cases):
    ours, plain = clustered.auc(*cases, np.arange(cases[0].size)), roc.auc(*cases)

    assert ours.value == plain.value
    assert ours.se == pytest.approx(plain.se, abs=1e-12)


@quick
@given(scored_cases(most=15), st.integers(2, 4))
def test_a_patient_read_several_times_over_counts_once(cases, times):
    truth, scores = cases
    patient = np.arange(truth.size)

    repeated = clustered.auc(*(np.tile(item, times) for item in (truth, scores, patient)))

    once = clustered.auc(truth, scores, patient)
    assert repeated.value == pytest.approx(once.value, abs=1e-12)
    assert repeated.se == pytest.approx(once.se, abs=1e-12)


def test_the_names_of_patients_change_nothing():
    success = np.arange(60) % 7 > 2
    patient = np.arange(60) // 2

    named = clustered.proportion(success, np.array([f"patient {item}" for item in patient]))

    assert named == clustered.proportion(success, 100 - patient)


@quick
@given(scored_cases())
def test_the_logit_interval_of_one_case_a_patient_is_that_of_delong(cases):
    ours, plain = clustered.auc_logit(*cases, np.arange(cases[0].size)), roc.auc_logit(*cases)

    assert (ours.low, ours.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


def test_classes_parted_fully_have_newcombes_limits_with_patients_as_cases():
    truth = np.arange(60) % 2 == 0

    ours = clustered.auc_logit(truth, truth * 1.0, np.arange(60) // 4)

    assert (ours.low, ours.high) == (roc.newcombe(1.0, 15, 15).low, 1)
    assert ours.method.endswith("patients as cases (logit not finite)")


def test_where_all_succeed_each_patient_counts_as_one_case():
    ours = clustered.proportion(np.ones(100, dtype=bool), np.arange(100) // 2)

    assert (ours.value, ours.se) == (1, 0)
    assert ours.low == pytest.approx(proportions.wilson(50, 50).low, abs=1e-12)
    assert ours.cautions == (Caution.BOUNDARY, Caution.NO_VARIANCE)


def test_patients_all_alike_and_half_right_have_no_variance_and_still_a_width():
    ours = clustered.proportion(np.arange(100) % 2 == 0, np.arange(100) // 2)

    assert (ours.value, ours.se) == (0.5, 0)
    assert (ours.low, ours.high) == (
        pytest.approx(proportions.wilson(25, 50).low),
        pytest.approx(proportions.wilson(25, 50).high),
    )
    assert Caution.NO_VARIANCE in ours.cautions


def test_the_logit_interval_says_where_there_is_none():
    ours = clustered.proportion_logit(np.zeros(80, dtype=bool), np.arange(80) // 2)

    assert ours.method == "Rao-Scott ratio estimator, Wilson (logit not finite)"


def test_one_patient_is_refused():
    with pytest.raises(ValueError, match="cluster must hold two or more patients; 1 found"):
        clustered.proportion(np.array([True, False]), np.array(["a", "a"]))


def test_an_area_needs_two_patients_with_diseased_cases():
    truth, patient = np.array([1, 1, 0, 0]), np.array([1, 1, 2, 3])

    with pytest.raises(ValueError, match="two or more patients with diseased cases; 1 found"):
        clustered.auc(truth, np.arange(4.0), patient)


@needs_reference
def test_redrawn_patients_agree_with_the_ratio_estimator():
    ours = clustered_bootstrap.proportion(*wheeze(), seed=1)

    plain = clustered.proportion_wald(*wheeze())
    assert ours.value == plain.value
    # Quantiles of 10,000 draws, and a percentile interval is not symmetrical.
    assert (ours.low, ours.high) == pytest.approx((plain.low, plain.high), abs=1.5e-3)
    assert (ours.n, ours.n_clusters, ours.count) == (plain.n, plain.n_clusters, plain.count)


def test_redrawn_patients_are_those_of_drawing_each():
    rng = np.random.default_rng(2)
    patient = rng.integers(0, 60, 200)
    success = rng.random(200) < 0.2 + 0.6 * (patient % 2)
    order = rng.permutation(200)

    ours = clustered_bootstrap.proportion(success, patient, seed=3)

    assert clustered_bootstrap.proportion(success[order], patient[order], seed=3) == ours
    sizes = np.bincount(patient, minlength=60)
    counts = np.bincount(patient[success], minlength=60)
    drawn = rng.integers(0, 60, (20_000, 60))
    shares = counts[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    # Monte Carlo error of such quantiles is about 0.002.
    assert (ours.low, ours.high) == pytest.approx(
        tuple(np.quantile(shares, [0.025, 0.975])), abs=0.008
    )


def test_a_bootstrap_of_too_little_is_refused():
    with pytest.raises(ValueError, match="n_replicates must be 100 or more; 99 found"):
        clustered_bootstrap.proportion(np.array([1, 0]), [1, 2], seed=0, n_replicates=99)
    with pytest.raises(ValueError, match="cluster must hold two or more patients; 1 found"):
        clustered_bootstrap.proportion(np.array([1, 0]), [1, 1], seed=0)
