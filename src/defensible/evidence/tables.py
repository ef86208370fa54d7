"""Tables as a study names them: read once, checked against their digest, never guessed at.

- CSV cells are text; nothing is inferred. An empty cell and the texts of `null_values` are missing.
- Blank lines are no rows. Spaces around a cell or a column's name are no part of it.
- A row with more or fewer cells than the header is a problem, since a cut file looks like that.
- Only the columns that a study names are kept. Messages of libraries quote cells: never shown.
"""

import csv
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from defensible.evidence.faults import Faults, Notes, counted, names, nearest, shown
from defensible.evidence.finding import Source
from defensible.evidence.location import contents, spoken
from defensible.evidence.unpacking import ENDINGS, unpacked

if TYPE_CHECKING:
    import polars as pl

Keys = tuple[str | int, ...]

MOST_ROWS = 100_000_000
_HEADER_BYTES = 2**20
_CHUNK = 2**17
_TAB, _LINE, _RETURN, _SPACE, _QUOTE, _COMMA = b'\t\n\r ",'


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A table of which the header is known and the rows are still packed."""

    source: Source
    header: tuple[str, ...]
    content: bytes
    parquet: bool
    at: Keys
    """Key of the study's file that names the table."""


def opened(source: str, sha256: str | None, faults: Faults, at: Keys) -> Table | None:
    """The table at `source` with its header; None, and problems under `at`, where there is none."""
    keys = (*at, "source")
    packed = contents(source, faults, keys)
    if packed is None:
        return None
    source = spoken(source)
    digest = hashlib.sha256(packed).hexdigest()
    if sha256 is not None and digest != sha256:
        faults.add(
            "E003",
            (*at, "sha256"),
            f"{shown(source)} has another digest: sha256 {digest}",
            "bring back the table that was declared, or declare this one as a change of protocol",
        )
        return None
    return of_bytes(source, packed, digest, faults, at)


def of_bytes(source: str, packed: bytes, digest: str, faults: Notes, at: Keys) -> Table | None:
    """The table in these bytes, packed or not, by what its name ends in."""
    keys = (*at, "source")
    found = unpacked(source, packed, faults, keys)
    if found is None:
        return None
    name, content = found
    if not name.endswith(ENDINGS):
        what = f"{shown(source)} is neither CSV nor Parquet by its name"
        mend = "name it .csv, .parquet, or one of these with .gz or .zip"
        faults.add("E005", keys, what, mend)
        return None
    parquet = name.endswith(".parquet")
    header = _parquet_header(content) if parquet else _csv_header(content)
    if isinstance(header, str):
        faults.add(
            "E005", keys, f"{shown(source)} {header}", "save it again as UTF-8 CSV or as Parquet"
        )
        return None
    read = Source(source=source, sha256=digest, n_rows=0)
    return Table(source=read, header=header, content=content, parquet=parquet, at=at)


def has(table: Table, column: str, faults: Notes, keys: Keys) -> bool:
    """Whether `table` has `column` once; a problem at `keys` if not."""
    n = table.header.count(column)
    if n == 0:
        missing(column, list(table.header), table.source.source, faults, keys)
    elif n > 1:
        what = f"{shown(table.source.source)} has {n} columns {shown(column)}"
        faults.add("E007", keys, what, "give each column of the table its own name")
    return n == 1


def missing(column: str, known: list[str], source: str, faults: Notes, keys: Keys) -> None:
    """The problem that `column` is in no table, with the nearest spelling."""
    faults.add(
        "E007", keys, f"{shown(source)} has no column {shown(column)}", nearest(column, known)
    )


def rows(
    table: Table, columns: list[str], null_values: tuple[str, ...], faults: Notes
) -> "tuple[Table, pl.DataFrame] | None":
    """The named columns of every row, and the table with its number of rows.

    Parameters
    ----------
    columns : list of str
        Columns that the header holds once each.
    null_values : tuple of str
        Texts that mean a missing value, besides the empty cell.
    """
    keys = (*table.at, "source")
    read = _parquet_rows if table.parquet else _csv_rows
    frame = read(table, columns, null_values)
    if isinstance(frame, str):
        what = f"{shown(table.source.source)} {frame}"
        faults.add("E005", keys, what, "look there, or make the table again")
        return None
    if frame.height == 0:
        what = f"{shown(table.source.source)} has no rows below its header"
        faults.add("E006", keys, what, "check how the table was made")
        return None
    return replace(table, source=replace(table.source, n_rows=frame.height)), frame


def _csv_header(content: bytes) -> tuple[str, ...] | str:
    head = content[:_HEADER_BYTES]
    if b"\0" in head[:4096]:
        return "is not text, though its name says CSV"
    try:
        text = head.decode("utf-8-sig", errors="strict" if len(head) == len(content) else "replace")
        found = next(csv.reader(text.splitlines(keepends=True)), [])
    except UnicodeDecodeError as error:
        return _not_utf8(content, error)
    except csv.Error:
        return "has a first line that is no header"
    if len(found) == 1 and any(mark in found[0] for mark in ";\t|"):
        return "has no comma in its first line: its cells are parted by something else"
    return tuple(one.strip() for one in found) or "is empty"


def _not_utf8(content: bytes, error: UnicodeDecodeError) -> str:
    line = content.count(b"\n", 0, error.start) + 1
    return f"is not UTF-8: line {line:,} cannot be read"


def _parquet_header(content: bytes) -> tuple[str, ...] | str:
    import io

    import polars as pl

    try:
        header = tuple(pl.read_parquet_schema(io.BytesIO(content)))
        n_rows = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError):
        return "is not a Parquet file that can be read"
    if n_rows > MOST_ROWS:
        return f"has {n_rows:,} rows; {MOST_ROWS:,} are the most that are read"
    return header


def _parquet_rows(
    table: Table, columns: list[str], null_values: tuple[str, ...]
) -> "pl.DataFrame | str":
    import polars as pl

    try:
        frame = pl.read_parquet(table.content, columns=columns)
    except (pl.exceptions.PolarsError, OSError):
        return "breaks off: its rows cannot be read"
    nested = [name for name in columns if frame[name].dtype.is_nested()]
    if nested:
        return f"holds lists or records in {names(nested)}; a cell is one value"
    odd = [name for name in columns if not _plain(frame[name].dtype)]
    try:
        frame = frame.with_columns(pl.col(name).cast(pl.String) for name in odd)
    except pl.exceptions.PolarsError:
        return f"holds no text or numbers in {names(odd)}"
    return _without_nulls(frame, null_values)


def _plain(dtype: "pl.DataType") -> bool:
    import polars as pl

    return dtype.is_numeric() or dtype in {pl.String, pl.Boolean}


def _csv_rows(
    table: Table, columns: list[str], null_values: tuple[str, ...]
) -> "pl.DataFrame | str":
    import polars as pl

    content = table.content
    marks = _marks(content)
    if marks.quotes % 2:
        return "has a quotation mark that is never closed"
    if not marks.quotes and (uneven := _uneven(content, marks, len(table.header))) is not None:
        return uneven
    wanted = [table.header.index(name) for name in columns]
    # all columns where cells are quoted: the reader counts a row's cells only if it reads them
    taken = list(range(len(table.header))) if marks.quotes else wanted
    try:
        frame = pl.read_csv(
            table.content, columns=taken, infer_schema=False, null_values=["", *null_values]
        )
    except (pl.exceptions.PolarsError, OSError):
        return _why(content)
    frame.columns = [f"column {index}" for index in taken]
    frame = frame.select(
        pl.col(f"column {index}").alias(name) for index, name in zip(wanted, columns, strict=True)
    )
    if marks.spaced:
        frame = _without_nulls(frame.with_columns(pl.all().str.strip_chars()), null_values)
    if min(frame.null_count().row(0)) == 0:
        return frame
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))


class _Marks(NamedTuple):
    """What parts the cells of a CSV, counted; `spaced` where a space or tab stands beside one."""

    commas: int
    lines: int
    quotes: int
    spaced: bool


def _marks(content: bytes) -> _Marks:
    """The marks of a CSV, in one pass over pieces that fit the processor's cache."""
    commas = lines = quotes = 0
    spaced = False
    cells = np.frombuffer(content, dtype=np.uint8)
    for start in range(0, cells.size, _CHUNK):
        piece = cells[start : start + _CHUNK + 1]  # one more: a pair may lie across the border
        comma, line, quote = piece == _COMMA, piece == _LINE, piece == _QUOTE
        commas += int(np.count_nonzero(comma[:_CHUNK]))
        lines += int(np.count_nonzero(line[:_CHUNK]))
        quotes += int(np.count_nonzero(quote[:_CHUNK]))
        if not spaced:
            space, edge = (piece == _SPACE) | (piece == _TAB), comma | line | quote
            edge |= piece == _RETURN
            spaced = bool((space[1:] & edge[:-1]).any() or (space[:-1] & edge[1:]).any())
    return _Marks(commas=commas, lines=lines, quotes=quotes, spaced=spaced)


def _uneven(content: bytes, marks: _Marks, n_columns: int) -> str | None:
    """Where the first line with more or fewer cells than the header stands, if there is one."""
    lines = marks.lines + (not content.endswith(b"\n"))
    if marks.commas == lines * (n_columns - 1):
        return None
    for number, line in enumerate(content.splitlines(), start=1):
        cells = line.count(b",") + 1
        if line.strip() and cells != n_columns:
            found = counted(cells, "cell")
            return f"has {found} in line {number:,}, and {n_columns} in its header"
    return None


def _why(content: bytes) -> str:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(content, error)
    return "has a row with more cells than its header, or a quotation mark in the wrong place"


def _without_nulls(frame: "pl.DataFrame", null_values: tuple[str, ...]) -> "pl.DataFrame":
    """Cells that say "missing" made missing; in Parquet, NaN where `null_values` has it."""
    import polars as pl

    said = ["", *null_values]
    nan_is_missing = any(one.lower() == "nan" for one in null_values)
    changes = []
    for name, dtype in frame.schema.items():
        column = pl.col(name)
        if dtype == pl.String:
            changes.append(pl.when(column.is_in(said)).then(None).otherwise(column).alias(name))
        elif dtype.is_float() and nan_is_missing:
            changes.append(column.fill_nan(None))
    return frame.with_columns(changes) if changes else frame
