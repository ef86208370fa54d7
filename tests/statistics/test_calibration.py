"""Calibration against statsmodels and scikit-learn; net benefit against its definition."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.calibration import calibration_curve as binned_curve
from sklearn.metrics import brier_score_loss

from defensible.statistics import bootstrap, calibration, calibration_curve, decision_curve
from defensible.statistics.estimate import Caution


def study(n=600, seed=0, slope=0.8, shift=0.3):
    generator = np.random.default_rng(seed)
    x = generator.normal(-0.5, 1.5, n)
    return generator.random(n) < expit(shift + slope * x), expit(x)


@st.composite
def probable_cases(draw):
    n = draw(st.integers(4, 40))
    p = np.array(draw(st.lists(st.floats(0.01, 0.99), min_size=n, max_size=n)))
    truth = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    truth[:2] = (True, False)
    return truth, p


def test_slope_and_intercept_are_those_of_statsmodels():
    truth, p = study()
    theirs = sm.GLM(truth, sm.add_constant(logit(p)), family=sm.families.Binomial()).fit(tol=1e-14)

    slope, intercept = calibration.slope(truth, p), calibration.intercept(truth, p)

    assert [intercept.value, slope.value] == pytest.approx(theirs.params, rel=1e-8)
    assert [intercept.se, slope.se] == pytest.approx(theirs.bse, rel=1e-8)
    assert [slope.low, slope.high] == pytest.approx(theirs.conf_int()[1], rel=1e-8)


def test_calibration_in_the_large_is_statsmodels_with_an_offset():
    truth, p = study()
    theirs = sm.GLM(truth, np.ones((600, 1)), family=sm.families.Binomial(), offset=logit(p)).fit(
        tol=1e-14
    )

    ours = calibration.in_the_large(truth, p)

    assert ours.value == pytest.approx(theirs.params[0], rel=1e-8)
    assert ours.se == pytest.approx(theirs.bse[0], rel=1e-8)


@given(probable_cases())
@settings(max_examples=60, deadline=None)
def test_the_parts_of_the_brier_score_add_up(case):
    truth, p = case

    parts = calibration.brier_decomposition(truth, p, edges=calibration.equal_width(5))

    assert parts.score == pytest.approx(brier_score_loss(truth, p), abs=1e-12)
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert total == pytest.approx(parts.score, abs=1e-12)
    assert min(parts.reliability, parts.resolution, parts.uncertainty) >= 0


@given(probable_cases())
@settings(max_examples=60, deadline=None)
def test_turning_the_condition_round_keeps_score_and_slope(case):
    truth, p = case

    assert calibration.brier(~truth, 1 - p).value == pytest.approx(
        calibration.brier(truth, p).value
    )
    try:
        ours = calibration.slope(truth, p)
    except ValueError as refusal:
        assert "separate" in str(refusal) or "equal" in str(refusal)  # noqa: PT017 - others surface
        return
    assert calibration.slope(~truth, 1 - p).value == pytest.approx(ours.value, rel=1e-5, abs=1e-6)


def test_spiegelhalters_test_keeps_its_level_for_calibrated_probabilities():
    generator = np.random.default_rng(1)
    p = generator.uniform(0.05, 0.95, 200)
    tests = [calibration.brier(generator.random(200) < p, p).p for _ in range(2000)]

    # three standard errors of 2,000 replicates
    assert np.mean(np.array(tests) < 0.05) == pytest.approx(0.05, abs=0.015)


def test_calibration_error_is_the_weighted_gap_of_scikit_learns_curve():
    truth, p = study()
    rate, said = binned_curve(truth, p, n_bins=10)
    share = np.bincount(np.digitize(p, calibration.equal_width(10)), minlength=10) / p.size
    expected = share[share > 0] @ np.abs(rate - said)

    ours = calibration.expected_calibration_error(
        truth,
        p,
        edges=calibration.equal_width(10),
        design=bootstrap.cases(600, strata=truth),
        seed=1,
        n_replicates=200,
    )

    assert ours.value == pytest.approx(expected, abs=1e-12)
    assert 0 <= ours.low < ours.high


def test_bins_of_equal_mass_hold_equal_numbers():
    _, p = study(n=1000)

    edges = calibration.equal_mass(p, 8)

    assert np.bincount(np.digitize(p, edges)).tolist() == [125] * 8


def test_observed_over_expected_of_calibrated_probabilities_is_one():
    truth = np.repeat([True, False], [30, 70])

    ours = calibration.observed_over_expected(truth, np.full(100, 0.3))

    assert ours.value == pytest.approx(1)
    assert ours.high * ours.low == pytest.approx(1)
    assert ours.se == pytest.approx(np.sqrt(0.7 / 30))


def test_the_curve_of_calibrated_probabilities_lies_on_the_diagonal():
    generator = np.random.default_rng(2)
    p = generator.uniform(0, 1, 8000)

    curve = calibration_curve.flexible_curve(generator.random(8000) < p, p)

    assert curve.ici < 0.02
    assert curve.e50 <= curve.e90


def test_the_band_covers_the_true_rate_about_as_often_as_it_says():
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(150):
        p = generator.uniform(0, 1, 150)
        curve = calibration_curve.flexible_curve(generator.random(150) < p, p, points=[0.4])
        covered += curve.low[0] <= 0.4 <= curve.high[0]

    # 95% of 150, with three standard errors of that share
    assert 134 <= covered <= 150


def test_the_curve_is_the_loess_of_statsmodels_without_robust_steps():
    truth, p = study(n=300)
    theirs = sm.nonparametric.lowess(truth.astype(float), p, frac=0.75, it=0, xvals=[0.2, 0.5, 0.7])

    ours = calibration_curve.flexible_curve(truth, p, points=[0.2, 0.5, 0.7])

    assert ours.rate == pytest.approx(theirs, abs=1e-6)


def test_net_benefit_is_its_definition_and_acting_on_all_does_not_depend_on_the_device():
    truth, p = study()

    points = decision_curve.net_benefit(truth, p, thresholds=[0.1, 0.3])

    for point in points:
        t = point.threshold
        acted = p >= t
        price = t / (1 - t)
        expected = ((acted & truth).sum() - price * (acted & ~truth).sum()) / truth.size
        assert point.device.value == pytest.approx(expected, abs=1e-12)
        assert point.act_on_all.value == pytest.approx(truth.mean() - (1 - truth.mean()) * price)
        better = max(point.act_on_all.value, 0)
        assert point.gain.value == pytest.approx(expected - better, abs=1e-12)


def test_single_cases_as_clusters_change_only_the_quantile():
    truth, p = study()

    alone = decision_curve.net_benefit(truth, p, thresholds=[0.3])[0].device
    grouped = decision_curve.net_benefit(truth, p, thresholds=[0.3], cluster=np.arange(600))[
        0
    ].device

    assert grouped.se == pytest.approx(alone.se, rel=1e-12)
    assert grouped.df == 599


def test_a_device_that_never_acts_gains_nothing_and_says_so():
    point = decision_curve.net_benefit([True, False, False], [0.1, 0.1, 0.1], thresholds=[0.9])[0]

    assert (point.device.value, point.device.low) == (0, 0)
    assert point.device.cautions == (Caution.NO_VARIANCE,)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: calibration.brier([1, 0], [0.2, 1.2]), "1.2 found at index 1"),
        (lambda: calibration.brier([1], [0.2]), "two cases or more"),
        (lambda: calibration.slope([1, 0, 1], [0.2, 1.0, 0.3]), "1 do not: use clipped"),
        (lambda: calibration.slope([1, 1], [0.2, 0.3]), "both classes"),
        (lambda: calibration.slope([1, 0], [0.2, 0.2]), "all probabilities are equal"),
        (lambda: calibration.slope([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]), "separate the classes"),
        (lambda: calibration.clipped([0.0], by=0.6), "between 0 and 0.5"),
        (lambda: calibration.equal_width(0), "1 or more; 0"),
        (lambda: calibration.brier_decomposition([1, 0], [0, 1], edges=[0.5, 0.2]), "ascend"),
        (lambda: calibration.observed_over_expected([0, 0], [0.1, 0.1]), "both classes"),
        (lambda: calibration_curve.flexible_curve([1, 0], [0.1, 0.2]), "three different"),
        (
            lambda: calibration_curve.flexible_curve([1, 0, 1], [0.1, 0.2, 0.3], points=[0.5]),
            "range seen, 0.1 to 0.3",
        ),
        (
            lambda: calibration_curve.flexible_curve([1, 0, 1], [0.1, 0.2, 0.3], span=0),
            "span must lie",
        ),
        (lambda: decision_curve.net_benefit([1, 0], [0.1, 0.2], thresholds=[1.0]), "1 found"),
        (
            lambda: decision_curve.net_benefit(
                [1, 0], [0.1, 0.2], thresholds=[0.5], cluster=[1, 1]
            ),
            "two cases .patients, with clusters. or more",
        ),
    ],
)
def test_what_cannot_be_calibrated_is_refused_in_words(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_clipped_probabilities_move_by_the_stated_amount_only():
    assert calibration.clipped([0.0, 0.4, 1.0], by=0.01).tolist() == [0.01, 0.4, 0.99]
