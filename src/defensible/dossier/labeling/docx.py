"""The text of a DOCX, paragraph by paragraph: the body, its tables row by row.

Runs in a process of its own (`apart.py`). Text boxes, headers and notes are not read.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

MOST_BYTES = 67_108_864
MOST_FILES = 5_000


def pieces(data: bytes) -> list[tuple[str, int, str]] | str:
    """Paragraphs and rows with number and form; or why there are none, as a phrase."""
    from docx import Document
    from docx.table import Table

    if why := _refused(data):
        return why
    found: list[tuple[str, int, str]] = []
    number = 0
    for block in Document(BytesIO(data)).iter_inner_content():
        if isinstance(block, Table):
            for row in _rows(block):
                number += 1
                found.append((row, number, "item"))
        else:
            number += 1
            found.append((block.text, number, _form(block)))
    return [one for one in found if one[0].strip()] or "it holds no text"


def _refused(data: bytes) -> str | None:
    """Why a file is not unpacked; what its directory declares is all that will be unpacked."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "it is encrypted, or of the older form .doc"
    try:
        with ZipFile(BytesIO(data)) as packed:
            files = packed.infolist()
    except BadZipFile:
        return "it is damaged, or no DOCX at all"
    if len(files) > MOST_FILES or sum(one.file_size for one in files) > MOST_BYTES:
        return "it unpacks to more than labeling needs"
    return None


def _rows(table: "Table") -> Iterator[str]:
    for row in table.rows:
        cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
        yield "; ".join(one for one in cells if one)


def _form(paragraph: "Paragraph") -> str:
    style = paragraph.style.name if paragraph.style is not None else None
    name = (style or "").casefold()
    if name.startswith(("heading", "title", "subtitle")):
        return "heading"
    return "item" if name.startswith("list") else "prose"
