"""Every code of intake has a call that is broken so, and the exact lines expected."""

import shutil
from pathlib import Path

import pytest

from defensible.cli import edge

BROKEN = Path(__file__).resolve().parents[1] / "broken_intake"
PAGES = Path(__file__).resolve().parents[2] / "docs/problems"
CODES = sorted(path.name for path in BROKEN.iterdir())


@pytest.mark.parametrize("code", CODES)
def test_a_broken_call_gets_exactly_these_lines_and_its_page_shows_them(
    code, tmp_path, monkeypatch, capsys
):
    shutil.copytree(BROKEN / code, tmp_path / code)
    monkeypatch.chdir(tmp_path / code)
    arguments = Path("arguments.txt").read_text(encoding="utf-8").split()

    assert edge.run(["intake", *arguments]) == 2

    expected = (BROKEN / code / "expected.txt").read_text(encoding="utf-8")
    assert capsys.readouterr().err == expected
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: ")
    assert f"```text\n{expected}```" in page
    assert not Path("out/cases.csv").exists()
