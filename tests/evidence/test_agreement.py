"""Agreement studies: exact means, patients who come twice, failures as the worst, real outlines."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML
from scipy import stats

from defensible.assessment import Assessment, assess
from defensible.documents.content import class_counts
from defensible.dossier import DossierError, load
from defensible.dossier.claims import MetricName
from defensible.evidence import run
from defensible.evidence.finding import OVERALL, Answer, Stratum, StudyResult
from defensible.evidence.sealed import plain, result_of
from defensible.regulation import classify
from tests.evidence.test_real_tables import DATA, tables

STUDY: dict[str, Any] = {
    "id": "S1",
    "kind": "agreement",
    "question": "Does the outline agree with an expert's?",
    "claims": ["C1"],
    "data": {
        "source": "data/t.csv",
        "columns": {
            "case": "id",
            "patient": "who",
            "dice": "dsc",
            "measured": "by_device",
            "reference": "by_expert",
        },
    },
    "reference_standard": "Outlined by one expert.",
    "endpoints": [{"metric": "mean_dice", "goal": {"above": 0.8}}],
    "analysis": {"level": 0.95, "margin": 0.1},
}
CLAIM = {
    "id": "C1",
    "text": "Outlines it.",
    "endpoints": [{"metric": "mean_dice", "goal": {"above": 0.8}}],
}
ROWS = """id,who,dsc,by_device,by_expert
a,p1,0.90,11,10
b,p2,0.80,10,10
c,p3,0.70,8,10
d,p4,0.96,10.5,10
"""


def written(root: Path, rows: str | None, claim: dict[str, Any] = CLAIM, **changes: Any) -> Path:
    (root / "studies").mkdir()
    if rows is not None:
        (root / "data").mkdir()
        (root / "data/t.csv").write_text(rows)
    for name, content in (
        ("device.yaml", {"name": "Outline", "version": "1", "markets": ["us"]}),
        ("intended-use.yaml", {"function": "segmentation"}),
        ("claims.yaml", {"claims": [claim]}),
        ("studies/s1.yaml", {**STUDY, **changes}),
    ):
        with (root / name).open("w") as file:
            YAML().dump(content, file)
    return root


def result(root: Path, rows: str, **changes: Any) -> StudyResult:
    return run(load(written(root, rows, **changes)))[0]


def value(of: StudyResult, metric: str, stratum: Stratum = OVERALL) -> float:
    measurement = of.measurement(MetricName(metric), stratum)
    assert measurement is not None
    assert measurement.estimate is not None
    return measurement.estimate.value


def assessed(root: Path) -> Assessment:
    dossier = load(root)
    found = classify(dossier.intended_use, dossier.device.markets)
    return assess(dossier, found, run(dossier), today=date(2026, 11, 25))


def test_means_and_their_t_intervals(tmp_path):
    found = result(tmp_path, ROWS)

    dice = found.measurement(MetricName.MEAN_DICE).estimate
    expected = stats.t.interval(
        0.95, 3, loc=0.84, scale=stats.sem(np.array([0.90, 0.80, 0.70, 0.96]))
    )
    assert (dice.value, dice.low) == pytest.approx((0.84, expected[0]), abs=1e-12)
    assert (dice.high, dice.df, dice.n) == (1.0, 3, 4)  # cut: 1.018 is no Dice
    assert value(found, "relative_bias") == pytest.approx((0.1 + 0 - 0.2 + 0.05) / 4, abs=1e-12)
    assert value(found, "within_margin") == 0.75


def test_a_patient_with_two_cases_counts_once_in_the_spread(tmp_path):
    twice = result(tmp_path, ROWS.replace("p2", "p1").replace("p4", "p3"))

    dice = twice.measurement(MetricName.MEAN_DICE).estimate
    # two patients with two cases each: the t interval of their two means
    expected = stats.t.interval(0.95, 1, loc=0.84, scale=stats.sem(np.array([0.85, 0.83])))
    assert (dice.n_clusters, dice.value) == (2, pytest.approx(0.84))
    assert dice.low == pytest.approx(expected[0], abs=1e-12)
    assert "2 patients with more than one case" in " ".join(twice.cautions)


def test_a_case_without_outline_counts_as_the_worst(tmp_path):
    found = result(
        tmp_path,
        ROWS + "e,p5,,,10\n",
        analysis={
            "level": 0.95,
            "margin": 0.1,
            "handling": {"missing_result": "worst-case"},
        },
    )

    assert value(found, "mean_dice") == pytest.approx(3.36 / 5, abs=1e-12)
    assert value(found, "relative_bias") == pytest.approx((-0.05 - 1) / 5, abs=1e-12)
    assert value(found, "within_margin") == pytest.approx(0.6, abs=1e-12)
    assert [(one.n, one.treated) for one in found.ledger.tallies] == [(1, "counted as wrong")]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (ROWS + "e,p5,0.9,10,0\n", "E067"),
        (ROWS + "e,p5,0.9,-1,10\n", "E067"),
        (ROWS + "e,p5,nan?,10,10\n", "E067"),
        (ROWS + "e,p5,,10,10\n", "E012"),
        (ROWS + "e,p5,0.9,10,\n", "E014"),
        (ROWS + "a,p1,0.9,10,10\n", "E015"),
        (ROWS + ",p5,0.9,10,10\n", "E024"),
        (ROWS + "e,,0.9,10,10\n", "E025"),
    ],
)
def test_a_figure_that_is_not_there_or_cannot_be_is_a_problem(tmp_path, rows, code):
    with pytest.raises(DossierError) as caught:
        result(tmp_path, rows)

    assert [one.code for one in caught.value.problems] == [code]


def test_what_the_plan_lacks_is_said_of_study_and_claim(tmp_path):
    claim = {**CLAIM, "endpoints": [{"metric": "within_margin", "goal": {"above": 0.5}}]}
    changes = {
        "endpoints": [{"metric": "within_margin", "goal": {"above": 0.5}}],
        "analysis": {"level": 0.95},
        "data": {"source": "data/t.csv", "columns": {"case": "id", "dice": "dsc"}},
    }

    with pytest.raises(DossierError) as caught:
        result(tmp_path, ROWS, claim=claim, **changes)

    assert [one.code for one in caught.value.problems] == ["E020", "E019", "E062"]


def test_an_accuracy_is_no_endpoint_of_it(tmp_path):
    with pytest.raises(DossierError) as caught:
        result(tmp_path, ROWS, endpoints=[{"metric": "auc", "goal": {"above": 0.8}}])

    assert [one.code for one in caught.value.problems] == ["D042"]


@pytest.mark.parametrize(("trained", "n_shared"), [("p9", 0), ("p2", 1)])
def test_patients_of_development_are_looked_for(tmp_path, trained, n_shared):
    root = written(
        tmp_path,
        ROWS,
        development={"source": "data/train.csv", "case": "who", "compare": "patient"},
    )
    (root / "data/train.csv").write_text(f"who\n{trained}\n")

    (found,) = run(load(root))

    assert found.held_out is not None
    assert (found.held_out.n_study, found.held_out.n_shared) == (4, n_shared)


def test_a_sealed_result_reads_back_as_it_was(tmp_path):
    found = result(tmp_path, ROWS)

    assert result_of(plain(found)) == found


IDC = {
    "data": {
        "source": "data/segmentation_results.csv",
        "include": {
            "segment": ["Prostate"],
            "SegmentAlgorithmName": ["nnUNet-v1-Task024_Promise"],
        },
        "columns": {
            "case": "StudyInstanceUID",
            "patient": "image_PatientID",
            "dice": "dsc",
            "measured": "ai_Value",
            "reference": "expert_Value",
        },
    },
    "dimensions": [
        {
            "name": "vendor",
            "column": "image_Manufacturer",
            "levels": {
                "Siemens": ["SIEMENS", "Siemens", "Siemens HealthCare GmbH"],
                "GE": ["GE MEDICAL SYSTEMS"],
                "Philips": ["Philips Medical Systems", "Philips Healthcare"],
            },
        },
        {"name": "field_strength", "column": "image_MagneticFieldStrength"},
    ],
    "analysis": {
        "level": 0.95,
        "margin": 0.15,
        "handling": {"missing_result": "worst-case"},
    },
}


@pytest.fixture
def outlines(tmp_path):
    if not DATA.is_dir():
        pytest.skip("the real tables (../shared/data) are not here")
    root = tables(tmp_path, "prostate-segmentation-idc", "segmentation_results.csv")
    claim = {
        "id": "C1",
        "text": "Outlines the prostate.",
        "scope": {"vendor": "any", "field_strength": "any"},
        "endpoints": [
            {"metric": "mean_dice", "goal": {"above": 0.8}},
            {"metric": "relative_bias", "goal": {"above": -0.1}},
        ],
    }
    return assessed(written(root, None, claim=claim, **IDC))


def test_outlines_of_three_vendors_by_the_table_itself(outlines):
    with (DATA / "prostate-segmentation-idc/segmentation_results.csv").open() as file:
        rows = [
            one
            for one in csv.DictReader(file)
            if one["segment"] == "Prostate"
            and one["SegmentAlgorithmName"] == "nnUNet-v1-Task024_Promise"
        ]
    by_patient = defaultdict(list)
    for one in rows:
        by_patient[one["image_PatientID"]].append(float(one["dsc"]))
    mean = np.mean([float(one["dsc"]) for one in rows])
    residual = np.array([sum(each) - mean * len(each) for each in by_patient.values()])
    k = len(by_patient)
    se = np.sqrt((residual**2).sum() * k / (k - 1)) / len(rows)

    (found,) = outlines.results
    dice = found.measurement(MetricName.MEAN_DICE).estimate
    assert (dice.n, dice.n_clusters) == (len(rows), k) == (1113, k)
    assert dice.value == pytest.approx(mean, abs=1e-12)
    assert dice.low == pytest.approx(mean - stats.t.ppf(0.975, k - 1) * se, abs=1e-10)
    (vendor, _) = found.dimensions
    assert vendor.levels == (("Siemens", 1048), ("GE", 56), ("Philips", 9))


def test_the_scope_of_real_outlines_with_goals_on_dice_and_volume(outlines):
    (scope,) = outlines.scopes
    answers = {one.level: one.answer for one in scope.cells if one.dimension}

    assert answers == {
        "overall": Answer.SUPPORTED,
        "Siemens": Answer.SUPPORTED,
        "GE": Answer.SUPPORTED,
        "Philips": Answer.INCONCLUSIVE,
        "1.5": Answer.INCONCLUSIVE,
        "3": Answer.SUPPORTED,
    }
    (widest,) = scope.widest
    assert widest.levels == (("vendor", ("Siemens", "GE")), ("field_strength", ("3",)))
    assert "vendor Philips (not settled; 9 cases)" in widest.sentence
    siemens = next(one for one in scope.cells if one.level == "Siemens")
    assert class_counts(siemens) == (1048,)
    dice = next(one for one in siemens.simultaneous if one.metric is MetricName.MEAN_DICE)
    assert 0.8 < dice.low < dice.high
    assert dice.level > 0.99  # ten cells together


def test_the_next_collection_of_real_outlines_is_predicted_from_three(tmp_path):
    if not DATA.is_dir():
        pytest.skip("the real tables (../shared/data) are not here")
    root = tables(tmp_path, "prostate-segmentation-idc", "segmentation_results.csv")
    site = {"name": "site", "column": "collection_id"}
    dossier = load(written(root, None, **{**IDC, "dimensions": [site]}))

    (found,) = run(dossier)

    dice = next(one for one in found.new_site if one.metric is MetricName.MEAN_DICE)
    by_site = [
        found.measurement(MetricName.MEAN_DICE, Stratum(levels=(("site", name),))).estimate.value
        for name, _ in found.dimensions[0].levels
    ]
    assert dice.n_sites == len(by_site) == 3
    assert min(by_site) < dice.average.value < max(by_site)
    # one degree of freedom: three collections say next to nothing of a fourth
    assert dice.estimate.high - dice.estimate.low > 0.5
    assert {one.site for one in dice.influence} == {name for name, _ in found.dimensions[0].levels}
