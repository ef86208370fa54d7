"""Random effects against statsmodels and brute force; new-site prediction against quadrature."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize
from scipy.special import expit, logit
from statsmodels.stats.meta_analysis import combine_effects

from defensible.statistics import bivariate, heterogeneity, new_site, site_logits
from defensible.statistics.estimate import Caution

EFFECTS = np.array([0.35, 0.82, 0.33, -1.30, 0.91, 0.45, -0.54])
VARIANCES = np.array([0.234, 0.297, 0.062, 0.389, 0.292, 0.198, 0.405])
FITS = [
    heterogeneity.random_effects_reml,
    heterogeneity.random_effects_dersimonian_laird,
    heterogeneity.random_effects_paule_mandel,
]
PRIOR = new_site.BETWEEN_VALIDATIONS


@st.composite
def sites(draw):
    k = draw(st.integers(2, 8))
    effects = draw(st.lists(st.floats(-3, 3), min_size=k, max_size=k))
    variances = draw(st.lists(st.floats(0.001, 2), min_size=k, max_size=k))
    return np.array(effects), np.array(variances)


@pytest.mark.parametrize(
    ("fit", "name"),
    [
        (heterogeneity.random_effects_dersimonian_laird, "chi2"),
        (heterogeneity.random_effects_paule_mandel, "iterated"),
    ],
)
def test_moment_estimators_agree_with_statsmodels(fit, name):
    # below 1e-9 their iteration can end beyond the root by rounding, and then answers 0
    options = {"atol": 1e-9, "maxiter": 1000} if name == "iterated" else {}
    theirs = combine_effects(EFFECTS, VARIANCES, method_re=name, **options)

    ours = fit(EFFECTS, VARIANCES)

    assert ours.tau2 == pytest.approx(theirs.tau2, rel=1e-10)
    assert ours.mean.value == pytest.approx(theirs.mean_effect_re, rel=1e-10)
    assert ours.mean.se == pytest.approx(theirs.sd_eff_w_re, rel=1e-10)
    assert ours.q == pytest.approx(theirs.q, rel=1e-12)
    assert heterogeneity.hartung_knapp(ours).se == pytest.approx(theirs.sd_eff_w_re_hksj, rel=1e-10)


def test_i2_of_dersimonian_laird_is_the_excess_of_q():
    fit = heterogeneity.random_effects_dersimonian_laird(EFFECTS, VARIANCES)

    assert fit.i2 == pytest.approx((fit.q - fit.q_df) / fit.q, rel=1e-12)


def test_reml_is_the_peak_of_a_likelihood_written_with_matrices():
    y, v = EFFECTS, VARIANCES
    ones = np.ones((y.size, 1))

    def cost(log_tau2):
        covariance = np.diag(v + np.exp(log_tau2[0]))
        precision = np.linalg.inv(covariance)
        info = ones.T @ precision @ ones
        residual = y - (np.linalg.solve(info, ones.T @ precision @ y))
        logdet = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(info)[1]
        return 0.5 * (logdet + residual @ precision @ residual)

    slow = minimize(cost, [-2.0], method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-15})

    ours = heterogeneity.random_effects_reml(EFFECTS, VARIANCES)

    # the brute force finds a flat peak to the square root of machine precision
    assert ours.tau2 == pytest.approx(np.exp(slow.x[0]), rel=1e-6)


def test_reml_of_equally_precise_sites_is_the_excess_variance():
    y = EFFECTS

    fit = heterogeneity.random_effects_reml(y, np.full(y.size, 0.1))

    assert fit.tau2 == pytest.approx(y.var(ddof=1) - 0.1, rel=1e-10)


def test_q_profile_limits_put_q_at_its_quantiles():
    fit = heterogeneity.random_effects_reml([0, 3, 6, 1], [0.1, 0.2, 0.1, 0.3])
    df = 3

    def q(tau2):
        weights = 1 / (fit.variances + tau2)
        mean = weights @ fit.effects / weights.sum()
        return weights @ (fit.effects - mean) ** 2

    assert stats.chi2.cdf(q(fit.tau2_low), df) == pytest.approx(0.975, abs=1e-10)
    assert stats.chi2.cdf(q(fit.tau2_high), df) == pytest.approx(0.025, abs=1e-10)


def test_higgins_prediction_uses_t_with_k_minus_two():
    fit = heterogeneity.random_effects_reml(EFFECTS, VARIANCES, level=0.9)

    predicted = heterogeneity.prediction_higgins(fit)

    reach = stats.t.ppf(0.95, 5) * np.sqrt(fit.tau2 + fit.mean.se**2)
    assert predicted.high == pytest.approx(fit.mean.value + reach, rel=1e-12)
    assert predicted.df == 5


def test_two_sites_have_no_t_prediction_and_the_message_says_what_to_use():
    fit = heterogeneity.random_effects_reml([0.1, 0.2], [0.01, 0.02])

    with pytest.raises(ValueError, match="needs three or more sites; 2 found: use new_site"):
        heterogeneity.prediction_higgins(fit)


def test_identical_sites_have_no_spread_and_say_so():
    fit = heterogeneity.random_effects_reml([0.5] * 6, [0.1] * 6)

    assert fit.tau2 == 0
    assert fit.mean.cautions == (Caution.BOUNDARY,)
    assert heterogeneity.hartung_knapp(fit).cautions[-1] is Caution.NO_VARIANCE
    assert heterogeneity.hartung_knapp_modified(fit).se == pytest.approx(fit.mean.se)


@given(sites(), st.sampled_from(FITS))
@settings(max_examples=60, deadline=None)
def test_fits_follow_a_change_of_origin_and_unit(case, fit):
    effects, variances = case

    plain, moved = fit(effects, variances), fit(5 - 2 * effects, 4 * variances)

    assert moved.tau2 == pytest.approx(4 * plain.tau2, rel=1e-6, abs=1e-6)
    assert moved.mean.value == pytest.approx(5 - 2 * plain.mean.value, abs=1e-5)
    assert moved.q == pytest.approx(plain.q, rel=1e-9, abs=1e-9)


@given(sites(), st.sampled_from(FITS))
@settings(max_examples=60, deadline=None)
def test_intervals_are_finite_ordered_and_hold_their_estimate(case, fit):
    result = fit(*case)

    assert 0 <= result.tau2_low <= result.tau2_high < np.inf
    assert 0 <= result.i2_low <= result.i2_high <= 1
    for item in (
        result.mean,
        heterogeneity.hartung_knapp(result),
        heterogeneity.hartung_knapp_modified(result),
    ):
        assert item.low <= item.value <= item.high


@pytest.mark.parametrize(
    ("effects", "variances", "said"),
    [
        ([0.1], [0.1], "two or more sites; 1 found"),
        ([0.1, 0.2], [0.1], "same length; 2 and 1"),
        ([0.1, np.nan], [0.1, 0.1], "finite; 1 of 2"),
        ([0.1, 0.2], [0.1, 0.0], "; 0 found at index 1"),
    ],
)
def test_impossible_sites_are_refused(effects, variances, said):
    with pytest.raises(ValueError, match=said):
        heterogeneity.random_effects_reml(effects, variances)


def test_one_site_that_outweighs_all_others_leaves_finite_answers():
    for fit in FITS:
        result = fit([0.5, 0.7], [1e-90, 1e90])

        assert np.isfinite([result.tau2, result.i2, result.mean.low, result.mean.high]).all()
        assert result.mean.value == pytest.approx(0.5)


def test_one_precise_site_predicts_the_prior():
    prior = new_site.TauPrior(mean=0.055, sd=1e-6)

    predicted = new_site.new_site([0.8], [1e-12], prior=prior).predicted

    # one site tells nothing of tau: the average lies tau from the site, the next tau from that
    reach = 1.959963984540054 * np.sqrt(2) * 0.055
    assert predicted.high - 0.8 == pytest.approx(reach, rel=1e-4)
    assert predicted.low - 0.8 == pytest.approx(-reach, rel=1e-4)


def test_three_agreeing_sites_leave_a_wide_prediction():
    logits = site_logits.logit_proportions([90] * 3, [100] * 3)
    frequentist = heterogeneity.random_effects_reml(*logits)

    honest = new_site.new_site_proportion([90] * 3, [100] * 3)

    assert frequentist.tau2 == 0
    assert honest.predicted.low < 0.78
    assert honest.predicted.high > 0.96
    assert Caution.FEW in honest.predicted.cautions


def test_binomial_prediction_agrees_with_brute_force_integration():
    count, total = [48, 30, 50], [50, 40, 50]
    ours = new_site.new_site_proportion(count, total).predicted
    theta = np.linspace(-12, 14, 2601)
    site = [stats.binom.pmf(y, n, expit(theta)) for y, n in zip(count, total, strict=True)]
    log_tau = np.linspace(PRIOR.log_mean - 6 * PRIOR.log_sd, PRIOR.log_mean + 7 * PRIOR.log_sd, 41)
    weight, below = 0.0, np.zeros(3)
    for mean in np.linspace(-2, 8, 121):
        p = np.clip(expit(mean), 0.1, 0.9)
        for item in log_tau:
            spread = np.exp(item) / (p * (1 - p))
            density = stats.norm.pdf(theta, mean, spread)
            here = np.prod([one @ density / density.sum() for one in site])
            here *= np.exp(PRIOR.log_density_of_log(item)) * expit(mean) * expit(-mean)
            weight += here
            below += here * stats.norm.cdf(logit([ours.low, ours.value, ours.high]), mean, spread)

    # looser than 1e-8: both are quadratures on grids of a tenth of a standard error
    assert below / weight == pytest.approx([0.025, 0.5, 0.975], abs=3e-4)


def test_proportions_and_their_complements_mirror_each_other():
    plain = new_site.new_site_proportion([9, 14, 20], [10, 20, 20]).predicted
    mirror = new_site.new_site_proportion([1, 6, 0], [10, 20, 20]).predicted

    assert mirror.value == pytest.approx(1 - plain.value, abs=1e-9)
    assert mirror.low == pytest.approx(1 - plain.high, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=1, max_size=5))
@settings(max_examples=15, deadline=None)
def test_any_counts_give_an_ordered_prediction_inside_the_unit_interval(pairs):
    total = [n for _, n in pairs]
    count = [min(y, n) for y, n in pairs]

    result = new_site.new_site_proportion(count, total)

    for item in (result.predicted, result.average, result.tau):
        assert 0 < item.low < item.value < item.high < 1


def test_a_perfect_auc_counts_as_a_proportion_of_the_smaller_class():
    effects, variances, corner = site_logits.logit_aucs(
        [1.0], [0.0], n_diseased=[20], n_healthy=[300]
    )

    assert corner
    assert expit(effects[0]) == pytest.approx(20.5 / 21)
    assert variances[0] == pytest.approx(1 / 20.5 + 1 / 0.5)


def test_auc_of_many_precise_sites_recovers_the_spread_between_them():
    generator = np.random.default_rng(3)
    areas = expit(generator.normal(logit(0.8), 0.06 / 0.16, size=400))

    result = new_site.new_site_auc(
        areas, np.full(400, 0.004), n_diseased=np.full(400, 500), n_healthy=np.full(400, 500)
    )

    assert result.tau.value == pytest.approx(0.06, rel=0.1)
    assert result.predicted.low == pytest.approx(np.quantile(areas, 0.025), abs=0.02)
    assert result.average.high - result.average.low < 0.015


@pytest.mark.parametrize(
    ("count", "total", "said"),
    [
        ([], [], "one site or more"),
        ([3], [2], "3 of 2 found at index 0"),
        ([0.5], [2], "successes must be whole; 0.5"),
        ([0], [0], "totals must be 1 or more"),
    ],
)
def test_impossible_counts_are_refused(count, total, said):
    with pytest.raises(ValueError, match=said):
        new_site.new_site_proportion(count, total)


def test_impossible_priors_and_aucs_are_refused():
    with pytest.raises(ValueError, match="sd of the prior must lie above 0"):
        new_site.TauPrior(mean=0.05, sd=0)
    with pytest.raises(ValueError, match="aucs must lie in"):
        new_site.new_site_auc([1.2], [0.1], n_diseased=[4], n_healthy=[4])


COUNTS = ([40, 55, 30, 28, 60], [50, 60, 33, 40, 62], [80, 60, 95, 99, 50], [100, 90, 100, 101, 80])


def test_reitsma_beats_every_neighbouring_covariance():
    fit = bivariate.reitsma_reml(*COUNTS)
    first, second = (site_logits.logit_proportions(*COUNTS[i : i + 2]) for i in (0, 2))
    effects = np.stack([first[0], second[0]], 1)
    within = np.stack([first[1], second[1]], 1)

    def height(between):
        design = np.tile(np.eye(2), (5, 1))
        covariance = np.zeros((10, 10))
        for site in range(5):
            block = slice(2 * site, 2 * site + 2)
            covariance[block, block] = np.diag(within[site]) + between
        precision = np.linalg.inv(covariance)
        info = design.T @ precision @ design
        residual = effects.ravel() - design @ np.linalg.solve(
            info, design.T @ precision @ effects.ravel()
        )
        dets = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(info)[1]
        return -0.5 * (dets + residual @ precision @ residual + 8 * np.log(2 * np.pi))

    assert fit.log_likelihood == pytest.approx(height(fit.between), abs=1e-9)
    for change in ([[1, 0], [0, 0]], [[0, 0], [0, 1]], [[0, 1], [1, 0]], [[1, -1], [-1, 1]]):
        for sign in (0.01, -0.01):
            moved = fit.between + sign * np.array(change)
            if np.linalg.eigvalsh(moved)[0] >= 0:
                assert height(moved) < fit.log_likelihood


def test_reitsma_is_two_univariate_fits_where_specificity_does_not_vary():
    same = ([90] * 5, [100] * 5)

    fit = bivariate.reitsma_reml(*COUNTS[:2], *same)

    alone = heterogeneity.random_effects_reml(*site_logits.logit_proportions(*COUNTS[:2]))
    assert fit.between[0, 0] == pytest.approx(alone.tau2, rel=1e-3)
    assert fit.specificity.value == pytest.approx(0.9, abs=1e-6)


def test_two_sites_have_no_bivariate_prediction():
    fit = bivariate.reitsma_ml([8, 9], [10, 10], [8, 7], [10, 10])

    assert fit.further_sensitivity is None
    with pytest.raises(ValueError, match="two or more sites; 1 found"):
        bivariate.reitsma_ml([8], [10], [8], [10])
