"""Paired readings against R, statsmodels and printed examples, and the laws of their intervals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.statistics import paired, paired_clustered
from defensible.statistics.estimate import Caution
from defensible.statistics.paired import Pairs
from tests.statistics.scored_cases import NO_REFERENCE, REFERENCE, columns, quick, record

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=NO_REFERENCE)
RATESCI = 2e-8  # absolute: its roots are found to about 1e-8, though it prints ten digits
METHODS = [paired.tango, paired.newcombe, paired.bonett_price, paired.agresti_min, paired.wald]
every_method = pytest.mark.parametrize("method", METHODS)


def table(row):
    return Pairs(
        both=row["both_positive"],
        first_only=row["first_only"],
        second_only=row["second_only"],
        neither=row["both_negative"],
    )


@st.composite
def paired_counts(draw):
    cells = draw(st.lists(st.integers(0, 60), min_size=4, max_size=4).filter(any))
    names = ("both", "first_only", "second_only", "neither")
    return Pairs(**dict(zip(names, cells, strict=True)))


def readings_of_712():
    data = columns("paired_tests_712")
    return tuple(np.array(data[name]) == "1" for name in ("d", "y1", "y2"))


def swapped(counts):
    return Pairs(
        both=counts.both,
        first_only=counts.second_only,
        second_only=counts.first_only,
        neither=counts.neither,
    )


@needs_reference
def test_score_and_hybrid_limits_are_those_of_ratesci():
    for row in record("proportions", "paired", "Paired proportions")["results"]:
        tango, newcombe = paired.tango(table(row)), paired.newcombe(table(row))

        assert tango.value == pytest.approx(row["difference"], abs=1e-14)
        assert (tango.low, tango.high) == pytest.approx(row["tango_ratesci"], abs=RATESCI)
        assert (newcombe.low, newcombe.high) == pytest.approx(
            row["newcombe10_wilson_ratesci"], abs=RATESCI
        )


@needs_reference
def test_wald_and_agresti_min_are_those_of_propcis_with_the_sign_turned():
    for row in record("proportions", "paired", "Paired proportions")["results"]:
        for method, name in ((paired.wald, "wald"), (paired.agresti_min, "agresti_min")):
            ours = method(table(row))

            assert (ours.low, ours.high) == pytest.approx((-row[name][1], -row[name][0]), abs=1e-10)


@needs_reference
def test_mcnemar_tests_are_those_of_r_and_statsmodels():
    rows = record("proportions", "paired", "Paired proportions")["results"]
    others = record("proportions", "paired", "McNemar tests")["results"]
    for row, other in zip(rows, others, strict=True):
        counts = table(row)
        exact = paired.mcnemar_exact(counts).p
        assert exact == pytest.approx(other["exact_p"], rel=1e-8)
        if counts.discordant == 0:
            continue  # R gives no number there; ours is p = 1 with a caution
        assert exact == pytest.approx(row["mcnemar_exact_p"], rel=1e-8)
        assert paired.mcnemar(counts).statistic == pytest.approx(row["mcnemar_chi2"], rel=1e-12)
        assert paired.mcnemar(counts).p == pytest.approx(row["mcnemar_p"], rel=1e-8)
        assert paired.mcnemar_corrected(counts).p == pytest.approx(row["mcnemar_cc_p"], rel=1e-8)
        assert paired.mcnemar_midp(counts).p == pytest.approx(row["mcnemar_midp"], rel=1e-8)


@needs_reference
@pytest.mark.parametrize("name", ["wald", "tango"])  # its agresti-min keeps the plain middle
def test_differences_of_sensitivity_and_specificity_are_those_of_dtcompair(name):
    method = {"wald": paired.wald, "tango": paired.tango}[name]
    title = f"Difference in sensitivity and specificity, paired, {name}"
    theirs = record("paired_tests_712", "paired-binary-tests", title)["results"]
    diseased, y1, y2 = readings_of_712()

    for kept, positive, key in ((diseased, True, "sensitivity"), (~diseased, False, "specificity")):
        # Theirs is test 2 less test 1; a specificity counts negatives.
        first, second = y2[kept] == positive, y1[kept] == positive
        ours = method(paired.pairs(first, second))
        assert ours.value == pytest.approx(theirs[key]["diff"], rel=1e-12)
        # DTComPair's Tango limits are found to about 1e-6.
        digits = 1e-5 if name == "tango" else 1e-12
        assert ours.low == pytest.approx(theirs[key]["diff.lcl"], abs=digits)
        assert ours.high == pytest.approx(theirs[key]["diff.ucl"], abs=digits)


@needs_reference
def test_relative_sensitivity_is_that_of_dtcompair():
    theirs = record("paired_tests_712", "paired-binary-tests", "Relative sensitivity")["results"]
    diseased, y1, y2 = readings_of_712()

    ours = paired.ratio(paired.pairs(y2[diseased], y1[diseased]))

    assert ours.value == pytest.approx(theirs["sensitivity"]["rel.sens"], rel=1e-12)
    assert ours.low == pytest.approx(theirs["sensitivity"]["lcl.rel.sens"], rel=1e-10)
    assert ours.high == pytest.approx(theirs["sensitivity"]["ucl.rel.sens"], rel=1e-10)


@needs_reference
def test_newcombe_prints_what_newcombe_printed():
    printed = record("proportions", "published", "Paired difference")["results"]

    ours = paired.newcombe(Pairs(both=36, first_only=12, second_only=2, neither=0))

    assert (round(ours.low, 4), round(ours.high, 4)) == (printed["low"], printed["high"])


@needs_reference
def test_clustered_pairs_are_those_of_r_on_parathyroid_glands():
    theirs = record("thyroid_pet_spect", "clustered-pairs", "Clustered matched")["results"]
    data = columns("thyroid_pet_spect")
    glands = (np.array(data["pet"]) == "1", np.array(data["spect"]) == "1", data["patient"])

    difference = paired_clustered.difference(*glands)
    null, durkalski = paired_clustered.obuchowski(*glands), paired_clustered.durkalski(*glands)

    assert difference.value == pytest.approx(theirs["difference"], rel=1e-12)
    assert difference.se == pytest.approx(theirs["se_difference_ratio"], rel=1e-10)
    assert (difference.n, difference.n_clusters) == (theirs["n_pairs"], theirs["clusters"])
    assert null.statistic == pytest.approx(theirs["obuchowski_null"], rel=1e-10)
    assert null.p == pytest.approx(theirs["p_obuchowski"], rel=1e-10)
    assert durkalski.statistic == pytest.approx(theirs["durkalski"], rel=1e-10)
    assert durkalski.p == pytest.approx(theirs["p_durkalski"], rel=1e-10)
    assert paired.mcnemar(paired.pairs(*glands[:2])).statistic == theirs["mcnemar"]


@every_method
@settings(max_examples=40, derandomize=True, deadline=None)
@given(paired_counts())
def test_swapping_the_readings_mirrors_the_difference(method, counts):
    ours, other = method(counts), method(swapped(counts))

    assert -1 <= ours.low <= ours.high <= 1
    assert (ours.low, ours.high) == pytest.approx((-other.high, -other.low), abs=1e-9)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(paired_counts())
def test_tango_excludes_no_difference_where_mcnemar_rejects_it(counts):
    ours = paired.tango(counts)

    assert (ours.low > 1e-9 or ours.high < -1e-9) == (paired.mcnemar(counts).p < 0.05 - 1e-9)
    assert ours.low - 1e-12 <= ours.value <= ours.high + 1e-12


@quick
@given(paired_counts())
def test_mid_p_lies_below_exact_and_both_within_0_and_1(counts):
    assert 0 <= paired.mcnemar_midp(counts).p <= paired.mcnemar_exact(counts).p <= 1


def test_without_a_discordant_case_score_limits_have_width_and_tests_say_so():
    counts = Pairs(both=54, first_only=0, second_only=0, neither=6)

    assert paired.tango(counts).high == pytest.approx(3.841458820694124 / (60 + 3.841458820694124))
    assert paired.mcnemar(counts).p == paired.mcnemar_exact(counts).p == 1
    assert paired.mcnemar_midp(counts).p == 1
    assert Caution.NO_VARIANCE in paired.wald(counts).cautions
    assert Caution.NO_VARIANCE in paired.mcnemar(counts).cautions


def test_readings_are_counted_as_they_agree():
    counts = paired.pairs(np.array([1, 1, 0, 0, 0]), np.array([1, 0, 1, 0, 0]))

    assert counts == Pairs(both=1, first_only=1, second_only=1, neither=2)


def test_what_cannot_be_is_refused_by_name():
    with pytest.raises(ValueError, match="pairs must hold one or more cases; 0 found"):
        Pairs(both=0, first_only=0, second_only=0, neither=0)
    with pytest.raises(ValueError, match="first_only must be whole and 0 or more; -1 found"):
        Pairs(both=3, first_only=-1, second_only=0, neither=0)
    with pytest.raises(ValueError, match="both readings must have positive cases"):
        paired.ratio(Pairs(both=0, first_only=1, second_only=0, neither=1))
    with pytest.raises(ValueError, match="cluster must hold two or more patients; 1 found"):
        paired_clustered.difference(np.array([True]), np.array([False]), ["a"])
