"""`defensible risk`: what is printed, for people and programs."""

import json

from ruamel.yaml import YAML

from defensible.cli.edge import run
from tests.assessment import small


def said(capsys, *arguments):
    code = run(["risk", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def dossier(root, risks):
    declared = small.files()
    declared["risks.yaml"] = risks
    small.write(root, declared)
    return root


RISK = {
    "id": "R1",
    "hazard": "H1",
    "sequence_of_events": "The flag stays off.",
    "hazardous_situation": "The patient waits.",
    "harm": "Late treatment",
}


def file(*, modes=(), aside=()):
    return {
        "hazards": [{"id": "H1", "text": "A missed finding"}],
        "risks": [{**RISK, "modes": list(modes)}],
        "not_applicable": list(aside),
    }


def test_gaps_lists_what_nobody_has_dealt_with_and_nothing_else(tmp_path, capsys):
    aside = {"mode": "invented-text", "why": "No text", "role": "lead", "on": "2026-11-01"}
    root = dossier(tmp_path, file(modes=["slow-drift"], aside=[aside]))

    code, out, _ = said(capsys, root, "--gaps", "--format", "json")
    named = {one["mode"]: one for one in json.loads(out)["result"]["modes"]}

    assert code == 0
    assert "slow-drift" not in named
    assert "invented-text" not in named
    assert named["unflagged-waits-longer"]["open"] is True
    assert named["unflagged-waits-longer"]["citation"]["source"]


def test_text_fits_80_columns_and_ends_in_what_to_do_next(tmp_path, capsys):
    _, out, _ = said(capsys, dossier(tmp_path, file()), "--gaps")

    assert max(map(len, out.splitlines())) <= 80
    assert "Next: `defensible risk --suggest hidden-stratification`" in out


def test_a_suggestion_is_yaml_that_names_its_mode_and_estimates_nothing(tmp_path, capsys):
    taken = file()
    taken["controls"] = [
        {
            "id": "K-slow-drift-design",
            "text": "T",
            "kind": "protective-measure",
            "reduces": ["probability"],
        }
    ]
    _, out, _ = said(capsys, dossier(tmp_path, taken), "--suggest", "slow-drift")

    draft = YAML(typ="safe").load(out)
    assert draft["risks"][0]["modes"] == ["slow-drift"]
    assert "initial" not in draft["risks"][0]
    assert draft["risks"][0]["controls"] == [
        "K-slow-drift-design-2",
        "K-slow-drift-protection",
        "K-slow-drift-information",
    ]
    assert [one["kind"] for one in draft["controls"]] == [
        "inherently-safe-design",
        "protective-measure",
        "information-for-safety",
    ]


def test_a_misspelt_mode_is_an_error_with_its_place_and_the_nearest(tmp_path, capsys):
    code, _, err = said(capsys, dossier(tmp_path, file(modes=["slow-drfit"])))

    assert code == 2
    assert "K001 the catalogue has no failure mode 'slow-drfit'" in err
    assert "did you mean 'slow-drift'?" in err


def test_a_suggestion_for_no_mode_is_a_usage_error(tmp_path, capsys):
    code, _, err = said(capsys, dossier(tmp_path, file()), "--suggest", "slowdrift")

    assert code == 2
    assert "did you mean 'slow-drift'?" in err
