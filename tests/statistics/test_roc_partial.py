"""Partial areas against pROC, and their variance against its definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.statistics import roc, roc_partial
from defensible.statistics.estimate import Caution
from tests.statistics.scored_cases import NO_REFERENCE, REFERENCE, quick, scored, scored_cases
from tests.statistics.test_roc import every_marker, proc

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=NO_REFERENCE)


def weighted_area(truth, scores, weights, first, last):
    """Area between false-positive rates, of a curve whose cases have weights; slow and plain."""
    at = np.unique(scores)[::-1]
    rates = [
        np.concatenate([[0], [weights[kind & (scores >= cut)].sum() for cut in at]])
        / weights[kind].sum()
        for kind in (~truth, truth)
    ]
    area = 0.0
    for x0, x1, y0, y1 in zip(rates[0], rates[0][1:], rates[1], rates[1][1:], strict=False):
        left, right = np.clip([x0, x1], first, last)
        if right > left:
            height = y0 + (y1 - y0) * ((left + right) / 2 - x0) / (x1 - x0)
            area += (right - left) * height
    return area


@needs_reference
@every_marker
def test_partial_areas_are_those_of_proc(study, marker):
    cases = scored(study, marker)
    for row in proc(study, "Partial AUC", marker):
        bounds = {"lowest": row["to"], "highest": row["from"]}
        plain = getattr(roc_partial, f"over_{row['focus']}")(*cases, **bounds)
        standard = getattr(roc_partial, f"standardised_over_{row['focus']}")(*cases, **bounds)

        assert plain.value == pytest.approx(row["pauc"], rel=1e-10)
        assert standard.value == pytest.approx(row["pauc_standardised_mcclish"], rel=1e-10)


@quick
@given(scored_cases())
def test_over_the_whole_range_it_is_delong(cases):
    ours, whole = roc_partial.over_specificity(*cases, lowest=0), roc.auc(*cases)

    assert ours.value == pytest.approx(whole.value, abs=1e-12)
    assert ours.se == pytest.approx(whole.se, abs=1e-12)
    turned = roc_partial.over_sensitivity(*cases, lowest=0)
    assert (turned.value, turned.se) == pytest.approx((whole.value, whole.se), abs=1e-12)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2))
def test_the_variance_is_that_of_how_each_case_moves_the_area(seed, digits):
    rng = np.random.default_rng(seed)
    truth = np.arange(40) < 18
    scores = np.round(rng.normal(size=40) + truth, digits)
    # Rates that no operating point has, where the area has a derivative.
    first, last = 0.1234567, 0.5678901

    ours = roc_partial.over_specificity(truth, scores, lowest=1 - last, highest=1 - first)

    step, ones = 1e-6, np.ones(40)
    moves = np.array(
        [
            weighted_area(truth, scores, ones + step * sign * (np.arange(40) == case), first, last)
            for case in range(40)
            for sign in (1, -1)
        ]
    ).reshape(40, 2)
    moves = (moves[:, 0] - moves[:, 1]) / (2 * step)
    variance = sum(
        (moves[kind] ** 2).sum() * kind.sum() / (kind.sum() - 1) for kind in (truth, ~truth)
    )
    assert ours.value == pytest.approx(weighted_area(truth, scores, ones, first, last), abs=1e-12)
    assert ours.se**2 == pytest.approx(variance, rel=1e-6, abs=1e-12)


@quick
@given(scored_cases())
def test_parts_of_the_range_add_up(cases):
    whole = roc_partial.over_specificity(*cases, lowest=0.2)

    parts = [
        roc_partial.over_specificity(*cases, lowest=low, highest=high)
        for low, high in ((0.2, 0.7), (0.7, 1))
    ]
    assert whole.value == pytest.approx(sum(part.value for part in parts), abs=1e-12)


@quick
@given(scored_cases(), st.floats(0, 0.98))
def test_limits_hold_the_area_and_stay_in_the_range(cases, lowest):
    ours = roc_partial.over_specificity(*cases, lowest=lowest)

    assert 0 <= ours.low <= ours.value + 1e-12
    assert ours.value <= ours.high + 1e-12
    assert ours.high <= 1 - lowest + 1e-12


@quick
@given(scored_cases(), st.floats(0, 0.9))
def test_limits_on_the_logit_scale_stay_in_the_range(cases, lowest):
    for name in ("over_specificity", "over_sensitivity"):
        plain = getattr(roc_partial, name)(*cases, lowest=lowest)
        ours = getattr(roc_partial, f"{name}_logit")(*cases, lowest=lowest)

        assert (ours.value, ours.se) == (plain.value, plain.se)
        assert 0 <= ours.low <= ours.value + 1e-12
        assert ours.value - 1e-12 <= ours.high <= 1 - lowest + 1e-12


def test_over_the_whole_range_the_logit_interval_is_that_of_the_area():
    truth, scores = np.arange(60) % 3 == 0, np.arange(60.0) % 13

    ours = roc_partial.over_specificity_logit(truth, scores, lowest=0)

    whole = roc.auc_logit(truth, scores)
    assert (ours.low, ours.high) == pytest.approx((whole.low, whole.high), abs=1e-12)


def test_the_best_score_fills_the_range_and_chance_is_one_half():
    truth = np.arange(400) % 2 == 0

    best = roc_partial.standardised_over_specificity(truth, truth * 1.0, lowest=0.9)
    chance = roc_partial.standardised_over_specificity(truth, np.zeros(400), lowest=0.9)

    assert (best.value, chance.value) == (pytest.approx(1), pytest.approx(0.5))
    assert Caution.BOUNDARY in best.cautions
    assert Caution.NO_VARIANCE in chance.cautions


@pytest.mark.parametrize(("lowest", "highest"), [(0.9, 0.9), (0.9, 0.8), (-0.1, 1), (0.5, 1.1)])
def test_an_empty_or_outer_range_is_refused(lowest, highest):
    with pytest.raises(ValueError, match="lowest must be below highest"):
        roc_partial.over_specificity(
            np.array([True, False]), np.array([1.0, 0.0]), lowest=lowest, highest=highest
        )
