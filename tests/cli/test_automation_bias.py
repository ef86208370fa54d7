"""`defensible stats automation-bias` on a bare table."""

import json

import pytest

from defensible.cli.edge import run


@pytest.fixture
def table(tmp_path):
    lines = ["reader,case,modality,truth,rating,device"]
    for case in range(40):
        truth, wrong = case % 2, case % 5 == 0
        device = 1 - truth if wrong else truth
        for reader in range(3):
            own = 60 if truth else 40
            own += (case * 7 + reader * 13) % 30 - 15
            lines += [
                f"R{reader},K{case},unaided,{truth},{own},{device}",
                f"R{reader},K{case},aided,{truth},{own + (12 if device else -12)},{device}",
            ]
    path = tmp_path / "readings.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_json_has_every_measure_with_its_interval(table, capsys):
    told = ["--at", "50", "--prevalence", "0.1", "--weight", "0.5", "--format", "json"]

    assert run(["stats", "automation-bias", str(table), *told]) == 0

    result = json.loads(capsys.readouterr().out)["result"]
    names = ("commission", "omission", "reliance", "appropriate_reliance", "net_benefit")
    for name in names:
        assert result[name]["low"] <= result[name]["estimate"] <= result[name]["high"]
        assert result[name]["n"] > 0
    assert result["n_device_wrong"] == 8
    assert result["use"] == {
        "prevalence": 0.1, "sensitivity": 0.8, "specificity": 0.8, "weight": 0.5
    }  # fmt: skip


def test_text_fits_and_names_the_method(table, capsys):
    assert run(["stats", "automation-bias", str(table), "--at", "50"]) == 0

    said = capsys.readouterr().out
    assert "3 readers, 40 cases" in said
    assert "method        two-way clusters" in said
    assert max(map(len, said.replace(str(table), "").splitlines())) <= 80


def test_without_decision_or_threshold_it_says_what_is_missing(table, capsys):
    assert run(["stats", "automation-bias", str(table)]) == 2

    assert "there is no column decision" in capsys.readouterr().err


def test_the_bootstrap_needs_a_seed(table, capsys):
    told = ["--at", "50", "--method", "bootstrap"]

    assert run(["stats", "automation-bias", str(table), *told]) == 2
    assert "--seed" in capsys.readouterr().err
    assert run(["stats", "automation-bias", str(table), *told, "--seed", "1"]) == 0


def test_what_is_not_named_of_the_use_is_the_tables_and_said(table, capsys):
    assert run(["stats", "automation-bias", str(table), "--at", "50", "--format", "json"]) == 0

    result = json.loads(capsys.readouterr().out)["result"]
    assert result["use"] == {
        "prevalence": 0.5, "sensitivity": 0.8, "specificity": 0.8, "weight": 1.0
    }  # fmt: skip
    assert result["use_of_table"] == ["prevalence", "sensitivity", "specificity"]
    assert result["net_benefit"]["low"] <= result["net_benefit"]["estimate"]

    assert run(["stats", "automation-bias", str(table), "--at", "50"]) == 0
    assert "prevalence 0.5 (of this table)" in capsys.readouterr().out


def test_mrmc_takes_decisions_where_there_is_no_rating(table, tmp_path, capsys):
    head, *rows = (line.split(",") for line in table.read_text().splitlines())
    decided = [[*row[:4], str(int(int(row[4]) >= 50)), row[5]] for row in rows]
    path = tmp_path / "decided.csv"
    head[4] = "decision"
    path.write_text("\n".join(",".join(row) for row in [head, *decided]) + "\n")
    means = {}
    for figure in ("sensitivity", "specificity", "auc"):
        told = ["stats", "mrmc", str(path), "--figure", figure, "--format", "json"]

        assert run(told) == 0

        result = json.loads(capsys.readouterr().out)["result"]
        assert result["of"] == "decision"
        means[figure] = [one["estimate"] for one in result["modalities"]]
    by_hand = ["stats", "mrmc", str(table), "--figure", "sensitivity", "--at", "50"]
    assert run([*by_hand, "--format", "json"]) == 0
    rated = json.loads(capsys.readouterr().out)["result"]
    assert [one["estimate"] for one in rated["modalities"]] == means["sensitivity"]
    for area, right, also in zip(
        *(means[key] for key in ("auc", "sensitivity", "specificity")), strict=True
    ):
        assert area == pytest.approx((right + also) / 2, abs=1e-12)
