"""Areas compared: against pROC and doAUCcluster, and the laws of a difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.statistics import roc, roc_compare
from defensible.statistics.estimate import Caution
from tests.statistics.scored_cases import (
    NO_REFERENCE,
    REFERENCE,
    columns,
    quick,
    record,
    records,
    scored,
    scored_cases,
)
from tests.statistics.test_clustered import lesion_units

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=NO_REFERENCE)


@st.composite
def twice_scored_cases(draw):
    truth, scores = draw(scored_cases())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return truth, scores, np.round(rng.normal(size=truth.size) + truth, 1)


def compared(study, kind):
    start = f"DeLong {kind} test of two AUCs"
    found = [item for item in records(study, "roc-proc") if item["method"].startswith(start)]
    for item in found:
        first, second = item["method"].split(": ")[1].split(" and ")
        yield (*scored(study, first, second), item["results"])


@needs_reference
@pytest.mark.parametrize("study", ["asah", "pancreatic"])
def test_paired_differences_are_those_of_proc(study):
    for truth, first, second, theirs in compared(study, "paired"):
        ours, narrow = (
            roc_compare.paired(truth, first, second, level=level) for level in (0.95, 0.9)
        )

        assert ours.value == pytest.approx(theirs["auc1"] - theirs["auc2"], rel=1e-10)
        assert ours.value / ours.se == pytest.approx(theirs["z"], rel=1e-10)
        assert ours.p == pytest.approx(theirs["p_two_sided"], rel=1e-9)
        assert [ours.low, ours.high] == pytest.approx(theirs["ci95_difference"], rel=1e-9)
        assert [narrow.low, narrow.high] == pytest.approx(theirs["ci90_difference"], rel=1e-9)


@needs_reference
@pytest.mark.parametrize("study", ["asah", "pancreatic"])
def test_unpaired_differences_are_those_of_proc(study):
    for truth, first, second, theirs in compared(study, "unpaired"):
        ours = roc_compare.unpaired(truth, first, truth, second)

        assert ours.value / ours.se == pytest.approx(theirs["statistic_D"], rel=1e-10)
        assert ours.df == pytest.approx(theirs["df"], rel=1e-10)
        assert ours.p == pytest.approx(theirs["p_two_sided"], rel=1e-9)


@needs_reference
def test_women_and_men_are_compared_as_by_proc():
    theirs = record("asah", "roc-unpaired-proc", "DeLong unpaired")["results"]
    truth, scores = scored("asah", "s100b")
    women = np.array(columns("asah")["gender"]) == "Female"

    ours = roc_compare.unpaired(truth[women], scores[women], truth[~women], scores[~women])

    assert ours.value == pytest.approx(theirs["auc1"] - theirs["auc2"], rel=1e-10)
    assert ours.df == pytest.approx(theirs["df"], rel=1e-10)
    assert ours.p == pytest.approx(theirs["p_two_sided"], rel=1e-9)


@needs_reference
@pytest.mark.parametrize("study", ["asah", "pancreatic"])
def test_covariances_and_the_overall_test_are_those_of_proc(study):
    theirs = record(study, "roc-proc", "DeLong covariance matrix")["results"]
    truth, *scores = scored(study, *theirs["tests"])

    ours = roc_compare.covariance(truth, np.stack(scores))
    test = roc_compare.equal(truth, np.stack(scores))

    assert ours.areas == pytest.approx(np.array(theirs["auc"]), rel=1e-12)
    assert ours.matrix == pytest.approx(np.array(theirs["covariance"]), rel=1e-9)
    assert test.statistic == pytest.approx(theirs["chi2"], rel=1e-9)
    assert (test.df, test.p) == (theirs["df"], pytest.approx(theirs["p"], rel=1e-9))


@needs_reference
@pytest.mark.parametrize("study", ["froc_thompson", "froc_tony"])
def test_clustered_differences_are_those_of_obuchowski_in_r(study):
    for item in records(study, "clustered-auc"):
        theirs = item["results"]
        names = item["method"].split("A = ")[1].replace(",", "").split()
        truth, first, patient = lesion_units(study, names[1], names[3])
        _, second, _ = lesion_units(study, names[7], names[9])

        ours = roc_compare.paired_clustered(truth, first, second, patient)

        # Theirs prints the size of the difference only.
        assert abs(ours.value) == pytest.approx(abs(theirs["auc.AminusB"]), rel=1e-10)
        assert ours.se == pytest.approx(theirs["auc.se.AminusB"], rel=1e-10)
        assert ours.p == pytest.approx(theirs["p.value"], rel=1e-8)


@quick
@given(twice_scored_cases())
def test_a_paired_variance_follows_from_the_covariance_matrix(cases):
    truth, first, second = cases

    ours = roc_compare.paired(truth, first, second)

    found = roc_compare.covariance(truth, np.stack([first, second]))
    contrast = np.array([1.0, -1.0])
    assert ours.value == pytest.approx(contrast @ found.areas, abs=1e-12)
    assert ours.se**2 == pytest.approx(contrast @ found.matrix @ contrast, abs=1e-12)
    assert found.matrix[0, 0] == pytest.approx(roc.auc(truth, first).se ** 2, abs=1e-12)


@quick
@given(twice_scored_cases())
def test_swapping_the_scores_mirrors_the_difference(cases):
    truth, first, second = cases

    ours, other = roc_compare.paired(*cases), roc_compare.paired(truth, second, first)

    assert (ours.low, ours.high) == pytest.approx((-other.high, -other.low), abs=1e-12)
    assert ours.p == pytest.approx(other.p, abs=1e-9)


@quick
@given(twice_scored_cases())
def test_one_case_a_patient_gives_delong(cases):
    ours = roc_compare.paired_clustered(*cases, np.arange(cases[0].size))

    assert ours.se == pytest.approx(roc_compare.paired(*cases).se, abs=1e-12)


def test_a_score_does_not_differ_from_itself_on_another_scale():
    truth, scores = np.arange(40) % 2 == 0, np.arange(40.0) % 11

    ours = roc_compare.paired(truth, scores, np.exp(scores))

    assert (ours.value, ours.low, ours.high, ours.p) == (0, 0, 0, 1)
    assert ours.cautions == (Caution.NO_VARIANCE,)
    same = roc_compare.equal(truth, np.stack([scores, scores**3]))
    assert (same.p, same.statistic, same.df) == (1, 0, 0)


def test_two_scores_that_rank_alike_take_no_degree_of_freedom():
    rng = np.random.default_rng(6)
    truth = np.arange(200) % 2 == 0
    first, second = rng.normal(size=(2, 200)) + truth

    ours = roc_compare.equal(truth, np.stack([first, second, np.exp(second)]))

    assert ours.df == 1
    assert ours.p == pytest.approx(roc_compare.paired(truth, first, second).p, rel=1e-9)


def test_groups_parted_fully_differ_without_variance():
    truth, scores = np.arange(20) < 10, -np.arange(20.0)

    ours = roc_compare.unpaired(truth, scores, truth, -scores)

    assert (ours.value, ours.low, ours.high, ours.p) == (1, 1, 1, 0)
    assert ours.cautions == (Caution.BOUNDARY, Caution.NO_VARIANCE)


def test_what_cannot_be_compared_is_refused_by_name():
    truth, scores = np.array([True, True, False, False]), np.arange(4.0)

    with pytest.raises(ValueError, match=r"scores must have shape \(n_scores, n_cases\)"):
        roc_compare.covariance(truth, scores)
    with pytest.raises(ValueError, match="two or more rows to compare; 1 found"):
        roc_compare.equal(truth, scores[None])
    with pytest.raises(ValueError, match="must have the same length; 4 and 3 found"):
        roc_compare.paired(truth, scores, scores[:3])
