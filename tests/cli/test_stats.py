"""The calculators: what they print agrees with the functions and with reference programs."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import logit

from defensible.cli import edge
from defensible.cli.stats import agreement, auc, compare, froc, mrmc_methods, proportion
from defensible.cli.stats.listed import CALCULATORS
from defensible.statistics import froc as froc_topic
from defensible.statistics import search_model, sizing, sizing_auc, sizing_froc, sizing_readers

ROOT = Path(__file__).resolve().parents[2]
READERS = ROOT / "tests/reference/mrmc/table.csv"
CASES = ROOT / "tests/reference/diagnostic/table.csv"
SHARED = ROOT.parent / "shared/reference"
NEEDS_SHARED = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the reference data of other programs are not on this machine"
)


@pytest.fixture
def answered(capsys):
    """The result of `defensible stats ...` as JSON, after the same call as text ended with 0."""

    def ask(*words: object) -> dict:
        assert edge.run(["stats", *map(str, words)]) == 0
        text = capsys.readouterr().out
        assert max(map(len, text.splitlines()[1:])) <= 80  # the first names the file
        assert edge.run(["stats", *map(str, words), "--format", "json"]) == 0
        envelope = json.loads(capsys.readouterr().out)
        assert envelope["schema"] == "defensible/1"
        assert envelope["problems"] == []
        return envelope["result"]

    return ask


@pytest.fixture
def refused(capsys):
    """What stands on stderr after a call that ends with 2."""

    def ask(*words: object) -> str:
        assert edge.run(["stats", *map(str, words)]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        return said.err

    return ask


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_proportion_has_the_stable_keys(answered):
    found = answered("proportion", 84, 90, "--method", "wilson")

    assert found["estimate"] == pytest.approx(84 / 90, rel=1e-15)
    # the limits that prop.test of R gives without continuity correction
    assert (found["low"], found["high"]) == pytest.approx((0.862099052256745, 0.969090072254172))
    assert {"method", "low", "high", "level", "se", "df", "p", "n", "count", "source"} < set(found)
    assert found["goal"] is None


@pytest.mark.parametrize("method", proportion.METHODS)
def test_every_method_of_a_proportion_answers_against_a_goal(answered, method):
    found = answered("proportion", 45, 50, "--method", method, "--above", 0.9)

    assert found["low"] < 0.9 < found["high"]
    assert found["goal"]["answer"] == "inconclusive"


def test_further_cases_are_counted_at_the_rate_that_is_named(answered):
    found = answered("proportion", 84, 90, "--above", 0.9, "--rate", 0.96)

    assert found["goal"]["further"]["rate"] == 0.96
    assert found["goal"]["further"]["answer"] == "supported"
    assert 0 < found["goal"]["further"]["n"] < 201  # 201 at the rate seen


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("proportion", 5, 3), "count"),
        (("proportion", 1, 3, "--method", "clopper"), "did you mean 'clopper-pearson'?"),
        (("size", "proportion", "--expected", 0.9, "--goal", 0.9), "must differ"),
        (("auc", "nowhere.csv"), "nowhere.csv"),
        (("mrmc", READERS, "--readers", "fixed", "--cases", "fixed"), "nothing varies"),
        (("mrmc", READERS, "--method", "dbm", "--covariance", "delong"), "pseudovalues"),
        (("mrmc", READERS, "--covariance", "bootstrap"), "seed"),
        (("mrmc", READERS, "--figure", "sensitivity"), "threshold"),
        (("mrmc", READERS, "--margin", 0.05), "which modality is new"),
        (("mrmc", READERS, "--new", "x", "--reference", "unaided"), "name one of"),
        (("mrmc", READERS, "--column", "score=rating"), "PART=COLUMN|There are: reader"),
        (("size", "mrmc", READERS, "--difference", 0.1, "--readers", 5), "together"),
        (("agreement", READERS, "--method", "cohen"), "two columns"),
    ],
)
def test_a_call_that_cannot_be_answered_says_what_would_be_right(refused, words, said):
    err = refused(*words)

    assert any(one in err for one in said.split("|"))
    assert "Traceback" not in err


def test_every_fault_of_a_table_is_named_in_one_pass(refused, tmp_path):
    path = table(tmp_path / "t.csv", "truth,score\nyes,0.1\n1,\n0,inf\n1,0.5\n")

    err = refused("auc", path)

    assert "column 'truth' has 1 cell that 1, 0, true or false should stand in" in err
    assert "row 1 below the header, holds 'yes'" in err
    assert "column 'score' has 2 cells that a finite number should stand in" in err
    assert "2 problems in 1 file" in err


def test_an_error_as_json_names_the_calculator(capsys, tmp_path):
    path = table(tmp_path / "t.csv", "truth,score\n1,0.1\n0,\n")

    assert edge.run(["stats", "auc", str(path), "--format", "json"]) == 2

    envelope = json.loads(capsys.readouterr().out)
    assert envelope["command"] == "stats auc"
    assert envelope["result"] is None
    assert [one["code"] for one in envelope["problems"]] == ["E029"]


def test_parquet_with_types_of_its_own_is_read_as_csv_is(answered, tmp_path):
    frame = pl.DataFrame({"truth": [True, False, True, False], "score": [3, 1, 2, 2]})
    frame.write_parquet(tmp_path / "t.parquet")
    path = table(tmp_path / "t.csv", "truth,score\n1,3\n0,1\n1,2.0\nfalse,2\n")

    assert answered("auc", tmp_path / "t.parquet") == answered("auc", path)


def test_a_class_that_is_missing_is_a_problem_of_the_table(refused, tmp_path):
    path = table(tmp_path / "t.csv", "truth,score\n1,0.1\n1,0.4\n")

    assert "E030" in refused("auc", path)


def test_an_area_of_scores_is_the_one_of_the_reference_programs(answered):
    found = answered("auc", CASES)
    reference = json.loads((CASES.parent / "values-r.json").read_text(encoding="utf-8"))

    text = json.dumps(reference)
    assert repr(round(found["estimate"], 12))[:12] in text
    assert found["n_diseased"] + found["n_healthy"] == found["n"]


def test_a_column_of_clusters_makes_the_clustered_method_the_one_that_is_used(answered):
    clustered = answered("auc", CASES, "--column", "cluster=patient")
    alone = answered("auc", CASES, "--column", "cluster=patient", "--method", "delong")

    assert clustered["method"].startswith("Obuchowski")
    assert clustered["n_clusters"] is not None
    assert alone["n_clusters"] is None
    repeated = clustered["n_clusters"] < clustered["n"]
    assert bool(alone["notes"]) == repeated


@pytest.mark.parametrize("method", [*auc.ALONE, *auc.CLUSTERED])
def test_every_method_of_an_area_answers(answered, method):
    found = answered("auc", CASES, "--method", method, "--column", "cluster=patient")

    assert 0.5 < found["low"] < found["estimate"] < found["high"] <= 1


@pytest.mark.parametrize("method", compare.AREAS)
def test_two_scores_are_compared(answered, method):
    columns = ("--column", "first=score", "--column", "second=rating")
    found = answered("compare", CASES, "--method", method, *columns, "--column", "cluster=patient")

    gap = found["first"]["estimate"] - found["second"]["estimate"]
    assert found["estimate"] == pytest.approx(gap, abs=1e-14)
    assert 0 <= found["p"] <= 1


@pytest.mark.parametrize("method", compare.SHARES)
def test_two_binary_tests_are_compared_in_either_class(answered, method):
    found = answered("compare", CASES, "--method", method)

    for metric in ("sensitivity", "specificity"):
        one = found[metric]
        assert one["low"] <= one["first"] - one["second"] <= one["high"]
        assert sum(one["pairs"].values()) == one["n"]


def test_both_roads_of_a_reader_study_are_one(answered):
    rockette = answered("mrmc", READERS, "--covariance", "jackknife")
    dorfman = answered("mrmc", READERS, "--method", "dbm")

    for key in ("estimate", "low", "high", "df", "p"):
        first, second = rockette["differences"][0][key], dorfman["differences"][0][key]
        assert first == pytest.approx(second, rel=1e-9)


@pytest.mark.parametrize("method", ["gee", "gee-exchangeable"])
def test_estimating_equations_take_readers_as_fixed(answered, refused, method):
    words = ("mrmc", READERS, "--method", method, "--figure", "sensitivity", "--at", 6)

    found = answered(*words, "--readers", "fixed")

    assert len(found["differences"]) == 1
    assert found["variance_components"] is None
    assert "takes these readers as fixed" in refused(*words)


AREAS = [one for one in mrmc_methods.METHODS if not one.startswith("gee")]


@pytest.mark.parametrize("method", AREAS)
def test_every_analysis_of_readers_has_the_stable_keys(answered, method):
    found = answered("mrmc", READERS, "--method", method)

    assert {"modalities", "readers", "differences", "variance_components"} < set(found)
    names = [one["modality"] for one in found["modalities"]]
    assert names == sorted(names)
    assert len(found["readers"]) == len(names) * found["n_readers"]


@pytest.mark.parametrize(
    ("figure", "at"),
    [
        ("sensitivity", 6),
        ("specificity", 6),
        ("sensitivity-at-specificity", 0.8),
        ("specificity-at-sensitivity", 0.8),
        ("partial-auc", 0.5),
    ],
)
def test_every_figure_of_merit_is_analysed(answered, figure, at):
    found = answered("mrmc", READERS, "--figure", figure, "--at", at)

    assert all(0 <= one["low"] <= one["high"] <= 1 for one in found["modalities"])


def test_the_bootstrap_is_repeated_by_its_seed(answered):
    words = ("mrmc", READERS, "--covariance", "bootstrap", "--replicates", 200, "--seed")

    assert answered(*words, 5) == answered(*words, 5)
    assert answered(*words, 5) != answered(*words, 6)


def test_a_margin_turns_the_difference_to_new_minus_reference(answered):
    plain = answered("mrmc", READERS)
    first, second = plain["differences"][0]["first"], plain["differences"][0]["second"]
    found = answered("mrmc", READERS, "--new", second, "--reference", first, "--margin", 0.05)

    test = found["tests"]["non-inferiority"]
    assert test["estimate"] == -plain["differences"][0]["estimate"]
    assert test["bound"] == -0.05
    assert test["shown"] == (test["low"] > -0.05)


MARKS = """reader,case,modality,mark,lesion,rating
A,1,u,LL,1,3
A,2,u,NL,,1
A,3,u,LL,1,2
A,4,u,NL,,2
B,1,u,LL,1,2
B,3,u,NL,,3
B,5,u,LL,1,4
A,1,a,LL,1,4
A,3,a,LL,1,3
A,5,a,LL,1,2
A,6,a,NL,,1
B,1,a,LL,1,3
B,2,a,NL,,1
B,3,a,LL,1,2
B,5,a,LL,1,4
"""


def marked(folder: Path, marks: str = MARKS) -> Path:
    table(folder / "cases.csv", "case\n1\n2\n3\n4\n5\n6\n")
    table(folder / "lesions.csv", "case,lesion\n1,1\n3,1\n5,1\n")
    table(folder / "marks.csv", marks)
    return folder


def test_marks_give_the_figure_of_merit(answered, tmp_path):
    found = answered("froc", marked(tmp_path), "--figure", "MaxLLF")

    means = {one["modality"]: one["estimate"] for one in found["modalities"]}
    assert means == pytest.approx({"a": 1.0, "u": 2 / 3})  # A and B found 3, 3 and 2, 2 of 3
    assert found["n_lesions"] == 3


READ = [
    (reader, case, modality)
    for reader in "AB"
    for case in range(1, 7)
    for modality in "ua"
    if (reader, case, modality) not in {("A", 5, "u"), ("B", 6, "u")}
]


def with_readings(folder: Path, read: list[tuple[str, int, str]]) -> Path:
    folder.mkdir()
    rows = [f"{reader},{case},{modality}" for reader, case, modality in read]
    table(folder / "readings.csv", "\n".join(["reader,case,modality", *rows, ""]))
    return marked(folder)


def test_a_case_that_was_not_read_is_told_from_one_without_marks(answered, tmp_path):
    some = with_readings(tmp_path / "some", READ)

    whole = answered("froc", marked(tmp_path), "--figure", "MaxLLF")
    found = answered("froc", some, "--figure", "MaxLLF")

    own = [
        one["estimate"]
        for each in (whole, found)
        for one in each["readers"]
        if (one["modality"], one["reader"]) == ("u", "A")
    ]
    assert own == pytest.approx([2 / 3, 1.0])  # A has no mark on case 5, and did not read it
    assert (whole["n_readings"], found["n_readings"]) == (24, 22)


def test_the_wafroc_of_marks_by_u_statistics(answered, tmp_path):
    folder = with_readings(tmp_path / "some", READ)

    found = answered("froc", folder, "--method", "u-statistic-centred")

    assert found["method"] == "U-statistics (centred), random readers and cases"
    assert found["figure"] == "wAFROC"
    assert found["n_cases"] == 6


def test_what_is_wrong_with_readings_of_marks_is_told(refused, tmp_path):
    less = [one for one in READ if one != ("A", 1, "u")]
    assert "reader A, case 1, modality u" in refused("froc", with_readings(tmp_path / "a", less))
    twice = [*READ, READ[0]]
    assert "1 of 23 readings" in refused("froc", with_readings(tmp_path / "b", twice))
    lone = [one for one in READ if one[0] == "A"]
    assert "B is not there" in refused("froc", with_readings(tmp_path / "c", lone))
    folder = with_readings(tmp_path / "d", READ)
    assert "has the wAFROC" in refused(
        "froc", folder, "--method", "u-statistic-centred", "--figure", "AFROC"
    )


@pytest.mark.parametrize(("word", "said"), [("LL,9", "lesions.csv"), ("XX,1", "NL or LL")])
def test_a_mark_that_fits_nowhere_is_a_problem(refused, tmp_path, word, said):
    assert said in refused("froc", marked(tmp_path, MARKS.replace("LL,1", word, 1)))


def test_the_list_of_localization_figures_is_the_one_of_the_statistics():
    assert set(froc.FIGURES) == set(froc_topic.FIGURES)


RATINGS = "subject,a,b\n1,1,1\n2,2,2\n3,3,2\n4,1,1\n5,2,3\n6,3,3\n7,1,2\n8,2,2\n"


@pytest.mark.parametrize("method", agreement.METHODS)
def test_every_method_of_agreement_answers(answered, tmp_path, method):
    found = answered("agreement", table(tmp_path / "r.csv", RATINGS), "--method", method)

    assert found["raters"] == ["a", "b"]
    assert found["source"]


def test_kappa_of_two_raters_is_the_textbook_one(answered, tmp_path):
    found = answered("agreement", table(tmp_path / "r.csv", RATINGS), "--method", "cohen")

    # agreement 5/8; chance (3*2 + 3*4 + 2*2) / 64
    assert found["estimate"] == pytest.approx((5 / 8 - 22 / 64) / (1 - 22 / 64))


def test_probabilities_are_held_against_the_truth(answered, tmp_path):
    generator = np.random.default_rng(2)
    p = generator.uniform(0.05, 0.95, 200)
    rows = [f"{int(generator.uniform() < one)},{one!r}" for one in p.tolist()]
    path = table(tmp_path / "p.csv", "truth,probability\n" + "\n".join(rows) + "\n")

    found = answered("calibration", path, "--seed", 1, "--replicates", 200, "--clip", 0.01)

    parts = found["brier_decomposition"]
    whole = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within"]
    assert whole == pytest.approx(found["brier"]["estimate"], abs=1e-12)
    assert found["slope"]["low"] < 1 < found["slope"]["high"]
    assert found["ece"]["estimate"] > 0
    assert "ece" not in answered("calibration", path, "--binning", "equal-mass")


@pytest.mark.parametrize("method", ["reml", "dersimonian-laird", "paule-mandel"])
def test_sites_are_pooled_and_a_further_one_is_predicted(answered, tmp_path, method):
    path = table(tmp_path / "s.csv", "site,count,n\na,40,50\nb,30,45\nc,55,60\n")

    found = answered("heterogeneity", path, "--method", method)

    further, average = found["new_site"], found["average"]
    assert further["low"] < average["low"] < average["high"] < further["high"]
    prior = found["with_prior"]["new_site"]
    assert further["low"] < prior["low"] < prior["high"] < further["high"]


def test_effects_with_variances_are_pooled_on_their_own_scale(answered, tmp_path):
    shares = ((40, 50), (30, 45), (55, 60))
    rows = [f"{k},{float(logit(k / n))!r},{1 / k + 1 / (n - k)!r}" for k, n in shares]
    path = table(tmp_path / "e.csv", "site,effect,variance\n" + "\n".join(rows) + "\n")

    found = answered("heterogeneity", path)

    assert found["scale"] == "as given"
    assert found["tau2"]["estimate"] == pytest.approx(0.5525, abs=1e-4)


@pytest.mark.parametrize(
    ("words", "n"),
    [
        (("proportion", "--expected", 0.95, "--goal", 0.90, "--power", 0.8, "--level", 0.95), 231),
        (("independent", "--first", 0.85, "--second", 0.8), 906),
        (("paired", "--better", 0.1, "--worse", 0.05), 498),
        (("paired", "--better", 0.05, "--worse", 0.05, "--margin", 0.05), 314),
        (("auc", "--expected", 0.85, "--goal", 0.75), 63),
        (("paired-auc", "--first", 0.85, "--second", 0.8, "--correlation", 0.5), 262),
        (
            (
                *("paired-auc", "--first", 0.85, "--second", 0.85),
                *("--correlation", 0.5, "--margin", 0.05),
            ),
            221,
        ),
        (("mean", "--expected", 0.86, "--goal", 0.82, "--sd", 0.1), 52),
        (("participants", "--goal", 0.12, "--expected", 0.05), 149),
        (("kappa", "--expected", 0.8, "--goal", 0.6, "--prevalence", 0.3), 149),
        (("icc", "--expected", 0.9, "--goal", 0.75), 33),
        (("bland-altman", "--bias", 0.1, "--sd", 1, "--margin", 2.5), 146),
        (("sites", "--expected", 0.9, "--goal", 0.8, "--tau", 0.3, "--cases-per-site", 50), 6),
        (("within-margin", "--expected", 0.95, "--goal", 0.88), 101),
        (
            (
                *("lesions", "--expected", 0.85, "--goal", 0.75),
                *("--lesions", 1.6, "--correlation", 0.3),
            ),
            115,
        ),
        (("false-marks", "--expected", 0.3, "--goal", 0.45, "--dispersion", 2), 284),
        (
            (
                *("wafroc", "--expected", 0.78, "--goal", 0.7, "--false-marks", 0.5),
                *("--found", 0.85, "--lesions", 1.5, "--correlation", 0),
            ),
            135,
        ),
    ],
)
def test_a_size_has_the_power_that_was_asked(answered, words, n):
    found = answered("size", *words)

    assert found["n"] == n
    assert found["power"] >= found["wanted"] == 0.8


def test_an_auc_is_sized_as_the_plan_sizes_it_and_the_other_formulas_are_named(answered):
    found = answered("size", "auc", "--expected", 0.85, "--goal", 0.75)

    assert found["method"] == "DeLong's interval, binormal scores"
    assert found["others"]["obuchowski"]["n"] == 97
    assert found["others"]["hanley-mcneil"]["n"] == 83
    paired = answered("size", "paired-auc", "--first", 0.8, "--second", 0.85, "--correlation", 0.5)
    assert paired["n"] == 262  # whichever of the two is the better
    assert paired["others"]["obuchowski"]["n"] == 366  # its null variance is that of the first


def test_participants_without_a_use_error_keep_the_limit_below_the_bound(answered):
    found = answered("size", "participants", "--goal", 0.05)

    assert found["n"] == 72
    assert found["besides"] == {"use errors allowed": 0}


def test_a_further_site_that_no_number_reaches_says_so(answered):
    found = answered(
        *("size", "sites", "--expected", 0.9, "--goal", 0.85),
        *("--tau", 1.0, "--cases-per-site", 50),
    )

    assert found["others"]["further site"]["n"] is None
    assert "sites" in found["others"]["further site"]["why"]


def test_sites_for_a_narrow_prediction_are_named_beside(answered):
    told = ("size", "sites", "--expected", 0.9, "--goal", 0.7, "--tau", 0.3)

    others = answered(*told, "--cases-per-site", 80, "--width", 0.25)["others"]

    assert others["narrow"]["unit"] == "sites"
    assert others["by the prior"]["n"] >= others["further site"]["n"] - 2


def test_a_pilot_gives_cases_for_each_number_of_readers(answered):
    found = answered("size", "mrmc", READERS, "--difference", 0.1)
    reached = [one for one in found["frontier"] if one["cases"] is not None]

    cases = [one["cases"] for one in reached]
    assert cases == sorted(cases, reverse=True)
    assert reached
    again = answered(
        *("size", "mrmc", READERS, "--difference", 0.1),
        *("--readers", reached[0]["readers"], "--cases", reached[0]["cases"]),
    )
    assert again["power"] == pytest.approx(reached[0]["power"], rel=1e-12)


def test_a_reader_study_without_a_pilot_is_that_of_the_plan(answered):
    told = ("size", "readers", "--unaided", 0.8, "--difference", 0.05)

    found = answered(*told)

    unit = sizing_auc.obuchowski_variance(0.825)
    points = sizing_readers.frontier(
        lambda n: sizing_readers.conjectured(
            variability="moderate", n_readers=n, unit_variance=unit
        ),
        expected=0.05,
        goal=0.0,
    )
    assert [one["cases"] for one in found["frontier"]] == [
        None if one.n_cases is None else 2 * one.n_cases for one in points
    ]
    margin = answered(*told, "--goal", -0.05)["frontier"]
    assert margin[-1]["cases"] == 2 * sizing_readers.LEAST_CASES  # no fewer are named
    assert margin[-3]["cases"] < found["frontier"][-3]["cases"]


FROC = (
    *("size", "froc", "--false-marks", 1, "--found", 0.85, "--lesions", 1.5),
    *("--correlation", 0.1, "--variability", "small"),
)


def test_readers_of_marks_are_sized_by_the_search_model(answered):
    found = answered(*FROC, "--unaided", 0.7, "--difference", 0.05)

    told = {"false_marks": 1.0, "found": 0.85}
    unaided, aided = (search_model.of_wafroc(one, **told) for one in (0.70, 0.75))
    of = sizing_froc.conjecture(unaided, aided, lesions=1.5, correlation=0.1)
    points = sizing_readers.frontier(lambda n: of.pilot(n, "small"), expected=0.05, goal=0.0)
    assert [one["cases"] for one in found["frontier"]] == [2 * one.n_cases for one in points]
    assert found["unaided"]["wafroc"] == pytest.approx(0.70)
    assert found["aided"]["mu"] == pytest.approx(aided.mu)


def test_a_gain_in_auc_is_converted_and_may_be_of_lesions_that_nobody_saw(answered):
    area = answered(*FROC, "--unaided-auc", 0.8, "--auc-difference", 0.03)
    more = answered(*FROC, "--unaided-auc", 0.8, "--auc-difference", 0.03, "--aided-found", 0.9)

    assert area["aided"]["auc"] == pytest.approx(0.83)
    assert 0.03 < area["difference"] < more["difference"]
    assert more["aided"]["found"] == 0.9


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*FROC, "--unaided", 0.7), "write one of --difference and --auc-difference"),
        ((*FROC, "--difference", 0.1), "write one of --unaided and --unaided-auc"),
        ((*FROC, "--unaided", 0.7, "--difference", 0.3), "no ratings give wAFROC 1"),
        ((*FROC, "--unaided", 0.7, "--difference", -0.1), "above the goal of 0"),
    ],
)
def test_marks_that_cannot_be_say_what_would_be_right(refused, words, said):
    assert said in refused(*words)


def test_how_many_must_be_seen_rests_on_prevalence_and_drop_out(answered):
    told = ("size", "lesions", "--expected", 0.85, "--goal", 0.75, "--lesions", 1.6)
    told += ("--correlation", 0.3)

    found = answered(*told, "--prevalence", 0.2, "--drop-out", 0.1)

    assert found["seen"] == 639  # 115 / (0.2 * 0.9)
    assert found["seen_surely"] == sizing.trials_for(115, share=0.18, chance=0.9)
    assert "seen" not in answered(*told)


def test_readers_who_lose_are_not_sized(capsys):
    told = ["stats", "size", "readers", "--unaided", "0.8", "--difference", "0", "--goal", "0"]

    assert edge.run(told) == 2

    assert "difference must lie above the goal of 0" in capsys.readouterr().err


def test_every_calculator_is_on_its_page():
    text = (ROOT / "docs/stats.md").read_text(encoding="utf-8")

    assert [name for name in CALCULATORS if f"| `{name} " not in text] == []
    methods = {**proportion.METHODS, **auc.ALONE, **auc.CLUSTERED, **mrmc_methods.METHODS}
    assert [one for one in methods if f"`{one}`" not in text] == []


@NEEDS_SHARED
def test_readers_of_van_dyke_are_analysed_as_by_the_reference_program(answered):
    records = json.loads((SHARED / "values/vandyke/or-mrmcaov.json").read_text(encoding="utf-8"))[
        "records"
    ]

    found = answered("mrmc", SHARED / "data/vandyke.csv")

    p = found["equality"]["p"]
    text = json.dumps(records)
    assert f"{p:.13f}"[:12] in text


def test_a_rate_counts_clusters_drop_out_and_those_who_must_be_seen(answered):
    told = ("size", "proportion", "--expected", 0.95, "--goal", 0.9)
    alone = answered(*told)

    found = answered(
        *told,
        "--prevalence",
        0.1,
        "--drop-out",
        0.1,
        "--cases-per-patient",
        1.5,
        "--correlation",
        0.3,
    )

    assert found["n"] == alone["n"] == 231
    assert found["others"]["clustered"]["n"] == 266  # 231 (1 + 0.5 x 0.3) = 265.65
    assert found["seen"] == 2956  # 266 / (0.1 x 0.9) = 2955.6
    assert found["seen_surely"] == sizing.trials_for(266, share=0.09, chance=0.9)
    assert "seen" not in alone


def test_an_area_counts_those_who_must_be_seen_for_the_rarer_class(answered, capsys):
    told = ("size", "auc", "--expected", 0.9, "--goal", 0.85)

    found = answered(*told, "--prevalence", 0.1)

    assert found["seen"] == 10 * found["n"]
    assert edge.run(["stats", *map(str, told), "--drop-out", "0.1"]) == 2
    assert "asks for the prevalence" in capsys.readouterr().err
