"""The ISO 14971 checks: a whole file holds them all; each spoiled copy misses the one it should."""

import copy
import hashlib
from datetime import date
from typing import Any

import pytest

from defensible.dossier import load
from defensible.risk import Held, review
from tests.assessment import small

TODAY = date(2026, 11, 23)
SCALE = ("rare", "seldom", "often")
SEVERITY = ("minor", "serious", "critical")
MATRIX = {
    "minor": {"rare": "acceptable", "seldom": "acceptable", "often": "reduce-further"},
    "serious": {"rare": "acceptable", "seldom": "reduce-further", "often": "unacceptable"},
    "critical": {"rare": "reduce-further", "seldom": "unacceptable", "often": "unacceptable"},
}
RISKS: dict[str, Any] = {
    "policy": {
        "severity": [{"name": name, "meaning": name} for name in SEVERITY],
        "probability": [{"name": name} for name in SCALE],
        "matrix": MATRIX,
        "overall_criteria": "Benefit outweighs all residual risk together.",
    },
    "hazards": [{"id": "H1", "text": "A missed pneumothorax"}],
    "risks": [
        {
            "id": "R1",
            "hazard": "H1",
            "sequence_of_events": "The flag stays off; the study waits its turn.",
            "hazardous_situation": "A patient with a tension pneumothorax waits.",
            "harm": "Late treatment",
            "initial": {"severity": "critical", "probability": "seldom", "rationale": "S1"},
            "controls": ["RC1", "RC2"],
            "residual": {"severity": "critical", "probability": "rare", "rationale": "S1"},
            "acceptance": {"role": "risk lead", "on": "2026-10-01", "review_by": "2027-10-01"},
        }
    ],
    "controls": [
        {
            "id": "RC1",
            "text": "Unflagged studies keep their place.",
            "kind": "inherently-safe-design",
            "reduces": ["probability"],
            "implementation": {
                "report": "test.txt",
                "report_sha256": hashlib.sha256(b"passed").hexdigest(),
            },
            "effectiveness": {
                "report": "test.txt",
                "report_sha256": hashlib.sha256(b"passed").hexdigest(),
            },
        },
        {
            "id": "RC2",
            "text": "The instructions say that an absent flag means nothing.",
            "kind": "information-for-safety",
            "reduces": ["probability"],
            "implementation": {"labeling": "labeling/ifu.md", "passage": "An absent flag"},
            "effectiveness": {"labeling": "labeling/ifu.md", "passage": "means nothing"},
        },
    ],
    "overall": {
        "acceptable": True,
        "role": "risk lead",
        "on": "2026-10-02",
        "rationale": "Earlier reading of most cases outweighs it.",
    },
}


def reviewed(root, risks, *, today=TODAY):
    declared = small.files()
    if risks is not None:
        declared["risks.yaml"] = risks
    small.write(root, declared)
    (root / "test.txt").write_bytes(b"passed")
    with (root / "labeling/ifu.md").open("a", encoding="utf-8") as file:
        file.write("\nAn absent flag **means\nnothing**.\n")
    return review(load(root), (), today=today)


def missed(result):
    return {check.clause: check.open_items for check in result.open_checks}


def test_a_whole_file_holds_every_requirement(tmp_path):
    result = reviewed(tmp_path, RISKS)

    assert missed(result) == {}
    assert result.complete
    assert result.overall_acceptable is True
    assert (result.n_hazards, result.n_risks, result.n_controls) == (1, 1, 2)


def test_no_file_holds_nothing(tmp_path):
    result = reviewed(tmp_path, None)

    assert all(check.held is Held.NO for check in result.checks)
    assert result.overall_acceptable is None


def test_an_empty_file_is_not_held_by_having_nothing_wrong_in_it(tmp_path):
    result = reviewed(tmp_path, {})

    assert not any(check.held is Held.YES for check in result.checks)
    assert not result.complete


def _without(path, **changes):
    spoiled = copy.deepcopy(RISKS)
    here = spoiled
    for step in path[:-1]:
        here = here[step]
    if changes:
        here[path[-1]] = {**here[path[-1]], **changes}
    else:
        del here[path[-1]]
    return spoiled


@pytest.mark.parametrize(
    ("spoiled", "clause", "items"),
    [
        (_without(["policy", "matrix", "minor", "often"]), "4.4", ("minor × often",)),
        (_without(["policy", "overall_criteria"]), "4.4 f", ("overall_criteria",)),
        (_without(["risks", 0, "initial"]), "5.5", ("R1",)),
        (_without(["risks", 0, "residual"]), "7.3", ("R1",)),
        (_without(["risks", 0, "acceptance"]), "7.4 b", ("R1",)),
        (_without(["controls", 0, "implementation"]), "7.2", ("RC1",)),
        (_without(["controls", 0, "effectiveness"]), "7.2 b", ("RC1",)),
        (_without(["controls", 1, "implementation"], passage="No such words"), "7.2", ("RC2",)),
        (
            _without(["controls", 0, "effectiveness"], report_sha256="0" * 64),
            "7.2 b",
            ("RC1",),
        ),
        (
            _without(["risks", 0, "residual"], severity="serious", probability="seldom"),
            "7.3 b",
            ("R1",),
        ),
        (_without(["risks", 0, "residual"], probability="seldom"), "7.4", ("R1",)),
        (_without(["overall"]), "8", ("overall",)),
    ],
)
def test_each_spoiled_file_misses_its_clause(tmp_path, spoiled, clause, items):
    result = reviewed(tmp_path, spoiled)

    assert missed(result)[clause] == items
    assert result.overall_acceptable is None


def test_a_hazard_that_leads_to_no_risk_is_named(tmp_path):
    spoiled = copy.deepcopy(RISKS)
    spoiled["hazards"].append({"id": "H2", "text": "Wrong patient"})

    assert missed(reviewed(tmp_path, spoiled)) == {"5.4 b": ("H2",)}


def test_words_alone_do_not_control_a_risk(tmp_path):
    spoiled = copy.deepcopy(RISKS)
    spoiled["risks"][0]["controls"] = ["RC2"]
    del spoiled["controls"][0]

    assert missed(reviewed(tmp_path, spoiled)) == {"7.1": ("R1",)}


def test_an_acceptance_ends_at_its_review_date(tmp_path):
    result = reviewed(tmp_path, RISKS, today=date(2027, 10, 2))

    assert missed(result) == {"7.4 b": ("R1",)}


def test_a_study_without_a_result_verifies_nothing(tmp_path):
    spoiled = copy.deepcopy(RISKS)
    spoiled["controls"][0]["effectiveness"] = {"study": "S1"}

    assert missed(reviewed(tmp_path, spoiled)) == {"7.2 b": ("RC1",)}
