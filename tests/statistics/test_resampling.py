"""The weights engine against scikit-learn on repeated cases, scipy's intervals, brute force."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

from defensible.statistics import (
    bootstrap,
    bootstrap_intervals,
    jackknife,
    permutation,
    weighted_ranks,
)
from defensible.statistics.estimate import Caution

EDGES = (0.2, 0.4, 0.6, 0.8)
MEASURES = (
    weighted_ranks.Auc(),
    weighted_ranks.PartialAuc(lowest_specificity=0.7),
    weighted_ranks.SensitivityAt(specificity=0.8),
    weighted_ranks.BrierScore(),
    weighted_ranks.CalibrationError(edges=EDGES),
)


@st.composite
def drawn_cases(draw):
    n = draw(st.integers(4, 30))
    scores = np.array(draw(st.lists(st.integers(0, 10), min_size=n, max_size=n))) / 10
    truth = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    counts = np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), dtype=np.int64)
    truth[:2], counts[:2] = (True, False), 1
    return truth, scores, counts


def study(n=300, seed=0, patients=120):
    generator = np.random.default_rng(seed)
    patient = generator.integers(0, patients, n)
    truth = (generator.random(patients) < 0.4)[patient]
    scores = 1 / (1 + np.exp(-generator.normal(-0.7, 1, n) - 1.2 * truth))
    return patient, truth, scores


def slow_calibration_error(truth, scores):
    bins = np.digitize(scores, EDGES)
    gaps = [abs((truth[bins == b] - scores[bins == b]).sum()) for b in range(len(EDGES) + 1)]
    return sum(gaps) / truth.size


@given(drawn_cases())
@settings(max_examples=120, deadline=None)
def test_counts_give_what_repeated_cases_give_in_scikit_learn(case):
    truth, scores, counts = case
    statistic = weighted_ranks.of(truth, scores, MEASURES)
    copies = np.repeat(np.arange(truth.size), counts)
    present, score = truth[copies], scores[copies]
    fallout, hits, _ = roc_curve(present, score, drop_intermediate=False)
    grid = np.append(fallout[fallout <= 0.3], 0.3)

    ours = statistic.of(counts[statistic.order][None])[0]

    at_grid = np.append(hits[fallout <= 0.3], np.interp(0.3, fallout, hits))
    assert ours[0] == pytest.approx(roc_auc_score(present, score), abs=1e-12)
    assert ours[1] == pytest.approx(np.trapezoid(at_grid, grid), abs=1e-9)
    assert ours[3] == pytest.approx(brier_score_loss(present, score), abs=1e-12)
    assert ours[4] == pytest.approx(slow_calibration_error(present, score), abs=1e-12)
    slack = 1e-9 * np.array([-1, 1])
    low, high = np.interp(0.2 + slack, fallout, hits)
    assert low - 1e-6 <= ours[2] <= high + 1e-6


def test_a_resample_without_a_class_is_not_a_number_inside_and_an_error_outside():
    truth, scores = np.array([True, False, False, False]), np.array([0.9, 0.1, 0.2, 0.3])
    statistic = weighted_ranks.of(truth, scores, [weighted_ranks.Auc()])

    assert np.isnan(statistic.of(np.array([[1, 1, 1, 0]]))[0, 0])
    with pytest.raises(ValueError, match=r"AUC is not defined in .* of 200 resamples"):
        bootstrap.replicates(bootstrap.cases(4), statistic, seed=1, n_replicates=200)


def test_digits_do_not_depend_on_workers_or_on_the_size_of_blocks(monkeypatch):
    patient, truth, scores = study()
    design = bootstrap.clusters(patient, strata=truth)
    statistic = weighted_ranks.of(truth, scores, MEASURES)

    alone = bootstrap.replicates(design, statistic, seed=7, n_replicates=250)
    with ThreadPoolExecutor(3) as executor:
        shared = bootstrap.replicates(
            design, statistic, seed=7, n_replicates=250, executor=executor
        )
    monkeypatch.setattr(bootstrap, "_BLOCK", 1000)
    narrow = bootstrap.replicates(design, statistic, seed=7, n_replicates=250)

    assert np.array_equal(alone.drawn, shared.drawn)
    assert alone.drawn == pytest.approx(narrow.drawn, abs=1e-15)


def test_another_seed_gives_other_replicates_and_the_first_ones_do_not_depend_on_how_many():
    design = bootstrap.cases(20)
    statistic = weighted_ranks.mean(np.arange(20.0), name="mean")

    first = bootstrap.replicates(design, statistic, seed=1, n_replicates=200)
    other = bootstrap.replicates(design, statistic, seed=2, n_replicates=200)
    more = bootstrap.replicates(design, statistic, seed=1, n_replicates=300)

    assert not np.array_equal(first.drawn, other.drawn)
    assert np.array_equal(first.drawn, more.drawn[:200])


@pytest.mark.parametrize("n_strata", [1, 3, 40])
def test_strata_keep_their_sizes_and_clusters_their_cases_in_every_resample(n_strata):
    generator = np.random.default_rng(3)
    cluster = generator.integers(0, 200, 600)
    stratum = cluster % n_strata
    design = bootstrap.clusters(cluster, strata=stratum)

    counts = bootstrap.counts_of_units(design, np.random.default_rng(1), 50)

    home = np.empty(design.n_units, dtype=int)
    home[design.unit] = stratum
    for row in counts:
        assert np.bincount(home, weights=row).tolist() == np.bincount(home).tolist()
    assert np.unique(design.unit).size == np.unique(cluster).size
    assert len(set(zip(design.unit, cluster, strict=True))) == design.n_units


def test_drawing_sites_first_brings_only_patients_of_drawn_sites():
    site = np.repeat([0, 1, 2, 3], [5, 10, 20, 40])
    design = bootstrap.clusters_within_sites(site, np.arange(75))

    counts = bootstrap.counts_of_units(design, np.random.default_rng(1), 300)

    per_site = np.stack([counts[:, site == s].sum(axis=1) for s in range(4)], axis=1)
    assert (per_site % np.array([5, 10, 20, 40]) == 0).all()
    assert ((per_site / [5, 10, 20, 40]).sum(axis=1) == 4).all()


def test_clustered_standard_error_of_a_mean_is_that_of_cluster_sums():
    patient, truth, _ = study(n=900, patients=200)
    patient = np.concatenate([patient, np.arange(200)])
    values = np.concatenate([truth, np.zeros(200)]).astype(float)
    design = bootstrap.clusters(patient)
    statistic = weighted_ranks.mean(values, name="rate")

    drawn = bootstrap.replicates(design, statistic, seed=5, n_replicates=4000)

    size = np.bincount(patient)
    residual = np.bincount(patient, weights=values) - values.mean() * size
    expected = np.sqrt((residual**2).sum()) / values.size
    # 4,000 replicates: a standard error is known to 1.1%, three of these are allowed
    assert drawn.drawn.std(ddof=1) == pytest.approx(expected, rel=0.035)


@pytest.mark.parametrize("method", ["percentile", "basic", "BCa"])
def test_intervals_are_those_of_scipy_on_the_same_replicates(method):
    generator = np.random.default_rng(8)
    values = generator.exponential(1, 40)
    statistic = weighted_ranks.mean(values, name="mean")
    design = bootstrap.cases(40)
    drawn = bootstrap.replicates(design, statistic, seed=9, n_replicates=999)
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=999, method=method, rng=np.random.default_rng(1)
    )
    theirs.bootstrap_distribution = drawn.drawn[:, 0]
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=0, method=method, bootstrap_result=theirs
    )

    ours = {
        "percentile": lambda: bootstrap_intervals.percentile(drawn, "mean"),
        "basic": lambda: bootstrap_intervals.basic(drawn, "mean"),
        "BCa": lambda: bootstrap_intervals.bca(
            drawn, jackknife.left_out(design, statistic), "mean"
        ),
    }[method]()

    assert [ours.low, ours.high] == pytest.approx(
        [theirs.confidence_interval.low, theirs.confidence_interval.high], rel=1e-10
    )


def test_normal_and_studentized_intervals_of_a_mean_come_near_students():
    generator = np.random.default_rng(10)
    values = generator.normal(5, 2, 60)
    statistic = weighted_ranks.mean(values, name="mean")
    design = bootstrap.cases(60)
    drawn = bootstrap.replicates(design, statistic, seed=3)
    expected = stats.t.interval(0.95, 59, values.mean(), values.std(ddof=1) / np.sqrt(60))

    normal = bootstrap_intervals.normal(drawn, "mean")
    student = bootstrap_intervals.studentized(design, statistic, "mean", seed=3)

    # resampling noise of a 2.5% quantile from 1,000 replicates: about 5% of the half width
    half = (expected[1] - expected[0]) / 2
    for ours in (normal, student):
        assert [ours.low, ours.high] == pytest.approx(list(expected), abs=0.15 * half)


def test_a_perfect_device_has_an_interval_without_width_that_says_so():
    truth, scores = np.repeat([True, False], 20), np.arange(40, 0, -1.0)
    statistic = weighted_ranks.of(truth, scores, [weighted_ranks.Auc()])
    design = bootstrap.cases(40, strata=truth)
    drawn = bootstrap.replicates(design, statistic, seed=1, n_replicates=100)

    result = bootstrap_intervals.percentile(drawn, "AUC")

    assert (result.low, result.value, result.high) == (1, 1, 1)
    assert result.cautions == (Caution.NO_VARIANCE,)


def test_bca_at_the_edge_falls_back_to_the_percentile_and_says_so():
    values = np.array([0.0] * 9 + [1.0])
    statistic = weighted_ranks.mean(values, name="rate")
    design = bootstrap.cases(10)
    drawn = bootstrap.replicates(design, statistic, seed=1, n_replicates=50)
    above = drawn.drawn + 1
    edge = bootstrap.Replicates(
        names=drawn.names, values=drawn.values, drawn=above, design=design, seed=1
    )

    result = bootstrap_intervals.bca(edge, jackknife.left_out(design, statistic), "rate")

    assert Caution.BOUNDARY in result.cautions
    assert result.low == bootstrap_intervals.percentile(edge, "rate").low


def test_a_difference_of_two_devices_keeps_their_pairing():
    patient, truth, scores = study()
    other = scores + 1e-6 * patient
    one, two = (weighted_ranks.of(truth, s, [weighted_ranks.Auc()]) for s in (scores, other))
    both = weighted_ranks.Difference(first=one, second=two)
    design = bootstrap.clusters(patient, strata=truth)

    drawn = bootstrap.replicates(design, both, seed=4, n_replicates=200)
    alone = bootstrap.replicates(design, one, seed=4, n_replicates=200)

    assert drawn.names == ("difference in AUC",)
    assert drawn.drawn.std() < 0.05 * alone.drawn.std()


def test_jackknife_of_a_mean_is_the_textbook_standard_error():
    values = np.random.default_rng(2).normal(0, 1, 25)

    units = jackknife.left_out(bootstrap.cases(25), weighted_ranks.mean(values, name="mean"))
    result = jackknife.estimate(units, "mean")

    assert result.se == pytest.approx(values.std(ddof=1) / 5, rel=1e-12)
    assert result.df == 24


def test_jackknife_of_the_auc_by_class_comes_near_delong():
    _, truth, scores = study(n=400, patients=400)
    statistic = weighted_ranks.of(truth, scores, [weighted_ranks.Auc()])
    above = scores[truth][:, None] > scores[~truth]
    parts = above.mean(axis=1), above.mean(axis=0)
    delong = np.sqrt(sum(part.var(ddof=1) / part.size for part in parts))

    units = jackknife.left_out(bootstrap.cases(truth.size, strata=truth), statistic)

    # the jackknife within classes is DeLong's variance exactly
    assert jackknife.estimate(units, "AUC").se == pytest.approx(delong, rel=1e-9)


def test_many_units_are_left_out_in_groups():
    values = np.random.default_rng(2).normal(0, 1, 3000)

    units = jackknife.left_out(bootstrap.cases(3000), weighted_ranks.mean(values, name="mean"))

    assert units.without.shape == (1000, 1)
    # a variance from 1,000 groups has a standard error of 2.2% of the standard error
    assert jackknife.estimate(units, "mean").se == pytest.approx(
        values.std(ddof=1) / np.sqrt(3000), rel=0.07
    )


def test_sign_flips_visit_all_arrangements_where_these_are_few():
    differences = np.array([1.0, 2.0, -0.5, 3.0, 1.5])
    means = [np.dot(signs, differences) for signs in product([1, -1], repeat=5)]
    expected = np.mean(np.abs(means) >= abs(differences.sum()) - 1e-12)

    test = permutation.sign_flips(differences, seed=1)

    assert test.exact
    assert test.p == expected


def test_sign_flips_of_clusters_turn_all_their_cases():
    differences, patient = np.array([1.0, 1.0, 2.0, 2.0, 2.0]), [1, 1, 2, 2, 2]

    test = permutation.sign_flips(differences, cluster=patient, seed=1)

    assert test.n_arrangements == 4
    assert test.p == 0.5


def test_drawn_sign_flips_agree_with_scipy_within_monte_carlo_error():
    differences = np.random.default_rng(6).normal(0.4, 1, 40)
    theirs = stats.permutation_test(
        (differences,),
        lambda x: x.mean(),
        permutation_type="samples",
        n_resamples=9999,
        rng=np.random.default_rng(1),
    ).pvalue

    ours = permutation.sign_flips(differences, seed=2)

    assert not ours.exact
    assert ours.p == pytest.approx(theirs, abs=4 * np.sqrt(2 * theirs / 9999))


def test_shuffled_truth_agrees_with_the_rank_sum_test():
    _, truth, scores = study(n=80, patients=80)
    scores = scores - 0.12 * truth
    theirs = stats.mannwhitneyu(scores[truth], scores[~truth]).pvalue

    ours = permutation.labels(truth, scores, seed=3)

    assert ours.p == pytest.approx(theirs, abs=4 * np.sqrt(theirs / 9999) + 0.003)


def test_swapping_a_device_with_itself_never_differs():
    patient, truth, scores = study()

    test = permutation.swaps(truth, scores, scores, cluster=patient, seed=1, n_arrangements=99)

    assert (test.statistic, test.p) == (0, 1)


def test_swaps_find_a_real_difference():
    _, truth, scores = study(n=400, patients=400)
    noise = np.random.default_rng(1).normal(0, 1, 400)

    test = permutation.swaps(truth, scores, noise, seed=1, n_arrangements=499)

    assert test.p == 1 / 500


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: bootstrap.cases(0), "one case or more"),
        (lambda: bootstrap.clusters([1, 1], strata=[0, 1]), "case 0 lies in two|case 1 lies in"),
        (lambda: bootstrap.clusters_within_sites([1, 1], [1, 2]), "two or more sites; 1 found"),
        (lambda: weighted_ranks.of([True, True], [1, 2], MEASURES), "both classes; 2 of 2"),
        (lambda: weighted_ranks.of([True, False], [1, 2], []), "one or more; none"),
        (lambda: weighted_ranks.SensitivityAt(specificity=1.0), r"\[0, 1\); 1.0 found"),
        (lambda: weighted_ranks.CalibrationError(edges=(0.5, 0.5)), "edges must ascend"),
        (lambda: weighted_ranks.mean([1.0], weights=[-1.0], name="x"), "0 or above; -1"),
        (lambda: permutation.sign_flips([], seed=1), "one case or more"),
        (lambda: permutation.labels([True], [1], seed=1), "both classes"),
        (
            lambda: permutation.labels([True, False], [1, 2], seed=1, n_arrangements=0),
            "1 or more; 0",
        ),
    ],
)
def test_what_cannot_be_resampled_is_refused_in_words(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_scores_that_are_no_probabilities_have_no_brier_score():
    statistic = weighted_ranks.of([True, False], [3, 2], [weighted_ranks.BrierScore()])

    with pytest.raises(ValueError, match=r"probabilities in .0, 1.; they run from 2 to 3"):
        bootstrap.replicates(bootstrap.cases(2, strata=[1, 0]), statistic, seed=1)


def test_jackknife_and_intervals_refuse_what_does_not_fit():
    statistic = weighted_ranks.mean([1.0, 2.0, 4.0], name="mean")
    drawn = bootstrap.replicates(bootstrap.cases(3), statistic, seed=1, n_replicates=10)
    sites = bootstrap.clusters_within_sites([1, 1, 2], [1, 2, 3])

    with pytest.raises(ValueError, match="there is no statistic 'AUC'; there are: mean"):
        bootstrap_intervals.percentile(drawn, "AUC")
    with pytest.raises(ValueError, match="make a design of the sites"):
        jackknife.left_out(sites, statistic)
    with pytest.raises(ValueError, match="holds a single unit"):
        jackknife.left_out(bootstrap.cases(3, strata=[1, 1, 2]), statistic)
    with pytest.raises(ValueError, match="mean is of 3 cases, the design of 4"):
        bootstrap.replicates(bootstrap.cases(4), statistic, seed=1)
    with pytest.raises(ValueError, match="2 or more; 1 found"):
        bootstrap.replicates(bootstrap.cases(3), statistic, seed=1, n_replicates=1)
    with pytest.raises(ValueError, match="use percentile or BCa"):
        bootstrap_intervals.studentized(sites, statistic, "mean", seed=1)
