"""Readers who did not read every case: U-statistics, Obuchowski-Rockette and figures of marks."""

import runpy
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from defensible.statistics import (
    binary_endpoints,
    error_covariance,
    froc,
    froc_table,
    joint_interaction,
    leave_one_out,
    mrmc_inference,
    obuchowski_rockette,
    patient_covariance,
    reader_interaction,
    u_statistics,
    unequal_readings,
)
from defensible.statistics.arrays import Bools
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.reader_table import ReaderTable, from_dense
from tests.statistics.test_mrmc_properties import crossed_studies
from tests.statistics.test_mrmc_reference import REFERENCE, agree_with_imrmc, records, study
from tests.statistics.test_patient_covariance import marked, read

BENCH = Path(__file__).parents[2] / "bench"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference values (../shared/reference) are not here"
)


def with_gaps(table: ReaderTable | FrocTable, share: float = 0.25, seed: int = 4) -> Bools:
    """What is read; each reader keeps the first two cases of either class."""
    seen = np.random.default_rng(seed).random(table.read.shape) >= share
    for kind in (table.truth, ~table.truth):
        seen[:, :, np.flatnonzero(kind)[:2]] = True
    return seen


def gappy(seed: int = 4, n_modalities: int = 2) -> ReaderTable:
    rng = np.random.default_rng(seed)
    truth = np.arange(14) % 2 == 0
    table = from_dense(truth, rng.integers(0, 5, (n_modalities, 3, 14)) + 1.0 * truth)
    return replace(table, read=with_gaps(table))


def gappy_marks(share: float = 0.25) -> FrocTable:
    """The marks of `marked` on the cases that are read."""
    table = marked()
    seen = with_gaps(table, share)
    kept = seen[tuple(table.false_marks[:, :3].astype(np.int64).T)]
    return replace(
        table,
        read=seen,
        lesion_rating=np.where(seen[:, :, table.lesion_case], table.lesion_rating, -np.inf),
        false_rating=np.where(seen, table.false_rating, -np.inf),
        n_false=np.where(seen, table.n_false, 0),
        false_marks=table.false_marks[kept],
    )


def as_marks(table: ReaderTable) -> FrocTable:
    """One lesion a diseased case, and each rating a mark."""
    at = np.stack(np.nonzero(table.read))
    place = np.cumsum(table.truth) - 1
    return froc_table.coded(
        modalities=table.modalities,
        readers=table.readers,
        cases=table.cases,
        lesion_case=np.flatnonzero(table.truth),
        lesion_weight=np.ones(table.n_diseased),
        at=at,
        found=np.where(table.truth[at[2]], place[at[2]], -1),
        rating=table.ratings[tuple(at)],
        read=table.read,
    )


def estimates(result):
    items = (*result.modalities, *result.differences, *result.readers)
    return np.array([(item.estimate.value, item.estimate.se or 0.0) for item in items])


@needs_reference
@pytest.mark.parametrize("name", ["viper_challenge_high", "viper_screening_low"])
def test_the_wafroc_with_one_lesion_a_case_is_the_auc_of_imrmc(name):
    table = study(name)

    result = u_statistics.unbiased_of_marks(as_marks(table))

    assert result.figure == "wAFROC"
    agree_with_imrmc(result, records(name, "ustat-imrmc")[0]["results"])
    assert estimates(result) == pytest.approx(estimates(u_statistics.unbiased(table)), abs=1e-12)


@needs_reference
@pytest.mark.parametrize("name", ["viper_challenge_high", "viper_screening_low"])
def test_centred_moments_are_near_those_of_imrmc_where_few_readings_lack_their_pair(name):
    table = study(name)

    ours = u_statistics.centred(table).differences[0].estimate

    theirs = u_statistics.unbiased(table).differences[0].estimate
    assert ours.value == theirs.value
    assert ours.se == pytest.approx(theirs.se, rel=0.02)
    assert estimates(u_statistics.centred(as_marks(table))) == pytest.approx(
        estimates(u_statistics.centred(table)), abs=1e-12
    )


@given(crossed_studies(modalities=(2, 2)))
def test_where_nothing_is_missing_centred_moments_change_nothing(table):
    ours, theirs = u_statistics.centred(table), u_statistics.unbiased(table)

    for one, other in zip(ours.variance_components, theirs.variance_components, strict=True):
        assert one.value == pytest.approx(other.value, abs=1e-12)
        assert one.biased == pytest.approx(other.biased, abs=1e-12)
        assert one.coefficients == other.coefficients
    assert [one.estimate.value for one in ours.differences] == [
        one.estimate.value for one in theirs.differences
    ]


def slow_covariance(success, reads, first: int, second: int) -> float:
    """By its definition: products of deviations, less those of pairs that share nothing."""
    n_readers = success.shape[1]
    mean = [success[a][reads[a]].mean() for a in (first, second)]
    everything, apart = [], []
    cells = list(product(range(n_readers), range(success.shape[2]), range(success.shape[3])))
    ours = [cell for cell in cells if reads[first][cell]]
    theirs = [cell for cell in cells if reads[second][cell]]
    for one in ours:
        for other in theirs:
            value = (success[first][one] - mean[0]) * (success[second][other] - mean[1])
            everything.append(value)
            if all(a != b for a, b in zip(one, other, strict=True)):
                apart.append(value)
    return float(np.mean(everything) - np.mean(apart))


def test_centred_moments_of_ratings_and_marks_are_their_slow_definition():
    table = gappy()
    healthy, diseased = table.ratings[:, :, ~table.truth], table.ratings[:, :, table.truth]
    gap = diseased[:, :, None, :] - healthy[..., None]
    reads = table.read[:, :, ~table.truth][..., None] & table.read[:, :, None, table.truth]

    found = u_statistics.centred(table).variance_components

    for item, (a, b) in zip(found, ((0, 0), (0, 1), (1, 1)), strict=True):
        slow = slow_covariance((np.sign(gap) + 1) / 2, reads, a, b)
        assert item.value == pytest.approx(slow, abs=1e-12)

    marks = gappy_marks()
    success = np.zeros((2, 3, int((~marks.truth).sum()), int(marks.truth.sum())))
    place = np.cumsum(marks.truth) - 1
    for lesion, case in enumerate(marks.lesion_case):
        found, false = marks.lesion_rating[:, :, None, lesion], marks.false_rating
        false = false[:, :, ~marks.truth]
        won = 1.0 * (found > false) + 0.5 * (found == false)
        success[..., place[case]] += marks.lesion_weight[lesion] * won
    reads = marks.read[:, :, ~marks.truth][..., None] & marks.read[:, :, None, marks.truth]
    item = u_statistics.centred(marks).variance_components[1]
    assert item.value == pytest.approx(slow_covariance(success, reads, 0, 1), abs=1e-12)


def test_sensitivity_with_gaps_is_centred_and_keeps_its_value():
    table = gappy()

    result = binary_endpoints.sensitivity(table, threshold=3.0)

    right = (table.ratings >= 3.0) & table.read
    shares = right[:, :, table.truth].sum(axis=(1, 2)) / table.read[:, :, table.truth].sum((1, 2))
    assert [one.estimate.value for one in result.modalities] == pytest.approx(shares, abs=1e-12)
    assert result.method.startswith("U-statistics (centred)")


def test_the_correction_makes_the_covariance_of_two_means_unbiased():
    seen = np.zeros((2, 9), dtype=bool)
    seen[0, :6], seen[1, 3:] = True, True  # three of nine units are shared
    rng = np.random.default_rng(3)
    shared = rng.normal(size=(50_000, 1, 9))
    values = shared + rng.normal(size=(50_000, 2, 9))

    means = (values * seen).sum(axis=2, keepdims=True) / 6
    apart = np.where(seen, values - means, 0.0)
    found = np.einsum("nij,nkj->nik", apart, apart) / 36 * error_covariance.correction(seen)

    error = found.std(axis=0) / np.sqrt(50_000)
    expected = np.array([[2 / 6, 3 / 36], [3 / 36, 2 / 6]])
    assert (np.abs(found.mean(axis=0) - expected) < 4 * error).all()
    assert error_covariance.correction(np.ones((2, 5), dtype=bool)).tolist() == [[1.25] * 2] * 2


@pytest.mark.parametrize("figure", froc.FIGURES.values(), ids=list(froc.FIGURES))
def test_each_readers_figure_of_marks_is_that_of_the_cases_that_she_read(figure):
    table = gappy_marks()

    found = froc.leave_one_out(table, figure)

    used = np.flatnonzero(
        {"diseased cases": table.truth, "non-diseased cases": ~table.truth}.get(
            getattr(getattr(figure, "uses", None), "value", ""), np.ones(len(table.cases), bool)
        )
    )
    for modality, reader in np.ndindex(2, 3):
        own = table.read[modality, reader]
        lone = {"modalities": np.array([modality]), "readers": np.arange(3) == reader}
        of = froc_table.part(table, cases=own, **lone)
        assert found.values[modality, reader] == pytest.approx(
            froc.values(of, figure)[0, 0], abs=1e-13
        )
        for at in (int(np.argmax(own[used])), int(np.argmin(own[used]))):  # one read, one not
            rest = own & (np.arange(own.size) != used[at])
            expected = froc.values(froc_table.part(table, cases=rest, **lone), figure)[0, 0]
            assert found.left_out[at, modality, reader] == pytest.approx(expected, abs=1e-13)


def test_the_jackknife_of_each_cells_cases_is_the_plain_one_where_nothing_is_missing():
    of_all = froc.leave_one_out(marked(), froc.WAFROC)
    of_some = froc.leave_one_out(gappy_marks(), froc.WAFROC)

    whole = error_covariance.jackknife(of_all).matrix
    assert error_covariance.jackknife_by_cell(of_all).matrix.tolist() == whole.tolist()
    by_cell = replace(of_all, crossed=False)
    assert error_covariance.jackknife_by_cell(by_cell).matrix == pytest.approx(whole, abs=1e-15)
    # a reader's own variance: (n - 1) / n times the squares over the n cases she read
    left_out = of_some.left_out[of_some.read[:, 1, 2], 1, 2]
    own = (left_out.size - 1) * left_out.var()
    assert error_covariance.jackknife_by_cell(of_some).matrix[5, 5] == pytest.approx(own, rel=1e-12)
    with pytest.raises(ValueError, match="do not say which"):
        error_covariance.jackknife_by_cell(replace(of_some, read=None))


def test_sensitivity_by_the_jackknife_has_the_variance_of_the_mean_of_her_cases():
    table = gappy()
    figure = leave_one_out.Figure(
        name="share", of=lambda truth, ratings: float((ratings[truth] > 2).mean())
    )
    replicates = leave_one_out.of(table, replace(figure, uses=leave_one_out.Uses.DISEASED))

    found = error_covariance.jackknife_by_cell(replicates)

    right = table.ratings[0, 0, table.truth & table.read[0, 0]] > 2
    assert found.matrix[0, 0] == pytest.approx(right.var(ddof=1) / right.size, rel=1e-12)


def clustered_by_hand(table: ReaderTable, patient) -> np.ndarray:
    """Obuchowski's covariance with gaps, patient by patient, as it is written."""
    cells = list(np.ndindex(*table.read.shape[:2]))
    sums = np.zeros((len(cells), 2, 9))
    has = np.zeros(sums.shape, dtype=np.bool_)
    for place, cell in enumerate(cells):
        own, rating = table.read[cell], table.ratings[cell]
        sick, well = own & table.truth, own & ~table.truth
        win = (np.sign(rating[sick][:, None] - rating[well]) + 1) / 2
        for kind, (of, placed) in enumerate(((sick, win.mean(axis=1)), (well, win.mean(axis=0)))):
            for one in range(9):
                at = patient[of] == one
                sums[place, kind, one] = (placed[at] - win.mean()).sum() / at.size
                has[place, kind, one] = at.any()
    both = has[:, 0] | has[:, 1]

    def scale(one, other):
        n, m, s = one.sum(), other.sum(), (one & other).sum()
        return n * m / (n * m - n - m + s)

    matrix = np.zeros((len(cells), len(cells)))
    for i, j in np.ndindex(*matrix.shape):
        for kind in (0, 1):
            matrix[i, j] += sums[i, kind] @ sums[j, kind] * scale(has[i, kind], has[j, kind])
        across = sums[i, 0] @ sums[j, 1] + sums[i, 1] @ sums[j, 0]
        matrix[i, j] += across * scale(both[i], both[j])
    return matrix


def test_obuchowskis_covariance_with_gaps_is_that_by_hand_and_with_one_case_a_patient_delongs():
    table = read()
    table = replace(table, read=with_gaps(table))
    patient = np.arange(table.n_cases) % 9

    found = patient_covariance.obuchowski(table, patient)

    assert found.matrix == pytest.approx(clustered_by_hand(table, patient), abs=1e-14)
    alone = patient_covariance.obuchowski(table, np.arange(table.n_cases))
    assert alone.matrix == pytest.approx(error_covariance.delong(table).matrix, abs=1e-15)


def test_readers_who_share_no_patient_do_not_vary_together():
    table = read(n_readers=2)
    own = np.arange(table.n_cases) % 2 == np.arange(2)[:, None]
    table = replace(table, read=np.stack([own, own]))

    found = patient_covariance.obuchowski(table, np.arange(table.n_cases) % 8)

    between = found.matrix.reshape(2, 2, 2, 2)[:, 0, :, 1]
    assert between.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_the_jackknife_over_patients_with_gaps_leaves_out_what_was_read_of_them():
    table = gappy_marks()
    patient = np.arange(len(table.cases)) % 9

    found = patient_covariance.leave_patients_out(table, froc.WAFROC, patient)

    for one in range(9):
        others = froc_table.part(
            table, modalities=np.arange(2), readers=np.ones(3, dtype=bool), cases=patient != one
        )
        assert found.left_out[one] == pytest.approx(froc.values(others, froc.WAFROC), abs=1e-13)
    cases = np.arange(len(table.cases))
    alone = patient_covariance.jackknife_of_marks(table, froc.WAFROC, cases).matrix
    plain = error_covariance.jackknife_by_cell(froc.leave_one_out(table, froc.WAFROC)).matrix
    assert alone == pytest.approx(plain, abs=1e-15)


@pytest.mark.parametrize("name", ["random_readers", "fixed_readers", "fixed_cases"])
def test_with_two_modalities_each_pair_by_itself_is_obuchowski_rockette(name):
    errors = error_covariance.delong(gappy())

    assert getattr(unequal_readings, name)(errors) == getattr(obuchowski_rockette, name)(errors)


@pytest.mark.parametrize("name", ["random_readers", "fixed_readers", "fixed_cases"])
def test_with_three_modalities_a_difference_is_that_of_its_pair_alone(name):
    table = gappy(n_modalities=3)
    two = replace(table, modalities=("1", "3"), ratings=table.ratings[::2], read=table.read[::2])

    result = getattr(unequal_readings, name)(error_covariance.delong(table))

    alone = getattr(unequal_readings, name)(error_covariance.delong(two))
    found = mrmc_inference.difference(result, new="3", reference="1")
    expected = mrmc_inference.difference(alone, new="3", reference="1")
    assert (found.value, found.se) == pytest.approx((expected.value, expected.se), rel=1e-12)
    own = [one for one in result.differences if (one.first, one.second) == ("1", "3")]
    assert len(own) == (1 if name == "fixed_cases" else 4)
    assert 0 < result.equality.p < 1


def test_the_joint_test_of_two_modalities_is_the_square_of_their_t():
    errors = error_covariance.delong(gappy(seed=9))
    plain = unequal_readings.random_readers(errors)

    tested = unequal_readings._tested(plain, errors, shared=True)

    gap = plain.differences[0].estimate
    assert tested.equality.p == pytest.approx(gap.p, rel=1e-9)
    assert tested.equality.denominator_df == pytest.approx(gap.df, rel=1e-9)


def test_groups_of_readers_with_gaps_keep_the_error_that_they_do_not_share():
    rng = np.random.default_rng(2)
    truth = np.arange(80) % 2 == 0
    seen = rng.normal(size=(2, 1, 80)) + 0.3 * rng.normal(size=(2, 8, 80))  # shared by readers
    table = from_dense(truth, seen + truth)
    own = (np.arange(80) // 10) % 2 == (np.arange(8) < 4)[:, None]  # each half its own cases
    errors = error_covariance.delong(replace(table, read=np.stack([own, own])))
    group = np.arange(8) < 4

    found = reader_interaction.between_readers_with_gaps(errors, group)

    gaps = errors.values[1] - errors.values[0]
    plain = reader_interaction.between_readers(gaps, group)
    blocks = errors.matrix.reshape(2, 8, 2, 8)
    of = blocks[0, :, 0] + blocks[1, :, 1] - blocks[0, :, 1] - blocks[1, :, 0]
    off = ~np.eye(4, dtype=bool)
    excess = of[:4, :4][off].mean() + of[4:, 4:][off].mean() - 2 * of[:4, 4:].mean()
    assert excess > 0
    assert found.se**2 == pytest.approx(plain.se**2 + excess, rel=1e-12)
    joint = joint_interaction.of_readers_with_gaps(errors, group.astype(np.int64))
    assert joint.p == pytest.approx(found.p, rel=1e-9)
    assert found.value == plain.value


def test_a_mark_without_a_reading_and_a_reader_with_too_few_cases_are_told():
    table = marked()
    at = table.false_marks[0, :3].astype(np.int64)
    seen = table.read.copy()
    seen[tuple(at)] = False

    with pytest.raises(ValueError, match="a mark must stand on a case that its reader read"):
        froc_table.coded(
            modalities=table.modalities,
            readers=table.readers,
            cases=table.cases,
            lesion_case=table.lesion_case,
            lesion_weight=table.lesion_weight,
            at=at[:, None],
            found=np.array([-1]),
            rating=np.array([1.0]),
            read=seen,
        )
    few = table.read.copy()
    few[1, 2, np.flatnonzero(table.truth)[1:]] = False
    with pytest.raises(ValueError, match="reader 3 read 1 in modality 2"):
        froc.values(replace(table, read=few), froc.WAFROC)


def test_intervals_hold_the_truth_with_a_fifth_of_readings_missing_and_unbiased_moments_do_not(
    monkeypatch,
):
    monkeypatch.syspath_prepend(str(BENCH))
    model = runpy.run_path(str(BENCH / "reader_gaps_coverage.py"))
    sys.modules.pop("coverage_table", None)
    rng, n = np.random.default_rng(8), 120
    true, held = model["true_differences"](model["OWN"])["AUC"], np.zeros(3)
    truth, patient = model["patients_of"](60, several=False)

    for _ in range(n):
        seen = model["read_by"](rng, "missing at random", 8, patient)
        ratings = model["rated"](rng, truth, patient, 8, model["OWN"])[..., 0]
        table = model["of_ratings"](truth, ratings, seen)
        results = (
            u_statistics.centred(table),
            unequal_readings.random_readers(patient_covariance.obuchowski(table, patient)),
            u_statistics.unbiased(table),
        )
        gaps = [mrmc_inference.difference(one, new="2", reference="1") for one in results]
        held += [one.low <= true <= one.high for one in gaps]

    assert (held[:2] / n > 0.90).all()  # 2,000 studies: docs/methods/coverage.md
    assert held[2] < held[0] - 0.02 * n
