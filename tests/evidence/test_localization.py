"""Localization studies: figures by hand, by a slow definition, of a public reader as the device."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from defensible.dossier import DossierError, load
from defensible.dossier.claims import MetricName
from defensible.evidence import run
from defensible.evidence.finding import OVERALL, Answer, Presence, Stratum, StudyResult
from defensible.evidence.sealed import plain, result_of
from tests.evidence.test_readers import REFERENCE, needs_reference, records

BY_NAME: dict[str, Any] = {
    "source": "data/marks.csv",
    "columns": {"case": "case", "score": "score", "lesion": "lesion"},
    "lesions": {"source": "data/lesions.csv", "columns": {"case": "case", "lesion": "lesion"}},
}
BY_PLACE: dict[str, Any] = {
    "source": "data/marks.csv",
    "columns": {"case": "case", "score": "score", "x": "x", "y": "y"},
    "lesions": {"source": "data/lesions.csv", "columns": {"case": "case", "x": "x", "y": "y"}},
    "radius": 5,
}
STUDY: dict[str, Any] = {
    "id": "S1",
    "kind": "localization",
    "question": "Which share of lesions does the device mark?",
    "claims": ["C1"],
    "reference_standard": {"description": "Two readers.", "positive": {"is": [1]}},
    "independent_cases": True,
    "analysis": {"level": 0.95, "threshold": 2},
}
CLAIM: dict[str, Any] = {
    "id": "C1",
    "text": "Finds it.",
    "endpoints": [{"metric": "lesion_sensitivity", "goal": {"above": 0.5}}],
}
CASES = """case,truth,who,site,out
A,1,p1,N,1
B,1,p2,N,1
C,1,p3,S,1
D,0,p4,N,1
E,0,p5,S,1
F,0,p6,S,1
"""
LESIONS = """case,lesion,x,y,mm
A,1,10,10,4
A,2,50,50,12
B,1,10,10,9
C,1,20,20,3
"""
MARKS = """case,score,x,y,lesion
A,3,11,10,1
A,2.5,10,11,1
A,1,50,52,2
A,2,90,90,
B,2,10,10,1
D,3,30,30,
D,2,60,60,
D,1,70,70,
E,1,5,5,
"""


def written(root: Path, *, marks: dict[str, Any] = BY_NAME, **changes: Any) -> Path:
    (root / "studies").mkdir(parents=True)
    (root / "data").mkdir()
    for name, text in (("cases", CASES), ("lesions", LESIONS), ("marks", MARKS)):
        (root / f"data/{name}.csv").write_text(changes.pop(f"{name}_csv", text))
    data = {
        "source": "data/cases.csv",
        "columns": {"case": "case", "reference": "truth", **changes.pop("columns", {})},
        "marks": marks,
    }
    claim = {**CLAIM, **changes.pop("claim", {})}
    for name, content in (
        ("device.yaml", {"name": "Marks", "version": "1", "markets": ["us"]}),
        ("intended-use.yaml", {"function": "detection"}),
        ("claims.yaml", {"claims": [claim]}),
        ("studies/s1.yaml", {**STUDY, "data": data, **changes}),
    ):
        with (root / name).open("w") as file:
            YAML().dump(content, file)
    return root


def result(root: Path, **changes: Any) -> StudyResult:
    return run(load(written(root, **changes)))[0]


def estimate(of: StudyResult, metric: str, stratum: Stratum = OVERALL):
    measurement = of.measurement(MetricName(metric), stratum)
    assert measurement is not None
    assert measurement.estimate is not None, measurement.why
    return measurement.estimate


def at(**levels: str) -> Stratum:
    return Stratum(levels=tuple(levels.items()))


@pytest.mark.parametrize("marks", [BY_NAME, BY_PLACE], ids=["by name", "by place"])
def test_lesions_and_false_marks_are_counted_at_the_threshold(tmp_path, marks):
    found = result(tmp_path, marks=marks)

    lesions = estimate(found, "lesion_sensitivity")
    assert (lesions.count, lesions.n, lesions.n_clusters) == (2, 4, 3)  # A1 and B1; not A2 at 1
    false = estimate(found, "false_marks_per_case")
    assert (false.value, false.n) == (3 / 6, 6)  # A at 2, D at 3 and at 2
    marked = found.localization
    assert (marked.n_lesions, marked.n_marks, marked.n_shown, marked.n_repeated) == (4, 9, 6, 1)
    assert marked.false_marks_per_healthy_case.value == pytest.approx(2 / 3)
    assert marked.false_marks_per_diseased_case.value == pytest.approx(1 / 3)
    # A: (3 against 3, -inf and 1) and (1 against them); B: 2; C: missed
    by_hand = (((0.5 + 1 + 1) + (0 + 1 + 0.5)) / 2 + (0 + 1 + 1) + (0 + 0.5 + 0)) / 9
    assert estimate(found, "wafroc").value == pytest.approx(by_hand, abs=1e-12)


def test_repeats_can_be_false_marks(tmp_path):
    for name, marks in (("name", BY_NAME), ("place", BY_PLACE)):
        found = result(tmp_path / name, marks={**marks, "repeats": "false"})

        assert estimate(found, "false_marks_per_case").value == pytest.approx(4 / 6)
        assert found.localization.n_repeated == 1


def test_curves_pass_through_the_operating_point(tmp_path):
    marked = result(tmp_path).localization

    assert marked.froc.threshold == (None, 3, 2, 1)
    assert marked.froc.across == pytest.approx((0, 1 / 6, 3 / 6, 5 / 6))
    assert marked.froc.up == pytest.approx((0, 1 / 4, 2 / 4, 3 / 4))
    assert marked.froc.operating_point == pytest.approx((3 / 6, 2 / 4))
    assert marked.wafroc.operating_point == pytest.approx((1 / 3, (0.5 + 1) / 3))


def test_marks_without_a_score_are_all_shown_and_have_no_curve(tmp_path):
    columns = {k: v for k, v in BY_NAME["columns"].items() if k != "score"}

    found = result(tmp_path, marks={**BY_NAME, "columns": columns}, analysis={"level": 0.95})

    assert estimate(found, "lesion_sensitivity").count == 3
    assert estimate(found, "false_marks_per_case").value == pytest.approx(5 / 6)
    assert found.measurement(MetricName.WAFROC) is None
    assert found.localization.froc is None


def test_a_score_without_a_threshold_leaves_the_wafroc_alone(tmp_path):
    claim = {"endpoints": [{"metric": "wafroc", "goal": {"above": 0.5}}]}

    found = result(tmp_path, claim=claim, analysis={"level": 0.95})

    assert {one.metric for one in found.measurements} == {MetricName.WAFROC}
    assert found.localization.n_shown is None
    assert found.errors == ()


SIZES = [{"name": "size", "column": "mm", "bands": [5, 10]}]
SITES = [{"name": "site", "column": "site"}]


def test_levels_of_lesions_have_their_lesions_and_all_false_marks(tmp_path):
    scope = {"size": {"from": 5}, "site": ["N", "S"]}
    ends = [
        {"metric": "lesion_sensitivity", "goal": {"above": 0.5}},
        {"metric": "false_marks_per_case", "goal": {"below": 2}},
    ]

    found = result(
        tmp_path,
        lesion_dimensions=SIZES,
        dimensions=SITES,
        claim={"scope": scope, "endpoints": ends},
    )

    small = found.measurement(MetricName.LESION_SENSITIVITY, at(size="<5"))
    assert (small.estimate.count, small.estimate.n) == (1, 2)
    assert (small.n_cases, small.n_diseased, small.n_healthy) == (5, 2, 3)
    assert estimate(found, "false_marks_per_case", at(size="<5")).value == 0.5
    large = found.measurement(MetricName.LESION_SENSITIVITY, at(size="10+"))
    assert large.why == "one patient only: intervals by patient need two"
    # lesions of 3 and 4 mm: A1 at 3 and C1 missed, against 3, 1 and nothing
    assert estimate(found, "wafroc", at(size="<5")).value == pytest.approx((2.5 + 0.5) / 6)
    seen = {one.name: one for one in found.dimensions}
    assert seen["size"].levels == (("<5", 2), ("5-9", 1), ("10+", 1))
    assert found.localization.lesions == (("size", "<5", 2), ("size", "5-9", 1), ("size", "10+", 1))
    pair = {(one.measurement.metric, one.measurement.stratum): one for one in found.pairs}
    north = pair[MetricName.FALSE_MARKS_PER_CASE, at(site="N", size="<5")].measurement
    assert north.estimate.value == 1.0  # A, B and D: those of the north, whatever the size
    assert (north.n_diseased, north.n_healthy) == (1, 1)


def test_errors_are_cases_without_a_lesion_found_and_cases_falsely_marked(tmp_path):
    found = result(tmp_path, dimensions=SITES)

    errors = {one.stratum: one for one in found.errors}
    whole = errors[OVERALL]
    assert (whole.false_negatives, whole.n_diseased) == (1, 3)
    assert (whole.false_positives, whole.n_healthy) == (1, 3)
    assert errors[at(site="S")].false_negatives == 1


def test_a_case_without_an_output_counts_as_the_worst(tmp_path):
    silent = CASES.replace("C,1,p3,S,1", "C,1,p3,S,").replace("F,0,p6,S,1", "F,0,p6,S,")
    handling = {"missing_score": "worst-case"}

    found = result(
        tmp_path,
        cases_csv=silent,
        columns={"output": "out"},
        analysis={"level": 0.95, "threshold": 2, "handling": handling},
    )

    assert estimate(found, "lesion_sensitivity").count == 2
    # D has two false marks, the most of any case: so have C and F
    assert estimate(found, "false_marks_per_case").value == pytest.approx((1 + 2 + 2 + 2) / 6)
    # F is above every lesion
    by_hand = (((0.5 + 1) + (0 + 0.5)) / 2 + (0 + 1) + (0 + 0)) / 9
    assert estimate(found, "wafroc").value == pytest.approx(by_hand, abs=1e-12)
    assert [(one.n, one.treated) for one in found.ledger.tallies] == [(2, "counted as wrong")]
    assert found.localization.froc.operating_point == pytest.approx((7 / 6, 2 / 4))
    (unread,) = (one for one in found.confounders if one.kind == "indeterminate results")
    assert unread.said == "No output for 2 cases (1 diseased, 1 healthy)."


def test_another_truth_in_another_study_of_the_same_cases_is_a_problem(tmp_path):
    root = written(tmp_path)
    (root / "data/scores.csv").write_text(
        "case,truth,p\n"
        + "".join(
            f"{case},{int(case in 'ABD')},0.{at}\n" for at, case in enumerate("ABCDEF", start=1)
        )
    )
    standalone = {
        "id": "S2",
        "kind": "standalone",
        "question": "How accurate?",
        "data": {
            "source": "data/scores.csv",
            "columns": {"case": "case", "score": "p", "reference": "truth"},
        },
        "independent_cases": True,
        "reference_standard": STUDY["reference_standard"],
        "analysis": {"level": 0.95, "proportions": "wilson", "auc": "delong"},
    }
    with (root / "studies/s2.yaml").open("w") as file:
        YAML().dump(standalone, file)

    with pytest.raises(DossierError, match="E068 2 of 6 cases that S1") as caught:
        run(load(root))

    assert "1 present here and absent there, 1 absent here" in str(caught.value)


def test_cases_of_one_patient_vary_together(tmp_path):
    alone = result(tmp_path / "alone")
    found = result(
        tmp_path / "together",
        cases_csv=CASES.replace("p5", "p4").replace("p3", "p2"),
        columns={"patient": "who"},
        independent_cases=None,
    )

    assert estimate(found, "lesion_sensitivity").n_clusters == 2
    assert estimate(found, "false_marks_per_case").n_clusters == 4
    assert estimate(found, "wafroc").n_clusters == 4
    for metric in ("lesion_sensitivity", "false_marks_per_case", "wafroc"):
        assert estimate(found, metric).value == estimate(alone, metric).value
        assert estimate(found, metric).se != estimate(alone, metric).se
    assert "2 patients of 4 have more than one case" in " ".join(found.cautions)


def test_what_marks_may_hide_is_looked_for(tmp_path):
    lesions = LESIONS + "B,2,13,10,7\n"
    marks = MARKS + "D,2,60,60,\n"

    found = result(
        tmp_path, marks=BY_PLACE, lesions_csv=lesions, marks_csv=marks, lesion_dimensions=SIZES
    )

    by_kind = {one.kind: one for one in found.confounders}
    assert by_kind["repeated marks"].said.startswith("1 mark of 10 at the very place of another")
    assert by_kind["matching of marks"].said.startswith("1 mark of 10 within reach of two lesions")
    assert by_kind["spectrum of lesions"].presence is Presence.PRESENT
    assert "<5 2, 5-9 2, 10+ 1" in by_kind["spectrum of lesions"].said


def test_marks_elsewhere_are_counted_and_not_used(tmp_path):
    found = result(tmp_path, marks_csv=MARKS + "Z,3,1,1,\n", lesions_csv=LESIONS + "Z,1,1,1,5\n")

    assert [(one.reason, one.n, one.treated) for one in found.ledger.tallies] == [
        ("lesions of cases that are not analysed", 1, "not used"),
        ("marks on cases that are not analysed", 1, "not used"),
    ]
    assert [one.source for one in found.ledger.sources] == [
        "data/cases.csv",
        "data/lesions.csv",
        "data/marks.csv",
    ]


def test_no_mark_from_the_threshold_on_is_an_answer(tmp_path):
    found = result(tmp_path, analysis={"level": 0.95, "threshold": 9})

    assert estimate(found, "lesion_sensitivity").count == 0
    false = estimate(found, "false_marks_per_case")
    assert (false.value, false.low) == (0, 0)
    assert false.high == pytest.approx(np.log(40) / 6)
    assert found.localization.froc.operating_point == (0, 0)


def test_a_study_of_marks_comes_back_from_its_seal_as_it_was(tmp_path):
    found = result(tmp_path, marks=BY_PLACE, lesion_dimensions=SIZES, dimensions=SITES)

    assert result_of(json.loads(json.dumps(plain(found)))) == found


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "no patients": ({"independent_cases": None}, "E019"),
    "no way to match": (
        {"marks": {**BY_NAME, "columns": {"case": "case", "score": "score"}}},
        "E070 nothing says which lesion a mark has found",
    ),
    "a threshold and no score": (
        {"marks": {**BY_NAME, "columns": {"case": "case", "lesion": "lesion"}}},
        "E027 there is a threshold, and marks have no score",
    ),
    "an endpoint without threshold": (
        {"analysis": {"level": 0.95}},
        "E020 claim C1 names lesion_sensitivity, and this study takes none",
    ),
    "another kind's metric": (
        {"acceptance": [{"metric": "auc", "goal": {"above": 0.5}, "by": "interval"}]},
        "D042 a localization study does not measure auc",
    ),
    "two dimensions of one name": (
        {"dimensions": [{"name": "size", "column": "site"}], "lesion_dimensions": SIZES},
        "E023",
    ),
    "a dimension without column": (
        {"lesion_dimensions": [{"name": "type", "column": "kind"}]},
        "E007",
    ),
    "a diseased case without lesion": (
        {"lesions_csv": LESIONS.replace("C,1,20,20,3\n", "")},
        "E071 1 case positive by the reference standard and without a lesion: C",
    ),
    "a lesion in a healthy case": ({"lesions_csv": LESIONS + "D,1,1,1,5\n"}, "E071"),
    "a mark without score": ({"marks_csv": MARKS + "E,,1,1,\n"}, "E072 1 mark without a score"),
    "marks of other cases": (
        {"marks_csv": "case,score,x,y,lesion\n17,3,1,1,\n"},
        "E072 none of 1 mark is on a case of the study",
    ),
    "a mark where nothing came out": (
        {
            "cases_csv": CASES.replace("E,0,p5,S,1", "E,0,p5,S,"),
            "columns": {"output": "out"},
            "analysis": {
                "level": 0.95,
                "threshold": 2,
                "handling": {"missing_score": "worst-case"},
            },
        },
        "E072 1 mark on cases without an output of the device",
    ),
    "an output that is no column": (
        {"columns": {"output": "status"}},
        "studies/s1.yaml:20:5: E007 'data/cases.csv' has no column 'status'",
    ),
    "no output": (
        {"cases_csv": CASES.replace("F,0,p6,S,1", "F,0,p6,S,"), "columns": {"output": "out"}},
        "E012",
    ),
    "one class": ({"cases_csv": CASES.replace(",0,", ",1,")}, "E017"),
    "patients twice": (
        {"cases_csv": CASES.replace("p5", "p4"), "columns": {"patient": "who"}},
        "E018",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_plans_and_tables_that_do_not_fit_are_told(name, tmp_path):
    changes, expected = BROKEN[name]

    with pytest.raises(DossierError) as caught:
        result(tmp_path, **changes)

    assert expected in str(caught.value)


def simulated(seed: int = 5, n: int = 90) -> dict[str, str]:
    """Cases of two views a patient at three sites, lesions of two sizes, marks by name."""
    rng = np.random.default_rng(seed)
    cases, lesions, marks = ["case,truth,who,site"], ["case,lesion,mm"], ["case,score,lesion"]
    for k in range(n):
        sick, site = k % 4 < 2, "NSW"[k // 2 % 3]
        cases.append(f"K{k},{int(sick)},P{k // 2},{site}")
        for lesion in range(1 + k % 2 if sick else 0):
            mm = int(rng.integers(3, 12))
            lesions.append(f"K{k},{lesion},{mm}")
            if rng.random() < 0.6 + 0.03 * mm:
                marks.append(f"K{k},{rng.integers(1, 6)},{lesion}")
        marks += [f"K{k},{rng.integers(1, 5)}," for _ in range(int(rng.poisson(0.6)))]
    return {
        f"{name}_csv": "\n".join([*rows, ""])
        for name, rows in (("cases", cases), ("lesions", lesions), ("marks", marks))
    }


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_figures_by_site_and_size_are_those_of_a_loop_over_cases(seed, tmp_path):
    tables = simulated(seed)

    found = result(
        tmp_path,
        **tables,
        columns={"patient": "who"},
        independent_cases=None,
        dimensions=SITES,
        lesion_dimensions=[{"name": "size", "column": "mm", "bands": [7]}],
        analysis={"level": 0.95, "threshold": 3},
    )

    site = {one["case"]: one["site"] for one in rows(tables["cases_csv"])}
    shown = [one for one in rows(tables["marks_csv"]) if int(one["score"]) >= 3]
    hit = {(one["case"], one["lesion"]) for one in shown if one["lesion"]}
    for level in "NSW":
        there = [one for one in rows(tables["lesions_csv"]) if site[one["case"]] == level]
        measured = estimate(found, "lesion_sensitivity", at(site=level))
        right = [(one["case"], one["lesion"]) in hit for one in there]
        assert (measured.count, measured.n) == (sum(right), len(there))
        false = [one for one in shown if not one["lesion"] and site[one["case"]] == level]
        n = sum(one == level for one in site.values())
        assert estimate(found, "false_marks_per_case", at(site=level)).value == len(false) / n
    for level, inside in (("<7", lambda mm: mm < 7), ("7+", lambda mm: mm >= 7)):
        there = [one for one in rows(tables["lesions_csv"]) if inside(int(one["mm"]))]
        measured = estimate(found, "lesion_sensitivity", at(size=level))
        right = [(one["case"], one["lesion"]) in hit for one in there]
        assert (measured.count, measured.n) == (sum(right), len(there))
        # the variance of a ratio, patients being independent, summed in a loop
        by_patient: dict[str, list[float]] = {}
        who = {one["case"]: one["who"] for one in rows(tables["cases_csv"])}
        share = sum(right) / len(there)
        for one, ok in zip(there, right, strict=True):
            by_patient.setdefault(who[one["case"]], []).append(ok - share)
        k = len(by_patient)
        variance = k / (k - 1) * sum(sum(each) ** 2 for each in by_patient.values())
        assert measured.se == pytest.approx(np.sqrt(variance) / len(there), rel=1e-10)


@pytest.mark.parametrize(
    ("metric", "goals"),
    [
        ("lesion_sensitivity", [{"above": 0.5}, {"above": 0.7}, {"below": 0.9}]),
        ("false_marks_per_case", [{"below": 0.3}, {"below": 0.6}, {"below": 1.5}]),
        ("wafroc", [{"above": 0.5}, {"above": 0.7}, {"below": 0.95}]),
    ],
)
def test_a_finding_is_supported_where_its_p_is_below_alpha(metric, goals, tmp_path):
    found = result(
        tmp_path,
        **simulated(),
        columns={"patient": "who"},
        independent_cases=None,
        analysis={"level": 0.95, "threshold": 3},
        claim={"endpoints": [{"metric": metric, "goal": goal} for goal in goals]},
    )

    assert len(found.findings) == 3
    for one in found.findings:
        assert (one.answer is Answer.SUPPORTED) == (one.p < 0.025)
        assert one.further is None or one.answer is Answer.INCONCLUSIVE
    assert Answer.SUPPORTED in {one.answer for one in found.findings}


def test_a_site_not_yet_seen_is_predicted_for_each_figure(tmp_path):
    found = result(
        tmp_path,
        **simulated(),
        columns={"patient": "who"},
        independent_cases=None,
        dimensions=SITES,
        analysis={"level": 0.95, "threshold": 3},
    )

    by_metric = {one.metric.value: one for one in found.new_site}
    assert set(by_metric) == {"lesion_sensitivity", "false_marks_per_case", "wafroc"}
    assert [by_metric[one].scale for one in by_metric] == ["logit", "log", "logit"]
    for one in found.new_site:
        assert one.n_sites == 3
        assert 0 < one.estimate.low < one.average.low < one.average.value
        assert one.average.high < one.estimate.high


def reader_as_device(name: str) -> dict[str, str]:
    """Reader 1 in modality 1 of a public study, as if a device had made the marks."""
    folder = REFERENCE / "data" / name
    own = [
        one
        for one in rows((folder / "marks.csv").read_text())
        if one["reader"] == "1" and one["modality"] == "1"
    ]
    marks = [f"{one['case']},{one['rating']},{one['lesion']}" for one in own]
    return {
        "cases_csv": (folder / "cases.csv").read_text(),
        "lesions_csv": (folder / "lesions.csv").read_text(),
        "marks_csv": "\n".join(["case,score,lesion", *marks, ""]),
    }


@needs_reference
@pytest.mark.parametrize("name", ["froc_dobbins1", "froc_tony", "froc_thompson"])
def test_a_public_reader_as_the_device_has_rjafrocs_figures(name, tmp_path):
    weighed = {"case": "case", "lesion": "lesion", "weight": "weight"}
    lesions = {**BY_NAME["lesions"], "columns": weighed}

    found = result(
        tmp_path,
        **reader_as_device(name),
        marks={**BY_NAME, "lesions": lesions},
        analysis={"level": 0.95, "threshold": 1},
    )

    by_method = {one["method"]: one["results"] for one in records(name, "froc-rjafroc")}
    for metric, figure in (
        ("wafroc", "wAFROC"),
        ("lesion_sensitivity", "MaxLLF"),
        ("false_marks_per_case", "MaxNLFAllCases"),
    ):
        expected = by_method[f"Figures of merit per modality and reader, {figure}"]
        assert estimate(found, metric).value == pytest.approx(expected["matrix"][0][0], abs=1e-12)
    points = by_method["Empirical operating points, FROC, modality 1, reader 1"]
    curve = found.localization.froc
    assert list(zip(curve.across, curve.up, strict=True)) == [
        pytest.approx((one["genAbscissa"], one["genOrdinate"]), abs=1e-12) for one in points
    ]


@needs_reference
def test_lesions_of_a_public_reader_have_the_interval_of_survey(tmp_path):
    found = result(
        tmp_path,
        **reader_as_device("froc_dobbins1"),
        analysis={"level": 0.95, "threshold": 1},
    )

    expected = records("froc_dobbins1", "clustered-lesion-sensitivity")[0]["results"]
    lesions = estimate(found, "lesion_sensitivity")
    assert (lesions.count, lesions.n, lesions.n_clusters) == (25, 516, 115)
    assert lesions.se == pytest.approx(expected["se"], rel=1e-8)
    wilson = expected["wilson_on_effective_n"]
    assert (lesions.low, lesions.high) == pytest.approx(wilson, rel=1e-8)
