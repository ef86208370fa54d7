"""How often intervals hold what they should: sites, agreement, calibration, bootstrap.

    python bench/measurement_coverage.py [replicates, 10000]

Each row simulates studies whose truth is known and counts those whose 95% interval (two-sided)
holds it, with the share that lies wholly below and above the truth. The seed is fixed.
"""

import sys
from collections.abc import Callable, Iterator
from math import sqrt

import numpy as np
from scipy.special import expit, logit, ndtri

from coverage_table import Study, Trial, printed
from defensible.statistics import (
    agreement,
    bland_altman,
    bootstrap,
    bootstrap_intervals,
    calibration,
    decision_curve,
    heterogeneity,
    icc,
    jackknife,
    kappa,
    method_comparison,
    new_site,
    repeatability,
    weighted_ranks,
)

Generator = np.random.Generator
COSTLY = 10  # rows that cost much run this many times fewer studies


def sites(k: int, tau: float) -> Callable[[Generator], Iterator[Trial]]:
    def study(generator: Generator) -> Iterator[Trial]:
        variances = generator.uniform(0.02, 0.1, k)
        effects = generator.normal(1, np.sqrt(tau**2 + variances))
        further = float(generator.normal(1, tau))
        fit = heterogeneity.random_effects_reml(effects, variances)
        where = f"{k} sites, tau {tau:g}"
        yield f"average site, normal; {where}", 1.0, fit.mean
        yield f"average site, Hartung-Knapp; {where}", 1.0, heterogeneity.hartung_knapp(fit)
        modified = heterogeneity.hartung_knapp_modified(fit)
        yield f"average site, HK modified; {where}", 1.0, modified
        yield f"further site, Higgins; {where}", further, heterogeneity.prediction_higgins(fit)
        moments = heterogeneity.random_effects_dersimonian_laird(effects, variances)
        yield f"average site, DL, normal; {where}", 1.0, moments.mean
        paule = heterogeneity.random_effects_paule_mandel(effects, variances)
        hartung = heterogeneity.hartung_knapp(paule)
        yield f"average site, Paule-Mandel, HK; {where}", 1.0, hartung

    return study


def new_sites(k: int, *, counted: bool) -> Callable[[Generator], Iterator[Trial]]:
    prior = new_site.BETWEEN_VALIDATIONS

    def study(generator: Generator) -> Iterator[Trial]:
        spread = generator.lognormal(prior.log_mean, prior.log_sd) / (0.85 * 0.15)
        truths = expit(generator.normal(logit(0.85), spread, k + 1))
        if counted:
            seen = new_site.new_site_proportion(generator.binomial(100, truths[:-1]), [100] * k)
        else:
            se = 0.02
            aucs = np.clip(generator.normal(truths[:-1], se), 0.5, 0.99)
            cases = np.full(k, 100)
            seen = new_site.new_site_auc(aucs, [se] * k, n_diseased=cases, n_healthy=cases)
        kind = "counts" if counted else "AUCs"
        yield f"further site, prior, {kind}; {k} sites", float(truths[-1]), seen.predicted

    return study


def raters(n: int) -> Callable[[Generator], Iterator[Trial]]:
    def study(generator: Generator) -> Iterator[Trial]:
        # Two categories, prevalence 0.3: a rating copies the subject's own one with chance 0.8.
        own = generator.random((n, 1)) < 0.3
        copied = generator.random((n, 4)) < 0.8
        ratings = np.where(copied, own, generator.random((n, 4)) < 0.3).astype(float)
        true, chance = 0.8**2, 2 * 0.3 * 0.7
        agreeing = 1 - (1 - true) * chance
        yield f"Cohen kappa; {n} subjects", true, kappa.cohen(ratings[:, 0], ratings[:, 1])
        yield f"Fleiss kappa, 4 raters; {n} subjects", true, agreement.fleiss(ratings)
        ac1 = (agreeing - chance) / (1 - chance)
        yield f"Gwet AC1, 4 raters; {n} subjects", ac1, agreement.gwet_ac1(ratings)
        same = agreement.percent_agreement(ratings)
        yield f"percent agreement, 4 raters; {n} subjects", agreeing, same
        yield f"Conger kappa, 4 raters; {n} subjects", true, agreement.conger(ratings)
        even = agreement.brennan_prediger(ratings)
        yield f"Brennan-Prediger, 4 raters; {n} subjects", 2 * agreeing - 1, even
        alpha = agreement.krippendorff(ratings, agreement.nominal)
        yield f"Krippendorff alpha, 4 raters; {n} subjects", true, alpha
        light = kappa.linear(ratings[:, 0], ratings[:, 1])
        yield f"linear kappa; {n} subjects", true, light

    return study


def measurements(n: int) -> Callable[[Generator], Iterator[Trial]]:
    def study(generator: Generator) -> Iterator[Trial]:
        subject = generator.normal(0, 2, (n, 1))
        rater = generator.normal(0, 0.7, 4)
        values = subject + rater + generator.normal(0, 1, (n, 4))
        yield f"ICC(A,1), 4 raters; {n} subjects", 4 / 5.49, icc.agreement_single(values)
        yield f"ICC(C,1), 4 raters; {n} subjects", 4 / 5, icc.consistency_single(values)
        pair = values[:, 0] - rater[0], values[:, 1] - rater[1]
        upper = float(ndtri(0.975)) * sqrt(2)
        for name, function in (
            ("exact", bland_altman.limits_of_agreement),
            ("1999", bland_altman.limits_of_agreement_1999),
            ("1986", bland_altman.limits_of_agreement_1986),
        ):
            yield f"upper limit of agreement, {name}; {n} subjects", upper, function(*pair).upper
        replicates = values[:, :2] - rater[:2]
        scatter = repeatability.within_subject_sd(replicates)
        yield f"within-subject SD; {n} subjects", 1.0, scatter
        apart = subject + generator.normal(0, 0.7, (n, 4)) + generator.normal(0, 1, (n, 4))
        yield f"ICC(1), 4 raters; {n} subjects", 4 / 5.49, icc.one_way_single(apart)
        mean_of_four = icc.consistency_average(values)
        yield f"ICC(C,4); {n} subjects", 4 / 4.25, mean_of_four
        same = method_comparison.concordance(*pair)
        yield f"concordance; {n} subjects", 4 / 5, same
        bias = bland_altman.limits_of_agreement(*pair).bias
        yield f"bias; {n} subjects", 0.0, bias
        yield f"Deming slope; {n} subjects", 1.0, method_comparison.deming(*pair).slope
        ranks = method_comparison.passing_bablok(*pair).slope
        yield f"Passing-Bablok slope; {n} subjects", 1.0, ranks

    return study


def probabilities(n: int) -> Callable[[Generator], Iterator[Trial]]:
    # Net benefit of acting at 0.3 on probabilities uniform between 0.02 and 0.9.
    grid = np.linspace(0.02, 0.9, 200_001)
    benefit = float(np.where(grid >= 0.3, grid - (1 - grid) * 3 / 7, 0).mean())

    def study(generator: Generator) -> Iterator[Trial]:
        p = generator.uniform(0.02, 0.9, n)
        truth = generator.random(n) < p
        yield f"calibration slope; {n} cases", 1.0, calibration.slope(truth, p)
        yield f"calibration in the large; {n} cases", 0.0, calibration.in_the_large(truth, p)
        yield f"calibration intercept; {n} cases", 0.0, calibration.intercept(truth, p)
        even = calibration.observed_over_expected(truth, p)
        yield f"observed over expected; {n} cases", 1.0, even
        score = float((grid * (1 - grid)).mean())
        yield f"Brier score; {n} cases", score, calibration.brier(truth, p)
        point = decision_curve.net_benefit(truth, p, thresholds=[0.3])[0]
        yield f"net benefit at 0.3; {n} cases", benefit, point.device

    return study


def resampled(n: int) -> Callable[[Generator], Iterator[Trial]]:
    truth = np.repeat([True, False], n)
    design = bootstrap.cases(2 * n, strata=truth)

    def study(generator: Generator) -> Iterator[Trial]:
        # Binormal scores one and a half deviations apart: AUC 0.8556.
        scores = generator.normal(1.5 * truth, 1)
        statistic = weighted_ranks.of(truth, scores, [weighted_ranks.Auc()])
        seed = int(generator.integers(1 << 31))
        drawn = bootstrap.replicates(design, statistic, seed=seed, n_replicates=1000)
        left_out = jackknife.left_out(design, statistic)
        true = 0.8555778168267576
        where = f"{n} + {n} cases"
        yield f"AUC, percentile; {where}", true, bootstrap_intervals.percentile(drawn, "AUC")
        yield f"AUC, basic; {where}", true, bootstrap_intervals.basic(drawn, "AUC")
        yield f"AUC, BCa; {where}", true, bootstrap_intervals.bca(drawn, left_out, "AUC")

    return study


def main(replicates: int) -> None:
    studies: list[tuple[Study, int]] = [
        (sites(k, tau), COSTLY // 2) for k, tau in ((3, 0.3), (5, 0.3), (10, 0.3), (10, 0.0))
    ]
    studies += [(new_sites(k, counted=c), 2 * COSTLY) for k in (1, 3, 10) for c in (True, False)]
    studies += [(raters(n), 2) for n in (30, 100)]
    studies += [(measurements(n), 2) for n in (20, 60)]
    studies += [(probabilities(n), 1) for n in (200, 1000)]
    studies += [(resampled(n), COSTLY) for n in (20, 80)]
    printed(studies, replicates)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
