"""`defensible intake` for people and for programs."""

import json
import sys

import pytest

from defensible.cli.edge import run
from defensible.cli.progress import Bar
from tests.evidence.dicom.written import numbered


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("images", "tables", "keys"):
        (tmp_path / name).mkdir()
    for n in range(3):
        (tmp_path / "images" / f"QUIXOTE {n}.dcm").write_bytes(numbered(n))
    (tmp_path / "images/list.txt").write_text("Zebediah Quixote\n" * 20)
    return tmp_path


def test_the_answer_fits_a_terminal_and_says_what_to_do_next(place, capsys):
    assert run(["intake", "images", "--out", "tables/c.csv", "--new-key", "keys/k"]) == 0

    said = capsys.readouterr()
    assert said.out.startswith("3 images in tables/c.csv\n  read          4 files, 3 images\n")
    assert said.out.splitlines()[-1].startswith("Next: read c.report.json")
    assert max(map(len, said.out.splitlines())) <= 80
    assert "quixote" not in (said.out + said.err).lower()
    assert (place / "keys/k").stat().st_mode & 0o077 == 0


def test_programs_get_the_counts(place, capsys):
    run(["intake", "images", "--out", "tables/c.parquet", "--new-key", "keys/k"])
    capsys.readouterr()

    call = ["intake", "images", "--out", "tables/s.parquet", "--key", "keys/k", "--level", "study"]
    assert run([*call, "--format", "json"]) == 0

    result = json.loads(capsys.readouterr().out)["result"]
    assert (result["level"], result["n_rows"], result["n_images"]) == ("study", 1, 3)
    assert result["refused"] == {"not DICOM": 1}
    held = (place / "keys/k").read_text().strip()
    assert held not in "".join(one.read_text("latin-1") for one in (place / "tables").iterdir())


def test_hashed_paths_show_no_folder(place, capsys):
    call = ["intake", "images", "--out", "tables/c.csv", "--new-key", "keys/k", "--hash-paths"]
    assert run([*call, "--report", "tables/r.json", "--workers", "1"]) == 0

    assert "list.txt" not in (place / "tables/r.json").read_text()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "extra",
    [[], ["--key", "keys/a", "--new-key", "keys/b"], ["--new-key", "keys/b", "--level", "voxel"]],
)
def test_a_call_that_does_not_say_enough_is_refused(place, extra, capsys):
    assert run(["intake", "images", "--out", "tables/c.csv", *extra]) == 2

    assert "see `defensible intake --help`" in capsys.readouterr().err
    assert list((place / "tables").iterdir()) == []


def test_the_bar_shows_counts_on_a_terminal_only(monkeypatch, capsys):
    Bar("files")(1, 2, complete=True)
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    bar = Bar("files")
    bar(1, 2, complete=False)
    bar(2, 2, complete=True)
    said = capsys.readouterr().err
    assert "[############------------] 1 of 2 files found so far" in said
    assert said.endswith("[########################] 2 of 2 files\x1b[K\n")
