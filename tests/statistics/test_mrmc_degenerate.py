"""Reader studies at their limits: too small, perfect, constant, negative components."""

import numpy as np
import pytest

from defensible.statistics import (
    binary_endpoints,
    case_bootstrap,
    dorfman_berbaum_metz,
    error_covariance,
    figures_of_merit,
    leave_one_out,
    mrmc_inference,
    near_ceiling,
    obuchowski_rockette,
    reader_table,
    standalone_reader,
    u_statistics,
)
from defensible.statistics.estimate import Caution

TRUTH = np.array([True] * 6 + [False] * 8)


def perfect(readers=4):
    return reader_table.from_dense(TRUTH, np.broadcast_to(TRUTH * 1.0, (2, readers, TRUTH.size)))


def drawn(seed, shape=(2, 4), truth=TRUTH, gain=1.0):
    generator = np.random.default_rng(seed)
    return reader_table.from_dense(
        truth, np.round(generator.normal(size=(*shape, truth.size)) + gain * truth, 1)
    )


ANALYSES = {
    "OR, DeLong": lambda table: obuchowski_rockette.random_readers(error_covariance.delong(table)),
    "OR, unbiased, fixed readers": lambda table: obuchowski_rockette.fixed_readers(
        error_covariance.unbiased(table)
    ),
    "OR, fixed cases": lambda table: obuchowski_rockette.fixed_cases(
        error_covariance.delong(table)
    ),
    "DBM": lambda table: dorfman_berbaum_metz.random_readers(leave_one_out.auc(table)),
    "U": u_statistics.unbiased,
    "V": u_statistics.biased,
}


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES)
def test_perfect_readers_have_no_variance_and_get_no_p_value(analysis):
    result = analysis(perfect())

    assert [item.estimate.value for item in result.modalities] == [1.0, 1.0]
    for item in (*result.modalities, result.differences[0]):
        assert item.estimate.se is None
        assert item.estimate.p is None
        assert Caution.NO_VARIANCE in item.estimate.cautions
    assert Caution.BOUNDARY in result.modalities[0].estimate.cautions
    assert result.equality is None


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES)
def test_constant_ratings_give_one_half_without_variance(analysis):
    table = reader_table.from_dense(TRUTH, np.full((2, 3, TRUTH.size), 2.0))

    result = analysis(table)

    assert result.modalities[0].estimate.value == 0.5
    assert result.differences[0].estimate.p is None


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES)
@pytest.mark.parametrize("truth", [np.ones(6, bool), np.zeros(6, bool)])
def test_one_class_is_refused(analysis, truth):
    table = reader_table.from_dense(truth, np.arange(36.0).reshape(2, 3, 6))

    with pytest.raises(ValueError, match="must"):
        analysis(table)


@pytest.mark.parametrize("name", ["OR, DeLong", "OR, fixed cases", "DBM", "U", "V"])
def test_one_reader_is_no_sample_of_readers(name):
    with pytest.raises(ValueError, match=r"two or more|need 2 or more"):
        ANALYSES[name](drawn(1, (2, 1)))


def test_a_level_out_of_range_is_refused():
    errors = error_covariance.delong(drawn(1))

    with pytest.raises(ValueError, match="level must lie strictly between 0 and 1"):
        obuchowski_rockette.random_readers(errors, level=95)
    with pytest.raises(ValueError, match="level must lie strictly between 0 and 1"):
        u_statistics.unbiased(drawn(1), level=1)


def test_a_negative_component_is_named_and_counts_as_zero_with_random_readers():
    tables = (drawn(seed, (2, 3)) for seed in range(50))
    errors = next(
        item
        for item in map(error_covariance.unbiased, tables)
        if "cov2 - cov3" in obuchowski_rockette.random_readers(item).variance_components.negative
    )

    random = obuchowski_rockette.random_readers(errors)
    signed = obuchowski_rockette.fixed_readers(errors)
    floored = obuchowski_rockette.fixed_readers_floored(errors)

    estimate = random.differences[0].estimate
    spread = (errors.values[0] - errors.values[1]).var(ddof=1) / 3
    assert estimate.se**2 == pytest.approx(spread, rel=1e-12)
    assert estimate.df == pytest.approx(2)
    assert Caution.NEGATIVE_COMPONENT in estimate.cautions
    assert Caution.NEGATIVE_COMPONENT in random.cautions
    assert floored.differences[0].estimate.se > signed.differences[0].estimate.se
    assert "Cov2 - Cov3 not below 0" in floored.method


def test_a_negative_unbiased_variance_gives_way_to_the_biased_one():
    tables = (drawn(seed, (2, 2), np.array([True] * 3 + [False] * 3)) for seed in range(200))
    fallen = next(
        (table, result)
        for table, result in ((table, u_statistics.unbiased(table)) for table in tables)
        if result.cautions
    )

    table, result = fallen
    biased = u_statistics.biased(table)

    affected = [
        (one.estimate, two.estimate)
        for one, two in zip(
            (*result.modalities, result.differences[0]),
            (*biased.modalities, biased.differences[0]),
            strict=True,
        )
        if Caution.NEGATIVE_COMPONENT in one.estimate.cautions
    ]
    assert affected
    for one, two in affected:
        assert "biased variance since the unbiased is not above 0" in one.method
        assert (one.se, one.p, one.low) == (two.se, two.p, two.low)


def test_readings_by_few_in_a_split_plot_are_analysed_as_they_are():
    generator = np.random.default_rng(3)
    truth = np.arange(40) % 2 == 0
    rows = [
        (reader, case, modality)
        for reader in range(6)
        for case in range(40)
        for modality in ("aided", "unaided")
        if case % 3 == reader % 3
    ]
    reader, case, modality = zip(*rows, strict=True)
    at = np.array(case)
    table = reader_table.from_long(
        reader=reader,
        case=case,
        modality=modality,
        truth=truth[at],
        rating=generator.normal(size=at.size) + truth[at],
    )

    result = u_statistics.unbiased(table)

    assert result.differences[0].estimate.se > 0
    assert result.n_readers == 6
    with pytest.raises(ValueError, match="320 readings are missing: use unbiased"):
        u_statistics.unbiased_with_hillis_df(table)


def test_who_read_one_class_only_is_left_out_of_the_readers_and_breaks_nothing():
    table = drawn(5)
    kept = [at for at in np.ndindex(*table.ratings.shape) if at[:2] != (1, 2) or TRUTH[at[2]]]
    modality, reader, case = np.transpose(kept)
    partial = reader_table.from_long(
        reader=reader,
        case=case,
        modality=modality,
        truth=TRUTH[case],
        rating=table.ratings[modality, reader, case],
    )

    result = u_statistics.unbiased(partial)

    assert ("1", "2") not in {(item.modality, item.reader) for item in result.readers}
    assert len(result.readers) == 7
    assert result.modalities[1].estimate.se > 0


def test_pseudovalues_are_refused_where_readings_are_missing():
    table = drawn(5, (1, 3))
    modality, reader, case = np.transpose(list(np.ndindex(*table.ratings.shape))[1:])
    partial = reader_table.from_long(
        reader=reader,
        case=case,
        modality=modality,
        truth=TRUTH[case],
        rating=table.ratings[modality, reader, case],
    )

    with pytest.raises(ValueError, match="readings are missing: use obuchowski_rockette"):
        dorfman_berbaum_metz.random_readers(leave_one_out.auc(partial))


def test_hillis_degrees_of_freedom_keep_estimate_and_error():
    table = drawn(4)

    plain, hillis = u_statistics.unbiased(table), u_statistics.unbiased_with_hillis_df(table)

    assert hillis.differences[0].estimate.se == pytest.approx(plain.differences[0].estimate.se)
    assert "Hillis df" in hillis.method


def test_specificity_by_u_statistics_and_by_jackknife_are_one_number():
    table = drawn(6)
    u = binary_endpoints.specificity(table, threshold=0.5)
    figure = leave_one_out.of(table, figures_of_merit.specificity(0.5))
    jackknife = obuchowski_rockette.random_readers(error_covariance.jackknife(figure))

    for one, two in zip(u.modalities, jackknife.modalities, strict=True):
        assert one.estimate.value == pytest.approx(two.estimate.value)
    assert u.n_cases == 8


@pytest.mark.parametrize("endpoint", [binary_endpoints.sensitivity, binary_endpoints.specificity])
def test_decisions_without_cases_of_the_class_are_refused(endpoint):
    truth = np.full(5, endpoint is binary_endpoints.specificity)

    with pytest.raises(ValueError, match="diseased cases; it has none"):
        endpoint(reader_table.from_dense(truth, np.zeros((1, 2, 5))), threshold=1)


def test_figures_refuse_bounds_out_of_range():
    with pytest.raises(ValueError, match="must lie between 0 and 1; 80 found"):
        figures_of_merit.sensitivity_at_specificity(80)
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        figures_of_merit.specificity_at_sensitivity(-0.1)
    with pytest.raises(ValueError, match="0 <= low < high <= 1"):
        figures_of_merit.partial_auc_over_specificity(0.9, 0.8)


def test_a_figure_that_is_not_finite_is_refused():
    broken = leave_one_out.Figure(name="odds", of=lambda _truth, _ratings: np.inf)

    with pytest.raises(ValueError, match="odds must be finite"):
        leave_one_out.of(drawn(1), broken)
    with pytest.raises(ValueError, match="odds must be finite in every bootstrap sample"):
        case_bootstrap.of(drawn(1), broken, seed=1, replicates=3)
    with pytest.raises(ValueError, match="replicates must be 2 or more"):
        case_bootstrap.auc(drawn(1), seed=1, replicates=1)


def test_margins_must_be_positive_and_bounds_finite():
    gap = obuchowski_rockette.random_readers(error_covariance.delong(drawn(1)))
    estimate = gap.differences[0].estimate

    with pytest.raises(ValueError, match=r"margin must be above 0; -0\.05 found"):
        mrmc_inference.non_inferiority(estimate, margin=-0.05)
    with pytest.raises(ValueError, match="use non_inferiority"):
        mrmc_inference.superiority(estimate, by=-0.1)
    with pytest.raises(ValueError, match="bound must be finite"):
        mrmc_inference.versus(estimate, np.nan)
    with pytest.raises(ValueError, match="the modalities are 1, 2"):
        mrmc_inference.difference(gap, new="aided", reference="1")


def test_without_variance_nothing_is_shown():
    gap = ANALYSES["OR, DeLong"](perfect()).differences[0].estimate

    test = mrmc_inference.non_inferiority(gap, margin=0.05)

    assert (test.statistic, test.p, test.shown) == (None, None, False)


def test_a_superiority_test_is_one_side_of_the_two_sided_one():
    estimate = ANALYSES["OR, DeLong"](drawn(2, gain=2)).differences[0].estimate

    test = mrmc_inference.superiority(estimate)

    two_sided = 2 * min(test.p, 1 - test.p)
    assert two_sided == pytest.approx(estimate.p, abs=1e-12)


def test_near_the_ceiling_the_logit_interval_stays_inside():
    tables = (drawn(seed, (1, 3), gain=2.0) for seed in range(50))
    estimates = (ANALYSES["OR, DeLong"](table).modalities[0].estimate for table in tables)
    estimate = next(item for item in estimates if Caution.CUT in item.cautions and item.se)

    logit = near_ceiling.logit_interval(estimate)

    assert 0 < logit.low < estimate.value < logit.high < 1
    assert estimate.value - logit.low > logit.high - estimate.value
    assert Caution.CUT not in logit.cautions


def test_at_the_ceiling_exact_bounds_take_over():
    perfect_estimate = ANALYSES["OR, DeLong"](perfect()).modalities[0].estimate

    with pytest.raises(ValueError, match="use perfect_with_fixed_readers"):
        near_ceiling.logit_interval(perfect_estimate)
    fixed = near_ceiling.perfect_with_fixed_readers(n_diseased=60, n_healthy=80)
    proportion = near_ceiling.perfect_proportion_with_fixed_readers(n_cases=60)
    random = near_ceiling.perfect_with_random_readers(n_readers=5, n_units=60)

    # Clopper-Pearson with 60 of 60: 0.025^(1/60); with 5 of 5: 0.025^(1/5).
    assert fixed.low == pytest.approx(0.9403705, abs=1e-7)
    assert proportion.low == fixed.low
    assert random.low == pytest.approx(0.4781762, abs=1e-7)
    assert fixed.high == random.high == 1.0


def test_bounds_at_the_ceiling_need_something_read():
    with pytest.raises(ValueError, match="a case of either class"):
        near_ceiling.perfect_with_fixed_readers(n_diseased=0, n_healthy=5)
    with pytest.raises(ValueError, match="n_cases must be 1 or more"):
        near_ceiling.perfect_proportion_with_fixed_readers(n_cases=0)
    with pytest.raises(ValueError, match="a reader and a unit"):
        near_ceiling.perfect_with_random_readers(n_readers=0, n_units=5)


def test_a_device_needs_one_modality_and_readers_to_face():
    errors = error_covariance.delong(drawn(1))
    one = error_covariance.delong(drawn(1, (1, 2)))

    with pytest.raises(ValueError, match="one modality; 2 found"):
        standalone_reader.random_readers(errors, "1")
    with pytest.raises(ValueError, match="no reader 'device'"):
        standalone_reader.random_readers(one, "device")
    with pytest.raises(ValueError, match="two or more readers must face the device; 1 found"):
        standalone_reader.fixed_cases(one, "1")


def test_a_device_beside_itself_is_no_different():
    table = drawn(3, (1, 4))
    same = np.concatenate([table.ratings, table.ratings[:, :1], table.ratings[:, :1]], axis=1)
    copies = reader_table.from_dense(TRUTH, same[:, [0, 4, 5]])

    result = standalone_reader.random_readers(error_covariance.delong(copies), "1")

    assert result.difference.value == 0
    assert result.difference.p is None
    assert Caution.NO_VARIANCE in result.difference.cautions
