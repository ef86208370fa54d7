"""Points of the curve: at fixed rates, at thresholds, bands, strata, and the fitted curve."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.statistics import (
    binormal,
    operating_point,
    proportions,
    roc,
    roc_band,
    roc_fixed,
    roc_strata,
)
from defensible.statistics.estimate import Caution
from tests.statistics.scored_cases import (
    NO_REFERENCE,
    REFERENCE,
    columns,
    quick,
    record,
    scored,
    scored_cases,
)
from tests.statistics.test_roc import every_marker, proc

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=NO_REFERENCE)
FIXED = [roc_fixed.sensitivity_at, roc_fixed.sensitivity_at_percentile]


@needs_reference
@every_marker
def test_sensitivity_at_specificity_and_the_reverse_are_those_of_proc(study, marker):
    theirs = proc(study, "Sensitivity at fixed", marker)
    cases = scored(study, marker)

    for row in theirs["sens_at_spec"]:
        ours = roc_fixed.sensitivity_at(*cases, specificity=row["specificity"])
        assert ours.value == pytest.approx(row["sensitivity"], abs=1e-12)
    for row in theirs["spec_at_sens"]:
        ours = roc_fixed.specificity_at(*cases, sensitivity=row["sensitivity"])
        assert ours.value == pytest.approx(row["specificity"], abs=1e-12)


@needs_reference
@every_marker
def test_percentile_limits_are_those_that_proc_draws(study, marker):
    theirs = proc(study, "Bootstrap percentile", marker)

    for specificity in (0.8, 0.9):
        ours = roc_fixed.sensitivity_at_percentile(*scored(study, marker), specificity=specificity)
        low, _, high = theirs[f"sens_at_spec_{specificity:g}"]
        # Random (20,000 draws), and pROC's draws join points where ours step: half a case or so.
        assert (ours.low, ours.high) == pytest.approx((low, high), abs=0.045)


def test_percentile_limits_are_those_of_drawn_samples():
    rng = np.random.default_rng(8)
    truth = np.arange(90) < 40
    scores = rng.normal(size=90) + truth
    healthy, diseased = scores[~truth], scores[truth]

    ours = roc_fixed.sensitivity_at_percentile(truth, scores, specificity=0.8)

    thresholds = np.sort(rng.choice(healthy, (40_000, 50)), axis=1)[:, 39]
    drawn = (rng.choice(diseased, (40_000, 40)) > thresholds[:, None]).mean(axis=1)
    # Quantiles of a lattice with steps of 1/40: a draw may land on the neighbour.
    assert (ours.low, ours.high) == pytest.approx(
        tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.0251
    )


def test_zhou_qin_limits_are_those_of_drawn_samples():
    rng = np.random.default_rng(9)
    truth = np.arange(90) < 40
    scores = rng.normal(size=90) + truth
    healthy, diseased = scores[~truth], scores[truth]

    ours = roc_fixed.sensitivity_at(truth, scores, specificity=0.8)

    thresholds = np.sort(rng.choice(healthy, (40_000, 50)), axis=1)[:, 39]
    drawn = (rng.choice(diseased, (40_000, 40)) > thresholds[:, None]).sum(axis=1)
    z = 1.959963984540054
    shrunk = (drawn + z * z / 2) / (40 + z * z)
    # Monte Carlo error of a mean and a standard deviation over 40,000 draws: about 0.001.
    assert ours.low == pytest.approx(shrunk.mean() - z * shrunk.std(), abs=0.003)
    assert ours.high == pytest.approx(shrunk.mean() + z * shrunk.std(), abs=0.003)


@quick
@given(scored_cases(), st.floats(0, 1))
def test_limits_at_a_fixed_rate_hold_the_value_within_0_and_1(cases, rate):
    for method in FIXED:
        ours = method(*cases, specificity=rate)

        assert 0 <= ours.low <= ours.value <= ours.high <= 1


@quick
@given(scored_cases(), st.floats(0.01, 0.99))
def test_a_fixed_rate_does_not_depend_on_the_scale(cases, rate):
    truth, scores = cases
    ranks = np.unique(scores, return_inverse=True)[1].astype(float)

    for method in FIXED:
        assert method(truth, ranks, specificity=rate) == method(truth, scores, specificity=rate)


def test_classes_parted_fully_have_wilsons_limits_at_a_fixed_rate():
    truth, scores = np.arange(60) < 30, -np.arange(60.0)

    ours = roc_fixed.sensitivity_at(truth, scores, specificity=0.9)

    assert (ours.value, ours.high) == (1, 1)
    assert ours.low == proportions.wilson(30, 30).low
    assert ours.method == "Wilson (threshold not varying)"
    assert Caution.BOUNDARY in ours.cautions


@needs_reference
@every_marker
def test_youden_and_corner_points_are_those_of_proc(study, marker):
    theirs = proc(study, "Best threshold", marker)
    cases = scored(study, marker)

    for method, key in (
        (operating_point.youden, "youden"),
        (operating_point.closest_to_corner, "closest_topleft"),
    ):
        ours = method(*cases)
        best = max(theirs[key], key=lambda row: row["specificity"])
        assert ours.sensitivity.value == pytest.approx(best["sensitivity"], abs=1e-12)
        assert ours.specificity.value == pytest.approx(best["specificity"], abs=1e-12)
        # pROC's thresholds lie between scores, ours on the score above.
        below = cases[1][cases[1] < ours.threshold].max()
        assert below < best["threshold"] <= ours.threshold
        assert Caution.SAME_CASES in ours.sensitivity.cautions


@quick
@given(scored_cases(fewest=1), st.floats(0, 1))
def test_a_point_that_must_reach_a_share_reaches_it_and_no_better_point_does(cases, share):
    truth, scores = cases

    sensitive = operating_point.at_sensitivity(truth, scores, at_least=share)
    specific = operating_point.at_specificity(truth, scores, at_least=share)

    assert sensitive.sensitivity.value >= share - 1e-12
    assert specific.specificity.value >= share - 1e-12
    for cut in np.unique(scores):
        if cut > sensitive.threshold:
            assert np.mean(scores[truth] >= cut) < share
        if cut < specific.threshold:
            assert np.mean(scores[~truth] < cut) < share


def test_a_point_set_beforehand_is_wilson_twice_without_the_caution():
    truth, scores = np.arange(50) % 2 == 0, np.arange(50.0)

    ours = operating_point.at_threshold(truth, scores, threshold=25)

    assert ours.sensitivity == proportions.wilson(12, 25)
    assert ours.specificity == proportions.wilson(12, 25)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(scored_cases(fewest=1))
def test_the_band_holds_the_empirical_curve_everywhere(cases):
    points, ours = roc.curve(*cases), roc_band.fixed_width(*cases)

    assert (np.diff(ours.specificity) < 0).all()
    assert (ours.specificity[0], ours.specificity[-1]) == (1, 0)
    for sensitivity, specificity in zip(points.sensitivity, points.specificity, strict=True):
        at = np.flatnonzero(ours.specificity >= specificity - 1e-12)[-1]
        assert ours.low[at] - 1e-12 <= sensitivity <= ours.high[at] + 1e-12


def test_the_band_moves_the_curve_by_its_two_widths():
    rng = np.random.default_rng(10)
    truth = np.arange(3000) < 1000
    scores = rng.normal(size=3000) + 2 * truth

    ours = roc_band.fixed_width(truth, scores)

    each = np.sqrt(0.95)
    up, across = (np.sqrt(np.log(2 / (1 - each)) / (2 * size)) for size in (1000, 2000))
    at = np.flatnonzero(ours.specificity >= 0.7)[-1]
    false_positive = 1 - ours.specificity[at]
    for limit, sign in ((ours.low, -1), (ours.high, 1)):
        threshold = np.quantile(scores[~truth], 1 - (false_positive + sign * across))
        moved = np.mean(scores[truth] >= threshold) + sign * up
        assert limit[at] == pytest.approx(np.clip(moved, 0, 1), abs=0.003)


def test_the_band_covers_the_true_curve_at_least_as_often_as_its_level():
    from scipy.special import ndtr, ndtri

    rng = np.random.default_rng(11)
    truth = np.arange(120) < 50
    inside = 0
    for _ in range(300):
        ours = roc_band.fixed_width(truth, rng.normal(size=120) + truth, level=0.8)
        rate = 1 - ours.specificity
        true = ndtr(1 + ndtri(np.clip(rate, 1e-300, 1 - 1e-16)))
        # Limits are steps: the low one is tightest where it starts, the high one where it ends.
        inside += (ours.low <= true + 1e-12).all() and (ours.high[:-1] >= true[1:] - 1e-12).all()

    assert inside / 300 > 0.8 - 3 * np.sqrt(0.8 * 0.2 / 300)


def test_adjusting_removes_what_only_tells_strata_apart():
    rng = np.random.default_rng(12)
    site = np.repeat(["north", "south"], 400)
    truth = rng.random(800) < np.where(site == "north", 0.7, 0.2)
    scores = rng.normal(size=800) + 2 * (site == "north")

    pooled, ours = roc.auc(truth, scores), roc_strata.adjusted(truth, scores, site)

    assert pooled.value > 0.65
    assert ours.area.low < 0.5 < ours.area.high
    assert ours.strata == ("north", "south")


@quick
@given(scored_cases())
def test_strata_are_weighted_as_they_say(cases):
    truth, scores = (np.tile(item, 2) for item in cases)
    scores = scores + np.repeat([0.0, 1.0], cases[0].size) * np.arange(scores.size)
    stratum = np.repeat([7, 3], cases[0].size)

    adjusted = roc_strata.adjusted(truth, scores, stratum)
    pairs = roc_strata.within_pairs(truth, scores, stratum)

    alone = [roc.auc(truth[stratum == name], scores[stratum == name]) for name in (3, 7)]
    mean = (alone[0].value + alone[1].value) / 2
    assert adjusted.area.value == pytest.approx(mean, abs=1e-12)
    assert pairs.area.value == pytest.approx(mean, abs=1e-12)
    assert adjusted.area.se == pytest.approx(np.hypot(alone[0].se, alone[1].se) / 2, abs=1e-12)
    assert adjusted.strata == ("3", "7")


def test_a_stratum_without_both_classes_is_refused_by_name():
    truth = np.array([1, 1, 0, 0, 1, 1])

    with pytest.raises(ValueError, match="stratum b must hold two or more cases of each class"):
        roc_strata.adjusted(truth, np.arange(6.0), np.array(["a", "a", "a", "a", "b", "b"]))


@needs_reference
@pytest.mark.parametrize("study", ["vandyke", "penedo"])
def test_binormal_areas_are_those_of_mrmcaov(study):
    method = "Obuchowski-Rockette, binormal AUC"
    theirs = record(study, "other-metrics-mrmcaov", method)["results"]["per_reader"]
    table = {name: np.array(values) for name, values in columns(study).items()}
    for row in theirs:
        kept = (table["modality"] == row["modality"]) & (table["reader"] == row["reader"])
        truth, scores = table["truth"][kept] == "1", table["rating"][kept].astype(float)
        if row["binormal_auc"] == 1:  # no likelihood is greatest there, and ours says so
            with pytest.raises(ValueError, match="the curve is degenerate"):
                binormal.fit(truth, scores)
            continue

        # The digits of its optimiser.
        assert binormal.fit(truth, scores).area.value == pytest.approx(
            row["binormal_auc"], abs=5e-7
        )


def test_the_fit_has_no_slope_left_and_recovers_the_truth():
    rng = np.random.default_rng(13)
    truth = np.arange(4000) < 1500
    scores = np.exp(np.where(truth, rng.normal(2, 1.5, 4000), rng.normal(0, 1, 4000)))

    ours = binormal.fit(truth, scores)

    # a = mean over diseased spread = 2 / 1.5, b = 1 / 1.5; within three standard errors.
    errors = np.sqrt(np.diag(ours.covariance))
    assert abs(ours.a - 2 / 1.5) < 3 * errors[0]
    assert abs(ours.b - 1 / 1.5) < 3 * errors[1]
    assert ours.area.value == pytest.approx(roc.auc(truth, scores).value, abs=0.01)
    assert ours.sensitivity_at(0.9) == pytest.approx(
        np.mean(scores[truth] > np.exp(1.2816)), abs=0.03
    )


def test_swapping_the_classes_turns_the_fitted_curve_round():
    rng = np.random.default_rng(14)
    truth = np.arange(200) < 90
    scores = np.round(rng.normal(size=200) + truth)

    ours, other = binormal.fit(truth, scores), binormal.fit(~truth, -scores)

    assert (other.a, other.b) == pytest.approx((ours.a / ours.b, 1 / ours.b), rel=1e-6)
    assert other.area.value == pytest.approx(ours.area.value, abs=1e-8)
    assert other.log_likelihood == pytest.approx(ours.log_likelihood, abs=1e-8)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (
            lambda cases: operating_point.at_threshold(*cases, threshold=float("nan")),
            "threshold must be a number; nan found",
        ),
        (
            lambda cases: operating_point.at_threshold(cases[0] | True, cases[1], threshold=0),
            "truth must hold 1 or more healthy cases; 0 found",
        ),
        (
            lambda cases: operating_point.at_sensitivity(*cases, at_least=95),
            "at_least must lie between 0 and 1; 95 found",
        ),
        (
            lambda cases: roc_fixed.sensitivity_at(*cases, specificity=1.5),
            "specificity must lie between 0 and 1; 1.5 found",
        ),
        (
            lambda cases: binormal.fit(cases[0], cases[0] * 1.0),
            "three or more categories; 2 found",
        ),
        (
            lambda cases: binormal.fit(*cases).sensitivity_at(1),
            "specificity must lie strictly between 0 and 1; 1 found",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(broken, message):
    cases = np.arange(40) % 2 == 0, np.arange(40.0) % 11

    with pytest.raises(ValueError, match=message):
        broken(cases)
