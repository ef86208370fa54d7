"""Tables of risks: there and back without loss, and no cell that a spreadsheet would compute."""

import csv
import io

import pytest
from openpyxl import load_workbook

from defensible.documents import sheets
from defensible.dossier.risks import Risks
from defensible.risk import fmea
from tests.risk.test_review import RISKS

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\N{FULLWIDTH EQUALS SIGN}1",
    "\t=1",
    " =cmd|' /C calc'!A0",
    "'quoted",
    "plain",
)


def rows():
    return [{"a": text, "b": "x"} for text in HOSTILE]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_table_comes_back_as_it_was(tmp_path, suffix):
    path = tmp_path / f"table{suffix}"

    sheets.write(path, rows(), ("a", "b"))

    assert [one["a"].strip() for one in sheets.read(path)] == [one.strip() for one in HOSTILE]


def test_no_cell_of_a_csv_begins_like_a_formula():
    text = sheets.packed(rows(), ("a", "b"), suffix=".csv").decode()

    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    assert [one for one in cells if one.lstrip(" ").startswith(sheets.FORMULA)] == []


def test_no_cell_of_an_xlsx_is_a_formula():
    book = load_workbook(io.BytesIO(sheets.packed(rows(), ("a", "b"), suffix=".xlsx")))

    assert {cell.data_type for line in book.active.iter_rows() for cell in line} == {"s"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"risk,harm\n", "no row under its heading"),
        ("t.csv", b'risk\n"open', "does not end"),
        ("t.csv", b"risk\n\xff", "is not UTF-8"),
        ("t.csv", b"risk\n" + b"x\n" * 10_001, "more than 10,000 rows"),
        ("t.xlsx", b"no archive", "no XLSX that can be read"),
        ("t.ods", b"x", "ends in .csv or .xlsx"),
    ],
)
def test_a_table_that_is_none_is_refused_whole(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(sheets.SheetError, match=said):
        sheets.read(path)


@pytest.mark.parametrize(
    ("table", "columns"), [(fmea.fmea, fmea.FMEA), (fmea.fta, fmea.FTA)], ids=["fmea", "fta"]
)
def test_a_draft_from_our_own_table_has_the_same_risks(tmp_path, table, columns):
    from ruamel.yaml import YAML

    path = tmp_path / "table.csv"
    sheets.write(path, table(Risks.model_validate(RISKS)), columns)

    draft = YAML(typ="safe").load(fmea.draft(sheets.read(path)))

    before = RISKS["risks"][0]
    assert draft["hazards"] == RISKS["hazards"]
    same = ("id", "hazard", "sequence_of_events", "hazardous_situation", "harm", "controls")
    assert {key: draft["risks"][0][key] for key in same} == {key: before[key] for key in same}
    assert [(one["id"], one["kind"]) for one in draft["controls"]] == [
        ("RC1", "inherently-safe-design"),
        ("RC2", "information-for-safety"),
    ]
    assert all("reduces" not in one for one in draft["controls"])


def test_a_table_of_another_maker_gets_identifiers_and_nothing_invented():
    made = fmea.draft([{"hazard": "Wrong dose", "harm": "Burn", "controls": "A second check"}])

    assert "id: R1" in made
    assert "text: Wrong dose" in made
    assert "text: A second check" in made
    assert "kind" not in made
    assert "initial" not in made
