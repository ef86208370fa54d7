"""Strata of cases whose patients may lie in several: what lies between strata, written out."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from defensible.statistics import (
    error_covariance,
    figures_of_merit,
    froc,
    froc_table,
    joint_interaction,
    leave_one_out,
    patient_covariance,
    reader_interaction,
    strata_differences,
    two_way_spread,
)
from defensible.statistics.reader_table import ReaderTable, from_dense
from defensible.statistics.two_way_spread import Ratio
from tests.statistics.test_patient_covariance import marked

BENCH = Path(__file__).parents[2] / "bench" / "interaction_level.py"
N_CASES = 60
STRATUM = np.arange(N_CASES) % 5 % 3
TESTS = (
    joint_interaction.of_cases,
    joint_interaction.of_cases_by_these_readers,
    joint_interaction.of_these_cases,
)


def read(seed: int = 1, n_readers: int = 4) -> ReaderTable:
    rng = np.random.default_rng(seed)
    truth = np.arange(N_CASES) % 2 == 0
    return from_dense(truth, rng.integers(0, 6, size=(2, n_readers, N_CASES)) + 1.0 * truth)


def parts_of(table, patient, figure):
    return [
        figure(from_dense(table.truth[at], table.ratings[:, :, at]), patient[at])
        for at in (k == STRATUM for k in range(3))
    ]


def sensitivity(table, patient):
    return patient_covariance.of_sensitivity(table, patient, threshold=3)


def specificity(table, patient):
    return patient_covariance.of_specificity(table, patient, threshold=3)


@pytest.mark.parametrize("figure", [patient_covariance.of_auc, sensitivity, specificity])
def test_with_one_case_a_patient_nothing_lies_between_strata(figure):
    parts = parts_of(read(), np.arange(N_CASES), figure)

    ours = strata_differences.of_patients(parts)

    theirs = strata_differences.independent([one.errors for one in parts])
    assert ours.covariance == pytest.approx(theirs.covariance, abs=1e-15)
    for test in TESTS:
        assert test(ours).p == pytest.approx(test(theirs).p, rel=1e-9)


@pytest.mark.parametrize(
    ("ours", "figure"),
    [
        (sensitivity, figures_of_merit.sensitivity(3)),
        (specificity, figures_of_merit.specificity(3)),
    ],
)
def test_with_one_case_a_patient_decisions_have_the_jackknifes_covariance(ours, figure):
    table = read()

    found = ours(table, np.arange(N_CASES)).errors

    expected = error_covariance.jackknife(leave_one_out.of(table, figure))
    assert found.matrix == pytest.approx(expected.matrix, abs=1e-15)
    assert found.values == pytest.approx(expected.values, abs=1e-15)


def test_decisions_of_repeated_patients_vary_as_clusters_of_these_readers():
    table, patient = read(), np.arange(N_CASES) // 4
    right = table.ratings >= 3

    found = patient_covariance.of_sensitivity(table, patient, threshold=3).errors.matrix

    sign = np.repeat([-1, 1], 4) / 4
    ratios = [
        Ratio(number=right[at] & table.truth, of=np.tile(table.truth, (4, 1)), weight=weight)
        for at, weight in ((0, -1.0), (1, 1.0))
    ]
    expected = two_way_spread.readers_fixed(ratios, patient).variance
    assert sign @ found @ sign == pytest.approx(expected, rel=1e-12)


def test_what_lies_between_strata_of_the_auc_is_the_sum_over_patients_of_what_they_add():
    table, patient = read(), np.arange(N_CASES) // 3

    found = strata_differences.of_patients(parts_of(table, patient, patient_covariance.of_auc))

    def added(stratum, reader, who):
        """Placements of the patient's cases, less the AUC, by the size of their class."""
        total = 0.0
        for sign, ratings in zip((-1, 1), table.ratings[:, reader], strict=True):
            at = stratum == STRATUM
            sick, well = ratings[at & table.truth], ratings[at & ~table.truth]
            area = np.mean((np.sign(sick[:, None] - well) + 1) / 2)
            for case in np.flatnonzero(at & (patient == who)):
                others, way = (well, 1) if table.truth[case] else (sick, -1)
                placed = np.mean((way * np.sign(ratings[case] - others) + 1) / 2)
                total += sign * (placed - area) / (sick.size if table.truth[case] else well.size)
        return total

    whose = [np.unique(patient[k == STRATUM]) for k in range(3)]
    for one, other in ((0, 1), (1, 2)):
        k = np.union1d(whose[one], whose[other]).size
        for i, j in ((0, 0), (1, 3)):
            products = sum(added(one, i, who) * added(other, j, who) for who in range(20))
            assert found.covariance[one, other, i, j] == pytest.approx(
                k / (k - 1) * products, rel=1e-10
            )


def test_marks_between_strata_are_the_jackknife_of_patients_in_both():
    table, patient = marked(), np.arange(30) % 9
    halves = [np.arange(30) % 2 == side for side in (0, 1)]

    def half(at):
        part = froc_table.part(
            table, modalities=np.arange(2), readers=np.ones(3, dtype=bool), cases=at
        )
        return patient_covariance.of_marks(part, froc.WAFROC, patient[at])

    found = strata_differences.of_patients([half(at) for at in halves])

    # all nine patients are in both halves: each left out of both at once
    parts = [half(at) for at in halves]
    around = [one.added * 9 / 8 for one in parts]
    matrix = 8 / 9 * around[0] @ around[1].T
    sign = np.array([-1, 1])
    expected = np.einsum("m,n,minj->ij", sign, sign, matrix.reshape(2, 3, 2, 3))
    assert found.covariance[0, 1] == pytest.approx(expected, rel=1e-10)
    assert np.abs(expected).max() > 0


def test_strata_that_hold_the_same_patients_alike_cannot_differ():
    table, patient = read(), np.arange(N_CASES) // 3
    one = sensitivity(table, patient)

    two = strata_differences.of_patients([one, one])

    fixed = reader_interaction.between_cases_by_these_readers(two)
    assert (fixed.value, fixed.se) == (0.0, None)
    assert joint_interaction.of_cases_by_these_readers(two) is None


def test_too_few_patients_with_cases_of_the_class_are_refused():
    table = read()

    with pytest.raises(ValueError, match="two or more patients must have cases of the class; 1"):
        sensitivity(table, np.where(table.truth, 0, np.arange(N_CASES)))
    with pytest.raises(ValueError, match="one for each of 60 cases; 2 found"):
        specificity(table, [0, 1])


def test_the_joint_test_keeps_its_size_where_patients_lie_in_several_strata():
    model = runpy.run_path(str(BENCH))
    rng, n, held = np.random.default_rng(3), 300, 0

    for _ in range(n):
        whole, stratum, patient = model["repeated"](rng, 6, 180)
        parts = [
            patient_covariance.of_auc(model["part"](whole, stratum == k), patient[stratum == k])
            for k in range(3)
        ]
        held += model["rejects"](joint_interaction.of_cases(strata_differences.of_patients(parts)))

    assert 0.02 <= held / n <= 0.09
