"""The four-hospital table as the scripts read it, with every quirk handled here and counted.

The file on disk stays as it was shipped; corrections are made in memory, and each is printed by the
script that reads it. Only what the table itself shows is corrected; nothing is guessed.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = HERE / "data" / "heart_disease_uci.csv"

MISFILED = "304"
"""The first Hungarian row, filed under Cleveland: UCI has 303 rows of Cleveland, 294 of Hungary."""

ZERO_IS_MISSING = ("chol", "trestbps")
"""Nobody alive has a cholesterol or a resting blood pressure of 0."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heart:
    """The rows as they are used, and what was done to them, in words with counts.

    Each row has, besides the columns of the file, `site` (the hospital, corrected) and `case` (the
    id of the first row with the same values, so that a row entered twice is one case twice).
    """

    rows: tuple[Row, ...]
    quirks: tuple[str, ...]


def read(path: Path = TABLE) -> Heart:
    """The table with its quirks handled; ids are those of the file."""
    with path.open(newline="", encoding="utf-8") as file:
        raw = tuple(csv.DictReader(file))
    first: dict[tuple[str, ...], str] = {}
    rows = tuple(
        {**row, "case": first.setdefault(_values(row), row["id"])}
        for row in (_sited(_without_zeros(row)) for row in raw)
    )
    return Heart(rows=rows, quirks=_quirks(raw, rows))


def _without_zeros(row: Row) -> Row:
    zeros = {name: "" for name in ZERO_IS_MISSING if row[name] and float(row[name]) == 0}
    return {**row, **zeros}


def _sited(row: Row) -> Row:
    return {**row, "site": "Hungary" if row["id"] == MISFILED else row["dataset"]}


def _values(row: Row) -> tuple[str, ...]:
    return tuple(value for name, value in row.items() if name != "id")


def _quirks(raw: tuple[Row, ...], rows: tuple[Row, ...]) -> tuple[str, ...]:
    """What was done to the table, each with its count."""
    moved = sum(row["site"] != row["dataset"] for row in rows)
    zeros = [f"{name} {_emptied(name, raw, rows)}" for name in ZERO_IS_MISSING]
    twice = [f"{row['id']} = {row['case']}" for row in rows if row["id"] != row["case"]]
    below = sum(bool(row["oldpeak"]) and float(row["oldpeak"]) < 0 for row in rows)
    return (
        f"site corrected to Hungary for id {MISFILED}: {moved} row",
        f"0 read as missing: {', '.join(zeros)}",
        f"same values as an earlier row, so the same case again: {len(twice)} ({', '.join(twice)})",
        f"oldpeak below 0, kept as recorded: {below}",
    )


def _emptied(name: str, raw: tuple[Row, ...], rows: tuple[Row, ...]) -> int:
    pairs = zip(raw, rows, strict=True)
    return sum(bool(before[name]) and not after[name] for before, after in pairs)
