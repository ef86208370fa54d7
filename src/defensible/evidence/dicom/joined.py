"""Predictions and reference beside the images, by an identifier that is hashed on both sides.

- Identifiers are hashed under the key before anything is compared, so that none is in the table.
- A key of a joined table names one row of it. What finds no match, on either side, is counted.
- Columns that name a person or hold identifiers are left behind, and named in the report.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from defensible.dossier.problem import DossierError, Problem
from defensible.evidence.dicom.identity import hashed
from defensible.evidence.dicom.table import Level, plain_name
from defensible.evidence.faults import counted, nearest, shown

if TYPE_CHECKING:
    import polars as pl

    from defensible.evidence.lone_table import LoneTable

KEYS: Final = {
    "image_uid": "image_id",
    "series_uid": "series_id",
    "study_uid": "study_id",
    "patient_id": "patient_id",
}
"""What a table may be joined on, and the column of the case table that is its hash."""
_FINEST: Final = {
    Level.IMAGE: tuple(KEYS),
    Level.SERIES: ("series_uid", "study_uid", "patient_id"),
    Level.STUDY: ("study_uid", "patient_id"),
}
_PERSON: Final = re.compile(
    r"(name|birth|dob|mrn|ssn|address|phone|mail|accession|physician|operator|patientid|"
    r"subjectid|uid)$|^(name|birth|dob|mrn|ssn|patient$)"
)
_UID: Final = r"^[0-2](\.(0|[1-9]\d*)){4,}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A table to join: its file, what it is joined on, and the column that holds it."""

    file: Path
    on: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What came of one join.

    Attributes
    ----------
    table, on, column, sha256 : str
        Its file by name, what it was joined on, the column that held it, the digest of its bytes.
    n_rows, n_unused : int
        Rows of the table, and those that match no case.
    n_unmatched : int
        Rows of the case table that match none of it.
    carried, left_behind : tuple of str
        Its columns that are in the case table now, and those that were not taken.
    """

    table: str
    on: str
    column: str
    sha256: str
    n_rows: int
    n_unused: int
    n_unmatched: int
    carried: tuple[str, ...]
    left_behind: tuple[str, ...]


def asked(files: list[Path], on: list[str], level: Level) -> tuple[Join, ...]:
    """The joins as they were asked for, file by file.

    Raises
    ------
    DossierError
        Files and keys do not pair, or a key is none, or is finer than a row of the table.
    """
    if len(files) != len(on):
        what = f"{counted(len(files), '--join')} and {counted(len(on), '--on')} do not pair"
        raise _problem("E036", "command line", what, "say `--on` once after each `--join`")
    found = []
    for file, said in zip(files, on, strict=True):
        key, _, column = said.partition("=")
        if key not in KEYS:
            what = f"a table cannot be joined on {shown(key)}"
            raise _problem("E036", str(file), what, nearest(key, list(KEYS)))
        if key not in _FINEST[level]:
            what = f"{key} is finer than a row of the table, which is a {level}"
            mend = f"join on {' or '.join(_FINEST[level])}, or make the table at another level"
            raise _problem("E036", str(file), what, mend)
        found.append(Join(file=file, on=key, column=column or key))
    return tuple(found)


def checked(joins: tuple[Join, ...], taken: set[str]) -> None:
    """Look at the headers of the tables, before hours are spent on reading images.

    Raises
    ------
    DossierError
        A table cannot be read, lacks its key, or has a column that the case table has already.
    """
    from defensible.evidence import (
        lone_table,
    )  # NumPy comes with it, and nothing else here needs it

    taken = set(taken)
    for join in joins:
        lone = lone_table.opened(join.file)
        _has(join, lone)
        carried = _carried(lone.header, join)
        twice = sorted({one for one in carried if one in taken or carried.count(one) > 1})
        unfit = sorted({one for one in carried if not plain_name(one)})
        if twice or unfit:
            names = ", ".join(shown(one) for one in (twice or unfit)[:12])
            why = "is in the case table already" if twice else "is no name for a column"
            mend = "rename it in the table that is joined"
            raise _problem("E037", str(join.file), f"{names} {why}", mend)
        taken.update(carried)


def with_columns(frame: "pl.DataFrame", join: Join, key: bytes) -> "tuple[pl.DataFrame, Joined]":
    """The case table with the columns of a joined table, and the account of the match.

    Raises
    ------
    DossierError
        The table cannot be read, or a key of it names more than one row.
    """
    import polars as pl

    from defensible.evidence import lone_table, tables

    lone = lone_table.opened(join.file)
    _has(join, lone)
    carried = _carried(lone.header, join)
    notes = _Notes(file=str(join.file), problems=[])
    read = tables.rows(lone.table, [join.column, *carried], (), notes)
    if read is None:
        raise DossierError(tuple(notes.problems))
    right = read[1]
    target = KEYS[join.on]
    hashes = [
        None if one is None or not str(one).strip() else hashed(key, target, str(one).strip())
        for one in right[join.column].cast(pl.String)
    ]
    uids = [name for name in carried if _holds_uids(right[name])]
    carried = [name for name in carried if name not in uids]
    n_rows = right.height
    right = right.select(pl.Series("\0key", hashes, dtype=pl.String), *carried)
    right = right.filter(pl.col("\0key").is_not_null())
    twice = right.height - right["\0key"].n_unique()
    if twice:
        what = (
            f"{shown(join.file.name)} has {counted(twice, 'row')} whose {join.column} "
            "is that of an earlier row"
        )
        mend = "prepare one row a key, or join on what tells its rows apart"
        raise _problem("E008", str(join.file), what, mend)
    met = right.with_columns(pl.lit(value=True).alias("\0met"))
    out = frame.join(met, left_on=target, right_on="\0key", how="left", maintain_order="left")
    used = right.join(frame, left_on="\0key", right_on=target, how="semi").height
    account = Joined(
        table=join.file.name,
        on=join.on,
        column=join.column,
        sha256=lone.sha256,
        n_rows=n_rows,
        n_unused=n_rows - used,
        n_unmatched=int(out["\0met"].is_null().sum()),
        carried=tuple(carried),
        left_behind=tuple(one for one in lone.header if one != join.column and one not in carried),
    )
    return out.drop("\0met"), account


def _holds_uids(column: "pl.Series") -> bool:
    """Whether any text of the column looks like an identifier of a study or an image."""
    import polars as pl

    if column.dtype != pl.String:
        return False
    return bool(column.str.strip_chars().str.contains(_UID).any())


def _carried(header: tuple[str, ...], join: Join) -> list[str]:
    """Columns that are neither the key nor, by their names, about who a person is."""
    return [
        one
        for one in header
        if one != join.column and not _PERSON.search(re.sub(r"[^a-z0-9]", "", one.lower()))
    ]


def _has(join: Join, lone: "LoneTable") -> None:
    if lone.header.count(join.column) == 1:
        return
    notes = _Notes(file=str(join.file), problems=[])
    from defensible.evidence import tables

    tables.has(lone.table, join.column, notes, ())
    raise DossierError(tuple(notes.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notes:
    file: str
    problems: list[Problem]

    def add(self, code: str, keys: tuple[str | int, ...], what: str, mend: str) -> None:
        del keys
        self.problems.extend(_problem(code, self.file, what, mend).problems)


def _problem(code: str, file: str, what: str, mend: str) -> DossierError:
    return DossierError((Problem(file=file, line=1, column=1, code=code, what=what, mend=mend),))
