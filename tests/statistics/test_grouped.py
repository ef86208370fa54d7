"""Groups of one table: every figure is that of the group alone."""

import numpy as np
import pytest
from hypothesis import given

from defensible.statistics import clustered, grouped, grouped_clustered, roc
from tests.statistics.scored_cases import grouped_cases, quick

GROUPS = 4


@quick
@given(grouped_cases())
def test_each_group_has_the_area_and_error_that_it_has_alone(cases):
    truth, scores, codes, _ = cases

    ours = grouped.aucs(grouped.sort(truth, scores), codes, GROUPS)

    for group in range(GROUPS):
        kept = codes == group
        m, n = int(truth[kept].sum()), int((~truth[kept]).sum())
        assert (ours.n_diseased[group], ours.n_healthy[group]) == (m, n)
        assert ours.has_value[group] == (min(m, n) >= 1)
        assert ours.defined[group] == (min(m, n) >= 2)
        if ours.has_value[group]:
            alone = roc.placements(truth[kept], scores[kept]).area
            assert ours.value[group] == pytest.approx(alone, abs=1e-12)
        if ours.defined[group]:
            assert ours.se[group] == pytest.approx(roc.auc(truth[kept], scores[kept]).se, abs=1e-12)


@quick
@given(grouped_cases())
def test_each_group_has_the_clustered_area_that_it_has_alone(cases):
    truth, scores, codes, patient = cases

    ours = grouped_clustered.aucs(grouped.sort(truth, scores), patient, codes, GROUPS)

    plain = grouped.aucs(grouped.sort(truth, scores), codes, GROUPS)
    assert ours.value == pytest.approx(plain.value, abs=1e-12)
    for group in range(GROUPS):
        kept = codes == group
        who = [np.unique(patient[kept & kind]).size for kind in (truth, ~truth)]
        assert ours.n_clusters[group] == np.unique(patient[kept]).size
        assert ours.defined[group] == (min(who) >= 2)
        if ours.defined[group]:
            alone = clustered.auc(truth[kept], scores[kept], patient[kept])
            assert ours.se[group] == pytest.approx(alone.se, abs=1e-12)


@quick
@given(grouped_cases())
def test_each_group_has_the_clustered_sensitivity_that_it_has_alone(cases):
    truth, scores, codes, patient = cases
    positive = scores > 0

    ours = grouped_clustered.rates(truth, positive, patient, codes, GROUPS)

    for kind, success, found in (
        (truth, positive, ours.sensitivity),
        (~truth, ~positive, ours.specificity),
    ):
        low, high = found.limits(level=0.9)
        for group in range(GROUPS):
            kept = (codes == group) & kind
            assert (found.n[group], found.count[group]) == (kept.sum(), success[kept].sum())
            assert found.defined[group] == (np.unique(patient[kept]).size >= 2)
            if found.defined[group]:
                alone = clustered.proportion(success[kept], patient[kept], level=0.9)
                assert found.value[group] == alone.value
                assert found.se[group] == pytest.approx(alone.se, abs=1e-12)
                assert (low[group], high[group]) == pytest.approx((alone.low, alone.high), abs=1e-9)


@quick
@given(grouped_cases())
def test_counts_of_each_group_are_those_of_its_cases(cases):
    truth, scores, codes, _ = cases
    positive = scores > 0

    ours = grouped.rates(truth, positive, codes, GROUPS)

    for group in range(GROUPS):
        kept = codes == group
        assert ours.tp[group] == (truth & positive)[kept].sum()
        assert ours.fp[group] == (~truth & positive)[kept].sum()
        assert ours.fn[group] == (truth & ~positive)[kept].sum()
        assert ours.tn[group] == (~truth & ~positive)[kept].sum()
    assert ours.n_diseased.sum() + ours.n_healthy.sum() == (codes >= 0).sum()


def test_a_large_table_agrees_with_each_group_alone():
    rng = np.random.default_rng(5)
    n = 30_000
    truth, patient = rng.random(n) < 0.2, rng.integers(0, 9000, n)
    scores, codes = np.round(rng.normal(size=n) + truth, 2), rng.integers(-1, 7, n)

    plain = grouped.aucs(grouped.sort(truth, scores), codes, 7)
    ours = grouped_clustered.aucs(grouped.sort(truth, scores), patient, codes, 7)

    for group in range(7):
        kept = codes == group
        assert plain.se[group] == pytest.approx(roc.auc(truth[kept], scores[kept]).se, rel=1e-12)
        alone = clustered.auc(truth[kept], scores[kept], patient[kept])
        assert ours.se[group] == pytest.approx(alone.se, rel=1e-12)


def test_more_groups_than_16_bit_codes_and_patients_beyond_32_bits():
    truth, scores = np.arange(80) % 2 == 0, np.arange(80.0) % 9
    codes, patient = np.arange(80) % 2 * 0 + 39_999, np.arange(80) * 10**8

    ours = grouped_clustered.aucs(grouped.sort(truth, scores), patient, codes, 40_000)

    assert ours.se[39_999] == pytest.approx(roc.auc(truth, scores).se, abs=1e-12)
    assert ours.defined.sum() == 1


@pytest.mark.parametrize(
    ("codes", "n_groups", "message"),
    [
        ([0, 1, 2], 2, "codes must lie between -1 and n_groups - 1 = 1; 0 to 2 found"),
        ([0, -2, 1], 2, "codes must lie between -1 and n_groups - 1 = 1; -2 to 1 found"),
        ([0.0, 1.0, 0.0], 2, "codes must be one-dimensional integers"),
        ([0, 1], 2, "must have the same length; 3 and 2 found"),
        ([0, 0, 0], 0, "n_groups must be 1 or more; 0 found"),
    ],
)
def test_codes_that_name_no_group_are_refused(codes, n_groups, message):
    cases = grouped.sort(np.array([1, 0, 1]), np.array([1.0, 2.0, 3.0]))

    with pytest.raises(ValueError, match=message):
        grouped.aucs(cases, np.array(codes), n_groups)


def test_patients_must_be_codes():
    with pytest.raises(ValueError, match="patient must hold codes 0, 1"):
        grouped_clustered.shares(np.array([True]), np.array([-1]), np.array([0]), 1)
