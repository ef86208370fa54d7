"""Sites for the prediction with a prior, against the posterior that the analysis computes."""

import numpy as np
import pytest
from scipy import stats

from defensible.statistics import heterogeneity, new_site, sizing_new_site, sizing_sites
from defensible.statistics.new_site import BETWEEN_VALIDATIONS
from defensible.statistics.site_posterior import TauPrior

BY_PRIOR = sizing_new_site.Analysis(prior=BETWEEN_VALIDATIONS)
ASKED = {"expected": 0.85, "goal": 0.7, "tau": 0.3, "cases_per_site": 100}


def test_the_power_is_that_of_the_posterior_of_normal_sites():
    k, within = 10, 1 / (100 * 0.85 * 0.15)
    on_logit = TauPrior(mean=0.055 / 0.1275, sd=0.015 / 0.1275)
    rng = np.random.default_rng(5)
    mean, goal = np.log(0.85 / 0.15), np.log(0.7 / 0.3)
    effects = rng.normal(mean, np.sqrt(0.09 + within), (400, k))

    cleared = [
        new_site.new_site(one, np.full(k, within), prior=on_logit).predicted.low > goal
        for one in effects
    ]

    said = sizing_new_site.of_proportion_power(k, analysis=BY_PRIOR, **ASKED)
    assert np.mean(cleared) == pytest.approx(said, abs=3 * np.sqrt(said * (1 - said) / 400) + 0.01)


def test_the_size_is_met_at_the_answer_and_not_one_site_before():
    size = sizing_new_site.of_proportion(analysis=BY_PRIOR, **ASKED)

    def power(k):
        return sizing_new_site.of_proportion_power(k, analysis=BY_PRIOR, **ASKED)

    assert power(size.n) == size.power >= 0.8 > power(size.n - 1)


def test_a_goal_from_below_is_the_mirror_of_one_from_above():
    mirrored = {**ASKED, "expected": 0.15, "goal": 0.3}

    assert (
        sizing_new_site.of_proportion(analysis=BY_PRIOR, **mirrored).n
        == sizing_new_site.of_proportion(analysis=BY_PRIOR, **ASKED).n
    )


def test_sites_that_differ_too_much_are_never_enough():
    gap = stats.logistic.ppf(0.85) - stats.logistic.ppf(0.7)

    with pytest.raises(ValueError, match="however many have been seen"):
        sizing_new_site.of_proportion(analysis=BY_PRIOR, **{**ASKED, "tau": gap / 1.95})
    with pytest.raises(ValueError, match="2 sites or more"):
        sizing_new_site.of_proportion_power(1, analysis=BY_PRIOR, **ASKED)


def test_the_prediction_is_as_wide_as_asked_at_the_answer_and_wider_before():
    told = {"expected": 0.85, "tau": 0.3, "cases_per_site": 100, "analysis": BY_PRIOR}
    size = sizing_new_site.of_width(width=0.25, **told)

    rng = np.random.default_rng(6)
    within, mean = 1 / (100 * 0.85 * 0.15), np.log(0.85 / 0.15)
    on_logit = TauPrior(mean=0.055 / 0.1275, sd=0.015 / 0.1275)

    def width(k):
        found = [
            new_site.new_site(
                rng.normal(mean, np.sqrt(0.09 + within), k), np.full(k, within), prior=on_logit
            ).predicted
            for _ in range(150)
        ]
        share = [1 / (1 + np.exp(-np.array([one.low, one.high]))) for one in found]
        return np.mean([high - low for low, high in share])

    assert width(size.n) == pytest.approx(0.25, abs=0.01)
    assert width(max(2, size.n // 2)) > 0.26
    with pytest.raises(ValueError, match="however many have been seen"):
        sizing_new_site.of_width(width=0.1, **told)


def test_by_t_alone_the_size_is_that_of_the_t_interval():
    by_t = sizing_new_site.Analysis(prior=None)

    ours = sizing_new_site.of_proportion(analysis=by_t, **ASKED)

    theirs = sizing_sites.for_prediction(**ASKED)
    assert (ours.n, ours.power) == (theirs.n, pytest.approx(theirs.power, abs=1e-4))


def test_few_sites_by_the_prior_are_given_only_where_the_t_interval_keeps_the_power():
    both = sizing_new_site.Analysis(prior=BETWEEN_VALIDATIONS, by_data_from=5)
    told = {"expected": 0.967, "goal": 0.8, "tau": 0.6, "cases_per_site": 187}

    powers = {
        k: sizing_new_site.of_proportion_power(k, analysis=both, **told) for k in range(2, 12)
    }
    size = sizing_new_site.of_proportion(analysis=both, **told)

    assert powers[4] > 0.8 > powers[5]  # the prior says more than five sites do
    assert size.n == 9
    assert all(power >= 0.8 for k, power in powers.items() if k >= 9)
    easy = {**told, "goal": 0.5}
    assert sizing_new_site.of_proportion(analysis=both, **easy).n == 2


def test_means_at_a_further_site_clear_the_goal_in_simulated_studies():
    told = {"expected": 0.88, "goal": 0.80, "tau": 0.02, "sd": 0.1, "cases_per_site": 30}
    size = sizing_new_site.of_mean(**told)
    rng = np.random.default_rng(8)
    within = 0.1**2 / 30

    cleared = [
        heterogeneity.prediction_higgins(
            heterogeneity.random_effects_reml(
                rng.normal(0.88, np.sqrt(0.02**2 + within), size.n), np.full(size.n, within)
            )
        ).low
        > 0.80
        for _ in range(600)
    ]

    assert np.mean(cleared) == pytest.approx(size.power, abs=0.05)
