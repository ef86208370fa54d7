"""Laws that reader-study analyses obey, whatever the data."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from defensible.statistics import (
    case_bootstrap,
    dorfman_berbaum_metz,
    error_covariance,
    leave_one_out,
    mrmc_inference,
    obuchowski_rockette,
    pair_products,
    placements,
    reader_table,
    u_moments,
    u_statistics,
    variance_components,
)
from defensible.statistics.estimate import Caution

# The same examples in every run, and no clock: the machine may be busy.
LAW = settings(derandomize=True, deadline=None)

AREA = leave_one_out.Figure(
    name="AUC",
    of=lambda truth, ratings: float(
        (np.sign(ratings[truth][:, None] - ratings[~truth]) + 1).mean() / 2
    ),
)


@st.composite
def crossed_studies(draw, readers=(2, 4), modalities=(1, 3)):
    """Studies with many ties, and with readers who do not differ at all."""
    n_diseased, n_healthy = draw(st.integers(2, 5)), draw(st.integers(2, 6))
    truth = np.array([True] * n_diseased + [False] * n_healthy)
    shape = (draw(st.integers(*modalities)), draw(st.integers(*readers)), truth.size)
    ratings = draw(arrays(np.int64, shape, elements=st.integers(0, 4)))
    return reader_table.from_dense(truth, ratings)


@st.composite
def gappy_studies(draw):
    """Two modalities in which every reader has read some case of either class."""
    table = draw(crossed_studies(modalities=(2, 2), readers=(2, 3)))
    read = draw(arrays(np.bool_, table.read.shape))
    read[:, :, [0, 1, -1, -2]] = True
    n = table.n_cases
    keep = np.flatnonzero(read)
    modality, reader, case = np.unravel_index(keep, read.shape)
    return reader_table.from_long(
        reader=reader,
        case=case + 1000 * n,
        modality=modality,
        truth=table.truth[case],
        rating=table.ratings.ravel()[keep],
    )


def averaged(result):
    return [item.estimate for item in result.differences if item.reader is None]


def successes(table):
    """Successes (modality, reader, non-diseased, diseased), NaN where not read: slow and plain."""
    ratings = np.where(table.read, table.ratings, np.nan)
    healthy, diseased = ratings[:, :, ~table.truth], ratings[:, :, table.truth]
    return (np.sign(diseased[:, :, None] - healthy[..., None]) + 1) / 2


def same_estimate(first, second, abs_tolerance=1e-10):
    assert first.value == pytest.approx(second.value, abs=abs_tolerance)
    assert first.low == pytest.approx(second.low, abs=1e-7)
    assert first.high == pytest.approx(second.high, abs=1e-7)
    assert (first.p is None) == (second.p is None)
    if first.p is not None:
        assert first.p == pytest.approx(second.p, abs=1e-7)


@LAW
@given(crossed_studies())
def test_placements_average_to_the_share_of_pairs_ranked_right(table):
    areas = successes(table).mean(axis=(2, 3)).ravel()

    placed = placements.of_table(table)

    assert placed.auc == pytest.approx(areas, abs=1e-12)
    assert placed.healthy.mean(axis=1) == pytest.approx(areas, abs=1e-12)


@LAW
@given(crossed_studies(modalities=(2, 3)))
def test_pseudovalues_and_jackknife_covariances_give_one_test(table):
    replicates = leave_one_out.auc(table)

    by_anova = dorfman_berbaum_metz.random_readers(replicates)
    by_covariance = obuchowski_rockette.random_readers(error_covariance.jackknife(replicates))

    for first, second in zip(averaged(by_anova), averaged(by_covariance), strict=True):
        same_estimate(first, second)
    for first, second in zip(by_anova.modalities, by_covariance.modalities, strict=True):
        same_estimate(first.estimate, second.estimate)


@LAW
@given(crossed_studies())
def test_closed_form_jackknife_is_the_figure_without_each_case(table):
    quick, slow = leave_one_out.auc(table), leave_one_out.of(table, AREA)

    assert quick.left_out == pytest.approx(slow.left_out, abs=1e-12)


@LAW
@given(crossed_studies(readers=(1, 1), modalities=(1, 1)))
def test_delong_exceeds_the_unbiased_variance_by_the_interaction_of_cases(table):
    psi = successes(table)[0, 0]
    n, m = psi.shape
    rest = psi - psi.mean(axis=0) - psi.mean(axis=1)[:, None] + psi.mean()
    interaction = (rest**2).sum() / ((n - 1) * (m - 1))

    delong, unbiased = error_covariance.delong(table), error_covariance.unbiased(table)

    excess = delong.matrix[0, 0] - unbiased.matrix[0, 0]
    assert excess == pytest.approx(interaction / (n * m), abs=1e-12)


@LAW
@given(crossed_studies(modalities=(2, 2)))
def test_u_statistics_and_unbiased_covariances_give_one_variance(table):
    moments = u_moments.of_table(table)
    errors = error_covariance.unbiased(table)
    matrix = errors.matrix.reshape(2, errors.values.shape[1], 2, -1)
    readers = errors.values.shape[1]
    gaps = errors.values[0] - errors.values[1]
    of_gaps = matrix[0, :, 0] + matrix[1, :, 1] - matrix[0, :, 1] - matrix[1, :, 0]
    off = (of_gaps.sum() - np.trace(of_gaps)) / (readers * (readers - 1))

    variance = (
        moments.covariances[0, 0].value
        + moments.covariances[1, 1].value
        - 2 * moments.covariances[0, 1].value
    )

    assert variance == pytest.approx(gaps.var(ddof=1) / readers + off, abs=1e-11)


@settings(LAW, max_examples=40)
@given(gappy_studies())
def test_moments_are_mean_products_over_what_was_read(table):
    psi = successes(table)
    n_readers, n, m = psi.shape[1:]
    sums, counts = np.zeros((2, 8))
    for r, i, j in product(range(n_readers), range(n), range(m)):
        for s, k, q in product(range(n_readers), range(n), range(m)):
            value = psi[0, r, i, j] * psi[1, s, k, q]
            if not np.isnan(value):
                moment = 4 * (r != s) + 2 * (j != q) + (i != k)
                sums[moment] += value
                counts[moment] += 1

    item = u_moments.of_table(table).covariances[0, 1]

    expected = np.divide(sums, counts, out=np.zeros(8), where=counts > 0)
    assert item.moments == pytest.approx(expected, abs=1e-12)
    assert item.coefficients[:7] == pytest.approx(counts[:7] / counts.sum(), abs=1e-12)
    means = np.nanmean(psi.reshape(2, -1), axis=1)
    assert item.value == pytest.approx(np.dot(item.coefficients, item.moments), abs=1e-12)
    assert u_moments.of_table(table).auc == pytest.approx(means, abs=1e-12)


@LAW
@given(gappy_studies())
def test_products_of_one_reader_are_exact(table):
    psi = np.nan_to_num(successes(table))

    one, both = pair_products.same_pair(table)

    assert one.tolist() == np.einsum("arij,brij->abr", psi, psi).tolist()
    assert both.tolist() == np.einsum("arij,bsij->ab", psi, psi).tolist()


ANALYSES = [
    lambda table: obuchowski_rockette.random_readers(error_covariance.delong(table)),
    lambda table: obuchowski_rockette.fixed_readers(error_covariance.unbiased(table)),
    lambda table: dorfman_berbaum_metz.random_readers(leave_one_out.auc(table)),
    u_statistics.unbiased,
    u_statistics.biased,
]


@pytest.mark.parametrize("analysis", ANALYSES)
@settings(LAW, max_examples=15)
@given(table=crossed_studies(modalities=(2, 2)), seed=st.integers(0, 99))
def test_order_scale_and_direction_of_the_ratings_change_nothing(analysis, table, seed):
    generator = np.random.default_rng(seed)
    cases = generator.permutation(table.n_cases)
    readers = generator.permutation(len(table.readers))
    ratings = table.ratings[:, readers][:, :, cases]
    changed = {
        "order": reader_table.from_dense(table.truth[cases], ratings),
        "scale": reader_table.from_dense(table.truth, np.exp(table.ratings) - 7),
        "direction": reader_table.from_dense(~table.truth, -table.ratings),
    }

    before = analysis(table)

    for other in changed.values():
        after = analysis(other)
        for first, second in zip(averaged(before), averaged(after), strict=True):
            same_estimate(first, second)
        for first, second in zip(before.modalities, after.modalities, strict=True):
            same_estimate(first.estimate, second.estimate)


@pytest.mark.parametrize("analysis", ANALYSES)
@settings(LAW, max_examples=30)
@given(table=crossed_studies(modalities=(2, 2)))
def test_no_result_is_ever_undefined(analysis, table):
    result = analysis(table)

    estimates = [item.estimate for item in result.modalities]
    estimates += [item.estimate for item in result.readers]
    estimates += [item.estimate for item in result.differences]
    for estimate in estimates:
        assert np.isfinite([estimate.value, estimate.low, estimate.high]).all()
        assert estimate.low <= estimate.value <= estimate.high
        assert estimate.se is None or estimate.se > 0
        if estimate.se is None:
            assert estimate.p is None
            assert Caution.NO_VARIANCE in estimate.cautions
        if estimate.p is not None:
            assert 0 <= estimate.p <= 1


@LAW
@given(crossed_studies(modalities=(2, 2)))
def test_a_difference_turned_round_only_changes_its_sign(table):
    result = obuchowski_rockette.random_readers(error_covariance.delong(table))

    one = mrmc_inference.difference(result, new="1", reference="2")
    two = mrmc_inference.difference(result, new="2", reference="1")

    assert (one.value, one.low, one.high) == (-two.value, -two.high, -two.low)
    assert one.p == two.p


@LAW
@given(
    st.builds(
        variance_components.ObuchowskiRockette,
        **{
            name: st.floats(-1, 1)
            for name in ("reader", "modality_reader", "error", "cov1", "cov2", "cov3")
        },
    ),
    st.integers(2, 500),
)
def test_components_survive_the_way_there_and_back(components, n_cases):
    there = variance_components.dorfman_berbaum_metz(components, n_cases=n_cases)
    sizes = {"n_modalities": 2, "n_readers": 5, "n_cases": n_cases}
    squares = variance_components.mean_squares(there, **sizes)

    back = variance_components.obuchowski_rockette_of_pseudovalues(
        variance_components.components_of_mean_squares(squares, **sizes), n_cases=n_cases
    )

    for name in ("reader", "modality_reader", "error", "cov1", "cov2", "cov3"):
        assert getattr(back, name) == pytest.approx(getattr(components, name), abs=1e-8)


def simulated(n, readers=3, seed=5):
    generator = np.random.default_rng(seed)
    truth = np.arange(n) % 2 == 0
    case = generator.normal(size=n) + 1.2 * truth
    return reader_table.from_dense(truth, case + generator.normal(size=(2, readers, n)) * 0.7)


def test_bootstrap_covariances_come_near_delong_and_repeat_with_the_seed():
    table = simulated(80)

    first = error_covariance.bootstrap(case_bootstrap.auc(table, seed=3, replicates=4000))
    again = error_covariance.bootstrap(case_bootstrap.auc(table, seed=3, replicates=4000))
    other = error_covariance.bootstrap(case_bootstrap.auc(table, seed=4, replicates=4000))

    assert first.matrix.tolist() == again.matrix.tolist()
    assert first.matrix.tolist() != other.matrix.tolist()
    delong = error_covariance.delong(table).matrix
    # A bootstrap variance has a relative error of sqrt(2 / 4000) = 0.022, and lacks (n - 1) / n.
    assert np.diag(first.matrix) == pytest.approx(np.diag(delong), rel=0.12)


def test_bootstrap_by_weights_is_the_figure_in_the_sample():
    table = simulated(30)
    quick = case_bootstrap.auc(table, seed=1, replicates=50)
    slow = case_bootstrap.of(table, AREA, seed=1, replicates=400)

    assert quick.values == pytest.approx(slow.values, abs=1e-12)
    assert quick.replicates.mean(axis=0) == pytest.approx(slow.values, abs=0.05)
    assert slow.replicates.mean(axis=0) == pytest.approx(slow.values, abs=0.02)


def test_a_figure_of_another_kind_is_jackknifed_and_bootstrapped_alike():
    table = simulated(60)
    mean_gap = leave_one_out.Figure(
        name="mean gap",
        of=lambda truth, ratings: float(ratings[truth].mean() - ratings[~truth].mean()),
        lowest=-np.inf,
        highest=np.inf,
    )

    jackknife = error_covariance.jackknife(leave_one_out.of(table, mean_gap))
    bootstrap = error_covariance.bootstrap(
        case_bootstrap.of(table, mean_gap, seed=2, replicates=800)
    )

    assert np.diag(bootstrap.matrix) == pytest.approx(np.diag(jackknife.matrix), rel=0.2)
