"""Every code of this room has a dossier that is broken so, the exact lines expected, and a page."""

import re
from pathlib import Path

import pytest

from defensible.dossier import DossierError, load

ROOT = Path(__file__).resolve().parents[2]
BROKEN = ROOT / "tests" / "broken"
PAGES = ROOT / "docs" / "problems"
CODES = sorted(path.name for path in BROKEN.glob("D*"))
AT_THE_COMMAND_LINE = {"D000", "D017"}
"""Faults of a call and not of a dossier: tested with the commands."""


@pytest.mark.parametrize("code", CODES)
def test_a_broken_dossier_gets_exactly_these_lines(code):
    expected = (BROKEN / code / "expected.txt").read_text(encoding="utf-8")

    with pytest.raises(DossierError) as caught:
        load(BROKEN / code)

    assert f"{caught.value}\n" == expected
    assert {problem.code for problem in caught.value.problems} == {code}


def test_every_code_in_the_source_has_a_broken_dossier_and_a_page():
    rooms = [ROOT / "src/defensible" / name for name in ("dossier", "cli")]
    source = "".join(
        path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py")
    )

    used = set(re.findall(r'"(D\d{3})["|]', source))
    assert used == set(CODES) | AT_THE_COMMAND_LINE
    assert used == {path.stem for path in PAGES.glob("D*.md")}


def test_the_index_names_every_page():
    index = (PAGES / "README.md").read_text(encoding="utf-8")

    assert [page.name for page in PAGES.glob("[DEL]*.md") if f"({page.name})" not in index] == []
