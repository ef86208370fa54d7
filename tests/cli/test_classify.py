"""`defensible classify`: the answer as an argument, and the same as JSON."""

import io
import json
import re
import shlex
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.cli.edge import run
from defensible.screen import cells
from tests.regulation.worked import FOLDER, examples

ROOT = Path(__file__).parents[2]
HEART = ROOT / "examples" / "heart-four-hospitals"
TRIAGE = FOLDER / "chest-radiograph-pneumothorax-triage.yaml"


def answered(capsys, *words):
    """The `result` of a call that ends with 0."""
    assert run(["classify", *map(str, words), "--format", "json"]) == 0
    envelope = json.loads(capsys.readouterr().out)
    assert (envelope["command"], envelope["problems"]) == ("classify", [])
    return envelope["result"]


def said(capsys, *words):
    assert run(["classify", *map(str, words)]) == 0
    return capsys.readouterr().out


def test_a_lone_file_gets_class_codes_pathway_and_rules_of_a_market(capsys):
    us = answered(capsys, TRIAGE, "--market", "us")["markets"]["us"]

    assert us["device"] is True
    assert (us["class"], us["regulation"], us["source"]) == ("II", "892.2080", "21 CFR 892.2080")
    assert (us["product_codes"], us["pathway"]) == (["QAS", "QFM"], "510(k)")
    assert [one["rule"] for one in us["rules"]] == ["us.ground.reads-images", "us.triage"]
    assert us["rules"][1]["conditions"][0] == {
        "field": "function",
        "asked": "triage",
        "found": "triage",
        "match": "met",
    }
    assert (us["unknown"], us["confidence"]) == ([], "high")


def test_a_lone_file_is_asked_for_every_market_with_rules(capsys):
    markets = answered(capsys, TRIAGE)["markets"]

    assert {"us", "eu", "imdrf"} <= set(markets)
    assert (markets["eu"]["class"], markets["eu"]["rule"]) == ("IIb", "11")
    assert markets["imdrf"]["category"] == "II"


def test_markets_come_once_and_in_the_order_asked(capsys):
    words = ["--market", "eu", "--market", "US", "--market", "eu"]

    assert list(answered(capsys, TRIAGE, *words)["markets"]) == ["eu", "us", "imdrf"]


def test_a_dossier_is_asked_for_its_markets_and_its_risks_count(capsys):
    result = answered(capsys, HEART)

    assert result["device"] == "CoroScore 1.1"
    assert list(result["markets"]) == ["us", "eu", "imdrf"]
    assert result["schemes"]["iec62304"]["category"] == "C"


def test_an_assessment_gives_the_classification_in_the_same_form(capsys):
    assert run(["assess", str(HEART), "--format", "json"]) == 0
    assessed = json.loads(capsys.readouterr().out)["result"]["classification"]

    classified = answered(capsys, HEART)

    assert assessed == {name: classified[name] for name in ("markets", "schemes")}


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.name)
def test_the_text_fits_80_columns_cites_every_rule_and_ends_in_what_to_do(example, capsys):
    path = FOLDER / f"{example.name}.yaml"

    text = said(capsys, path)

    assert max(map(len, text.splitlines())) <= 80
    assert re.search(r"^NEXT  \S", text.rsplit("\n\n", 1)[-1])
    shown = _joined(text)
    for market in answered(capsys, path)["markets"].values():
        for rule in market["rules"]:
            cited = rule["citation"]
            assert _joined(f"{rule['title']} ({rule['rule']})") in shown
            assert _joined(f"{cited['source']}, read {cited['read_on']}") in shown


def _joined(text):
    return " ".join(text.split())


def test_what_stops_a_near_rule_is_said_with_what_was_found(capsys):
    text = _joined(said(capsys, FOLDER / "mammogram-triage-with-marks.yaml", "--market", "us"))

    assert "us.triage: output is worklist-flag, mark-or-box; asked: worklist-flag," in text
    assert "and nothing beyond" in text
    assert "No rule decides." in text


def test_what_is_not_declared_is_what_to_do_next(capsys, tmp_path):
    path = tmp_path / "intended-use.yaml"
    path.write_text("function: triage\n", encoding="utf-8")

    text = _joined(said(capsys, path, "--market", "us"))

    assert "US open whether a device; no rule decides the class" in text
    assert "NEXT Declare output, workflow, human_confirmation, imaging_modality" in text


def test_every_problem_of_a_lone_file_comes_with_its_place(capsys, tmp_path):
    path = tmp_path / "use.yaml"
    path.write_text("function: triaje\noutput: [flag]\nworkflo: none\n", encoding="utf-8")

    assert run(["classify", str(path)]) == 2
    said = capsys.readouterr().err
    assert f"{path}:1:11: D008 there is no function 'triaje'\n  did you mean 'triage'?" in said
    assert f"{path}:2:10: D008" in said
    assert f"{path}:3:1: D006" in said
    assert "3 problems in 1 file" in said


@pytest.mark.parametrize(
    ("name", "begin"),
    [("gone.yaml", "gone.yaml:1:1: D002"), ("gone", "gone:1:1: D001"), ("", ":1:1: D001")],
)
def test_what_is_not_there_is_a_problem(name, begin, capsys, tmp_path):
    assert run(["classify", str(tmp_path / name)]) == 2
    assert begin in capsys.readouterr().err


def test_an_unknown_market_gets_the_nearest_one(capsys):
    assert run(["classify", str(TRIAGE), "--market", "canda"]) == 2
    assert "there is no market 'canda'; did you mean 'canada'?" in capsys.readouterr().err


def test_hidden_characters_of_the_file_do_not_reach_a_terminal(capsys, tmp_path):
    path = tmp_path / "intended-use.yaml"
    hostile = "chest \u202egnul\u2069\u200b " + "x" * 5000
    path.write_text(
        TRIAGE.read_text(encoding="utf-8").replace("anatomy: chest", f'anatomy: "{hostile}"'),
        encoding="utf-8",
    )

    text = said(capsys, path)

    assert not {"\u202e", "\u2069", "\u200b"} & set(text)
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("escape", [r"\e[31m", r"\u009b31m", r"\0", r"\x07"])
def test_a_control_character_is_refused_when_the_file_is_read(escape, capsys, tmp_path):
    path = tmp_path / "intended-use.yaml"
    path.write_text(f'function: triage\nanatomy: "chest {escape}"\n', encoding="utf-8")

    assert run(["classify", str(path)]) == 2
    said = capsys.readouterr().err
    assert f"{path}:2:" in said
    assert said.isprintable() or set(said) - set(filter(str.isprintable, said)) == {"\n"}


def test_a_link_to_a_file_is_followed(capsys, tmp_path):
    (tmp_path / "here").mkdir()
    link = tmp_path / "here" / "use.yaml"
    link.symlink_to(TRIAGE)

    assert answered(capsys, link, "--market", "us")["markets"]["us"]["class"] == "II"


WHAT_IF = ["--what-if", "function=detection", "--what-if", "output=mark-or-box"]
SECOND_READ = [*WHAT_IF, "--what-if", "workflow=second-read"]


def test_what_if_gives_both_answers_and_in_what_they_differ(capsys):
    found = answered(capsys, TRIAGE, "--market", "us", *SECOND_READ)["what_if"]

    assert found["changes"][0] == {
        "field": "function",
        "before": ["triage"],
        "after": ["detection"],
    }
    assert found["before"]["markets"]["us"]["regulation"] == "892.2080"
    assert found["after"]["markets"]["us"]["regulation"] == "892.2070"
    us = {one["aspect"]: one for one in found["differences"]["us"]}
    assert us["product codes"] == {
        "aspect": "product codes",
        "before": ["QAS", "QFM"],
        "after": ["MYN"],
    }
    assert "class" not in us


def test_what_if_shows_both_devices_side_by_side(capsys):
    text = said(capsys, TRIAGE, "--market", "us", *SECOND_READ)

    assert max(map(len, text.splitlines())) <= 80
    assert "WHAT IF  function is detection (declared: triage)" in text
    assert "class            II                              the same" in text
    assert "regulation       21 CFR 892.2080                 21 CFR 892.2070" in text
    assert "  Newly asked:\n    - AR-1" in text
    assert text.rsplit("\n\n", 1)[-1].startswith("NEXT  The rules answer otherwise (US)")


@pytest.mark.parametrize(
    ("word", "what"),
    [
        ("function=detecton", "there is no function 'detecton'; did you mean 'detection'?"),
        ("funktion=triage", "there is no field 'funktion'; did you mean 'function'?"),
        ("function", "'function' has no `=`"),
        ("gxp.impact=direct", "with this change gxp.process has to be declared, too"),
    ],
)
def test_a_change_that_cannot_be_made_is_a_wrong_input(word, what, capsys):
    assert run(["classify", str(TRIAGE), "--what-if", word]) == 2
    assert what in capsys.readouterr().err


def test_sensitivity_names_each_change_and_what_becomes_of_the_market(capsys):
    found = answered(capsys, TRIAGE, "--market", "eu", "--sensitivity")["sensitivity"]

    assert found["before"]["eu"]["class"] == "IIb"
    assert {
        "market": "eu",
        "changes": [
            {"field": "worst_outcome", "after": ["death-or-irreversible-deterioration"]},
        ],
        "after": {
            "decided": True,
            "device": True,
            "class": "III",
            "pathway": "notified body (Annex IX with chapter II, or Annex X with XI)",
        },
    } in found["singles"]
    assert found["n_pairs"] == found["n_possible"]
    assert all(len(one["changes"]) == 2 for one in found["pairs"])


@pytest.mark.parametrize("depth", [0, 9], ids=["near", "deep"])
@pytest.mark.parametrize("example", examples()[::4], ids=lambda one: one.name)
def test_sensitivity_fits_80_columns_and_its_last_line_can_be_run(example, depth, tmp_path, capsys):
    folder = tmp_path.joinpath(*["a folder"] * depth)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{example.name}.yaml"
    path.write_bytes((FOLDER / path.name).read_bytes())

    *shown, last = said(capsys, path, "--sensitivity").splitlines()

    assert max(map(len, shown)) <= 80
    program, *words = shlex.split(last)
    assert program == "defensible"
    assert run(words) == 0


def test_sensitivity_and_what_if_are_asked_one_at_a_time(capsys):
    assert run(["classify", str(TRIAGE), "--sensitivity", *WHAT_IF]) == 2
    assert "--sensitivity" in capsys.readouterr().err


@given(
    st.dictionaries(
        st.sampled_from(["condition", "anatomy", "target_finding", "statement"]),
        st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200),
    ),
    st.sampled_from([[], ["--sensitivity"], ["--what-if", "function=detection"]]),
)
@settings(max_examples=25, deadline=None)
def test_whatever_the_free_text_is_the_answer_can_be_shown_in_80_columns(texts, words):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "intended-use.yaml"
        declared = {"function": "triage", "imaging_modality": ["CT"], **texts}
        path.write_text(json.dumps(declared), encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["classify", str(path), "--market", "us", *words])

    assert code in {0, 2}
    assert code == 0 or "D0" in err.getvalue()
    lines = out.getvalue().splitlines()
    command = "      defensible classify "  # whole on its line, however deep the folder is
    assert max((cells(one) for one in lines if not one.startswith(command)), default=0) <= 80
    assert all(ch.isprintable() or ord(ch) in {0x200C, 0x200D} for line in lines for ch in line)
