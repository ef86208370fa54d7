"""`defensible assess`, as a person and as a pipeline call it."""

import json
from pathlib import Path

import pytest

from defensible.cli.edge import run

HEART = Path(__file__).parents[2] / "examples" / "heart-four-hospitals"


@pytest.fixture(scope="module")
def scaffolded(tmp_path_factory):
    """A dossier as `defensible new` leaves it: nothing measured yet."""
    folder = tmp_path_factory.mktemp("dossiers") / "device"
    assert run(["new", str(folder), "--function", "triage", "--no-input"]) == 0
    return folder


def test_the_heart_example_is_a_pre_regulatory_device(capsys):
    code = run(["assess", str(HEART)])

    said = capsys.readouterr()
    assert code == 0
    screen = "\n".join(said.out.splitlines()[:50])
    assert "VERDICT  validated model, pre-regulatory device" in screen
    assert "VA Long Beach" in screen
    assert said.err == ""
    assert max(map(len, said.out.splitlines())) <= 80


def test_json_is_one_envelope(capsys):
    code = run(["assess", str(HEART), "--format", "json"])

    answer = json.loads(capsys.readouterr().out)
    assert code == 0
    assert set(answer) == {"schema", "command", "result", "problems"}
    assert answer["command"] == "assess"
    assert answer["problems"] == []
    assert answer["result"]["verdict"]["slug"] == "pre-regulatory-device"
    assert len(answer["result"]["rubric"]) == 8


def test_a_requirement_that_is_not_reached_is_exit_code_1_and_one_line(capsys):
    code = run(["assess", str(HEART), "--require", "submission-ready"])

    said = capsys.readouterr()
    assert code == 1
    assert said.err == (
        "not defended: the verdict is pre-regulatory-device, below submission-ready, "
        "which --require asks for\n"
    )
    assert "VERDICT" in said.out


def test_a_requirement_that_is_reached_is_exit_code_0(capsys):
    assert run(["assess", str(HEART), "--require", "validated-model"]) == 0
    assert capsys.readouterr().err == ""


def test_a_misspelt_verdict_is_named_with_the_nearest_one(capsys):
    code = run(["assess", str(HEART), "--require", "submision_ready"])

    said = capsys.readouterr()
    assert code == 2
    assert "there is no verdict 'submision_ready'" in said.err
    assert "did you mean 'submission-ready'?" in said.err
    assert said.out == ""


def test_the_page_is_written_whole_beside_the_answer(capsys, tmp_path):
    page = tmp_path / "report.html"

    code = run(["assess", str(HEART), "--html", str(page)])

    assert code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert page.read_text(encoding="utf-8").endswith("</html>\n")
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
    assert capsys.readouterr().err == f"the page is in {page}\n"


def test_a_page_does_not_replace_a_file_of_the_dossier(capsys, scaffolded):
    before = (scaffolded / "device.yaml").read_bytes()

    code = run(["assess", str(scaffolded), "--html", str(scaffolded / "device.yaml")])

    assert code == 2
    assert "does not end in .html" in capsys.readouterr().err
    assert (scaffolded / "device.yaml").read_bytes() == before


def test_a_page_in_no_folder_is_named_by_the_path_that_was_asked_for(capsys, scaffolded, tmp_path):
    page = tmp_path / "none" / "report.html"

    code = run(["assess", str(scaffolded), "--html", str(page)])

    said = capsys.readouterr()
    assert code == 2
    assert str(page) in said.err
    assert said.out == ""


def test_a_scaffold_is_not_validated_and_says_what_comes_first(capsys, scaffolded):
    code = run(["assess", str(scaffolded), "--require", "validated-model"])

    said = capsys.readouterr()
    assert code == 1
    assert "VERDICT  not validated" in said.out
    assert "No study has been run: there is no evidence." in said.out
    assert said.out.splitlines()[-1] != ""


def test_a_folder_without_a_dossier_is_exit_code_2(capsys, tmp_path):
    code = run(["assess", str(tmp_path), "--html", str(tmp_path / "report.html")])

    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert "this folder is empty" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_broken_dossier_is_one_envelope_in_json(capsys, tmp_path):
    code = run(["assess", str(tmp_path), "--format", "json"])

    answer = json.loads(capsys.readouterr().out)
    assert code == 2
    assert answer["result"] is None
    assert [one["code"] for one in answer["problems"]] == ["D001"]
