"""A device's marks: by definition, against reader studies, RJafroc and survey."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from defensible.statistics import clustered, device_marks, froc, froc_table, patient_covariance
from defensible.statistics.device_marks import CaseMarks
from defensible.statistics.estimate import Caution
from tests.statistics.test_froc_reference import REFERENCE, STUDIES, records, study

needs_reference = pytest.mark.skipif(
    not Path(REFERENCE).is_dir(), reason="the reference values (../shared/reference) are not here"
)


def of_reader(table, modality=0, reader=0, patient=None):
    """One reader in one modality, as if it were a device."""
    return CaseMarks(
        lesion_case=table.lesion_case,
        lesion_weight=table.lesion_weight,
        lesion_rating=table.lesion_rating[modality, reader],
        false_rating=table.false_rating[modality, reader],
        patient=np.arange(len(table.cases)) if patient is None else patient,
    )


def false_scores(table, modality=0, reader=0):
    own = (table.false_marks[:, 0] == modality) & (table.false_marks[:, 1] == reader)
    return table.false_marks[own, 3]


@st.composite
def devices(draw):
    """Few cases, so that ties, misses and unmarked cases are common."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_sick, n_well = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    n_lesions = rng.integers(1, 4, n_sick)
    weight = rng.random(n_lesions.sum()) + 0.1
    lesion_case = np.repeat(np.arange(n_sick), n_lesions)
    weight /= np.bincount(lesion_case, weight)[lesion_case]

    def ratings(size):
        return np.where(rng.random(size) < 0.4, -np.inf, rng.integers(0, 4, size).astype(float))

    # patients 0 and 1 have cases of both kinds, so that every one left out leaves two classes
    patient = np.concatenate([np.arange(n_sick), np.arange(n_well) + draw(st.integers(0, 3))])
    patient[[0, 1]] = [100, 101]
    return CaseMarks(
        lesion_case=lesion_case,
        lesion_weight=weight,
        lesion_rating=ratings(lesion_case.size),
        false_rating=ratings(n_sick + n_well),
        patient=patient,
    )


def plainly(of, without=None):
    """The wAFROC pair by pair, without the cases of one patient."""
    kept = np.ones(of.false_rating.size, dtype=bool)
    if without is not None:
        kept = np.asarray(of.patient) != without
    sick = set(of.lesion_case.tolist())
    well = [case for case in range(kept.size) if kept[case] and case not in sick]
    there = [case for case in sick if kept[case]]
    total = 0.0
    for lesion, case in enumerate(of.lesion_case):
        for other in well if kept[case] else ():
            one, against = of.lesion_rating[lesion], of.false_rating[other]
            total += of.lesion_weight[lesion] * ((one > against) + 0.5 * (one == against))
    return total / (len(well) * len(there))


@settings(max_examples=60)
@given(devices())
def test_the_wafroc_and_its_jackknife_are_those_of_their_definition(of):
    found = device_marks.wafroc(of)

    without = [plainly(of, one) for one in np.unique(of.patient)]
    k = len(without)
    assert found.value == pytest.approx(plainly(of), abs=1e-12)
    assert found.se == pytest.approx(np.sqrt((k - 1) ** 2 / k * np.var(without, ddof=1)), abs=1e-9)
    assert (found.n, found.n_clusters) == (of.false_rating.size, k)
    assert 0 <= found.low <= found.value <= found.high <= 1


@settings(max_examples=40)
@given(devices())
def test_the_area_under_the_wafroc_curve_is_the_wafroc(of):
    _, across, up = device_marks.wafroc_curve(of)

    area = np.trapezoid(np.append(up, 1.0), np.append(across, 1.0))
    assert area == pytest.approx(device_marks.wafroc(of).value, abs=1e-12)


def drawn(seed=4, n=60):
    rng = np.random.default_rng(seed)
    case = rng.integers(0, n, 90)
    lesion_case = np.sort(rng.integers(0, n // 2, n))
    found = np.where(rng.random(90) < 0.5, -1, rng.integers(0, n, 90))
    found = np.where((found >= 0) & (lesion_case[found] == case), found, -1)
    hit = rng.integers(0, n, 40)
    return froc_table.from_marks(
        cases=np.arange(n),
        lesion_case=lesion_case,
        reader=np.ones(130, dtype=int),
        case=np.concatenate([case, lesion_case[hit]]),
        modality=np.ones(130, dtype=int),
        found=np.concatenate([found, hit]),
        rating=np.round(rng.normal(size=130), 1),
    )


def test_patients_with_several_cases_are_left_out_as_in_a_reader_study():
    table = drawn()
    patient = np.arange(60) // 3

    found = device_marks.wafroc(of_reader(table, patient=patient))

    errors = patient_covariance.jackknife_of_marks(table, froc.WAFROC, patient)
    assert found.value == pytest.approx(float(errors.values[0, 0]), abs=1e-12)
    assert found.se == pytest.approx(float(np.sqrt(errors.matrix[0, 0])), rel=1e-10)


def test_the_froc_curve_counts_marks_and_lesions_at_each_threshold():
    table = drawn()

    thresholds, false, up = device_marks.froc_curve(of_reader(table), false_scores(table))

    expected = froc.operating_points(table, "1", "1")
    for one, other in zip((thresholds, false, up), expected, strict=True):
        assert one == pytest.approx(other, abs=1e-15)


@needs_reference
@pytest.mark.parametrize("name", STUDIES)
def test_one_reader_as_the_device_has_rjafrocs_wafroc_and_variance(name):
    table = study(name)
    (matrix,) = (
        one["results"]["matrix"]
        for one in records(name)
        if one["method"] == "Figures of merit per modality and reader, wAFROC"
    )
    (components,) = (
        one["results"]["IndividualTrt"]
        for one in records(name)
        if one["method"] == "OR variance components, jackknife, FOM wAFROC"
    )

    for modality, row in enumerate(matrix):
        found = [
            device_marks.wafroc(of_reader(table, modality, reader)) for reader in range(len(row))
        ]

        assert [one.value for one in found] == pytest.approx(row, abs=1e-12)
        mean = np.mean([one.se**2 for one in found])
        assert mean == pytest.approx(components[modality]["varEachTrt"], rel=1e-8)


@needs_reference
@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("curve", ["FROC", "wAFROC"])
def test_curves_of_one_reader_are_rjafrocs(name, curve):
    table = study(name)
    (expected,) = (
        one["results"]
        for one in records(name)
        if one["method"] == f"Empirical operating points, {curve}, modality 1, reader 1"
    )
    of = of_reader(table)

    _, across, up = (
        device_marks.froc_curve(of, false_scores(table))
        if curve == "FROC"
        else device_marks.wafroc_curve(of)
    )

    points = [(one["genAbscissa"], one["genOrdinate"]) for one in expected]
    ours = list(zip(across.tolist(), up.tolist(), strict=True))
    if curve == "wAFROC":
        ours.append((1.0, 1.0))
    assert ours == [pytest.approx(point, abs=1e-12) for point in points]


@needs_reference
def test_lesions_of_one_reader_found_at_a_threshold_are_those_of_survey():
    table = study("froc_dobbins1")
    path = REFERENCE / "values/froc_dobbins1/clustered-lesion-sensitivity.json"
    expected = json.loads(path.read_text())["records"][0]["results"]

    found = clustered.proportion(table.lesion_rating[0, 0] >= 1, table.lesion_case)

    assert (found.count, found.n, found.n_clusters) == (25, 516, 115)
    assert found.se == pytest.approx(expected["se"], rel=1e-8)
    assert (found.low, found.high) == pytest.approx(expected["wilson_on_effective_n"], rel=1e-8)


def test_a_mean_number_of_marks_has_limits_by_t_on_the_log_scale():
    marks = np.array([0, 1, 0, 2, 4, 0, 1, 0])

    found = device_marks.marks_per_case(marks, np.arange(8))

    reach = stats.t.ppf(0.975, 7) * stats.sem(marks) / 1.0
    assert (found.value, found.n, found.df) == (1.0, 8, 7.0)
    assert found.se == pytest.approx(stats.sem(marks), rel=1e-12)
    assert (found.low, found.high) == pytest.approx((np.exp(-reach), np.exp(reach)), rel=1e-12)
    assert Caution.FEW in found.cautions


def test_cases_of_a_patient_vary_together():
    marks = np.array([0, 0, 3, 3, 1, 1])

    found = device_marks.marks_per_case(marks, [1, 1, 2, 2, 3, 3])

    alone = device_marks.marks_per_case(np.array([0, 3, 1]), [1, 2, 3])
    assert (found.value, found.n_clusters) == (alone.value, 3)
    assert found.se == pytest.approx(alone.se, rel=1e-12)


def test_no_mark_on_any_case_leaves_the_exact_upper_limit_by_patients():
    found = device_marks.marks_per_case(np.zeros(60, dtype=int), np.arange(60) // 2)

    assert (found.value, found.low) == (0.0, 0.0)
    # a Poisson number of mean 30 * high is 0 with a chance of 2.5 %
    assert found.high == pytest.approx(stats.chi2.ppf(0.975, 2) / 2 / 30, rel=1e-12)
    assert found.method == device_marks.NO_MARK
    assert Caution.BOUNDARY in found.cautions


def test_marks_that_do_not_vary_show_no_variance():
    found = device_marks.marks_per_case(np.ones(5, dtype=int), np.arange(5))

    assert (found.low, found.high) == (1.0, 1.0)
    assert Caution.NO_VARIANCE in found.cautions


@given(
    marks=st.lists(st.integers(0, 5), min_size=3, max_size=40),
    bound=st.floats(0.05, 4),
    level=st.sampled_from([0.8, 0.9, 0.95, 0.99]),
)
def test_p_is_below_alpha_exactly_where_the_limit_clears_the_bound(marks, bound, level):
    found = device_marks.marks_per_case(np.array(marks), np.arange(len(marks)), level=level)
    if found.low == found.high:
        return
    value, se, k = found.value, found.se, found.n_clusters

    below = device_marks.p_of_number(value, se, k, bound, above=False)
    over = device_marks.p_of_number(value, se, k, bound, above=True)

    assert (below < (1 - level) / 2) == (found.high < bound)
    assert (over < (1 - level) / 2) == (found.low > bound)


def test_every_lesion_above_every_false_mark_has_newcombes_limits():
    of = CaseMarks(
        lesion_case=np.arange(20),
        lesion_weight=np.ones(20),
        lesion_rating=np.full(20, 3.0),
        false_rating=np.concatenate([np.full(20, -np.inf), np.ones(10), np.full(10, -np.inf)]),
        patient=np.arange(40),
    )

    found = device_marks.wafroc(of)

    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.8 < found.low < 0.95
    assert "logit not finite" in found.method


@pytest.mark.parametrize(
    ("marks", "patient", "words"),
    [
        ([1, 2], [1, 1], "two or more patients"),
        ([1, -1], [1, 2], "0 or more"),
        ([1, 2, 3], [1, 2], "same length"),
    ],
)
def test_marks_that_give_no_interval_are_refused(marks, patient, words):
    with pytest.raises(ValueError, match=words):
        device_marks.marks_per_case(np.array(marks), patient)


def test_a_wafroc_needs_two_patients_of_either_kind():
    of = CaseMarks(
        lesion_case=np.array([0]),
        lesion_weight=np.ones(1),
        lesion_rating=np.ones(1),
        false_rating=np.zeros(4),
        patient=np.arange(4),
    )

    with pytest.raises(ValueError, match="cases with lesions"):
        device_marks.wafroc(of)
