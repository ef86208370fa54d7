"""A table by itself, outside any dossier: its columns as arrays, or every fault it has.

Nothing is left out and nothing is filled: a cell that is missing or not of its kind is a problem,
with the row (counted below the header) where the first one stands.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from defensible.dossier.problem import DossierError, Problem
from defensible.evidence import tables
from defensible.evidence.faults import counted, shown
from defensible.evidence.location import MOST_BYTES
from defensible.evidence.tables import Table

if TYPE_CHECKING:
    import polars as pl

_WORDS = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False}
"""How a truth or a decision may be written, in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notes:
    """Problems of a table; all stand in its first line, since CSV rows may span lines."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, keys: tuple[str | int, ...], what: str, mend: str) -> None:
        del keys
        self.problems.append(
            Problem(file=self.file, line=1, column=1, code=code, what=what, mend=mend)
        )

    def stop(self) -> None:
        if self.problems:
            raise DossierError(tuple(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneTable:
    """A table whose header is known.

    Attributes
    ----------
    file : str
        As the caller named it.
    header : tuple of str
        Names of its columns, in order.
    sha256 : str
        Digest of its bytes as they lie on disk.
    """

    file: str
    header: tuple[str, ...]
    sha256: str
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """The columns asked for, each an array of shape (n_rows,)."""

    n_rows: int
    texts: dict[str, NDArray[np.str_]]
    numbers: dict[str, NDArray[np.float64]]
    truths: dict[str, NDArray[np.bool_]]


def opened(path: Path) -> LoneTable:
    """The table in a CSV or Parquet file, alone or in a zip or gz file.

    Raises
    ------
    DossierError
        It is too large, or no such table.
    OSError
        It cannot be read.
    """
    notes = _Notes(file=str(path))
    if path.stat().st_size > MOST_BYTES:
        what = f"{shown(path.name)} is larger than {MOST_BYTES // 2**30} GiB"
        notes.add("E004", (), what, "keep the columns that are needed, or store it as Parquet")
        notes.stop()
    packed = path.read_bytes()
    digest = hashlib.sha256(packed).hexdigest()
    table = tables.of_bytes(path.name, packed, digest, notes, ())
    notes.stop()
    assert table is not None  # noqa: S101 - else there was a problem
    return LoneTable(file=str(path), header=table.header, sha256=digest, table=table)


def columns(
    lone: LoneTable,
    *,
    texts: tuple[str, ...] = (),
    numbers: tuple[str, ...] = (),
    truths: tuple[str, ...] = (),
    with_gaps: tuple[str, ...] = (),
) -> Columns:
    """The named columns as text, as finite numbers, and as true or false (also 1 or 0).

    Those of `with_gaps` are texts, too, in which an empty cell says something: it stays empty.

    Raises
    ------
    DossierError
        A column is not there, or a cell is missing or of another kind: all in one pass.
    """
    notes = _Notes(file=lone.file)
    wanted = list(dict.fromkeys((*texts, *numbers, *truths, *with_gaps)))
    for name in wanted:
        tables.has(lone.table, name, notes, ())
    notes.stop()
    read = tables.rows(lone.table, wanted, (), notes)
    notes.stop()
    assert read is not None  # noqa: S101 - else there was a problem
    frame = read[1]
    found = Columns(
        n_rows=frame.height,
        texts={
            **{name: _texts(frame[name], notes) for name in texts},
            **{name: _plain(frame[name]) for name in with_gaps},
        },
        numbers={name: _numbers(frame[name], notes) for name in numbers},
        truths={name: _truths(frame[name], notes) for name in truths},
    )
    notes.stop()
    return found


def refused(file: str, why: str) -> DossierError:
    """The method's own words for why it can't take these values."""
    notes = _Notes(file=file)
    mend = "see the method's page for what it needs; a bare calculator changes no data"
    notes.add("E030", (), why, mend)
    return DossierError(tuple(notes.problems))


def _texts(column: "pl.Series", notes: _Notes) -> NDArray[np.str_]:
    _complete(column, column.is_null(), "a value", notes)
    return _plain(column)


def _plain(column: "pl.Series") -> NDArray[np.str_]:
    import polars as pl

    return column.cast(pl.String).fill_null("").to_numpy().astype(np.str_)


def _numbers(column: "pl.Series", notes: _Notes) -> NDArray[np.float64]:
    import polars as pl

    values = column.cast(pl.Float64, strict=False)
    _complete(column, ~(values.is_not_null() & values.is_finite()), "a finite number", notes)
    return values.fill_null(0.0).to_numpy().astype(np.float64)


def _truths(column: "pl.Series", notes: _Notes) -> NDArray[np.bool_]:
    import polars as pl

    said = column.cast(pl.String).str.to_lowercase()
    _complete(column, ~said.is_in(list(_WORDS)) | said.is_null(), "1, 0, true or false", notes)
    true = [word for word, means in _WORDS.items() if means]
    return said.is_in(true).fill_null(value=False).to_numpy().astype(np.bool_)


def _complete(column: "pl.Series", wrong: "pl.Series", asked: str, notes: _Notes) -> None:
    """A problem where cells are not what is asked, with their number and the first."""
    at: NDArray[Any] = np.flatnonzero(wrong.fill_null(value=True).to_numpy())
    if not at.size:
        return
    first = column[int(at[0])]
    cell = "is empty" if first is None else f"holds {shown(first)}"
    notes.add(
        "E029",
        (),
        f"column {shown(column.name)} has {counted(int(at.size), 'cell')} that {asked} should "
        f"stand in; the first, row {int(at[0]) + 1:,} below the header, {cell}",
        "fill these cells or take their rows out, and say how many you took out",
    )
