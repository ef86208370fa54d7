"""Reader-study analyses against MRMCaov, RJafroc and iMRMC on public reader studies."""

import csv
import functools
import json
from pathlib import Path

import numpy as np
import pytest

from defensible.statistics import (
    binary_endpoints,
    dorfman_berbaum_metz,
    error_covariance,
    figures_of_merit,
    leave_one_out,
    lroc,
    mrmc_inference,
    obuchowski_rockette,
    reader_table,
    standalone_reader,
    u_statistics,
)

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference values (../shared/reference) are not here"
)
CROSSED = ["vandyke", "penedo", "dobbins2"]
JAVA_DIGITS = 5e-9  # iMRMC's Java program prints 9 significant digits


@functools.cache
def study(name, modalities=None, column="rating"):
    with (REFERENCE / "data" / f"{name}.csv").open() as file:
        rows = [
            row for row in csv.DictReader(file) if not modalities or row["modality"] in modalities
        ]
    return reader_table.from_long(
        reader=[row["reader"] for row in rows],
        case=[row["case"] for row in rows],
        modality=[row["modality"] for row in rows],
        truth=[int(row["truth"]) for row in rows],
        rating=[float(row[column]) for row in rows],
    )


@functools.cache
def records(name, file):
    path = REFERENCE / "values" / name / f"{file}.json"
    return json.loads(path.read_text())["records"]


def near(value, rel=1e-8):
    if value == "Inf":
        return None  # infinite degrees of freedom are None here
    return pytest.approx(value, rel=rel, abs=1e-14)


def averaged(result):
    return [item for item in result.differences if item.reader is None]


def covariance_named(method, table):
    if "covariance=DeLong" in method:
        return error_covariance.delong(table)
    if "covariance=unbiased" in method:
        return error_covariance.unbiased(table)
    return error_covariance.jackknife(leave_one_out.auc(table))


def analysis_named(method, room=obuchowski_rockette):
    if "fixed cases" in method:
        return room.fixed_cases
    return room.fixed_readers if "fixed readers" in method else room.random_readers


def agree_with_mrmcaov(result, reference):
    components = result.variance_components
    ours = (
        components.reader,
        components.modality_reader,
        components.error,
        components.cov1,
        components.cov2,
        components.cov3,
    )
    for value, row in zip(ours, reference.get("variance_components", ()), strict=False):
        assert value == pytest.approx(row["Estimate"], rel=1e-8, abs=1e-12)
    test = reference["test_equality"][0]
    assert result.equality.statistic == near(test.get("F", test.get("X2")))
    assert result.equality.p == near(test["p-value"])
    for item, row in zip(averaged(result), reference["test_diffs"], strict=True):
        estimate = item.estimate
        assert f"{item.first} - {item.second}" == row["Comparison"]
        assert estimate.value == near(row["Estimate"])
        assert estimate.se == near(row["StdErr"])
        assert estimate.low == near(row["CI.Lower"], rel=1e-7)  # a difference of like numbers
        assert estimate.high == near(row["CI.Upper"], rel=1e-7)
        assert estimate.p == near(row["p-value"])
        assert estimate.df == (near(row["df"]) if "df" in row else None)
    for item, row in zip(result.modalities, reference.get("test_means", ()), strict=False):
        assert item.estimate.value == near(row["Estimate"])
        assert item.estimate.se == near(row["StdErr"])
        assert item.estimate.low == near(row["CI.Lower"])
        assert item.estimate.high == near(row["CI.Upper"])
        assert item.estimate.df == (near(row["df"]) if "df" in row else None)
    own = {
        (item.reader, f"{item.first} - {item.second}"): item.estimate for item in result.differences
    }
    for row in reference.get("reader_test_diffs", ()):
        estimate = own[row["Reader"], row["Comparison"]]
        assert estimate.value == near(row["Estimate"])
        if len(result.modalities) == 2:  # with more, MRMCaov deals readers' errors out of turn
            assert estimate.se == near(row["StdErr"])
            assert estimate.p == near(row["p-value"])


@pytest.mark.parametrize("name", CROSSED)
def test_obuchowski_rockette_agrees_with_mrmcaov(name):
    table = study(name)

    for record in records(name, "or-mrmcaov"):
        errors = covariance_named(record["method"], table)
        agree_with_mrmcaov(analysis_named(record["method"])(errors), record["results"])
        if "covariance" in record["results"]:
            matrix = np.array(record["results"]["covariance"]["matrix"])
            assert np.abs(errors.matrix - matrix).max() < 1e-12 * np.abs(matrix).max()


@pytest.mark.parametrize("modalities", [("cr-hard", "cr-soft"), ("cr-soft", "screen-film")])
def test_cases_nested_in_modalities_need_no_flag(modalities):
    table = study("kundel", modalities)
    chosen = [
        record
        for record in records("kundel", "or-mrmcaov")
        if f"{modalities[0]} and {modalities[1]}" in record["method"]
    ]

    assert len(chosen) >= 5
    for record in chosen:
        errors = covariance_named(record["method"], table)
        agree_with_mrmcaov(analysis_named(record["method"])(errors), record["results"])


def agree_with_rjafroc(result, reference):
    part = next(reference[key] for key in ("RRRC", "FRRC", "RRFC") if key in reference)
    test = part["FTests"][0]
    assert result.equality.statistic == near(test.get("FStat", test.get("Chisq", test.get("F"))))
    assert result.equality.p == near(test["p"])
    for item, row in zip(averaged(result), part["ciDiffTrt"], strict=True):
        assert item.estimate.value == near(row["Estimate"])
        assert item.estimate.se == near(row["StdErr"])
        assert item.estimate.p == near(row.get("PrGTt", row.get("PrGTz")))
        assert item.estimate.low == near(row["CILower"], rel=1e-7)  # a difference of like numbers
        assert item.estimate.df == (near(row["DF"]) if "DF" in row else None)
    for item, row in zip(result.modalities, part["ciAvgRdrEachTrt"], strict=True):
        assert item.estimate.se == near(row["StdErr"])
        assert item.estimate.low == near(row["CILower"])
    own = [item.estimate for item in result.differences if item.reader is not None]
    for estimate, row in zip(own, part.get("ciDiffTrtEachRdr", ()), strict=False):
        assert estimate.value == near(row["Estimate"])
        assert estimate.se == near(row["StdErr"])
        if len(result.modalities) == 2 or "PrGTz" in row:
            # With t modalities the error has (t - 1)(K - 1) df, where RJafroc takes K - 1.
            assert estimate.p == near(row.get("PrGTt", row.get("PrGTz")))


@pytest.mark.parametrize("name", CROSSED)
def test_both_classic_analyses_agree_with_rjafroc(name):
    replicates = leave_one_out.auc(study(name))
    errors = error_covariance.jackknife(replicates)

    for record in records(name, "or-dbm-rjafroc"):
        method = record["method"]
        if method.startswith("Obuchowski"):
            room, given = obuchowski_rockette, errors
        elif method.startswith("Dorfman"):
            room, given = dorfman_berbaum_metz, replicates
        else:
            continue
        analysis = analysis_named(method, room)
        if analysis is obuchowski_rockette.fixed_readers:
            analysis = obuchowski_rockette.fixed_readers_floored
        agree_with_rjafroc(analysis(given), record["results"])


def test_pseudovalue_mean_squares_and_components_agree_with_rjafroc():
    replicates = leave_one_out.auc(study("vandyke"))
    reference = records("vandyke", "or-dbm-rjafroc")[4]["results"]["ANOVA"]

    squares = dorfman_berbaum_metz.mean_squares(replicates)
    result = dorfman_berbaum_metz.random_readers(replicates).variance_components

    ours = (
        squares.modality,
        squares.reader,
        squares.case,
        squares.modality_reader,
        squares.modality_case,
        squares.reader_case,
        squares.modality_reader_case,
    )
    assert ours == near([row["MS"] for row in reference["TRCanova"][:7]])
    components = (
        result.reader,
        result.case,
        result.modality_reader,
        result.modality_case,
        result.reader_case,
        result.error,
    )
    assert components == near([row["Estimates"] for row in reference["VarCom"]])


def agree_with_imrmc(result, reference, key="Ustat"):
    means = {item.modality: item.estimate for item in result.modalities}
    gaps = {(item.first, item.second): item.estimate for item in averaged(result)}
    for row in reference[key]:
        first, second = row["modalityA"][1:], row["modalityB"][1:]
        alone = row["modalityB"] == "NO_MOD"
        estimate = means[first] if alone else gaps[first, second]
        whole = mrmc_inference.whole_degrees_of_freedom(
            estimate, tested_value=0.5 if alone else 0.0
        )
        assert estimate.value == near(row["AUCA" if alone else "AUCAminusAUCB"])
        assert estimate.se**2 == near(row["varAUCA" if alone else "varAUCAminusAUCB"])
        assert estimate.df == near(row["dfBDG"])
        assert whole.low == near(row["botCIBDG"], rel=1e-7)  # a difference of like numbers
        assert whole.high == near(row["topCIBDG"])
        assert whole.p == pytest.approx(row["pValueBDG"], rel=1e-8, abs=1e-12)


def agree_with_imrmc_readers(result, reference):
    own = {(item.modality, item.reader): item.estimate for item in result.readers}
    gaps = {(item.first, item.second, item.reader): item.estimate for item in result.differences}
    for row in reference["perReader"]:
        reader = row["readerID"][1:]
        reader = reader if ("reader" + reader) not in {key[1] for key in own} else "reader" + reader
        first, second = row["modalityA"][1:], row["modalityB"][1:]
        if row["modalityB"] == "NO_MOD":
            estimate = own[first, reader]
            assert estimate.value == near(row["AUCA"])
            assert (estimate.se or 0) ** 2 == near(row["varAUCA"])
        elif not isinstance(row["varAUCAminusAUCB"], str):  # "NA": no case in common
            estimate = gaps[first, second, reader]
            assert (estimate.se or 0) ** 2 == near(row["varAUCAminusAUCB"])


@pytest.mark.parametrize(
    "name", [*CROSSED, "kundel", "viper_challenge_high", "viper_screening_low"]
)
def test_u_statistics_agree_with_imrmc_in_any_design(name):
    table, reference = study(name), records(name, "ustat-imrmc")[0]["results"]

    result = u_statistics.unbiased(table)

    agree_with_imrmc(result, reference)
    agree_with_imrmc_readers(result, reference)
    agree_with_imrmc(u_statistics.biased(table), reference, "MLEstat")


@pytest.mark.parametrize("name", ["vandyke", "viper_challenge_high"])
def test_moments_and_components_agree_with_imrmc(name):
    result = u_statistics.unbiased(study(name))
    reference = records(name, "ustat-imrmc")[0]["results"]["varDecomp"]
    found = {(item.first, item.second): item for item in result.variance_components}
    letters = {
        "healthy": "N",
        "diseased": "D",
        "healthy_diseased": "ND",
        "reader": "R",
        "healthy_reader": "NR",
        "diseased_reader": "DR",
        "reader_healthy_diseased": "RND",
    }

    for kind, prefix in (("Ustat", ""), ("MLE", "biased_")):
        moments = reference["BDG"][kind]
        for row, share in zip(moments["comp"], moments["coeff"], strict=True):
            item = found[row["modalityID.1"][1:], row["modalityID.2"][1:]]
            eight = [f"M{k}" for k in range(1, 9)]
            assert getattr(item, prefix + "moments") == near([row[key] for key in eight])
            assert item.coefficients == near([share[key] for key in eight])
        components = reference["BCK"][kind]
        for row, share in zip(components["comp"], components["coeff"], strict=True):
            item = found[row["modalityID.1"][1:], row["modalityID.2"][1:]]
            for field, letter in letters.items():
                value = getattr(getattr(item, prefix + "components"), field)
                assert value == pytest.approx(row[letter], rel=1e-8, abs=1e-12)
                assert getattr(item.component_coefficients, field) == near(share[letter])


@pytest.mark.parametrize("name", CROSSED)
def test_hillis_degrees_of_freedom_agree_with_imrmc(name):
    result = u_statistics.unbiased_with_hillis_df(study(name))
    means = {item.modality: item.estimate for item in result.modalities}
    gaps = {(item.first, item.second): item.estimate for item in averaged(result)}

    for row in records(name, "ustat-imrmc")[1]["results"]["Ustat"]:
        first, second = row["modalityA"][1:], row["modalityB"][1:]
        estimate = means[first] if row["modalityB"] == "NO_MOD" else gaps[first, second]
        assert estimate.df == near(row["dfHillis"], rel=JAVA_DIGITS)


def test_component_conversions_agree_with_imrmc():
    table = study("vandyke")
    reference = records("vandyke", "ustat-imrmc")[1]["results"]["varDecomp"]["OR"]["Ustat"]
    row = reference["comp"]["m1.m2"][0]

    components = u_statistics.obuchowski_rockette_components(
        table, u_statistics.unbiased(table), "1", "2"
    )

    assert components.reader == near(row["R"], rel=5e-6)  # six digits are printed there
    assert components.modality_reader == near(row["TR"], rel=5e-6)
    assert components.error == near(row["ERROR"], rel=5e-6)
    assert components.cov1 == near(row["COV1"], rel=5e-6)
    assert components.cov2 == near(row["COV2"], rel=5e-6)
    assert components.cov3 == near(row["COV3"], rel=5e-6)


@pytest.mark.parametrize(("name", "threshold"), [("vandyke", 3), ("penedo", 3)])
def test_binary_reads_agree_with_imrmc(name, threshold):
    table, reference = study(name), records(name, "binary-sens-spec")

    sensitivity = binary_endpoints.sensitivity(table, threshold=threshold)
    specificity = binary_endpoints.specificity(table, threshold=threshold)

    for result, record in ((sensitivity, reference[0]), (specificity, reference[2])):
        for item, row in zip(result.modalities, record["results"]["Ustat"], strict=False):
            assert item.estimate.value == near(row["AUCA"])
            assert item.estimate.se**2 == near(row["varAUCA"])


@pytest.mark.parametrize("name", ["viper_challenge_high", "viper_screening_low"])
def test_split_plot_recall_decisions_agree_with_imrmc(name):
    table, reference = study(name, column="recall"), records(name, "ustat-imrmc")

    sensitivity = binary_endpoints.sensitivity_weighted_by_pairs(table, threshold=1)
    specificity = binary_endpoints.specificity_weighted_by_pairs(table, threshold=1)

    agree_with_imrmc(sensitivity, reference[2]["results"])
    for item, row in zip(specificity.modalities, reference[4]["results"]["Ustat"], strict=False):
        assert item.estimate.value == near(row["AUCA"])
        assert item.estimate.se**2 == near(row["varAUCA"])


@pytest.mark.parametrize("name", ["vandyke", "penedo"])
def test_binary_figures_by_jackknife_agree_with_mrmcaov(name):
    table = study(name)

    for record in records(name, "binary-sens-spec")[4:]:
        figure = (
            figures_of_merit.sensitivity(3)
            if "sensitivity" in record["method"]
            else figures_of_merit.specificity(3)
        )
        errors = error_covariance.jackknife(leave_one_out.of(table, figure))
        agree_with_mrmcaov(analysis_named(record["method"])(errors), record["results"])


@pytest.mark.parametrize("name", ["vandyke", "penedo"])
@pytest.mark.parametrize(
    ("record", "figure"),
    [
        (0, figures_of_merit.partial_auc_over_specificity(0.8)),
        (2, figures_of_merit.sensitivity_at_specificity(0.8)),
        (3, figures_of_merit.specificity_at_sensitivity_least(0.8)),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_other_figures_by_jackknife_agree_with_mrmcaov(name, record, figure):
    reference = records(name, "other-metrics-mrmcaov")[record]["results"]

    errors = error_covariance.jackknife(leave_one_out.of(study(name), figure))

    per_reader = [next(iter(row.values())) for row in reference["per_reader"]]
    assert errors.values.ravel() == near(per_reader)
    agree_with_mrmcaov(obuchowski_rockette.random_readers(errors), reference)


def test_partial_auc_over_sensitivity_agrees_where_the_curve_is_not_level_at_its_top():
    table = study("vandyke")
    reference = records("vandyke", "other-metrics-mrmcaov")[1]["results"]["per_reader"]

    values = leave_one_out.of(table, figures_of_merit.partial_auc_over_sensitivity(0.8)).values

    # MRMCaov joins the last rise straight to (1, 1) in the other three cells.
    same = [0, 1, 3, 4, 5, 7, 9]
    assert values.ravel()[same] == near([reference[i]["empirical_auc"] for i in same])


def test_one_reader_agrees_with_mrmcaov():
    for record in records("vandyke", "single-reader-mrmcaov"):
        reader = record["method"].split()[2].rstrip(",")
        modality = record["method"].split("modality ")[-1][0]
        alone = "single modality" in record["method"]
        table = reader_table.select(
            study("vandyke"), readers=(reader,), modalities=(modality,) if alone else None
        )

        result = obuchowski_rockette.fixed_readers(covariance_named(record["method"], table))

        if alone:
            assert result.modalities[0].estimate.se == near(record["results"]["StdErr"])
            assert result.modalities[0].estimate.high == near(min(record["results"]["CI.Upper"], 1))
            assert result.differences == ()
        else:
            row = record["results"]["test_diffs"][0]
            assert averaged(result)[0].estimate.se == near(row["StdErr"])
            assert averaged(result)[0].estimate.p == near(row["p-value"])


@pytest.mark.parametrize("name", [*CROSSED, "kundel"])
def test_non_inferiority_agrees_with_the_formula_in_r(name):
    modalities = ("cr-hard", "cr-soft") if name == "kundel" else None
    result = obuchowski_rockette.random_readers(error_covariance.delong(study(name, modalities)))

    for record in records(name, "noninferiority"):
        row = record["results"]
        reference, new = row["comparison"].split(" - ")
        gap = mrmc_inference.difference(result, new=new, reference=reference)
        test = mrmc_inference.non_inferiority(gap, margin=row["margin"])
        assert gap.value == near(row["new_minus_reference"])
        assert gap.low == near(row["lower_95two_sided"], rel=1e-7)  # a difference of like numbers
        assert test.statistic == near(row["t"])
        assert test.p == near(row["p_noninferiority"])
        assert test.shown is row["noninferior_at_one_sided_0.025"]


def test_device_against_radiologists_agrees_with_rjafroc():
    table = study("nico_cad_roc")
    reference = records("nico_cad_roc", "cad-rjafroc")
    errors = error_covariance.jackknife(leave_one_out.auc(table))

    fixed = standalone_reader.fixed_cases(errors, "1")
    random = standalone_reader.random_readers(errors, "1")

    one, two = reference[1]["results"], reference[2]["results"]
    assert fixed.readers_average.value == near(one["avgRadFom"])
    assert (fixed.difference.low, fixed.difference.high) == near(tuple(one["CIAvgDiffFom"]))
    assert fixed.difference.p == near(one["pval"])
    assert random.readers_variance == near(two["varR"])
    assert random.error == near(two["varError"])
    assert random.cov2 == near(two["cov2"])
    assert random.difference.df == near(two["df"])
    assert random.difference.p == near(two["pval"])
    assert (random.difference.low, random.difference.high) == near(tuple(two["CIAvgDiffFom"]))
    means = reference[3]["results"]["ciAvgRdrEachTrt"]
    assert random.standalone.se == near(means[0]["StdErr"])
    assert random.readers_average.df == near(means[1]["DF"])


@functools.cache
def located(name):
    with (REFERENCE / "data" / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    return lroc.from_long(
        reader=[int(row["reader"]) for row in rows],
        case=[row["case"] for row in rows],
        modality=[row["modality"] for row in rows],
        truth=[int(row["truth"]) for row in rows],
        rating=[float(row["rating"]) for row in rows],
        localised=[row["correct_location"] == "1" for row in rows],
    )


@pytest.mark.parametrize(
    ("first", "figure"),
    [
        (4, lroc.correct_localisation_at(0.05)),
        (8, lroc.correct_localisation_at(0.2)),
        (12, lroc.area(0.05)),
        (16, lroc.area(0.2)),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_localisation_by_device_and_radiologists_agrees_with_rjafroc(first, figure):
    figures, fixed, random, means = (
        record["results"] for record in records("nico_lroc", "lroc-cad-rjafroc")[first : first + 4]
    )
    errors = error_covariance.jackknife(lroc.leave_one_out(located("nico_lroc"), figure))

    of_these_cases = standalone_reader.fixed_cases(errors, "1")
    of_such_cases = standalone_reader.random_readers(errors, "1")

    assert errors.values[0] == near(figures["matrix"][0])
    assert of_these_cases.difference.p == near(fixed["pval"])
    assert of_such_cases.cov2 == near(random["cov2"])
    assert of_such_cases.error == near(random["varError"])
    assert of_such_cases.difference.df == near(random["df"])
    assert of_such_cases.difference.p == near(random["pval"])
    assert of_such_cases.standalone.se == near(means["ciAvgRdrEachTrt"][0]["StdErr"])
    assert of_such_cases.readers_average.se == near(means["ciAvgRdrEachTrt"][1]["StdErr"])
