"""The language command: hits as text and JSON, its exit codes, and hostile files."""

import json

import pytest

from defensible.cli.edge import run

USE = "function: triage\nstatement: HeadFlag flags head CT studies.\n"


@pytest.fixture
def use(tmp_path):
    path = tmp_path / "use.yaml"
    path.write_text(USE, encoding="utf-8")
    return str(path)


def written(folder, text, name="a.md"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_hit_ends_with_1_and_says_where(tmp_path, use, capsys):
    file = written(tmp_path, "\nHeadFlag rules out bleeding.")

    assert run(["language", "--use", use, file, "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    (hit,) = said["result"]["hits"]
    assert (said["command"], said["problems"]) == ("language", [])
    assert (hit["rule"], hit["unit"], hit["number"]) == ("language.rules-out", "line", 2)


def test_no_hit_ends_with_0_in_80_columns(tmp_path, use, capsys):
    assert run(["language", "--use", use, written(tmp_path, "It flags studies.")]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_what_cannot_be_read_or_asked_ends_with_2(tmp_path, use, capsys):
    file = written(tmp_path, "no PDF", "a.pdf")

    assert run(["language", "--use", use, file]) == 2
    assert "R001 this PDF cannot be read: it is damaged" in capsys.readouterr().err
    assert run(["language", file, file]) == 2
    assert run(["language", "--use", use]) == 2
    assert run(["language", "--use", file, file]) == 2


def test_the_name_of_lone_files_may_be_given(tmp_path, use):
    file = written(tmp_path, "SeeQuick diagnoses stroke.")

    assert run(["language", "--use", use, file]) == 0
    assert run(["language", "--use", use, "--name", "SeeQuick", file]) == 1


@pytest.mark.parametrize("name", ["a.md", "a.html"])
@pytest.mark.parametrize("text", [".", "[", "[a](", "<a ", "<!--", '"', "*", ">", "- a\n", "not "])
def test_hostile_text_is_read_to_its_end(tmp_path, use, name, text):
    assert run(["language", "--use", use, written(tmp_path, text * 20_000, name)]) == 0
