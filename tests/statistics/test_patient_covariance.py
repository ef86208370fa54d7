"""Readers' figures where patients have several cases: Obuchowski's covariance and the jackknife."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from defensible.statistics import (
    error_covariance,
    froc,
    froc_table,
    mrmc_inference,
    obuchowski_rockette,
    patient_covariance,
)
from defensible.statistics.reader_table import ReaderTable, from_dense
from tests.statistics.scored_cases import records
from tests.statistics.test_clustered import lesion_units, needs_reference

BENCH = Path(__file__).parents[2] / "bench" / "reader_patients_coverage.py"


def read(seed: int = 1, n_readers: int = 4, n_cases: int = 40) -> ReaderTable:
    rng = np.random.default_rng(seed)
    truth = rng.random(n_cases) < 0.5
    ratings = rng.integers(0, 6, size=(2, n_readers, n_cases)) + truth
    return from_dense(truth, ratings.astype(np.float64))


@needs_reference
@pytest.mark.parametrize("study", ["froc_thompson", "froc_tony"])
def test_the_clustered_covariance_is_that_of_obuchowski_in_r(study):
    for item in records(study, "clustered-auc"):
        theirs = item["results"]
        names = item["method"].split("A = ")[1].replace(",", "").split()
        truth, first, patient = lesion_units(study, names[1], names[3])
        _, second, _ = lesion_units(study, names[7], names[9])
        table = from_dense(truth, np.stack([first, second])[:, None])

        ours = patient_covariance.obuchowski(table, patient)

        assert ours.values.ravel() == pytest.approx([theirs["auc.A"], theirs["auc.B"]], rel=1e-12)
        assert np.diag(ours.matrix) == pytest.approx(
            [theirs["auc.var.A"], theirs["auc.var.B"]], rel=1e-10
        )
        gap = np.array([1, -1])
        assert gap @ ours.matrix @ gap == pytest.approx(theirs["auc.var.AminusB"], rel=1e-10)


def test_with_one_case_a_patient_it_is_delongs():
    table = read()

    ours = patient_covariance.obuchowski(table, np.arange(table.n_cases))

    theirs = error_covariance.delong(table)
    # a patient has cases of one class only, so nothing is between the classes
    assert ours.matrix == pytest.approx(theirs.matrix, abs=1e-15)
    assert ours.values.tolist() == theirs.values.tolist()


def test_cases_given_twice_are_no_more_evidence_than_once():
    table = read()
    twice = from_dense(np.tile(table.truth, 2), np.tile(table.ratings, 2))

    ours = patient_covariance.obuchowski(twice, np.tile(np.arange(table.n_cases), 2))

    assert ours.matrix == pytest.approx(error_covariance.delong(table).matrix, abs=1e-14)
    assert np.diag(error_covariance.delong(twice).matrix).max() < np.diag(ours.matrix).max()


def test_too_few_patients_are_refused():
    table = read()

    with pytest.raises(ValueError, match="diseased cases of two or more patients in each modality"):
        patient_covariance.obuchowski(table, np.where(table.truth, 0, np.arange(table.n_cases)))
    with pytest.raises(ValueError, match="one for each of 40 cases; 3 found"):
        patient_covariance.obuchowski(table, [1, 2, 3])


def marked(seed: int = 5, n_cases: int = 30, n_marks: int = 160) -> froc_table.FrocTable:
    rng = np.random.default_rng(seed)
    lesion_case = np.sort(rng.integers(0, n_cases // 2, size=22))
    sick = np.unique(lesion_case)
    at = rng.integers(0, [[2], [3], [n_cases]], size=(3, n_marks))
    found = np.full(n_marks, -1)
    for place in range(n_marks):
        own = np.flatnonzero(lesion_case == at[2, place])
        if own.size and rng.random() < 0.6:
            found[place] = rng.choice(own)
    counts = np.bincount(lesion_case, minlength=n_cases)
    assert sick.size > 5
    return froc_table.coded(
        modalities=("1", "2"),
        readers=("1", "2", "3"),
        cases=tuple(f"{case:02}" for case in range(n_cases)),
        lesion_case=lesion_case,
        lesion_weight=1 / counts[lesion_case],
        at=at,
        found=found,
        rating=rng.integers(1, 6, size=n_marks).astype(np.float64),
    )


@pytest.mark.parametrize("figure", [froc.WAFROC, froc.AFROC, froc.WAFROC1])
def test_leaving_a_patient_out_is_taking_the_figure_of_the_others(figure):
    table = marked()
    patient = np.arange(len(table.cases)) % 9  # patients with sick and healthy cases

    ours = patient_covariance.leave_patients_out(table, figure, patient)

    for one in range(9):
        others = froc_table.part(
            table, modalities=np.arange(2), readers=np.ones(3, dtype=bool), cases=patient != one
        )
        assert ours.left_out[one] == pytest.approx(froc.values(others, figure), abs=1e-13)


def test_with_one_case_a_patient_the_jackknife_of_marks_is_the_plain_one():
    table = marked()

    ours = patient_covariance.jackknife_of_marks(table, froc.WAFROC, np.arange(len(table.cases)))

    theirs = error_covariance.jackknife(froc.leave_one_out(table, froc.WAFROC))
    assert ours.matrix == pytest.approx(theirs.matrix, abs=1e-15)
    assert ours.method == "jackknife over patients"


def test_intervals_hold_the_truth_where_patients_have_four_cases_and_delongs_do_not():
    model = runpy.run_path(str(BENCH))
    true, rng, n = model["true_difference"](), np.random.default_rng(7), 300
    held = np.zeros(2)

    for _ in range(n):
        truth, patient, ratings = model["drawn"](rng, 8, 60, 4)
        table = from_dense(truth, ratings)
        for at, errors in enumerate(
            (patient_covariance.obuchowski(table, patient), error_covariance.delong(table))
        ):
            result = obuchowski_rockette.random_readers(errors)
            gap = mrmc_inference.difference(result, new="2", reference="1")
            held[at] += gap.low <= true <= gap.high

    assert 0.92 <= held[0] / n <= 0.98  # 2,000 studies: 0.947, and 0.830 with cases as independent
    assert held[1] / n < 0.88
