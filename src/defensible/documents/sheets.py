"""Tables as CSV and XLSX for spreadsheets, which must take no cell of ours for a formula.

In CSV a cell that begins like a formula gets an apostrophe before it, as spreadsheets write text;
reading takes it off again. In XLSX every cell is a string, whatever it begins with. What is read
is bounded, and no formula of it is computed.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from defensible.documents.write import write_bytes

Row = dict[str, str]

MAX_BYTES = 8 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_ROWS = 10_000
MAX_CELL = 20_000
BROKEN = (
    *(AttributeError, EOFError, IndexError, KeyError, NotImplementedError, OverflowError),
    *(RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error),
)
"""What the library raises for an XLSX that is none: it has no exception of its own for it."""
WIDE = ("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}")
FORMULA = (*"=+-@\t\r\n", *WIDE, "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")
"""What a spreadsheet can take for the beginning of a formula."""


class SheetError(Exception):
    """What is wrong with a table, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


def write(path: Path, rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Put a table in a file, whole or not at all.

    Raises
    ------
    SheetError
        The file has another ending, or the library for XLSX is not installed.
    OSError
        The folder is absent or cannot be written.
    """
    write_bytes(path, packed(rows, columns, suffix=path.suffix))


def packed(rows: Sequence[Row], columns: Sequence[str], *, suffix: str) -> bytes:
    """The bytes of a table, by the ending of its file: `.csv` or `.xlsx`.

    Raises
    ------
    SheetError
        Another ending, or the library for XLSX is not installed.
    """
    if suffix == ".csv":
        return _csv(rows, columns)
    if suffix == ".xlsx":
        return _xlsx(rows, columns)
    raise SheetError(f"a table ends in .csv or .xlsx, and not in '{suffix}'", "rename it")


def read(path: Path) -> tuple[Row, ...]:
    """The rows of a table, by its heading.

    Raises
    ------
    SheetError
        It is no such table, or larger than a risk file can be.
    OSError
        It cannot be read.
    """
    content = _bounded(path)
    if path.suffix == ".xlsx":
        lines = list(_from_xlsx(content))
    elif path.suffix == ".csv":
        lines = _from_csv(content)
    else:
        raise SheetError(f"a table ends in .csv or .xlsx, and not in '{path.suffix}'", "rename it")
    if len(lines) < 2:
        raise SheetError("the table has no row under its heading", "export it again")
    heading = [one.strip() for one in lines[0]]
    return tuple(
        {name: _plain(cell[:MAX_CELL]) for name, cell in zip(heading, line, strict=False) if name}
        for line in lines[1:]
        if any(cell.strip() for cell in line)
    )


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SheetError("the table is larger than 8 MiB", "split it")
    return content


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_safe(row.get(name, "")) for name in columns] for row in rows)
    return out.getvalue().encode("utf-8")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) or cell.startswith("'") else cell


def _plain(cell: str) -> str:
    rest = cell[1:]
    quoted = cell.startswith("'") and (rest.lstrip(" ").startswith(FORMULA) or rest[:1] == "'")
    return rest if quoted else cell


def _xlsx(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    _library()
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment

    book = Workbook()
    sheet = book.active
    sheet.title = "risks"
    lines = [list(columns), *([row.get(name, "") for name in columns] for row in rows)]
    for at, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(row=at, column=column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _library() -> None:
    if find_spec("openpyxl") is None:
        mend = "install defensible[sheets], or use .csv"
        raise SheetError("the library for XLSX is not installed", mend)


def _from_csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetError("the table is not UTF-8", "save it as CSV in UTF-8") from None
    if "\0" in text:
        raise SheetError("the table holds a null character", "save it as CSV in UTF-8")
    try:
        return _few(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        mend = "save it anew from the spreadsheet"
        raise SheetError("a quoted cell of the table does not end", mend) from None


def _few(lines: Iterator[list[str]]) -> list[list[str]]:
    found = []
    for line in lines:
        found.append(line)
        if len(found) > MAX_ROWS:
            raise SheetError(f"the table has more than {MAX_ROWS:,} rows", "split it")
    return found


def _from_xlsx(content: bytes) -> list[list[str]]:
    _library()
    from openpyxl import load_workbook

    broken = SheetError("this is no XLSX that can be read", "save it anew from the spreadsheet")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MAX_UNPACKED:
                raise SheetError("the table unpacks to more than 64 MiB", "split it")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        lines = book.worksheets[0].iter_rows(values_only=True, max_col=64)
        return _few(["" if cell is None else str(cell) for cell in line] for line in lines)
    except BROKEN:
        raise broken from None
