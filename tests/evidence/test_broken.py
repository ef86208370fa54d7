"""Every code of this room has a dossier that is broken so, and the exact lines expected."""

from pathlib import Path

import pytest

from defensible.dossier import DossierError, load
from defensible.evidence import run

BROKEN = Path(__file__).resolve().parents[1] / "broken"
PAGES = Path(__file__).resolve().parents[2] / "docs" / "problems"
ROOM = Path(__file__).resolve().parents[2] / "src" / "defensible" / "evidence"
CODES = sorted(path.name for path in BROKEN.glob("E*"))
OF_INTAKE = {f"E{number:03d}" for number in range(31, 42)}
"""Faults of a call and of DICOM files, not of a dossier: tested with the intake. E038 is the
command's own."""
OF_LONE_TABLES = {path.name for path in BROKEN.with_name("broken_tables").glob("E*")}


@pytest.mark.parametrize("code", CODES)
def test_a_broken_study_gets_exactly_these_lines(code):
    expected = (BROKEN / code / "expected.txt").read_text(encoding="utf-8")
    dossier = load(BROKEN / code)

    with pytest.raises(DossierError) as caught:
        run(dossier)

    assert f"{caught.value}\n" == expected
    assert {problem.code for problem in caught.value.problems} == {code}


def test_every_code_in_the_source_has_a_broken_dossier_and_a_page():
    source = "".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    used = {f"E{number:03d}" for number in range(1000) if f'"E{number:03d}"' in source}

    assert used | {"E038"} == set(CODES) | OF_LONE_TABLES | OF_INTAKE
    assert used | {"E038"} == {path.stem for path in PAGES.glob("E*.md")}


@pytest.mark.parametrize("code", CODES)
def test_the_page_of_a_code_shows_what_a_person_sees(code):
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    expected = (BROKEN / code / "expected.txt").read_text(encoding="utf-8")

    assert page.startswith(f"# {code}: ")
    assert f"```text\n{expected}```" in page
