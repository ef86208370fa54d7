"""The JSON form: documented keys, null for what is missing, no NaN."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from defensible.documents import as_json
from defensible.documents.as_json_estimate import estimate
from defensible.statistics.estimate import Estimate
from tests.documents.hostile import EVIL, hostile

PAGE = Path(__file__).parents[2] / "docs" / "json.md"


@pytest.fixture
def result(heart, today):
    return as_json(heart, on=today)


def test_the_verdict_has_a_slug_and_words(result):
    assert result["verdict"]["slug"] == "pre-regulatory-device"
    assert result["verdict"]["words"] == "validated model, pre-regulatory device"


def test_the_rubric_has_eight_rows_with_two_cells(result):
    assert [row["row"] for row in result["rubric"]] == list(range(1, 9))
    cell = result["rubric"][3]["regulatory"]
    assert cell["status"] == "partly"
    assert cell["evidence"] == [
        {"text": "S-hospitals", "file": "studies/hospitals.yaml", "line": 1, "study": "S-hospitals"}
    ]
    assert cell["close"].startswith("add cases from site Cleveland")


def test_gaps_name_what_they_wait_for_and_block(result):
    gaps = {gap["id"]: gap for gap in result["gaps"]}

    assert gaps["G5R1"]["blocks"] == ["G2R2"]
    assert "G5R1" in gaps["G2R2"]["waits_for"]


def test_the_join_ledger_adds_up(result):
    for study in result["studies"]:
        ledger = study["ledger"]
        left = sum(one["n"] for one in ledger["tallies"] if one["treated"] == "left out")
        assert ledger["n_read"] - left == ledger["n_analysed"]


def test_an_estimate_carries_level_method_and_count(result):
    measured = result["studies"][0]["measurements"][0]

    assert measured["metric"] == "sensitivity"
    assert measured["stratum"] == {}
    assert measured["estimate"]["count"] == 41
    assert measured["estimate"]["value"] == pytest.approx(41 / 56, abs=1e-15)
    assert measured["estimate"]["method"] == "Wilson"
    assert measured["estimate"]["df"] is None


def test_what_was_not_estimated_is_null_with_its_reason(result):
    thin = result["studies"][1]["measurements"][-1]

    assert thin["estimate"] is None
    assert thin["why"] == "fewer than two cases of a class"


def test_an_open_end_is_null_and_never_infinite():
    open_ended = Estimate(
        value=0.5, low=float("-inf"), high=float("nan"), level=0.95, method="none", n=1
    )

    shown = estimate(open_ended)

    assert shown is not None
    assert (shown["low"], shown["high"]) == (None, None)
    assert estimate(None) is None


def test_it_is_strict_json_and_survives_a_round_trip(today, result):
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    worst = as_json(hostile(), on=today)
    assert json.loads(json.dumps(worst, allow_nan=False))["device"]["name"] == EVIL


def test_no_model_is_null(heart, today):
    without = replace(heart, results=())

    assert as_json(without, on=today)["device"]["model_sha256"] is None
    assert as_json(without, on=today)["studies"] == []


def test_every_key_is_documented(result):
    documented = set(re.findall(r"`([a-z0-9_-]+)`", PAGE.read_text(encoding="utf-8")))

    assert _keys(result) - {"age", "sex", "site"} <= documented


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for one in value.values() for key in _keys(one)}
    if isinstance(value, list):
        return {key for one in value for key in _keys(one)}
    return set()
