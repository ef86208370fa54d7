"""Groups of one table: every figure is that of the group alone."""

import numpy as np
import pytest
from hypothesis import given

from defensible.statistics import clustered, grouped, grouped_clustered, grouped_patients, roc
from tests.statistics.scored_cases import grouped_cases, quick

GROUPS = 4


def stays(patient, codes, n_groups=GROUPS):
    return grouped_patients.stays(grouped_patients.by_patient(patient), codes, n_groups)


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

    ours = grouped_clustered.aucs(grouped.sort(truth, scores), stays(patient, codes), codes, GROUPS)

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

    ours = grouped_clustered.rates(truth, positive, stays(patient, codes), codes, GROUPS)

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


@pytest.mark.parametrize(("n_groups", "width"), [(7, np.int8), (20_000, np.int64)])
def test_a_large_table_agrees_with_each_group_alone(n_groups, width):
    rng = np.random.default_rng(5)
    n = 300_000
    truth, patient = rng.random(n) < 0.2, rng.integers(0, 90_000, n)
    scores, codes = np.round(rng.normal(size=n) + truth, 3), rng.integers(-1, 7, n).astype(width)
    cases, held = grouped.sort(truth, scores), stays(patient, codes, n_groups)

    plain = grouped.aucs(cases, codes, n_groups)
    ours = grouped_clustered.aucs(cases, held, codes, n_groups)
    share = grouped_clustered.shares(scores > 0, truth, held, codes, n_groups)

    for group in range(7):
        kept = codes == group
        assert plain.se[group] == pytest.approx(roc.auc(truth[kept], scores[kept]).se, rel=1e-12)
        alone = clustered.auc(truth[kept], scores[kept], patient[kept])
        assert ours.se[group] == pytest.approx(alone.se, rel=1e-12)
        diseased = kept & truth
        alone = clustered.proportion(scores[diseased] > 0, patient[diseased])
        assert share.se[group] == pytest.approx(alone.se, rel=1e-12)
        assert share.n_clusters[group] == np.unique(patient[diseased]).size


def test_one_patient_has_more_cases_than_are_sorted_at_a_time():
    n = 300_000
    truth, scores = np.arange(n) % 3 == 0, np.arange(n) % 1000 / 7.0
    patient = np.minimum(np.arange(n) // 3, 5)

    ours = grouped_clustered.aucs(
        grouped.sort(truth, scores), stays(patient, truth * 0, 1), truth * 0, 1
    )

    assert ours.n_clusters[0] == 6
    assert ours.se[0] == pytest.approx(clustered.auc(truth, scores, patient).se, rel=1e-12)


def test_more_groups_than_16_bit_codes_and_patients_beyond_32_bits():
    truth, scores = np.arange(80) % 2 == 0, np.arange(80.0) % 9
    codes, patient = np.arange(80) % 2 * 0 + 39_999, np.arange(80) * 10**8

    ours = grouped_clustered.aucs(
        grouped.sort(truth, scores), stays(patient, codes, 40_000), codes, 40_000
    )

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
        grouped_patients.by_patient(np.array([-1]))
