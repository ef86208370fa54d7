"""The empirical curve and its area against pROC, and the laws of a rank statistic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.statistics import ranking, roc
from defensible.statistics.estimate import Caution
from tests.statistics.scored_cases import (
    NO_REFERENCE,
    REFERENCE,
    quick,
    records,
    scored,
    scored_cases,
)

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=NO_REFERENCE)
MARKERS = [
    ("asah", "s100b"),
    ("asah", "ndka"),
    ("asah", "wfns"),
    ("pancreatic", "ca19_9"),
    ("pancreatic", "ca125"),
]
every_marker = pytest.mark.parametrize(("study", "marker"), MARKERS)


def proc(study, start, marker):
    found = [item for item in records(study, "roc-proc") if item["method"].startswith(start)]
    return next(item["results"] for item in found if item["method"].endswith(f": {marker}"))


@needs_reference
@every_marker
@pytest.mark.parametrize("level", [0.95, 0.90, 0.99])
def test_area_and_delong_interval_are_those_of_proc(study, marker, level):
    theirs = proc(study, "Empirical AUC", marker)

    ours = roc.auc(*scored(study, marker), level=level)

    assert ours.value == pytest.approx(theirs["auc"], rel=1e-12)
    assert ours.se**2 == pytest.approx(theirs["var_delong"], rel=1e-10)
    assert [ours.low, ours.high] == pytest.approx(theirs[f"ci{level * 100:.0f}"], rel=1e-10)
    assert ours.n == theirs["n_negative"] + theirs["n_positive"]


@needs_reference
@every_marker
def test_operating_points_are_those_of_proc(study, marker):
    theirs = proc(study, "Empirical ROC points", marker)

    ours = roc.curve(*scored(study, marker))

    points = [(item["sensitivity"], item["specificity"]) for item in theirs[::-1]]
    assert np.column_stack([ours.sensitivity, ours.specificity]) == pytest.approx(
        np.array(points), abs=1e-12
    )


@quick
@given(scored_cases())
def test_auc_is_the_share_of_pairs_ranked_right(cases):
    truth, scores = cases
    pairs = np.sign(scores[truth][:, None] - scores[~truth])

    assert roc.auc(truth, scores).value == pytest.approx(np.mean((pairs + 1) / 2), abs=1e-12)


@quick
@given(scored_cases())
def test_delong_variance_is_that_of_its_definition(cases):
    truth, scores = cases
    pairs = (np.sign(scores[truth][:, None] - scores[~truth]) + 1) / 2
    of_diseased = np.var(pairs.mean(axis=1), ddof=1) / truth.sum()
    of_healthy = np.var(pairs.mean(axis=0), ddof=1) / (~truth).sum()

    assert roc.auc(truth, scores).se ** 2 == pytest.approx(of_diseased + of_healthy, abs=1e-12)


@quick
@given(scored_cases())
def test_placements_are_shares_of_the_other_class(cases):
    truth, scores = cases
    pairs = (np.sign(scores[truth][:, None] - scores[~truth]) + 1) / 2

    placed = roc.placements(truth, scores)

    assert placed.placements[truth] == pytest.approx(pairs.mean(axis=1), abs=1e-12)
    assert placed.placements[~truth] == pytest.approx(pairs.mean(axis=0), abs=1e-12)
    assert placed.area == roc.auc(truth, scores).value


@quick
@given(scored_cases())
def test_only_the_order_of_scores_counts(cases):
    truth, scores = cases
    ranks = np.unique(scores, return_inverse=True)[1].astype(float)

    assert roc.auc(truth, ranks**3) == roc.auc(truth, scores)


@quick
@given(scored_cases())
def test_swapping_the_classes_and_the_order_changes_nothing(cases):
    truth, scores = cases

    swapped, ours = roc.auc(~truth, -scores), roc.auc(truth, scores)

    assert swapped.value == pytest.approx(ours.value, abs=1e-12)
    assert swapped.se == pytest.approx(ours.se, abs=1e-12)


@quick
@given(scored_cases())
def test_swapping_the_classes_alone_mirrors_the_area(cases):
    truth, scores = cases

    swapped, ours = roc.auc(~truth, scores), roc.auc(truth, scores)

    assert swapped.value == pytest.approx(1 - ours.value, abs=1e-12)
    assert (swapped.low, swapped.high) == pytest.approx((1 - ours.high, 1 - ours.low), abs=1e-12)


@quick
@given(scored_cases(), st.integers(0, 2**32 - 1))
def test_the_order_of_cases_changes_nothing(cases, seed):
    truth, scores = cases
    order = np.random.default_rng(seed).permutation(truth.size)

    assert roc.auc(truth[order], scores[order]) == roc.auc(truth, scores)


@quick
@given(scored_cases())
def test_every_interval_lies_within_0_and_1_and_holds_the_area(cases):
    for method in (roc.auc, roc.auc_logit, roc.auc_newcombe):
        ours = method(*cases)

        assert 0 <= ours.low <= ours.value + 1e-12
        assert ours.value - 1e-12 <= ours.high <= 1


@quick
@given(scored_cases())
def test_the_area_under_the_curve_is_the_area(cases):
    ours = roc.curve(*cases)

    heights = (ours.sensitivity[1:] + ours.sensitivity[:-1]) / 2
    area = -heights @ np.diff(ours.specificity)
    assert area == pytest.approx(roc.auc(*cases).value, abs=1e-12)


@quick
@given(scored_cases(fewest=1, most=20))
def test_a_point_of_the_curve_counts_scores_at_or_above_its_threshold(cases):
    truth, scores = cases

    ours = roc.curve(truth, scores)

    for threshold, sensitivity, specificity in zip(
        ours.thresholds, ours.sensitivity, ours.specificity, strict=True
    ):
        assert sensitivity == np.mean(scores[truth] >= threshold)
        assert specificity == np.mean(scores[~truth] < threshold)


def test_newcombe_limits_solve_their_equation():
    truth, scores = np.arange(30) % 3 == 0, np.arange(30.0) % 7

    ours = roc.auc_newcombe(truth, scores)

    extra = 14.0
    for limit in (ours.low, ours.high):
        spread = 1 + extra * (1 - limit) / (2 - limit) + extra * limit / (1 + limit)
        se = np.sqrt(limit * (1 - limit) / (10 * 20) * spread)
        assert abs(ours.value - limit) == pytest.approx(1.959963984540054 * se, abs=1e-12)


def test_an_area_that_cannot_be_has_no_interval():
    with pytest.raises(ValueError, match=r"value must lie between 0 and 1; 1\.2 found"):
        roc.newcombe(1.2, 5, 5)
    with pytest.raises(ValueError, match="both classes must hold 1 or more cases; 0 and 5 found"):
        roc.newcombe(0.8, 0, 5)


def test_classes_parted_fully_have_no_delong_width_but_a_newcombe_one():
    truth, scores = np.arange(40) < 20, -np.arange(40.0)

    plain, other = roc.auc(truth, scores), roc.auc_logit(truth, scores)

    assert (plain.value, plain.low, plain.high) == (1, 1, 1)
    assert plain.cautions == (Caution.BOUNDARY, Caution.NO_VARIANCE)
    assert other.method == "Newcombe's score-type interval (logit not finite)"
    assert (other.high, other.low) == (1, pytest.approx(0.8847, abs=0.05))


def test_constant_scores_give_one_half_without_variance():
    ours = roc.auc(np.arange(20) < 5, np.full(20, 0.3))

    assert (ours.value, ours.se, ours.low, ours.high) == (0.5, 0, 0.5, 0.5)
    assert ours.cautions == (Caution.FEW, Caution.NO_VARIANCE)


@pytest.mark.parametrize("spread", [1.0, 1e-3, 5e-324, 1e307])
@pytest.mark.parametrize("digits", [1, 17])
def test_large_tables_sort_as_numpy_sorts(spread, digits):
    scores = np.round(np.random.default_rng(3).normal(size=9000), digits) * spread
    scores[:3] = [-0.0, 0.0, 5e-324]
    scores[3:5] *= 1 if spread < 1e307 else 5  # a range wider than the largest float

    assert ranking.increasing(scores).tolist() == np.argsort(scores, kind="stable").tolist()


def test_scores_too_close_for_the_packed_keys_are_parted_all_the_same():
    scores = np.concatenate([1 + np.random.default_rng(4).random(9000) * 1e-12, [1e9]])

    assert ranking.increasing(scores).tolist() == np.argsort(scores, kind="stable").tolist()


@pytest.mark.parametrize(
    ("truth", "scores", "message"),
    [
        ([1, 1, 0], [1, 2, 3], "truth must hold 2 or more healthy cases; 1 found"),
        ([0, 0, 0], [1, 2, 3], "truth must hold 2 or more diseased cases; 0 found"),
        ([], [], "truth must hold 2 or more diseased cases; 0 found"),
        ([1, 1, 0, 0], [1, 2, 3], "truth and scores must have the same length; 4 and 3 found"),
        ([1, 1, 0, 0], [1, 2, np.nan, 3], "scores must be finite; 1 of 4 are not"),
        ([1, 1, 0, 0], [1, 2, np.inf, 3], "the first is inf at index 2"),
        ([1, 2, 0, 0], [1, 2, 3, 4], "truth must hold booleans or 0 and 1; found 2 at index 1"),
    ],
)
def test_what_has_no_area_is_refused_by_name(truth, scores, message):
    with pytest.raises(ValueError, match=message):
        roc.auc(np.array(truth), np.array(scores, dtype=float))
