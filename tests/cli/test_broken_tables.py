"""Every code of a lone table has a table that is broken so, and the exact lines expected."""

from pathlib import Path

import pytest

from defensible.cli import edge

BROKEN = Path(__file__).resolve().parents[1] / "broken_tables"
PAGES = Path(__file__).resolve().parents[2] / "docs/problems"
CODES = sorted(path.name for path in BROKEN.iterdir())


@pytest.mark.parametrize("code", CODES)
def test_a_broken_table_gets_exactly_these_lines_and_its_page_shows_them(code, monkeypatch, capsys):
    monkeypatch.chdir(BROKEN / code)

    assert edge.run(["stats", "auc", "scores.csv"]) == 2

    expected = (BROKEN / code / "expected.txt").read_text(encoding="utf-8")
    assert capsys.readouterr().err == expected
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: ")
    assert f"```text\n{expected}```" in page
