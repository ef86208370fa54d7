"""Predictive values, likelihood ratios and partial verification against R and printed examples."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.statistics import predictive, predictive_paired, proportions, verification
from defensible.statistics.estimate import Caution
from defensible.statistics.predictive import Counts
from tests.statistics.scored_cases import NO_REFERENCE, REFERENCE, columns, quick, record, records

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=NO_REFERENCE)
STUDY, FILE = "paired_tests_712", "paired-binary-tests"


def readings_of_712():
    data = columns(STUDY)
    truth, y1, y2 = (np.array(data[name]) == "1" for name in ("d", "y1", "y2"))
    # DTComPair compares the second test with the first, except in likelihood ratios.
    return predictive_paired.two_tests(truth, y2, y1)


def swapped(counts):
    cells = counts.cells
    return predictive_paired.TwoTests(cells=tuple(cells[cell] for cell in (0, 2, 1, 3, 4, 6, 5, 7)))


@st.composite
def counts_of_one(draw):
    cell = st.integers(0, 300)
    return Counts(tp=draw(cell), fn=draw(cell) + 1, fp=draw(cell), tn=draw(cell) + 1)


@needs_reference
def test_mercaldo_limits_are_those_of_its_formulas_in_r():
    checked = 0
    for item in [*records(STUDY, FILE), *records("vandyke_reader1_binary", FILE)]:
        if "Mercaldo" not in item["method"]:
            continue
        cells = [int(count) for count in item["notes"].split("= ")[1].split(",")]
        counts = Counts(**dict(zip(("tp", "fp", "fn", "tn"), cells, strict=True)))
        for row in item["results"]:
            for method, key in (
                (predictive.ppv_at, "ppv"),
                (predictive.npv_at, "npv"),
                (predictive.ppv_at_adjusted, "ppv_adj"),
                (predictive.npv_at_adjusted, "npv_adj"),
            ):
                ours = method(counts, prevalence=row["prevalence"])
                theirs = (row[key], row[f"{key}_low"], row[f"{key}_high"])
                assert (ours.value, ours.low, ours.high) == pytest.approx(theirs, rel=1e-10)
                checked += 1

    assert checked == 64


@needs_reference
@pytest.mark.parametrize(
    ("test", "cells"), [("Test1", (397, 84, 54, 177)), ("Test2", (341, 53, 110, 208))]
)
def test_likelihood_ratios_are_those_of_dtcompair(test, cells):
    theirs = record(STUDY, FILE, "Accuracy of two paired")["results"][test]
    counts = Counts(**dict(zip(("tp", "fp", "fn", "tn"), cells, strict=True)))

    for ours, key in (
        (predictive.likelihood_ratio_positive(counts), "pdlr"),
        (predictive.likelihood_ratio_negative(counts), "ndlr"),
    ):
        limits = (theirs[key]["est"], theirs[key]["lcl"], theirs[key]["ucl"])
        assert (ours.value, ours.low, ours.high) == pytest.approx(limits, rel=1e-10)
        assert ours.method == "Simel log"


@needs_reference
@pytest.mark.parametrize(
    ("start", "positive", "negative"),
    [
        (
            "Predictive values, generalised",
            predictive_paired.leisenring_ppv,
            predictive_paired.leisenring_npv,
        ),
        (
            "Predictive values, weighted",
            predictive_paired.kosinski_ppv,
            predictive_paired.kosinski_npv,
        ),
    ],
)
def test_score_tests_of_predictive_values_are_those_of_dtcompair(start, positive, negative):
    theirs = record(STUDY, FILE, start)["results"]

    for ours, key in ((positive(readings_of_712()), "ppv"), (negative(readings_of_712()), "npv")):
        assert ours.statistic == pytest.approx(theirs[key]["test.statistic"], rel=1e-10)
        assert ours.p == pytest.approx(theirs[key]["p.value"], rel=1e-8)


@needs_reference
def test_relative_predictive_values_are_those_of_dtcompair():
    theirs = record(STUDY, FILE, "Relative predictive values")["results"]

    for ours, key, ratio in (
        (predictive_paired.relative_ppv(readings_of_712()), "ppv", "rppv"),
        (predictive_paired.relative_npv(readings_of_712()), "npv", "rnpv"),
    ):
        found = theirs[key]
        limits = (found[ratio], found[f"lcl.{ratio}"], found[f"ucl.{ratio}"])
        assert (ours.value, ours.low, ours.high) == pytest.approx(limits, rel=1e-8)
        assert ours.p == pytest.approx(found["p.value"], rel=1e-8)


@needs_reference
def test_relative_likelihood_ratios_are_those_of_dtcompair():
    theirs = record(STUDY, FILE, "Diagnostic likelihood ratios")["results"]
    counts = swapped(readings_of_712())

    for ours, key in (
        (predictive_paired.relative_likelihood_ratio_positive(counts), "pdlr"),
        (predictive_paired.relative_likelihood_ratio_negative(counts), "ndlr"),
    ):
        found = theirs[key]
        limits = (found["ratio"], found["lcl"], found["ucl"])
        assert (ours.value, ours.low, ours.high) == pytest.approx(limits, rel=1e-8)
        assert ours.p == pytest.approx(found["p.value"], rel=1e-6)


@quick
@given(counts_of_one(), st.floats(0.001, 0.999))
def test_predictive_values_stay_within_0_and_1_and_rise_with_prevalence(counts, prevalence):
    ours = predictive.ppv_at(counts, prevalence=prevalence)
    negative = predictive.npv_at(counts, prevalence=prevalence)

    assert 0 < ours.low <= ours.value <= ours.high < 1
    assert 0 < negative.low <= negative.value <= negative.high <= 1
    assert predictive.ppv_at(counts, prevalence=prevalence / 2).value < ours.value


@quick
@given(counts_of_one())
def test_calling_the_healthy_diseased_turns_one_predictive_value_into_the_other(counts):
    turned = Counts(tp=counts.tn, fp=counts.fn, fn=counts.fp, tn=counts.tp) if counts.tp else None
    if turned is None:
        return
    ours = predictive.npv_at(counts, prevalence=0.2)
    other = predictive.ppv_at(turned, prevalence=0.8)

    assert (ours.low, ours.high) == pytest.approx((other.low, other.high), rel=1e-9)


def test_at_the_study_prevalence_the_predictive_value_is_the_plain_share():
    counts = Counts(tp=40, fp=13, fn=5, tn=56)

    assert predictive.ppv_at(counts, prevalence=45 / 114).value == pytest.approx(40 / 53)
    assert proportions.wilson(40, 53).value == 40 / 53


def test_with_an_empty_cell_the_adjusted_interval_stands_in_and_is_named():
    ours = predictive.npv_at(Counts(tp=40, fp=3, fn=0, tn=56), prevalence=0.1)

    assert ours.method == "Mercaldo adjusted logit, prevalence 0.1 (a cell is 0)"
    assert 0.97 < ours.low < ours.value < ours.high < 1
    assert ours.cautions == (Caution.FEW,)


def test_without_a_false_positive_the_likelihood_ratio_has_no_upper_limit():
    ours = predictive.likelihood_ratio_positive(Counts(tp=40, fp=0, fn=5, tn=50))

    assert (ours.value, ours.high) == (math.inf, math.inf)
    assert 5 < ours.low < 40


def test_tests_that_always_agree_do_not_differ():
    truth, test = np.arange(60) % 2 == 0, np.arange(60) % 3 == 0
    counts = predictive_paired.two_tests(truth, test, test)

    for method in (predictive_paired.leisenring_ppv, predictive_paired.kosinski_npv):
        assert (method(counts).p, method(counts).statistic) == (1, 0)
        assert Caution.NO_VARIANCE in method(counts).cautions
    assert predictive_paired.relative_ppv(counts).value == 1
    assert predictive_paired.relative_ppv(counts).p == 1


def test_hepatic_scans_are_corrected_as_begg_and_greenes_did():
    # Drum and Christacopoulos 1972; the figures of Begg and Greenes 1983: 0.836 and 0.738.
    counts = verification.Verified(
        tp=231, fp=32, fn=27, tn=54, unverified_positive=166, unverified_negative=140
    )

    assert verification.sensitivity(counts).value == pytest.approx(0.836, abs=5e-4)
    assert verification.specificity(counts).value == pytest.approx(0.738, abs=5e-4)


@quick
@given(st.integers(1, 200), st.integers(1, 200), st.integers(1, 200), st.integers(1, 200))
def test_full_verification_gives_the_plain_share_and_its_logit_variance(tp, fp, fn, tn):
    counts = verification.Verified(
        tp=tp, fp=fp, fn=fn, tn=tn, unverified_positive=0, unverified_negative=0
    )

    for ours, hits, misses in (
        (verification.sensitivity(counts), tp, fn),
        (verification.specificity(counts), tn, fp),
    ):
        odds = math.log(ours.high / (1 - ours.high)) - math.log(ours.low / (1 - ours.low))
        assert ours.value == pytest.approx(hits / (hits + misses))
        assert odds == pytest.approx(2 * 1.959963984540054 * math.sqrt(1 / hits + 1 / misses))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda: Counts(tp=0, fp=1, fn=0, tn=1), "one or more diseased cases; 0 found"),
        (lambda: Counts(tp=-1, fp=1, fn=0, tn=1), "tp must be whole and 0 or more; -1 found"),
        (
            lambda: predictive.ppv_at(Counts(tp=1, fp=1, fn=1, tn=1), prevalence=0),
            "prevalence must lie strictly between 0 and 1; 0 found",
        ),
        (
            lambda: predictive.likelihood_ratio_positive(Counts(tp=0, fp=0, fn=3, tn=3)),
            "must be above 0 for a ratio",
        ),
        (
            lambda: predictive_paired.TwoTests(cells=(1, 2)),
            "cells must be eight counts; 2 found",
        ),
        (
            lambda: predictive_paired.relative_ppv(
                predictive_paired.TwoTests(cells=(5, 0, 0, 0, 5, 0, 0, 0))
            ),
            "the first test must have positive cases; 0 found",
        ),
        (
            lambda: predictive_paired.relative_ppv(
                predictive_paired.TwoTests(cells=(5, 5, 5, 5, 5, 0, 0, 0))
            ),
            "both predictive values must be above 0; 0 and 0 found",
        ),
        (
            lambda: predictive_paired.relative_likelihood_ratio_positive(
                predictive_paired.TwoTests(cells=(5, 5, 0, 0, 5, 5, 5, 5))
            ),
            "both tests must have such results in healthy cases; 0, 5",
        ),
        (
            lambda: verification.Verified(
                tp=1, fp=1, fn=0, tn=0, unverified_positive=0, unverified_negative=9
            ),
            "some test-negative cases must be verified; 0 found",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(broken, message):
    with pytest.raises(ValueError, match=message):
        broken()
