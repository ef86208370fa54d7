"""`defensible risk`: what is printed, for people and programs."""

import json

from ruamel.yaml import YAML

from defensible.cli.edge import run
from tests.assessment import small
from tests.risk.test_review import RISKS


def said(capsys, *arguments):
    code = run(["risk", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def dossier(root, risks):
    declared = small.files()
    declared["risks.yaml"] = risks
    small.write(root, declared)
    (root / "test.txt").write_bytes(b"failed")
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


def test_the_view_fits_80_columns_and_has_matrix_trace_and_open_clauses(tmp_path, capsys):
    root = dossier(tmp_path, RISKS)
    _, out, _ = said(capsys, root)
    _, trace, _ = said(capsys, root, "--trace")

    assert max(map(len, [*out.splitlines(), *trace.splitlines()])) <= 80
    assert "AFTER CONTROL" in out
    assert "  critical     R 1         U .         U ." in out
    assert "CONTROLS NOT VERIFIED (2)" in out
    assert "[ ] implemented: test.txt has another digest than declared" in trace


def test_the_json_view_counts_what_cannot_be_drawn_and_traces_each_risk(tmp_path, capsys):
    _, out, _ = said(capsys, dossier(tmp_path, RISKS), "--format", "json")
    result = json.loads(out)["result"]

    assert result["uncertainty"]["not_counted"] == ["R1"]
    assert [one["control"] for one in result["trace"][0]["controls"]] == ["RC1", "RC2"]
    assert {"severity", "probability", "acceptability", "risks"} == set(
        result["matrix"]["after"][0]
    )


def test_risks_go_to_a_table_and_come_back_as_a_draft(tmp_path, capsys):
    root = dossier(tmp_path / "dossier", RISKS)
    table = tmp_path / "fmea.xlsx"

    code, out, _ = said(capsys, root, "--export", table)
    _, draft, _ = said(capsys, "--import", table)
    _, _, _ = said(capsys, root, "--export", tmp_path / "tree.csv", "--tree")

    assert (code, out) == (0, f"1 rows are in {table}\n")
    assert YAML(typ="safe").load(draft)["risks"][0]["id"] == "R1"
    assert (tmp_path / "tree.csv").read_text().startswith("node,parent,gate,kind,text")


def test_a_table_that_is_none_is_an_error_with_its_code(tmp_path, capsys):
    path = tmp_path / "fmea.csv"
    path.write_text("risk,harm\n")

    code, _, err = said(capsys, "--import", path)

    assert code == 2
    assert "K002 the table has no row under its heading" in err


def test_check_names_a_misspelt_mode_too(tmp_path, capsys):
    root = dossier(tmp_path, file(modes=["slow-drfit"]))

    assert run(["check", str(root)]) == 2
    assert "K001 the catalogue has no failure mode 'slow-drfit'" in capsys.readouterr().err


def test_a_first_dossier_says_what_to_write_first(tmp_path, capsys):
    root = tmp_path / "device"
    run(["new", str(root), "--function", "triage", "--no-input"])
    capsys.readouterr()

    _, shown, _ = said(capsys, root)
    _, out, _ = said(capsys, root, "--format", "json")

    assert "THE POLICY" in shown
    assert "BEFORE CONTROL" not in shown
    assert "4.1, 4.3, 4.4 a, 4.4 b" in shown
    assert "  1. write `plan`: process, scope" in shown
    assert "  4. then, a risk at a time: `defensible risk --gaps`" in shown
    assert sum(one["held"] == "no" for one in json.loads(out)["result"]["checks"]) == 19


def test_the_worst_modes_stand_in_full_and_no_mode_is_left_out(tmp_path, capsys):
    root = dossier(tmp_path, file())

    _, shown, _ = said(capsys, root, "--gaps")
    _, out, _ = said(capsys, root, "--gaps", "--format", "json")
    modes = [one["mode"] for one in json.loads(out)["result"]["modes"]]

    assert [one for one in modes if f"[ ] {one}:" not in shown] == []
    assert shown.count("    harm: ") == 10
