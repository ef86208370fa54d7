"""Every estimate from poor tables: a number with a caution, or a refusal; never NaN, no warning.

Warnings are errors in this project, so that a numpy warning fails these tests.
"""

import dataclasses
import itertools
import math

import numpy as np
import pytest

from defensible.statistics import (
    binomial_test,
    binormal,
    clustered,
    clustered_bootstrap,
    grouped,
    grouped_clustered,
    grouped_patients,
    operating_point,
    paired,
    paired_clustered,
    predictive,
    predictive_paired,
    proportions,
    roc,
    roc_band,
    roc_compare,
    roc_fixed,
    roc_partial,
    roc_strata,
    settled,
    two_proportions,
    verification,
)
from defensible.statistics.estimate import Estimate

TRUTHS = {
    "empty": [],
    "one case": [1],
    "one of each": [1, 0],
    "one diseased": [1, 0, 0, 0, 0],
    "all diseased": [1, 1, 1, 1, 1],
    "two of each": [1, 1, 0, 0],
    "twenty": [1, 0] * 10,
}
SCORES = {
    "constant": np.zeros,
    "parted": lambda n: np.array([1.0, 0.0] * n)[:n],
    "wrong way": lambda n: np.array([0.0, 1.0] * n)[:n],
    "huge": lambda n: np.array([1e308, -1e308, 0.0] * n)[:n],
    "tiny": lambda n: np.array([5e-324, 0.0, -0.0] * n)[:n],
    "rising": lambda n: np.arange(n, dtype=float),
}


def in_twos(n):
    """Stays of patients with two cases each, all in one group."""
    patients = grouped_patients.by_patient(np.arange(n) // 2)
    return grouped_patients.stays(patients, np.zeros(n, dtype=int), 2)


OF_SCORES = {
    "auc": roc.auc,
    "logit": roc.auc_logit,
    "newcombe": roc.auc_newcombe,
    "curve": roc.curve,
    "placements": roc.placements,
    "partial": lambda t, s: roc_partial.over_specificity(t, s, lowest=0.9),
    "standardised": lambda t, s: roc_partial.standardised_over_sensitivity(t, s, lowest=0.5),
    "fixed": lambda t, s: roc_fixed.sensitivity_at(t, s, specificity=0.9),
    "percentile": lambda t, s: roc_fixed.specificity_at_percentile(t, s, sensitivity=0.9),
    "band": roc_band.fixed_width,
    "youden": operating_point.youden,
    "corner": operating_point.closest_to_corner,
    "at sensitivity": lambda t, s: operating_point.at_sensitivity(t, s, at_least=0.9),
    "at threshold": lambda t, s: operating_point.at_threshold(t, s, threshold=0),
    "paired": lambda t, s: roc_compare.paired(t, s, -s),
    "paired, clustered": lambda t, s: roc_compare.paired_clustered(t, s, -s, np.arange(s.size)),
    "unpaired": lambda t, s: roc_compare.unpaired(t, s, t, -s),
    "equal": lambda t, s: roc_compare.equal(t, np.stack([s, -s, s])),
    "clustered": lambda t, s: clustered.auc(t, s, np.arange(s.size) // 2),
    "clustered, logit": lambda t, s: clustered.auc_logit(t, s, np.arange(s.size) // 2),
    "partial, logit": lambda t, s: roc_partial.over_sensitivity_logit(t, s, lowest=0.8),
    "strata": lambda t, s: roc_strata.adjusted(t, s, np.zeros(s.size)),
    "binormal": binormal.fit,
    "grouped": lambda t, s: grouped.aucs(grouped.sort(t, s), np.zeros(s.size, dtype=int), 2),
    "grouped, clustered": lambda t, s: grouped_clustered.aucs(
        grouped.sort(t, s), in_twos(s.size), np.zeros(s.size, dtype=int), 2
    ),
    "grouped rates": lambda t, s: grouped_clustered.rates(
        t, s > 0, in_twos(s.size), np.zeros(s.size, dtype=int), 2
    ),
    "share": lambda _, s: clustered.proportion(s > 0, np.arange(s.size) // 2),
    "share, logit": lambda _, s: clustered.proportion_logit(s > 0, np.arange(s.size)),
    "share, t": lambda _, s: clustered.proportion_t(s > 0, np.arange(s.size)),
    "share, bootstrap": lambda _, s: clustered_bootstrap.proportion(
        s > 0, np.arange(s.size), seed=1, n_replicates=100
    ),
    "readings": lambda t, s: paired_clustered.difference(t, s > 0, np.arange(s.size) // 2),
    "durkalski": lambda t, s: paired_clustered.durkalski(t, s > 0, np.arange(s.size) // 2),
}
OF_DECISIONS = {
    "grouped rates",
    "share",
    "share, logit",
    "share, t",
    "share, bootstrap",
    "readings",
    "durkalski",
}
OF_COUNTS = {
    "tango": paired.tango,
    "newcombe": paired.newcombe,
    "bonett-price": paired.bonett_price,
    "wald": paired.wald,
    "ratio": paired.ratio,
    "mcnemar": paired.mcnemar,
    "corrected": paired.mcnemar_corrected,
    "exact": paired.mcnemar_exact,
    "mid-p": paired.mcnemar_midp,
}


def numbers(value):
    """All floats in a result."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from numbers(getattr(value, field.name))
    elif isinstance(value, np.ndarray):
        yield from value.astype(float).ravel().tolist()
    elif isinstance(value, float):
        yield value


def answer(method, *arguments):
    """The result if there is one; a refusal must name what was found."""
    try:
        return method(*arguments)
    except ValueError as refusal:
        assert "must" in str(refusal)  # noqa: PT017 - either outcome is right; both are checked
        return None


@pytest.mark.parametrize("name", OF_SCORES)
@pytest.mark.parametrize("kind", SCORES)
@pytest.mark.parametrize("truth", TRUTHS)
def test_poor_tables_of_scores_give_numbers_or_refusals(truth, kind, name):
    present = np.array(TRUTHS[truth], dtype=bool)

    result = answer(OF_SCORES[name], present, SCORES[kind](present.size))

    assert not any(math.isnan(number) for number in numbers(result))
    if isinstance(result, Estimate):
        assert result.low - 1e-12 <= result.value <= result.high + 1e-12


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", [name for name in OF_SCORES if name not in OF_DECISIONS])
def test_scores_that_are_no_numbers_are_refused(name, bad):
    truth, scores = np.arange(12) % 2 == 0, np.arange(12.0)
    scores[3] = bad

    with pytest.raises(ValueError, match=r"must be finite; 1 of 12 are not"):
        OF_SCORES[name](truth, scores)


@pytest.mark.parametrize("name", OF_COUNTS)
def test_poor_tables_of_pairs_give_numbers_or_refusals(name):
    for cells in itertools.product((0, 1, 30), repeat=4):
        if not any(cells):
            continue
        names = ("both", "first_only", "second_only", "neither")
        result = answer(OF_COUNTS[name], paired.Pairs(**dict(zip(names, cells, strict=True))))

        assert not any(math.isnan(number) for number in numbers(result))


def test_poor_tables_of_one_test_give_numbers_or_refusals():
    for tp, fp, fn, tn in itertools.product((0, 1, 40), repeat=4):
        if tp + fn == 0 or fp + tn == 0:
            continue
        counts = predictive.Counts(tp=tp, fp=fp, fn=fn, tn=tn)
        for result in (
            predictive.ppv_at(counts, prevalence=0.001),
            predictive.npv_at(counts, prevalence=0.999),
            answer(predictive.likelihood_ratio_positive, counts),
            answer(predictive.likelihood_ratio_negative, counts),
            two_proportions.miettinen_nurminen(tp, tp + fn, fp, fp + tn),
            two_proportions.newcombe(tp, tp + fn, fp, fp + tn),
            two_proportions.agresti_caffo(tp, tp + fn, fp, fp + tn),
        ):
            assert not any(math.isnan(number) for number in numbers(result))
        if tp + fp and fn + tn:
            verified = verification.Verified(
                tp=tp, fp=fp, fn=fn, tn=tn, unverified_positive=0, unverified_negative=1000
            )
            for method in (verification.sensitivity, verification.specificity):
                result = method(verified)
                assert 0 <= result.low <= result.value <= result.high <= 1


def test_poor_tables_of_two_tests_give_numbers_or_refusals():
    methods = [
        getattr(predictive_paired, f"{kind}_{value}")
        for kind in ("leisenring", "kosinski", "relative")
        for value in ("ppv", "npv")
    ]
    methods += [
        predictive_paired.relative_likelihood_ratio_positive,
        predictive_paired.relative_likelihood_ratio_negative,
    ]
    for cells in itertools.product((0, 7), repeat=8):
        counts = predictive_paired.TwoTests(cells=cells)
        for method in methods:
            result = answer(method, counts)

            assert not any(math.isnan(number) for number in numbers(result))


def test_goals_at_the_ends_are_answered():
    for goal in (0.0, 1.0):
        assert settled.further_cases(3, 5, goal=goal, rate=0.9, most=2000).searched <= 2000
        for count in (0, 5):
            for method in (binomial_test.above, binomial_test.below, binomial_test.two_sided):
                assert 0 <= method(count, 5, goal=goal).p <= 1
    assert proportions.wilson(1, 1).low > 0
