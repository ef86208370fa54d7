"""What leaves the command line: exit codes, one JSON form, and never a traceback."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from defensible.cli import edge
from defensible.cli.app import COMMANDS
from tests.assessment import small

ROOT = Path(__file__).resolve().parents[2]
BROKEN = ROOT / "tests" / "broken"
HEAVY = {"numpy", "polars", "pydantic", "ruamel", "scipy", "jinja2", "fsspec", "rich"}


def called(*words: str, **settings) -> subprocess.CompletedProcess:
    """The program in a process of its own, as a shell calls it."""
    environment = {**os.environ, **settings.pop("environment", {})}
    return subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-m", "defensible", *words],
        stdout=settings.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
        **settings,
    )


def test_help_names_every_command_and_loads_no_heavy_room():
    code = (
        "import sys\nfrom defensible.cli.edge import run\n"
        "assert run(['--help']) == 0\nprint(*sys.modules, sep='\\n', file=sys.stderr)"
    )

    done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    loaded = {line.split(".")[0] for line in done.stderr.splitlines()}
    assert loaded & HEAVY == set()
    assert [name for name in COMMANDS if f"\n  {name} " not in done.stdout] == []
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_version_is_said(capsys):
    from defensible import __version__

    assert edge.run(["--version"]) == 0
    assert capsys.readouterr().out == f"defensible {__version__}\n"


def test_a_misspelt_command_is_a_problem_with_the_nearest_one(capsys):
    assert edge.run(["chek"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "defensible: No such command 'chek'. Did you mean 'check', 'schema'?\n"
        "  see `defensible --help`\n"
    )


@pytest.mark.parametrize("form", [("--format", "json"), ("--format=json",)])
def test_problems_of_a_call_come_in_the_same_json_form(capsys, form):
    assert edge.run(["check", "--formt", *form]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"schema", "command", "result", "problems"}
    assert (answer["schema"], answer["command"], answer["result"]) == (
        "defensible/1",
        "check",
        None,
    )
    assert [one["code"] for one in answer["problems"]] == ["D000"]


def test_problems_of_a_dossier_come_in_the_same_json_form(capsys):
    assert edge.run(["check", str(BROKEN / "D021"), "--format", "json"]) == 2
    said = capsys.readouterr()
    (problem,) = json.loads(said.out)["problems"]
    assert said.err == ""
    assert set(problem) == {"file", "line", "column", "code", "what", "mend"}
    assert problem["what"] == "the goal is 80; a proportion lies between 0 and 1"
    assert problem["mend"] == "write 0.8 for 80 %"


def test_a_pipe_that_nobody_reads_is_not_an_answer(tmp_path):
    root = small.write(tmp_path / "dossier")
    reading, writing = os.pipe()
    os.close(reading)

    done = called("check", str(root), stdout=writing)

    os.close(writing)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_an_answer_that_cannot_be_written_is_a_problem(tmp_path):
    root = small.write(tmp_path / "dossier")

    with Path("/dev/full").open("wb") as full:
        done = called("check", str(root), stdout=full)

    assert done.returncode == 2
    assert b"D001 this cannot be read or written: no space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_terminal_without_all_characters_shows_codes(tmp_path):
    files = small.files()
    files["device.yaml"]["name"] = "Pneumo α"
    root = small.write(tmp_path / "dossier", files)
    plain = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}

    text = called("check", str(root), environment=plain)
    answer = called("check", str(root), "--format", "json", environment=plain)

    assert text.stdout.startswith(b"Pneumo \\u03b1 1.0.0: no problems")
    assert json.loads(answer.stdout)["result"]["device"]["name"] == "Pneumo α"


@pytest.fixture
def failing(monkeypatch):
    """A command for this test alone that raises what it is given."""
    raised: list[BaseException] = []

    def fail() -> None:
        raise raised[0]

    module = ModuleType("failing")
    module.fail_for_a_test = fail
    monkeypatch.setitem(sys.modules, "failing", module)
    monkeypatch.setitem(COMMANDS, "fail-for-a-test", "failing")
    return raised


def test_a_fault_of_ours_is_said_in_two_lines_without_a_traceback(failing, capsys, monkeypatch):
    monkeypatch.delenv("DEFENSIBLE_DEBUG", raising=False)
    failing.append(ZeroDivisionError("secret words of the dossier"))

    assert edge.run(["fail-for-a-test"]) == 70
    said = capsys.readouterr().err
    assert "this is our fault, not yours (ZeroDivisionError)" in said
    assert "secret" not in said
    assert len(said.splitlines()) == 2


def test_a_fault_of_ours_shows_where_it_happened_when_asked(failing, monkeypatch):
    monkeypatch.setenv("DEFENSIBLE_DEBUG", "1")
    failing.append(ZeroDivisionError("here"))

    with pytest.raises(ZeroDivisionError, match="here"):
        edge.run(["fail-for-a-test"])


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_stopping_from_the_keyboard_is_one_word(failing, capsys, stop):
    failing.append(stop())

    assert edge.run(["fail-for-a-test"]) == 130
    assert capsys.readouterr().err.split() == ["stopped"]


def test_a_file_that_cannot_be_used_is_named(failing, capsys):
    failing.append(PermissionError(13, "Permission denied", "report.html"))

    assert edge.run(["fail-for-a-test"]) == 2
    assert capsys.readouterr().err.startswith(
        "report.html:1:1: D001 this cannot be read or written: permission denied\n"
    )


def test_numbers_that_are_none_never_reach_json():
    from defensible.cli.envelope import envelope

    with pytest.raises(ValueError, match="JSON compliant"):
        envelope("check", {"value": float("nan")})


def test_output_that_is_no_terminal_carries_no_colour(tmp_path):
    root = small.write(tmp_path / "dossier")

    done = called("check", str(root), environment={"FORCE_COLOR": "1", "TERM": "xterm-256color"})

    assert b"\x1b" not in done.stdout + done.stderr


def test_questions_are_asked_on_a_terminal_until_the_answer_is_a_function(
    tmp_path, monkeypatch, capsys
):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("triagge\ntriage\nLungcheck\n"))

    assert edge.run(["new", str(tmp_path / "device"), "--format", "json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["result"]["files"][0] == "device.yaml"
    assert "there is no function 'triagge'; did you mean 'triage'?" in said.err
    assert 'name: "Lungcheck"' in (tmp_path / "device/device.yaml").read_text(encoding="utf-8")


def test_a_file_name_that_is_no_text_is_shown_and_not_a_fault(tmp_path):
    name = os.fsdecode(b"use\xff.yaml")
    (tmp_path / name).write_text("function: triage\n", encoding="utf-8")
    strict = {"PYTHONIOENCODING": "utf-8:strict"}

    text = called("classify", name, cwd=tmp_path, environment=strict)
    answer = called("classify", name, "--format", "json", cwd=tmp_path, environment=strict)

    assert text.stdout.startswith(rb"use\u{dcff}.yaml: triage")
    assert json.loads(answer.stdout)["result"]["path"] == name
