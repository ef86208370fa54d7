"""Sizes against RJafroc, pROC, papers and exact enumeration; every answer's power recomputed."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from defensible.statistics import (
    sizing,
    sizing_agreement,
    sizing_auc,
    sizing_mrmc,
    sizing_paired,
    sizing_proportion,
    sizing_sites,
)
from defensible.statistics.variance_components import ObuchowskiRockette

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference values (../shared/reference) are not here"
)
PILOT = sizing_mrmc.Pilot(
    components=ObuchowskiRockette(
        reader=0.00153499934513391,
        modality_reader=0.000200402523581458,
        error=0.000802288265572067,
        cov1=0.000346613709440732,
        cov2=0.000344074828860889,
        cov3=0.000239028370892154,
    ),
    n_cases=114,
)


def record(index):
    path = REFERENCE / "values" / "sample-size" / "sample-size.json"
    return json.loads(path.read_text())["records"][index]["results"]


def enumerated_power(n, expected, goal, alpha):
    k = np.arange(n + 2)
    rejecting = k[stats.binom.sf(k - 1, n, goal) <= alpha][0]
    return stats.binom.sf(rejecting - 1, n, expected)


def test_sensitivity_of_95_against_90_takes_179_cases_at_one_sided_5_percent():
    size = sizing_proportion.exact(expected=0.95, goal=0.90, power=0.8, level=0.90)

    assert size.n == 179
    assert size.besides == (("successes needed", 168),)
    assert size.power == pytest.approx(enumerated_power(179, 0.95, 0.90, 0.05), rel=1e-12)
    assert all(enumerated_power(n, 0.95, 0.90, 0.05) < 0.8 for n in range(1, 179))


@needs_reference
def test_sizes_of_one_proportion_agree_with_exact_enumeration():
    for row in record(14):
        asked = {"expected": row["p1"], "goal": row["goal"]}
        first = sizing_proportion.exact(**asked)
        lasting = sizing_proportion.exact_lasting(**asked, limit=3000)

        assert first.n == row["n_exact_first"]
        assert first.power == pytest.approx(row["exact_at_first"]["power"], rel=1e-10)
        assert first.besides == (("successes needed", row["exact_at_first"]["k"]),)
        assert lasting.n == row["n_exact_stable"]
        assert lasting.power == pytest.approx(row["exact_at_stable"]["power"], rel=1e-10)
        assert sizing_proportion.approximate(**asked).n == row["n_normal"]


def test_a_goal_above_is_the_mirror_of_a_goal_below():
    below = sizing_proportion.exact(expected=0.05, goal=0.10, level=0.90)

    assert below.n == 179
    assert below.besides == (("successes allowed", 11),)


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_exact_power_is_what_enumeration_gives(expected, goal, n):
    if abs(expected - goal) < 1e-6:
        return
    low, high = (goal, expected) if expected > goal else (1 - goal, 1 - expected)

    ours = sizing_proportion.exact_power(n, expected=expected, goal=goal)

    assert ours == pytest.approx(enumerated_power(n, high, low, 0.025), rel=1e-8, abs=1e-12)


def test_a_search_that_finds_nothing_says_so_and_how_far_it_went():
    with pytest.raises(ValueError, match=r"no number of cases up to 500 reaches power 0.8"):
        sizing_proportion.exact(expected=0.901, goal=0.9, limit=500)
    with pytest.raises(ValueError, match=r"no number of cases up to 100,000 reaches power 0.8"):
        sizing_mrmc.cases_for_readers(PILOT, difference=0.01, n_readers=3)
    with pytest.raises(ValueError, match=r"no number of cases reaches power 0.8 with 3 readers"):
        sizing_mrmc.cases_by_ranges(
            difference=0.02, n_readers=3, range_between=0.2, range_within=0.1, unit_variance=0.1
        )
    with pytest.raises(ValueError, match="however many have been seen"):
        sizing_sites.for_prediction(expected=0.9, goal=0.85, tau=0.6, cases_per_site=100)
    with pytest.raises(ValueError, match="limits of agreement themselves reach"):
        sizing_agreement.limits_of_agreement(bias=0, sd=1, margin=1.9)


def test_two_independent_proportions_agree_with_fleiss_formula_by_hand():
    # Fleiss 1981: p 0.6 and 0.7, alpha 0.05 two-sided, power 0.8, no correction: 356 a group
    size = sizing_proportion.independent(first=0.6, second=0.7)

    assert size.n == 356
    assert size.besides == (("cases in the second group", 356),)


def test_wilson_width_is_met_at_the_answer_and_not_one_case_before():
    n = sizing_proportion.for_width(expected=0.9, width=0.1)

    z2 = stats.norm.ppf(0.975) ** 2

    def width(n):
        return 2 * np.sqrt(z2 * 0.09 / n + z2**2 / (4 * n**2)) / (1 + z2 / n)

    assert width(n) <= 0.1 < width(n - 1)


def test_exact_mcnemar_power_is_what_full_enumeration_gives():
    n, better, worse = 30, 0.3, 0.1
    power = 0.0
    for b in range(n + 1):
        for c in range(n + 1 - b):
            chance = stats.multinomial.pmf([b, c, n - b - c], n, [better, worse, 0.6])
            p = stats.binom.sf(b - 1, b + c, 0.5) if b + c else 1.0
            power += chance * (p <= 0.025)

    ours = sizing_paired.exact_mcnemar_power(n, better=better, worse=worse)

    assert ours == pytest.approx(power, rel=1e-10)


def test_exact_mcnemar_keeps_its_power_and_asks_for_more_than_the_approximation():
    exact = sizing_paired.exact_mcnemar(better=0.2, worse=0.08, limit=600)
    near = sizing_paired.approximate_mcnemar(better=0.2, worse=0.08)

    powers = [
        sizing_paired.exact_mcnemar_power(n, better=0.2, worse=0.08)
        for n in (exact.n - 1, exact.n, exact.n + 7)
    ]
    assert powers[0] < 0.8 <= min(powers[1:])
    assert near.n < exact.n < near.n + 30


def test_paired_non_inferiority_without_true_difference():
    size = sizing_paired.non_inferiority(better=0.1, worse=0.1, margin=0.05)

    # ((1.96 + 0.8416)^2) * 0.2 / 0.05^2 = 627.9
    assert size.n == 628
    assert size.power >= 0.8


@needs_reference
def test_variances_of_an_auc_agree_with_the_formulas():
    for row in record(11):
        m, n = row["n_diseased"], row["n_nondiseased"]

        hanley = sizing_auc.hanley_mcneil_variance(row["auc"], n_diseased=m, n_healthy=n)
        obuchowski = sizing_auc.obuchowski_variance(row["auc"], ratio=n / m)

        assert hanley == pytest.approx(row["var_hanley_mcneil"], rel=1e-12)
        # the record writes 1.414 for the root of two
        assert obuchowski == pytest.approx(row["var_obuchowski_unit"], rel=1e-3)


@needs_reference
def test_sizes_for_one_auc_agree_with_proc():
    for row in record(12):
        if "kappa" in row:
            size = sizing_auc.one_obuchowski(
                expected=row["auc"],
                ratio=row["kappa"],
                power=row["power"],
                level=1 - row["sig_level"],
            )
            assert size.n == int(np.ceil(row["ncases"]))
        else:
            power = sizing_auc.one_obuchowski_power(
                row["ncases"], expected=row["auc"], ratio=row["ncontrols"] / row["ncases"]
            )
            # pROC writes 1.414 for the root of two
            assert power == pytest.approx(row["power"], abs=2e-6)


@needs_reference
def test_size_from_a_pilot_rests_on_the_variance_that_proc_has_under_the_alternative():
    with (REFERENCE / "data" / "asah.csv").open() as file:
        rows = list(csv.DictReader(file))
    poor = np.array([row["truth"] == "1" for row in rows])
    parts = []
    for marker in ("s100b", "ndka"):
        values = np.array([float(row[marker]) for row in rows])
        above = (np.sign(values[poor][:, None] - values[~poor]) + 1) / 2
        parts.append((above.mean(axis=1), above.mean(axis=0)))
    (one_d, one_h), (two_d, two_h) = parts
    variance = (one_d - two_d).var(ddof=1) / poor.sum()
    variance += (one_h - two_h).var(ddof=1) / (~poor).sum()

    size = sizing_auc.paired_from_pilot(
        difference=one_d.mean() - two_d.mean(),
        variance=variance,
        n_diseased=int(poor.sum()),
        n_healthy=int((~poor).sum()),
        power=0.9,
    )

    # pROC has another variance under the null. Its two figures (cases for 0.9, power of the pilot)
    # give both: a + b z(0.9) = sqrt(n), sqrt(41) - a = b z(power).
    theirs = record(13)["delong"]
    gap = np.sqrt(theirs["ncases_for_power_0.9"]) - np.sqrt(poor.sum())
    under_alternative = gap / (stats.norm.ppf(0.9) - stats.norm.ppf(theirs["power_of_pilot"]))
    expected = under_alternative * (stats.norm.ppf(0.975) + stats.norm.ppf(0.9))
    assert size.n == int(np.ceil(expected**2))


def test_paired_aucs_need_fewer_cases_the_closer_the_devices_go_together():
    sizes = [
        sizing_auc.paired(first=0.8, second=0.85, correlation=r).n for r in (0.0, 0.3, 0.6, 0.9)
    ]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[3] < sizes[0] / 5


@needs_reference
@pytest.mark.parametrize(
    ("index", "function", "field"),
    [
        (0, sizing_mrmc.random_readers_random_cases, "RRRC"),
        (1, sizing_mrmc.fixed_readers_random_cases, "FRRC"),
        (2, sizing_mrmc.random_readers_fixed_cases, "RRFC"),
    ],
)
def test_power_of_a_reader_study_agrees_with_rjafroc(index, function, field):
    for row in record(index):
        ours = function(PILOT, difference=row["effectSize"], n_readers=row["J"], n_cases=row["K"])

        assert ours.power == pytest.approx(row[f"power{field}"], rel=1e-8)
        assert ours.noncentrality == pytest.approx(row[f"ncp{field}"], rel=1e-10)
        if row[f"df2{field}"] != "NA":
            assert ours.df == pytest.approx(row[f"df2{field}"], rel=1e-10)


@needs_reference
@pytest.mark.parametrize(
    ("index", "n_cases", "values"),
    [
        (8, 114, (2e-4, 8e-4, 3.5e-4, 3.4e-4, 2.4e-4)),
        (9, 100, (7.8e-4, 1.1e-3, 6e-4, 4.5e-4, 4e-4)),
    ],
)
def test_power_from_given_components_agrees_with_rjafroc(index, n_cases, values):
    names = ("modality_reader", "error", "cov1", "cov2", "cov3")
    components = ObuchowskiRockette(reader=0.0, **dict(zip(names, values, strict=True)))
    pilot = sizing_mrmc.Pilot(components=components, n_cases=n_cases)
    functions = {
        "RRRC": sizing_mrmc.random_readers_random_cases,
        "FRRC": sizing_mrmc.fixed_readers_random_cases,
        "RRFC": sizing_mrmc.random_readers_fixed_cases,
    }
    for row in record(index):
        option = row["option"]
        ours = functions[option](
            pilot, difference=row["effectSize"], n_readers=row["J"], n_cases=row["K"]
        )

        assert ours.power == pytest.approx(row[f"power{option}"], rel=1e-8)
        assert ours.noncentrality == pytest.approx(row[f"ncp{option}"], rel=1e-10)


@needs_reference
def test_cases_for_readers_agree_with_rjafroc_where_it_finds_them():
    for row in record(6):
        asked = {"difference": row["effectSize"], "n_readers": row["J"]}
        if row["KRRRC"] > 2000:  # there the program stops short of the power, without saying so
            short = sizing_mrmc.random_readers_random_cases(PILOT, n_cases=2000, **asked)
            assert short.power < 0.8
            continue

        size = sizing_mrmc.cases_for_readers(PILOT, **asked)

        assert size.n == row["KRRRC"]
        assert size.power == pytest.approx(row["powerRRRC"], rel=1e-8)


@needs_reference
def test_cases_by_ranges_agree_with_obuchowskis_arithmetic():
    for row in record(10):
        given, exact = row["input"], row["exact_sqrt2"]
        size = sizing_mrmc.cases_by_ranges(
            difference=given["delta"],
            n_readers=given["J"],
            range_between=given["rangeb"],
            range_within=given["rangew"],
            unit_variance=sizing_auc.obuchowski_variance(given["theta"], ratio=given["R"]),
            r1=given["r1"],
        )

        assert size.n == exact["n_diseased"]
        assert size.power >= 0.8


def test_readers_for_cases_is_met_at_the_answer_and_not_one_reader_before():
    size = sizing_mrmc.readers_for_cases(PILOT, difference=0.05, n_cases=171)

    powers = [
        sizing_mrmc.random_readers_random_cases(
            PILOT, difference=0.05, n_readers=n, n_cases=171
        ).power
        for n in (size.n - 1, size.n)
    ]
    assert powers[0] < 0.8 <= powers[1] == size.power


def test_power_for_non_inferiority_is_nearly_that_of_the_two_sided_test_of_the_same_distance():
    two_sided = sizing_mrmc.random_readers_random_cases(
        PILOT, difference=0.05, n_readers=8, n_cases=171
    )

    one_sided = sizing_mrmc.non_inferiority(PILOT, margin=0.05, n_readers=8, n_cases=171)

    assert one_sided.power == pytest.approx(two_sided.power, abs=1e-3)
    assert one_sided.power < two_sided.power


def test_icc_of_80_against_60_takes_the_39_subjects_of_walter_and_colleagues():
    size = sizing_agreement.icc(expected=0.8, goal=0.6, n_raters=2, level=0.90)

    assert size.n == 39


def test_limits_of_agreement_take_the_83_subjects_of_lu_and_colleagues():
    # Lu et al. 2016: bias 0.001167, SD 0.001129, margin 0.004
    asked = {"bias": 0.001167, "sd": 0.001129, "margin": 0.004}

    assert sizing_agreement.limits_of_agreement_1999(**asked).n == 83
    assert sizing_agreement.limits_of_agreement(**asked).n > 83  # exact intervals reach further


def test_power_of_kappa_holds_in_simulated_studies():
    size = sizing_agreement.kappa_of_two_raters(expected=0.6, goal=0.5, prevalence=0.3)
    generator = np.random.default_rng(1)

    def shares(kappa):
        p, q = 0.3, 0.7
        return np.array([p * p + p * q * kappa, 2 * p * q * (1 - kappa), q * q + p * q * kappa])

    counts = generator.multinomial(size.n, shares(0.6), size=20_000)
    share = (counts[:, 0] + counts[:, 1] / 2) / size.n
    kappa = 1 - counts[:, 1] / (2 * size.n * share * (1 - share))
    null = np.stack(
        [
            share**2 + share * (1 - share) * 0.5,
            2 * share * (1 - share) * 0.5,
            (1 - share) ** 2 + share * (1 - share) * 0.5,
        ],
        axis=1,
    )
    statistic = ((counts - size.n * null) ** 2 / (size.n * null)).sum(axis=1)

    # the test is a large-sample one: 2 points of power are allowed for
    assert np.mean(statistic > stats.chi2.ppf(0.95, 1)) == pytest.approx(size.power, abs=0.02)
    assert kappa.mean() == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize("function", [sizing_sites.for_average, sizing_sites.for_prediction])
def test_sites_are_met_at_the_answer_and_not_one_site_before(function):
    asked = {"expected": 0.95, "goal": 0.85, "tau": 0.3, "cases_per_site": 80}
    power = {
        sizing_sites.for_average: sizing_sites.for_average_power,
        sizing_sites.for_prediction: sizing_sites.for_prediction_power,
    }[function]

    size = function(**asked)

    assert size.power == power(size.n, **asked) >= 0.8
    assert size.n <= 3 or power(size.n - 1, **asked) < 0.8


def test_power_of_a_prediction_for_a_further_site_holds_in_simulated_studies():
    asked = {"expected": 0.95, "goal": 0.85, "tau": 0.3, "cases_per_site": 80}
    generator = np.random.default_rng(2)
    k, within = 8, 1 / (80 * 0.95 * 0.05)
    results = generator.normal(np.log(19), np.sqrt(0.09 + within), (20_000, k))
    spread = results.var(axis=1, ddof=1)
    tau2 = np.maximum(spread - within, 0)
    low = results.mean(axis=1) - stats.t.ppf(0.975, k - 2) * np.sqrt(tau2 + (tau2 + within) / k)

    power = sizing_sites.for_prediction_power(k, **asked)

    # four standard errors of 20,000 replicates
    assert np.mean(low > np.log(0.85 / 0.15)) == pytest.approx(power, abs=0.014)


def test_patients_with_several_images_need_more_of_them():
    assert sizing.with_design_effect(100, cluster_size=4, correlation=0.5) == 250
    assert sizing.with_design_effect(100, cluster_size=1, correlation=1) == 100


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sizing_proportion.exact(expected=0.9, goal=0.9), "both are 0.9"),
        (lambda: sizing_proportion.exact(expected=95, goal=0.9), "strictly between 0 and 1; 95"),
        (lambda: sizing_proportion.approximate(expected=0.9, goal=0.8, power=1), "power must lie"),
        (lambda: sizing_proportion.exact_power(0, expected=0.9, goal=0.8), "1 or more; 0 found"),
        (lambda: sizing_proportion.independent(first=0.5, second=0.5), "must differ"),
        (lambda: sizing_paired.approximate_mcnemar(better=0.7, worse=0.5), "at most 1"),
        (
            lambda: sizing_paired.non_inferiority(better=0.1, worse=0.2, margin=0.05),
            "exceed 0 and the true loss 0.1",
        ),
        (lambda: sizing_auc.one_obuchowski(expected=0.8, ratio=0), "ratio must lie above 0"),
        (lambda: sizing_auc.one_hanley_mcneil(expected=0.8, goal=0.8), "both are 0.8"),
        (lambda: sizing_auc.paired(first=0.8, second=0.8, correlation=0), "must differ"),
        (lambda: sizing_auc.paired(first=0.8, second=0.9, correlation=1), "correlation must lie"),
        (
            lambda: sizing_mrmc.readers_for_cases(PILOT, difference=0, n_cases=9),
            "difference must be finite and not 0",
        ),
        (
            lambda: sizing_mrmc.non_inferiority(
                PILOT, margin=0.02, difference=-0.03, n_readers=5, n_cases=9
            ),
            "above the true loss 0.03",
        ),
        (
            lambda: sizing_agreement.icc(expected=0.6, goal=0.8, n_raters=2),
            "goal < expected < 1",
        ),
        (
            lambda: sizing_agreement.kappa_of_two_raters(expected=0.6, goal=0.6, prevalence=0.5),
            "both are 0.6",
        ),
        (
            lambda: sizing_sites.for_average(expected=0.9, goal=0.8, tau=-1, cases_per_site=9),
            "tau must be 0 or above",
        ),
        (
            lambda: sizing.with_design_effect(0, cluster_size=2, correlation=0.1),
            "1 or more; 0 and 2",
        ),
    ],
)
def test_plans_that_cannot_be_are_refused_in_words(call, said):
    with pytest.raises(ValueError, match=said):
        call()
