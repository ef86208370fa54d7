"""The catalogue of failure modes: whole, cited, and applied by the intended use."""

import copy
import json

import pytest
from pydantic import ValidationError

from defensible.dossier.intended_use import IntendedUse
from defensible.regulation import Match
from defensible.regulation.failure_modes import FailureModePack, applying, catalogue
from defensible.regulation.reading import compiled
from tests.regulation import law

MODE = {
    "id": "drift",
    "class": "drift",
    "title": "T",
    "cause": "C",
    "situation": "S",
    "harm": "H",
    "severity": 4,
    "why": "W",
    "confusion_matrix": False,
    "controls": {
        "inherently-safe-design": "a",
        "protective-measure": "b",
        "information-for-safety": "c",
    },
    "evidence": {"kinds": ["monitoring"], "study": "E", "measure": "M"},
    "cite": {"source": "S", "read_on": "2026-11-23", "confidence": "high"},
}
PACK = {"schema": 1, "version": "1", "as_of": "2026-11-23", "modes": [MODE]}


def names(use, match=Match.MET):
    return [one.mode.id for one in applying(IntendedUse(**use)) if one.applies is match]


def test_the_catalogue_is_whole_and_its_json_is_what_the_yaml_says():
    source = (law.FOLDER / "failure-modes.yaml").read_bytes()

    assert len(catalogue().modes) == 56
    assert (law.FOLDER / "failure-modes.json").read_text("utf-8") == compiled(
        source, FailureModePack
    )
    assert {one.cite.confidence for one in catalogue().modes} <= {"high", "medium"}


def test_what_a_confusion_matrix_shows_is_the_little_that_it_shows():
    shown = {one.id for one in catalogue().modes if one.confusion_matrix}

    assert shown == {"low-sensitivity", "low-specificity", "alert-fatigue"}


def test_a_triage_device_has_the_modes_of_a_worklist_and_a_segmentation_has_not():
    triage = names({"function": "triage", "workflow": "parallel-to-standard-read"})
    contours = names({"function": "segmentation", "output": ["contour"]})

    assert "unflagged-waits-longer" in triage
    assert "boundary-error" not in triage
    assert "boundary-error" in contours
    assert "unflagged-waits-longer" not in contours


def test_what_is_not_declared_may_apply_and_says_what_would_settle_it():
    found = applying(IntendedUse(function="diagnosis"))
    heatmap = next(one for one in found if one.mode.id == "misleading-explanation")
    text = next(one for one in found if one.mode.id == "invented-text")

    assert (heatmap.applies, heatmap.ask) == (Match.UNKNOWN, ("output",))
    assert text.ask == ("whether it drafts text of a report",)


def test_worst_first_is_certain_before_possible_then_by_severity():
    found = applying(IntendedUse(function="triage"))

    ranks = [(one.applies is Match.UNKNOWN, -one.mode.severity) for one in found]
    assert ranks == sorted(ranks)
    assert found[0].mode.id == "hidden-stratification"


@pytest.mark.parametrize(
    "change",
    [
        {"severity": 6},
        {"controls": {"information-for-safety": "c"}},
        {"when": {"all": [{"field": "output", "includes": ["a-sound"]}]}},
        {"evidence": {"kinds": ["opinion"], "study": "E", "measure": "M"}},
        {"cite": {"source": "S", "confidence": "high"}},
    ],
)
def test_a_mode_that_says_too_little_or_too_much_is_refused(change):
    FailureModePack.model_validate(PACK)

    with pytest.raises(ValidationError):
        FailureModePack.model_validate({**PACK, "modes": [{**MODE, **change}]})


def test_a_mode_stands_once():
    twice = copy.deepcopy(PACK)
    twice["modes"].append(MODE)

    with pytest.raises(ValidationError, match="drift is used twice"):
        FailureModePack.model_validate(json.loads(json.dumps(twice)))
