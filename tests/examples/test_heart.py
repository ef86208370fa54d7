"""The four-hospital example: its scores, its figures and its verdict, recomputed."""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from defensible import assessment, documents, dossier, evidence, regulation
from defensible.assessment import Status, Verdict
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import OVERALL, Answer, Stratum

HEART = Path(__file__).parents[2] / "examples/heart-four-hospitals"
OPERATING_POINT = 0.34
SHIPPED = Path(__file__).parents[3] / "shared/data/heart-uci-4site/heart_disease_uci.csv"
FINDINGS = ["age", "sex", "cp", "trestbps", "fbs", "restecg", "thalch", "exang", "oldpeak"]


@pytest.fixture(scope="module")
def heart():
    loaded = dossier.load(HEART)
    classification = regulation.classify(loaded.intended_use, loaded.device.markets)
    return assessment.assess(loaded, classification, evidence.run(loaded), today=date(2026, 11, 25))


@pytest.fixture(scope="module")
def scores():
    with (HEART / "data/scores.csv").open(newline="", encoding="utf-8") as file:
        return list({row["case"]: row for row in reversed(list(csv.DictReader(file)))}.values())


def run(script, *arguments):
    command = [sys.executable, str(HEART / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own script


def test_scoring_again_gives_the_same_bytes(tmp_path):
    done = run("score.py", tmp_path / "scores.csv")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "scores.csv").read_bytes() == (HEART / "data/scores.csv").read_bytes()
    assert "same values as an earlier row, so the same case again: 2" in done.stdout


def test_training_again_gives_the_same_model(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "data").mkdir()

    done = run("train.py", tmp_path)

    assert done.returncode == 0, done.stderr
    again = json.loads((tmp_path / "model/model.json").read_text(encoding="utf-8"))
    stored = json.loads((HEART / "model/model.json").read_text(encoding="utf-8"))
    assert again["threshold"] == stored["threshold"] == OPERATING_POINT
    weights = [[term["weight"] for term in one["terms"]] for one in (again, stored)]
    assert weights[0] == pytest.approx(weights[1], abs=1e-5)
    listed = "data/development-cases.csv"
    assert (tmp_path / listed).read_bytes() == (HEART / listed).read_bytes()


def test_the_declared_digest_is_that_of_the_model_on_file(heart):
    found = hashlib.sha256((HEART / "model/model.json").read_bytes()).hexdigest()

    assert heart.dossier.device.model.sha256 == found


@pytest.mark.skipif(not SHIPPED.exists(), reason="the shared data folder is not there")
def test_the_committed_table_is_the_shipped_one_byte_for_byte():
    assert (HEART / "data/heart_disease_uci.csv").read_bytes() == SHIPPED.read_bytes()


def test_no_case_of_development_is_scored(scores):
    with (HEART / "data/development-cases.csv").open(newline="", encoding="utf-8") as file:
        developed = {row["case"] for row in csv.DictReader(file)}

    assert len(developed) == 181
    assert developed.isdisjoint(row["case"] for row in scores)


def test_another_model_gives_a_message_and_no_scores(tmp_path):
    other = tmp_path / "heart"
    shutil.copytree(HEART, other, ignore=shutil.ignore_patterns("__pycache__", "report.html"))
    (other / "data/scores.csv").unlink()
    trained = other / "model/model.json"
    trained.write_bytes(trained.read_bytes().replace(b'"threshold": 0.34', b'"threshold": 0.35'))

    done = run(other / "score.py")

    assert done.returncode == 2
    assert "device.yaml declares ce3795ccccf5" in done.stdout
    assert not (other / "data/scores.csv").exists()


def test_missing_findings_are_counted_as_the_shipped_table_has_them():
    with (HEART / "data/heart_disease_uci.csv").open(newline="", encoding="utf-8") as file:
        shipped = {row["id"]: row for row in csv.DictReader(file)}
    with (HEART / "data/scores.csv").open(newline="", encoding="utf-8") as file:
        scored = {row["row"]: row for row in csv.DictReader(file)}

    missing = {
        number: sum(
            not shipped[number][name] or (name, shipped[number][name]) == ("trestbps", "0")
            for name in FINDINGS
        )
        for number in scored
    }
    assert {number: int(row["n_imputed"]) for number, row in scored.items()} == missing
    assert [sum(n >= least for n in missing.values()) for least in (0, 1, 2)] == [739, 154, 60]


def test_the_groups_too_small_to_judge_have_the_sizes_that_are_told(scores):
    swiss_healthy = [r for r in scores if (r["site"], r["num"]) == ("Switzerland", "0")]
    long_beach_women = [r for r in scores if (r["site"], r["sex"]) == ("VA Long Beach", "Female")]

    assert (len(swiss_healthy), len(long_beach_women)) == (8, 6)


def test_reports_on_controls_are_the_declared_bytes(heart):
    controls = {one.id: one for one in heart.dossier.risks.controls}
    found = hashlib.sha256((HEART / "verification/scoring.md").read_bytes()).hexdigest()

    reported = ("K-digest", "K-missing-shown", "K-case")
    assert [controls[one].implementation.report_sha256 for one in reported] == [found] * 3
    unshown = next(one for one in heart.risk.checks if one.clause == "7.2")
    assert not set(reported) & set(unshown.open_items)
    assert unshown.open_items[:2] == ("K-adjunct", "K-monitoring")


@pytest.mark.parametrize("site", ["Cleveland", "Hungary", "Switzerland", "VA Long Beach"])
def test_figures_of_a_site_are_those_of_another_program(heart, scores, site):
    here = [row for row in scores if row["site"] == site]
    truth = np.array([int(row["num"]) > 0 for row in here])
    score = np.array([float(row["score"]) for row in here])

    hospitals = next(one for one in heart.results if one.study == "S-hospitals")
    stratum = Stratum(levels=(("site", site),))
    found = {
        metric: hospitals.measurement(metric, stratum).estimate.value
        for metric in (MetricName.AUC, MetricName.SENSITIVITY, MetricName.SPECIFICITY)
    }
    assert found == pytest.approx(
        {
            MetricName.AUC: roc_auc_score(truth, score),
            MetricName.SENSITIVITY: np.mean(score[truth] >= OPERATING_POINT),
            MetricName.SPECIFICITY: np.mean(score[~truth] < OPERATING_POINT),
        },
        abs=1e-12,
    )


def test_a_validated_model_is_not_a_cleared_device(heart):
    engineering = [row.engineering.status for row in heart.rows]
    regulatory = [row.regulatory.status for row in heart.rows]

    assert heart.verdict is Verdict.PRE_REGULATORY_DEVICE
    assert heart.words == "validated model, pre-regulatory device"
    assert all(one in {Status.MET, Status.NOT_APPLICABLE} for one in engineering)
    assert [number for number, one in enumerate(regulatory, 1) if one is Status.MET] == [1]


def test_a_good_overall_auc_hides_hospitals_that_fail(heart):
    answers = {cell.name: cell.answer for cell in heart.cells}

    hospitals = next(one for one in heart.results if one.study == "S-hospitals")
    auc = hospitals.measurement(MetricName.AUC, OVERALL).estimate
    assert auc.low > 0.80
    assert answers["overall"] is Answer.FAILED
    assert answers["site VA Long Beach"] is Answer.FAILED
    assert answers["site Hungary"] is Answer.INCONCLUSIVE
    assert answers["site not yet seen"] is Answer.INCONCLUSIVE


def test_the_generalization_row_names_who_fails_and_who_is_too_few(heart):
    reason = heart.rows[3].regulatory.reason

    assert "fails: age 55-64 (272), age 65+ (82), sex male (604)" in reason
    assert "site VA Long Beach (199)" in reason
    assert "site Switzerland (8 healthy)" in reason
    assert "site VA Long Beach × sex female (6 cases)" in reason


def test_the_readme_gives_the_figures_that_were_computed(heart):
    readme = (HEART / "README.md").read_text(encoding="utf-8")

    hospitals = next(one for one in heart.results if one.study == "S-hospitals")
    for metric in (MetricName.SENSITIVITY, MetricName.SPECIFICITY):
        for site in ("Cleveland", "Hungary", "Switzerland", "VA Long Beach"):
            one = hospitals.measurement(metric, Stratum(levels=(("site", site),))).estimate
            assert f"{one.value:.3f} ({one.low:.3f} to {one.high:.3f})" in readme


def test_the_front_page_shows_what_the_program_says(heart):
    readme = (HEART.parents[1] / "README.md").read_text(encoding="utf-8")

    shown = readme.split("```text\n")[1].split("\n```")[0]
    assert shown in documents.summary(heart, on=date(2026, 11, 25))


def test_the_risk_file_is_written_to_its_end_and_deals_with_every_failure_mode(heart):
    risks = heart.dossier.risks
    open_clauses = {one.clause for one in heart.risk.open_checks}

    assert (len(risks.risks), len(risks.controls)) == (30, 42)
    assert not open_clauses & {
        "4.1",
        "4.3",
        "4.4 g",
        "5.1",
        "5.2",
        "5.3",
        "5.4 (failure modes)",
        "5.5 (measured)",
        "6",
        "7.5",
        "7.5 (circle)",
        "10.1",
    }
    assert {"7.2 (effectiveness)", "7.4", "8", "9"} <= open_clauses
