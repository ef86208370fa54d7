"""Agreement and measurement against irr, psych, vcd, irrCAC, epiR, iMRMC and the papers."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as made

from defensible.statistics import (
    agreement,
    bland_altman,
    icc,
    kappa,
    method_comparison,
    mrmc_limits,
    repeatability,
)
from defensible.statistics.estimate import Caution

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference values (../shared/reference) are not here"
)
FIRST = [1, 1, 2, 3, 3, 2, 1, 4, 4, 2]
SECOND = [1, 2, 2, 3, 4, 2, 1, 4, 3, 2]


def data(name):
    return np.loadtxt(REFERENCE / "data" / f"{name}.csv", delimiter=",", skiprows=1)[:, 1:]


def records(name, file):
    return json.loads((REFERENCE / "values" / name / f"{file}.json").read_text())["records"]


def near(value, rel=1e-8):
    return pytest.approx(value, rel=rel, abs=1e-12)


def rated(max_raters=4, max_value=3):
    shape = st.tuples(st.integers(3, 8), st.integers(2, max_raters))
    return shape.flatmap(lambda s: made(np.float64, s, elements=st.integers(0, max_value)))


@needs_reference
@pytest.mark.parametrize(
    ("function", "index", "field"),
    [
        (kappa.cohen, 3, "unweighted"),
        (kappa.linear, 3, "weighted"),
        (kappa.quadratic, 4, "weighted"),
    ],
)
def test_kappa_of_two_raters_agrees_with_vcd(function, index, field):
    ratings = data("psychiatric_diagnoses")
    theirs = records("psychiatric_diagnoses", "agreement")[index]["results"]

    ours = function(ratings[:, 1], ratings[:, 2])

    assert ours.value == near(theirs[field])
    assert ours.se == near(theirs[f"{field}_ase"])
    assert [ours.low, ours.high] == near(theirs[f"ci_{field}"])


@needs_reference
@pytest.mark.parametrize(("function", "index"), [(kappa.linear, 4), (kappa.quadratic, 5)])
def test_p_of_weighted_kappa_agrees_with_statsmodels(function, index):
    ratings = data("psychiatric_diagnoses")
    theirs = records("psychiatric_diagnoses", "agreement-python")[index]["results"]

    assert function(ratings[:, 1], ratings[:, 2]).p == near(theirs["p_two_sided"])


@needs_reference
def test_kappas_of_six_raters_agree_with_irr():
    ratings = data("psychiatric_diagnoses")
    theirs = records("psychiatric_diagnoses", "agreement")

    assert agreement.fleiss(ratings).value == near(theirs[18]["results"]["value"])
    assert agreement.conger(ratings).value == near(theirs[19]["results"]["value"])
    assert agreement.light(ratings).value == near(theirs[20]["results"]["value"])


@needs_reference
@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("gwet", agreement.gwet_ac1),
        ("fleiss", agreement.fleiss),
        ("bp", agreement.brennan_prediger),
    ],
)
def test_gwet_intervals_agree_with_irrcac_to_its_five_digits(name, function):
    theirs = records("psychiatric_diagnoses", "agreement-python")[1]["results"][name]

    ours = function(data("psychiatric_diagnoses"))

    assert ours.value == pytest.approx(theirs["coefficient"], abs=5.1e-6)
    assert ours.se == pytest.approx(theirs["se"], abs=5.1e-6)
    assert [ours.low, ours.high] == pytest.approx(theirs["ci95"], abs=5.1e-6)


@needs_reference
@pytest.mark.parametrize("distance", [agreement.nominal, agreement.ordinal, agreement.interval])
def test_alpha_agrees_with_the_krippendorff_package(distance):
    theirs = records("psychiatric_diagnoses", "agreement-python")[2]["results"]

    ours = agreement.krippendorff(data("psychiatric_diagnoses"), distance)

    assert ours.value == near(theirs[distance.__name__])


def test_alpha_of_krippendorffs_own_example_with_missing_ratings_is_0_743():
    # Krippendorff 2004, table of four observers and twelve units (nominal 0.743, ordinal 0.815,
    # interval 0.849), typed from the paper's widely reprinted table.
    nan = np.nan
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
        [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
    ]
    ratings = np.array(rows).T

    values = [
        agreement.krippendorff(ratings, distance).value
        for distance in (agreement.nominal, agreement.ordinal, agreement.interval)
    ]

    assert values == pytest.approx([0.743, 0.815, 0.849], abs=5e-4)


@given(rated())
@settings(max_examples=60, deadline=None)
def test_coefficients_are_defined_bounded_and_blind_to_the_order_of_raters(ratings):
    for function in (agreement.fleiss, agreement.gwet_ac1, agreement.percent_agreement):
        try:
            ours = function(ratings)
        except ValueError as refusal:
            assert "undefined" in str(refusal)  # noqa: PT017 - any other refusal must surface
            continue
        turned = function(ratings[::-1, ::-1])
        assert -1 <= ours.low <= ours.value <= ours.high <= 1
        assert turned.value == pytest.approx(ours.value, abs=1e-12)
        assert turned.low == pytest.approx(ours.low, abs=1e-9)


@given(rated(max_raters=2))
@settings(max_examples=60, deadline=None)
def test_conger_of_two_raters_is_cohen(ratings):
    try:
        ours = agreement.conger(ratings).value
    except ValueError as refusal:
        assert "undefined" in str(refusal)  # noqa: PT017 - any other refusal must surface
        return

    assert ours == pytest.approx(kappa.cohen(ratings[:, 0], ratings[:, 1]).value, abs=1e-12)


def test_perfect_agreement_is_one_without_width():
    result = kappa.cohen(FIRST, FIRST)

    assert (result.value, result.low, result.high) == (1.0, 1.0, 1.0)
    assert set(result.cautions) == {Caution.NO_VARIANCE, Caution.BOUNDARY}


def test_linear_and_quadratic_weights_of_two_categories_are_cohen():
    one, two = [0, 1, 1, 0, 1, 0], [0, 1, 0, 0, 1, 1]

    values = [function(one, two).value for function in (kappa.linear, kappa.quadratic)]

    assert values == pytest.approx([kappa.cohen(one, two).value] * 2, abs=1e-14)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: kappa.cohen([1, 1], [1, 1]), "undefined where both raters give one category"),
        (lambda: kappa.cohen([], []), "one subject or more"),
        (lambda: kappa.cohen([1, np.nan], [1, 1]), "must be finite"),
        (lambda: kappa.cohen_of_table([[1, 2, 3], [1, 2, 3]]), "must be square"),
        (lambda: kappa.cohen_of_table([[-1, 2], [1, 2]]), "0 or more; -1"),
        (lambda: agreement.fleiss([[1, 1], [1, 1]]), "undefined"),
        (
            lambda: agreement.fleiss(np.array([[1, np.nan], [1, 2]])),
            "two or more subjects rated twice; 1",
        ),
        (lambda: agreement.conger(np.array([[1, 2], [1, 1], [np.nan, 2]])), "1 ratings missing"),
        (lambda: agreement.gwet_ac1([[1, 1], [1, 1]]), "undefined with one category"),
        (lambda: agreement.krippendorff([[1, 1], [1, 1]], agreement.nominal), "undefined"),
        (lambda: icc.one_way_single([[2, 2], [2, 2]]), "all ratings are equal"),
        (lambda: icc.one_way_single([[2, 2]]), "two or more subjects and raters; 1 and 2"),
        (lambda: icc.one_way_single(np.array([[2, np.inf], [1, 2]])), "row 0, column 1"),
        (lambda: icc.agreement_single([[1, 0], [0, 1]]), "undefined here: subjects differ less"),
        (lambda: icc.one_way_single(np.array([[1e300, 0], [0, 1]])), "must not exceed 1e"),
        (lambda: bland_altman.limits_of_agreement([1, 2], [1, 2]), "three or more subjects"),
        (lambda: bland_altman.limits_of_pairs([1, 2], [1, 2], [1, 2]), "two or more subjects"),
        (lambda: method_comparison.passing_bablok([1, 2, 3, 4], [9, 5, 3, 1]), "positively"),
        (lambda: method_comparison.deming([1, 2, 3, 4], [1, 1, 1, 1]), "correlated"),
        (lambda: method_comparison.concordance([1, 1, 1], [1, 2, 3]), "constant"),
        (lambda: repeatability.within_subject_cv([[1, 0]]), "above 0 for a CV"),
        (lambda: repeatability.within_subject_sd([[1], [2]]), "each twice or more"),
        (lambda: mrmc_limits.between_reader_within_modality([[1, 2]]), "two or more readers"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_words(call, said):
    with pytest.raises(ValueError, match=said):
        call()


@needs_reference
@pytest.mark.parametrize(
    ("index", "function"),
    [
        (0, icc.one_way_single),
        (1, icc.one_way_average),
        (2, icc.consistency_single),
        (3, icc.consistency_average),
        (4, icc.agreement_single),
        (5, icc.agreement_average_as_irr),
    ],
)
def test_icc_agrees_with_irr(index, function):
    theirs = records("shrout_fleiss", "agreement")[index]["results"]

    ours = function(data("shrout_fleiss"))

    assert ours.value == near(theirs["icc"])
    assert [ours.low, ours.high] == near(theirs["ci95"])


@needs_reference
def test_icc_agrees_with_psych_in_all_six_forms_and_their_p_values():
    theirs = records("shrout_fleiss", "agreement")[6]["results"]["results"]
    forms = [
        icc.one_way_single,
        icc.agreement_single,
        icc.consistency_single,
        icc.one_way_average,
        icc.agreement_average,
        icc.consistency_average,
    ]

    for form, row in zip(forms, theirs, strict=True):
        ours = form(data("shrout_fleiss"))
        assert ours.value == near(row["ICC"])
        assert ours.p == near(row["p"])
        assert [ours.low, ours.high] == near([row["lower bound"], row["upper bound"]])


def test_raters_who_differ_by_an_offset_are_consistent_but_do_not_agree():
    subject = np.array([1.0, 4.0, 6.0, 9.0])
    ratings = np.stack([subject, subject + 2, subject - 1], axis=1)

    assert icc.consistency_single(ratings).value == 1
    assert icc.consistency_single(ratings).cautions == (Caution.NO_VARIANCE, Caution.BOUNDARY)
    assert icc.agreement_single(ratings).value < 0.9


def test_subjects_less_alike_than_chance_give_a_named_negative_icc():
    result = icc.one_way_single([[1, 9], [9, 1], [2, 8]])

    assert result.value < 0
    assert Caution.NEGATIVE_COMPONENT in result.cautions


@needs_reference
@pytest.mark.parametrize(("index", "second"), [(0, 2), (2, 1)])
def test_limits_of_agreement_agree_with_r(index, second):
    values = data("pefr")
    theirs = records("pefr", "agreement")[index]["results"]
    pair = values[:, 0], values[:, second]

    exact = bland_altman.limits_of_agreement(*pair)
    late = bland_altman.limits_of_agreement_1999(*pair)
    early = bland_altman.limits_of_agreement_1986(*pair)

    assert [exact.lower.value, exact.upper.value] == near(theirs["loa"])
    assert [exact.bias.low, exact.bias.high] == near(theirs["ci_bias"])
    assert [exact.upper.low, exact.upper.high] == near(theirs["exact_upper_loa_ci"])
    assert [exact.lower.low, exact.lower.high] == near(theirs["exact_lower_loa_ci"])
    assert [late.lower.low, late.lower.high] == near(theirs["ci_lower_loa_1999"])
    assert [early.upper.low, early.upper.high] == near(theirs["ci_upper_loa_1986"])
    assert exact.slope.value == near(theirs["proportional_slope"])
    assert exact.slope.p == near(theirs["proportional_p"])


@needs_reference
def test_concordance_agrees_with_epir():
    values = data("pefr")
    theirs = records("pefr", "agreement")[1]["results"]

    ours = method_comparison.concordance(values[:, 0], values[:, 2])

    assert ours.value == near(theirs["ccc"])
    assert [ours.low, ours.high] == near([theirs["lower"], theirs["upper"]])


@needs_reference
@pytest.mark.parametrize(
    ("study", "scanner"),
    [("mitotic_roi_counts", "scanner.A"), ("mitotic_roi_counts_c", "scanner.C")],
)
def test_mrmc_limits_agree_with_imrmc(study, scanner):
    theirs = [item["results"] for item in records(study, "limits-of-agreement-imrmc")[:3]]
    tables = {name: np.zeros((5, 40)) for name in ("microscope", scanner)}
    with (REFERENCE / "data" / "mitotic_roi_counts.csv").open() as file:
        for row in csv.DictReader(file):
            if row["modality"] in tables:
                cell = int(row["reader"]) - 1, int(row["case"]) - 1
                tables[row["modality"]][cell] = float(row["count"])
    pair = tables["microscope"], tables[scanner]

    ours = [
        mrmc_limits.within_reader_between_modality(*pair),
        mrmc_limits.between_reader_between_modality(*pair),
        mrmc_limits.between_reader_within_modality(pair[0]),
    ]

    for mine, record in zip(ours, theirs, strict=True):
        row = record["limits.of.agreement"][0]
        assert mine.variance == near(row["var.1obs"])
        assert [mine.lower, mine.upper] == near([row["la.bot"], row["la.top"]])
        assert [mine.bias.low, mine.bias.high] == near(
            [row["ci95meanDiff.bot"], row["ci95meanDiff.top"]]
        )


def test_pairs_within_subjects_reduce_to_simple_limits_as_the_scatter_within_vanishes():
    generator = np.random.default_rng(4)
    own = generator.normal(3, 2, 20)
    subject = np.repeat(np.arange(20), 2)
    first = np.repeat(own, 2) + np.tile([1e-9, -1e-9], 20)

    result = bland_altman.limits_of_pairs(subject, first, np.zeros(40))

    assert result.sd == pytest.approx(own.std(ddof=1), rel=1e-9)
    assert result.bias.value == pytest.approx(own.mean(), rel=1e-12)


def test_limits_of_replicates_restore_the_spread_of_single_measurements():
    generator = np.random.default_rng(5)
    steady = generator.normal(100, 10, (4000, 1))
    first = steady + generator.normal(0, 3, (4000, 2))
    second = steady + generator.normal(0, 4, (4000, 3))

    result = bland_altman.limits_of_replicates(first, second)

    assert result.sd == pytest.approx(5, rel=0.02)
    assert result.upper.low < 1.96 * 5 < result.upper.high


def test_methods_without_any_scatter_agree_without_width_and_say_so():
    result = bland_altman.limits_of_agreement([1, 2, 3, 4], [1, 2, 3, 4])

    assert (result.lower.value, result.upper.value) == (0, 0)
    assert result.upper.cautions == (Caution.NO_VARIANCE,)


STEPS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=7, max_size=7)


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_passing_bablok_turns_over_when_the_methods_are_exchanged(steps):
    one, two = np.cumsum(np.array(steps, dtype=float), axis=0).T

    line = method_comparison.passing_bablok(one, two).slope
    turned = method_comparison.passing_bablok(two, one).slope

    assert line.low <= line.value <= line.high
    assert turned.value == pytest.approx(1 / line.value)
    assert [turned.low, turned.high] == pytest.approx([1 / line.high, 1 / line.low])


@needs_reference
def test_passing_bablok_of_the_flow_meters_is_symmetric():
    values = data("pefr")

    line = method_comparison.passing_bablok(values[:, 0], values[:, 2]).slope
    turned = method_comparison.passing_bablok(values[:, 2], values[:, 0]).slope

    assert turned.value == pytest.approx(1 / line.value, rel=1e-12)
    assert [turned.low, turned.high] == pytest.approx([1 / line.high, 1 / line.low], rel=1e-12)


def test_lines_find_an_exact_relation():
    one = np.array([1.0, 2.0, 3.5, 5.0, 8.0])

    deming = method_comparison.deming(one, 2 + 3 * one)
    ranks = method_comparison.passing_bablok(one, 2 + 3 * one)

    assert deming.slope.value == pytest.approx(3)
    assert deming.intercept.value == pytest.approx(2)
    assert ranks.slope.value == pytest.approx(3)
    assert ranks.intercept.value == pytest.approx(2)


def test_demings_line_with_equal_errors_is_the_first_principal_axis():
    generator = np.random.default_rng(6)
    one = generator.normal(0, 1, 30)
    two = 0.7 * one + generator.normal(0, 0.3, 30)
    axis = np.linalg.svd(np.stack([one - one.mean(), two - two.mean()], 1))[2][0]

    assert method_comparison.deming(one, two).slope.value == pytest.approx(axis[1] / axis[0])


def test_repeatability_coefficient_is_2_77_within_subject_deviations():
    replicates = [[10.0, 12.0], [20.0, 19.0], [15.0, 15.0]]

    sd = repeatability.within_subject_sd(replicates)
    coefficient = repeatability.repeatability_coefficient(replicates)

    assert sd.value == pytest.approx(np.sqrt((2 + 0.5 + 0) / 3))
    assert coefficient.value == pytest.approx(2.771808 * sd.value, rel=1e-6)
    assert coefficient.df == 3


def test_within_subject_cv_by_logarithms_recovers_a_known_scatter():
    generator = np.random.default_rng(7)
    values = np.exp(generator.normal(3, 1, (5000, 1)) + generator.normal(0, 0.1, (5000, 2)))

    by_logs = repeatability.within_subject_cv(values)
    by_squares = repeatability.within_subject_cv_root_mean_square(values)

    assert by_logs.low < np.sqrt(np.expm1(0.01)) < by_logs.high
    assert by_squares.value == pytest.approx(by_logs.value, rel=0.02)
    low, high = repeatability.percent_change_limits(values)
    assert low * high == pytest.approx(1)
    assert repeatability.limits_of_change(10, by_logs.value)[1] == pytest.approx(
        10 * high, rel=1e-6
    )
